"""Stills drawn by Pillow: title, lower third, logo, cover.

Each still is "RGBA" with straight alpha and even sides, exactly as large as what is on it, and carries
colour into its transparent pixels (see `alpha`). Sizes in a look are those of a picture with 1920 lines.
The `measure_` functions tell a still's raster without drawing it. `motion` animates the stills, `graph`
lays them over the picture.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from reels.art.alpha import bleed, clear, paint, rounded_mask
from reels.art.elements import CoverLook, LowerThirdLook, TitleLook
from reels.art.text import SetText, paint_text, set_text
from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.layout import cover_title_room, scaled
from reels.said import Said

__all__ = [
    "LARGEST_LOGO_PIXELS",
    "draw_cover",
    "draw_logo",
    "draw_lower_third",
    "draw_title",
    "measure_logo",
    "measure_lower_third",
    "measure_title",
]

LARGEST_LOGO_PIXELS = 16_000_000
_LARGEST_LOGO_BYTES = 20_000_000
_LEAST_TITLE_PX = 48
_LEAST_NAME_PX = 36
_LEAST_ROLE_PX = 30
_LEAST_COVER_PX = 56
_SHADOW = 0.55
_SHADE = 0.74
_COVER_QUALITIES = (92, 88, 84, 78, 70, 60, 50, 40, 30)


def _even(px: int) -> int:
    return px + px % 2


# --- title -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title:
    text: SetText
    size: Raster
    left_px: int
    top_px: int
    across_px: int
    """Air between the letters and a plate's left and right edge."""
    above_px: int
    """Air between the letters and a plate's top and foot."""


def measure_title(
    text: str, look: TitleLook, *, raster: Raster, room: Raster, where: str = "title"
) -> Raster:
    """The raster that `draw_title` will return for the same arguments."""
    return _lay_title(text, look, raster, room, where).size


