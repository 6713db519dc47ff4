"""Subtitle styles by name: how letters, plate, spoken word, keywords, speakers and a second language look.

Each is a file of `templates/subtitles`; a template names one and may change its keys, a campaign or a reel may
name another. Sizes are pixels of a picture with 1920 lines, colours roles of the brand. Where subtitles stand is
the template's affair; `subtitle_look` brings style and brand together for the burn-in.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from reels.art.colour import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.campaign.brand import DEFAULT_BRAND, Brand
from reels.campaign.keys import Keys, Share, Whole, one_line
from reels.campaign.problems import nearest, problems_in
from reels.campaign.roles import ColourName, FontWeight, colour_of, font_of
from reels.campaign.yaml_with_lines import load_yaml
from reels.errors import CampaignProblem, CampaignProblems, Language, UsageError
from reels.resources import templates_dir
from reels.said import Said, any_of, perhaps

__all__ = [
    "Pace",
    "SecondLanguage",
    "SpeakerMarks",
    "StyleKeys",
    "SubtitleBox",
    "SubtitleLook",
    "SubtitleStyle",
    "list_subtitle_styles",
    "load_subtitle_style",
    "subtitle_look",
    "subtitle_problems",
]

Pace = Literal["full", "short"]
"""How much stands in a cue: as the language's guide says, or one short line at a time."""


