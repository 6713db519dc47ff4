"""What the analyser was asked once, in the user's cache: it need not be loaded again.

Break costs, and the morphemes of whole transcripts. What decides them is the text, the analyser's version and the very
source of our rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from reels.korean.analysis import Morpheme, analysed, analyser_version
from reels.user_cache import read_cached, write_cached

__all__ = ["analysed_once", "remembered"]

_RULES = ("analysis.py", "breaks.py", "eojeol.py", "vocabulary.py", "words.py")
_ANALYSIS = ("analysis.py", "vocabulary.py")
"""What of our source decides morphemes; `_RULES` decide costs."""

_PLACE = "grammar"
_WORST = 1000


def remembered(kind: str, text: str, count: int, work_out: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
    """The `count` costs of `text`, from the memory or worked out and put there. `kind` tells questions apart."""
    key = "\0".join((_source(_RULES), kind, text))
    known = _costs(read_cached(_PLACE, key), count)
    if known is not None:
        return known
    costs = work_out()
    write_cached(_PLACE, key, costs)
    return costs


def analysed_once(words: Sequence[str]) -> tuple[tuple[Morpheme, ...], ...]:
    """As `analysed`, from the memory where the same words were analysed before.

    Raises: ToolMissing.
    """
    key = "\0".join((_source(_ANALYSIS), "morphemes", "\n".join(words)))
    known = _morphemes(read_cached(_PLACE, key), words)
    if known is not None:
        return known
    found = analysed(words)
    write_cached(_PLACE, key, [[_kept(m, word) for m in ms] for word, ms in zip(words, found, strict=True)])
    return found


def _kept(morpheme: Morpheme, word: str) -> list[Any]:
    """Without its form where it is spelled so: what people said is nobody's business but the campaign's."""
    spelled = morpheme.form == word[morpheme.start : morpheme.end]
    return [None if spelled else morpheme.form, morpheme.tag, morpheme.start, morpheme.end]


@lru_cache(maxsize=2)
def _source(names: tuple[str, ...]) -> str:
    ours = hashlib.sha256()
    for name in names:
        ours.update(files(__package__).joinpath(name).read_bytes())
    return f"{analyser_version()}, rules {ours.hexdigest()}"


def _costs(read: Any, count: int) -> tuple[int, ...] | None:
    """What was read, None where it says nothing that could be right."""
    if not isinstance(read, list) or len(read) != count:
        return None
    if not all(type(cost) is int and 0 <= cost <= _WORST for cost in read):
        return None
    return tuple(read)


def _morphemes(read: Any, words: Sequence[str]) -> tuple[tuple[Morpheme, ...], ...] | None:
    if not isinstance(read, list) or len(read) != len(words):
        return None
    found = []
    for word, of_word in zip(words, read, strict=True):
        if not isinstance(of_word, list) or not all(_is_morpheme(one, len(word)) for one in of_word):
            return None
        found.append(
            tuple(
                Morpheme(form=word[start:end] if form is None else form, tag=tag, start=start, end=end)
                for form, tag, start, end in of_word
            )
        )
    return tuple(found)


def _is_morpheme(read: Any, length: int) -> bool:
    if not isinstance(read, list) or [type(part) for part in read[1:]] != [str, int, int]:
        return False
    if read[0] is not None and type(read[0]) is not str:
        return False
    return bool(0 <= read[2] <= read[3] <= length)
