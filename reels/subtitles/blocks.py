"""SubRip, WebVTT and SBV cut into blocks: each time line with the lines that belong to it.

Only time lines can be trusted: people and programs lose blank lines and counters. Where a number or a name may
as well be text, the file is refused rather than guessed at. Comes after `decoding`, before `read`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reels.said import Said
from reels.subtitles.decoding import unreadable
from reels.subtitles.markup import ODD_TIME_LINE, TIME_LINE

__all__ = ["Block", "ClockedForm", "clock_seconds", "clocked_blocks", "is_sbv"]

ClockedForm = Literal["SubRip", "WebVTT", "SBV"]

_SBV_TIME_LINE = re.compile(
    r"\s*(\d{1,6}):(\d{1,2}):(\d{1,2})\.(\d{1,9})\s*,\s*(\d{1,6}):(\d{1,2}):(\d{1,2})\.(\d{1,9})\s*()"
)
_BROKEN_SBV = re.compile(r"\s*\d+:\d+:\d+[.,]\d+\s*,")
_BROKEN_TIME_LINE = re.compile(r"\s*\d+\s*[:：].*-->|.*-->\s*\d+\s*[:：]|\s*-->\s*$")
_COUNTS_FRAMES = re.compile(r"\d+\s*:\s*\d+\s*:\s*\d+\s*[:;]\s*\d+")
_PLACEMENT = re.compile(
    r"(?:\s+(?:[XY][12]|align|line|position|size|vertical|region):\S+)*\s*", re.IGNORECASE
)
_ANY_SETTINGS = re.compile(r"(?:\s+[A-Za-z]+:\S+)*\s*")
_BLOCKS_WITHOUT_TEXT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_HEADER_LINE = re.compile(r"[A-Za-z][\w-]*\s*[:=].*")
_IDENTIFIER = re.compile(r"[A-Za-z]*[\d_-][A-Za-z\d_-]*", re.ASCII)
"""What can only be the name of a cue where the others have none: `intro-1`, and no word of any language."""
_MOST_SKIPPED = 100
"""How far a counter may be ahead of the others: people delete cues, not hundreds of them."""

_TIMES = Said(
    "two times such as 00:00:01,000 --> 00:00:02,500", ko="00:00:01,000 --> 00:00:02,500 같은 두 시각"
)
_SHOWS_NOTHING = dict.fromkeys([0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Times as written, in seconds, and the raw lines that belong to them. `line` is the time line's number."""

    line: int
    start: Fraction
    end: Fraction
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """A time line: where it stands in the numbered lines, and what it says."""

    index: int
    found: re.Match[str]


