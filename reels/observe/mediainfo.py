"""A second opinion on a finished file, by a reader that shares no code with ours: MediaInfo.

Where both speak of the same thing and differ, one of them is wrong, or the file says two things: either is worth knowing
before a platform's reader makes a third of it. What MediaInfo leaves out is no opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from reels.boxes import Movie
from reels.observe.observation import AudioObservation, Disagreement, VideoObservation

__all__ = ["disagreements"]

_VIDEO_CODECS = {
    "AVC": "h264",
    "HEVC": "hevc",
    "AV1": "av1",
    "VP9": "vp9",
    "VP8": "vp8",
    "MPEG-4 Visual": "mpeg4",
}
_AUDIO_CODECS = {
    "AAC": "aac",
    "Opus": "opus",
    "MPEG Audio": "mp3",
    "AC-3": "ac3",
    "FLAC": "flac",
    "PCM": "pcm",
}
_RATE_APART = Fraction(1, 100)
_SECONDS_APART = Fraction(1, 20)


def disagreements(
    path: Path, movie: Movie | None, video: VideoObservation, audio: AudioObservation | None
) -> tuple[Disagreement, ...] | None:
    """Where MediaInfo reads `path` otherwise than we do; None where it cannot be loaded or does not know the file."""
    tracks = _read(path)
    if tracks is None or "Video" not in tracks:
        return None
    found = [*_of_file(tracks.get("General", {}), movie), *_of_video(tracks["Video"], video)]
    if audio is not None and "Audio" in tracks:
        found += _of_audio(tracks["Audio"], audio)
    return tuple(found)


def _read(path: Path) -> dict[str, Mapping[str, Any]] | None:
    """The first track of each type; its texts are the file's own."""
    from pymediainfo import MediaInfo  # a library of 6 MB

    try:
        read = MediaInfo.parse(str(path.absolute()), parse_speed=0.5)
    except (OSError, RuntimeError, ValueError):
        return None
    tracks: dict[str, Mapping[str, Any]] = {}
    for track in read.tracks:
        tracks.setdefault(track.track_type, track.to_data())
    return tracks


def _of_file(theirs: Mapping[str, Any], movie: Movie | None) -> Iterator[Disagreement]:
    said = theirs.get("isstreamable")
    if movie is None or said is None:
        return
    yield from _differ(
        "the index", "first" if movie.moov_first else "last", "first" if said == "Yes" else "last"
    )


def _of_video(theirs: Mapping[str, Any], ours: VideoObservation) -> Iterator[Disagreement]:
    yield from _differ("the codec", ours.codec, _VIDEO_CODECS.get(theirs.get("format", "")))
    raster = [theirs.get(key) for key in ("width", "height")]
    yield from _differ(
        "the raster", str(ours.coded), "x".join(map(str, raster)) if None not in raster else None
    )
    yield from _differ(
        "the bit depth", f"{_depth(ours.pixel_format)} bit", _with(theirs.get("bit_depth"), " bit")
    )
    scan = {"Progressive": "progressive", "Interlaced": "interlaced", "MBAFF": "interlaced"}
    yield from _differ(
        "the scan", "interlaced" if ours.interlaced else "progressive", scan.get(theirs.get("scan_type", ""))
    )
    yield from _differ("the pictures", str(ours.pictures), theirs.get("frame_count"))
    rate = _number(theirs.get("frame_rate"))
    if rate is not None and ours.rate is not None and abs(rate - ours.rate) > _RATE_APART:
        yield Disagreement(what="the rate", ours=f"{float(ours.rate):.3f}", theirs=f"{float(rate):.3f}")
    turned = _number(theirs.get("rotation"))
    if turned is not None:
        yield from _differ("the rotation", f"{ours.rotation}°", f"{int(turned) % 360}°")


def _of_audio(theirs: Mapping[str, Any], ours: AudioObservation) -> Iterator[Disagreement]:
    codec = ours.codec.split()[0]
    yield from _differ(
        "the sound's codec",
        "pcm" if codec.startswith("pcm") else codec,
        _AUDIO_CODECS.get(theirs.get("format", "")),
    )
    yield from _differ("the sound's rate", f"{ours.rate_hz} Hz", _with(theirs.get("sampling_rate"), " Hz"))
    yield from _differ("the channels", str(ours.channels), _with(theirs.get("channel_s"), ""))


def _differ(what: str, ours: str, theirs: str | None) -> Iterator[Disagreement]:
    if theirs is not None and ours != theirs:
        yield Disagreement(what=what, ours=ours, theirs=theirs)


def _with(value: Any, unit: str) -> str | None:
    return None if value is None else f"{value}{unit}"


def _number(value: Any) -> Fraction | None:
    try:
        return None if value is None else Fraction(str(value))
    except ValueError:
        return None


def _depth(pixel_format: str) -> int:
    for bits in (10, 12, 16):
        if f"p{bits}" in pixel_format or f"{bits}le" in pixel_format:
            return bits
    return 8
