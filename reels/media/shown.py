"""What people and programs are shown of a piece of footage: the lines and the JSON of `reels probe`.

Values only. `probe` and `notes` stand before; `cli` prints. Times are seconds from the container's start, rounded
for reading.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from reels.media.info import MediaInfo, Note
from reels.media.notes import channels_named, note_on_name
from reels.said import Said, in_language
from reels.timing import format_clock

__all__ = ["notes_shown", "probe_json", "rows_shown"]


def notes_shown(info: MediaInfo, path: Path) -> tuple[Note, ...]:
    """Every note on the content of a file, and on its name."""
    return (*info.notes, *note_on_name(info, path))


def rows_shown(info: MediaInfo, path: Path) -> tuple[tuple[Said, Said], ...]:
    """What each line of the listing is about, and what it says."""
    video = info.video
    fields = Said(", interlaced", ko=", 비월 주사") if video.interlaced else Said("", ko="")
    rate = f"{float(video.rate):.3f}"
    rows = [
        (Said("file", ko="파일"), _same(str(path))),
        (Said("length", ko="길이"), _same(format_clock(info.duration))),
        (
            Said("picture", ko="화면"),
            Said(
                f"{video.codec} {video.coded}, shown as {video.display}, {rate} fps{fields}, {_colours(info)}",
                ko=f"{video.codec} {video.coded}, 보이는 크기 {video.display}, 초당 {rate}프레임{fields.ko}, "
                f"{_colours(info)}",
            ),
        ),
    ]
    rows += [
        (
            Said("sound", ko="소리"),
            Said(
                f"{track.codec} {track.sample_rate_hz} Hz, {channels_named(track)}",
                ko=f"{track.codec} {track.sample_rate_hz} Hz, {in_language(channels_named(track), 'ko')}",
            ),
        )
        for track in info.audio
    ]
    rows += [
        (Said("note", ko="알림"), Said(note.text_en, ko=note.text_ko)) for note in notes_shown(info, path)
    ]
    return tuple(rows)


def _same(text: str) -> Said:
    return Said(text, ko=text)


def _colours(info: MediaInfo) -> str:
    """Depth and tags as they stand in the file: primaries, transfer, matrix, range."""
    video = info.video
    tags = (video.tagged_primaries, video.tagged_transfer, video.tagged_matrix, video.tagged_range)
    return f"{video.bit_depth} bit, {'/'.join('-' if tag == 'unknown' else tag for tag in tags)}"


def probe_json(info: MediaInfo, path: Path) -> dict[str, object]:
    """What `reels probe --json` prints: the shape that docs/footage describes."""
    video, found = info.video, info.found
    return {
        "path": str(path),
        "duration_s": _seconds(info.duration),
        "video": {
            "codec": video.codec,
            "width": video.coded.width,
            "height": video.coded.height,
            "display_width": video.display.width,
            "display_height": video.display.height,
            "rotation": video.rotation,
            "mirrored": video.mirrored,
            "sar": f"{video.sar.numerator}:{video.sar.denominator}",
            "fps": round(float(video.rate), 3),
            "rate": f"{video.rate.numerator}/{video.rate.denominator}",
            "variable_frame_rate": video.variable_frame_rate,
            "frames": video.frame_count,
            "interlaced": video.interlaced,
            "field_order": video.field_order,
            "hdr": None if video.transfer == "sdr" else video.transfer,
            "pixel_format": video.pixel_format,
            "bit_depth": video.bit_depth,
            "primaries": _or_none(video.tagged_primaries),
            "transfer": _or_none(video.tagged_transfer),
            "matrix": _or_none(video.tagged_matrix),
            "range": _or_none(video.tagged_range),
            "start_s": _seconds(video.first_pts),
            "end_s": _seconds(video.last_pts_end),
        },
        "audio": [
            {
                "codec": track.codec,
                "channels": track.channels,
                "layout": track.layout,
                "sample_rate_hz": track.sample_rate_hz,
                "start_s": _seconds(track.first_pts),
                "end_s": _seconds(track.last_pts_end),
            }
            for track in info.audio
        ],
        "container": info.container,
        "clock_starts_s": _seconds(info.start_time),
        "timecode": found.timecode or None,
        "hidden_frames": found.hidden_frames,
        "attached_pictures": found.attached_pictures,
        "other_streams": found.other_streams,
        "damaged": found.damaged,
        "notes": [
            {"code": note.code, "en": note.text_en, "ko": note.text_ko} for note in notes_shown(info, path)
        ],
    }


def _seconds(value: Fraction) -> float:
    return round(float(value), 6)


def _or_none(tag: str) -> str | None:
    return None if tag == "unknown" else tag
