"""SubRip and WebVTT, to the millisecond, that `read` gives back to the letter; and plain text to read.

Where lines break is decided before; only the plain text sets its own lines, a sentence each.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from reels.korean.words import CLOSERS
from reels.subtitles.cue import Cue
from reels.subtitles.markup import ASS_BREAK, BREAK_TAG, ODD_TIME_LINE, TAG, WORD_JOINER
from reels.timing import format_clock, format_srt

__all__ = ["write_srt", "write_text", "write_vtt"]

_AS_SHOWN: Mapping[Cue, Sequence[str]] = MappingProxyType({})

_TAG_OPENS = re.compile(r"<(?=[/a-z0-9])|\{(?=\\)", re.IGNORECASE)
_NEW_PARAGRAPH = Fraction(3, 2)
"""Seconds of silence that a reader sees as a new thought."""
# A dash before a number is a minus: -5도. A name in brackets is how a sidecar says who speaks.
_TURN = re.compile(r"[-–—]\s*(?=[^\s\d])|\[[^\[\]]{1,40}\] (?=\S)")

_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[가-하]|[A-Za-z])[.)\]]")
_FINAL_BIEUP = 17
"""Of a Hangul syllable's 28 finals: the ㅂ of 습니다, which the 니까 of 오니까 lacks."""
_OPEN_VOWELS = frozenset({0, 1, 4, 5, 6, 7, 9, 10, 14, 15})
"""Of a Hangul syllable's 21 vowels: those before a polite 요, as in 가요, 해요, 열려요, 세요; not 중요, 필요."""
_NOUNS = frozenset({"가요", "개요"})


def write_srt(cues: Iterable[Cue], *, as_written: Mapping[Cue, Sequence[str]] = _AS_SHOWN) -> str:
    """`cues` as SubRip, to the millisecond. `read_subtitles` gives the same cues back.

    A word joiner (U+2060, shows nothing) stands inside whatever a reader would take for a tag or a time line.
    `as_written` are the lines of cues as they stood in a SubRip file, with their tags.
    """
    blocks = (
        f"{number}\n{format_srt(start)} --> {format_srt(end)}\n"
        + "\n".join(as_written.get(cue) or map(_guarded, cue.lines))
        + "\n"
        for number, cue in enumerate(cues, start=1)
        for start, end in [_whole_milliseconds(cue)]
    )
    return "\n".join(blocks)


def write_vtt(cues: Iterable[Cue]) -> str:
    """`cues` as WebVTT, to the millisecond. `read_subtitles` gives the same cues back."""
    blocks = (
        f"\n{format_clock(start)} --> {format_clock(end)}\n"
        + "\n".join(html.escape(_guarded(line), quote=False) for line in cue.lines)
        + "\n"
        for cue in cues
        for start, end in [_whole_milliseconds(cue)]
    )
    return "WEBVTT\n" + "".join(blocks)


def write_text(cues: Iterable[Cue]) -> str:
    """What is said, to be read: a sentence to a line, an empty line where the speaker changes or is silent.

    Every word of `cues` stands in it, in order; a speaker's dash or name stays.
    """
    paragraphs: list[list[str]] = []
    words: list[str] = []
    spoken_until: Fraction | None = None

    def end_sentence() -> None:
        if words:
            paragraphs[-1].append(" ".join(words))
            words.clear()

    for cue in cues:
        rested = spoken_until is None or cue.start - spoken_until >= _NEW_PARAGRAPH
        for number, line in enumerate(cue.lines):
            if (rested and number == 0) or _TURN.match(line):
                end_sentence()
                paragraphs.append([])
            in_line = line.split()
            for at, word in enumerate(in_line, start=1):
                words.append(word)
                ends_cue = number + 1 == len(cue.lines) and at == len(in_line)
                if _ends_sentence(word) or (ends_cue and _is_polite(word)):
                    end_sentence()
        spoken_until = cue.end
    end_sentence()
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + ("\n" if paragraphs else "")


def _ends_sentence(word: str) -> bool:
    """By its mark, or by a formal ending where subtitles leave the full stop out: 합니다, 합니까, 하십시오."""
    bare = word.rstrip(CLOSERS)
    if bare.endswith((".", "?", "!", "。", "？", "！")):
        return not bare.endswith("...") and not _ENUMERATOR.fullmatch(word)
    if bare.endswith(("니다", "니까")):
        return len(bare) > 2 and (ord(bare[-3]) - ord("가")) % 28 == _FINAL_BIEUP and "가" <= bare[-3] <= "힣"
    return bare.endswith("십시오")


def _is_polite(word: str) -> bool:
    """열려요, 그렇죠, 좋네요: a sentence's end where a cue ends with it, while 그런데요 in the middle goes on."""
    bare = word.rstrip(CLOSERS)
    if bare.endswith("죠"):
        return True
    if len(bare) < 2 or not bare.endswith("요") or bare in _NOUNS or not "가" <= bare[-2] <= "힣":
        return False
    vowel, final = divmod((ord(bare[-2]) - ord("가")) % 588, 28)
    return (final == 0 and vowel in _OPEN_VOWELS) or bare[-2] in "지군든걸"


def _whole_milliseconds(cue: Cue) -> tuple[Fraction, Fraction]:
    start, end = (Fraction(math.floor(t * 1000 + Fraction(1, 2)), 1000) for t in (cue.start, cue.end))
    return start, max(end, start + Fraction(1, 1000))


def _guarded(line: str) -> str:
    if TAG.search(line) or BREAK_TAG.search(line):
        # Every sign that may open a tag, for guarding one can make its tail the head of another: `<<b>b>`.
        line = _TAG_OPENS.sub(lambda sign: sign[0] + WORD_JOINER, line)
    safe = line.replace(ASS_BREAK, f"\\{WORD_JOINER}N").replace("->", f"-{WORD_JOINER}>")
    return WORD_JOINER + safe if ODD_TIME_LINE.fullmatch(safe) else safe
