"""Frames of a sample reel side by side, as the render would show them: the same places, drawings and graph.

The ground is sample footage as a still; the safe area, what platforms lay over the picture, and the room of the subtitles
are marked. Nothing is stored.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from reels.art.cover import draw_cover
from reels.art.drawing import scene_of
from reels.art.grounds import draw_ground, draw_shade
from reels.art.logo import draw_logo
from reels.campaign.brand import Brand
from reels.campaign.model import ReelSpec
from reels.campaign.template import Template, cover_look
from reels.cues import cue_texts
from reels.edit import EditList, cut_clips, with_cards
from reels.encode import PictureSpec
from reels.framing import load_centerface
from reels.geometry import Box, Raster
from reels.graph.picture import OverlayOnPicture, StillPiece, build_shown_frame
from reels.layout import Obstacle, Stage
from reels.perform.bench import lay_in
from reels.plan.cards import Card, cards_of, ground_of, inserted
from reels.plan.delivery import common_keep_clear, common_safe_area
from reels.plan.faces import head_around
from reels.plan.overlays import PlacedOverlay, overlays_of
from reels.plan.screen import Screen, screen_of, stage_for
from reels.platforms import Platform
from reels.resources import fonts_dir
from reels.sample.still import sample_still
from reels.showcase.sample_reel import CLIP_SECONDS, SampleLanguage, SampleLength, sample_reel
from reels.steps import LogoWork, ShadeWork
from reels.subtitles import Cue, write_ass
from reels.timing import FrameRange, TimeRange
from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["Showcase", "contact_sheet"]

_RATE = Fraction(30)
_MARKS = {"safe": (60, 220, 120), "kept clear": (255, 80, 80), "subtitles": (90, 180, 255)}
_THUMBNAIL = Raster(270, 480)
_ACROSS = 6
_LABEL_PX = 30
_AIR_PX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase:
    """A template in a brand's colours, for `platforms` of one raster, with words of a language and a length."""

    template: Template
    brand: Brand
    platforms: tuple[Platform, ...]
    language: SampleLanguage = "ko"
    length: SampleLength = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """The sample reel as it is laid out."""

    reel: ReelSpec
    cards: tuple[Card, ...]
    cut: EditList
    spec: PictureSpec
    stage: Stage
    screen: Screen
    overlays: tuple[PlacedOverlay, ...]
    caption: str
    stills: tuple[Path, ...]


def contact_sheet(showcase: Showcase, *, marked: bool = True) -> Image.Image:
    """Every frame that says something about the template ("RGB"); `marked`: with the safe areas drawn over it.

    Raises: CampaignProblems, UsageError where the platforms leave no room; ToolMissing.
    """
    with tempfile.TemporaryDirectory(prefix="reels-showcase-") as name:
        folder = Path(name)
        laid = _lay_out(showcase, folder)
        shown = []
        for label, frame in _moments(laid):
            picture = _frame(laid, frame, folder)
            shown.append(
                (label, _marked(picture, laid, is_card=_is_card(laid, frame)) if marked else picture)
            )
        shown.append(("cover", _cover(laid)))
    return _side_by_side(shown)


# --- laid out --------------------------------------------------------------------------------------------


