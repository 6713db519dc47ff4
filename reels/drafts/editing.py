"""A draft edited by a program of ours, beside whoever edits the same file: nobody's words are written over.

An edit begins at the cues that were read (`base`). If the file says something else by now, both edits are brought
together; where that cannot be done nothing is written, and what was wanted is kept beside the draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reels.drafts.merging import Conflict, merge_cues, of_unknown_origin
from reels.drafts.records import bytes_of, numbered, sha256_of
from reels.store import write_atomically
from reels.subtitles import Cue, SubtitleFile, read_subtitle_file, write_srt

__all__ = ["NO_DRAFT", "EditedDraft", "SavedEdit", "draft_version", "mine_beside", "read_draft", "save_edit"]

NO_DRAFT = ""
"""The version of a draft that is not there."""

_MOST_KEPT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedDraft:
    """A draft as it is on disk: its cues by their start, and the sha256 of its bytes."""

    cues: tuple[Cue, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedEdit:
    """What stands in the draft now.

    With `conflicts` it is as it was; `merged` is what it would say with all but these, and `kept` holds the edit that was
    wanted.
    """

    draft: EditedDraft
    conflicts: tuple[Conflict, ...] = ()
    merged: tuple[Cue, ...] = ()
    kept: Path | None = None


def read_draft(path: Path) -> EditedDraft:
    """The draft at `path`; one without cues where there is none.

    Raises: SubtitlesUnreadable.
    """
    return _read(path)[0]


def draft_version(path: Path) -> str:
    """The version of the draft at `path`, whether or not it can be read as subtitles; empty where nothing can."""
    try:
        content = bytes_of(path)
    except OSError:
        return NO_DRAFT
    return NO_DRAFT if content is None else sha256_of(content)


def save_edit(path: Path, *, base: Sequence[Cue] | None, mine: Sequence[Cue]) -> SavedEdit:
    """Make `mine`, an edit of `base`, what the draft at `path` says, together with what others have written since.

    `base` None: nobody knows what it is an edit of, so nothing of the draft is touched where the two differ.

    By one rename, and only where the cues differ from those on disk. Cues that nobody touched keep their tags.

    Raises: SubtitlesUnreadable where somebody has left a file that cannot be read; OSError.
    """
    wanted = tuple(sorted(mine, key=lambda cue: (cue.start, cue.end)))
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        there, file = _read(path)
        # A draft that somebody took away says nothing against an edit of it.
        theirs = there.cues if there.version != NO_DRAFT else tuple(base or ())
        merged = merge_cues(base, wanted, theirs) if base is not None else of_unknown_origin(wanted, theirs)
        if merged.conflicts:
            kept = _keep_beside(path, write_srt(wanted))
            return SavedEdit(draft=there, conflicts=merged.conflicts, merged=merged.cues, kept=kept)
        if merged.cues == there.cues and there.version != NO_DRAFT:
            return SavedEdit(draft=there)
        text = write_srt(merged.cues, as_written=_tags_of(file))
        # Whoever saves between our reading and our writing is read once more, and not written over.
        if write_atomically(path, text, while_so=partial(_stands, path, there.version)):
            return SavedEdit(draft=EditedDraft(cues=merged.cues, version=sha256_of(text.encode())))


def mine_beside(path: Path) -> tuple[Path, ...]:
    """The edits that could not be brought together with the draft at `path` and wait for a decision."""
    return tuple(kept for kept in numbered(path.parent, path.name, "mine", _MOST_KEPT) if kept.is_file())


def _keep_beside(path: Path, text: str) -> Path:
    """Put an edit where nothing else lies, or where the same one lies already."""
    for kept in numbered(path.parent, path.name, "mine", _MOST_KEPT):
        there = bytes_of(kept)
        if there is None:
            write_atomically(kept, text)
        if there in (None, text.encode()):
            return kept
    raise FileExistsError(f"{path.name} has {_MOST_KEPT} edits that nobody has decided about")


def _stands(path: Path, version: str) -> bool:
    return version == draft_version(path)


def _read(path: Path) -> tuple[EditedDraft, SubtitleFile | None]:
    content = bytes_of(path)
    if content is None:
        return EditedDraft(cues=(), version=NO_DRAFT), None
    file = read_subtitle_file(path)
    return EditedDraft(cues=file.cues, version=sha256_of(content)), file


def _tags_of(file: SubtitleFile | None) -> dict[Cue, tuple[str, ...]]:
    """The lines of each cue as a person wrote them, with tags that are not shown and that other programs know."""
    if file is None or file.form != "SubRip":
        return {}
    return {
        Cue(start=written.start, end=written.end, lines=written.lines): raw
        for written in file.written
        if written.lines and written.start < written.end
        # An empty line ends a cue, and is no part of what a person wrote.
        if (raw := tuple(line for line in written.raw if line.strip())) != written.lines
    }
