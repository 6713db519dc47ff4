"""The shape of a `brand.yaml`: its keys, their values, and the files that it names, judged together.

Files stand beside the brand's own; whether they are there is part of the shape, so that everything that is wrong
with a brand is told at once. No file is opened. `brand` makes frozen values of what is read here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from reels.art.colour import WHITE, Colour
from reels.campaign.terms import Terms
from reels.fonts import shipped_fonts
from reels.footage import spelled_on_disk
from reels.glossary import NO_GLOSSARY
from reels.said import Said
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = [
    "BrandFile",
    "ClipKeys",
    "ColourKeys",
    "ColourName",
    "ColourRole",
    "FontKeys",
    "FontWeight",
    "FontsKeys",
    "Ground",
    "KoglKeys",
    "KoglType",
    "LogoKeys",
    "MusicKeys",
    "is_picture",
]

ColourRole = Literal["primary", "secondary", "text", "ground", "alert", "muted"]
ColourName = Literal["primary", "secondary", "text", "ground", "alert", "muted", "white", "black"]
"""A role of the brand, or one of the two colours that every brand has."""

Ground = Literal["footage", "primary", "secondary", "text", "ground", "alert", "muted", "white", "black"]
"""What a logo may stand on: the picture itself, or a plate of a colour."""

FontWeight = Literal["bold", "extrabold"]
KoglType = Literal[0, 1, 2, 3, 4]

_PICTURES = frozenset({".png", ".jpg", ".jpeg"})


def is_picture(path: Path) -> bool:
    """By its ending: a still, which lasts as long as a brand says, and no film, which has its own length."""
    return path.suffix.lower() in _PICTURES


# --- values ----------------------------------------------------------------------------------------------


def _colour(value: Any) -> Any:
    # Without quotes # begins a comment and 0e1234 is a number: the message has to name the quotes.
    try:
        return str(Colour.parse(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(
            Said('a colour in quotes such as "#1456B8"', ko='따옴표로 묶은 "#1456B8" 같은 색')
        ) from None


def _as_text(value: Any) -> Any:
    """A telephone number such as 119 is no number to count with."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _one_line(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _needed(what: Said) -> Callable[[Any], Any]:
    """Refuses an empty value, and says what would stand there."""

    def judged(value: Any) -> Any:
        if not (isinstance(value, str) and value.strip()):
            raise ValueError(what)
        return value

    return judged


def _clear_space(value: Any) -> Fraction:
    share = _exact(value)
    if share is None or not 0 <= share <= 2:
        raise ValueError(
            Said(
                "a share of the logo's height from 0 to 2, such as 0.25",
                ko="로고 높이의 0배에서 2배까지, 0.25 같은 값",
            )
        )
    return share


def _exact(value: Any) -> Fraction | None:
    try:
        return (
            Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
        )
    except ValueError:
        return None


def _seconds(value: Any) -> Fraction:
    try:
        seconds = parse_clock(str(value)) if isinstance(value, str | int | float) else Fraction(0)
    except TimecodeUnreadable:
        seconds = Fraction(0)
    if not 0 < seconds <= 30 or isinstance(value, bool):
        raise ValueError(Said("seconds, at most 30, such as 2.5", ko="2.5 같은, 30초 이하의 시간"))
    return seconds


def _whole(value: Any) -> Any:
    """A plain number of what the YAML reader keeps as it was written."""
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


# --- files -----------------------------------------------------------------------------------------------


def _beside(kind: Said) -> PlainValidator:
    """A file beside the brand's own, found however its name is composed; the folder is the context."""

    def found(value: Any, info: ValidationInfo) -> Path:
        return _find(value, info, kind)

    return PlainValidator(found)


def _find(value: Any, info: ValidationInfo, kind: Said) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError(kind)
    folder = Path(str(info.context))
    try:
        path = spelled_on_disk(folder / Path(value).expanduser())
        if path.is_file():
            return path
    except (OSError, ValueError, RuntimeError):
        pass
    raise ValueError(
        Said(f"{kind} beside the brand's file", ko=f"브랜드 파일 옆에 있는 {kind.ko}"),
        Said(f"{value}, which is not there", ko=f"없는 파일 {value}"),
        Said("check the name, or delete the key", ko="이름을 확인하거나 키를 지워 주세요."),
    )


_FONT = Said("a .ttf or .otf file", ko=".ttf나 .otf 파일")


def _font(value: Any, info: ValidationInfo) -> Path:
    """A font beside the file, or by its plain name one that comes with `reels`."""
    try:
        return _find(value, info, _FONT)
    except ValueError:
        shipped = {path.name: path for path in shipped_fonts()}
        if isinstance(value, str) and value in shipped:
            return shipped[value]
        raise


def _as_file(value: Any) -> Any:
    """`logo: logo.png` is short for `logo: {file: logo.png}`."""
    return {"file": value} if isinstance(value, str) else value


def _as_type(value: Any) -> Any:
    """`kogl: 1` is short for `kogl: {type: 1}`."""
    return value if isinstance(value, dict) else {"type": value}


