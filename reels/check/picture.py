"""Rules about the picture: its coding, its shape, its rhythm, and what it does to people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reels.boxes import IDENTITY_MATRIX
from reels.check.findings import Finding
from reels.check.levels import HIGHEST_LEVEL, level_name, needed_level
from reels.check.wording import NO_LIMIT, any_of, ms, number, seconds, span, stretches, within
from reels.observe import MOST_CHANGES, Observation, VideoObservation
from reels.platforms import Platform

__all__ = ["judge_picture"]

_PLAYERS = "players differ in what they honour, so a reel carries square, upright pixels"
_LEVEL = "ITU-T H.264, table A-1: players that are built for a level stop at what needs a higher one"
_DOLBY = (
    "https://github.com/jellyfin/jellyfin-ffmpeg/issues/483: its data over an SDR picture turns the colours"
)
_FLASHES = "WCAG 2.2, 2.3.1: more than three flashes in a second can bring on seizures"
_SHOWN = "our advice: what shows nothing new is cut or explained"
# A rate measured from timestamps in whole milliseconds is this far off at most.
_RATE_TOLERANCE = Fraction(1, 100)
_LONGEST_BLACK = Fraction(1)
_LONGEST_FROZEN = Fraction(10)


def judge_picture(seen: Observation, platform: Platform) -> Iterator[Finding]:
    """Coding and shape, rhythm, content, in this order."""
    yield from _picture(seen, seen.video, platform)
    yield from _rhythm(seen.video, platform)
    yield from _content(seen)


def _picture(seen: Observation, video: VideoObservation, platform: Platform) -> Iterator[Finding]:
    def of(key: str) -> str:
        return str(platform.source_of(key))

    yield Finding(
        rule="video.codec",
        ok=video.codec in platform.video_codecs,
        found=video.codec,
        expected=any_of(platform.video_codecs),
        source=of("video_codecs"),
    )
    # A profile belongs to a codec: of one that is refused, or has none listed, there is nothing more to say.
    profiles = [p for p in platform.video_profiles if p.split()[0] == video.codec]
    if profiles and video.codec in platform.video_codecs:
        yield Finding(
            rule="video.profile",
            ok=video.profile in profiles,
            found=video.profile,
            expected=any_of(profiles),
            source=of("video_profiles"),
        )
    yield from _level(video)
    yield Finding(
        rule="video.chroma",
        ok=video.pixel_format in platform.pixel_formats,
        found=video.pixel_format,
        expected=any_of(platform.pixel_formats),
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
    dolby = seen.movie is not None and any(track.dolby_vision for track in seen.movie.tracks)
    yield Finding(
        rule="video.no-dolby-vision",
        ok=not dolby,
        found="its configuration record" if dolby else "none",
        expected="none",
        source=_DOLBY,
    )


def _level(video: VideoObservation) -> Iterator[Finding]:
    """Only H.264 states its level where we read it, and only a picture with a rate needs one."""
    if video.codec != "h264" or video.level <= 0 or video.rate is None:
        return
    needed = needed_level(video.coded, video.rate)
    least = level_name(needed) if needed is not None else level_name(HIGHEST_LEVEL)
    yield Finding(
        rule="video.level",
        ok=needed is not None and needed <= video.level <= HIGHEST_LEVEL,
        found=level_name(video.level),
        expected=f"{least} to {level_name(HIGHEST_LEVEL)}",
        source=_LEVEL,
    )


def _rhythm(video: VideoObservation, platform: Platform) -> Iterator[Finding]:
    def of(key: str) -> str:
        return str(platform.source_of(key))

    intervals = f"{ms(video.shortest_interval)} to {ms(video.longest_interval)}"
    yield Finding(
        rule="video.constant-rate",
        ok=video.even or not platform.constant_rate,
        found=f"even intervals of {ms(1 / video.rate)}"
        if video.even and video.rate
        else f"intervals of {intervals}",
        expected="even intervals" if platform.constant_rate else "any intervals",
        source=of("constant_rate"),
    )
    yield Finding(
        rule="video.rate",
        ok=video.rate is not None
        and within(video.rate, platform.fps_min, platform.fps_max, tolerance=_RATE_TOLERANCE),
        found=f"{number(video.rate)} frames/s" if video.rate is not None else f"{video.pictures} picture(s)",
        expected=span(platform.fps_min, platform.fps_max, "frames/s"),
        source=of("fps_max"),
    )
    yield Finding(
        rule="video.closed-gop",
        ok=video.open_gop_at is None or not platform.closed_gop,
        found="closed" if video.open_gop_at is None else f"open from {seconds(video.open_gop_at)}",
        expected="closed" if platform.closed_gop else "any",
        source=of("closed_gop"),
    )
    # Keyframes can only stand on frames: half a picture over the limit is the limit.
    half = 1 / (2 * video.rate) if video.rate else Fraction(0)
    yield Finding(
        rule="video.gop-length",
        ok=platform.max_gop is None or video.longest_gop <= platform.max_gop + half,
        found=f"at most {seconds(video.longest_gop)} between keyframes",
        expected=span(None, platform.max_gop, "s"),
        source=of("max_gop"),
    )
    limit = platform.max_video_bitrate
    yield Finding(
        rule="video.bitrate",
        ok=limit is None or video.bitrate <= limit,
        found=f"{number(video.bitrate / 1_000_000)} Mbit/s on average",
        expected=NO_LIMIT if limit is None else f"at most {number(Fraction(limit, 1_000_000))} Mbit/s",
        source=of("max_video_bitrate"),
    )


def _content(seen: Observation) -> Iterator[Finding]:
    worst = seen.flashing
    yield Finding(
        rule="picture.flashing",
        ok=worst.changes <= MOST_CHANGES,
        found=f"{number(worst.flashes)} flashes in the second before {seconds(worst.at)}"
        if worst.changes > 1
        else "none",
        expected="at most 3 in any second",
        source=_FLASHES,
    )
    for rule, found, longest in (
        ("picture.black", seen.black, _LONGEST_BLACK),
        ("picture.frozen", seen.frozen, _LONGEST_FROZEN),
    ):
        long = [stretch for stretch in found if stretch.duration > longest]
        yield Finding(
            rule=rule,
            ok=not long,
            found=stretches(long) or "none",
            expected=f"no stretch of more than {seconds(longest)}",
            source=_SHOWN,
            severity="warning",
        )
