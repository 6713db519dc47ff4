"""Templates: where and how title, lower third, logo and subtitles are shown, from a `template.yaml`.

A template names colours by their role in the brand; `title_look` and its siblings bring the two together
for the art room, `zones_of` for the layout. Sizes are pixels of a picture with 1920 lines, times exact
seconds of the programme. It draws nothing and knows no platform.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from reels.art.elements import CoverLook, Direction, LowerThirdLook, Motion, TitleLook
from reels.campaign.brand import Brand
from reels.campaign.problems import nearest, problems_in
from reels.campaign.roles import ColourName, FontWeight, colour_of, contrast_problem, font_of
from reels.campaign.subtitle_style import (
    StyleKeys,
    SubtitleStyle,
    load_subtitle_style,
    subtitle_problems,
)
from reels.campaign.yaml_with_lines import Located, load_yaml
from reels.errors import CampaignProblem, CampaignProblems, Language, UsageError
from reels.fonts import load_font
from reels.geometry import Raster
from reels.layout import LINE_HEIGHT, Centre, Corner, SubtitleZone, TitleZone, Zones, scaled
from reels.resources import templates_dir
from reels.said import Said, any_of, perhaps
from reels.timing import TimecodeUnreadable, parse_clock

__all__ = [
    "LogoStyle",
    "LowerThirdStyle",
    "SubtitlePlace",
    "Template",
    "TitleStyle",
    "cover_look",
    "list_templates",
    "load_template",
    "lower_third_look",
    "lower_third_motion",
    "template_problems",
    "title_look",
    "title_motion",
    "zones_of",
]

# --- frozen values ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitlePlace:
    """Where subtitles stand: from the foot of the free area up, and in the middle of what."""

    raised_px: int
    centre: Centre


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleStyle:
    """When, where and how a title is shown; `ground` None means outlined letters without a plate."""

    show: bool
    at: Fraction
    shown_for: Fraction
    zone: TitleZone
    weight: FontWeight
    size_px: int
    text: ColourName
    ground: ColourName | None
    accent: ColourName
    outline: ColourName
    motion: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThirdStyle:
    """When and how name and role are shown; `at` counts from the person's clip."""

    show: bool
    at: Fraction
    shown_for: Fraction
    name_size_px: int
    role_size_px: int
    text: ColourName
    ground: ColourName
    accent: ColourName
    motion: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoStyle:
    """The brand's mark, through the whole reel."""

    show: bool
    corner: Corner
    width_px: int
    opacity: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template; `description` is by language, `where` says in messages which file it came from."""

    name: str
    description_ko: str
    description_en: str
    version: int
    subtitles: SubtitleStyle
    subtitle_place: SubtitlePlace
    title: TitleStyle
    lower_third: LowerThirdStyle
    logo: LogoStyle
    cover_size_px: int
    where: str

    def description(self, language: Language) -> str:
        return self.description_ko if language == "ko" else self.description_en


# --- the file --------------------------------------------------------------------------------------------


def _as_clock(value: Any) -> Any:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _clock(value: str) -> str:
    try:
        parse_clock(value)
    except TimecodeUnreadable:
        raise ValueError(Said("a time such as 4.2 or 01:04.2", ko="4.2나 01:04.2처럼 적은 시각")) from None
    return value


def _some_time(value: str) -> str:
    if parse_clock(_clock(value)) == 0:
        raise ValueError(
            Said("a time longer than 0, or `show: false`", ko="0보다 긴 시간, 또는 `show: false`")
        )
    return value


def _one_line(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


_Point = Annotated[str, BeforeValidator(_as_clock), AfterValidator(_clock)]
_Duration = Annotated[str, BeforeValidator(_as_clock), AfterValidator(_some_time)]
_Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
_Size = Annotated[int, Field(ge=30, le=240)]
_Opacity = Annotated[float, Field(gt=0, le=1)]


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _DescriptionKeys(_Keys):
    ko: _Line
    en: _Line


class _SubtitleKeys(StyleKeys):
    """A style by its name, what is otherwise in this template, and the place."""

    style: Annotated[str, Field(min_length=1)] = "outline"
    raised_px: Annotated[int, Field(ge=0, le=900)] = 120
    centre: Centre = "frame"


class _TitleKeys(_Keys):
    show: bool = True
    at: _Point = "0"
    shown_for: Annotated[_Duration, Field(alias="for")] = "3.5"
    zone: TitleZone = "top"
    weight: FontWeight = "extrabold"
    size_px: _Size = 108
    text: ColourName = "text"
    ground: ColourName | None = "primary"
    accent: ColourName = "secondary"
    outline: ColourName = "ground"
    motion: Direction = "from-below"


class _LowerThirdKeys(_Keys):
    show: bool = True
    at: _Point = "0.5"
    shown_for: Annotated[_Duration, Field(alias="for")] = "4"
    name_size_px: _Size = 68
    role_size_px: _Size = 46
    text: ColourName = "text"
    ground: ColourName = "ground"
    accent: ColourName = "secondary"
    motion: Direction = "from-left"


class _LogoKeys(_Keys):
    show: bool = True
    corner: Corner = "top-left"
    width_px: Annotated[int, Field(ge=60, le=600)] = 230
    opacity: _Opacity = 1.0


class _CoverKeys(_Keys):
    size_px: _Size = 132


class _TemplateFile(_Keys):
    name: Annotated[str, Field(pattern=r"^[0-9a-z가-힣][0-9a-z가-힣_-]{0,39}$")]
    description: _DescriptionKeys
    version: Literal[1]
    subtitles: _SubtitleKeys = _SubtitleKeys()
    title: _TitleKeys = _TitleKeys()
    lower_third: _LowerThirdKeys = _LowerThirdKeys()
    logo: _LogoKeys = _LogoKeys()
    cover: _CoverKeys = _CoverKeys()


def load_template(name_or_folder: str | Path) -> Template:
    """A built-in template by its name, or the one whose `template.yaml` lies in a folder.

    Raises: UsageError where there is none, naming the nearest; CampaignProblems with all that is wrong in it.
    """
    written = unicodedata.normalize("NFC", str(name_or_folder))
    names = _built_in_names()
    if written in names:
        return _read(templates_dir() / written / "template.yaml")
    folder = Path(name_or_folder).expanduser()
    if (folder / "template.yaml").is_file():
        return _read(folder / "template.yaml")
    guess, known = nearest(written, names), any_of(names)
    lists_them = Said("`reels templates` lists them", ko="`reels templates`로 볼 수 있습니다.")
    raise UsageError(
        where="template",
        found=written,
        expected=Said(
            f"{known}, or a folder with a template.yaml", ko=f"{known.ko}나 template.yaml이 든 폴더"
        ),
        remedy=perhaps(guess) if guess else lists_them,
    )


def list_templates() -> tuple[Template, ...]:
    """The built-in templates, by name.

    Raises: CampaignProblems.
    """
    return tuple(_read(templates_dir() / name / "template.yaml") for name in _built_in_names())


def _built_in_names() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in templates_dir().glob("*/template.yaml")))


def _read(file: Path) -> Template:
    located = load_yaml(file, shown=f"{file.parent.name}/{file.name}")
    try:
        parsed = _TemplateFile.model_validate(located.data)
    except ValidationError as error:
        raise CampaignProblems(problems=problems_in(error, located, _TemplateFile)) from None
    title, third, logo = parsed.title, parsed.lower_third, parsed.logo
    return Template(
        name=parsed.name,
        description_ko=parsed.description.ko,
        description_en=parsed.description.en,
        version=parsed.version,
        subtitles=_subtitle_style(parsed.subtitles, located),
        subtitle_place=SubtitlePlace(raised_px=parsed.subtitles.raised_px, centre=parsed.subtitles.centre),
        title=TitleStyle(
            show=title.show,
            at=parse_clock(title.at),
            shown_for=parse_clock(title.shown_for),
            zone=title.zone,
            weight=title.weight,
            size_px=title.size_px,
            text=title.text,
            ground=title.ground,
            accent=title.accent,
            outline=title.outline,
            motion=title.motion,
        ),
        lower_third=LowerThirdStyle(
            show=third.show,
            at=parse_clock(third.at),
            shown_for=parse_clock(third.shown_for),
            name_size_px=third.name_size_px,
            role_size_px=third.role_size_px,
            text=third.text,
            ground=third.ground,
            accent=third.accent,
            motion=third.motion,
        ),
        logo=LogoStyle(
            show=logo.show, corner=logo.corner, width_px=logo.width_px, opacity=_exact(logo.opacity)
        ),
        cover_size_px=parsed.cover.size_px,
        where=located.file,
    )


def _subtitle_style(keys: _SubtitleKeys, located: Located) -> SubtitleStyle:
    try:
        return load_subtitle_style(keys.style, keys)
    except UsageError as error:
        where = located.where(("subtitles", "style"))
        problem = CampaignProblem(
            where=where, found=error.found, expected=error.expected, remedy=error.remedy
        )
        raise CampaignProblems(problems=(problem,)) from None


def _exact(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


# --- template and brand together -------------------------------------------------------------------------


def title_look(template: Template, brand: Brand) -> TitleLook:
    style = template.title
    return TitleLook(
        font=font_of(style.weight, brand),
        size_px=style.size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand) if style.ground else None,
        accent=colour_of(style.accent, brand),
        outline=colour_of(style.outline, brand),
    )


def lower_third_look(template: Template, brand: Brand) -> LowerThirdLook:
    style = template.lower_third
    return LowerThirdLook(
        name_font=font_of("extrabold", brand),
        role_font=font_of("bold", brand),
        name_size_px=style.name_size_px,
        role_size_px=style.role_size_px,
        text=colour_of(style.text, brand),
        ground=colour_of(style.ground, brand),
        accent=colour_of(style.accent, brand),
    )


def cover_look(template: Template, brand: Brand) -> CoverLook:
    return CoverLook(
        font=font_of("extrabold", brand),
        size_px=template.cover_size_px,
        text=brand.colours.text,
        ground=brand.colours.ground,
        accent=brand.colours.secondary,
    )


def title_motion(template: Template, *, raster: Raster, rate: Fraction) -> Motion:
    """How the title comes and goes on `raster` at `rate`."""
    return Motion.at_rate(rate, direction=template.title.motion, travel_px=scaled(90, raster))


def lower_third_motion(template: Template, *, raster: Raster, rate: Fraction) -> Motion:
    """How a lower third comes and goes on `raster` at `rate`."""
    return Motion.at_rate(rate, direction=template.lower_third.motion, travel_px=scaled(160, raster))


def zones_of(template: Template, brand: Brand) -> Zones:
    """The template's places, for the layout; the brand's font decides how tall a line is.

    Raises: FontMissing.
    """
    style, where = template.subtitles, template.subtitle_place
    font = load_font(font_of(style.weight, brand))
    return Zones(
        subtitles=SubtitleZone(
            size_px=style.size_px,
            lines=style.lines,
            line_height=max(LINE_HEIGHT, font.line_height_px(1)),
            frame_px=style.box.padding_px if style.box else style.outline_px,
            raised_px=where.raised_px,
            centre=where.centre,
            name_size_px=style.speakers.name_size_px if style.speakers else 0,
            second_size_px=style.second.size_px if style.second else 0,
            second_lines=style.second.lines if style.second else 0,
        ),
        title=template.title.zone,
        logo=template.logo.corner,
        logo_width_px=template.logo.width_px,
    )


def template_problems(template: Template, brand: Brand) -> tuple[CampaignProblem, ...]:
    """What `lint` says about a template in a brand's colours: letters that do not stand out."""
    title, third = template.title, template.lower_third
    pairs: list[tuple[str, ColourName, ColourName, int]] = []
    if title.show:
        pairs.append(("title.text", title.text, title.ground or title.outline, title.size_px))
    if third.show:
        smallest = min(third.name_size_px, third.role_size_px)
        pairs.append(("lower_third.text", third.text, third.ground, smallest))
    problems = [
        contrast_problem(f"{template.where} {key}", text, ground, brand, size_px=size)
        for key, text, ground, size in pairs
    ]
    return (
        *subtitle_problems(template.subtitles, brand, template.where),
        *(problem for problem in problems if problem is not None),
    )
