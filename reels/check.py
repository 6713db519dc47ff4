"""A finished file judged against a platform, without trusting how it was made.

`observe` stands before it and measures; here measurements meet the platform's data and become findings.
Nothing here opens a file or decides what to do about a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from reels.boxes import IDENTITY_MATRIX
from reels.errors import printable
from reels.observation import AudioObservation, Observation, VideoObservation
from reels.observe import observe
from reels.platforms import Platform

__all__ = [
    "LOUDNESS_TOLERANCE_LU",
    "CheckReport",
    "Finding",
    "check_file",
    "judge",
    "report_json",
    "report_on",
]

LOUDNESS_TOLERANCE_LU = Fraction(1)

_SHOWN_BOXES = 12
_NO_LIMIT = "no limit published"
_PLAYERS = "players differ in what they honour, so a reel carries square, upright pixels"
_EXTRA_TRACKS = "timecode, data and picture tracks carry private details, and upload pages stumble over them"
_DECODE = "a file that cannot be decoded to its end was not copied or written to its end"
# A rate measured from timestamps in whole milliseconds is this far off at most.
_RATE_TOLERANCE = Fraction(1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule applied: what was found against what was expected, and where that expectation comes from."""

    rule: str
    ok: bool
    found: str
    expected: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """A file against a platform; every rule that applies has a finding, passed or not."""

    file: Path
    platform: str
    ok: bool
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.ok)


def check_file(
    path: Path, platform: Platform, *, on_progress: Callable[[Fraction], None] | None = None
) -> CheckReport:
    """Measure the file at `path` and judge it; `on_progress` gets the seconds decoded so far.

    Raises: FootageMissing, FootageRefused, FootageDamaged, NoVideoStream for what is no media; ToolMissing.
    """
    return report_on(observe(path, on_progress=on_progress), platform, file=path)


def report_on(seen: Observation, platform: Platform, *, file: Path) -> CheckReport:
    """The report on what was seen of `file`: one observation serves any number of platforms."""
    findings = judge(seen, platform)
    return CheckReport(
        file=file, platform=platform.name, ok=all(finding.ok for finding in findings), findings=findings
    )


def report_json(report: CheckReport) -> dict[str, object]:
    """The report in the shape that `reels check --json` prints."""
    return {
        "file": str(report.file),
        "platform": report.platform,
        "ok": report.ok,
        "findings": [
            {"rule": f.rule, "ok": f.ok, "found": f.found, "expected": f.expected, "source": f.source}
            for f in report.findings
        ],
    }


def judge(seen: Observation, platform: Platform) -> tuple[Finding, ...]:
    """Every rule that applies to what was seen, in a fixed order."""
    findings = (
        *_container(seen, platform),
        *_picture(seen, seen.video, platform),
        *_rhythm(seen.video, platform),
        *_sound(seen, platform),
        *_whole(seen, platform),
    )
    # Box and track names are the file's own bytes: none of them may reach a terminal as a control sequence.
    return tuple(replace(finding, found=printable(finding.found)) for finding in findings)


# --- the rules -------------------------------------------------------------------------------------------


def _container(seen: Observation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="container.format",
        ok=seen.container in platform.containers,
        found=seen.container,
        expected=_any_of(platform.containers),
        source=str(platform.source_of("containers")),
    )
    if seen.container not in {"mp4", "mov"}:
        return  # other containers have no boxes to be out of order
    if seen.movie is None:
        order, lists, first, plain = seen.movie_problem, seen.movie_problem, False, False
    else:
        edited = [track.handler for track in seen.movie.tracks if track.has_edit_list]
        order, first = (
            " ".join(list(dict.fromkeys(seen.movie.top_level))[:_SHOWN_BOXES]),
            seen.movie.moov_first,
        )
        lists, plain = f"edit lists on {', '.join(edited)}" if edited else "none", not edited
    yield Finding(
        rule="container.moov-first",
        ok=first or not platform.moov_first,
        found=order,
        expected="moov before mdat" if platform.moov_first else "any order",
        source=str(platform.source_of("moov_first")),
    )
    yield Finding(
        rule="container.no-edit-lists",
        ok=plain or platform.edit_lists_allowed,
        found=lists,
        expected="none" if not platform.edit_lists_allowed else "any",
        source=str(platform.source_of("edit_lists_allowed")),
    )