# --- frozen values ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleBox:
    """A plate behind the subtitles instead of an outline."""

    colour: ColourName
    opacity: Fraction
    padding_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerMarks:
    """Speakers by name and colour; a first name gets the first colour, and after the last they begin again."""

    name_size_px: int
    colours: tuple[Colour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLanguage:
    """Lines of another language below the first one's."""

    size_px: int
    lines: int
    text: ColourName


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleStyle:
    """How subtitles look: with an outline, or on a box where `box` is given.

    `spoken` names the colours for the word being spoken, the first that stands out is taken; `keyword` is the
    colour of the campaign's keywords. Empty or None: nothing is marked.
    """

    name: str
    description_ko: str
    description_en: str
    weight: FontWeight
    size_px: int
    text: ColourName
    outline: ColourName
    outline_px: int
    box: SubtitleBox | None
    lines: int
    pace: Pace
    spoken: tuple[ColourName, ...]
    keyword: ColourName | None
    speakers: SpeakerMarks | None
    second: SecondLanguage | None
    least_contrast: Fraction

    def description(self, language: Language) -> str:
        return self.description_ko if language == "ko" else self.description_en


# --- the file --------------------------------------------------------------------------------------------


def _colour(value: Any) -> Any:
    try:
        return str(Colour.parse(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(
            Said('a colour in quotes such as "#FFE066"', ko='따옴표로 묶은 "#FFE066" 같은 색')
        ) from None


_Size = Annotated[Whole, Field(ge=30, le=240)]
_Lines = Annotated[Whole, Field(ge=1, le=3)]
_Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]


class _BoxKeys(Keys):
    colour: ColourName = "ground"
    opacity: Share = 0.85
    padding_px: Annotated[Whole, Field(ge=0, le=60)] = 16


class _SpeakerKeys(Keys):
    name_size_px: _Size = 44
    colours: Annotated[list[Annotated[str, BeforeValidator(_colour)]], Field(min_length=1)]


class _SecondKeys(Keys):
    size_px: _Size = 42
    lines: _Lines = 2
    text: ColourName = "white"


class StyleKeys(Keys):
    """The look, as a style's file says it and as a template may say otherwise."""

    weight: FontWeight = "bold"
    size_px: _Size = 64
    text: ColourName = "white"
    outline: ColourName = "black"
    outline_px: Annotated[Whole, Field(ge=0, le=20)] = 6
    box: _BoxKeys | None = None
    lines: _Lines = 2
    pace: Pace = "full"
    spoken: list[ColourName] = Field(default_factory=list)
    keyword: ColourName | None = None
    speakers: _SpeakerKeys | None = None
    second: _SecondKeys | None = None


class _DescriptionKeys(Keys):
    ko: _Line
    en: _Line


class _StyleFile(StyleKeys):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    version: Literal[1]
    description: _DescriptionKeys
    least_contrast: Annotated[float, Field(ge=float(LEAST_CONTRAST), le=21)] = float(LEAST_CONTRAST)


def load_subtitle_style(name: str, changed: StyleKeys | None = None) -> SubtitleStyle:
    """The style called `name`, with the keys that `changed` wrote instead of its own; `box: null` takes a plate away.

    Raises: UsageError where there is none, naming the nearest; CampaignProblems with all that is wrong in its file.
    """
    written = unicodedata.normalize("NFC", name)
    names = _names()
    if written not in names:
        guess, known = nearest(written, names), any_of(names)
        otherwise = Said("name one of them, or leave the key out", ko="그중 하나를 적거나 키를 지워 주세요.")
        raise UsageError(
            where="subtitles.style",
            found=written,
            expected=known,
            remedy=perhaps(guess) if guess else otherwise,
        )
    keys = _read(_folder() / f"{written}.yaml")
    if changed is not None:
        own = {
            key: getattr(changed, key) for key in StyleKeys.model_fields if key in changed.model_fields_set
        }
        keys = keys.model_copy(update=own)
    return _frozen(keys)


def list_subtitle_styles() -> tuple[SubtitleStyle, ...]:
    """The built-in styles, by name.

    Raises: CampaignProblems.
    """
    return tuple(load_subtitle_style(name) for name in _names())


def _folder() -> Path:
    return templates_dir() / "subtitles"


def _names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


@lru_cache(maxsize=32)
def _read(file: Path) -> _StyleFile:
    located = load_yaml(file, shown=f"{file.parent.name}/{file.name}")
    try:
        return _StyleFile.model_validate(located.data)
    except ValidationError as error:
        raise CampaignProblems(problems=problems_in(error, located, _StyleFile)) from None


def _frozen(keys: _StyleFile) -> SubtitleStyle:
    box, speakers, second = keys.box, keys.speakers, keys.second
    return SubtitleStyle(
        name=keys.name,
        description_ko=keys.description.ko,
        description_en=keys.description.en,
        weight=keys.weight,
        size_px=keys.size_px,
        text=keys.text,
        outline=keys.outline,
        outline_px=keys.outline_px,
        box=SubtitleBox(colour=box.colour, opacity=_exact(box.opacity), padding_px=box.padding_px)
        if box
        else None,
        lines=keys.lines,
        pace=keys.pace,
        spoken=tuple(keys.spoken),
        keyword=keys.keyword,
        speakers=SpeakerMarks(
            name_size_px=speakers.name_size_px, colours=tuple(map(Colour.parse, speakers.colours))
        )
        if speakers
        else None,
        second=SecondLanguage(size_px=second.size_px, lines=second.lines, text=second.text)
        if second
        else None,
        least_contrast=_exact(keys.least_contrast),
    )


def _exact(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


# --- style and brand together ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleLook:
    """A style with colours and font resolved; sizes still in pixels of a picture with 1920 lines.

    `size_px` is an em, as in CSS; libass wants another number, which the ASS writer computes from the font.
    `speakers` holds only colours that stand out; it is empty, and the others None, where a style marks nothing.
    """

    font: Path
    size_px: int
    text: Colour
    outline: Colour
    outline_px: int
    box: Colour | None
    box_opacity: Fraction
    box_padding_px: int
    spoken: Colour | None
    keyword: Colour | None
    speakers: tuple[Colour, ...]
    second: Colour | None


def subtitle_look(style: SubtitleStyle, brand: Brand) -> SubtitleLook:
    box, speakers = style.box, style.speakers
    return SubtitleLook(
        font=font_of(style.weight, brand),
        size_px=style.size_px,
        text=colour_of(style.text, brand),
        outline=colour_of(style.outline, brand),
        outline_px=style.outline_px,
        box=colour_of(box.colour, brand) if box else None,
        box_opacity=box.opacity if box else Fraction(0),
        box_padding_px=box.padding_px if box else 0,
        spoken=_spoken(style, brand),
        keyword=_marking(style.keyword, brand) if style.keyword else None,
        speakers=_legible(style, brand) or (colour_of(style.text, brand),) if speakers else (),
        second=colour_of(style.second.text, brand) if style.second else None,
    )


def _spoken(style: SubtitleStyle, brand: Brand) -> Colour | None:
    """The first of the style's colours for the spoken word that stands out, else the last."""
    colours = [_marking(name, brand) for name in style.spoken]
    legible = (c for c in colours if _contrast(c, style, brand) >= style.least_contrast)
    return next(legible, colours[-1] if colours else None)


_MARK_WITHOUT_BRAND = Colour(0xFF, 0xC8, 0x3D)
"""The greys of a reel without a brand would make a marked word fainter than the others."""


def _marking(name: ColourName, brand: Brand) -> Colour:
    return _MARK_WITHOUT_BRAND if brand == DEFAULT_BRAND else colour_of(name, brand)


def _legible(style: SubtitleStyle, brand: Brand) -> tuple[Colour, ...]:
    colours = style.speakers.colours if style.speakers else ()
    return tuple(c for c in colours if _contrast(c, style, brand) >= style.least_contrast)


def _contrast(letters: Colour, style: SubtitleStyle, brand: Brand) -> float:
    """The least contrast of `letters` with what is around them, whatever picture shines through a plate."""
    if style.box is None:
        return contrast_ratio(letters, colour_of(style.outline, brand))
    plate, opacity = colour_of(style.box.colour, brand), style.box.opacity
    return min(contrast_ratio(letters, _over(plate, opacity, behind)) for behind in (WHITE, BLACK))


def _over(colour: Colour, opacity: Fraction, behind: Colour) -> Colour:
    return Colour(
        *(round(opacity * a + (1 - opacity) * b) for a, b in zip(colour.rgb, behind.rgb, strict=True))
    )


def subtitle_problems(style: SubtitleStyle, brand: Brand, where: str) -> tuple[CampaignProblem, ...]:
    """What `lint` says about a style in a brand's colours: letters, marked words or speakers that do not stand out.

    `where` says which file uses the style.
    """
    marks: list[tuple[str, str, Colour]] = [("text", style.text, colour_of(style.text, brand))]
    if (spoken := _spoken(style, brand)) is not None:
        marks.append(("spoken", ", ".join(style.spoken), spoken))
    if style.keyword:
        marks.append(("keyword", style.keyword, _marking(style.keyword, brand)))
    if style.second:
        marks.append(("second.text", style.second.text, colour_of(style.second.text, brand)))
    if style.speakers and len(_legible(style, brand)) < min(2, len(style.speakers.colours)):
        marks += [("speakers.colours", "", colour) for colour in style.speakers.colours]
    problems = []
    for key, name, letters in marks:
        ratio = _contrast(letters, style, brand)
        if ratio < style.least_contrast:
            problems.append(
                _faint(f"{where} subtitles.{key}", f"{name} {letters}".strip(), ratio, style, brand)
            )
    return tuple(problems)


def _faint(where: str, letters: str, ratio: float, style: SubtitleStyle, brand: Brand) -> CampaignProblem:
    ground = style.box.colour if style.box else style.outline
    behind = f"{ground} {colour_of(ground, brand)}"
    if style.box and style.box.opacity < 1:
        behind += f" ({float(style.box.opacity):.0%})"
    least = f"{float(style.least_contrast):g}:1"
    choice = ", ".join(get_args(ColourName))
    return CampaignProblem(
        where=where,
        found=Said(
            f"{letters} on {behind} of {brand.where}, {ratio:.1f}:1",
            ko=f"{brand.where}의 {behind} 위 {letters}, {ratio:.1f}:1",
        ),
        expected=Said(f"a contrast of at least {least}", ko=f"{least} 이상의 대비"),
        remedy=Said(
            f"name another colour in the template ({choice}), another style, or mend the brand",
            ko=f"템플릿에서 다른 색({choice})이나 다른 스타일을 고르거나 브랜드를 고쳐 주세요.",
        ),
    )
