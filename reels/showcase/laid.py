"""The sample reel of a template laid out, and any frame of it as the render's graph gives it.

The ground is sample footage as a still; everything else is planned and drawn by what plans and draws a reel. Nothing is
stored. `sheet` lays frames side by side.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from reels.art.drawing import scene_of
from reels.art.grounds import draw_ground, draw_shade
from reels.art.logo import draw_logo
from reels.campaign.brand import Brand
from reels.campaign.model import ReelSpec
from reels.campaign.template import Template
from reels.cues import cue_texts
from reels.edit import EditList, cut_clips, with_cards
from reels.encode import PictureSpec
from reels.framing import load_centerface
from reels.geometry import Raster
from reels.graph.picture import OverlayOnPicture, StillPiece, build_shown_frame
from reels.layout import Obstacle, Stage
from reels.perform.bench import lay_in
from reels.plan.cards import Card, cards_of, ground_of, inserted
from reels.plan.delivery import common_keep_clear, common_safe_area
from reels.plan.faces import head_around
from reels.plan.overlays import PlacedOverlay, overlays_of
from reels.plan.screen import Screen, screen_of, stage_for
from reels.platforms import Platform
from reels.sample.still import sample_still
from reels.showcase.sample_reel import CLIP_SECONDS, SampleLanguage, SampleLength, sample_reel
from reels.steps import LogoWork, ShadeWork
from reels.subtitles import Cue, write_ass
from reels.timing import FrameRange, TimeRange
from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["LaidOut", "Showcase", "frame_shown", "is_card", "lay_out", "moments"]

_RATE = Fraction(30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase:
    """A template in a brand's colours, for `platforms` of one raster, with words of a language and a length."""

    template: Template
    brand: Brand
    platforms: tuple[Platform, ...]
    language: SampleLanguage = "ko"
    length: SampleLength = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """The sample reel as it is laid out; `stills` are what its clips show, `faces` where heads are in them."""

    reel: ReelSpec
    cards: tuple[Card, ...]
    cut: EditList
    spec: PictureSpec
    stage: Stage
    screen: Screen
    overlays: tuple[PlacedOverlay, ...]
    caption: str
    stills: tuple[Path, ...]
    faces: tuple[Obstacle, ...]


# --- laid out --------------------------------------------------------------------------------------------


def lay_out(showcase: Showcase, folder: Path) -> LaidOut:
    """The sample reel of `showcase`; its stills are written into `folder`.

    Raises: CampaignProblems, UsageError where the platforms leave no room; ToolMissing.
    """
    raster = showcase.platforms[0].raster
    stills = []
    for name, upright in (("upright", True), ("landscape", False)):
        stills.append(folder / f"{name}.png")
        sample_still(raster, upright=upright).save(stills[-1], compress_level=1)
    picture = folder / "picture.png"
    sample_still(Raster(960, 720), upright=False).save(picture, compress_level=1)
    reel, caption = sample_reel(
        showcase.template,
        showcase.brand,
        showcase.platforms,
        language=showcase.language,
        length=showcase.length,
        picture=picture,
    )
    cards = cards_of(reel, _RATE)
    clips = cut_clips([TimeRange(Fraction(0), CLIP_SECONDS)] * len(reel.clips), _RATE)
    cut = with_cards(clips, inserted(cards, range(len(reel.clips))))
    spec = PictureSpec(raster=raster, rate=_RATE)
    safe, clear = common_safe_area(showcase.platforms), common_keep_clear(showcase.platforms)
    stage = stage_for(reel, spec, safe, clear)
    faces = tuple(_faces(cut, stills, raster))
    placed = overlays_of(reel, reel.clips, cards, cut, spec, stage, lambda _: faces)
    return LaidOut(
        reel=reel,
        cards=cards,
        cut=cut,
        spec=spec,
        stage=stage,
        screen=screen_of(reel, stage),
        overlays=placed.overlays,
        caption=caption,
        stills=tuple(stills),
        faces=faces,
    )


