"""Every built-in template with everything that it can show, through the render's own graph, judged by pixels.

What is drawn is found by comparing a frame with the same frame without it: so a shadow that leaves its box is found, and
letters that stand under a subtitle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from reels.campaign.brand import load_brand
from reels.campaign.template import list_templates, load_template
from reels.geometry import Box
from reels.layout import Obstacle
from reels.platforms import list_platforms, load_platform
from reels.resources import assets_dir
from reels.showcase import LaidOut, SampleLanguage, SampleLength, Showcase, frame_shown, is_card, lay_out

TEMPLATES = tuple(template.name for template in list_templates())
PLATFORMS = tuple(platform.name for platform in list_platforms())

CASES: tuple[tuple[str, SampleLanguage, SampleLength, tuple[str, ...]], ...] = (
    *(
        # Each template once with the longest words, languages and platforms in turn: all eight platforms are met.
        (name, ("ko", "en")[number % 2], "extreme", (PLATFORMS[number % len(PLATFORMS)],))
        for number, name in enumerate(TEMPLATES)
    ),
)
"""More are looked at by `tools-for-developers/template_sheets.py`."""

_FRAMES = 3
_CHROMA = 2
"""A pixel of colour is as large as two by two of light."""
_SEEN = 12
"""Levels by which a pixel must differ: less is the rounding of YCbCr."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One frame: what overlays change in it, what subtitles change, and the boxes that are planned."""

    frame: int
    by_overlays: Mask
    by_subtitles: Mask
    boxes: dict[str, Box]


def changed(one: object, other: object) -> Mask:
    before, after = np.asarray(one, np.int16), np.asarray(other, np.int16)
    mask: Mask = np.abs(after - before).max(axis=2) > _SEEN
    return mask


def within(box: Box, shape: tuple[int, ...], *, grown: int = 0) -> Mask:
    mask = np.zeros(shape, bool)
    mask[max(0, box.top - grown) : box.bottom + grown, max(0, box.left - grown) : box.right + grown] = True
    return mask


def moments_judged(laid: LaidOut) -> Iterator[int]:
    """The middle of each stretch in which the same overlays are on screen, over footage; and one of each kind of card."""
    edges = sorted(
        {0, laid.cut.frame_count, *(edge for o in laid.overlays for edge in (o.shown.start, o.shown.end))}
    )
    seen: set[frozenset[str]] = set()
    cards = 0
    for start, end in pairwise(edges):
        frame = (start + end) // 2
        names = frozenset(o.name for o in laid.overlays if o.shown.start <= frame < o.shown.end)
        if not names or names in seen:
            continue
        seen.add(names)
        cards += is_card(laid, frame)
        if not is_card(laid, frame) or cards in (1, 4, len(laid.cards)):
            yield frame


def shown_in(laid: LaidOut, frame: int, folder: Path, known: dict[object, tuple[object, Mask]]) -> Shown:
    """`known`: what stands behind, and what the subtitles change in it, which is the same in all of a clip."""
    span = next(s for s in laid.cut.spans if s.range_in_programme.start <= frame < s.range_in_programme.end)
    behind = (span.is_card, span.clip)
    if behind not in known:
        bare = frame_shown(laid, frame, folder, overlays=False, subtitles=False)
        spoken = bare if span.is_card else frame_shown(laid, frame, folder, overlays=False)
        known[behind] = bare, changed(bare, spoken)
    bare_then, by_subtitles = known[behind]
    return Shown(
        frame=frame,
        by_overlays=changed(bare_then, frame_shown(laid, frame, folder, subtitles=False)),
        by_subtitles=by_subtitles,
        boxes={
            overlay.name: overlay.box
            for overlay in laid.overlays
            if overlay.shown.start <= frame < overlay.shown.end
        },
    )


@pytest.mark.parametrize(("name", "language", "length", "platforms"), CASES)
def test_everything_stays_in_its_place_off_the_subtitles_and_inside_the_safe_area(
    name: str, language: SampleLanguage, length: SampleLength, platforms: tuple[str, ...], tmp_path: Path
) -> None:
    laid = lay_out(
        Showcase(
            template=load_template(name),
            brand=load_brand(assets_dir() / "brand"),
            platforms=tuple(map(load_platform, platforms)),
            language=language,
            length=length,
        ),
        tmp_path,
    )
    judged = list(moments_judged(laid))
    assert len(judged) > 3
    # A few of them: where boxes stand in all of them is judged without drawing (`test_plan_overlays`).
    judged = judged[:: max(1, len(judged) // _FRAMES)]
    known: dict[object, tuple[object, Mask]] = {}
    for frame in judged:
        shown = shown_in(laid, frame, tmp_path, known)
        shape = shown.by_overlays.shape
        planned = np.zeros(shape, bool)
        for overlay, box in shown.boxes.items():
            if not overlay.startswith("shade"):
                assert laid.stage.safe.contains(box), (frame, overlay)
            planned |= within(box, shape, grown=_CHROMA)
            drawn = shown.by_overlays & within(box, shape)
            if not overlay.startswith("progress"):
                # On a ground of its own colour much of a plate cannot be told from it, but never all.
                assert drawn.any(), (frame, overlay, "is not there")
        assert not (shown.by_overlays & ~planned).any(), (frame, "something is drawn outside of its place")
        assert not (shown.by_overlays & shown.by_subtitles).any(), (
            frame,
            "something stands under the subtitles",
        )
        if not is_card(laid, frame):
            room = within(laid.stage.subtitles.box, shape, grown=_CHROMA)
            assert shown.by_subtitles.any()
            assert not (shown.by_subtitles & ~room).any(), (frame, "subtitles leave their room")
    for one in laid.overlays:
        for face in faces_covered(laid.faces, one.box, one.shown.start, one.shown.end):
            # The sample says `over_faces` of what it asks for; what a template shows by itself keeps off them where it can.
            assert one.name.rstrip("0123456789-") not in ("logo", "progress"), (one.name, face)


def faces_covered(faces: tuple[Obstacle, ...], box: Box, start: int, end: int) -> Iterator[Box]:
    for face in faces:
        assert face.frames is not None
        if face.frames.start < end and start < face.frames.end and face.box.intersection(box) is not None:
            yield face.box
