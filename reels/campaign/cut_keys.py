"""`cut:` and `edit:` of a campaign → the cuts that are wanted, and the clips of a cut made elsewhere.

`schema` has judged the shape of every key; `load` asks this and tells the problems. It opens the file of the cut, and
of its footage nothing but the names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from reels.campaign.model import ClipSpec, Origin
from reels.campaign.schema import CutKeys, FillerKeys, SilenceKeys
from reels.cutting import CutOptions, FillerOptions, SilenceOptions
from reels.errors import CampaignProblem, CampaignProblems
from reels.footage import existing_file
from reels.interchange import read_otio
from reels.said import Said, said_by_system
from reels.timing import exact_clock

__all__ = ["UNFITTING_PAUSE", "ForeignClips", "clips_of_edit", "cut_options"]

UNFITTING_PAUSE = Said(
    "a `least` that is longer than `before` and `after` together",
    ko="`before`와 `after`를 더한 것보다 긴 `least`",
)

_GOES_ON = Fraction(10)
"""Seconds that may be taken out between two pieces that belong together; further on something else begins."""

_LARGEST_EDIT_BYTES = 64 * 1024 * 1024


def cut_options(
    outer: CutKeys | None, inner: CutKeys | None, origins: list[tuple[str, Origin]]
) -> CutOptions:
    """What is cut, each key from the nearest level; `origins` learns which.

    Raises: ValueError with what is expected, where pauses leave no room for their margins.
    """
    levels: list[tuple[CutKeys, Origin]] = []
    if outer is not None:
        levels.append((outer, "campaign"))
    if inner is not None:
        levels.append((inner, "reel"))
    options = CutOptions()
    came_from: dict[str, Origin] = {field.name: "default" for field in fields(options)}
    for level, origin in levels:
        changes = _changes(level, options)
        came_from |= dict.fromkeys(changes, origin)
        options = replace(options, **changes)
    origins += [(f"cut.{name}", origin) for name, origin in came_from.items()]
    return options


def _changes(keys: CutKeys, options: CutOptions) -> dict[str, Any]:
    changes: dict[str, Any] = {
        name: value for name in ("text", "to_fit", "shortest") if (value := getattr(keys, name)) is not None
    }
    if isinstance(keys.silence, SilenceKeys):
        changes["silence"] = _silence(options.silence or SilenceOptions(), keys.silence)
    elif keys.silence is not None:
        changes["silence"] = (options.silence or SilenceOptions()) if keys.silence else None
    if isinstance(keys.fillers, FillerKeys):
        changes["fillers"] = FillerOptions(keep=tuple(keys.fillers.keep or ()))
    elif keys.fillers is not None:
        changes["fillers"] = (options.fillers or FillerOptions()) if keys.fillers else None
    return changes


def _silence(options: SilenceOptions, keys: SilenceKeys) -> SilenceOptions:
    try:
        written = {name: getattr(keys, name) for name in type(keys).model_fields}
        return replace(options, **{name: value for name, value in written.items() if value is not None})
    except ValueError:
        raise ValueError(UNFITTING_PAUSE) from None


# --- a cut made elsewhere --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignClips:
    """The clips of a cut made elsewhere, what of it is not taken over, and the media that are not there."""

    clips: tuple[ClipSpec, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]


def clips_of_edit(
    path: Path, written: str, listed: Sequence[ClipSpec], *, root: Path, default: ClipSpec
) -> ForeignClips:
    """The clips of the cut in the file `path`, which messages call `written`.

    Media are looked for beside the cut, beside the campaign, where the cut says, and by name among the `listed`
    clips and in `footage/`. What a listed clip says of its footage (people, framing, subtitles) holds for each
    piece of it, its people for the first; others are as `default`.

    Raises: CampaignProblems.
    """
    try:
        if path.stat().st_size > _LARGEST_EDIT_BYTES:
            content = b""
        else:
            content = path.read_bytes()
    except OSError as error:
        problem = CampaignProblem(
            where=written,
            found=said_by_system(error),
            expected=Said("a file that can be read", ko="읽을 수 있는 파일"),
            remedy=Said("check the name and the folder", ko="이름과 폴더를 확인해 주세요."),
        )
        raise CampaignProblems(problems=(problem,)) from None
    cut = read_otio(content, path=written)
    by_name = _by_name(listed, root)
    told = {clip.footage: clip for clip in reversed(listed)}
    clips: list[ClipSpec] = []
    missing: dict[str, None] = {}
    before: tuple[Path | None, Fraction] = (None, Fraction(0))
    for piece in cut.pieces:
        footage = _found(piece.path, [path.parent, root], by_name)
        if footage is None:
            missing.setdefault(piece.path)
            continue
        spec = told.get(footage, default)
        last, until = before
        before = footage, piece.range_in_source.end
        clips.append(
            replace(
                spec,
                footage=footage,
                in_point=exact_clock(piece.range_in_source.start),
                out_point=exact_clock(piece.range_in_source.end),
                goes_on=footage == last and 0 <= piece.range_in_source.start - until <= _GOES_ON,
                where=piece.where,
            )
        )
        if footage in told:
            told[footage] = replace(spec, people=(), elements=())
    return ForeignClips(clips=tuple(clips), notes=cut.notes, missing=tuple(missing))


def _found(written: str, folders: Sequence[Path], by_name: Mapping[str, Path | None]) -> Path | None:
    """The footage that a cut calls `written`; None where there is none, or two of that name."""
    for folder in folders:
        if (path := existing_file(written, beside=folder)) is not None:
            return path
    return by_name.get(_compared(PurePosixPath(written).name))


def _by_name(listed: Sequence[ClipSpec], root: Path) -> dict[str, Path | None]:
    """Footage by its name: a cut that comes from another computer has that computer's folders."""
    found: dict[str, Path | None] = {}
    try:
        beside = sorted(path for path in (root / "footage").iterdir() if path.is_file())
    except OSError:
        beside = []
    for path in dict.fromkeys([*(clip.footage for clip in listed), *beside]):
        name = _compared(path.name)
        found[name] = path if found.get(name, path) == path else None
    return found


def _compared(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
