"""Which sound of a film is meant: a track, and of its channels all, one, or their mean.

Values, and the filter that takes them out. `hearing` chooses where a person does not say; `listen` hears and
`graph.sound` plays by the same value, so that subtitles are of the sound that the reel has. Opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["PLAIN_SOUND", "Channel", "SoundOptions", "as_channel", "channel_filters", "channel_name"]

Channel = Literal["both", "mix"] | int
"""`both`: as the track is. `mix`: one mono sound of all. A number: that channel alone, counted from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundOptions:
    """What a person says of a clip's sound; None: what `hearing` finds. `track` counts from 1.

    `high_pass` takes rumble away below the voice, `denoise` steady noise.
    """

    track: int | None = None
    channel: Channel | None = None
    high_pass: bool = False
    denoise: bool = False


PLAIN_SOUND = SoundOptions()


def as_channel(value: object) -> Channel:
    """A channel out of JSON. Raises: ValueError."""
    if value == "both":
        return "both"
    if value == "mix":
        return "mix"
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(f"no channel: {value!r}")


def channel_filters(
    channel: Channel, layout: Literal["mono", "stereo"]
) -> tuple[tuple[str, dict[str, str]], ...]:
    """Filters, as name and options, that leave the sound of `channel` at its own level; none for `both`.

    In `stereo` it is the same on both sides, and as loud there as it is: ffmpeg's own way from mono to stereo takes 3 dB.
    Source: ffmpeg-filters, "pan", "aformat".
    """
    if channel == "both":
        return ()
    if channel == "mix":
        mixed: tuple[str, dict[str, str]] = ("aformat", {"channel_layouts": "mono"})
        return (mixed,) if layout == "mono" else (mixed, *channel_filters(0, "stereo"))
    taken = f"c0=c{channel}" if layout == "mono" else f"c0=c{channel}|c1=c{channel}"
    return (("pan", {"args": f"{layout}|{taken}"}),)


def channel_name(channel: Channel) -> str:
    """As the campaign writes it; channels after the second have only a number, from 1."""
    if isinstance(channel, str):
        return channel
    return ("left", "right")[channel] if channel < 2 else str(channel + 1)
