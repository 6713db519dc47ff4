"""The brand: a city's name, mark, colours by role, letters, licences and glossary, from `brand.yaml`.

Read once into a frozen `Brand`; what it looks like on screen is decided by `template`. It does not open logos and fonts,
and of films no more than the first bytes: `art`, `fonts` and `probe` do, and `brand_problems` and the lint room report
what would fail or could not be read on screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from reels.art.colour import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.campaign.brand_keys import (
    BrandFile,
    ClipKeys,
    ColourKeys,
    ColourRole,
    FontWeight,
    Ground,
    KoglType,
    LogoKeys,
)
from reels.campaign.problems import problems_in
from reels.campaign.yaml_with_lines import Located, load_yaml
from reels.errors import CampaignProblem, CampaignProblems, Language
from reels.file_kinds import is_picture
from reels.footage import existing_folder, path_on_disk
from reels.glossary import NO_GLOSSARY, Glossary
from reels.said import Said

__all__ = [
    "ALERT",
    "DEFAULT_BRAND",
    "ROLES",
    "Brand",
    "BrandClip",
    "BrandColours",
    "BrandFont",
    "ColourRole",
    "Kogl",
    "LogoRules",
    "MusicLicence",
    "brand_problems",
    "licence_line",
    "load_brand",
]

ROLES: tuple[ColourRole, ...] = get_args(ColourRole)

ALERT = Colour(0xD7, 0x26, 0x3D)
"""Warnings, in a brand that names no red of its own: white letters on it have a contrast of 4.9:1."""

_MUTED_SHARE = Fraction(35, 100)
_MUTED_STEP = Fraction(5, 100)
_STILL_SECONDS = Fraction(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandColours:
    """Colours by role: `text` for letters on `primary` and `ground`, `secondary` for accents, `alert` for warnings.

    `muted` is for what is less important than `text`; None: between `text` and `ground`, still legible on it.
    """

    primary: Colour
    secondary: Colour
    text: Colour
    ground: Colour
    alert: Colour = ALERT
    muted: Colour | None = None

    def of(self, role: ColourRole) -> Colour:
        if role == "muted":
            return self.muted or _between(self.text, self.ground)
        colour: Colour = getattr(self, role)
        return colour


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoRules:
    """How the city wants its mark shown.

    `clear_space` is a share of the logo's height, on every side; `min_width_px` counts in a picture with 1080
    columns, 0: none; `grounds` are what it may stand on, empty: anything. `on_dark` and `on_light` are other drawings
    of it for such grounds.
    """

    clear_space: Fraction = Fraction(1, 4)
    min_width_px: int = 0
    grounds: tuple[Ground, ...] = ()
    on_dark: Path | None = None
    on_light: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandFont:
    """A face of the brand's own; `weight` None: for everything. Without the texts nobody has said that it may be used."""

    path: Path
    weight: FontWeight | None = None
    licence: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandClip:
    """An intro or outro: a picture shown for `seconds`, or a film of its own length where that is None.

    Which of the two it is was told by what the file holds, whatever its name.
    """

    path: Path
    seconds: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kogl:
    """The 공공누리 (KOGL) type under which the city's reels may be used.

    `ai`: free for training of AI beside the type's conditions. `mark` is the official picture, which a city gets
    itself and which is never drawn by us.
    """

    type: KoglType
    ai: bool = False
    mark: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicLicence:
    """A piece of music that the city may use: the file `path`, or any file called `name`."""

    title: str
    licence: str
    attribution: str = ""
    path: Path | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand with absolute paths; `where` says in messages which file it came from.

    `logo_rules` None: the brand says nothing of how its logo may be shown. `qr` is all that the code of an end card
    says, empty: there is none.
    """

    name: str
    colours: BrandColours
    logo: Path | None = None
    logo_rules: LogoRules | None = None
    fonts: tuple[BrandFont, ...] = ()
    credit: str = ""
    address: str = ""
    qr: str = ""
    phone: str = ""
    kogl: Kogl | None = None
    intro: BrandClip | None = None
    outro: BrandClip | None = None
    music: tuple[MusicLicence, ...] = ()
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


def _between(text: Colour, ground: Colour) -> Colour:
    """A third of the way from `text` to `ground`, or as far as letters can still be read there."""
    share = _MUTED_SHARE
    while share > 0:
        mixed = Colour(
            *(
                round(part + (behind - part) * share)
                for part, behind in zip(text.rgb, ground.rgb, strict=True)
            )
        )
        if contrast_ratio(mixed, ground) >= LEAST_CONTRAST:
            return mixed
        share -= _MUTED_STEP
    return text


def load_brand(path: Path) -> Brand:
    """Read a `brand.yaml`, or the one in the folder `path`.

    Raises: CampaignProblems with every problem of the file, missing pictures and fonts included.
    """
    folder = existing_folder(path)
    file = path_on_disk(folder / "brand.yaml" if folder is not None else path)
    located = load_yaml(file)
    try:
        parsed = BrandFile.model_validate(located.data, context=file.parent)
    except ValidationError as error:
        raise CampaignProblems(problems=problems_in(error, located, BrandFile)) from None
    if parsed.font is not None and parsed.fonts is not None:
        raise _two_ways(located)
    has_rules = parsed.logo is not None and parsed.logo.model_fields_set != {"file"}
    return Brand(
        name=parsed.name,
        colours=_colours(parsed.colours),
        logo=parsed.logo.file if parsed.logo is not None else None,
        logo_rules=_rules(parsed.logo) if parsed.logo is not None and has_rules else None,
        fonts=_fonts(parsed),
        credit=parsed.credit,
        address=parsed.address,
        qr=_as_link(parsed.address) if parsed.qr is None else parsed.qr,
        phone=parsed.phone,
        kogl=Kogl(type=parsed.kogl.type, ai=parsed.kogl.ai, mark=parsed.kogl.mark) if parsed.kogl else None,
        intro=_clip(parsed.intro),
        outro=_clip(parsed.outro),
        music=tuple(
            MusicLicence(
                title=piece.title,
                licence=piece.licence,
                attribution=piece.attribution,
                path=piece.file,
                name=piece.name,
            )
            for piece in parsed.music
        ),
        where=located.file,
        glossary=parsed.glossary,
    )


def _colours(keys: ColourKeys) -> BrandColours:
    return BrandColours(
        primary=Colour.parse(keys.primary),
        secondary=Colour.parse(keys.secondary),
        text=Colour.parse(keys.text),
        ground=Colour.parse(keys.ground),
        alert=Colour.parse(keys.alert) if keys.alert else ALERT,
        muted=Colour.parse(keys.muted) if keys.muted else None,
    )


def _rules(keys: LogoKeys) -> LogoRules:
    return LogoRules(
        clear_space=keys.clear_space,
        min_width_px=keys.min_width_px,
        grounds=tuple(dict.fromkeys(keys.grounds)),
        on_dark=keys.on_dark,
        on_light=keys.on_light,
    )


def _fonts(keys: BrandFile) -> tuple[BrandFont, ...]:
    if keys.font is not None:
        return (BrandFont(path=keys.font),)
    if keys.fonts is None:
        return ()
    by_weight: tuple[FontWeight, ...] = get_args(FontWeight)
    faces = ((weight, getattr(keys.fonts, weight)) for weight in by_weight)
    return tuple(
        BrandFont(path=face.file, weight=weight, licence=face.licence, attribution=face.attribution)
        for weight, face in faces
        if face is not None
    )


def _clip(keys: ClipKeys | None) -> BrandClip | None:
    if keys is None:
        return None
    seconds = (keys.shown_for or _STILL_SECONDS) if is_picture(keys.file) else None
    return BrandClip(path=keys.file, seconds=seconds)


def _as_link(address: str) -> str:
    """What a telephone's camera opens: without a scheme most take an address for plain words.

    Empty for what is no address of a page, such as that of a town hall.
    """
    if " " in address or "." not in address:
        return ""
    return address if "://" in address else f"https://{address}"


def _two_ways(located: Located) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=located.where(("font",)),
                found=Said("`font` and `fonts`", ko="`font`와 `fonts`"),
                expected=Said("one of the two", ko="둘 가운데 하나"),
                remedy=Said("keep `fonts`, delete `font`", ko="`fonts`만 두고 `font`를 지워 주세요."),
            ),
        )
    )


# --- 공공누리 -----------------------------------------------------------------------------------------------

_CONDITIONS: dict[KoglType, Said] = {
    0: Said("free use", ko="자유이용"),
    1: Said("attribution", ko="출처표시"),
    2: Said("attribution, non-commercial", ko="출처표시 + 상업적 이용금지"),
    3: Said("attribution, no derivatives", ko="출처표시 + 변경금지"),
    4: Said("attribution, non-commercial, no derivatives", ko="출처표시 + 상업적 이용금지 + 변경금지"),
}


def licence_line(brand: Brand, language: Language) -> str:
    """How others may use the reel, as one line; empty where the brand says nothing.

    Source: https://www.mcst.go.kr/site/s_open/kogl/koglType.jsp (types 1 to 4);
    https://zdnet.co.kr/view/?no=20260128094309 (type 0 and AI, since 28 January 2026).
    """
    if brand.kogl is None:
        return ""
    number, conditions = brand.kogl.type, _CONDITIONS[brand.kogl.type]
    if language == "ko":
        return f"공공누리 제{number}유형: {conditions.ko}" + (" · AI 유형" if brand.kogl.ai else "")
    return f"KOGL Type {number}: {conditions}" + (" · AI Type" if brand.kogl.ai else "")


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
