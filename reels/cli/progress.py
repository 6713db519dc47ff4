"""How a run is shown while it works: bars on a terminal, plain lines otherwise, always on stderr."""

from __future__ import annotations

import itertools
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Final

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from reels.cli.console import language, messages, tell
from reels.dispatch import ReelProgress, Tally
from reels.errors import ReelsError, printable
from reels.run import RunEvent, count_into
from reels.said import Said, in_language
from reels.steps import Step

__all__ = ["duration_words", "shown_run"]

_BAR: Final = 24
_MOST_REELS: Final = 8
_A_LINE_EVERY_S: Final = 30.0
_DRAWN_PER_S: Final = 4


@contextmanager
def shown_run() -> Iterator[Callable[[RunEvent], None]]:
    """A function that shows the events of one run, from any thread."""
    console = messages()
    if not console.is_terminal:
        yield _Lines()
        return
    bars = _Bars(console)
    with Live(get_renderable=bars.drawn, console=console, refresh_per_second=_DRAWN_PER_S, transient=True):
        yield bars


def _doing(step: Step) -> str:
    return in_language(step.doing, language())


def _failed(step: Step, error: ReelsError) -> str:
    """What was being done and why it failed; many errors say by themselves what was being done."""
    sentence = error.sentence(language())
    return sentence if sentence.startswith(_doing(step)) else f"{_doing(step)}: {sentence}"


def _said(fact: Said) -> str:
    return in_language(fact, language())


class _Counted(ABC):
    """Keeps the tally; events come from several threads.

    Nothing is printed while the tally is held: printing waits for rich, which holds its own lock while it waits for the
    tally to draw.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._tally = Tally(time.monotonic())
        self._began = time.monotonic()

    def __call__(self, event: RunEvent) -> None:
        with self._lock:
            count_into(self._tally, event, time.monotonic())
            lines = self._lines(event)
        for line in lines:
            self._print(line)

    @abstractmethod
    def _lines(self, event: RunEvent) -> list[str]:
        """What is to be printed of `event`; asked while the tally is held."""

    @abstractmethod
    def _print(self, line: str) -> None:
        """Asked while nothing is held."""

    def _whole(self, reels: Sequence[ReelProgress]) -> str:
        """How far everything is, in one line."""
        done = sum(reel.is_finished for reel in reels)
        share = self._tally.share
        parts = [Said(f"{share:.0%}", ko=f"{share:.0%}")]
        if reels:
            parts.append(Said(f"{done} of {len(reels)} reels", ko=f"릴스 {len(reels)}편 중 {done}편"))
        left = self._tally.seconds_left(time.monotonic())
        if left is not None and share < 1:
            rest = duration_words(left)
            parts.append(Said(f"about {rest} left", ko=f"약 {rest.ko} 남음"))
        return ", ".join(map(_said, parts))


class _Lines(_Counted):
    """Plain lines: what begins, each chunk that is done, what failed, and now and then how far everything is."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at = self._began

    def _lines(self, event: RunEvent) -> list[str]:
        lines = [_said(event.said)] if event.said is not None else []
        step = event.step
        if step is None:
            return lines
        if event.kind == "started" and step.kind != "chunk":
            lines.append(_doing(step))
        elif event.kind == "finished" and step.kind == "chunk":
            lines.append(f"{_doing(step)}: {'완료' if language() == 'ko' else 'done'}")
        elif event.kind == "failed" and event.error is not None:
            lines.append(_failed(step, event.error))
        if time.monotonic() - self._told_at >= _A_LINE_EVERY_S:
            self._told_at = time.monotonic()
            lines.append(self._whole(self._tally.reels))
        return lines

    def _print(self, line: str) -> None:
        tell(line)


class _Bars(_Counted):
    """A bar for each reel that is begun, the steps in hand, and a bar for everything with the time left."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def _lines(self, event: RunEvent) -> list[str]:
        lines = [_said(event.said)] if event.said is not None else []
        if event.step is not None and event.error is not None:
            lines.append(_failed(event.step, event.error))
        return lines

    def _print(self, line: str) -> None:
        self._console.print(printable(line), markup=False, highlight=False)

    def drawn(self) -> Group:
        """What stands on the terminal now. Called by rich, which holds its lock."""
        with self._lock:
            reels, in_hand = self._tally.reels, self._tally.in_hand
            share, whole = self._tally.share, self._whole(reels)
        steps = Table.grid(padding=(0, 1))
        for step, done in in_hand:
            percent = f"{done:.0%}" if done else ""
            steps.add_row(Text(f"  {printable(_doing(step))}", overflow="ellipsis", no_wrap=True), percent)
        begun = (reel for reel in reels if reel.share > 0 and not reel.is_finished)
        grid = Table.grid(padding=(0, 1))
        for reel in itertools.islice(begun, _MOST_REELS):
            grid.add_row(Text(printable(reel.reel)), self._bar(reel.share), _told(reel))
        clock = duration_words(time.monotonic() - self._began)
        grid.add_row(Text("reels"), self._bar(share), f"{whole} ({_said(clock)})")
        return Group(steps, grid)

    @staticmethod
    def _bar(share: float) -> ProgressBar:
        return ProgressBar(total=1.0, completed=share, width=_BAR)


def _told(reel: ReelProgress) -> str:
    if reel.has_failed:
        return "실패" if language() == "ko" else "failed"
    return f"{reel.share:.0%}"


def duration_words(seconds: float) -> Said:
    """`seconds` as people say it: 40 s, 3 min 20 s, 1 h 05 min."""
    whole = max(1, round(seconds))
    if whole < 60:
        return Said(f"{whole} s", ko=f"{whole}초")
    if whole < 3600:
        return Said(f"{whole // 60} min {whole % 60:02} s", ko=f"{whole // 60}분 {whole % 60}초")
    minutes = round(whole / 60)
    return Said(f"{minutes // 60} h {minutes % 60:02} min", ko=f"{minutes // 60}시간 {minutes % 60}분")
