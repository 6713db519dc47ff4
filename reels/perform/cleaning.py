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
from reels.sound.denoising import denoised, learned
from reels.tools.ffmpeg import require_not_stopped, run_ffmpeg

__all__ = ["cleaned"]

_AROUND = Fraction(1)
"""Seconds before and after a piece, so that the filter knows the noise when the piece begins."""

_CLOSE = Fraction(3)

Stretch = tuple[Fraction, Fraction]


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
    heard = [np.fromfile(path, "<f4").reshape(-1, 2) for path in raw]
    alike = all(np.array_equal(sound[:, 0], sound[:, 1]) for sound in heard)
    sides = (0,) if alike else (0, 1)
    profiles = {side: learned(np.concatenate([sound[:, side] for sound in heard])) for side in sides}
    made = []
    for stretch, path, sound in zip(stretches, raw, heard, strict=True):
        # No child runs meanwhile that could be stopped.
        require_not_stopped()
        clean = [denoised(np.ascontiguousarray(sound[:, side]), profiles[side]) for side in sides]
        target = path.with_suffix(".wav")
        _write_wav(target, np.stack(clean if len(clean) == 2 else clean * 2, axis=1))
        path.unlink()
        made.append((stretch, target))
    return made


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


def _write_wav(path: Path, sound: npt.NDArray[np.float32]) -> None:
    """32-bit floats: what is above full scale here is below it once the level is set."""
    data = sound.astype("<f4").tobytes()
    frame = 4 * sound.shape[1]
    layout = struct.pack("<HHIIHH", 3, sound.shape[1], AUDIO_RATE_HZ, AUDIO_RATE_HZ * frame, frame, 32)
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVE")
        file.write(b"fmt " + struct.pack("<I", len(layout)) + layout)
        file.write(b"data" + struct.pack("<I", len(data)))
        file.write(data)
