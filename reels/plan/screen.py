"""What shows where and when: title, lower thirds and logo with their places, and the style of the subtitles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from reels.art.elements import LowerThirdElement, TitleElement
from reels.art.logo import measure_logo
from reels.art.lower_third import measure_lower_third
from reels.art.text import require_drawable_text
from reels.art.title import measure_title
from reels.campaign.model import ClipSpec, ReelSpec
from reels.campaign.subtitle_style import subtitle_look
from reels.campaign.template import (
    cover_look,
    lower_third_look,
    lower_third_motion,
    title_look,
    title_motion,
    zones_of,
)
from reels.cues import CueRules
from reels.edit import EditList
from reels.encode import PictureSpec
from reels.fonts import load_font
from reels.geometry import Box, Raster
from reels.layout import ElementSizes, Placements, Rooms, place, rooms, scaled
from reels.said import Said
from reels.steps import ArtWork, LogoWork
from reels.subtitles import AssStyle
from reels.timing import FrameRange, frame_nearest

__all__ = ["PlacedOverlay", "Screen", "lay_out", "require_drawable"]

_KOREAN_NAMES = {"title": "제목", "lower-third": "이름 자막", "logo": "로고"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOverlay:
    """Something to draw, where it stands, and the programme frames that show it. `whole_reel`: a still."""

    name: str
    work: ArtWork | LogoWork
    box: Box
    shown: FrameRange
    whole_reel: bool = False

    @property
    def doing(self) -> Said:
        """What the step that draws it does, for people."""
        kind, _, number = self.name.rpartition("-") if self.name[-1].isdigit() else (self.name, "", "")
        called = _KOREAN_NAMES.get(kind, kind)
        return Said(f"drawing {self.name}", ko=f"{called} {number} 그리기" if number else f"{called} 그리기")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything over the picture: overlays from back to front, then subtitles in `style`, broken by `rules`."""

    overlays: tuple[PlacedOverlay, ...]
    style: AssStyle
    rules: CueRules
    second_rules: CueRules | None = None
    """Of the second language, where the style shows one."""
    keyword_colour: str | None = None
    speaker_colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """An element with its measured size, not placed yet."""

    name: str
    work: ArtWork
    size: Raster
    shown: FrameRange


def require_drawable(reel: ReelSpec) -> None:
    """Prove that the fonts draw every letter of the title, the names and the roles.

    Raises: FontMissing, GlyphMissing.
    """
    if reel.title:
        fonts = {cover_look(reel.template, reel.brand).font}
        if reel.template.title.show:
            fonts.add(title_look(reel.template, reel.brand).font)
        for font in sorted(fonts):
            require_drawable_text(font, [(f"{reel.where}.title", reel.title)])
    if reel.template.lower_third.show:
        third = lower_third_look(reel.template, reel.brand)
        for clip in reel.clips:
            for index, person in enumerate(clip.people):
                where = f"{clip.where} people[{index}]"
                require_drawable_text(third.name_font, [(f"{where} name", person.name)])
                require_drawable_text(third.role_font, [(f"{where} role", person.role)])


