"""How footage may be opened: by which demuxers and protocols, and under which name. Runs nothing."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FOOTAGE_DEMUXERS", "MUSIC_DEMUXERS", "SAFE_INPUT", "SAFE_MUSIC", "footage_argument"]

FOOTAGE_DEMUXERS = (
    "mov",
    "matroska",
    "webm",
    "mpegts",
    "mpeg",
    "mxf",
    "avi",
    "asf",
    "flv",
    "dv",
    "gxf",
    "ogg",
    "wav",
)
"""The containers that cameras, phones, drones, messengers and recorders write, by ffmpeg's names.

Left out on purpose: playlists and scripts that name other files (hls, dash, concat, imf, sdp), pictures and
picture sequences, text art (tty), and raw streams, which match almost any bytes.
"""

SAFE_INPUT: tuple[str, ...] = ("-protocol_whitelist", "file", "-format_whitelist", ",".join(FOOTAGE_DEMUXERS))
"""Options before each `-i` of footage: a playlist or script under a video's name is refused, not followed.

Source: ffmpeg-formats, "Format Options", format_whitelist and protocol_whitelist. The mov demuxer's
enable_drefs (external tracks) is off by default and stays off.
"""


MUSIC_DEMUXERS = ("mp3", "mov", "flac", "wav", "ogg", "aac", "aiff", "matroska", "webm")
"""The containers in which music is bought, made and sent. Left out as above; nothing of it is a picture or a list."""

SAFE_MUSIC: tuple[str, ...] = ("-protocol_whitelist", "file", "-format_whitelist", ",".join(MUSIC_DEMUXERS))
"""The same for music."""


def footage_argument(path: Path) -> str:
    """`path` as ffmpeg's input name: a leading dash, `concat:` or `http:` in a name is only a name.

    Source: ffmpeg-protocols, "file".
    """
    return f"file:{path.absolute()}"