def _lay_out(showcase: Showcase, folder: Path) -> _Laid:
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
    cut = with_cards(clips, inserted(cards))
    spec = PictureSpec(raster=raster, rate=_RATE)
    safe, clear = common_safe_area(showcase.platforms), common_keep_clear(showcase.platforms)
    stage = stage_for(reel, spec, safe, clear)
    faces = tuple(_faces(cut, stills, raster))
    placed = overlays_of(reel, reel.clips, cards, cut, spec, stage, faces)
    return _Laid(
        reel=reel,
        cards=cards,
        cut=cut,
        spec=spec,
        stage=stage,
        screen=screen_of(reel, stage),
        overlays=placed.overlays,
        caption=caption,
        stills=tuple(stills),
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


def _moments(laid: _Laid) -> Iterator[tuple[str, int]]:
    """What is worth a look: a frame late in each element's time, when all of it has come, and one of each card."""
    for overlay in laid.overlays:
        kind = overlay.name.rstrip("0123456789-")
        if kind in ("logo", "progress", "shade", "ai-label", "hashtags", "place"):
            continue
        if kind == "countdown" and any(
            _holds(card.range_in_programme, overlay.shown.start) for card in laid.cut.cards
        ):
            continue
        label = kind
        if kind == "card":
            card = laid.cards[int(overlay.name.rpartition("-")[2]) - 1]
            label = "end card" if card.is_end else f"card: {card.spec.kind}"
        yield label, overlay.shown.start + overlay.shown.count * 3 // 5


def _holds(frames: FrameRange, frame: int) -> bool:
    return frames.start <= frame < frames.end


def _is_card(laid: _Laid, frame: int) -> bool:
    return any(_holds(card.range_in_programme, frame) for card in laid.cut.cards)


def _frame(laid: _Laid, frame: int, folder: Path) -> Image.Image:
    """Programme frame `frame` as the render's graph gives it."""
    span = next(s for s in laid.cut.spans if _holds(s.range_in_programme, frame))
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        behind = laid.stills[span.clip] if not span.is_card else _card_ground(laid, span.clip, work)
        overlays = [
            OverlayOnPicture(
                path=_drawn(overlay, frame, laid, work / f"overlay{number}.png"),
                left=overlay.box.left,
                top=overlay.box.top,
                still=True,
            )
            for number, overlay in enumerate(laid.overlays)
            if _holds(overlay.shown, frame)
        ]
        if not span.is_card:
            _write_subtitles(laid, work)
        command = build_shown_frame(
            StillPiece(path=behind, frames=1),
            overlays,
            laid.spec,
            subtitles=None if span.is_card else "cues.ass",
            fonts="fonts",
            output="frame.png",
        )
        run_ffmpeg(command.arguments, doing="drawing a frame", cwd=work, graph=command.graph)
        with Image.open(work / "frame.png") as picture:
            shown: Image.Image = picture.convert("RGB")
    return shown


def _card_ground(laid: _Laid, number: int, work: Path) -> Path:
    ground = ground_of(laid.cards[number], laid.reel.brand)
    assert ground is not None, "no film plays behind a sample card"
    path = work / "ground.png"
    draw_ground(ground, laid.spec.raster).save(path, compress_level=1)
    return path


def _drawn(overlay: PlacedOverlay, frame: int, laid: _Laid, path: Path) -> Path:
    work = overlay.work
    if isinstance(work, LogoWork):
        draw_logo(work.logo, room=work.room, opacity=float(work.opacity)).save(path)
    elif isinstance(work, ShadeWork):
        draw_shade(work.shade, work.raster).save(path)
    else:
        scene = scene_of(work.element, raster=work.raster, room=work.room, rate=work.rate, where=work.where)
        scene.at(scene.frames - 1 if overlay.still else frame - overlay.shown.start).save(path)
    return path


def _write_subtitles(laid: _Laid, work: Path) -> None:
    style = laid.screen.style
    lines = cue_texts(laid.caption, laid.screen.rules)[0]
    cue = Cue(start=Fraction(0), end=Fraction(1), lines=tuple(lines))
    ass = write_ass([cue], style=style, raster=laid.spec.raster, rate=_RATE)
    (work / "cues.ass").write_text(ass, encoding="utf-8")
    (work / "fonts").mkdir()
    lay_in(style.font.path, work / "fonts" / f"font{style.font.path.suffix.lower()}")


def _cover(laid: _Laid) -> Image.Image:
    with Image.open(laid.stills[0]) as still:
        made = draw_cover(
            still.convert("RGB"), laid.reel.title or "", cover_look(laid.reel.template, laid.reel.brand)
        )
    return Image.open(io.BytesIO(made)).convert("RGB")


# --- the sheet -------------------------------------------------------------------------------------------


def _marked(picture: Image.Image, laid: _Laid, *, is_card: bool) -> Image.Image:
    """`picture` with what the platforms leave free, what they lay over it, and the room of the subtitles."""
    draw = ImageDraw.Draw(picture, "RGBA")
    boxes: list[tuple[str, Box]] = [("kept clear", box) for box in common_keep_clear(laid.reel.platforms)]
    boxes.append(("safe", laid.stage.safe))
    if not is_card:
        boxes.append(("subtitles", laid.stage.subtitles.box))
    for name, box in boxes:
        colour = _MARKS[name]
        fill = (*colour, 36) if name == "kept clear" else None
        draw.rectangle(
            (box.left, box.top, box.right - 1, box.bottom - 1), fill=fill, outline=(*colour, 255), width=4
        )
    return picture


def _side_by_side(shown: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    rows = -(-len(shown) // _ACROSS)
    cell = Raster(_THUMBNAIL.width + _AIR_PX, _THUMBNAIL.height + _LABEL_PX + _AIR_PX)
    across = min(_ACROSS, len(shown))
    sheet = Image.new("RGB", (across * cell.width + _AIR_PX, rows * cell.height + _AIR_PX), (245, 246, 248))
    draw = ImageDraw.Draw(sheet)
    face = ImageFont.truetype(fonts_dir() / "Pretendard-Bold.otf", 18, layout_engine=ImageFont.Layout.BASIC)
    for number, (label, picture) in enumerate(shown):
        left = _AIR_PX + number % _ACROSS * cell.width
        top = _AIR_PX + number // _ACROSS * cell.height
        draw.text((left + 2, top), label, fill=(40, 46, 56), font=face)
        small = picture.resize((_THUMBNAIL.width, _THUMBNAIL.height), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top + _LABEL_PX))
    return sheet
