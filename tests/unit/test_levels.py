"""How loud footage is: measured once, by content, and never a reason to fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reels.cutting import passages
from reels.sound import levels
from reels.sound.levels import SILENT_DB, STEP_HZ, levels_of
from reels.sound.listen import SoundFile
from reels.sound.soundtrack import Channel


@pytest.fixture(autouse=True)
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None, Channel]]:
    """An empty cache, and sound of a second of a loud tone, a second of a soft one, and silence; what was decoded."""
    monkeypatch.setenv("REELS_CACHE", str(tmp_path / "cache"))
    asked: list[tuple[str, int | None, Channel]] = []

    def decoded(folder: Path, path: Path, *, stream: int | None, channel: Channel) -> SoundFile:
        asked.append((path.name, stream, channel))
        tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
        sound = np.concatenate([0.5 * tone, 0.05 * tone, np.zeros(8_050)])
        (folder / "sound").write_bytes((sound * 32767).astype("<i2").tobytes())
        return SoundFile(path=folder / "sound")

    monkeypatch.setattr(levels, "decode_audio_into", decoded)
    return asked


def test_each_tenth_of_a_second_has_its_level(tmp_path: Path) -> None:
    assert levels_of(tmp_path / "a.mp4", "1") == (-9,) * 10 + (-29,) * 10 + (SILENT_DB,) * 5


def test_each_sound_of_the_same_content_is_measured_once(
    tmp_path: Path, heard: list[tuple[str, int | None, Channel]]
) -> None:
    first = levels_of(tmp_path / "a.mp4", "1")
    assert levels_of(tmp_path / "elsewhere.mp4", "1") == first
    levels_of(tmp_path / "b.mp4", "2")
    for _ in range(2):
        levels_of(tmp_path / "a.mp4", "1", stream=2)
        levels_of(tmp_path / "a.mp4", "1", stream=2, channel=1)
    assert heard == [
        ("a.mp4", None, "both"),
        ("b.mp4", None, "both"),
        ("a.mp4", 2, "both"),
        ("a.mp4", 2, 1),
    ]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"[-5.5]", b"[-400]", b"[true]"])
def test_a_damaged_memory_is_measured_again(
    content: bytes, tmp_path: Path, heard: list[tuple[str, int | None, Channel]]
) -> None:
    whole = levels_of(tmp_path / "a.mp4", "1")
    (file,) = (tmp_path / "cache").rglob("*.json")
    file.write_bytes(content)
    assert levels_of(tmp_path / "a.mp4", "1") == whole
    assert len(heard) == 2


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert len(levels_of(tmp_path / "a.mp4", "1")) == 25


def test_passages_count_in_the_same_steps() -> None:
    assert passages._LEVELS_HZ == STEP_HZ
