"""Encoders of graphics chips: used where a frame of ours really comes out of them, told where not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from reels.encode import ENCODERS, Encoder
from reels.encoders import usable_encoder, why_unusable
from reels.said import Said
from reels.tools.ffmpeg import find_ffmpeg


def test_x264_is_never_asked_and_never_told() -> None:
    assert usable_encoder("x264") == ("x264", None)
    assert why_unusable("x264") is None


def test_why_an_encoder_does_not_work_is_korean_too_where_it_is_in_words_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    why = Said("it said nothing", ko="아무 말도 남기지 않음")
    monkeypatch.setattr("reels.encoders.why_unusable", lambda _: why)
    _, told = usable_encoder(next(one for one in ENCODERS if one != "x264"))
    assert told is not None
    assert "(it said nothing)" in told
    assert "(아무 말도 남기지 않음)" in told.ko


@pytest.mark.parametrize("encoder", [one for one in ENCODERS if one != "x264"])
def test_an_encoder_that_is_not_here_is_told_in_both_languages_and_done_by_x264(encoder: Encoder) -> None:
    why = why_unusable(encoder)
    chosen, told = usable_encoder(encoder)
    if why is None:  # this computer has it
        assert (chosen, told) == (encoder, None)
        return
    assert chosen == "x264"
    assert told is not None
    assert encoder in told
    assert "x264로 인코딩합니다" in told.ko


def test_an_encoder_that_answers_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffmpeg that takes `h264_nvenc` for libx264: what counts is that a frame comes out."""
    real = find_ffmpeg().path
    shim = tmp_path / "ffmpeg"
    shim.write_text(
        "#!/usr/bin/env python3\nimport os, sys\n"
        "swap = {'h264_nvenc': 'libx264', 'p5': 'ultrafast', 'hq': 'fastdecode'}\n"
        "drop, argv, skip = {'-rc', '-cq', '-forced-idr', '-strict_gop', '-b:v'}, [], False\n"
        "for part in sys.argv[1:]:\n"
        "    if skip:\n        skip = False\n"
        "    elif part in drop:\n        skip = True\n"
        "    else:\n        argv.append(swap.get(part, part))\n"
        f"os.execv({str(real)!r}, [{str(real)!r}, *argv])\n",
        encoding="utf-8",
    )
    shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("REELS_FFMPEG", os.fspath(shim))
    why_unusable.cache_clear()
    try:
        assert usable_encoder("nvenc") == ("nvenc", None)
    finally:
        why_unusable.cache_clear()
