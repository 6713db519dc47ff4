"""A cut that was made elsewhere: the pieces of the first picture track of a `.otio` file, in order.

It is read strictly, for a programme that differs from what its editor saw is worse than none: gaps, changed speed
and nested timelines are refused. What would only look different (transitions, effects, further tracks) is left out
with a note. The file is hostile input: nothing in it is opened here, and its times are judged as numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import unquote, urlsplit

from reels.errors import CampaignProblem, CampaignProblems
from reels.interchange.otio_writing import OWN
from reels.said import Said
from reels.timing import TimeRange, exact_seconds, format_clock

__all__ = ["ForeignCut", "ForeignPiece", "read_otio"]

_RATES = (
    *(Fraction(n) for n in (24, 25, 30, 48, 50, 60, 100, 120)),
    *(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)),
)
_LARGEST_BYTES = 64 * 1024 * 1024
_A_DAY = 86_400
_MICROSECOND = Fraction(1, 1_000_000)
_NAME_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPiece:
    """`range_in_source` of the media at `path`, as the file names it; `where` says which clip of the file it is."""

    path: str
    range_in_source: TimeRange
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCut:
    """The pieces in programme order, and what of the file is not taken over."""

    pieces: tuple[ForeignPiece, ...]
    notes: tuple[str, ...] = ()


_Json = Mapping[str, Any]


def read_otio(content: bytes, *, path: str) -> ForeignCut:
    """The cut in `content`, the bytes of the file that messages call `path`.

    Raises: CampaignProblems with one problem, which says where in the programme.
    """
    if len(content) > _LARGEST_BYTES:
        raise _unusable(
            where=path,
            found=Said(f"{len(content):,} bytes", ko=f"{len(content):,}바이트"),
            expected=Said("a cut of at most 64 MiB", ko="64 MiB 이하의 컷"),
        )
    try:
        read = json.loads(content.decode("utf-8-sig"))
        return _Reader(path).cut(read)
    except CampaignProblems:
        raise
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        raise _unusable(
            where=path,
            found=Said("no OpenTimelineIO timeline", ko="OpenTimelineIO 타임라인이 아닌 파일"),
            expected=Said("one timeline saved as .otio", ko=".otio로 저장한 타임라인 하나"),
        ) from None


class _Reader:
    """Reads one file, remembering what it leaves out."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._notes: dict[str, None] = {}
        self._at = Fraction(0)

    def cut(self, read: Any) -> ForeignCut:
        if _schema(read) == "SerializableCollection" and len(read["children"]) == 1:
            read = read["children"][0]
        if _schema(read) != "Timeline" or _schema(read["tracks"]) != "Stack":
            raise ValueError
        tracks = [t for t in read["tracks"]["children"] if _schema(t) == "Track" and t.get("kind") == "Video"]
        filled = [track for track in tracks if any(_schema(c) == "Clip" for c in track["children"])]
        if not filled:
            raise self._refused(
                Said("no clip in any picture track", ko="영상 트랙에 클립이 없음"),
                Said("at least one clip", ko="클립 하나 이상"),
            )
        if len(filled) > 1:
            self._note(
                Said(
                    f"{len(filled) - 1} further picture tracks are left out",
                    ko=f"나머지 영상 트랙 {len(filled) - 1}개는 쓰지 않음",
                )
            )
        track = filled[0]
        if track.get("source_range") is not None or read["tracks"].get("source_range") is not None:
            raise self._refused(
                Said("a track that is trimmed as a whole", ko="통째로 잘린 트랙"),
                Said("clips with in and out points of their own", ko="클립마다 시작점과 끝점이 있는 트랙"),
            )
        self._leave_out_effects(track)
        pieces = tuple(self._pieces(track["children"]))
        return ForeignCut(pieces=pieces, notes=tuple(self._notes))

    def _pieces(self, children: Sequence[_Json]) -> Iterator[ForeignPiece]:
        for number, child in enumerate(children, start=1):
            kind = _schema(child)
            if kind == "Transition":
                self._note(Said("transitions are made hard cuts", ko="화면 전환 효과는 컷으로 바뀜"))
            elif kind == "Clip":
                piece = self._piece(child, number)
                self._at += piece.range_in_source.duration
                yield piece
            elif kind == "Gap":
                lasts = _range(child["source_range"]).duration
                if lasts > 0 and _is_our_card(child):
                    self._at += lasts
                    self._note(
                        Said(
                            "cards are left out; list them under `cards`",
                            ko="카드는 쓰지 않음. `cards` 아래에 적어 주세요",
                        )
                    )
                elif lasts > 0:
                    raise self._refused(
                        Said(f"a gap of {float(lasts):.2f} s", ko=f"{float(lasts):.2f}초의 빈 구간"),
                        Said("clips without gaps", ko="빈 구간 없이 이어진 클립"),
                    )
            else:
                raise self._refused(
                    Said("a timeline inside the timeline", ko="타임라인 안의 타임라인"),
                    Said("plain clips; flatten it before saving", ko="펼친 클립"),
                )

    def _piece(self, clip: _Json, number: int) -> ForeignPiece:
        name = " ".join(str(clip.get("name") or number).split())[:_NAME_SHOWN]
        if clip.get("enabled") is False:
            raise self._refused(
                Said(f"clip {name}, which is switched off", ko=f"꺼 둔 클립 {name}"),
                Said("clips that play", ko="재생되는 클립"),
            )
        self._leave_out_effects(clip)
        reference = _reference(clip)
        if _schema(reference) != "ExternalReference" or not reference.get("target_url"):
            raise self._refused(
                Said(f"clip {name} without a media file", ko=f"미디어 파일이 없는 클립 {name}"),
                Said("clips that name their footage", ko="영상 파일을 가리키는 클립"),
            )
        available = reference.get("available_range")
        wanted = available if clip.get("source_range") is None else clip["source_range"]
        if wanted is None:
            raise self._refused(
                Said(f"clip {name} without in and out points", ko=f"시작점과 끝점이 없는 클립 {name}"),
                Said("clips with a source range", ko="구간이 있는 클립"),
            )
        # Media with a timecode of their own start at it; we count from the start of the file.
        began = _range(available).start if available is not None else Fraction(0)
        found = _exact(clip, _range(wanted), began)
        if found.start < 0 or found.duration <= 0:
            raise self._refused(
                Said(
                    f"clip {name}, which shows nothing of its footage", ko=f"보여 주는 것이 없는 클립 {name}"
                ),
                Said("a range inside the footage", ko="영상 안의 구간"),
            )
        where = Said(
            f"{self._path} {format_clock(self._at)} {name}",
            ko=f"{self._path} {format_clock(self._at)} {name}",
        )
        return ForeignPiece(path=_path(str(reference["target_url"])), range_in_source=found, where=where)

    def _leave_out_effects(self, item: _Json) -> None:
        for effect in item.get("effects") or ():
            kind = _schema(effect)
            if kind in ("LinearTimeWarp", "FreezeFrame", "TimeEffect"):
                raise self._refused(
                    Said("a clip whose speed is changed", ko="속도를 바꾼 클립"),
                    Said("clips at their own speed", ko="원래 속도의 클립"),
                )
            self._note(Said("effects are left out", ko="효과는 쓰지 않음"))

    def _note(self, note: Said) -> None:
        self._notes.setdefault(note)

    def _refused(self, found: str, expected: str) -> CampaignProblems:
        return _unusable(where=f"{self._path} {format_clock(self._at)}", found=found, expected=expected)


