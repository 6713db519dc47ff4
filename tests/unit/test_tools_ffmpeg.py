"""The parts of the gate to ffmpeg that need no process."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from reels.tools import ffmpeg
from reels.tools.ffmpeg import FOOTAGE_DEMUXERS, SAFE_INPUT, Ffmpeg, footage_argument


def tool(version: str) -> Ffmpeg:
    return Ffmpeg(path=Path("/bin/ffmpeg"), version=version, filters=frozenset(), encoders=frozenset())


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("n9.0.2-17-g2a571b6068-20260930", (9, 0)),
        ("7.1.1", (7, 1)),
        ("5.1.6-0+deb12u1", (5, 1)),
        ("N-118000-gabcdef", None),
        ("git-2026-01-01-abc", None),
    ],
)
def test_the_release_is_read_from_any_kind_of_version(version: str, release: tuple[int, int] | None) -> None:
    assert tool(version).release == release


def test_only_containers_of_footage_and_only_files_may_be_opened() -> None:
    assert SAFE_INPUT[:2] == ("-protocol_whitelist", "file")
    assert SAFE_INPUT[2:] == ("-format_whitelist", ",".join(FOOTAGE_DEMUXERS))
    assert not {"hls", "dash", "concat", "sdp", "image2", "tty", "imf", "lavfi"} & set(FOOTAGE_DEMUXERS)


@pytest.mark.parametrize("name", ["-i.mp4", "concat:a|b", "http:x.mp4", "pipe:0", "a\nb.mp4"])
def test_a_name_becomes_an_absolute_path_behind_the_file_protocol(name: str) -> None:
    assert footage_argument(Path(name)) == f"file:{Path.cwd()}/{name}"


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        (b"out_time_us=960000\n", Fraction(24, 25)),
        (b"out_time_us=N/A\n", None),
        (b"out_time_us=-23000\n", None),
        (b"frame=25\n", None),
        (b"out_time=00:00:00.960000\n", None),
    ],
)
def test_progress_is_the_programme_time_in_exact_seconds(line: bytes, seconds: Fraction | None) -> None:
    assert ffmpeg._programme_seconds(line) == seconds


def test_the_reasons_are_the_first_error_and_the_last_ones_without_addresses() -> None:
    stderr = "\n".join(
        (
            "[info] Input #0, lavfi, from 'sine=d=4':",
            "[AVFilterGraph @ 0x55d65c998d40] [error] No such filter: 'nope'",
            "[h264 @ 0x1] [error] two",
            "[h264 @ 0x2] [error] two",
            "[error] three",
            "[fatal] four",
        )
    )
    assert ffmpeg._reasons(stderr) == ["No such filter: 'nope'", "three", "four"]
