"""What lies in a store: each result with its kind, size, age, and whether anybody needs it. Writes nothing.

Which result is whose is known from the journal, which names steps and what each was made as. What a step was last
made as is `current`; what it was made as before is `superseded`, unless somebody knows better: a plan that would
reuse it, another step that shares it, a draft that rests on it. Where all steps are known that there still are, what
others were made as is superseded too: reels that were deleted or are shorter now, frames. A result that the journal
does not know counts as current, for a lost journal must not cost hours of listening.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from reels.store.journal import Journal
from reels.store.results import Record, is_fingerprint, read_record
from reels.store.writing import HELLO, RECORD

__all__ = ["EXPENSIVE", "TOLD", "State", "Stored", "take_inventory"]

State = Literal["current", "superseded", "left-over", "kept"]
"""`left-over`: of no use to anybody; `kept`: what is never taken away."""

_KIND_BY_FILE: Final[Mapping[str, str]] = {
    "media.json": "probe",
    "transcript.json": "transcribe",
    "framing.json": "framing",
    "steady.json": "stabilise",
    "overlay.png": "art",
    "overlay.mov": "art",
    "ground.png": "art",
    "chunk.mp4": "chunk",
    "frame.png": "frame",
    "sound.flac": "loudness",
    "audio.aac": "audio",
    "reel.mp4": "join",
    "cover.jpg": "cover",
}
_KIND_BY_FACT: Final[Mapping[str, str]] = {
    "draft": "draft",
    "reports": "check",
    "files": "deliver",
    "channel": "hearing",
}
_INTERMEDIATE = frozenset({"art", "chunk", "loudness", "audio"})

_LARGEST_DRAFT_RECORD_BYTES = 1024 * 1024
_JOIN = " join"
_QUICK = " draft "
"""In the id of a step of a quick reel, which no plan of the finished ones has."""

EXPENSIVE: Final = frozenset({"transcribe", "parts", "framing", "stabilise"})
"""Hours of listening and looking, in a few kilobytes: the last that size is saved on."""

TOLD: Final = frozenset({"probe", "hearing", "draft", "deliver"})
"""Facts of a few hundred bytes each; without those of `deliver` a finished reel would be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Something in a store that comes and goes as a whole.

    `made_s` is POSIX time. `settled` says of a part of a reel that the reel was joined since. `step` is the id of the
    step that made it, `reel` that reel (with the label of its encode), both empty where the journal does not tell.
    """

    fingerprint: str
    kind: str
    path: Path
    bytes: int
    made_s: float
    state: State
    step: str = ""
    reel: str = ""
    settled: bool = False


def take_inventory(
    root: Path, *, needed: Collection[str] = (), steps: Collection[str] | None = None, now_s: float
) -> tuple[Stored, ...]:
    """All that lies in the store `root`; `needed` are fingerprints that somebody would use as things stand.

    `steps` are the ids of all steps that there still are, None where that is not known for sure. All that is told
    together is as large as the folder is.
    """
    history = [(step, entry.fingerprint) for step, entry in Journal(root / "journal.jsonl").history()]
    found = {stored.fingerprint: stored for stored in _results(root)}
    found = _of_their_steps(found, history)
    found = _in_their_order(found, history, now_s)
    last = set(dict(history).values())
    known = {fingerprint for _, fingerprint in history}
    rest_on = _named_by_drafts(root)
    superseded = known - last - set(needed)
    of_others = known - {made for step, made in dict(history).items() if _is_there(step, steps)} - set(needed)
    results: list[Stored] = []
    for fingerprint, stored in found.items():
        state = stored.state
        if fingerprint in rest_on and stored.kind == "transcribe":
            state = "kept"
        elif state == "current" and (
            fingerprint in superseded
            or (fingerprint in of_others and stored.kind not in EXPENSIVE and stored.kind not in TOLD)
        ):
            state = "superseded"
        results.append(replace(stored, state=state))
    whole = {stored.fingerprint for stored in results if stored.state != "left-over"}
    return (*results, *_parts(root, whole), *_left_overs(root), *_books(root))


# --- results -------------------------------------------------------------------------------------------------


def _results(root: Path) -> Iterator[Stored]:
    for shelf in _entries(root / "results"):
        for entry in _entries(Path(shelf)) if shelf.is_dir() else ():
            if not is_fingerprint(entry.name):
                continue
            folder = Path(entry)
            record = read_record(folder)
            yield Stored(
                fingerprint=entry.name,
                kind=_kind_of(record) if record is not None else "other",
                path=folder,
                bytes=_bytes_in(folder),
                made_s=_newest_s(folder / RECORD, folder),
                state="current" if record is not None else "left-over",
            )


def _kind_of(record: Record) -> str:
    """By what a result holds, for a journal may be lost."""
    for names, kinds in ((record.files, _KIND_BY_FILE), (record.facts, _KIND_BY_FACT)):
        for name in names:
            if name in kinds:
                return kinds[name]
    return "other"


def _of_their_steps(found: Mapping[str, Stored], history: list[tuple[str, str]]) -> dict[str, Stored]:
    """With step and reel, and whether a reel was joined after its part was made."""
    at = {fingerprint: number for number, (_, fingerprint) in enumerate(history)}
    step_of = {fingerprint: step for step, fingerprint in history}
    joined = {
        step.removesuffix(_JOIN): at[fingerprint]
        for step, fingerprint in dict(history).items()
        if step.endswith(_JOIN) and fingerprint in found and found[fingerprint].kind == "join"
    }
    reels = sorted(
        {step.removesuffix(_JOIN) for step, _ in history if step.endswith(_JOIN)}, key=len, reverse=True
    )
    told = {}
    for fingerprint, stored in found.items():
        step = step_of.get(fingerprint, "")
        reel = next((reel for reel in reels if step.startswith(f"{reel} ")), "")
        settled = stored.kind in _INTERMEDIATE and at.get(fingerprint, len(history)) < joined.get(reel, -1)
        told[fingerprint] = replace(stored, step=step, reel=reel, settled=settled)
    return told


def _in_their_order(
    found: Mapping[str, Stored], history: list[tuple[str, str]], now_s: float
) -> dict[str, Stored]:
    """None older than one that was made before it: a clock that stood wrong for a day makes nothing old."""
    dated = dict(found)
    at = {fingerprint: number for number, (_, fingerprint) in enumerate(history)}
    newest_s = 0.0
    for fingerprint in sorted(at.keys() & found.keys(), key=lambda known: at[known]):
        made_s = found[fingerprint].made_s
        if made_s < newest_s:
            dated[fingerprint] = replace(found[fingerprint], made_s=newest_s)
        elif made_s <= now_s:
            newest_s = made_s
    return dated


def _is_there(step: str, steps: Collection[str] | None) -> bool:
    """Whether there still is such a step, or that of the finished reel where it is a quick one's."""
    return steps is None or step in steps or step.replace(_QUICK, " ", 1) in steps