def draw_title(
    text: str, look: TitleLook, *, raster: Raster, room: Raster, where: str = "title"
) -> Image.Image:
    """The title for a picture of `raster`, no larger than `room`.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid = _lay_title(text, look, raster, room, where)
    picture = clear(laid.size.width, laid.size.height)
    if look.ground is None:
        _paint_outlined_title(picture, laid, look, raster)
    else:
        _paint_title_on_plates(picture, laid, look, raster)
    return bleed(picture)


def _lay_title(text: str, look: TitleLook, raster: Raster, room: Raster, where: str) -> _Title:
    size = scaled(look.size_px, raster)
    if look.ground is None:
        around = scaled(look.outline_px, raster) + scaled(12, raster)
        bar = scaled(12, raster) + scaled(22, raster)
        left, top, across, above = around, around + bar, 0, 0
        extra = 2 * around, 2 * around + bar
    else:
        across, above = size * 3 // 10, size * 2 // 10
        left, top, extra = across, above, (2 * across, 2 * above)
    laid = set_text(
        text,
        font=look.font,
        size_px=size,
        least_px=scaled(_LEAST_TITLE_PX, raster),
        width_px=room.width - extra[0] - 1,
        height_px=room.height - extra[1] - 1,
        where=where,
    )
    size_of_all = Raster(_even(laid.width_px + extra[0]), _even(laid.height_px + extra[1]))
    return _Title(text=laid, size=size_of_all, left_px=left, top_px=top, across_px=across, above_px=above)


def _paint_outlined_title(picture: Image.Image, laid: _Title, look: TitleLook, raster: Raster) -> None:
    stroke = scaled(look.outline_px, raster)
    letters, edge = Image.new("L", picture.size, 0), Image.new("L", picture.size, 0)
    for line in range(len(laid.text.lines)):
        baseline = laid.top_px + laid.text.baseline_px(line)
        paint_text(letters, laid.text, line, laid.left_px, baseline)
        paint_text(edge, laid.text, line, laid.left_px, baseline, stroke)
    bar_top = stroke + scaled(6, raster)
    bar = (laid.left_px, bar_top, laid.left_px + scaled(120, raster), bar_top + scaled(12, raster))
    bar_mask = rounded_mask(picture.size, (*bar[:2], min(bar[2], picture.width), bar[3]), scaled(6, raster))
    shadow = edge.filter(ImageFilter.GaussianBlur(scaled(5, raster)))
    paint(picture, shadow, look.outline, _SHADOW)
    paint(picture, bar_mask, look.accent)
    paint(picture, edge, look.outline)
    paint(picture, letters, look.text)


def _paint_title_on_plates(picture: Image.Image, laid: _Title, look: TitleLook, raster: Raster) -> None:
    assert look.ground is not None
    radius = scaled(14, raster)
    plates = Image.new("L", picture.size, 0)
    letters = Image.new("L", picture.size, 0)
    for line, width in enumerate(laid.text.widths_px):
        baseline = laid.top_px + laid.text.baseline_px(line)
        top = baseline - laid.text.ascent_px - laid.above_px
        foot = baseline + laid.text.descent_px + laid.above_px
        plate = rounded_mask(
            picture.size, (0, top, width + 2 * laid.across_px, min(foot, picture.height)), radius
        )
        plates.paste(255, (0, 0), plate)
        paint_text(letters, laid.text, line, laid.left_px, baseline)
    paint(picture, plates, look.ground)
    paint(picture, letters, look.text)


# --- lower third -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _LowerThird:
    name: SetText
    role: SetText | None
    size: Raster
    left_px: int
    name_top_px: int
    role_top_px: int
    bar_px: int


def measure_lower_third(
    name: str, role: str, look: LowerThirdLook, *, raster: Raster, room: Raster, where: str = "people"
) -> Raster:
    """The raster that `draw_lower_third` will return for the same arguments."""
    return _lay_lower_third(name, role, look, raster, room, where).size


def draw_lower_third(
    name: str, role: str, look: LowerThirdLook, *, raster: Raster, room: Raster, where: str = "people"
) -> Image.Image:
    """Who speaks: `name` above `role`, which may be empty; for a picture of `raster`, no larger than `room`.

    Raises: GlyphMissing, FontMissing, CampaignProblems.
    """
    laid = _lay_lower_third(name, role, look, raster, room, where)
    picture = clear(laid.size.width, laid.size.height)
    whole = (0, 0, laid.size.width, laid.size.height)
    plate = rounded_mask(picture.size, whole, scaled(16, raster))
    bar = Image.new("L", picture.size, 0)
    bar.paste(plate.crop((0, 0, laid.bar_px, laid.size.height)), (0, 0))
    letters = Image.new("L", picture.size, 0)
    for text, top in ((laid.name, laid.name_top_px), (laid.role, laid.role_top_px)):
        for line in range(len(text.lines) if text else 0):
            assert text is not None
            paint_text(letters, text, line, laid.left_px, top + text.baseline_px(line))
    paint(picture, plate, look.ground)
    paint(picture, bar, look.accent)
    paint(picture, letters, look.text)
    return bleed(picture)


def _lay_lower_third(
    name: str, role: str, look: LowerThirdLook, raster: Raster, room: Raster, where: str
) -> _LowerThird:
    bar, across = scaled(14, raster), scaled(30, raster)
    above, between = scaled(24, raster), scaled(14, raster)
    width = room.width - bar - 2 * across - 1
    height = room.height - 2 * above - 1
    role = " ".join(role.split())
    # The role may take what the name leaves; the name gets two thirds at the most.
    name_set = set_text(
        name,
        font=look.name_font,
        size_px=scaled(look.name_size_px, raster),
        least_px=scaled(_LEAST_NAME_PX, raster),
        width_px=width,
        height_px=height * 2 // 3 if role else height,
        where=f"{where} name",
    )
    role_set = None
    text_height, text_width = name_set.height_px, name_set.width_px
    if role:
        least_role = scaled(_LEAST_ROLE_PX, raster)
        # A name that had to shrink stays larger than the role below it.
        beside_name = name_set.size_px * look.role_size_px // look.name_size_px
        role_set = set_text(
            role,
            font=look.role_font,
            size_px=min(scaled(look.role_size_px, raster), max(least_role, beside_name)),
            least_px=least_role,
            width_px=width,
            height_px=height - name_set.height_px - between,
            where=f"{where} role",
        )
        text_height += between + role_set.height_px
        text_width = max(text_width, role_set.width_px)
    return _LowerThird(
        name=name_set,
        role=role_set,
        size=Raster(_even(bar + 2 * across + text_width), _even(2 * above + text_height)),
        left_px=bar + across,
        name_top_px=above,
        role_top_px=above + name_set.height_px + between,
        bar_px=bar,
    )


# --- logo ------------------------------------------------------------------------------------------------


def measure_logo(path: Path, *, room: Raster) -> Raster:
    """The raster that `draw_logo` will return for the same arguments."""
    with _opened_logo(path) as picture:
        return _logo_raster(_shown_raster(picture), room)


def draw_logo(path: Path, *, room: Raster, opacity: float = 1.0) -> Image.Image:
    """The brand's mark from a PNG or JPEG file (hostile input), as large as `room` allows in its own shape.

    Raises: CampaignProblems.
    """
    with _opened_logo(path) as picture:
        size = _logo_raster(_shown_raster(picture), room)
        try:
            upright = ImageOps.exif_transpose(picture) if _orientation(picture) != 1 else _eight_bits(picture)
            upright = upright.convert("RGBA")
        except (OSError, ValueError, SyntaxError, MemoryError) as error:
            raise _logo_problem(path, Said(f"a damaged picture ({error})", ko="손상된 그림")) from None
    small = upright.resize((size.width, size.height), Image.Resampling.LANCZOS)
    if opacity < 1:
        small.putalpha(small.getchannel("A").point([round(value * opacity) for value in range(256)]))
    return bleed(small)


def _opened_logo(path: Path) -> Image.Image:
    if not path.is_file():
        raise _logo_problem(path, Said("no such file", ko="없는 파일"))
    if path.stat().st_size > _LARGEST_LOGO_BYTES:
        raise _logo_problem(path, Said(f"{path.stat().st_size} bytes", ko=f"{path.stat().st_size}바이트"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            # Only the header is read here; the pixels wait until their number is known to be harmless.
            picture = Image.open(path, formats=("PNG", "JPEG"))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            found = (
                Said("too many pixels", ko="픽셀이 너무 많은 그림")
                if isinstance(error, Image.DecompressionBombError)
                else Said("no PNG or JPEG picture", ko="PNG도 JPEG도 아닌 파일")
            )
            raise _logo_problem(path, found) from None
    if picture.width * picture.height > LARGEST_LOGO_PIXELS:
        picture.close()
        raise _logo_problem(
            path, Said(f"{picture.width}x{picture.height} pixels", ko=f"{picture.width}x{picture.height}픽셀")
        )
    return picture


def _orientation(picture: Image.Image) -> int:
    # Only photographs are turned by their metadata; asking a PNG would decode all of it.
    if picture.format != "JPEG":
        return 1
    try:
        return int(picture.getexif().get(0x0112, 1))
    except (OSError, ValueError, TypeError, SyntaxError, struct.error):
        return 1  # metadata that cannot be read turns nothing, in any viewer


def _shown_raster(picture: Image.Image) -> Raster:
    across = _orientation(picture) in (5, 6, 7, 8)
    return Raster(picture.height, picture.width) if across else Raster(picture.width, picture.height)


def _eight_bits(picture: Image.Image) -> Image.Image:
    # A plain conversion would clip a 16-bit grey picture to white.
    if picture.mode.startswith("I"):
        return picture.convert("I").point([value // 257 for value in range(65536)], "L")
    return picture


def _logo_raster(shown: Raster, room: Raster) -> Raster:
    """Even sides inside `room`, as near to the logo's shape as whole pixels can be."""
    width = min(room.width, room.height * shown.width // shown.height)
    height = min(room.height, (width * shown.height + shown.width // 2) // shown.width)
    return Raster(max(2, width - width % 2), max(2, height - height % 2))


def _logo_problem(path: Path, found: str) -> CampaignProblems:
    return CampaignProblems(
        problems=(
            CampaignProblem(
                where=Said(f"{path.name} (logo)", ko=f"{path.name}(로고)"),
                found=found,
                expected=Said(
                    f"a PNG or JPEG picture of at most {LARGEST_LOGO_PIXELS // 1_000_000} megapixels "
                    f"and {_LARGEST_LOGO_BYTES // 1_000_000} MB",
                    ko=f"{LARGEST_LOGO_PIXELS // 10_000}만 픽셀, {_LARGEST_LOGO_BYTES // 1_000_000} MB 이하의 "
                    "PNG나 JPEG 그림",
                ),
                remedy=Said(
                    "save the logo as PNG with a transparent ground, about 1000 pixels wide",
                    ko="로고를 바탕이 투명한 PNG로, 너비 1000픽셀쯤으로 저장해 주세요.",
                ),
            ),
        )
    )


# --- cover -----------------------------------------------------------------------------------------------


def draw_cover(
    frame: Image.Image,
    title: str,
    look: CoverLook,
    *,
    largest_bytes: int = 2_000_000,
    where: str = "cover title",
) -> bytes:
    """JPEG (sRGB, no metadata) of `frame` ("RGB", the reel's raster) with `title`, which may be empty.

    The title stands at the foot of the middle square that profile grids show: whole in 1:1, 3:4 and 9:16.

    Raises: GlyphMissing, FontMissing, CampaignProblems where the title or the file does not fit.
    """
    picture = frame.convert("RGBA")
    if unicodedata.normalize("NFC", title).strip():
        _paint_cover_title(picture, title, look, where)
    finished = picture.convert("RGB")
    size = 0
    for quality in _COVER_QUALITIES:
        file = io.BytesIO()
        # Not "optimize": libjpeg then refuses pictures with more detail than Pillow's buffer foresees.
        finished.save(file, "JPEG", quality=quality, subsampling=0 if quality > 80 else 2)
        size = file.tell()
        if size <= largest_bytes:
            return file.getvalue()
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=where,
                found=Said(f"{size} bytes at the lowest quality", ko=f"가장 낮은 화질로도 {size}바이트"),
                expected=Said(f"at most {largest_bytes} bytes", ko=f"{largest_bytes}바이트 이하"),
                remedy=Said("choose another frame for the cover", ko="표지로 다른 장면을 골라 주세요."),
            ),
        )
    )


