"""A subtitle file's bytes as text, or what the file is instead.

Knows encodings and the beginnings of other formats, and no cue. `read` uses it before anything else.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from reels.errors import SubtitlesUnreadable
from reels.said import Said, said_by_system

__all__ = ["DecodedText", "decode_file", "unreadable"]

_LARGEST_BYTES = 32 * 1024 * 1024
_A_FILE = Said("a subtitle file", ko="자막 파일")
_SUBTITLES = Said(
    "SubRip (.srt), WebVTT (.vtt) or ASS (.ass)", ko="SubRip(.srt), WebVTT(.vtt), ASS(.ass) 자막"
)
_SAVE_AS_SRT = Said(
    "open it in a subtitle editor and save it as SubRip (.srt) in UTF-8",
    ko="자막 편집기에서 열어 SubRip(.srt), UTF-8로 다시 저장해 주세요.",
)
_SAVE_TEXT = Said(
    "open it in its own program and save it as plain text in UTF-8, with the times, named .srt",
    ko="그 문서를 열어 시각까지 든 일반 텍스트(UTF-8)로 저장하고 이름을 .srt로 해 주세요.",
)
_FETCH_AGAIN = Said(
    "fetch the subtitle file again: this is what a website answered",
    ko="웹사이트가 보낸 안내 화면이니 자막 파일을 다시 내려받아 주세요.",
)
_WRITE_JSON = Said(
    "give it a name that ends in .json if it is Whisper's transcript",
    ko="Whisper의 받아쓰기라면 이름 끝을 .json으로 바꿔 주세요.",
)
_GIVE_SUBTITLES = Said("give the subtitle file, not the film", ko="영상이 아니라 자막 파일을 넣어 주세요.")

_HEADS: tuple[tuple[bytes, Said, Said], ...] = (
    (b"{\\rtf", Said("an RTF document", ko="RTF 문서"), _SAVE_TEXT),
    (
        b"PK\x03\x04",
        Said(
            "a Word or Hangul document (DOCX, HWPX) or another ZIP file",
            ko="워드·한글 문서(DOCX, HWPX) 같은 ZIP 파일",
        ),
        _SAVE_TEXT,
    ),
    (
        b"\xd0\xcf\x11\xe0",
        Said("an older Word or Hangul document (DOC, HWP)", ko="예전 워드·한글 문서(DOC, HWP)"),
        _SAVE_TEXT,
    ),
    (b"%PDF", Said("a PDF document", ko="PDF 문서"), _SAVE_TEXT),
    (b"\x1f\x8b", Said("a compressed file (gzip)", ko="압축 파일(gzip)"), _SAVE_TEXT),
    (b"\x1aE\xdf\xa3", Said("a film (Matroska)", ko="영상 파일(Matroska)"), _GIVE_SUBTITLES),
    (b"RIFF", Said("a film or a sound (RIFF)", ko="영상이나 소리 파일(RIFF)"), _GIVE_SUBTITLES),
)
# By the first line that is not blank.
_FIRST_LINES: tuple[tuple[re.Pattern[str], Said, Said], ...] = (
    (re.compile(r"\{\\rtf", re.I), Said("an RTF document", ko="RTF 문서"), _SAVE_TEXT),
    (re.compile(r"<sami\b", re.I), Said("a SAMI file (.smi)", ko="SAMI(.smi) 파일"), _SAVE_AS_SRT),
    (
        re.compile(r"<!doctype\s+html|<html\b|<head\b|<!--", re.I),
        Said("a web page (HTML)", ko="웹 페이지(HTML)"),
        _FETCH_AGAIN,
    ),
    (re.compile(r"<\?xml|<tt\b|<transcript\b", re.I), Said("an XML file", ko="XML 파일"), _SAVE_AS_SRT),
    (re.compile(r'[\[{]\s*(?:[\[{"]|$)'), Said("JSON", ko="JSON"), _WRITE_JSON),
    (
        re.compile(r"\{\d+\}\s*\{\d*\}"),
        Said("a MicroDVD file, timed in frames", ko="프레임 번호로 시각을 적은 MicroDVD 파일"),
        Said(
            "open it in a subtitle editor with the footage's frame rate and save it as SubRip (.srt)",
            ko="자막 편집기에서 영상의 프레임 속도로 열어 SubRip(.srt)으로 저장해 주세요.",
        ),
    ),
    (re.compile(r"\[\d+\]\s*\[\d*\]"), Said("an MPL2 file", ko="MPL2 파일"), _SAVE_AS_SRT),
    (
        re.compile(r"\[(?:\d{1,3}:\d{2}(?:[.:]\d{1,3})?|(?:ti|ar|al|by|la|re|length):[^\]]*)\]", re.I),
        Said("a song text (.lrc)", ko="노래 가사(.lrc)"),
        _SAVE_AS_SRT,
    ),
    (
        re.compile(r"\d{1,2}:\d{2}:\d{2}[:=]\s*[^\d\s]"),
        Said("a TMPlayer file, which has no ends", ko="끝 시각이 없는 TMPlayer 파일"),
        _SAVE_AS_SRT,
    ),
    (
        re.compile(r"Scenarist_SCC"),
        Said("a closed caption file (.scc)", ko="폐쇄 자막 파일(.scc)"),
        _SAVE_AS_SRT,
    ),
    (
        re.compile(r"\d{1,2}:\d{2}:\d{2}[:;]\d{2}\s*,\s*\d{1,2}:\d{2}:\d{2}[:;]\d{2}"),
        Said("an STL file, timed in frames", ko="프레임 번호로 시각을 적은 STL 파일"),
        _SAVE_AS_SRT,
    ),
)
_THREE_BYTES = re.compile(rb"[\xe1-\xec\xee\xef][\x80-\xbf]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedText:
    """The text of a file without byte order marks, and the encoding it was in."""

    text: str
    encoding: str


def unreadable(
    path: Path, line: int, found: str, expected: str, remedy: str | None = None
) -> SubtitlesUnreadable:
    """The refusal of `path` at `line`, which counts from 1; without a `remedy` the usual one."""
    if remedy is None:
        return SubtitlesUnreadable(path=str(path), line=line, found=found, expected=expected)
    return SubtitlesUnreadable(path=str(path), line=line, found=found, expected=expected, remedy=remedy)


def decode_file(path: Path) -> DecodedText:
    """The text in `path`: UTF-8, UTF-16 with or without a mark, UTF-32 with one, or CP949.

    Raises: SubtitlesUnreadable for what cannot be read, is no text, or is text of another kind.
    """
    raw = _bytes_of(path)
    for head, found, remedy in _HEADS:
        if raw.startswith(head):
            raise unreadable(path, 1, found, _SUBTITLES, remedy)
    if raw[4:8] == b"ftyp":
        raise unreadable(path, 1, Said("a film (MP4)", ko="영상 파일(MP4)"), _SUBTITLES, _GIVE_SUBTITLES)
    decoded = _decoded(path, raw)
    lines = decoded.text.lstrip().split("\n", 1)
    for pattern, found, remedy in _FIRST_LINES:
        if pattern.match(lines[0].rstrip()):
            number = decoded.text[: len(decoded.text) - len(decoded.text.lstrip())].count("\n") + 1
            raise unreadable(path, number, found, _SUBTITLES, remedy)
    return decoded


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            found = Said(f"{size} bytes", ko=f"{size}바이트")
            expected = Said("a subtitle file, at most 32 MiB", ko="32 MiB 이하의 자막 파일")
            raise unreadable(path, 1, found, expected, _GIVE_SUBTITLES)
        return path.read_bytes()
    except OSError as error:
        remedy = Said("check the name and the permissions", ko="이름과 권한을 확인해 주세요.")
        raise unreadable(path, 1, said_by_system(error), _A_FILE, remedy) from error


def _decoded(path: Path, raw: bytes) -> DecodedText:
    """Raises: SubtitlesUnreadable, with the line of the first byte that fits nothing."""
    bad_byte = 0
    for encoding, name in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            bad_byte = max(bad_byte, error.start)
            if encoding == "utf-8" and _is_nearly_utf8(raw):
                # CP949 would make Chinese characters of it instead of an error.
                break
            continue
        if "\0" not in text:
            return DecodedText(text=text.replace("\ufeff", ""), encoding=name)
        bad_byte = max(0, raw.find(b"\0"))
        break
    raise unreadable(
        path,
        raw.count(b"\n", 0, bad_byte) + 1,
        Said("bytes that are no text", ko="글이 아닌 데이터"),
        Said("text in UTF-8, UTF-16 or CP949", ko="UTF-8, UTF-16, CP949로 된 글"),
        Said(
            "write that line again, or save the file from a text editor in UTF-8",
            ko="그 줄을 다시 쓰거나, 텍스트 편집기에서 UTF-8로 다시 저장해 주세요.",
        ),
    )


def _encodings(raw: bytes) -> list[tuple[str, str]]:
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return [("utf-32", "UTF-32")]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [("utf-16", "UTF-16")]
    sample = raw[:4096]
    # The digits, colons and line ends of any subtitle file leave every second byte empty in UTF-16.
    pairs, empty_first, empty_second = len(sample) // 2, sample[::2].count(0), sample[1::2].count(0)
    if empty_second * 4 > pairs and empty_first * 20 <= pairs:
        return [("utf-16-le", "UTF-16")]
    if empty_first * 4 > pairs and empty_second * 20 <= pairs:
        return [("utf-16-be", "UTF-16")]
    return [("utf-8", "UTF-8"), ("cp949", "CP949")]


def _is_nearly_utf8(raw: bytes) -> bool:
    """Whether most signs beyond ASCII are whole UTF-8 ones of three bytes, as Hangul is: a few are broken."""
    whole = len(_THREE_BYTES.findall(raw))
    beyond = sum(byte >= 0x80 for byte in raw) if whole else 0
    return 3 * whole * 2 > beyond
