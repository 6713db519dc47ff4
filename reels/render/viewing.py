"""Reels looked at while their words are corrected: how each is laid out, any frame of it, a film of it to play.

What is looked at is asked for again and again and changes a little each time. So what is known is remembered between
questions, and a frame is drawn without holding the store: a render in another window goes on meanwhile.
"""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final

from reels.campaign.model import Campaign, ReelSpec
from reels.errors import UsageError
from reels.machine import cores
from reels.perform import draw_frame
from reels.plan import Goal, make_plan
from reels.render.working import ANY_HANDS, Hands, require_done, require_possible, work_off
from reels.run import RunEvent
from reels.said import Said
from reels.steps import FrameWork, Plan, ReelCut, Step
from reels.store import Result, Store
from reels.survey import Survey
from reels.transcript import Transcript
from reels.versions import tool_versions

__all__ = ["NotYetKnown", "Viewing"]

_REMEMBERED_BYTES: Final = 96 * 1024 * 1024
"""Of frames that were drawn: some fifty, for whoever steps to and fro."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYetKnown:
    """What must be done before a reel can be looked at: it was never listened to, nobody looked where people are."""

    steps: tuple[Step, ...]


class Viewing:
    """The reels of one campaign, for any number of threads."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._store = Store(campaign.workspace.store_dir)
        self._survey = Survey(campaign.workspace, self._store)
        self._tools = tool_versions()
        self._planning = Lock()
        self._drawing = BoundedSemaphore(max(1, cores()))
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._drawn_lock = Lock()

    @property
    def campaign(self) -> Campaign:
        return self._campaign

    def now(self, campaign: Campaign) -> None:
        """Look at `campaign`, the same one read anew, from now on."""
        with self._planning:
            self._campaign = campaign

    def spec(self, reel: str) -> ReelSpec:
        """Raises: UsageError for a reel that there is none of."""
        for spec in self._campaign.reels:
            if spec.id == reel:
                return spec
        raise UsageError(
            where="REEL",
            found=reel,
            expected=Said("a reel of the campaign", ko="캠페인에 있는 릴스"),
            remedy=Said("load the page again", ko="페이지를 다시 불러오세요."),
        )

    def laid_out(self, reel: str) -> ReelCut | NotYetKnown:
        """How a reel is cut and what it shows, as things stand. Nothing is run for it.

        Raises: ReelsError, for the first thing that stands in the way; UsageError for a reel that there is none of.
        """
        plan = self._plan(reel, "frame")
        return plan.cuts[0] if plan.cuts else NotYetKnown(steps=plan.to_run)

    def frame(self, reel: str, number: int) -> bytes | NotYetKnown:
        """Frame `number` of a reel as a PNG, exactly as the render draws it before it is encoded.

        Raises: as `laid_out`; UsageError for a frame that the reel has not got.
        """
        plan = self._plan(reel, "frame", number=number)
        if not plan.frames.get(reel):
            return NotYetKnown(steps=plan.to_run)
        (wanted,) = plan.frames[reel]
        with self._drawn_lock:
            if wanted in self._drawn:
                self._drawn.move_to_end(wanted)
                return self._drawn[wanted]
        if awaited := tuple(step for step in plan.to_run if step.kind != "frame"):
            return NotYetKnown(steps=awaited)
        step = next(step for step in plan.steps if step.fingerprint == wanted)
        if (kept := self._store.result(wanted)) is not None:
            return self._remembered(wanted, kept.file("frame.png").read_bytes())
        return self._remembered(wanted, self._draw(step))

    def _draw(self, step: Step) -> bytes:
        if not isinstance(step.work, FrameWork):
            raise TypeError(f"{step.id} draws no frame")
        with self._drawing, tempfile.TemporaryDirectory(prefix="reels-") as folder:
            return draw_frame(step.work, self._store.need, Path(folder), doing=step.doing).read_bytes()

    def _remembered(self, fingerprint: str, picture: bytes) -> bytes:
        with self._drawn_lock:
            self._drawn[fingerprint] = picture
            while sum(map(len, self._drawn.values())) > _REMEMBERED_BYTES:
                self._drawn.popitem(last=False)
        return picture

    def proxy(self, reel: str) -> Path | NotYetKnown:
        """A film of a reel as it is cut now, without its subtitles, quickly encoded.

        Raises: as `laid_out`.
        """
        plan = self._plan(reel, "proxy")
        made = plan.proxies.get(reel)
        result = self._store.result(made) if made is not None else None
        return NotYetKnown(steps=plan.to_run) if result is None else result.file("reel.mp4")

    def to_deliver(self) -> Plan:
        """What a render of the whole campaign would do now, and what of it cannot be done. Nothing is run."""
        with self._planning:
            return make_plan(self._campaign, self._survey, self._tools)

    def heard(self, draft: str) -> Transcript | None:
        """What was heard for a draft, by its name. Raises: SubtitlesUnreadable."""
        with self._planning:
            return self._survey.heard(draft)

    def result(self, fingerprint: str) -> Result | None:
        return self._store.result(fingerprint)

    def make_known(
        self, reel: str, *, show: Callable[[RunEvent], None], hands: Hands = ANY_HANDS, to_play: bool = False
    ) -> None:
        """Do what a reel needs to be looked at; with `to_play` the film too. The store is held meanwhile.

        Raises: as `laid_out`, and for the first step that fails.
        """
        planned = partial(self._planned, reel, "proxy" if to_play else "frame")
        self._store.prepare()
        require_done(work_off(self._alone(reel), self._store, planned, hands=hands, show=show))

    def _plan(self, reel: str, goal: Goal, *, number: int | None = None) -> Plan:
        plan = self._planned(reel, goal, number=number)
        require_possible(plan)
        return plan

    def _planned(
        self, reel: str, goal: Goal, *, number: int | None = None, made_now: set[str] | None = None
    ) -> Plan:
        moments = {} if number is None else {reel: [f"{number}f"]}
        with self._planning:
            return make_plan(
                self._alone(reel),
                self._survey,
                self._tools,
                goal=goal,
                moments=moments,
                made_now=made_now or (),
            )

    def _alone(self, reel: str) -> Campaign:
        return self._campaign.alone(self.spec(reel))
