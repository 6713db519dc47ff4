"""Frames of a sample reel side by side, as the render would show them: the same places, drawings and graph.

The safe area, what platforms lay over the picture, and the room of the subtitles are marked. `laid` gives the frames.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from reels.art.cover import draw_cover
from reels.campaign.template import cover_look
from reels.geometry import Box, Raster
from reels.plan.delivery import common_keep_clear
from reels.resources import fonts_dir
from reels.showcase.laid import LaidOut, Showcase, frame_shown, is_card, lay_out, moments

__all__ = ["contact_sheet"]

_MARKS = {"safe": (60, 220, 120), "kept clear": (255, 80, 80), "subtitles": (90, 180, 255)}
_THUMBNAIL = Raster(270, 480)
_ACROSS = 6
_LABEL_PX = 30
_AIR_PX = 10


def contact_sheet(showcase: Showcase, *, marked: bool = True) -> Image.Image:
    """Every frame that says something about the template ("RGB"); `marked`: with the safe areas drawn over it.

    Raises: CampaignProblems, UsageError where the platforms leave no room; ToolMissing.
    """
    with tempfile.TemporaryDirectory(prefix="reels-showcase-") as name:
        folder = Path(name)
        laid = lay_out(showcase, folder)
        shown = []
        for label, frame in moments(laid):
            picture = frame_shown(laid, frame, folder)
            shown.append((label, _marked(picture, laid, is_card=is_card(laid, frame)) if marked else picture))
        shown.append(("cover", _cover(laid)))
    return _side_by_side(shown)


def _cover(laid: LaidOut) -> Image.Image:
    with Image.open(laid.stills[0]) as still:
        made = draw_cover(
            still.convert("RGB"), laid.reel.title or "", cover_look(laid.reel.template, laid.reel.brand)
        )
    return Image.open(io.BytesIO(made)).convert("RGB")


# --- the sheet -------------------------------------------------------------------------------------------


def _marked(picture: Image.Image, laid: LaidOut, *, is_card: bool) -> Image.Image:
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
