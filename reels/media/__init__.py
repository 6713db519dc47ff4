"""What is known about a piece of footage, as values, and how people and programs are told.

    info          `MediaInfo` and its JSON for the store
    colour_tags   the numbers of colour tags → ffmpeg's names
    packet_times  what the packets of a stream say of its time
    notes         every oddity in plain words, with what is done about it
    shown         the lines and the JSON of `reels probe`

Nothing here opens a file: `probe` fills these values; `edit`, `framing` and `graph` act on them.
"""

from reels.media.info import (
    AudioStream,
    FieldOrder,
    Found,
    MediaInfo,
    MediaInfoUnreadable,
    Note,
    Transfer,
    VideoStream,
    from_json,
    to_json,
)

__all__ = [
    "AudioStream",
    "FieldOrder",
    "Found",
    "MediaInfo",
    "MediaInfoUnreadable",
    "Note",
    "Transfer",
    "VideoStream",
    "from_json",
    "to_json",
]
