"""The shape of a `brand.yaml`: its keys, their values, and the files that it names, judged together.

Files stand beside the brand's own; whether they are there is part of the shape, so that everything that is wrong
with a brand is told at once. No file is opened but clips, whose first bytes alone tell a picture from a film. `brand`
makes frozen values of what is read here.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from reels.art.colour import WHITE, Colour
from reels.campaign.keys import Keys, Whole, as_text, one_line
from reels.campaign.terms import Terms
from reels.errors import FootageRefused, NoVideoStream
from reels.file_kinds import head_of, is_picture, refuse_by_head
from reels.fonts import shipped_fonts
from reels.footage import existing_file
from reels.glossary import NO_GLOSSARY
from reels.said import Said, in_language
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
]

ColourRole = Literal["primary", "secondary", "text", "ground", "alert", "muted"]
ColourName = Literal["primary", "secondary", "text", "ground", "alert", "muted", "white", "black"]
"""A role of the brand, or one of the two colours that every brand has."""

Ground = Literal["footage", "primary", "secondary", "text", "ground", "alert", "muted", "white", "black"]
"""What a logo may stand on: the picture itself, or a plate of a colour."""

FontWeight = Literal["bold", "extrabold"]
KoglType = Literal[0, 1, 2, 3, 4]
_KOGL_TYPES = tuple(map(str, get_args(KoglType)))

# --- values ----------------------------------------------------------------------------------------------


def _colour(value: Any) -> Any:
    # Without quotes # begins a comment and 0e1234 is a number: the message has to name the quotes.
    try:
        return str(Colour.parse(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(
            Said('a colour in quotes such as "#1456B8"', ko='따옴표로 묶은 "#1456B8" 같은 색')
        ) from None


def _needed(what: Said) -> Callable[[Any], Any]:
    """Refuses an empty value, and says what would stand there."""

    def judged(value: Any) -> Any:
        if not (isinstance(value, str) and value.strip()):
            raise ValueError(what)
        return value

    return judged


def _clear_space(value: Any) -> Fraction:
    share = _exact(value)
    if share is None:
        raise ValueError(
            Said(
                "a share of the logo's height from 0 to 2, such as 0.25",
                ko="로고 높이의 0배에서 2배까지, 0.25 같은 값",
            )
        )
    return share


def _exact(value: Any) -> Fraction | None:
    """A number from 0 to 2 as it was written; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Judged before it is exact: all digits of 1e20000000 take a minute.
    plain = float(value)
    return Fraction(str(plain)) if 0 <= plain <= 2 else None


_LEAST_SECONDS, _MOST_SECONDS = Fraction(1, 10), 30


def _seconds(value: Any) -> Fraction:
    try:
        seconds = parse_clock(str(value)) if isinstance(value, str | int | float) else Fraction(0)
    except TimecodeUnreadable:
        seconds = Fraction(0)
    if not _LEAST_SECONDS <= seconds <= _MOST_SECONDS or isinstance(value, bool):
        raise ValueError(Said("seconds from 0.1 to 30, such as 2.5", ko="2.5 같은, 0.1–30초의 시간"))
    return seconds


def _kogl_type(value: Any) -> Any:
    """A type also in quotes, but no switch."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if is_whole or (isinstance(value, str) and value.strip() in _KOGL_TYPES):
        number = int(value)
        if str(number) in _KOGL_TYPES:
            return number
    raise ValueError(Said("a type from 0 to 4", ko="0에서 4까지의 유형"))


def _code(value: Any) -> Any:
    """Empty for `false`, which is no code at all; None for nothing, which leaves it to the address."""
    if value is False:
        return ""
    return None if value == "" else value


# --- files -----------------------------------------------------------------------------------------------


def _beside(kind: Said) -> PlainValidator:
    """A file beside the brand's own, found however its name is composed; the folder is the context."""

    def found(value: Any, info: ValidationInfo) -> Path:
        return _find(value, info, kind)

    return PlainValidator(found)


def _find(value: Any, info: ValidationInfo, kind: Said) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError(kind)
    path = existing_file(value, beside=Path(str(info.context)))
    if path is not None:
        return path
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


_CLIP = Said("a film, or a picture as PNG, JPEG or WebP", ko="영상이나 PNG, JPEG, WebP 그림")


