"""What a file is that is not footage, told from its first bytes.

Only words for people are chosen here: whether a file is opened rests on the whitelist of `reels.tools.ffmpeg`
which `probe` and every ffmpeg command apply. Stands between `footage` and `probe`.
"""

from __future__ import annotations

import struct
from pathlib import Path

from reels.errors import FootageDamaged, FootageRefused, NoVideoStream
from reels.said import Said

__all__ = ["HEAD_BYTES", "head_of", "is_picture", "refuse_by_head", "why_it_did_not_open"]

HEAD_BYTES = 4096

_POINTS_ELSEWHERE = "which names other files instead of holding a picture"
_POINTS_ELSEWHERE_KO = "화면이 없고 다른 파일의 이름만 적힌"
_REFUSED_HEADS = (
    (
        b"#EXTM3U",
        Said(f"a playlist (HLS), {_POINTS_ELSEWHERE}", ko=f"{_POINTS_ELSEWHERE_KO} HLS 재생 목록"),
    ),
    (
        b"ffconcat",
        Said(f"a concat script, {_POINTS_ELSEWHERE}", ko=f"{_POINTS_ELSEWHERE_KO} 이어 붙이기 목록"),
    ),
    (
        b"v=0",
        Said(f"a session description (SDP), {_POINTS_ELSEWHERE}", ko=f"{_POINTS_ELSEWHERE_KO} SDP 안내문"),
    ),
    (b"\x89PNG", Said("a still picture (PNG)", ko="사진, PNG")),
    (b"\xff\xd8\xff", Said("a still picture (JPEG)", ko="사진, JPEG")),
    (b"GIF8", Said("an animated picture (GIF)", ko="움직이는 그림, GIF")),
    (b"II*\0", Said("a still picture (TIFF or camera raw)", ko="사진, TIFF나 카메라 RAW")),
    (b"MM\0*", Said("a still picture (TIFF or camera raw)", ko="사진, TIFF나 카메라 RAW")),
    (b"8BPS", Said("a still picture (Photoshop)", ko="그림, 포토샵")),
    (b"\0\0\0\x0cjP  ", Said("a still picture (JPEG 2000)", ko="사진, JPEG 2000")),
    (b"\0\0\0\x0cJXL ", Said("a still picture (JPEG XL)", ko="사진, JPEG XL")),
    (b"<svg", Said("a drawing (SVG)", ko="그림, SVG")),
    (b"%PDF", Said("a PDF document", ko="PDF 문서")),
    (b"PK\x03\x04", Said("an archive or office document (ZIP)", ko="압축 파일이나 문서, ZIP")),
    (b"\xd0\xcf\x11\xe0", Said("an office document", ko="오피스 문서")),
    (b"7z\xbc\xaf", Said("an archive (7z)", ko="압축 파일, 7z")),
    (b"Rar!", Said("an archive (RAR)", ko="압축 파일, RAR")),
    (b"\x1f\x8b", Said("an archive (gzip)", ko="압축 파일, gzip")),
)
_SOUND_HEADS = (
    (b"ID3", Said("sound only (MP3)", ko="소리만 있는 파일, MP3")),
    (b"\xff\xfb", Said("sound only (MP3)", ko="소리만 있는 파일, MP3")),
    (b"\xff\xf3", Said("sound only (MP3)", ko="소리만 있는 파일, MP3")),
    (b"\xff\xf1", Said("sound only (AAC)", ko="소리만 있는 파일, AAC")),
    (b"\xff\xf9", Said("sound only (AAC)", ko="소리만 있는 파일, AAC")),
    (b"\x0bw", Said("sound only (AC-3)", ko="소리만 있는 파일, AC-3")),
    (b"fLaC", Said("sound only (FLAC)", ko="소리만 있는 파일, FLAC")),
    (b"#!AMR", Said("sound only (AMR, a voice memo)", ko="소리만 있는 파일, 음성 메모 AMR")),
    (b"caff", Said("sound only (CAF)", ko="소리만 있는 파일, CAF")),
    (b".snd", Said("sound only (AU)", ko="소리만 있는 파일, AU")),
    (b"riff.\x91\xcf\x11", Said("sound only (Wave64)", ko="소리만 있는 파일, Wave64")),
)
_MEDIA_HEADS = (b"\x1aE\xdf\xa3", b"RIFF", b"\x06\x0e\x2b\x34", b"0&\xb2u", b"OggS", b"FLV", b"\0\0\x01\xba")
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"jxl ", b"crx ")
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")


def is_picture(path: Path) -> bool:
    """Whether a file begins as a still picture (PNG, JPEG, WebP) does; one that cannot be read does not."""
    head = head_of(path)[:12]
    return head.startswith((b"\x89PNG", b"\xff\xd8\xff")) or (head[:4] == b"RIFF" and head[8:] == b"WEBP")


def head_of(path: Path) -> bytes:
    """The first `HEAD_BYTES` of a regular file; nothing of what cannot be read."""
    try:
        if not path.is_file():  # a pipe would keep us waiting for ever
            return b""
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except (OSError, ValueError):
        return b""


def refuse_by_head(path: Path, head: bytes) -> None:
    """Raise for what is plainly no footage: playlists, pictures, documents, sound alone.

    Raises: FootageRefused, NoVideoStream.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, found in _REFUSED_HEADS:
        if text.startswith(start):
            raise FootageRefused(path=str(path), found=found)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise FootageRefused(path=str(path), found=Said("a still picture (WebP)", ko="사진, WebP"))
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        raise FootageRefused(path=str(path), found=Said("a still picture (BMP)", ko="그림, BMP"))
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        raise NoVideoStream(path=str(path), found=Said("sound only (AIFF)", ko="소리만 있는 파일, AIFF"))
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        found = Said("a still picture (HEIC, AVIF or camera raw)", ko="사진, HEIC나 AVIF나 카메라 RAW")
        raise FootageRefused(path=str(path), found=found)
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
        found = Said(
            "its index, the moov box, is missing: the recording or the copy broke off",
            ko="색인인 moov 상자가 없음. 녹화나 복사가 도중에 끊김",
        )
        return FootageDamaged(path=str(path), found=found if not _has_moov(on_disk) else said)
    if head.startswith(_MEDIA_HEADS):
        return FootageDamaged(path=str(path), found=said)
    if not head.strip(b"\0"):
        return FootageRefused(path=str(path), found=Said("nothing but zero bytes", ko="0만 채워진 파일"))
    if _is_text(head):
        return FootageRefused(path=str(path), found=Said("text", ko="글만 든 파일"))
    found = Said("bytes of no video format that we open", ko="영상 형식이 아닌 데이터")
    return FootageRefused(path=str(path), found=found)


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
