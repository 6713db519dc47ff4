"""The brand: a city's name, mark, colours by role, letters, credit and glossary, from `brand.yaml`.

Read once into a frozen `Brand`; what it looks like on screen is decided by `template`. It does not open
the logo or the font: `art` does, and `brand_problems` reports for `lint` what would fail or could not be
read on screen.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from reels.art.colour import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.campaign.problems import problems_in
from reels.campaign.terms import Terms
from reels.campaign.yaml_with_lines import load_yaml
from reels.errors import CampaignProblem, CampaignProblems
from reels.footage import spelled_on_disk
from reels.glossary import NO_GLOSSARY, Glossary
from reels.said import Said

__all__ = ["DEFAULT_BRAND", "ROLES", "Brand", "BrandColours", "ColourRole", "brand_problems", "load_brand"]

ColourRole = Literal["primary", "secondary", "text", "ground"]
ROLES: tuple[ColourRole, ...] = ("primary", "secondary", "text", "ground")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandColours:
    """Colours by role: `text` for letters on `primary` and `ground`, `secondary` for accents."""

    primary: Colour
    secondary: Colour
    text: Colour
    ground: Colour

    def of(self, role: ColourRole) -> Colour:
        colour: Colour = getattr(self, role)
        return colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand with absolute paths; `where` says in messages which file it came from."""

    name: str
    colours: BrandColours
    logo: Path | None = None
    font: Path | None = None
    credit: str = ""
    where: str = "brand"
    glossary: Glossary = NO_GLOSSARY


DEFAULT_BRAND = Brand(
    name="",
    colours=BrandColours(
        primary=Colour(0x22, 0x2B, 0x38),
        secondary=Colour(0xB8, 0xC4, 0xD4),
        text=WHITE,
        ground=Colour(0x14, 0x18, 0x1F),
    ),
    where="no brand",
)
"""What reels made without a brand look like: no mark, slate and white."""


def _colour(value: Any) -> Any:
    # Without quotes # begins a comment and 0e1234 is a number: the message has to name the quotes.
    try:
        return str(Colour.parse(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(
            Said('a colour in quotes such as "#1456B8"', ko='따옴표로 묶은 "#1456B8" 같은 색')
        ) from None


def _one_line(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


_Written = Annotated[str, BeforeValidator(_colour)]
_Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ColourKeys(_Keys):
    primary: _Written
    secondary: _Written
    text: _Written = str(WHITE)
    ground: _Written


class _BrandFile(_Keys):
    name: Annotated[_Line, Field(min_length=1)]
    logo: Annotated[str, Field(min_length=1)] | None = None
    colours: _ColourKeys
    font: Annotated[str, Field(min_length=1)] | None = None
    credit: _Line = ""
    glossary: Terms = NO_GLOSSARY


def load_brand(path: Path) -> Brand:
    """Read a `brand.yaml`, or the one in the folder `path`.

    Raises: CampaignProblems with every problem of the file, missing pictures and fonts included.
    """
    file = (path / "brand.yaml" if path.is_dir() else path).absolute()
    located = load_yaml(file)
    try:
        parsed = _BrandFile.model_validate(located.data)
    except ValidationError as error:
        raise CampaignProblems(problems=problems_in(error, located, _BrandFile)) from None
    problems = []

    def beside(key: str, written: str | None, kind: Said) -> Path | None:
        if written is None:
            return None
        try:
            found = spelled_on_disk(file.parent / Path(written).expanduser())
        except (OSError, ValueError, RuntimeError):
            found = file.parent / written
        if not found.is_file():
            problems.append(
                CampaignProblem(
                    where=located.where((key,)),
                    found=Said(f"{written}, which is not there", ko=f"없는 파일 {written}"),
                    expected=Said(f"{kind} beside {file.name}", ko=f"{file.name} 옆에 있는 {kind.ko}"),
                    remedy=Said(
                        "check the name, or delete the key", ko="이름을 확인하거나 키를 지워 주세요."
                    ),
                )
            )
        return found

    logo = beside("logo", parsed.logo, Said("a PNG or JPEG file", ko="PNG나 JPEG 파일"))
    font = beside("font", parsed.font, Said("a .ttf or .otf file", ko=".ttf나 .otf 파일"))
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    return Brand(
        name=parsed.name,
        colours=BrandColours(
            primary=Colour.parse(parsed.colours.primary),
            secondary=Colour.parse(parsed.colours.secondary),
            text=Colour.parse(parsed.colours.text),
            ground=Colour.parse(parsed.colours.ground),
        ),
        logo=logo,
        font=font,
        credit=parsed.credit,
        where=located.file,
        glossary=parsed.glossary,
    )


def brand_problems(brand: Brand) -> tuple[CampaignProblem, ...]:
    """What `lint` says about a brand: letters that cannot be told from what they stand on."""
    colours = brand.colours
    problems = []
    for role in ("ground", "primary"):
        ratio = contrast_ratio(colours.text, colours.of(role))
        if ratio < LEAST_CONTRAST:
            problems.append(
                CampaignProblem(
                    where=f"{brand.where} colours.text",
                    found=Said(
                        f"{colours.text} on {role} {colours.of(role)}, a contrast of {ratio:.1f}:1",
                        ko=f"{role} {colours.of(role)} 위 {colours.text}, 대비 {ratio:.1f}:1",
                    ),
                    expected=Said(
                        f"at least {float(LEAST_CONTRAST)}:1", ko=f"{float(LEAST_CONTRAST)}:1 이상"
                    ),
                    remedy=_better(colours, role),
                )
            )
    return tuple(problems)


def _better(colours: BrandColours, role: ColourRole) -> Said:
    ground = colours.of(role)
    best = max((WHITE, BLACK), key=lambda colour: contrast_ratio(colour, ground))
    if contrast_ratio(best, ground) >= LEAST_CONTRAST and best != colours.text:
        return Said(
            f"try {best} for text, or another {role}", ko=f"text를 {best}로 하거나 {role}를 바꿔 주세요."
        )
    return Said(f"choose a darker or lighter {role}", ko=f"{role}를 더 어둡거나 밝게 해 주세요.")