def _picture(seen: Observation, video: VideoObservation, platform: Platform) -> Iterator[Finding]:
    def of(key: str) -> str:
        return str(platform.source_of(key))

    yield Finding(
        rule="video.codec",
        ok=video.codec in platform.video_codecs,
        found=video.codec,
        expected=_any_of(platform.video_codecs),
        source=of("video_codecs"),
    )
    # A profile belongs to a codec: of one that is refused, or has none listed, there is nothing more to say.
    profiles = [p for p in platform.video_profiles if p.split()[0] == video.codec]
    if profiles and video.codec in platform.video_codecs:
        yield Finding(
            rule="video.profile",
            ok=video.profile in profiles,
            found=video.profile,
            expected=_any_of(profiles),
            source=of("video_profiles"),
        )
    yield Finding(
        rule="video.chroma",
        ok=video.pixel_format in platform.pixel_formats,
        found=video.pixel_format,
        expected=_any_of(platform.pixel_formats),
        source=of("pixel_formats"),
    )
    yield Finding(
        rule="video.colour-tags",
        ok=video.colours == (platform.colour,),
        found=" in the container, in the pictures ".join(video.colours[:2]),
        expected=platform.colour,
        source=of("colour"),
    )
    yield Finding(
        rule="video.raster",
        ok=video.display == platform.raster,
        found=str(video.display),
        expected=str(platform.raster),
        source=of("raster"),
    )
    yield Finding(
        rule="video.sar",
        ok=video.sar == 1,
        found=f"{video.sar.numerator}:{video.sar.denominator}",
        expected="1:1",
        source=_PLAYERS,
    )
    turned = (
        [t for t in seen.movie.tracks if t.handler == "vide" and t.matrix != IDENTITY_MATRIX]
        if seen.movie
        else []
    )
    yield Finding(
        rule="video.rotation",
        ok=video.rotation == 0 and not turned,
        found="a matrix that mirrors or moves"
        if turned and not video.rotation
        else f"{video.rotation}° clockwise",
        expected="0° clockwise",
        source=_PLAYERS,
    )
    yield Finding(
        rule="video.progressive",
        ok=not video.interlaced or not platform.progressive,
        found="interlaced" if video.interlaced else "progressive",
        expected="progressive" if platform.progressive else "any",
        source=of("progressive"),
    )


def _rhythm(video: VideoObservation, platform: Platform) -> Iterator[Finding]:
    def of(key: str) -> str:
        return str(platform.source_of(key))

    intervals = f"{_ms(video.shortest_interval)} to {_ms(video.longest_interval)}"
    yield Finding(
        rule="video.constant-rate",
        ok=video.even or not platform.constant_rate,
        found=f"even intervals of {_ms(1 / video.rate)}"
        if video.even and video.rate
        else f"intervals of {intervals}",
        expected="even intervals" if platform.constant_rate else "any intervals",
        source=of("constant_rate"),
    )
    yield Finding(
        rule="video.rate",
        ok=video.rate is not None
        and _within(video.rate, platform.fps_min, platform.fps_max, tolerance=_RATE_TOLERANCE),
        found=f"{_number(video.rate)} frames/s" if video.rate is not None else f"{video.pictures} picture(s)",
        expected=_span(platform.fps_min, platform.fps_max, "frames/s"),
        source=of("fps_max"),
    )
    yield Finding(
        rule="video.closed-gop",
        ok=video.open_gop_at is None or not platform.closed_gop,
        found="closed" if video.open_gop_at is None else f"open from {_seconds(video.open_gop_at)}",
        expected="closed" if platform.closed_gop else "any",
        source=of("closed_gop"),
    )
    # Keyframes can only stand on frames: half a picture over the limit is the limit.
    half = 1 / (2 * video.rate) if video.rate else Fraction(0)
    yield Finding(
        rule="video.gop-length",
        ok=platform.max_gop is None or video.longest_gop <= platform.max_gop + half,
        found=f"at most {_seconds(video.longest_gop)} between keyframes",
        expected=_span(None, platform.max_gop, "s"),
        source=of("max_gop"),
    )
    limit = platform.max_video_bitrate
    yield Finding(
        rule="video.bitrate",
        ok=limit is None or video.bitrate <= limit,
        found=f"{_number(video.bitrate / 1_000_000)} Mbit/s on average",
        expected=_NO_LIMIT if limit is None else f"at most {_number(Fraction(limit, 1_000_000))} Mbit/s",
        source=of("max_video_bitrate"),
    )


