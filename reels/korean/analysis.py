"""The morphemes of Korean words, with the places where they stand: kiwipiepy's tags, its model loaded once.

The only module that knows the analyser. Loading it costs a second and 330 MB, so nothing here runs before a text
has to be broken whose breaks nobody remembers (`reels.korean.memory`). It judges nothing: `breaks` reads the tags.

Tags: https://github.com/bab2min/kiwipiepy, "품사 태그" (Sejong tags with a few of its own); the `-I` and `-R` that
mark irregular stems are left out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Any

from reels.errors import ToolMissing
from reels.korean.vocabulary import TITLES
from reels.said import Said

__all__ = ["Morpheme", "analysed", "analysed_alone", "analyser_version"]

_PACKAGES = ("kiwipiepy", "kiwipiepy_model")
_CHUNK_CHARACTERS = 400
"""From here on a sentence's end closes a piece of text to analyse: context enough, and time stays linear."""
_LONGEST_CHUNK = 2000
_loading = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Morpheme:
    """`form` as the dictionary has it; `[start, end)` are characters of its word, overlapping where letters fuse."""

    form: str
    tag: str
    start: int
    end: int


def analyser_version() -> str:
    """What decides the analysis; found without loading anything."""
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} ?")
    return ", ".join(found)


def analysed(words: Sequence[str]) -> tuple[tuple[Morpheme, ...], ...]:
    """The morphemes of each of `words`, each judged among its neighbours.

    Raises: ToolMissing.
    """
    return tuple(of_word for chunk in _chunks(words) for of_word in _of_chunk(chunk))


def analysed_alone(word: str) -> tuple[Morpheme, ...]:
    """The morphemes of one word that may be several written without a space: known words win over new names.

    Raises: ToolMissing.
    """
    return tuple(_morphemes(word, oov_handling="rule"))


def _chunks(words: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    length = 0
    for word in words:
        chunk.append(word)
        length += len(word) + 1
        if (length >= _CHUNK_CHARACTERS and word[-1:] in ".?!") or length >= _LONGEST_CHUNK:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _of_chunk(words: Sequence[str]) -> Iterator[tuple[Morpheme, ...]]:
    morphemes = list(_morphemes(" ".join(words)))
    at, begin = 0, 0
    for word in words:
        end = begin + len(word)
        inside = []
        while at < len(morphemes) and morphemes[at].start < end:
            found = morphemes[at]
            inside.append(
                Morpheme(
                    form=found.form,
                    tag=found.tag,
                    start=max(0, found.start - begin),
                    end=min(len(word), found.end - begin),
                )
            )
            at += 1
        yield tuple(inside)
        begin = end + 1


def _morphemes(text: str, **options: Any) -> Iterator[Morpheme]:
    last = 0
    for token in _kiwi().tokenize(text, **options):
        # In order, whatever the analyser does with fused letters.
        last = max(last, int(token.start))
        yield Morpheme(
            form=str(token.form),
            tag=str(token.tag).partition("-")[0],
            start=last,
            end=max(last, int(token.start) + int(token.len)),
        )


def _kiwi() -> Any:
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    try:
        from kiwipiepy import Kiwi

        # Without its list of film and book titles it loads in a third of the time, and judges the same.
        kiwi = Kiwi(num_workers=1, load_multi_dict=False, load_typo_dict=False)
    except (ImportError, OSError) as why:
        raise ToolMissing(
            tool="kiwipiepy",
            found=str(why),
            remedy=Said(
                "install kiwipiepy and kiwipiepy_model again",
                ko="kiwipiepy와 kiwipiepy_model을 다시 설치해 주세요.",
            ),
        ) from None
    for title in sorted(TITLES):
        kiwi.add_user_word(title, "NNG")
    return kiwi
