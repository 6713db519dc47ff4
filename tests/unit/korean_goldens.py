"""The hand-made Korean line breaks of `goldens/korean_lines.yaml`, and a judge for the lines that somebody made.

Widths are counted here anew from the published rule, so that the judge shares no mistake with the product. Knows
nothing of how lines are found. Before it: the YAML; after it: `test_korean_goldens.py` and `bench/subtitles.py`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

__all__ = [
    "GOLDENS",
    "LONGEST_LINE",
    "Golden",
    "compact",
    "joints",
    "load_goldens",
    "parted",
    "torn_eojeol",
    "units",
    "wide_lines",
]

GOLDENS = Path(__file__).parent / "goldens" / "korean_lines.yaml"
LONGEST_LINE = 16
"""Units of a line. Source: Netflix Korean Timed Text Style Guide."""

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A text with its breakings as lines; a cue's end counts as a line's. `never`: neighbours that stay together."""

    id: str
    kind: str
    text: str
    best: Lines
    also: tuple[Lines, ...]
    never: tuple[tuple[str, str], ...]
    most_lines_of_a_cue: int

    def accepts(self, lines: Lines) -> bool:
        return lines == self.best or lines in self.also


def load_goldens(path: Path = GOLDENS) -> tuple[Golden, ...]:
    """All goldens of the file, in its order. Raises: KeyError, ValueError where an entry is not one."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_golden(row) for row in rows)


def _golden(row: dict[str, Any]) -> Golden:
    unknown = row.keys() - {"id", "kind", "text", "best", "also", "never", "note"}
    if unknown:
        raise ValueError(f"{row['id']} holds {sorted(unknown)}")
    breakings = [row["best"], *row.get("also", [])]
    pairs = [pair.split(" | ") for pair in row.get("never", [])]
    return Golden(
        id=row["id"],
        kind=row["kind"],
        text=row["text"],
        best=_lines(row["best"]),
        also=tuple(_lines(breaking) for breaking in breakings[1:]),
        never=tuple((before, after) for before, after in pairs),
        most_lines_of_a_cue=max(cue.count("|") + 1 for whole in breakings for cue in whole.split("||")),
    )


def _lines(breaking: str) -> Lines:
    return tuple(line.strip() for line in re.split(r"\|+", breaking))


# --- judging ---------------------------------------------------------------------------------------------


def compact(text: str) -> str:
    """`text` without any space: what no breaking may change."""
    return "".join(text.split())


def parted(golden: Golden, lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of `golden.never` with a break between them."""
    breaks = _breaks(lines)
    return tuple(pair for pair in golden.never if breaks & set(joints(golden.text, pair)))


def joints(text: str, pair: tuple[str, str]) -> tuple[int, ...]:
    """How many signs stand before each place in `text` where the pair meets, spaces aside.

    As two neighbouring 어절; only where they are none, as two pieces inside one.
    """
    words, found, before = text.split(), [], 0
    for word, following in itertools.pairwise(words):
        before += len(word)
        if (word, following) == pair:
            found.append(before)
    if not found:
        found = [
            len(compact(text[: met.start()] + pair[0])) for met in re.finditer(re.escape("".join(pair)), text)
        ]
    return tuple(found)


def torn_eojeol(text: str, lines: Sequence[str]) -> Lines:
    """The 어절 of `text` that would fit in a line and yet have a break inside."""
    breaks, torn, before = _breaks(lines), [], 0
    for word in text.split():
        inside = set(range(before + 1, before + len(word)))
        before += len(word)
        if breaks & inside and units(word) <= LONGEST_LINE:
            torn.append(word)
    return tuple(torn)


def wide_lines(lines: Sequence[str]) -> Lines:
    """Lines over the limit, but for those that are a single 어절."""
    return tuple(line for line in lines if units(line) > LONGEST_LINE and len(line.split()) > 1)


def _breaks(lines: Sequence[str]) -> set[int]:
    """How many signs stand before each break, spaces aside."""
    found, before = set(), 0
    for line in lines[:-1]:
        before += len(compact(line))
        found.add(before)
    return found


# --- widths ----------------------------------------------------------------------------------------------


def units(text: str) -> Fraction:
    """Hangul, Hanja and emoji 1 (a sequence that shows as one sign counts once), everything else 1/2."""
    return sum((Fraction(1) if _is_wide(sign) else Fraction(1, 2) for sign in _signs(text)), Fraction(0))


def _is_wide(sign: str) -> bool:
    return any(
        "\uac00" <= c <= "\ud7a3" or "\u1100" <= c <= "\u11ff" or "\u3131" <= c <= "\u318e"  # Hangul
        or "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff"  # Hanja
        or "\U0001f000" <= c <= "\U0001faff" or "\u2600" <= c <= "\u27bf" or c in _MAKES_EMOJI
        for c in sign
    )  # fmt: skip


_JOINER = "\u200d"
_MAKES_EMOJI = "\ufe0f\u20e3"


def _signs(text: str) -> Iterator[str]:
    """`text` in pieces that show as one sign, as far as the goldens need it: emoji, flags and keycaps."""
    sign = ""
    for c in text:
        tone = "\U0001f3fb" <= c <= "\U0001f3ff"
        flag = _is_flag_half(c) and len(sign) == 1 and _is_flag_half(sign)
        if sign and (c in _MAKES_EMOJI or c == _JOINER or tone or flag or sign.endswith(_JOINER)):
            sign += c
            continue
        if sign:
            yield sign
        sign = c
    if sign:
        yield sign


def _is_flag_half(sign: str) -> bool:
    return len(sign) == 1 and "\U0001f1e6" <= sign <= "\U0001f1ff"
