"""The packets of a file from end to end: when each picture and sound comes, by their own timestamps.

Reads an opened container and decodes nothing. `probe` opens it and makes seconds of the ticks; `cadence` finds the
rate in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from av.container import InputContainer
from av.error import FFmpegError

from reels.cadence import usual_distance

__all__ = ["PacketTimes", "PacketsRead", "end_of", "longest_gap", "read_packets"]


@dataclass(slots=True)
class PacketTimes:
    """What the packets of one stream say, in ticks; `hidden` ones are decoded but never shown.

    `keys` are the shown keyframes, `decodes_from` the first one, be it hidden.
    """

    lasting_by_pts: dict[int, int] = field(default_factory=dict)
    dts: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    hidden: int = 0
    decodes_from: int | None = None
    corrupt: int = 0

    def in_order(self) -> list[tuple[int, int]]:
        """(timestamp, length) of each shown packet in order of presentation; a length of 0 is unknown."""
        if len(self.lasting_by_pts) * 2 < len(self.dts):
            # Old AVI files keep only the order of decoding.
            return [(dts, 0) for dts in sorted(set(self.dts))]
        return sorted(self.lasting_by_pts.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketsRead:
    times: dict[int, PacketTimes]
    broke_off: bool


def read_packets(container: InputContainer, indexes: Sequence[int]) -> PacketsRead:
    times = {index: PacketTimes() for index in indexes}
    try:
        for packet in container.demux(*(container.streams[index] for index in indexes)):
            of = times.get(packet.stream_index)
            if of is None or not packet.size:
                continue
            of.corrupt += packet.is_corrupt
            at = packet.dts if packet.pts is None else packet.pts
            if packet.is_keyframe and of.decodes_from is None:
                of.decodes_from = at
            if packet.is_discard:
                of.hidden += 1
                continue
            if packet.dts is not None:
                of.dts.append(packet.dts)
            if packet.is_keyframe and at is not None:
                of.keys.append(at)
            if packet.pts is not None:
                of.lasting_by_pts[packet.pts] = packet.duration or 0
    except FFmpegError:
        return PacketsRead(times=times, broke_off=True)
    return PacketsRead(times=times, broke_off=False)


def longest_gap(keys: Sequence[int], first: int, end: int) -> int:
    """The longest time without a keyframe in ticks, the ends of the picture included."""
    return max(after - before for before, after in pairwise(sorted({first, *keys, end})))


def end_of(shown: Sequence[tuple[int, int]]) -> int:
    """Where the last frame ends, in ticks; one of unknown length lasts as long as frames usually do."""
    last, lasting = shown[-1]
    if lasting == 0 and len(shown) > 1:
        return last + usual_distance([pts for pts, _ in shown])
    return last + lasting
