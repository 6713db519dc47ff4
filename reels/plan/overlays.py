"""A place for everything that is drawn over the picture: logo, labels, title, names, elements, the words of cards.

Pure: wishes and cards → placed overlays, from back to front. What finds its only room over a face is told in a note, and refused
where the campaign itself put it there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.art.drawing import measure
from reels.art.elements import CountdownElement, Element, ProgressElement, without_time
from reels.art.opening import stamp
from reels.campaign.model import ClipSpec, ReelSpec
from reels.campaign.template import counter_look, motion_of, progress_look
from reels.edit import EditList, Span
from reels.encode import PictureSpec
from reels.errors import CampaignProblem, CampaignProblems
from reels.fingerprint import paths_in
from reels.geometry import Box, Raster
from reels.layout import NoRoom, Obstacle, Stage, Wanted, even_down, find_place, scaled
from reels.plan.cards import Card, card_element, shade_of
from reels.plan.elements import KOREAN_NAMES, Wish, stretches, wishes_of
from reels.said import Said
from reels.steps import ArtWork, LogoWork, OverlayUse, ShadeWork
from reels.timing import FrameRange, format_clock

__all__ = ["FacesDuring", "OverlaysOfReel", "PlacedOverlay", "overlays_of", "use_of"]

FacesDuring = Callable[[Sequence[FrameRange]], Sequence[Obstacle]]
"""Programme frames → the heads that are in the picture during them."""

_COUNTDOWN_PX = 360
"""The room of a countdown at the foot of a card, of 1920 lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOverlay:
    """Something to draw, where it stands, and the programme frames that show it. A `still` does not move."""

    name: str
    work: ArtWork | LogoWork | ShadeWork
    box: Box
    shown: FrameRange
    still: bool = False

    @property
    def doing(self) -> Said:
        """What the step that draws it does, for people."""
        number = self.name.removeprefix(_kind_of(self.name)).removeprefix("-")
        called = _in_korean(self.name)
        return Said(f"drawing {self.name}", ko=f"{called} {number} 그리기" if number else f"{called} 그리기")


def _kind_of(name: str) -> str:
    """`lower-third` of `lower-third-2`."""
    return name.rstrip("0123456789").rstrip("-")