def _faces(cut: EditList, stills: Sequence[Path], raster: Raster) -> Iterator[Obstacle]:
    """The heads in the stills, found as they are in footage."""
    detector = load_centerface()
    for number, path in enumerate(stills):
        plays = cut.of_clip(number)
        if plays is None:
            continue
        small = Raster(raster.width // 2, raster.height // 2)
        with Image.open(path) as still:
            pixels = np.asarray(still.convert("RGB").resize((small.width, small.height)))
        for face in detector.find(pixels, shown_as=raster):
            box = head_around((face.left, face.top, face.right, face.bottom), raster)
            if box is not None:
                yield Obstacle(box=box, frames=plays)


# --- frames ----------------------------------------------------------------------------------------------


def moments(laid: LaidOut) -> Iterator[tuple[str, int]]:
    """Name and programme frame of what is worth a look: each element and each card late, when all of it has come."""
    for overlay in laid.overlays:
        kind = overlay.name.rstrip("0123456789-")
        if kind in ("logo", "progress", "shade", "ai-label", "hashtags", "place", "card-countdown"):
            continue
        label = kind
        if kind == "card":
            card = laid.cards[int(overlay.name.rpartition("-")[2]) - 1]
            label = "end card" if card.is_end else f"card: {card.spec.kind}"
        yield label, overlay.shown.start + overlay.shown.count * 3 // 5


def _holds(frames: FrameRange, frame: int) -> bool:
    return frames.start <= frame < frames.end


def is_card(laid: LaidOut, frame: int) -> bool:
    """Whether a card is on screen in programme frame `frame`."""
    return any(_holds(card.range_in_programme, frame) for card in laid.cut.cards)


def frame_shown(
    laid: LaidOut, frame: int, folder: Path, *, overlays: bool = True, subtitles: bool = True
) -> Image.Image:
    """Programme frame `frame` ("RGB") as the render's graph gives it, with or without what is drawn over it."""
    span = next(s for s in laid.cut.spans if _holds(s.range_in_programme, frame))
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        behind = laid.stills[span.clip] if not span.is_card else _card_ground(laid, span.clip, work)
        shown = [
            OverlayOnPicture(
                path=_drawn(overlay, frame, laid, work / f"overlay{number}.png"),
                left=overlay.box.left,
                top=overlay.box.top,
                still=True,
            )
            for number, overlay in enumerate(laid.overlays)
            if overlays and _holds(overlay.shown, frame)
        ]
        with_words = subtitles and not span.is_card
        if with_words:
            _write_subtitles(laid, work)
        command = build_shown_frame(
            StillPiece(path=behind, frames=1),
            shown,
            laid.spec,
            subtitles="cues.ass" if with_words else None,
            fonts="fonts",
            output="frame.png",
        )
        run_ffmpeg(command.arguments, doing="drawing a frame", cwd=work, graph=command.graph)
        with Image.open(work / "frame.png") as picture:
            made: Image.Image = picture.convert("RGB")
    return made


def _card_ground(laid: LaidOut, number: int, work: Path) -> Path:
    ground = ground_of(laid.cards[number], laid.reel.brand)
    assert ground is not None, "no film plays behind a sample card"
    path = work / "ground.png"
    draw_ground(ground, laid.spec.raster).save(path, compress_level=1)
    return path


def _drawn(overlay: PlacedOverlay, frame: int, laid: LaidOut, path: Path) -> Path:
    work = overlay.work
    if isinstance(work, LogoWork):
        draw_logo(work.logo, room=work.room, opacity=float(work.opacity)).save(path)
    elif isinstance(work, ShadeWork):
        draw_shade(work.shade, work.raster).save(path)
    else:
        scene = scene_of(work.element, raster=work.raster, room=work.room, rate=work.rate, where=work.where)
        scene.at(scene.frames - 1 if overlay.still else frame - overlay.shown.start).save(path)
    return path


def _write_subtitles(laid: LaidOut, work: Path) -> None:
    style = laid.screen.style
    lines = cue_texts(laid.caption, laid.screen.rules)[0]
    cue = Cue(start=Fraction(0), end=Fraction(1), lines=tuple(lines))
    ass = write_ass([cue], style=style, raster=laid.spec.raster, rate=_RATE)
    (work / "cues.ass").write_text(ass, encoding="utf-8")
    (work / "fonts").mkdir()
    lay_in(style.font.path, work / "fonts" / f"font{style.font.path.suffix.lower()}")
