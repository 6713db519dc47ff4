"""What was seen of a finished file, as values: `observe` makes them, `check` judges them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reels.boxes import Movie
from reels.geometry import Raster
from reels.observe.flashes import Flashing
from reels.timing import TimeRange

__all__ = ["AudioObservation", "Disagreement", "Loudness", "Observation", "VideoObservation"]

_SILENCE_LUFS = Fraction(-70)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoObservation:
    """The picture track. Times are presentation seconds of the file.

    `colours` are the primaries/transfer/matrix/range of container and pictures, one where they agree.
    `level` is H.264's times ten, 0 where it is not stated. `rate` is the mean over all pictures, None for fewer than two;
    `even` tells an even grid from any other. `open_gop_at` is the first keyframe that does not close its GOP: it is no IDR
    picture, or a picture shown before it comes after it in the file. `rotation` is in degrees, clockwise.
    """

    codec: str
    profile: str
    level: int
    pixel_format: str
    colours: tuple[str, ...]
    coded: Raster
    display: Raster
    sar: Fraction
    rotation: int
    interlaced: bool
    pictures: int
    rate: Fraction | None
    even: bool
    shortest_interval: Fraction
    longest_interval: Fraction
    open_gop_at: Fraction | None
    longest_gop: Fraction
    bitrate: Fraction
    start: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioObservation:
    """The first sound track: `codec` with its profile, such as `aac LC`."""

    codec: str
    rate_hz: int
    channels: int
    start: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """Of the decoded sound: integrated LUFS by EBU R 128, true peak in dBTP (−200 for digital silence).

    Mono is measured as it is heard, from two speakers.
    """

    integrated_lufs: Fraction
    true_peak_dbtp: Fraction

    @property
    def is_silent(self) -> bool:
        return self.integrated_lufs <= _SILENCE_LUFS


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two readers of the same file who say different things about `what`."""

    what: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A finished file. `movie` is None where the file has no boxes, with `movie_problem` saying why.

    `black`, `frozen` and `silent` are stretches in seconds of the file, from half a second, two and one; `private` names
    tags. `disagreements` is None where there was no second opinion.
    """

    path: Path
    size_bytes: int
    container: str
    movie: Movie | None
    movie_problem: str
    streams: tuple[str, ...]
    video: VideoObservation
    audio: AudioObservation | None
    duration: Fraction
    loudness: Loudness | None
    black: tuple[TimeRange, ...]
    frozen: tuple[TimeRange, ...]
    silent: tuple[TimeRange, ...]
    flashing: Flashing
    private: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] | None
    problems: tuple[str, ...]
