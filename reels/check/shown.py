"""Rules about where words and marks stand in a reel of our own: whoever made the file knows that, and the file does not say it.

The boxes come with the file, in the report beside it; a film that was changed since has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Literal

from reels.check.findings import Finding
from reels.check.wording import number
from reels.fingerprint import sha256_of_file
from reels.geometry import Box
from reels.platforms import Platform
from reels.timing import TimeRange

__all__ = ["REPORT_NAME", "ShownBox", "judge_shown", "shown_beside", "shown_from_json", "shown_to_json"]

REPORT_NAME = "report.json"

_LARGEST_REPORT_BYTES = 8_000_000
_MOST_TOLD = 2
_APART = "our rule: no word is drawn over another"
_MICRO = 1_000_000

Kind = Literal["subtitles", "overlay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBox:
    """Something drawn over the picture: where, in pixels of the film, and when, in its seconds."""

    kind: Kind
    name: str
    box: Box
    shown: TimeRange


def judge_shown(shown: Sequence[ShownBox], platform: Platform) -> Iterator[Finding]:
    """Subtitles and overlays against what the platform leaves free, and against each other."""
    kinds: tuple[tuple[Kind, str], ...] = (("subtitles", "layout.subtitles"), ("overlay", "layout.overlays"))
    for kind, rule in kinds:
        of_kind = [one for one in shown if one.kind == kind]
        taken = list(platform.keep_clear)
        # The platform's own captions come where somebody wants them: over ours they could not be read.
        if kind == "subtitles" and platform.auto_caption_band is not None:
            taken.append(platform.auto_caption_band)
        outside = [
            one
            for one in of_kind
            if not platform.safe_area.contains(one.box)
            or any(one.box.intersection(box) is not None for box in taken)
        ]
        yield Finding(
            rule=rule,
            ok=not outside,
            found=_told(outside) or f"{len(of_kind)} inside",
            expected="everything inside what the platform leaves free",
            source=str(platform.source_of("safe_area")),
        )
    words, others = ([one for one in shown if one.kind == kind] for kind, _ in kinds)
    over = [
        other
        for word, other in product(words, others)
        if word.shown.intersection(other.shown) is not None and word.box.intersection(other.box) is not None
    ]
    yield Finding(
        rule="layout.apart",
        ok=not over,
        found=_told(list(dict.fromkeys(over))) or "nothing over the subtitles",
        expected="nothing over the subtitles",
        source=_APART,
    )


def _told(found: Sequence[ShownBox]) -> str:
    told = [
        f"{one.name} at {number(one.shown.start)} s ({one.box.left},{one.box.top} to {one.box.right},{one.box.bottom})"
        for one in found[:_MOST_TOLD]
    ]
    return ", ".join(told) + (f" and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else "")


def shown_to_json(shown: Iterable[ShownBox]) -> list[dict[str, Any]]:
    """As it stands in a report; times in whole microseconds."""
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "box": [one.box.left, one.box.top, one.box.right, one.box.bottom],
            "from_us": round(one.shown.start * _MICRO),
            "to_us": round(one.shown.end * _MICRO),
        }
        for one in shown
    ]


def shown_from_json(read: object) -> tuple[ShownBox, ...]:
    """Raises: ValueError, TypeError, KeyError for what is no such list."""
    if not isinstance(read, list):
        raise TypeError("a list is expected")
    return tuple(_one(entry) for entry in read)


def _one(entry: Mapping[str, Any]) -> ShownBox:
    left, top, right, bottom = map(int, entry["box"])
    kind: Kind = "subtitles" if entry["kind"] == "subtitles" else "overlay"
    start, end = (Fraction(int(entry[key]), _MICRO) for key in ("from_us", "to_us"))
    return ShownBox(
        kind=kind, name=str(entry["name"]), box=Box(left, top, right, bottom), shown=TimeRange(start, end)
    )


def shown_beside(film: Path) -> tuple[ShownBox, ...] | None:
    """What the report beside `film` says is drawn over it; None where there is none, or it is about another film."""
    try:
        report = film.parent / REPORT_NAME
        if not report.is_file() or report.stat().st_size > _LARGEST_REPORT_BYTES:
            return None
        read = json.loads(report.read_text(encoding="utf-8"))
        if read["files"][film.name]["sha256"] != sha256_of_file(film):
            return None
        return shown_from_json(read["shown"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
