"""What a file is that is not footage, told from its first bytes.

Only words for people are chosen here: whether a file is opened rests on the whitelist of `reels.tools.ffmpeg`
which `probe` and every ffmpeg command apply. Stands between `footage` and `probe`.
"""

from __future__ import annotations

import struct
from pathlib import Path

from reels.errors import FootageDamaged, FootageRefused, NoVideoStream

__all__ = ["HEAD_BYTES", "refuse_by_head", "why_it_did_not_open"]

HEAD_BYTES = 4096

_POINTS_ELSEWHERE = "which names other files instead of holding a picture"
_REFUSED_HEADS = (
    (b"#EXTM3U", f"a playlist (HLS), {_POINTS_ELSEWHERE}"),
    (b"ffconcat", f"a concat script, {_POINTS_ELSEWHERE}"),
    (b"v=0", f"a session description (SDP), {_POINTS_ELSEWHERE}"),
    (b"\x89PNG", "a still picture (PNG)"),
    (b"\xff\xd8\xff", "a still picture (JPEG)"),
    (b"GIF8", "an animated picture (GIF)"),
    (b"II*\0", "a still picture (TIFF or camera raw)"),
    (b"MM\0*", "a still picture (TIFF or camera raw)"),
    (b"8BPS", "a still picture (Photoshop)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive or office document (ZIP)"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"Rar!", "an archive (RAR)"),
    (b"\x1f\x8b", "an archive (gzip)"),
)
_SOUND_HEADS = (
    (b"ID3", "sound only (MP3)"),
    (b"\xff\xfb", "sound only (MP3)"),
    (b"fLaC", "sound only (FLAC)"),
)
_MEDIA_HEADS = (b"\x1aE\xdf\xa3", b"RIFF", b"\x06\x0e\x2b\x34", b"0&\xb2u", b"OggS", b"FLV", b"\0\0\x01\xba")
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"jxl ", b"crx ")
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")


def refuse_by_head(path: Path, head: bytes) -> None:
    """Raise for what is plainly no footage: playlists, pictures, documents, sound alone.

    Raises: FootageRefused, NoVideoStream.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, found in _REFUSED_HEADS:
        if text.startswith(start):
            raise FootageRefused(path=str(path), found=found)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise FootageRefused(path=str(path), found="a still picture (WebP)")
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        raise FootageRefused(path=str(path), found="a still picture (HEIC, AVIF or camera raw)")
    for start, found in _SOUND_HEADS:
        if head.startswith(start):
            raise NoVideoStream(path=str(path), found=found)


def why_it_did_not_open(
    path: Path, *, on_disk: Path, head: bytes, said: str
) -> FootageRefused | FootageDamaged:
    """The error to raise for a file that the demuxers refused; `said` is their reason.

    `path` is the name as typed, for the sentence; `on_disk` the file that was found under it.
    """
    if head[4:8] in _BOXES:
        found = "its index, the moov box, is missing: the recording or the copy broke off"
        return FootageDamaged(path=str(path), found=found if not _has_moov(on_disk) else said)
    if head.startswith(_MEDIA_HEADS):
        return FootageDamaged(path=str(path), found=said)
    if not head.strip(b"\0"):
        return FootageRefused(path=str(path), found="nothing but zero bytes")
    return FootageRefused(
        path=str(path), found="text" if _is_text(head) else "bytes of no video format that we open"
    )


def _is_text(head: bytes) -> bool:
    for encoding in ("utf-8", "cp949"):
        # The head may end in the middle of a character.
        text = head.decode(encoding, "ignore")
        if len(text.encode(encoding, "ignore")) < len(head) - 4:
            continue
        return all(c.isprintable() or c in "\r\n\t\f\ufeff" for c in text)
    return head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _has_moov(path: Path) -> bool:
    """Walk the outermost boxes of an ISO base media file."""
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", header)
            if kind == b"moov":
                return True
            if size == 1:
                size = int.from_bytes(file.read(8), "big") - 8
            if size < 8:
                return False
            file.seek(size - 8, 1)
    return False