_Written = Annotated[str, BeforeValidator(_colour)]
_Line = Annotated[str, Field(max_length=200), BeforeValidator(_as_text), AfterValidator(_one_line)]
_LOGO = Said("a PNG, JPEG or SVG file", ko="PNG, JPEG, SVG 파일")
_LogoFile = Annotated[Path, _beside(_LOGO)]
_FontFile = Annotated[Path, PlainValidator(_font)]
_PictureFile = Annotated[Path, _beside(Said("a PNG or JPEG file", ko="PNG나 JPEG 파일"))]
_ClipFile = Annotated[
    Path, _beside(Said("a film, or a picture as PNG or JPEG", ko="영상이나 PNG, JPEG 그림"))
]
_MusicFile = Annotated[Path, _beside(Said("a sound file", ko="소리 파일"))]


_LICENCE = Said(
    "under which licence it may be used, such as SIL Open Font License 1.1",
    ko="사용 허락 조건(예: SIL Open Font License 1.1)",
)
_ATTRIBUTION = Said(
    "whose it is, such as © 2021 The Hanbit Authors", ko="저작자 표시(예: © 2021 한빛체 만든이)"
)
_TITLE = Said("the title of the piece", ko="곡 이름")

# Lines that must be there: a default that is judged is refused in our own words.
_Always = Field(max_length=200, validate_default=True)
_LicenceLine = Annotated[
    str, _Always, BeforeValidator(_needed(_LICENCE)), BeforeValidator(_as_text), AfterValidator(_one_line)
]
_AttributionLine = Annotated[
    str, _Always, BeforeValidator(_needed(_ATTRIBUTION)), BeforeValidator(_as_text), AfterValidator(_one_line)
]
_TitleLine = Annotated[
    str, _Always, BeforeValidator(_needed(_TITLE)), BeforeValidator(_as_text), AfterValidator(_one_line)
]


# --- keys ------------------------------------------------------------------------------------------------


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LogoKeys(_Keys):
    """`logo:`, of which a plain path says the file alone and no rule."""

    file: _LogoFile
    clear_space: Annotated[Fraction, PlainValidator(_clear_space)] = Fraction(1, 4)
    min_width_px: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1080)] = 0
    grounds: list[Ground] = []
    on_dark: _LogoFile | None = None
    on_light: _LogoFile | None = None


class ColourKeys(_Keys):
    """`colours:`."""

    primary: _Written
    secondary: _Written
    text: _Written = str(WHITE)
    ground: _Written
    alert: _Written | None = None
    muted: _Written | None = None


class FontKeys(_Keys):
    """One face of `fonts:`."""

    file: _FontFile
    licence: _LicenceLine = ""
    attribution: _AttributionLine = ""


class FontsKeys(_Keys):
    """`fonts:`, by weight."""

    bold: FontKeys | None = None
    extrabold: FontKeys | None = None


class ClipKeys(_Keys):
    """`intro:` and `outro:`."""

    file: _ClipFile
    shown_for: Annotated[Fraction | None, PlainValidator(_seconds), Field(alias="for")] = None

    @model_validator(mode="after")
    def _only_pictures_last(self) -> ClipKeys:
        if self.shown_for is not None and not is_picture(self.file):
            raise ValueError(
                Said(
                    "no `for` beside a film, which has its own length", ko="길이가 정해진 영상에는 `for` 없이"
                ),
                Said(f"`for` beside {self.file.name}", ko=f"{self.file.name} 옆의 `for`"),
                Said("delete `for`, or cut the film", ko="`for`를 지우거나 영상을 잘라 주세요."),
            )
        return self


class KoglKeys(_Keys):
    """`kogl:`."""

    type: Annotated[KoglType, BeforeValidator(_whole)]
    ai: bool = False
    mark: _PictureFile | None = None

    @model_validator(mode="after")
    def _ai_stands_beside_a_condition(self) -> KoglKeys:
        if self.ai and self.type == 0:
            raise ValueError(
                Said("`ai` beside types 1 to 4 only", ko="제1–4유형 옆에만 `ai`"),
                Said("`ai` beside type 0, which has no conditions", ko="조건 없는 제0유형 옆의 `ai`"),
                Said(
                    "delete `ai`: type 0 allows everything",
                    ko="`ai`를 지워 주세요. 제0유형은 모두 허용합니다.",
                ),
            )
        return self


class MusicKeys(_Keys):
    """One piece of `music:`, by its file or by the name that files of it have."""

    file: _MusicFile | None = None
    name: _Line = ""
    title: _TitleLine = ""
    licence: _LicenceLine = ""
    attribution: _Line = ""

    @model_validator(mode="after")
    def _is_found_by_something(self) -> MusicKeys:
        if (self.file is None) == (not self.name):
            raise ValueError(
                Said(
                    "either `file`, or `name` for a file that lies elsewhere",
                    ko="`file`, 또는 다른 곳에 있는 파일이면 `name`",
                )
            )
        return self


class BrandFile(_Keys):
    """All of it."""

    name: Annotated[_Line, Field(min_length=1)]
    logo: Annotated[LogoKeys | None, BeforeValidator(_as_file)] = None
    colours: ColourKeys
    font: _FontFile | None = None
    fonts: FontsKeys | None = None
    credit: _Line = ""
    address: _Line = ""
    qr: _Line = ""
    phone: _Line = ""
    kogl: Annotated[KoglKeys | None, BeforeValidator(_as_type)] = None
    intro: Annotated[ClipKeys | None, BeforeValidator(_as_file)] = None
    outro: Annotated[ClipKeys | None, BeforeValidator(_as_file)] = None
    music: list[MusicKeys] = []
    glossary: Terms = NO_GLOSSARY
