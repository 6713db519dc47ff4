"""What a builder returns: arguments for ffmpeg, and the graph alone for messages and goldens."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from reels.tools.inputs import SAFE_INPUT, SAFE_MUSIC, footage_argument

__all__ = [
    "Command",
    "compile_graph",
    "footage_input",
    "microseconds",
    "music_input",
    "neutral_input",
    "seconds",
    "told_apart",
]

_BYTES = "bytes:"
"""Before a name whose characters are bytes; a real one begins with `file:` or is neutral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`arguments` follow the program's name; `graph` is the filter graph among them.

    `files` are names and texts that must lie in the folder in which ffmpeg runs: neutral names, our own numbers.
    """

    arguments: tuple[str, ...]
    graph: str
    files: tuple[tuple[str, str], ...] = ()


def seconds(value: Fraction) -> str:
    """Exact enough for ffmpeg, which counts microseconds: nine decimals, never an exponent."""
    return f"{float(value):.9f}"


def microseconds(value: Fraction) -> int:
    """The nearest whole microsecond, in which ffmpeg counts where a time base has to be chosen."""
    return round(value * 1_000_000)


def _pairs(options: tuple[str, ...]) -> dict[str, str]:
    return {key.removeprefix("-"): value for key, value in zip(options[::2], options[1::2], strict=True)}


def told_apart(read: Sequence[object]) -> list[dict[str, int]]:
    """Options for each input of a graph that make one that reads the same as another an input of its own.

    `read` says of each input what it reads, from where. ffmpeg-python takes equal inputs, and all filters that
    follow equally, for one node, and then refuses that its result is used twice: where a clip stands in a reel
    twice, or two clips are silent for the same time. A longer queue of packets (8 is ffmpeg's own) changes
    nothing else.
    """
    before = [read[:number].count(one) for number, one in enumerate(read)]
    return [{"thread_queue_size": 8 + count} if count else {} for count in before]


def footage_input(path: Path, *, seek: Fraction, **options: Any) -> Any:
    """An input that only the demuxers and protocols of footage may open.

    With a seek, decoding starts at the keyframe at or before it, and the frames from there on all reach the
    graph: the picture that is on screen at the in point may have started long before it.
    """
    return ffmpeg.input(
        _for_the_library(footage_argument(path)), **_placed(seek), **_pairs(SAFE_INPUT), **options
    )


def _placed(seek: Fraction) -> dict[str, Any]:
    return {"ss": seconds(seek), "noaccurate_seek": None} if seek > 0 else {}


def music_input(path: Path, *, seek: Fraction = Fraction(0), **options: Any) -> Any:
    """An input that only the demuxers and protocols of music may open; a seek is as with footage."""
    return ffmpeg.input(
        _for_the_library(footage_argument(path)), **_placed(seek), **_pairs(SAFE_MUSIC), **options
    )


def neutral_input(path: Path, **options: Any) -> Any:
    """An input that we made ourselves, in the store or the work folder."""
    name = footage_argument(path) if path.is_absolute() else str(path)
    return ffmpeg.input(_for_the_library(name), **options)


def _for_the_library(name: str) -> str:
    """ffmpeg-python hashes what it holds as UTF-8, which a name of other bytes is not: it gets these one by one."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return _BYTES + os.fsencode(name).decode("latin-1")
    return name


def _for_ffmpeg(argument: str) -> str:
    if not argument.startswith(_BYTES):
        return argument
    return os.fsdecode(argument.removeprefix(_BYTES).encode("latin-1"))


def compile_graph(
    *streams: Any,
    output: str,
    options: Mapping[str, str | int],
    files: Sequence[tuple[str, str]] = (),
) -> Command:
    """Arguments for `output` (a neutral name in the work folder), and the files that the graph reads there."""
    built = ffmpeg.output(*streams, output, **{key: str(value) for key, value in options.items()})
    arguments = tuple(map(_for_ffmpeg, ffmpeg.get_args(built)))
    graph = next((b for a, b in itertools.pairwise(arguments) if a == "-filter_complex"), "")
    # The container's own clock is kept: counting from the first packet that is used would lose a late start.
    return Command(
        arguments=("-copyts", "-filter_complex_threads", "1", *arguments), graph=graph, files=tuple(files)
    )