def _clip(value: Any, info: ValidationInfo) -> Path:
    """A film or a still, told apart by what the file holds; of a still, one that cards can have as their ground."""
    path = _find(value, info, _CLIP)
    if not is_picture(path):
        try:
            refuse_by_head(path, head_of(path))
        except (FootageRefused, NoVideoStream) as refused:
            raise ValueError(
                _CLIP,
                Said(f"{value}, {refused.found}", ko=f"{value}: {in_language(refused.found, 'ko')}"),
                Said("save it as JPEG, PNG or MP4", ko="JPEG, PNG나 MP4로 저장해 주세요."),
            ) from None
    return path


def _as_file(value: Any) -> Any:
    """`logo: logo.png` is short for `logo: {file: logo.png}`."""
    return {"file": value} if isinstance(value, str) else value


def _as_type(value: Any) -> Any:
    """`kogl: 1` is short for `kogl: {type: 1}`, `kogl: false` for none."""
    if value is None or value is False:
        return None
    return value if isinstance(value, dict) else {"type": value}


_Written = Annotated[str, BeforeValidator(_colour)]
_Line = Annotated[str, Field(max_length=200), BeforeValidator(as_text), AfterValidator(one_line)]
_LOGO = Said("a PNG, JPEG or SVG file", ko="PNG, JPEG, SVG 파일")
_LogoFile = Annotated[Path, _beside(_LOGO)]
_FontFile = Annotated[Path, PlainValidator(_font)]
_PictureFile = Annotated[Path, _beside(Said("a PNG or JPEG file", ko="PNG나 JPEG 파일"))]
_ClipFile = Annotated[Path, PlainValidator(_clip)]
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
    str, _Always, BeforeValidator(_needed(_LICENCE)), BeforeValidator(as_text), AfterValidator(one_line)
]
_AttributionLine = Annotated[
    str, _Always, BeforeValidator(_needed(_ATTRIBUTION)), BeforeValidator(as_text), AfterValidator(one_line)
]
_TitleLine = Annotated[
    str, _Always, BeforeValidator(_needed(_TITLE)), BeforeValidator(as_text), AfterValidator(one_line)
]


# --- keys ------------------------------------------------------------------------------------------------


class LogoKeys(Keys):
    """`logo:`, of which a plain path says the file alone and no rule."""

    file: _LogoFile
    clear_space: Annotated[Fraction, PlainValidator(_clear_space)] = Fraction(1, 4)
    min_width_px: Annotated[Whole, Field(ge=0, le=1080)] = 0
    grounds: list[Ground] = Field(default_factory=list)
    on_dark: _LogoFile | None = None
    on_light: _LogoFile | None = None


class ColourKeys(Keys):
    """`colours:`."""

    primary: _Written
    secondary: _Written
    text: _Written = str(WHITE)
    ground: _Written
    alert: _Written | None = None
    muted: _Written | None = None


class FontKeys(Keys):
    """One face of `fonts:`."""

    file: _FontFile
    licence: _LicenceLine = ""
    attribution: _AttributionLine = ""


class FontsKeys(Keys):
    """`fonts:`, by weight."""

    bold: FontKeys | None = None
    extrabold: FontKeys | None = None


class ClipKeys(Keys):
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


class KoglKeys(Keys):
    """`kogl:`."""

    type: Annotated[KoglType, BeforeValidator(_kogl_type)]
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


class MusicKeys(Keys):
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


class BrandFile(Keys):
    """All of it."""

    name: Annotated[_Line, Field(min_length=1)]
    logo: Annotated[LogoKeys | None, BeforeValidator(_as_file)] = None
    colours: ColourKeys
    font: _FontFile | None = None
    fonts: FontsKeys | None = None
    credit: _Line = ""
    address: _Line = ""
    qr: Annotated[_Line | None, BeforeValidator(_code)] = None
    phone: _Line = ""
    kogl: Annotated[KoglKeys | None, BeforeValidator(_as_type)] = None
    intro: Annotated[ClipKeys | None, BeforeValidator(_as_file)] = None
    outro: Annotated[ClipKeys | None, BeforeValidator(_as_file)] = None
    music: list[MusicKeys] = Field(default_factory=list)
    glossary: Terms = NO_GLOSSARY