def _unusable(*, where: str, found: str, expected: str) -> CampaignProblems:
    remedy = Said(
        "mend it where it was made and save it as .otio again",
        ko="만든 편집 프로그램에서 고쳐 .otio로 다시 저장해 주세요.",
    )
    problem = CampaignProblem(where=where, found=found, expected=expected, remedy=remedy)
    return CampaignProblems(problems=(problem,))


def _is_our_card(gap: _Json) -> bool:
    own = gap.get("metadata", {}).get(OWN)
    return isinstance(own, dict) and own.get("card") is True


def _schema(read: Any) -> str:
    """The name of an object's schema without its version; empty for what is no such object."""
    return str(read.get("OTIO_SCHEMA", "")).partition(".")[0] if isinstance(read, dict) else ""


def _reference(clip: _Json) -> Any:
    """Clip.1 has one reference, Clip.2 several of which one is active."""
    if "media_references" in clip:
        return clip["media_references"].get(clip.get("active_media_reference_key", "DEFAULT_MEDIA"))
    return clip.get("media_reference")


def _range(read: Any) -> TimeRange:
    start, duration = _seconds(read["start_time"]), _seconds(read["duration"])
    return TimeRange(start, start + max(duration, Fraction(0)))


def _seconds(read: Any) -> Fraction:
    value, rate = float(read["value"]), float(read["rate"])
    if not (math.isfinite(value) and math.isfinite(rate)) or rate <= 0 or abs(value / rate) > 100 * _A_DAY:
        raise ValueError
    exact = next((r for r in _RATES if abs(rate - float(r)) < 0.002), Fraction(rate).limit_denominator(1001))
    if exact <= 0:
        raise ValueError
    if abs(value - round(value)) < 1e-6:
        return round(value) / exact
    return exact_seconds(Fraction(value) / exact)


def _exact(clip: _Json, found: TimeRange, began: Fraction) -> TimeRange:
    """`found` counted from the start of the file; our own note of its start where that is still the same."""
    shifted = TimeRange(found.start - began, found.end - began)
    own = clip.get("metadata", {}).get(OWN)
    written = own.get("start_s") if isinstance(own, dict) else None
    if isinstance(written, str) and len(written) <= 64 and set(written) <= set("0123456789/"):
        try:
            start = Fraction(written)
        except (ValueError, ZeroDivisionError):
            return shifted
        if abs(start - shifted.start) <= _MICROSECOND:
            return TimeRange(start, start + shifted.duration)
    return shifted


def _path(url: str) -> str:
    """The path that a reference means: a plain one, a quoted one, or a file's URL; `/` between its parts.

    A backslash that is quoted is part of a name, as some systems allow; a plain one parts folders.
    """
    if url.lower().startswith("file:"):
        parts = urlsplit(url)
        path = unquote(parts.path)
        # file:///D:/footage/a.mp4
        if len(path) > 2 and path[0] == "/" and path[2] == ":":
            path = path[1:]
        return path
    return unquote(url.replace("\\", "/"))