def _sound(seen: Observation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="audio.present",
        ok=seen.audio is not None,
        found="a sound track" if seen.audio else "none",
        expected="a sound track",
        source=str(platform.source_of("audio_codecs")),
    )
    if seen.audio is None:
        return
    yield from _sound_format(seen.audio, platform)
    if seen.loudness is None:
        return  # shorter than the meter's block, or not decodable, which `decodes` says
    target, level = platform.target_lufs, seen.loudness.integrated_lufs
    silent = seen.loudness.is_silent
    yield Finding(
        rule="audio.loudness",
        ok=silent or abs(level - target) <= LOUDNESS_TOLERANCE_LU,
        found="silent" if silent else f"{_number(level)} LUFS",
        expected=f"{_number(target)} LUFS ± {_number(LOUDNESS_TOLERANCE_LU)} LU, or silent",
        source=str(platform.source_of("target_lufs")),
    )
    peak, highest = seen.loudness.true_peak_dbtp, platform.max_true_peak_dbtp
    yield Finding(
        rule="audio.true-peak",
        ok=peak <= highest,
        found="silent" if silent and peak <= -200 else f"{_number(peak)} dBTP",
        expected=f"at most {_number(highest)} dBTP",
        source=str(platform.source_of("max_true_peak_dbtp")),
    )


def _sound_format(audio: AudioObservation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="audio.codec",
        # Opus has no profiles, AAC has: `aac LC` asks for the one, `opus` for any.
        ok=audio.codec in platform.audio_codecs or audio.codec.split()[0] in platform.audio_codecs,
        found=audio.codec,
        expected=_any_of(platform.audio_codecs),
        source=str(platform.source_of("audio_codecs")),
    )
    yield Finding(
        rule="audio.rate",
        ok=audio.rate_hz == platform.audio_rate_hz,
        found=f"{audio.rate_hz} Hz",
        expected=f"{platform.audio_rate_hz} Hz",
        source=str(platform.source_of("audio_rate_hz")),
    )
    yield Finding(
        rule="audio.channels",
        ok=audio.channels == platform.audio_channels,
        found=str(audio.channels),
        expected=str(platform.audio_channels),
        source=str(platform.source_of("audio_channels")),
    )


def _whole(seen: Observation, platform: Platform) -> Iterator[Finding]:
    yield Finding(
        rule="duration",
        ok=_within(seen.duration, platform.duration_min, platform.duration_max),
        found=_seconds(seen.duration),
        expected=_span(platform.duration_min, platform.duration_max, "s"),
        source=str(platform.source_of("duration_max")),
    )
    limit = platform.max_bytes
    yield Finding(
        rule="size",
        ok=limit is None or seen.size_bytes <= limit,
        found=f"{seen.size_bytes:,} bytes",
        expected=_NO_LIMIT if limit is None else f"at most {limit:,} bytes",
        source=str(platform.source_of("max_bytes")),
    )
    kinds = sorted(name.split()[0] for name in seen.streams)
    yield Finding(
        rule="streams",
        ok=kinds in (["audio", "video"], ["video"]),
        found=", ".join(seen.streams),
        expected="one video and one audio track, nothing else",
        source=_EXTRA_TRACKS,
    )
    yield Finding(
        rule="decodes",
        ok=not seen.problems,
        found=f"{len(seen.problems)} error(s), first: {seen.problems[0]}"
        if seen.problems
        else "to the end, no error",
        expected="to the end, no error",
        source=_DECODE,
    )


# --- how values are written ------------------------------------------------------------------------------


def _within(
    value: Fraction, low: Fraction | None, high: Fraction | None, *, tolerance: Fraction = Fraction(0)
) -> bool:
    return (low is None or value >= low - tolerance) and (high is None or value <= high + tolerance)


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(names)


def _span(low: Fraction | None, high: Fraction | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{_number(low)} to {_number(high)} {unit}"
    if high is not None:
        return f"at most {_number(high)} {unit}"
    return f"at least {_number(low)} {unit}" if low is not None else _NO_LIMIT


def _number(value: Fraction) -> str:
    """A number for people: three decimals at most, none that say nothing."""
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def _seconds(value: Fraction) -> str:
    return f"{_number(value)} s"


def _ms(value: Fraction) -> str:
    return f"{float(value * 1000):.1f} ms"