def _in_korean(name: str) -> str:
    return KOREAN_NAMES.get(_kind_of(name), _kind_of(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlaysOfReel:
    """Overlays from back to front, and in words what of them covers a face for want of another place."""

    overlays: tuple[PlacedOverlay, ...]
    notes: tuple[Said, ...] = ()


def overlays_of(
    reel: ReelSpec,
    clips: Sequence[ClipSpec],
    cards: Sequence[Card],
    cut: EditList,
    spec: PictureSpec,
    stage: Stage,
    faces_during: FacesDuring | None = None,
) -> OverlaysOfReel:
    """Everything over the picture of `reel`, nothing on anything else, all inside the safe area.

    `faces_during` tells where heads are while something is shown that could cover them.

    Raises: CampaignProblems, with every element that finds no room; FontMissing, GlyphMissing.
    """
    wishes = wishes_of(reel, clips, cut, spec)
    shown = [wish.shown for wish in wishes if not wish.over_faces]
    placing = _Placing(reel, spec, stage, faces_during(shown) if faces_during is not None else ())
    shades = list(_shades(cards, cut, reel, spec))
    marks = list(_logos(reel, clips, cards, cut, spec, stage))
    placing.taken += [Obstacle(box=_kept_clear(mark.box, stage)) for mark in marks[:1]]
    bar = list(_progress(reel, cut, spec, stage))
    placed = [found for wish in wishes if (found := placing.place(wish)) is not None]
    words = list(_words_of_cards(cards, cut, reel, spec, stage, (*marks, *placed), placing))
    if placing.problems:
        raise CampaignProblems(problems=tuple(placing.problems))
    return OverlaysOfReel(
        overlays=(*shades, *marks, *bar, *words, *placed), notes=tuple(dict.fromkeys(placing.notes))
    )


class _Placing:
    """Places one wish after the other, remembering what is taken and what finds no room."""

    def __init__(self, reel: ReelSpec, spec: PictureSpec, stage: Stage, faces: Sequence[Obstacle]) -> None:
        self.taken: list[Obstacle] = []
        self.problems: list[CampaignProblem] = []
        self.notes: list[Said] = []
        self._reel = reel
        self._spec = spec
        self._stage = stage
        self._faces = faces

    def place(self, wish: Wish) -> PlacedOverlay | None:
        """The wish in its place; None, with a problem, where it has none."""
        most = scaled(wish.height_px, self._stage.raster) if wish.height_px else None

        def measured(room: Raster) -> Raster:
            if most is not None:
                room = Raster(room.width, min(room.height, even_down(most)))
            return _measured(wish.element, self._stage.raster, room, wish.where)

        wanted = Wanted(
            zone=wish.zone,
            align=wish.align,
            frames=wish.shown,
            measure=measured,
            over_faces=wish.over_faces,
        )
        try:
            found = find_place(self._stage, wanted, self.taken, self._faces)
        except NoRoom as full:
            self.problems.append(_no_room(wish.name, wish.where, self._seconds(wish.shown), full.size))
            return None
        except CampaignProblems as error:
            self.problems += error.problems
            return None
        if found.covers_face and not self._may_cover(wish):
            return None
        self.taken.append(Obstacle(box=found.box, frames=wish.shown))
        room = found.room
        if most is not None:
            room = Raster(room.width, min(room.height, even_down(most)))
        return PlacedOverlay(
            name=wish.name,
            work=self._work(wish.element, room, wish.where, still=wish.still),
            box=found.box,
            shown=wish.shown,
            still=wish.still,
        )

    def words(
        self, name: str, element: Element, box: Box, shown: FrameRange, where: str
    ) -> PlacedOverlay | None:
        """An element in the middle of `box`, which nothing else claims; None, with a problem, where it does not fit."""
        if min(box.width, box.height) < 2:
            self.problems.append(_no_room(name, where, self._seconds(shown), self._stage.raster))
            return None
        room = Raster(box.width, box.height)
        try:
            size = _measured(element, self._stage.raster, room, where)
        except CampaignProblems as error:
            self.problems += error.problems
            return None
        left = box.left + even_down((box.width - size.width) // 2)
        top = box.top + even_down((box.height - size.height) // 2)
        return PlacedOverlay(
            name=name,
            work=self._work(element, room, where),
            box=Box.at(left, top, size),
            shown=shown,
        )

    def _work(self, element: Element, room: Raster, where: str, *, still: bool = False) -> ArtWork:
        return ArtWork(
            element=element,
            room=room,
            raster=self._stage.raster,
            rate=self._spec.rate,
            where=where,
            still=still,
        )

    def _may_cover(self, wish: Wish) -> bool:
        """Whether a wish that covers a face is shown all the same: what the template shows by itself, with a note."""
        at = format_clock(self._seconds(wish.shown))
        kind, called = _kind_of(wish.name), _in_korean(wish.name)
        if not wish.asked:
            self.notes.append(
                Said(
                    f"{wish.name} at {at} covers a face: there is no other room",
                    ko=f"{at}의 {called}이(가) 얼굴을 가립니다. 다른 자리가 없습니다",
                )
            )
            return True
        self.problems.append(
            CampaignProblem(
                where=wish.where,
                found=Said(
                    f"{kind} at {at}, with no room but over a face",
                    ko=f"{at}의 {called}, 얼굴 위 말고는 자리가 없음",
                ),
                expected=Said(
                    "room beside the faces and above the subtitles", ko="얼굴과 자막을 가리지 않는 자리"
                ),
                remedy=Said(
                    "choose another time, make it smaller, or say `over_faces: true`",
                    ko="시각을 바꾸거나 줄이거나 `over_faces: true`를 적어 주세요.",
                ),
            )
        )
        return False

    def _seconds(self, shown: FrameRange) -> Fraction:
        return shown.start / self._spec.rate


def _no_room(name: str, where: str, at: Fraction, size: Raster) -> CampaignProblem:
    kind, called, clock = _kind_of(name), _in_korean(name), format_clock(at)
    return CampaignProblem(
        where=where,
        found=Said(
            f"{kind} at {clock}, {size} pixels, and everything else that is shown then",
            ko=f"{clock}의 {called} {size}픽셀, 그리고 그때 보이는 다른 것들",
        ),
        expected=Said("room for all of them at once", ko="모두 함께 들어갈 자리"),
        remedy=Said(
            "move one of them to another time, or shorten it",
            ko="하나를 다른 시각으로 옮기거나 줄여 주세요.",
        ),
    )


# A plan is made again after each probe, and fifty reels show the same name: most sizes are known already.
_SIZES: OrderedDict[tuple[Element, Raster, Raster, tuple[tuple[int, int], ...]], Raster] = OrderedDict()
_MOST_SIZES = 4096


def _measured(element: Element, raster: Raster, room: Raster, where: str) -> Raster:
    """The size of `element` in `room`; how long it is shown decides nothing of it. Raises: as `measure`."""
    still = without_time(element)
    key = still, raster, room, tuple(map(stamp, paths_in(element)))
    if key not in _SIZES:
        size = measure(still, raster=raster, room=room, where=where)
        _SIZES[key] = size
        if len(_SIZES) > _MOST_SIZES:
            _SIZES.popitem(last=False)
    return _SIZES[key]


def _kept_clear(logo: Box, stage: Stage) -> Box:
    """The logo with the free space that its brand wants around it, beyond the air that is kept around everything."""
    more = max(0, stage.logo_clear - stage.gap // 2)
    return Box(logo.left - more, logo.top - more, logo.right + more, logo.bottom + more)


# --- what no wish is -------------------------------------------------------------------------------------


def _logos(
    reel: ReelSpec,
    clips: Sequence[ClipSpec],
    cards: Sequence[Card],
    cut: EditList,
    spec: PictureSpec,
    stage: Stage,
) -> Iterator[PlacedOverlay]:
    """The mark wherever no end card and no intro shows it larger."""
    if reel.brand.logo is None or stage.logo is None:
        return

    def has_its_own(span: Span) -> bool:
        if span.is_card:
            return cards[span.clip].is_end or not cards[span.clip].has_words
        return clips[span.clip].is_brands

    work = LogoWork(
        logo=reel.brand.logo,
        room=Raster(stage.logo.width, stage.logo.height),
        raster=spec.raster,
        opacity=reel.template.logo.opacity,
    )
    for shown in stretches(cut, without=has_its_own):
        yield PlacedOverlay(name="logo", work=work, box=stage.logo, shown=shown, still=True)


def _progress(reel: ReelSpec, cut: EditList, spec: PictureSpec, stage: Stage) -> Iterator[PlacedOverlay]:
    if stage.progress is None:
        return
    whole = FrameRange(0, cut.frame_count)
    element = ProgressElement(look=progress_look(reel.template, reel.brand), frames=whole.count)
    where = f"{reel.template.where} progress"
    room = Raster(stage.progress.width, stage.progress.height)
    size = _measured(element, spec.raster, room, where)
    work = ArtWork(element=element, room=room, raster=spec.raster, rate=spec.rate, where=where)
    box = Box.at(stage.progress.left, stage.progress.top, size)
    yield PlacedOverlay(name="progress", work=work, box=box, shown=whole)


def _shades(
    cards: Sequence[Card], cut: EditList, reel: ReelSpec, spec: PictureSpec
) -> Iterator[PlacedOverlay]:
    for span in cut.cards:
        shade = shade_of(cards[span.clip], reel.brand)
        if shade is not None:
            yield PlacedOverlay(
                name=f"shade-{span.clip + 1}",
                work=ShadeWork(shade=shade, raster=spec.raster),
                box=Box.at(0, 0, spec.raster),
                shown=span.range_in_programme,
                still=True,
            )


def _words_of_cards(
    cards: Sequence[Card],
    cut: EditList,
    reel: ReelSpec,
    spec: PictureSpec,
    stage: Stage,
    beside: Sequence[PlacedOverlay],
    placing: _Placing,
) -> Iterator[PlacedOverlay]:
    for span in cut.cards:
        card, shown = cards[span.clip], span.range_in_programme
        heads = [one.box for one in beside if one.shown.intersection(shown) is not None]
        box = stage.card_below(heads, centred=card.style.centred)
        number = span.clip + 1
        element = card_element(card, reel, spec, opens=shown.start == 0)
        if element is None:
            continue
        words_box = box
        if card.spec.countdown:
            room = min(even_down(scaled(_COUNTDOWN_PX, spec.raster)), even_down(box.height // 2))
            words_box = Box(box.left, box.top, box.right, box.bottom - room)
            style = reel.template.countdown
            motion = motion_of("none", raster=spec.raster, rate=spec.rate)
            if shown.start == 0:
                motion = replace(motion, in_frames=0)
            counting = CountdownElement(
                seconds=card.spec.countdown,
                look=counter_look(style, reel.brand),
                motion=motion,
                frames=shown.count,
            )
            ring = Box(box.left, words_box.bottom, box.right, box.bottom)
            found = placing.words(f"card-countdown-{number}", counting, ring, shown, card.spec.where)
            if found is not None:
                yield found
        found = placing.words(f"card-{number}", element, words_box, shown, card.spec.where)
        if found is not None:
            yield found


# --- in a chunk ------------------------------------------------------------------------------------------


def use_of(art: str, overlay: PlacedOverlay, frames: FrameRange) -> OverlayUse:
    """`overlay`, drawn by step `art`, in the chunk of programme `frames`.

    A still that stands throughout says nothing of its times.
    """
    left, top, shown = overlay.box.left, overlay.box.top, overlay.shown
    if overlay.still and shown.start <= frames.start and frames.end <= shown.end:
        return OverlayUse(art=art, left=left, top=top, still=True)
    if overlay.still:
        # Only what shows in this chunk: where else it stands decides nothing here.
        shown = shown.intersection(frames) or shown
    return OverlayUse(
        art=art,
        left=left,
        top=top,
        first_frame=shown.start - frames.start,
        frames=shown.count,
        still=overlay.still,
    )
