"""What a reel wants to show over its clips, and when: title, names, labels, and what the campaign puts at a time.

Each becomes a `Wish`: drawn how, during which frames, where if it can be. `overlays` finds the places. The important ones come
first, for who comes first has the first choice of places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.art.elements import (
    BeforeAfterElement,
    CountdownElement,
    CounterElement,
    Direction,
    Element,
    ListElement,
    LowerThirdElement,
    Motion,
    PictureElement,
    PlateElement,
    TitleElement,
)
from reels.campaign.model import ClipSpec, ReelSpec
from reels.campaign.showing import (
    BeforeAfterContent,
    CountdownContent,
    CounterContent,
    ElementSpec,
    ListContent,
    PictureContent,
    WordsContent,
)
from reels.campaign.template import (
    PlateStyle,
    Template,
    counter_look,
    list_look,
    lower_third_look,
    lower_third_motion,
    motion_of,
    picture_look,
    plate_look,
    title_look,
    title_motion,
)
from reels.edit import EditList, Span
from reels.encode import PictureSpec
from reels.errors import CampaignProblem, CampaignProblems
from reels.layout import Align, ZoneName
from reels.plan.cards import too_short_to_count
from reels.said import Said
from reels.timing import FrameRange, format_clock, frame_nearest, parse_clock

__all__ = ["KOREAN_NAMES", "Wish", "drawn_words", "shows_over_footage", "stretches", "wishes_of"]

KOREAN_NAMES = {
    "title": "제목",
    "lower-third": "이름 자막",
    "logo": "로고",
    "ai-label": "AI 표시",
    "hashtags": "해시태그",
    "progress": "진행 막대",
    "chapter": "장 제목",
    "place": "장소",
    "callout": "강조 문구",
    "picture": "그림",
    "before-after": "전후 비교",
    "list": "목록",
    "counter": "숫자",
    "countdown": "카운트다운",
    "card": "카드",
    "card-countdown": "카드 카운트다운",
    "shade": "카드 바탕",
}

_WIPE = Fraction(3, 5)
"""Seconds in which the later picture covers the earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An element, the programme frames that show it, and where it would like to stand.

    `height_px` is the most it may take of the picture's height; 0: what its zone has. `asked` says that the campaign put it
    there by name: then it must not be put over a face unasked. A `still` does not move.
    """

    name: str
    element: Element
    shown: FrameRange
    zone: ZoneName
    align: Align
    where: str
    over_faces: bool = False
    asked: bool = False
    height_px: int = 0
    still: bool = False


def wishes_of(
    reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec
) -> tuple[Wish, ...]:
    """Everything that `reel` shows over its clips.

    Raises: CampaignProblems for times that lie outside of what is shown.
    """
    if not cut.spans:
        return ()
    asked = list(_asked(reel, clips, cut, spec))
    return (
        *_ai_label(reel, cut, spec),
        *_title(reel, clips, cut, spec),
        *_lower_thirds(reel, clips, cut, spec),
        *asked,
        *_hashtags(reel, clips, cut, spec),
    )


def shows_over_footage(reel: ReelSpec) -> bool:
    """Whether anything is drawn over the footage that could cover somebody: then it counts where faces are."""
    template = reel.template
    return bool(
        (template.title.show and template.title.card is None and reel.title)
        or (template.hashtags.show and reel.hashtags)
        or (template.lower_third.show and any(clip.people for clip in reel.clips))
        or reel.elements
        or any(clip.elements for clip in reel.clips)
    )


# --- what the template shows -----------------------------------------------------------------------------


def _ai_label(reel: ReelSpec, cut: EditList, spec: PictureSpec) -> Iterator[Wish]:
    style = reel.template.ai_label
    if not (reel.ai and style.show):
        return
    whole = FrameRange(0, cut.frame_count)
    lasts = cut.duration if style.shown_for is None else style.shown_for
    shown = _frames(style.at, lasts, whole, spec.rate)
    if shown is None:
        return
    still = shown == whole
    motion = motion_of(style.motion, raster=spec.raster, rate=spec.rate)
    yield Wish(
        name="ai-label",
        element=PlateElement(
            text=style.words(reel.subtitles.language),
            look=plate_look(style, reel.brand),
            motion=replace(motion, in_frames=0, out_frames=0) if still else motion,
            # A still is the same picture in a reel of any length.
            frames=1 if still else shown.count,
            icon=style.icon,
        ),
        shown=shown,
        zone=style.zone,
        align=_align(style, reel.template),
        where=f"{reel.template.where} ai_label",
        still=still,
    )


def _align(style: PlateStyle, template: Template) -> Align:
    if style.align is not None:
        return style.align
    return "right" if template.logo.corner == "top-left" else "left"


def _title(reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec) -> Iterator[Wish]:
    style, where = reel.template.title, reel.where_of("title")
    if not (style.show and reel.title) or style.card is not None:
        return
    within = next(_own_footage(clips, cut), None)
    shown = _frames(style.at, style.shown_for, within, spec.rate) if within is not None else None
    if shown is None:
        return
    motion = title_motion(reel.template, raster=spec.raster, rate=spec.rate)
    if shown.start == 0:
        # The first frame is what many apps show before anybody presses play: the title stands in it, whole.
        motion = replace(motion, in_frames=0)
    yield Wish(
        name="title",
        element=TitleElement(
            text=reel.title, look=title_look(reel.template, reel.brand), motion=motion, frames=shown.count
        ),
        shown=shown,
        zone=style.zone,
        align="left",
        where=where,
    )


def _own_footage(clips: Sequence[ClipSpec], cut: EditList) -> Iterator[FrameRange]:
    """The stretches of the reel's own footage: a title goes neither over a card nor over the brand's intro."""
    return stretches(cut, without=lambda span: span.is_card or clips[span.clip].is_brands)


def stretches(cut: EditList, *, without: Callable[[Span], bool]) -> Iterator[FrameRange]:
    """The stretches of the programme between the spans that `without` tells."""
    start: int | None = None
    for span in cut.spans:
        if without(span):
            if start is not None:
                yield FrameRange(start, span.range_in_programme.start)
            start = None
        elif start is None:
            start = span.range_in_programme.start
    if start is not None:
        yield FrameRange(start, cut.frame_count)


def _lower_thirds(
    reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec
) -> Iterator[Wish]:
    """One after the other for the people of each clip, as far as the clip is long enough."""
    style = reel.template.lower_third
    if not style.show:
        return
    look = lower_third_look(reel.template, reel.brand)
    motion = lower_third_motion(reel.template, raster=spec.raster, rate=spec.rate)
    number = 0
    for of_clip, clip in enumerate(clips):
        if (plays := cut.of_clip(of_clip)) is None:
            continue
        for index, person in enumerate(clip.people):
            shown = _frames(style.at + index * style.shown_for, style.shown_for, plays, spec.rate)
            if shown is None:
                continue
            number += 1
            yield Wish(
                name=f"lower-third-{number}",
                element=LowerThirdElement(
                    name=person.name, role=person.role, look=look, motion=motion, frames=shown.count
                ),
                shown=shown,
                zone="low",
                align="left",
                where=person.where or f"{clip.where} people[{index}]",
            )


def _hashtags(reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec) -> Iterator[Wish]:
    style = reel.template.hashtags
    if not (style.show and reel.hashtags):
        return
    # Counted on the programme, whatever plays between: cards and the brand's films show no hashtags.
    start = frame_nearest(style.at, spec.rate)
    lasts = frame_nearest(style.shown_for, spec.rate) if style.shown_for is not None else cut.frame_count
    wanted = FrameRange(start, start + max(1, lasts))
    stretches_of_own = (stretch.intersection(wanted) for stretch in _own_footage(clips, cut))
    for number, shown in enumerate(filter(None, stretches_of_own), start=1):
        yield Wish(
            name="hashtags" if number == 1 else f"hashtags-{number}",
            element=PlateElement(
                text=" ".join(f"#{tag}" for tag in reel.hashtags),
                look=plate_look(style, reel.brand),
                motion=motion_of(style.motion, raster=spec.raster, rate=spec.rate),
                frames=shown.count,
                icon=style.icon,
            ),
            shown=shown,
            zone=style.zone,
            align=_align(style, reel.template),
            where=reel.where_of("hashtags"),
        )


# --- what the campaign asks for --------------------------------------------------------------------------


def _asked(reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec) -> Iterator[Wish]:
    numbers: dict[str, int] = {}
    for one, shown in _timed(reel, clips, cut, spec):
        kind = one.kind.replace("_", "-")
        numbers[kind] = numbers.get(kind, 0) + 1
        yield _wish(f"{kind}-{numbers[kind]}", one, shown, reel, spec)


def _timed(
    reel: ReelSpec, clips: Sequence[ClipSpec], cut: EditList, spec: PictureSpec
) -> Iterator[tuple[ElementSpec, FrameRange]]:
    """Each element with its frames, by their starts."""
    found: list[tuple[ElementSpec, FrameRange]] = []
    problems: list[CampaignProblem] = []
    of_reel = [(one, FrameRange(0, cut.frame_count)) for one in reel.elements]
    of_clips = [
        (one, plays)
        for number, clip in enumerate(clips)
        if (plays := cut.of_clip(number)) is not None
        for one in clip.elements
    ]
    for one, within in (*of_reel, *of_clips):
        shown = _shown(one, within, reel.template, cut)
        if isinstance(shown, CampaignProblem):
            problems.append(shown)
        else:
            found.append((one, shown))
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    yield from sorted(found, key=lambda pair: (pair[1].start, pair[1].end))


def _shown(
    one: ElementSpec, within: FrameRange, template: Template, cut: EditList
) -> FrameRange | CampaignProblem:
    rate = cut.rate
    start = within.start + frame_nearest(parse_clock(one.at, rate=rate), rate)
    lasts = _lasts(one, template, rate)
    if start >= within.end:
        length = format_clock(within.count / rate)
        return CampaignProblem(
            where=f"{one.where} at",
            found=one.at,
            expected=Said(f"a time before {length}, when it ends", ko=f"끝나는 시각 {length}보다 이른 시각"),
            remedy=Said(
                "count from the first frame that is shown, after all cuts",
                ko="잘라 낸 뒤의 첫 화면부터 센 시각을 적어 주세요.",
            ),
        )
    card = next(
        (s for s in cut.cards if s.range_in_programme.start <= start < s.range_in_programme.end), None
    )
    if card is not None:
        return CampaignProblem(
            where=f"{one.where} at",
            found=Said(f"{one.at}, when a card is on screen", ko=f"{one.at}, 카드가 보이는 때"),
            expected=Said("a time at which footage plays", ko="영상이 나오는 때"),
            remedy=Said(
                "write the element under its clip, where times count from the clip",
                ko="해당 클립 아래에 적어 주세요. 시각은 클립부터 셉니다.",
            ),
        )
    end = min(start + max(1, frame_nearest(lasts, rate)), within.end)
    end = min([end, *(s.range_in_programme.start for s in cut.cards if s.range_in_programme.start > start)])
    if isinstance(one.content, CountdownContent) and end - start < frame_nearest(
        Fraction(one.content.seconds), rate
    ):
        return too_short_to_count(one.where, one.content.seconds, (end - start) / rate)
    return FrameRange(start, end)


def _lasts(one: ElementSpec, template: Template, rate: Fraction) -> Fraction:
    if one.shown_for is not None:
        return parse_clock(one.shown_for, rate=rate)
    if isinstance(one.content, CountdownContent):
        return Fraction(one.content.seconds)
    shown_for: Fraction = getattr(template, one.kind).shown_for
    return shown_for


def _wish(name: str, one: ElementSpec, shown: FrameRange, reel: ReelSpec, spec: PictureSpec) -> Wish:
    template, brand = reel.template, reel.brand

    def moving(direction: Direction) -> Motion:
        return motion_of(direction, raster=spec.raster, rate=spec.rate)

    element: Element
    height_px = 0
    content = one.content
    match content:
        case WordsContent():
            plate: PlateStyle = getattr(template, one.kind)
            zone, align = plate.zone, _align(plate, template)
            element = PlateElement(
                text=content.text,
                small=content.small,
                icon=plate.icon,
                look=plate_look(plate, brand),
                motion=moving(plate.motion),
                frames=shown.count,
            )
        case PictureContent():
            picture = template.picture
            zone, align, height_px = picture.zone, picture.align, picture.height_px
            element = PictureElement(
                picture=content.picture,
                caption=content.caption,
                look=picture_look(picture, brand),
                motion=moving(picture.motion),
                frames=shown.count,
            )
        case BeforeAfterContent():
            pair = template.before_after
            zone, align, height_px = pair.zone, pair.align, pair.height_px
            labels = content.labels or pair.labels(reel.subtitles.language)
            element = BeforeAfterElement(
                before=content.before,
                after=content.after,
                before_label=labels[0],
                after_label=labels[1],
                look=picture_look(pair, brand),
                motion=moving(pair.motion),
                frames=shown.count,
                wipe_frames=frame_nearest(_WIPE, spec.rate),
            )
        case ListContent():
            listed = template.list
            zone, align = listed.zone, listed.align
            element = ListElement(
                head=content.head,
                items=content.items,
                numbered=content.numbered,
                look=list_look(listed, brand),
                motion=moving(listed.motion),
                frames=shown.count,
                apart_frames=frame_nearest(listed.apart, spec.rate),
            )
        case CounterContent():
            counter = template.counter
            zone, align = counter.zone, counter.align
            element = CounterElement(
                start=content.start,
                end=content.end,
                decimals=content.decimals,
                unit=content.unit,
                label=content.label,
                look=counter_look(counter, brand),
                motion=moving(counter.motion),
                frames=shown.count,
                count_frames=min(frame_nearest(counter.count_for, spec.rate), shown.count),
            )
        case CountdownContent():
            countdown = template.countdown
            zone, align = countdown.zone, countdown.align
            element = CountdownElement(
                seconds=content.seconds,
                look=counter_look(countdown, brand),
                motion=moving(countdown.motion),
                frames=shown.count,
            )
    return Wish(
        name=name,
        element=element,
        shown=shown,
        zone=one.zone or zone,
        align=one.align or align,
        where=one.where,
        over_faces=one.over_faces,
        asked=True,
        height_px=height_px,
    )


def _frames(at: Fraction, shown_for: Fraction, within: FrameRange, rate: Fraction) -> FrameRange | None:
    start = within.start + frame_nearest(at, rate)
    return FrameRange(start, start + max(1, frame_nearest(shown_for, rate))).intersection(within)


# --- what is drawn in words ------------------------------------------------------------------------------


def drawn_words(one: ElementSpec) -> tuple[tuple[str, str], ...]:
    """Each text of an element with what it is called, to prove that a font has all its letters."""
    content = one.content
    match content:
        case WordsContent():
            words = [(one.kind, content.text), ("time", content.small)]
        case PictureContent():
            words = [("caption", content.caption)]
        case BeforeAfterContent():
            words = [("labels", label) for label in content.labels or ()]
        case ListContent():
            words = [("head", content.head), *(("list", item) for item in content.items)]
        case CounterContent():
            words = [("unit", content.unit), ("label", content.label)]
        case CountdownContent():
            words = []
    return tuple((f"{one.where} {key}", text) for key, text in words if text)
