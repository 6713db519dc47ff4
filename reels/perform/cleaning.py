"""Steady noise out of the pieces that ask for it: decoded stretch by stretch, cleaned, and played from there.

Pieces of one film that lie close are one stretch, and the noise of a film is learned from all its stretches: a cut must
not be heard by its noise. `sound` mixes what comes out like any other footage.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reels.encode import AUDIO_RATE_HZ
from reels.graph.sound import AudioPiece, build_stretch
from reels.perform.bench import Bench
from reels.sound.denoising import NoiseProfile, denoised, learned
from reels.tools.ffmpeg import require_not_stopped, run_ffmpeg

__all__ = ["cleaned"]

_AROUND = Fraction(1)
"""Seconds before and after a piece, so that the filter knows the noise when the piece begins."""

_CLOSE = Fraction(3)

Stretch = tuple[Fraction, Fraction]
Sound = npt.NDArray[np.float32]


def cleaned(pieces: Sequence[AudioPiece], folder: Path, bench: Bench) -> tuple[AudioPiece, ...]:
    """`pieces`, those with `denoise` replaced by the same moments of cleaned files in `folder`."""
    wanting = [piece for piece in pieces if piece.denoise and piece.stream is not None]
    made: dict[AudioPiece, list[tuple[Stretch, Path]]] = {}
    for number, film in enumerate(dict.fromkeys(map(_film, wanting))):
        stretches = _stretches([piece for piece in wanting if _film(piece) == film])
        made[film] = _clean(film, stretches, folder, f"film{number}", bench)
    return tuple(_from_cleaned(piece, made.get(_film(piece), [])) for piece in pieces)


def _film(piece: AudioPiece) -> AudioPiece:
    """What two pieces of the same sound have in common."""
    return replace(piece, start=Fraction(0), samples=0)


def _end(piece: AudioPiece) -> Fraction:
    return piece.start + Fraction(piece.samples, AUDIO_RATE_HZ)


def _stretches(pieces: Sequence[AudioPiece]) -> list[Stretch]:
    """Start and end in source seconds of what is decoded at once."""
    found: list[Stretch] = []
    for piece in sorted(pieces, key=lambda one: one.start):
        start, end = max(Fraction(0), piece.start - _AROUND), _end(piece) + _AROUND
        if found and start - found[-1][1] < _CLOSE:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _clean(
    film: AudioPiece, stretches: Sequence[Stretch], folder: Path, name: str, bench: Bench
) -> list[tuple[Stretch, Path]]:
    raw = [folder / f"{name}-{number}.f32" for number in range(len(stretches))]
    for (start, end), path in zip(stretches, raw, strict=True):
        whole = replace(film, start=start, samples=round((end - start) * AUDIO_RATE_HZ), denoise=False)
        command = build_stretch(whole, output=path.name)
        run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
    sides = (0,) if all(_is_the_same_on_both(path) for path in raw) else (0, 1)
    profiles = [learned([_mapped(path)[:, side] for path in raw]) for side in sides]
    made = []
    for stretch, path in zip(stretches, raw, strict=True):
        target = path.with_suffix(".wav")
        _write_cleaned(path, profiles, target)
        path.unlink()
        made.append((stretch, target))
    return made


def _mapped(path: Path) -> Sound:
    """What was decoded, (samples, 2), read from the disk as it is needed: an hour of it has 1.4 GB."""
    return np.memmap(path, "<f4", mode="r").reshape(-1, 2)


def _is_the_same_on_both(path: Path) -> bool:
    sound = _mapped(path)
    return bool(np.array_equal(sound[:, 0], sound[:, 1]))


def _write_cleaned(path: Path, profiles: Sequence[NoiseProfile], target: Path) -> None:
    """A stretch with the noise of each side turned down, or with that of the one that both sides are."""
    sound = _mapped(path)
    sides = [denoised(sound[:, side], profile) for side, profile in enumerate(profiles)]
    with target.open("wb") as file:
        file.write(_wav_head(sound.nbytes))
        for parts in zip(*sides, strict=True):
            # No child runs meanwhile that could be stopped.
            require_not_stopped()
            file.write(np.stack([parts[0], parts[-1]], axis=1).astype("<f4").tobytes())


def _from_cleaned(piece: AudioPiece, made: Sequence[tuple[Stretch, Path]]) -> AudioPiece:
    for (start, end), path in made:
        if start <= piece.start and _end(piece) <= end:
            return AudioPiece(
                path=path,
                stream=0,
                container_start=Fraction(0),
                start=piece.start - start,
                samples=piece.samples,
            )
    return piece


def _wav_head(data_bytes: int) -> bytes:
    """Of 32-bit floats in stereo, which round nothing before the level is set."""
    frame = 2 * 4
    layout = struct.pack("<HHIIHH", 3, 2, AUDIO_RATE_HZ, AUDIO_RATE_HZ * frame, frame, 32)
    return b"".join(
        (
            b"RIFF" + struct.pack("<I", 4 + 8 + len(layout) + 8 + data_bytes) + b"WAVE",
            b"fmt " + struct.pack("<I", len(layout)) + layout,
            b"data" + struct.pack("<I", data_bytes),
        )
    )