def lay_out(
    reel: ReelSpec,
    clips: Sequence[ClipSpec],
    cut: EditList,
    spec: PictureSpec,
    safe: Box,
    keep_clear: Sequence[Box] = (),
) -> Screen:
    """Place everything that `reel` shows inside `safe`, nothing on anything else, subtitles in none of `keep_clear`.

    Raises: CampaignProblems, FontMissing, GlyphMissing.
    """
    reel = _with_rows_that_fill(reel)
    zones = zones_of(reel.template, reel.brand)
    mark = reel.brand.logo if reel.template.logo.show else None
    logo = (
        measure_logo(mark, room=rooms(spec.raster, safe, zones, keep_clear=keep_clear).logo)
        if mark is not None
        else None
    )
    room = rooms(spec.raster, safe, zones, logo=logo, keep_clear=keep_clear)
    titles = list(_titles(reel, cut, spec, room))
    thirds = list(_lower_thirds(reel, clips, cut, spec, room))
    sizes = ElementSizes(title=_largest(titles), lower_third=_largest(thirds), logo=logo)
    placements = place(spec.raster, safe, zones, sizes, keep_clear=keep_clear)
    overlays = []
    if mark is not None and placements.logo is not None:
        overlays.append(_logo(reel, mark, placements.logo, cut, spec))
    overlays += [_placed(drawn, placements.title, at_foot=False) for drawn in titles]
    overlays += [_placed(drawn, placements.lower_third, at_foot=True) for drawn in thirds]
    style, named = _style(reel, placements, spec.raster), reel.template.subtitles
    look = subtitle_look(named, reel.brand)
    of_pace = CueRules.short if named.pace == "short" else CueRules.for_language
    width = placements.subtitles.max_text_width_px
    rules = of_pace(
        reel.subtitles.language,
        max_lines=named.lines,
        font=style.font,
        font_size_px=style.size_px,
        max_width_px=width,
    )
    second = named.second
    return Screen(
        overlays=tuple(overlays),
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


def _logo(reel: ReelSpec, mark: Path, box: Box, cut: EditList, spec: PictureSpec) -> PlacedOverlay:
    work = LogoWork(
        logo=mark, room=Raster(box.width, box.height), raster=spec.raster, opacity=reel.template.logo.opacity
    )
    return PlacedOverlay(
        name="logo", work=work, box=box, shown=FrameRange(0, cut.frame_count), whole_reel=True
    )


def _titles(reel: ReelSpec, cut: EditList, spec: PictureSpec, room: Rooms) -> Iterator[_Drawn]:
    timing, where = reel.template.title, f"{reel.where}.title"
    shown = _frames(timing.at, timing.shown_for, FrameRange(0, cut.frame_count), spec.rate)
    if not (timing.show and reel.title and shown):
        return
    look = title_look(reel.template, reel.brand)
    motion = title_motion(reel.template, raster=spec.raster, rate=spec.rate)
    if shown.start == 0:
        # The first frame is what many apps show before anybody presses play: the title stands in it, whole.
        motion = replace(motion, in_frames=0)
    element = TitleElement(
        text=reel.title,
        look=look,
        motion=motion,
        frames=shown.count,
    )
    work = ArtWork(element=element, room=room.title, raster=spec.raster, rate=spec.rate, where=where)
    size = measure_title(reel.title, look, raster=spec.raster, room=room.title, where=where)
    yield _Drawn(name="title", work=work, size=size, shown=shown)


def _lower_thirds(
    reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec, room: Rooms
) -> Iterator[_Drawn]:
    """One after the other for the people of each clip, as far as the clip is long enough."""
    timing = reel.template.lower_third
    if not timing.show:
        return
    look = lower_third_look(reel.template, reel.brand)
    motion = lower_third_motion(reel.template, raster=spec.raster, rate=spec.rate)
    number = 0
    for of_clip, clip in enumerate(clips):
        if (plays := cut.of_clip(of_clip)) is None:
            continue
        for index, person in enumerate(clip.people):
            at = timing.at + index * timing.shown_for
            shown = _frames(at, timing.shown_for, plays, spec.rate)
            if shown is None:
                continue
            number += 1
            where = f"{clip.where} people[{index}]"
            element = LowerThirdElement(
                name=person.name,
                role=person.role,
                look=look,
                motion=motion,
                frames=shown.count,
            )
            work = ArtWork(
                element=element, room=room.lower_third, raster=spec.raster, rate=spec.rate, where=where
            )
            size = measure_lower_third(
                person.name, person.role, look, raster=spec.raster, room=room.lower_third, where=where
            )
            yield _Drawn(name=f"lower-third-{number}", work=work, size=size, shown=shown)


def _frames(at: Fraction, shown_for: Fraction, within: FrameRange, rate: Fraction) -> FrameRange | None:
    start = within.start + frame_nearest(at, rate)
    return FrameRange(start, start + max(1, frame_nearest(shown_for, rate))).intersection(within)


def _largest(drawn: Sequence[_Drawn]) -> Raster | None:
    if not drawn:
        return None
    return Raster(max(d.size.width for d in drawn), max(d.size.height for d in drawn))


def _placed(drawn: _Drawn, box: Box | None, *, at_foot: bool) -> PlacedOverlay:
    """In the corner of the largest one's box: every plate stands on the same line."""
    assert box is not None, "a box is placed for whatever was measured"
    top = box.bottom - drawn.size.height if at_foot else box.top
    return PlacedOverlay(
        name=drawn.name, work=drawn.work, box=Box.at(box.left, top, drawn.size), shown=drawn.shown
    )


def _style(reel: ReelSpec, placements: Placements, raster: Raster) -> AssStyle:
    named, area = reel.template.subtitles, placements.subtitles
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
