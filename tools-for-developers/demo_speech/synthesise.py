"""Speak the demo's sentences with espeak-ng and write `assets/demo/speech-*.opus` and `speech.json`.

Needed only to change the demo's words: the result is kept in the repository, so neither the demo nor the
tests need espeak-ng. The sentences stay within the small world of the demo's speech model, the voices are
among the four it was trained on, and the times in `speech.json` are measured on the decoded Opus file, not
taken from the synthesiser.

    python tools-for-developers/demo_speech/synthesise.py            write the files
    python tools-for-developers/demo_speech/synthesise.py --check    compare the kept files with speech.json

Before it: espeak-ng 1.51 on PATH (Debian: `apt-get install espeak-ng`). After it: `check_recognition.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reels.tools.ffmpeg import find_ffmpeg

Samples = npt.NDArray[np.float32]

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "demo"
RATE = 48_000
BITRATE = 32_000
LEAD_S = 0.5
"""Silence before the first sentence of every file."""
TARGET_DBFS = -23.0
"""RMS of what is spoken, pauses left out."""
ONSET_RATIO = 0.02
"""A sentence starts and ends where its 10 ms envelope passes this part of the sentence's peak envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One speech file: `lines` are sentences, each with the pause in seconds that follows it."""

    name: str
    voice: str
    words_per_minute: int
    pitch: int
    lines: tuple[tuple[str, float], ...]


TAKES = (
    Take(
        name="festival",
        voice="ko+f2",
        words_per_minute=165,
        pitch=50,
        lines=(
            ("안녕하십니까 시청 주무관입니다.", 0.8),
            ("이번 주말 한옥마을에서 축제가 열립니다.", 1.0),
            ("다양한 공연이 여러분의 동네 공원에서 열립니다.", 0.9),
            ("가족과 함께 축제를 즐겨 보세요.", 1.6),
            ("감사합니다.", 0.6),
        ),
    ),
    Take(
        name="library",
        voice="ko+f4",
        words_per_minute=165,
        pitch=55,
        lines=(
            ("안녕하세요.", 0.6),
            ("영화제가 다음주 금요일 시작됩니다.", 1.2),
            ("우리 동네 도서관에서 만나요.", 0.9),
            ("전화로 문의하세요.", 0.6),
        ),
    ),
    Take(
        name="youth",
        voice="ko+f4",
        words_per_minute=150,
        pitch=60,
        lines=(
            ("안녕하세요 시민 여러분.", 0.7),
            ("청년 일자리 교육 모집합니다.", 1.1),
            ("신청은 홈페이지에서 하세요.", 2.0),
            ("고맙습니다.", 0.6),
        ),
    ),
    Take(
        name="storm",
        voice="ko+f4",
        words_per_minute=160,
        pitch=45,
        lines=(
            ("오늘은 폭우 주의보 발령.", 0.9),
            ("시민 여러분 조심하세요.", 0.7),
            ("대피소로 안전하게 대피해 주세요.", 1.4),
            ("버스를 이용해 주세요.", 0.6),
        ),
    ),
    Take(
        name="interview",
        voice="ko+f2",
        words_per_minute=150,
        pitch=68,
        lines=(
            ("우리 동네 축제 아시나요?", 0.9),
            ("이번 주말 공원에서 만나요.", 1.0),
            ("가족과 함께 즐겨 보세요.", 0.6),
        ),
    ),
)


