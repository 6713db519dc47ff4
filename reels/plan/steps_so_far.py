"""The steps that a plan has so far, each with the reason why it will run or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reels.fingerprint import paths_in
from reels.steps import TELLING_KINDS, Kind, Reason, Step, Work, entry_for
from reels.store import JournalEntry, Result
from reels.survey import Survey
from reels.versions import ToolVersions

__all__ = ["StepsSoFar", "without_idle"]

_TELL_UNASKED = TELLING_KINDS - {"framing", "stabilise"}
"""What they tell is wanted though no step names them among its needs: the unknown step of a draft needs nothing.

Whoever looks for people or shake is needed by the unknown steps of its own reel. Where no step needs it, that reel was
refused, and looking through its footage would be in vain.
"""


class StepsSoFar:
    """The growing list; a step that two reels share is in it once.

    With `force`, stored results count only for fingerprints in `made_now`.
    """

    def __init__(
        self, survey: Survey, tools: ToolVersions, *, force: bool, made_now: Collection[str]
    ) -> None:
        self.steps: list[Step] = []
        self._survey = survey
        self._tools = tools
        self._force = force
        self._made_now = made_now
        self._by_fingerprint: dict[str, Step] = {}
        self._unknown: set[str] = set()

    def add(
        self,
        step_id: str,
        work: Work,
        *,
        tools: Sequence[str] = (),
        needs: Sequence[Step] = (),
        reel: str | None = None,
        platform: str | None = None,
        doing: str,
        identities: Mapping[Path, str] | None = None,
        is_done: Callable[[Result], bool] | None = None,
    ) -> Step:
        """Add a step, or find the one that makes the same result.

        `tools` names the fields of `ToolVersions` that count; `identities` knows the content of footage, other
        files are small and hashed; `is_done` looks at what a result left outside the store.
        """
        needed = tuple(dict.fromkeys(step.made_as for step in needs))
        entry = self._entry(work, tools=tools, needs=needed, identities=identities)
        if entry.fingerprint in self._by_fingerprint:
            return self._by_fingerprint[entry.fingerprint]
        reason = self._reason(step_id, entry, needs, is_done)
        step = Step(
            id=step_id,
            kind=work.kind,
            reel=reel,
            platform=platform,
            reason=reason,
            will_run=reason != "reused",
            fingerprint=entry.fingerprint,
            work=work,
            needs=needed,
            entry=entry,
            doing=doing,
            sources=tuple(map(self._survey.source_file, paths_in(work))) if reason != "reused" else (),
        )
        self.steps.append(step)
        self._by_fingerprint[entry.fingerprint] = step
        return step

    def fingerprint_of(
        self,
        work: Work,
        *,
        tools: Sequence[str] = (),
        needs: Sequence[str] = (),
        identities: Mapping[Path, str] | None = None,
    ) -> str:
        """What a step with this work and the results `needs` would be made as; adds nothing."""
        needed = tuple(dict.fromkeys(needs))
        return self._entry(work, tools=tools, needs=needed, identities=identities).fingerprint

    def _entry(
        self,
        work: Work,
        *,
        tools: Sequence[str],
        needs: tuple[str, ...],
        identities: Mapping[Path, str] | None,
    ) -> JournalEntry:
        known = identities or {}
        identity = {path: known.get(path) or self._survey.file_identity(path) for path in paths_in(work)}
        versions = {name: getattr(self._tools, name) for name in tools}
        return entry_for(work, needs=needs, tools=versions, identity=identity)

    def add_unknown(
        self,
        step_id: str,
        kind: Kind,
        *,
        needs: Sequence[Step] = (),
        reel: str | None,
        platform: str | None = None,
    ) -> None:
        """A step that will run after `needs`, but what it will be made from is not known yet."""
        if step_id in self._unknown:
            return
        self._unknown.add(step_id)
        self.steps.append(
            Step(
                id=step_id,
                kind=kind,
                reel=reel,
                platform=platform,
                reason="cascade",
                will_run=True,
                needs=tuple(step.made_as for step in needs),
            )
        )

    def _reason(
        self,
        step_id: str,
        entry: JournalEntry,
        needs: Sequence[Step],
        is_done: Callable[[Result], bool] | None,
    ) -> Reason:
        if self._force and entry.fingerprint not in self._made_now:
            return "forced"
        result = self._survey.result(entry.fingerprint)
        if result is not None and (is_done is None or is_done(result)):
            return "reused"
        last = self._survey.last_made(step_id)
        if last is None:
            return "new"
        if last.fingerprint == entry.fingerprint:
            return "missing"
        if last.tools != entry.tools:
            return "tool-changed"
        if last.sources != entry.sources:
            return "cascade" if any(step.will_run for step in needs) else "input-changed"
        return "option-changed"


def without_idle(steps: Sequence[Step], ends: Collection[Kind]) -> tuple[Step, ...]:
    """Steps that nobody waits for stay idle: what they would make is already in a result further on.

    `ends` are the kinds that are wanted for themselves. While anything is unknown, what tells is wanted too.
    """
    unknown = any(step.fingerprint is None for step in steps)
    wanted: set[str] = set()
    needed: set[str] = set()
    for step in reversed(steps):
        if not step.will_run:
            continue
        tells = unknown and step.kind in _TELL_UNASKED
        if step.kind in ends or step.fingerprint is None or step.fingerprint in needed or tells:
            wanted.add(step.id)
            needed.update(step.needs)
    return tuple(
        step if not step.will_run or step.id in wanted else replace(step, will_run=False, reason="reused")
        for step in steps
    )
