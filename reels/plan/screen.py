"""How the subtitles look and where they stand, and the stage around them; whether every word that is drawn can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reels.art.logo import measure_logo
from reels.art.text import require_drawable_text
from reels.campaign.model import ReelSpec
from reels.campaign.roles import font_of
from reels.campaign.subtitle_style import subtitle_look
from reels.campaign.template import cover_look, lower_third_look, title_look, zones_of
from reels.cues import CueRules
from reels.encode import PictureSpec
from reels.fonts import load_font
from reels.geometry import Box
from reels.layout import Stage, scaled, stage_of
from reels.plan.elements import drawn_words
from reels.subtitles import AssStyle

__all__ = ["Screen", "require_drawable", "screen_of", "stage_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The subtitles in `style`, broken by `rules`."""

    style: AssStyle
    rules: CueRules
    second_rules: CueRules | None = None
    """Of the second language, where the style shows one."""
    keyword_colour: str | None = None
    speaker_colours: tuple[str, ...] = ()


def require_drawable(reel: ReelSpec) -> None:
    """Prove that the fonts draw every letter that the art room draws: titles, names, elements, cards.

    Raises: FontMissing, GlyphMissing.
    """
    for font, where, text in _drawn(reel):
        require_drawable_text(font, [(where, text)])


def _drawn(reel: ReelSpec) -> Iterator[tuple[Path, str, str]]:
    """Each text with its font and its place."""
    template, brand = reel.template, reel.brand
    if reel.title:
        yield cover_look(template, brand).font, reel.where_of("title"), reel.title
        if template.title.show:
            yield title_look(template, brand).font, reel.where_of("title"), reel.title
    for clip in reel.clips:
        if template.lower_third.show:
            third = lower_third_look(template, brand)
            for index, person in enumerate(clip.people):
                where = person.where or f"{clip.where} people[{index}]"
                yield third.name_font, f"{where} name", person.name
                yield third.role_font, f"{where} role", person.role
    heavy, bold = font_of("extrabold", brand), font_of("bold", brand)
    if template.hashtags.show:
        for tag in reel.hashtags:
            yield font_of(template.hashtags.weight, brand), reel.where_of("hashtags"), tag
    if reel.ai and template.ai_label.show:
        words = template.ai_label.words(reel.subtitles.language)
        yield font_of(template.ai_label.weight, brand), f"{template.where} ai_label", words
    if template.end_card.show if reel.end_card is None else reel.end_card:
        for text in (brand.name, brand.address, brand.credit, brand.phone):
            yield heavy, brand.where, text
            yield bold, brand.where, text
    for element in (*reel.elements, *(one for clip in reel.clips for one in clip.elements)):
        for where, text in drawn_words(element):
            yield heavy, where, text
            yield bold, where, text
    for card in reel.cards:
        for text in (*card.words, card.label or ""):
            yield heavy, card.where, text
            yield bold, card.where, text


def stage_for(reel: ReelSpec, spec: PictureSpec, safe: Box, keep_clear: Sequence[Box] = ()) -> Stage:
    """The places of `reel` inside `safe`, subtitles in none of `keep_clear`.

    Raises: CampaignProblems, FontMissing.
    """
    reel = _with_rows_that_fill(reel)
    zones = zones_of(reel.template, reel.brand)
    stage = stage_of(spec.raster, safe, zones, keep_clear=keep_clear)
    mark = reel.brand.logo if reel.template.logo.show else None
    if mark is None:
        return stage
    size = measure_logo(mark, room=stage.logo_room)
    return stage_of(spec.raster, safe, zones, logo=size, keep_clear=keep_clear)


def screen_of(reel: ReelSpec, stage: Stage) -> Screen:
    """How the subtitles of `reel` look on `stage`, and how they are broken.

    Raises: FontMissing.
    """
    reel = _with_rows_that_fill(reel)
    named = reel.template.subtitles
    style = _style(reel, stage)
    look = subtitle_look(named, reel.brand)
    of_pace = CueRules.short if named.pace == "short" else CueRules.for_language
    width = stage.subtitles.max_text_width_px
    rules = of_pace(
        reel.subtitles.language,
        max_lines=named.lines,
        font=style.font,
        font_size_px=style.size_px,
        max_width_px=width,
    )
    second = named.second
    return Screen(
        style=style,
        rules=rules,
        second_rules=CueRules.for_language(
            reel.captions.second,
            max_lines=second.lines,
            font=style.font,
            font_size_px=style.second_size_px,
            max_width_px=width,
        )
        if second
        else None,
        keyword_colour=str(look.keyword) if look.keyword else None,
        speaker_colours=tuple(map(str, look.speakers)),
    )


def _with_rows_that_fill(reel: ReelSpec) -> ReelSpec:
    """`reel` in a style that keeps no room for a second language or for names where the reel has none."""
    style = reel.template.subtitles
    has_names = bool(reel.captions.speakers) or any(clip.people for clip in reel.clips)
    style = replace(
        style,
        speakers=style.speakers if has_names else None,
        second=style.second if reel.captions.second else None,
    )
    return replace(reel, template=replace(reel.template, subtitles=style))


def _style(reel: ReelSpec, stage: Stage) -> AssStyle:
    named, area, raster = reel.template.subtitles, stage.subtitles, stage.raster
    look = subtitle_look(named, reel.brand)
    return AssStyle(
        font=load_font(look.font),
        size_px=scaled(look.size_px, raster),
        primary_colour=str(look.text),
        outline_colour=str(look.outline),
        back_colour=f"{look.box or look.outline}{round(255 * look.box_opacity):02X}",
        outline_px=scaled(look.outline_px, raster),
        box=look.box is not None,
        box_padding_px=scaled(look.box_padding_px, raster),
        margin_bottom_px=area.bottom_margin_px,
        margin_left_px=area.left_margin_px,
        margin_right_px=area.right_margin_px,
        spoken_colour=str(look.spoken) if look.spoken else None,
        name_size_px=scaled(named.speakers.name_size_px, raster) if named.speakers else 0,
        second_size_px=scaled(named.second.size_px, raster) if named.second else 0,
        second_colour=str(look.second or look.text),
        second_top_px=area.second_top_px,
    )
