"""The drafts of a campaign as pages edit them: what each version said, edits brought together, words replaced everywhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from reels.campaign.model import Campaign
from reels.drafts import (
    NO_DRAFT,
    EditedDraft,
    SavedEdit,
    draft_path,
    drafts_held,
    mine_beside,
    read_draft,
    save_edit,
)
from reels.errors import CampaignProblem, CampaignProblems, ReelsError, UsageError
from reels.plan import draft_names
from reels.said import Said
from reels.subtitles import Cue, subtitle_lines

__all__ = ["Edit", "OpenDrafts", "Replaced", "cue_of"]

K = TypeVar("K")
V = TypeVar("V")

_VERSIONS_REMEMBERED: Final = 200
_REPLACEMENTS_REMEMBERED: Final = 200
_TRIES: Final = 10
"""So often somebody may have written between our reading and our writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a page wants a draft to say: `cues`, an edit of `version`.

    `name` is the page's own for this edit, and a version to begin the next one at. `perhaps` is the name of an edit that
    was sent and never answered: if it was saved, this one begins there. `decides` is the file in which an edit was kept
    about which this one decides.
    """

    name: str
    version: str
    cues: tuple[Cue, ...]
    perhaps: str = ""
    decides: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """How often something was replaced, and the name by which it is undone; empty where nothing was."""

    count: int
    name: str = ""


Change = tuple[Cue | None, Cue | None]
"""A cue and what stands in its place; None: none."""


class OpenDrafts:
    """The drafts of `campaign()`, for any number of pages and threads. Nobody's words are written over."""

    def __init__(self, campaign: Callable[[], Campaign]) -> None:
        self._campaign = campaign
        self._saving = Lock()
        self._remembering = Lock()
        self._versions: dict[tuple[str, str], tuple[Cue, ...]] = {}
        """The cues of versions that a page has got, by name and version: what its edits begin at."""
        self._replaced: dict[str, Mapping[str, Sequence[Change]]] = {}

    def path(self, name: str) -> Path:
        """Where the draft of this name lies."""
        return draft_path(self._campaign().workspace.drafts_dir, name)

    def read(self, name: str) -> EditedDraft:
        """What a draft says now, remembered for edits of it. Raises: SubtitlesUnreadable."""
        draft = read_draft(self.path(name))
        self._remember(name, draft)
        return draft

    def save(self, name: str, edit: Edit) -> SavedEdit:
        """Make an edit what a draft says, together with what others have written since.

        Raises: UsageError for what is no draft of the campaign; SubtitlesUnreadable; OSError.
        """
        if name not in self._names():
            raise UsageError(
                where=Said("draft", ko="초안"),
                found=name,
                expected=Said("a draft of the campaign", ko="캠페인에 있는 초안"),
                remedy=Said("load the page again", ko="화면을 새로 고쳐 주세요."),
            )
        path = self.path(name)
        with self._saving, drafts_held(self._campaign().workspace.store_dir):
            done = save_edit(path, base=self._base_of(name, edit), mine=edit.cues)
            self._remember(name, done.draft)
            if not done.conflicts:
                self._remember(name, EditedDraft(cues=edit.cues, version=edit.name))
                for kept in mine_beside(path):
                    if kept.name == edit.decides:
                        kept.unlink(missing_ok=True)
        return done

    def _base_of(self, name: str, edit: Edit) -> tuple[Cue, ...] | None:
        """What an edit began at; None for a version that nobody remembers any more."""
        for version in (edit.perhaps, edit.version):
            if version and (base := self._versions.get((name, version))) is not None:
                return base
        there = read_draft(self.path(name))
        if there.version == edit.version:
            return there.cues
        return () if edit.version == NO_DRAFT else None

    def count(self, what: str, *, besides: Sequence[str]) -> int:
        """How often `what` stands in the drafts of the campaign but `besides`. Raises: SubtitlesUnreadable."""
        return sum(cue.text.count(what) for _, draft in self._every(besides) for cue in draft.cues)

    def replace(self, what: str, by: str, *, besides: Sequence[str]) -> Replaced:
        """Put `by` in the place of `what` in every draft of the campaign but `besides`; a cue that says nothing then goes.

        Raises: SubtitlesUnreadable, before anything is replaced; OSError.
        """
        wanted = {
            name: [(cue, _saying(cue, cue.text.replace(what, by))) for cue in draft.cues if what in cue.text]
            for name, draft in self._every(besides)
        }
        done = self._done(wanted)
        count = sum(
            old.text.count(what) for changes in done.values() for old, _ in changes if old is not None
        )
        return Replaced(count=count, name=self._keep(done))

    def take_back(self, name: str) -> Replaced:
        """Undo a replacement, or the undoing of one, by its name: in cues that still say what it made of them.

        How many cues, and the name by which that is undone again. Raises: as `replace`, and then it can be asked for again;
        UsageError for a name that is not known here.
        """
        made = self._replaced.get(name)
        if made is None:
            raise UsageError(
                where=Said("replacing", ko="찾아 바꾸기"),
                found=Said("a replacement that is not remembered", ko="되돌릴 기록이 없음"),
                expected=Said(
                    "one of this run of `reels preview`", ko="지금 실행한 `reels preview`에서 한 것"
                ),
                remedy=Said("replace the other way round", ko="찾을 말과 바꿀 말을 맞바꿔 다시 바꿔 주세요."),
            )
        done = self._done({draft: [(new, old) for old, new in changes] for draft, changes in made.items()})
        return Replaced(count=sum(map(len, done.values())), name=self._keep(done))

    def _done(self, wanted: Mapping[str, Sequence[Change]]) -> Mapping[str, Sequence[Change]]:
        """Change each draft as far as it still says what is to be changed; what was changed."""
        for name in wanted:
            self.read(name)  # one that nobody can read says so before anything is changed
        done: dict[str, Sequence[Change]] = {}
        try:
            for name, changes in wanted.items():
                if changed := self._changed(name, changes):
                    done[name] = changed
        except (ReelsError, OSError):
            # All of it or nothing, as far as the disk lets us.
            for name, changes in done.items():
                with suppress(ReelsError, OSError):
                    self._changed(name, [(new, old) for old, new in changes])
            raise
        return done

    def _changed(self, name: str, changes: Sequence[Change]) -> Sequence[Change]:
        for _ in range(_TRIES):
            draft = self.read(name)
            there = set(draft.cues)
            possible = [(old, new) for old, new in changes if old is None or old in there]
            if not possible:
                return ()
            gone = {old for old, _ in possible}
            cues = [cue for cue in draft.cues if cue not in gone] + [new for _, new in possible if new]
            edit = Edit(name=secrets.token_hex(8), version=draft.version, cues=tuple(cues))
            saved = self.save(name, edit)
            if not saved.conflicts:
                return possible
            # Somebody has written the same cues since they were read: what they say by now is looked at once more.
            if saved.kept is not None:
                saved.kept.unlink(missing_ok=True)
        return ()

    def _keep(self, changed: Mapping[str, Sequence[Change]]) -> str:
        if not changed:
            return ""
        name = secrets.token_hex(8)
        with self._remembering:
            self._replaced[name] = changed
            _forget_oldest(self._replaced, _REPLACEMENTS_REMEMBERED)
        return name

    def _every(self, besides: Sequence[str]) -> Iterator[tuple[str, EditedDraft]]:
        for name in sorted(self._names() - set(besides)):
            yield name, read_draft(self.path(name))

    def _names(self) -> set[str]:
        return set(draft_names(self._campaign()).values())

    def _remember(self, name: str, draft: EditedDraft) -> None:
        if draft.version == NO_DRAFT:
            return
        with self._remembering:
            # What is read or written again is young again: a page may begin its next edit there.
            self._versions.pop((name, draft.version), None)
            self._versions[name, draft.version] = draft.cues
            _forget_oldest(self._versions, _VERSIONS_REMEMBERED)


def _saying(cue: Cue, text: str) -> Cue | None:
    lines = subtitle_lines(text)
    return replace(cue, lines=lines) if lines else None


def _forget_oldest(remembered: dict[K, V], most: int) -> None:
    while len(remembered) > most:
        del remembered[next(iter(remembered))]


def cue_of(start_ms: float, end_ms: float, text: str) -> Cue | None:
    """A cue from what a page says of it; None where no text is left, which is how a cue is deleted.

    Raises: CampaignProblems for times that are none.
    """
    lines = subtitle_lines(text)
    if not lines:
        return None
    start, end = (Fraction(round(at), 1000) for at in (start_ms, end_ms))
    if not 0 <= start < end:
        raise CampaignProblems(
            problems=(
                CampaignProblem(
                    where=Said("a subtitle", ko="자막"),
                    found=f"{float(start)}-{float(end)}",
                    expected=Said("an end behind its start", ko="시작보다 늦은 끝"),
                ),
            )
        )
    return Cue(start=start, end=end, lines=lines)
