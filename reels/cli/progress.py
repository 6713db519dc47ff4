"""How a run is shown while it works: bars on a terminal, plain lines otherwise, always on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from reels.cli.console import language, messages, tell
from reels.errors import printable
from reels.run import RunEvent
from reels.said import in_language
from reels.steps import Step

__all__ = ["shown_run"]


@contextmanager
def shown_run() -> Iterator[Callable[[RunEvent], None]]:
    """A function that shows the events of one run, from any thread."""
    console = messages()
    if not console.is_terminal:
        yield _lines
        return
    with _Bars(console) as bars:
        yield bars


def _lines(event: RunEvent) -> None:
    if event.step is None:
        return
    if event.kind == "started" and event.step.kind != "chunk":
        tell(_doing(event.step))
    elif event.kind == "finished" and event.step.kind == "chunk":
        tell(f"{_doing(event.step)}: {'완료' if language() == 'ko' else 'done'}")
    elif event.kind == "failed" and event.error is not None:
        tell(f"{_doing(event.step)}: {event.error.sentence(language())}")


def _doing(step: Step) -> str:
    return in_language(step.doing, language())


class _Bars:
    """One bar for all steps, and one for each long step that is running."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._lock = Lock()
        self._done = 0
        self._all = self._progress.add_task("reels", total=None)

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._progress.stop()

    def __call__(self, event: RunEvent) -> None:
        with self._lock:
            self._show(event)

    def _show(self, event: RunEvent) -> None:
        if event.plan is not None:
            self._progress.update(self._all, total=self._done + len(event.plan.to_run))
        step = event.step
        if step is None:
            return
        if event.kind == "started":
            self._tasks[step.id] = self._progress.add_task(printable(_doing(step)), total=100)
        elif event.kind == "progress" and event.done is not None and step.id in self._tasks:
            self._progress.update(self._task(step), completed=int(100 * event.done))
        elif event.kind in ("finished", "failed"):
            self._done += 1
            self._progress.update(self._all, completed=self._done)
            if step.id in self._tasks:
                self._progress.remove_task(self._task(step))
                del self._tasks[step.id]
            if event.error is not None:
                self._progress.console.print(
                    f"{_doing(step)}: {event.error.sentence(language())}", markup=False, highlight=False
                )

    def _task(self, step: Step) -> TaskID:
        return self._tasks[step.id]
