"""Picture files of unknown origin, opened with care: upright, in the colours of the screen, as large as they are shown.

Nothing but a file's header is read before its pixels are known to be few enough; what is damaged is refused with a
message for people. `upright` is the one way from a file's pixels to ours. `pictures`, `cards`, `end_card` and `grounds`
ask with the usual limits, `logo` and `photo` with their own.
"""

from __future__ import annotations

import io
import stat
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from reels.errors import CampaignProblem, CampaignProblems
from reels.geometry import Raster
from reels.said import Said, said_by_system

__all__ = ["BROKEN", "PictureLimits", "open_picture", "quietly", "shown_raster", "stamp", "upright"]

BROKEN = (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError, TypeError, struct.error)
"""What Pillow raises of files that are damaged or made to do harm."""

_LARGEST_PROFILE_BYTES = 4_000_000
_EXIF_ORIENTATION = 0x0112
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the orientation that its metadata says."""
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})

_NOTHING_ELSE = Said("", ko="")
_SAVE_AGAIN = Said(
    "save the picture as JPEG or PNG, about 2000 pixels wide",
    ko="그림을 JPEG나 PNG로, 너비 2000픽셀쯤으로 저장해 주세요.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """What is opened: `formats` as Pillow calls them, and how much of it.

    `others` are formats that are taken too and opened by somebody else, `besides` what else is expected of a picture.
    """

    formats: tuple[str, ...] = ("PNG", "JPEG", "WEBP")
    others: tuple[str, ...] = ()
    most_bytes: int = 60_000_000
    most_pixels: int = 64_000_000
    """A phone's largest photographs have 50 million."""
    besides: Said = _NOTHING_ELSE
    remedy: Said = _SAVE_AGAIN

    @property
    def expected(self) -> Said:
        names = _listed((*self.formats, *self.others))
        megabytes, megapixels = self.most_bytes // 1_000_000, self.most_pixels // 1_000_000
        pixels = f"{megapixels // 100}억" if megapixels % 100 == 0 else f"{megapixels * 100}만"
        return Said(
            f"a {names} picture of at most {megapixels} megapixels and {megabytes} MB{self.besides}",
            ko=f"{pixels} 픽셀, {megabytes} MB 이하의 {names.ko} 그림{self.besides.ko}",
        )

    def refusal(self, path: Path, what: Said, found: str) -> CampaignProblems:
        """The error for the picture at `path`, which messages call `what`, in which something was found."""
        problem = CampaignProblem(
            where=Said(f"{path.name} ({what})", ko=f"{path.name}({what.ko})"),
            found=found,
            expected=self.expected,
            remedy=self.remedy,
        )
        return CampaignProblems(problems=(problem,))


_USUAL = PictureLimits()


def _listed(formats: tuple[str, ...]) -> Said:
    """Formats as people call them."""
    names = ["WebP" if name == "WEBP" else name for name in formats]
    return Said(" or ".join((", ".join(names[:-1]), names[-1])), ko=", ".join(names))


def shown_raster(path: Path, *, what: Said, limits: PictureLimits = _USUAL) -> Raster:
    """The raster of the picture at `path` as a viewer shows it, turned by its metadata; only the header is read.

    `what` names the picture in messages. Raises: CampaignProblems.
    """
    with _opened(path, limits, what) as picture:
        across = _orientation(picture) in _ON_ITS_SIDE
        return Raster(*(picture.size[::-1] if across else picture.size))


def open_picture(
    path: Path, *, size: Raster, what: Said, cover: bool = False, limits: PictureLimits = _USUAL
) -> Image.Image:
    """The picture at `path` as `upright` makes it; the first picture of an animated file.

    Raises: CampaignProblems.
    """
    with _opened(path, limits, what) as picture:
        try:
            return upright(picture, size, cover=cover)
        except BROKEN as error:
            raise limits.refusal(
                path, what, _told(error, Said("a damaged picture", ko="손상된 그림"))
            ) from None


def upright(picture: Image.Image, size: Raster, *, cover: bool = False) -> Image.Image:
    """`picture`, as Pillow opened it, as a viewer shows it: "RGBA" in sRGB, straight alpha, of exactly `size`.

    With `cover` only the middle that has the shape of `size`, else all of it, whatever its shape.

    Raises: BROKEN.
    """
    turn, profile = _orientation(picture), picture.info.get("icc_profile")
    wide, tall = (size.height, size.width) if turn in _ON_ITS_SIDE else (size.width, size.height)
    scale = max(wide / picture.width, tall / picture.height)
    # A JPEG decodes at a half, a quarter or an eighth of its size at a fraction of the cost; others take no notice.
    picture.draft(None, (ceil(2 * scale * picture.width), ceil(2 * scale * picture.height)))
    whole = _eight_bits(picture)
    box = _middle(whole.size, (wide, tall)) if cover else None
    small = whole.resize((wide, tall), Image.Resampling.LANCZOS, box, reducing_gap=3)
    return _in_srgb(small.transpose(_TURNED[turn]) if turn in _TURNED else small, profile)


