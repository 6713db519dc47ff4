"""A transcript that another program has already made: Whisper's JSON in its usual dialects, or our own.

Reads one file and runs no recogniser. Understands openai-whisper's `{"segments": [...]}`, the same written
from faster-whisper's segments (also as a bare list), and the dialects that say `text` for `word` or `score`
for `probability`. SRT and VTT are `subtitles`' business.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

from reels.errors import SubtitlesUnreadable
from reels.said import Said, said_by_system
from reels.timing import exact_seconds
from reels.transcript import (
    SCHEMA,
    HeardSegment,
    HeardWord,
    Transcript,
    TranscriptUnreadable,
    assemble,
    from_json,
)

__all__ = ["read_finished"]

_MOST_BYTES = 64 << 20
_EXPECTED = Said(
    "Whisper's JSON with a list of segments, each with text, start and end in seconds",
    ko="text, start, end(초)가 있는 segments 목록이 든 Whisper의 JSON",
)
_REMEDY = Said(
    "write the transcript again with the output format json",
    ko="받아쓰기를 json 형식으로 다시 저장해 주세요.",
)


class _Found(Exception):
    """What was found instead, told to the one place that knows the file's name."""

    def __init__(self, en: str, *, ko: str) -> None:
        super().__init__(en)
        self.said = Said(en, ko=ko)


def read_finished(path: Path, *, duration: Fraction | None = None, language: str = "ko") -> Transcript:
    """The transcript in `path`, repaired as a recogniser's would be.

    `duration` is that of the footage in seconds; without it the last segment's end counts. Segments without
    word times get estimated ones. `language` is for files that do not say theirs.

    Raises: SubtitlesUnreadable.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _Found(
                f"a file of more than {_MOST_BYTES >> 20} MB", ko=f"{_MOST_BYTES >> 20} MB가 넘는 파일"
            )
        text = path.read_text(encoding="utf-8-sig")
        read = json.loads(text)
        if isinstance(read, dict) and str(read.get("schema", "")).startswith("reels/transcript/"):
            return _own(text)
        listed = read.get("segments") if isinstance(read, dict) else read
        if not isinstance(listed, list):
            raise _Found("JSON without a list of segments", ko="segments 목록이 없는 JSON")
        heard = tuple(_segment(s, f"segment {n}") for n, s in enumerate(listed, 1))
        said = read.get("language") if isinstance(read, dict) else None
        last = max((t for s in heard for t in (s.end, *(w.end for w in s.words))), default=0.0)
        return assemble(
            heard,
            language=said if isinstance(said, str) and said else language,
            duration=max(Fraction(0), exact_seconds(last)) if duration is None else duration,
            model="finished transcript",
            estimate_words=True,
        )
    except _Found as found:
        raise _unreadable(path, 0, found.said) from None
    except OSError as why:
        raise _unreadable(path, 0, said_by_system(why)) from None
    except UnicodeDecodeError:
        raise _unreadable(path, 0, Said("text that is not UTF-8", ko="UTF-8이 아닌 글")) from None
    except json.JSONDecodeError as why:
        raise _unreadable(path, why.lineno, Said(f"no JSON ({why.msg})", ko="JSON이 아닌 곳")) from None
    except RecursionError:
        raise _unreadable(path, 0, Said("JSON nested too deeply", ko="너무 깊이 겹친 JSON")) from None


def _unreadable(path: Path, line: int, found: str) -> SubtitlesUnreadable:
    return SubtitlesUnreadable(path=str(path), line=line, found=found, expected=_EXPECTED, remedy=_REMEDY)


def _own(text: str) -> Transcript:
    try:
        return from_json(text)
    except TranscriptUnreadable as why:
        raise _Found(f"{SCHEMA} that is damaged ({why})", ko=f"손상된 {SCHEMA}") from None


def _segment(value: Any, where: str) -> HeardSegment:
    if not isinstance(value, dict):
        raise _Found(f"{where} that is no object", ko=f"객체가 아닌 {where}")
    listed = value.get("words") or []
    if not isinstance(listed, list):
        raise _Found(f"{where} with words that are no list", ko=f"words가 목록이 아닌 {where}")
    start, end = _number(value, "start", where), _number(value, "end", where)
    return HeardSegment(
        text=_text(value, ("text",), where),
        start=start,
        end=end,
        words=_words(listed, where, start, end),
        no_speech_probability=_optional(value, ("no_speech_prob",), where, 0.0) or 0.0,
        average_log_probability=_optional(value, ("avg_logprob",), where, 0.0) or 0.0,
        compression_ratio=_optional(value, ("compression_ratio",), where, 1.0) or 1.0,
    )


def _words(listed: list[Any], where: str, start: float, end: float) -> tuple[HeardWord, ...]:
    """The words; one that was not aligned (no times, as whisperX leaves numbers) takes its neighbour's time.

    `assemble` then gives it room of its own.
    """
    words: list[HeardWord] = []
    at = start
    for n, word in enumerate(listed, 1):
        here = f"{where} word {n}"
        if not isinstance(word, dict):
            raise _Found(f"{here} that is no object", ko=f"객체가 아닌 {here}")
        begins = _number(word, "start", here) if "start" in word else at
        ends = _number(word, "end", here) if "end" in word else begins
        words.append(
            HeardWord(
                text=_text(word, ("word", "text"), here),
                start=begins,
                end=ends,
                probability=_optional(word, ("probability", "score", "confidence"), here, None),
            )
        )
        at = max(begins, ends)
    return tuple(words)


def _text(value: dict[str, Any], keys: tuple[str, ...], where: str) -> str:
    for key in keys:
        if isinstance(found := value.get(key), str):
            return found
    raise _Found(f"{where} without {keys[0]}", ko=f"{keys[0]} 없는 {where}")


def _number(value: dict[str, Any], key: str, where: str) -> float:
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _Found(f"{where} without a number for {key}", ko=f"{key}에 수가 없는 {where}")
    # Python's JSON lets NaN, Infinity and endless integers through.
    if not -1e6 < found < 1e6 or math.isnan(found):
        raise _Found(f"{where} with {key} far outside any footage", ko=f"{key} 값이 터무니없는 {where}")
    return float(found)


def _optional(
    value: dict[str, Any], keys: tuple[str, ...], where: str, default: float | None
) -> float | None:
    for key in keys:
        if value.get(key) is not None:
            return _number(value, key, where)
    return default