def is_sbv(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return _SBV_TIME_LINE.fullmatch(first) is not None


def clocked_blocks(path: Path, lines: Sequence[str], form: ClockedForm) -> tuple[Block, ...]:
    """The blocks in the file's order. Every line with text is in one, or the file is refused.

    Left out are counters, WebVTT's names, comments, styles and regions, and where to place a cue.
    Raises: SubtitlesUnreadable.
    """
    lines = [_without_marks(line) for line in lines]
    numbered = list(_without_notes(path, lines)) if form == "WebVTT" else list(enumerate(lines, start=1))
    cuts = list(_cuts(path, numbered, form))
    if not cuts:
        _require_blank(path, numbered)
        return ()
    bodies = [
        numbered[cut.index + 1 : after]
        for cut, after in zip(cuts, [*(c.index for c in cuts[1:]), len(numbered)], strict=True)
    ]
    labels = _Labels(path, numbered[: cuts[0].index], bodies, form)
    blocks = []
    for k, cut in enumerate(cuts):
        number = numbered[cut.index][0]
        beside = cut.found[9]
        placed = _ANY_SETTINGS if form == "WebVTT" else _PLACEMENT
        start, end = _times(path, number, cut.found)
        text = (*([] if placed.fullmatch(beside) else [beside]), *(line for _, line in labels.texts[k]))
        blocks.append(Block(line=number, start=start, end=end, text=text))
    _require_one_timeline(path, blocks, labels.numbers)
    return tuple(blocks)


def _without_marks(line: str) -> str:
    """A time, a number or an empty line without signs that show nothing; texts keep theirs, which may guard them."""
    if line.isascii():
        return line
    bare = line.translate(_SHOWS_NOTHING)
    is_form = not bare.strip() or _is_number(bare.strip()) or TIME_LINE.fullmatch(bare) is not None
    return bare if is_form else line


def _cuts(path: Path, numbered: Sequence[_Numbered], form: ClockedForm) -> Iterator[_Cut]:
    for index, (number, line) in enumerate(numbered):
        if form == "SBV":
            if found := _SBV_TIME_LINE.fullmatch(line):
                yield _Cut(index=index, found=found)
            elif _BROKEN_SBV.match(line):
                expected = Said(
                    "two times such as 0:00:01.000,0:00:02.500", ko="0:00:01.000,0:00:02.500 같은 두 시각"
                )
                raise unreadable(path, number, _quoted(line), expected)
        elif found := TIME_LINE.fullmatch(line) or ODD_TIME_LINE.fullmatch(line):
            yield _Cut(index=index, found=found)
        elif _BROKEN_TIME_LINE.match(line):
            if _COUNTS_FRAMES.search(line):
                raise unreadable(
                    path,
                    number,
                    _quoted(line),
                    Said("milliseconds, not frames: 00:00:01,000", ko="프레임이 아니라 밀리초: 00:00:01,000"),
                    Said(
                        "export the subtitles once more with milliseconds",
                        ko="자막을 밀리초 단위로 다시 내보내 주세요.",
                    ),
                )
            raise unreadable(path, number, _quoted(line), _TIMES)


def _quoted(line: str) -> str:
    text = line.strip()
    return text if len(text) <= 60 else text[:59] + "…"


def _require_blank(path: Path, numbered: Sequence[_Numbered]) -> None:
    filled = [(number, line.strip()) for number, line in numbered if line.strip()]
    if not filled:
        return
    # A counter may stand before a time line: what stands in the time line's place is the mistake.
    number, line = next((at for at in filled if not _is_number(at[1])), filled[0])
    expected = Said(
        "a time line such as 00:00:01,000 --> 00:00:02,500",
        ko="00:00:01,000 --> 00:00:02,500 같은 시각 줄",
    )
    raise unreadable(path, number, repr(line[:40]), expected)


def _without_notes(path: Path, lines: Sequence[str]) -> Iterator[_Numbered]:
    """WebVTT's lines with their numbers, but for the header, comments, styles and regions."""
    skipping, in_header = True, True
    for number, line in enumerate(lines, start=1):
        after_blank = number > 1 and not lines[number - 2].strip()
        is_time = TIME_LINE.fullmatch(line) is not None
        if number > 1 and after_blank and re.match(r"WEBVTT(?:\s|$)", line):
            raise _second_list(path, number, "WEBVTT")
        if skipping and line.strip() and not is_time:
            next_is_time = number < len(lines) and TIME_LINE.fullmatch(lines[number]) is not None
            names_a_cue = next_is_time and _IDENTIFIER.fullmatch(line.strip()) is not None
            if in_header and number > 1 and not names_a_cue and not _HEADER_LINE.fullmatch(line.strip()):
                expected = Said("an empty line after WEBVTT", ko="WEBVTT 다음의 빈 줄")
                raise unreadable(path, number, _quoted(line), expected)
            continue
        if skipping and not line.strip():
            skipping = in_header = False
        elif after_blank and _BLOCKS_WITHOUT_TEXT.match(line):
            skipping = True
        else:
            skipping = in_header = False
            yield number, line


class _Labels:
    """Which line above each time line is its counter or name, and which are the text of the cue before.

    `texts` and `numbers` go with the time lines; a number is None where there is no counter.
    Raises: SubtitlesUnreadable where nobody could tell.
    """

    def __init__(
        self,
        path: Path,
        before: Sequence[_Numbered],
        bodies: Sequence[Sequence[_Numbered]],
        form: ClockedForm,
    ) -> None:
        self._path = path
        self._form = form
        self._count = len(bodies)
        named = [body for body in (before, *bodies[:-1]) if body and body[-1][1].strip()]
        apart = sum(not body[-2][1].strip() if len(body) > 1 else body is before for body in named)
        self._are_named = apart == len(bodies)
        spaced = [_is_spaced(body) for body in bodies[:-1]]
        self._blanks_are_missing = sum(spaced) * 2 < len(spaced)
        self.numbers: list[int | None] = []
        self.texts: list[Sequence[_Numbered]] = []
        taken = self._length_of_label(before, 0)
        _require_blank(path, before[: len(before) - taken])
        self._take(before, taken)
        for k, body in enumerate(bodies):
            taken = self._length_of_label(body, k + 1) if k + 1 < len(bodies) else 0
            if k + 1 < len(bodies):
                self._take(body, taken)
            self.texts.append(body[: len(body) - taken])
        counted = sum(number is not None for number in self.numbers)
        if form != "SBV" and counted * 2 >= len(bodies):
            for k in range(len(bodies)):
                self._refuse_misplaced_number(k)

    def _take(self, lines: Sequence[_Numbered], taken: int) -> None:
        label = lines[-taken][1].strip() if taken else ""
        self.numbers.append(int(label) if _is_number(label) else None)

    def _expected(self, k: int) -> int:
        """The counter that the time line `k` would have if nothing were wrong."""
        before = self.numbers[k - 1] if k else 0
        return (k if before is None else before) + 1

    def _length_of_label(self, body: Sequence[_Numbered], k: int) -> int:
        """How many of the last lines of `body` are the counter or the name of time line `k`."""
        last = body[-1][1].strip() if body else ""
        if not last and self._form == "SubRip":
            return self._length_of_parted_counter(body, k)
        if not last or self._form == "SBV":
            return 0
        apart = len(body) > 1 and not body[-2][1].strip()
        alone = len(body) == 1
        has_text = any(line.strip() for _, line in body[:-1])
        if not _is_number(last):
            if self._form != "WebVTT" or not (apart or (alone and k == 0)):
                return 0
            if (k and not has_text) or not (self._are_named or _IDENTIFIER.fullmatch(last)):
                raise self._ambiguous(body[-1])
            return 1
        number, expected = int(last), self._expected(k)
        if k == 0 or number == expected:
            return 1
        if apart:
            if not has_text and number > max(expected, self._count) + _MOST_SKIPPED:
                raise self._ambiguous(body[-1])
            return 1
        if alone:
            return 0
        if not self._blanks_are_missing:
            raise self._ambiguous(body[-1])
        return 1

    def _length_of_parted_counter(self, body: Sequence[_Numbered], k: int) -> int:
        """As before, where empty lines stand below the counter: some programs double every line's end."""
        filled = len(body)
        while filled and not body[filled - 1][1].strip():
            filled -= 1
        begins = filled == 1 and k == 0
        apart = filled > 1 and not body[filled - 2][1].strip()
        if (begins or apart) and _counts(body[filled - 1][1], self._expected(k)):
            return len(body) - filled + 1
        return 0

    def _refuse_misplaced_number(self, k: int) -> None:
        """A counter inside a text: its own time line was lost, or stands above it."""
        body, number = self.texts[k], self.numbers[k]
        filled = [line for _, line in body if line.strip()]
        if number is None and len(filled) > 1 and _counts(filled[0], self._expected(k)):
            at = next(n for n, line in body if line.strip())
            raise self._lost(at, filled[0])
        if number is None:
            return
        for above, here in itertools.pairwise(body):
            if not above[1].strip() and _counts(here[1], number + 1):
                raise self._lost(here[0], here[1])

    def _lost(self, line: int, number: str) -> Exception:
        return unreadable(
            self._path,
            line,
            Said(
                f"the number {number.strip()} without a time line below it",
                ko=f"바로 아래에 시각 줄이 없는 번호 {number.strip()}",
            ),
            _TIMES,
            Said(
                "write the time line below the number, or delete the number if the lines belong to the cue above",
                ko="번호 아래에 시각 줄을 써 주세요. 위 자막에 딸린 글이라면 번호를 지워 주세요.",
            ),
        )

    def _ambiguous(self, line: _Numbered) -> Exception:
        return unreadable(
            self._path,
            line[0],
            Said(
                f"{_quoted(line[1])!r} right above a time line, a text or the name of a cue",
                ko=f"시각 줄 바로 위의 {_quoted(line[1])!r}: 글인지 자막 번호인지 알 수 없음",
            ),
            Said("an empty line between two cues", ko="자막과 자막 사이의 빈 줄"),
            Said(
                "put an empty line below it if it is text, above it if it is a number, delete it if it is a name",
                ko="글이면 그 아래에, 번호면 그 위에 빈 줄을 넣고, 자막 이름이면 지워 주세요.",
            ),
        )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _counts(line: str, expected: int) -> bool:
    return _is_number(line.strip()) and int(line) == expected


def _is_spaced(body: Sequence[_Numbered]) -> bool:
    """Whether an empty line parts this text from what belongs to the next time line."""
    if not body:
        return False
    if not body[-1][1].strip():
        return True
    return len(body) > 1 and _is_number(body[-1][1].strip()) and not body[-2][1].strip()


def _times(path: Path, number: int, found: re.Match[str]) -> tuple[Fraction, Fraction]:
    start, end = clock_seconds(*found.group(1, 2, 3, 4)), clock_seconds(*found.group(5, 6, 7, 8))
    if start is None or end is None:
        expected = Said("minutes and seconds below 60", ko="60보다 작은 분과 초")
        raise unreadable(path, number, _quoted(found[0]), expected)
    if end < start:
        raise unreadable(
            path, number, _quoted(found[0]), Said("an end after the start", ko="시작보다 늦은 끝")
        )
    return start, end


def clock_seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> Fraction | None:
    """Exact seconds, or None for minutes or seconds of 60 and more."""
    if int(minutes) >= 60 or int(seconds) >= 60:
        return None
    return int(hours or 0) * 3600 + int(minutes) * 60 + Fraction(f"{int(seconds)}.{fraction or 0}")


def _require_one_timeline(path: Path, blocks: Sequence[Block], numbers: Sequence[int | None]) -> None:
    """Two files put together would otherwise be mixed cue by cue. Raises: SubtitlesUnreadable."""
    for k in range(2, len(blocks)):
        begins_again = numbers[k] == 1 and 1 in numbers[:2] and (numbers[k - 1] or 0) >= 2
        goes_on = k + 1 == len(blocks) or numbers[k + 1] == 2
        if begins_again and goes_on and blocks[k].start < blocks[k - 1].start:
            raise _second_list(path, blocks[k].line, "1")


def _second_list(path: Path, line: int, sign: str) -> Exception:
    return unreadable(
        path,
        line,
        Said(
            f"a second list of subtitles, which begins again with {sign}",
            ko=f"{sign}부터 다시 시작하는 두 번째 자막",
        ),
        Said("one list in the time of one film", ko="영상 하나의 시각으로 된 자막 하나"),
        Said(
            "put the second list into a file of its own, or move its times behind the first and its numbers on",
            ko="두 번째 자막을 다른 파일로 옮기거나, 시각과 번호를 첫 번째에 이어지게 고쳐 주세요.",
        ),
    )