def _ffmpeg(arguments: Sequence[str], given: bytes = b"") -> bytes:
    command = [str(find_ffmpeg().path), "-hide_banner", "-v", "error", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def _resampled(samples: Samples, rate: int) -> Samples:
    raw = ("-f", "f32le", "-ac", "1")
    out = _ffmpeg([*raw, "-ar", str(rate), "-i", "-", *raw, "-ar", str(RATE), "-"], samples.tobytes())
    return np.frombuffer(out, np.float32)


def _envelope(samples: Samples) -> Samples:
    window = RATE // 100
    smoothed = np.convolve(samples**2, np.ones(window, np.float32) / window, "same")
    return np.sqrt(smoothed.astype(np.float32))


def _sounding(samples: Samples) -> tuple[int, int]:
    """First and last sample + 1 where something is heard."""
    envelope = _envelope(samples)
    loud = np.nonzero(envelope > ONSET_RATIO * envelope.max())[0]
    return int(loud[0]), int(loud[-1]) + 1


def _spoken(take: Take, text: str) -> Samples:
    """`text` as samples at 48 kHz with the silence around it cut off, 10 ms of it kept."""
    command = [
        "espeak-ng",
        "-v",
        take.voice,
        "-s",
        str(take.words_per_minute),
        "-p",
        str(take.pitch),
        "--stdout",
    ]
    wav = subprocess.run([*command, text], capture_output=True, check=True).stdout
    rate = int.from_bytes(wav[24:28], "little")
    spoken = np.frombuffer(wav[44:], "<i2").astype(np.float32) / np.float32(32768)
    samples = _resampled(spoken, rate)
    first, last = _sounding(samples)
    kept = RATE // 100
    return samples[max(0, first - kept) : last + kept]


def _decoded(path: Path) -> Samples:
    return np.frombuffer(
        _ffmpeg(["-i", str(path), "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-"]), np.float32
    )


def _measured(
    path: Path, lines: Sequence[tuple[str, float]], placed: Sequence[tuple[int, int]]
) -> list[dict[str, object]]:
    """Where each sentence is heard in the decoded file; `placed` says where to look."""
    samples = _decoded(path)
    look_around = RATE // 5
    found: list[dict[str, object]] = []
    for (text, _), (start, end) in zip(lines, placed, strict=True):
        at = max(0, start - look_around)
        first, last = _sounding(samples[at : end + look_around])
        found.append(
            {"text": text, "start": round((at + first) / RATE, 3), "end": round((at + last) / RATE, 3)}
        )
    return found


def _write(take: Take) -> dict[str, object]:
    parts: list[Samples] = [np.zeros(round(LEAD_S * RATE), np.float32)]
    placed: list[tuple[int, int]] = []
    at = len(parts[0])
    for text, pause in take.lines:
        spoken = _spoken(take, text)
        placed.append((at, at + len(spoken)))
        silence = np.zeros(round(pause * RATE), np.float32)
        parts += [spoken, silence]
        at += len(spoken) + len(silence)
    samples = np.concatenate(parts)
    level = np.sqrt(np.mean(np.concatenate([samples[a:b] for a, b in placed]) ** 2))
    samples = samples * np.float32(10 ** (TARGET_DBFS / 20) / level)
    if np.abs(samples).max() > 0.9:
        raise SystemExit(f"{take.name}: peak {np.abs(samples).max():.2f}; lower TARGET_DBFS")
    path = ASSETS / f"speech-{take.name}.opus"
    _ffmpeg(
        [
            *("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-"),
            *("-fflags", "+bitexact", "-flags", "+bitexact"),
            *(
                "-c:a",
                "libopus",
                "-b:a",
                str(BITRATE),
                "-vbr",
                "on",
                "-application",
                "audio",
                "-y",
                str(path),
            ),
        ],
        samples.tobytes(),
    )
    return {
        "name": take.name,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "voice": take.voice,
        "words_per_minute": take.words_per_minute,
        "pitch": take.pitch,
        "duration": round(len(_decoded(path)) / RATE, 3),
        "sentences": _measured(path, take.lines, placed),
    }


def _check() -> int:
    """Kept files against `speech.json`: the same bytes, and sound exactly where it says."""
    wrong = 0
    for clip in json.loads((ASSETS / "speech.json").read_text(encoding="utf-8"))["clips"]:
        path = ASSETS / clip["file"]
        same = hashlib.sha256(path.read_bytes()).hexdigest() == clip["sha256"]
        lines = [(s["text"], 0.0) for s in clip["sentences"]]
        placed = [(round(s["start"] * RATE), round(s["end"] * RATE)) for s in clip["sentences"]]
        as_said = same and _measured(path, lines, placed) == clip["sentences"]
        print(f"{path.name}: {'as kept' if as_said else 'DIFFERS'}")
        wrong += not as_said
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--check", action="store_true", help="compare the kept files with speech.json, write nothing"
    )
    if parser.parse_args().check:
        return 1 if _check() else 0
    ASSETS.mkdir(parents=True, exist_ok=True)
    truth = {
        "schema": "reels/demo-speech/1",
        "seconds": "of the decoded file",
        "clips": [_write(t) for t in TAKES],
    }
    (ASSETS / "speech.json").write_text(
        json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(*(f"{c['file']} {c['duration']} s" for c in truth["clips"]), sep="\n")  # type: ignore[index]
    return 0


if __name__ == "__main__":
    sys.exit(main())