def _paint_cover_title(picture: Image.Image, title: str, look: CoverLook, where: str) -> None:
    raster = Raster(*picture.size)
    room = cover_title_room(raster)
    bar, gap = scaled(14, raster), scaled(34, raster)
    text = set_text(
        title,
        font=look.font,
        size_px=scaled(look.size_px, raster),
        least_px=scaled(_LEAST_COVER_PX, raster),
        width_px=room.width,
        height_px=(room.height * 3) // 5 - bar - gap,
        where=where,
    )
    top = room.bottom - text.height_px
    head = top - gap - bar
    _shade(picture, max(0, head - scaled(150, raster)), head, look)
    letters = Image.new("L", picture.size, 0)
    for line in range(len(text.lines)):
        paint_text(letters, text, line, room.left, top + text.baseline_px(line))
    edge = letters.filter(ImageFilter.GaussianBlur(scaled(10, raster)))
    bar_box = (room.left, top - gap - bar, room.left + scaled(150, raster), top - gap)
    paint(picture, edge, look.ground, 0.8)
    paint(picture, rounded_mask(picture.size, bar_box, bar // 2), look.accent)
    paint(picture, letters, look.text)


def _shade(picture: Image.Image, start_px: int, full_px: int, look: CoverLook) -> None:
    """The ground colour: nothing at `start_px`, at `full_px` enough for white letters on a white wall."""
    column = Image.new("L", (1, picture.height), 0)
    for y in range(start_px, picture.height):
        rise = min(1.0, (y - start_px) / max(1, full_px - start_px))
        fall = max(0.0, (y - full_px) / max(1, picture.height - full_px))
        # Smooth at both ends of the rise: a corner in the shade would show as a line.
        column.putpixel((0, y), round(255 * (_SHADE * rise * rise * (3 - 2 * rise) + (0.82 - _SHADE) * fall)))
    paint(picture, column.resize(picture.size, Image.Resampling.NEAREST), look.ground)