def stamp(path: Path | None) -> tuple[int, int]:
    """Another picture under the same name has another: what is remembered of a file must know which one it was."""
    try:
        status = path.stat() if path is not None else None
    except (OSError, ValueError):
        status = None  # what is missing is told by who opens it
    return (status.st_size, status.st_mtime_ns) if status is not None else (0, 0)


@contextmanager
def quietly() -> Iterator[None]:
    """Without Pillow's warnings, which nobody could act on; not to be held for long.

    The interpreter has one list of what to do with warnings: two threads that change it in turn would leave it changed.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def _opened(path: Path, limits: PictureLimits, what: Said) -> Iterator[Image.Image]:
    """The picture at `path`, its header read and its size within `limits`; its pixels wait to be asked for.

    Raises: CampaignProblems.
    """
    with _file(path, limits, what) as file:
        try:
            with quietly():
                picture: Image.Image = Image.open(file, formats=limits.formats)
        except Image.DecompressionBombError:
            raise limits.refusal(path, what, Said("too many pixels", ko="픽셀이 너무 많은 그림")) from None
        except BROKEN as error:
            names = _listed(limits.formats)
            found = Said(f"no {names} picture", ko=f"{names.ko} 그림이 아닌 파일")
            raise limits.refusal(path, what, _told(error, found)) from None
        with picture:
            if picture.width * picture.height > limits.most_pixels:
                size = f"{picture.width}x{picture.height}"
                raise limits.refusal(path, what, Said(f"{size} pixels", ko=f"{size}픽셀"))
            yield picture


def _file(path: Path, limits: PictureLimits, what: Said) -> io.BufferedReader:
    """Raises: CampaignProblems for what is no file, cannot be read or has too many bytes."""
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= limits.most_bytes:
            return path.open("rb")
    except (FileNotFoundError, ValueError):  # no path holds a null, which YAML can spell
        raise limits.refusal(path, what, Said("no such file", ko="없는 파일")) from None
    except OSError as error:
        raise limits.refusal(path, what, said_by_system(error)) from None
    if stat.S_ISREG(status.st_mode):
        raise limits.refusal(path, what, Said(f"{status.st_size} bytes", ko=f"{status.st_size}바이트"))
    raise limits.refusal(path, what, Said("a folder or a device", ko="폴더나 장치"))


def _told(error: Exception, otherwise: Said) -> str:
    """In the words of the system where it is the disk that failed, and not the picture."""
    return said_by_system(error, otherwise) if isinstance(error, OSError) else otherwise


def _orientation(picture: Image.Image) -> int:
    """How the metadata turns a picture, 1 (not at all) to 8. Source: EXIF 2.32, tag 274."""
    # Only photographs are turned; asking a PNG whose pixels are not read yet would decode all of it.
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    try:
        with quietly():
            return int(picture.getexif().get(_EXIF_ORIENTATION, 1))
    except BROKEN:
        return 1  # metadata that cannot be read turns nothing, in any viewer


def _eight_bits(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: eight bits a channel, and what is clear in a channel of its own."""
    picture.load()
    if picture.mode.startswith("I"):
        # Grey of 16 bits, which a plain conversion would clip to white.
        deep = np.asarray(picture)
        grey = Image.fromarray((deep // 257).clip(0, 255).astype(np.uint8))
        clear = picture.info.get("transparency")
        if isinstance(clear, int):
            grey.putalpha(Image.fromarray(np.where(deep == clear, 0, 255).astype(np.uint8)))
        return grey
    if picture.has_transparency_data and picture.mode not in ("LA", "RGBA"):
        return picture.convert("RGBA")
    if picture.mode in ("1", "P"):
        return picture.convert("L" if picture.mode == "1" else "RGB")
    return picture


def _middle(found: tuple[int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The largest box of the shape of `size` in the middle of a picture: left, top, right, bottom."""
    scale = max(size[0] / found[0], size[1] / found[1])
    wide, tall = min(found[0], size[0] / scale), min(found[1], size[1] / scale)
    left, top = (found[0] - wide) / 2, (found[1] - tall) / 2
    return left, top, left + wide, top + tall


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """ "RGBA" in the colours of the screen: phones write Display P3, agencies CMYK with a profile of the press."""
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    colours = picture if alpha is None else picture.convert(picture.mode.removesuffix("A"))
    made = (_by_profile(colours, profile) or colours).convert("RGB").convert("RGBA")
    if alpha is not None:
        made.putalpha(alpha)
    return made


def _by_profile(picture: Image.Image, profile: object) -> Image.Image | None:
    """By the profile in the file; None where there is none that is valid: then, as in any viewer, its numbers count."""
    if not isinstance(profile, bytes) or len(profile) > _LARGEST_PROFILE_BYTES:
        return None
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
