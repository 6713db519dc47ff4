"""A cut as OpenTimelineIO JSON: one track of pictures, one of sound, a marker for each cue.

Source: OpenTimelineIO documentation, "Serialized Data", schemas Timeline.1, Stack.1, Track.1, Clip.2, Gap.1,
Marker.2, ExternalReference.1, TimeRange.1 and RationalTime.1; times of its media count from their start.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, Literal
from urllib.parse import quote

from reels.edit import Span
from reels.interchange.programme import Programme, UsedMedia
from reels.subtitles import cue_frames

__all__ = ["OWN", "otio"]

OWN = "reels"
"""Under this key stand exact times as fractions; the format itself knows binary floating point only."""

_Json = dict[str, Any]


def otio(programme: Programme) -> str:
    """The text of a `.otio` file. Names that people gave stand in it as JSON strings and as quoted URLs."""
    rate = programme.edit.rate
    stack = _object(
        "Stack.1",
        name="tracks",
        children=[_track(programme, "Video"), _track(programme, "Audio")],
        markers=[
            _object(
                "Marker.2",
                name=" ".join(cue.lines),
                color="GREEN",
                comment="",
                marked_range=_range(Fraction(frames.start), Fraction(frames.count), rate),
            )
            for cue in programme.cues
            if (frames := cue_frames(cue, rate)).start < programme.edit.frame_count
        ],
    )
    timeline = _object(
        "Timeline.1",
        name=programme.name,
        metadata={OWN: {"rate": str(rate)}},
        global_start_time=_time(Fraction(0), rate),
        tracks=stack,
    )
    return json.dumps(timeline, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _track(programme: Programme, kind: Literal["Video", "Audio"]) -> _Json:
    rate = programme.edit.rate
    children = []
    for span in programme.edit.spans:
        # A card is drawn by us: another program gets the time it takes.
        media = programme.media[span.clip] if not span.is_card else None
        if media is None or (kind == "Audio" and not media.has_sound):
            children.append(
                _object(
                    "Gap.1",
                    metadata={OWN: {"card": True}} if span.is_card else {},
                    source_range=_range(Fraction(0), Fraction(span.range_in_programme.count), rate),
                )
            )
        else:
            children.append(_clip(span, media, rate))
    return _object("Track.1", name="V1" if kind == "Video" else "A1", kind=kind, children=children)


def _clip(span: Span, media: UsedMedia, rate: Fraction) -> _Json:
    start = span.range_in_source.start
    return _object(
        "Clip.2",
        name=media.name,
        metadata={OWN: {"start_s": str(start)}},
        source_range=_range(start * rate, Fraction(span.range_in_programme.count), rate),
        media_references={
            "DEFAULT_MEDIA": _object(
                "ExternalReference.1",
                name=media.name,
                target_url=quote(media.path),
                available_range=_range(Fraction(0), media.duration * rate, rate),
            )
        },
        active_media_reference_key="DEFAULT_MEDIA",
    )


def _range(start: Fraction, count: Fraction, rate: Fraction) -> _Json:
    """From frame `start` on, `count` frames; parts of frames where footage was entered between two."""
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(start, rate),
        "duration": _time(count, rate),
    }


def _time(frames: Fraction, rate: Fraction) -> _Json:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": float(frames), "rate": float(rate)}


def _object(schema: str, **fields: Any) -> _Json:
    written: _Json = {"OTIO_SCHEMA": schema, "metadata": {}, "name": "", **fields}
    if schema.partition(".")[0] in ("Stack", "Track", "Clip", "Gap"):
        written = {"source_range": None, "effects": [], "markers": [], "enabled": True, **written}
    return written