def _named_by_drafts(root: Path) -> set[str]:
    """The fingerprints in what is remembered of drafts: the transcripts that they rest on."""
    named: set[str] = set()
    for entry in _entries(root / "drafts"):
        try:
            if entry.stat().st_size <= _LARGEST_DRAFT_RECORD_BYTES:
                record = json.loads(Path(entry).read_text(encoding="utf-8"))
                named |= {text for text in record.values() if isinstance(text, str)}
        except (OSError, ValueError, AttributeError, RecursionError):
            continue
    return {text for text in named if is_fingerprint(text)}


# --- everything else -----------------------------------------------------------------------------------------


def _parts(root: Path, whole: Collection[str]) -> Iterator[Stored]:
    """What was heard so far; worth nothing once the whole is there."""
    for entry in _entries(root / "parts"):
        yield Stored(
            fingerprint=entry.name,
            kind="parts",
            path=Path(entry),
            bytes=_bytes_in(Path(entry)),
            made_s=_newest_s(*(Path(part) for part in _entries(Path(entry))), Path(entry)),
            state="left-over" if entry.name in whole else "current",
        )


def _left_overs(root: Path) -> Iterator[Stored]:
    for name in ("work", "trash"):
        for entry in _entries(root / name):
            yield Stored(
                fingerprint=entry.name,
                kind="work",
                path=Path(entry),
                bytes=_bytes_in(Path(entry)),
                made_s=_newest_s(*(Path(file) for file in _entries(Path(entry))), Path(entry)),
                state="left-over",
            )


def _books(root: Path) -> Iterator[Stored]:
    """What the store itself needs, what is remembered of drafts, and whatever somebody else has put there."""
    for entry in _entries(root):
        if entry.name in ("results", "parts", "work", "trash"):
            continue
        path = Path(entry)
        shown_to_workers = entry.name.startswith(HELLO)
        yield Stored(
            fingerprint=entry.name,
            kind="work" if shown_to_workers else "drafts" if entry.name == "drafts" else "books",
            path=path,
            bytes=_bytes_in(path),
            made_s=_newest_s(path),
            state="left-over" if shown_to_workers else "kept",
        )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _bytes_in(path: Path) -> int:
    """Of a file, or of all files below a folder; what cannot be looked at has none, and links lead nowhere."""
    try:
        status = path.lstat()
    except OSError:
        return 0
    if path.is_symlink() or not path.is_dir():
        return status.st_size
    return sum(_bytes_in(Path(entry)) for entry in _entries(path))


def _newest_s(*paths: Path) -> float:
    """The newest time that the system tells of any of `paths`.

    A copy or an archive may bring back any modification time; the time of the last change to a file's entry is the
    system's own. So at worst something looks younger than it is, and stays longer.
    """
    newest = 0.0
    for path in paths:
        try:
            status = path.lstat()
        except OSError:
            continue
        newest = max(newest, status.st_mtime, status.st_ctime)
    return newest
