"""What a run came to: one table on stderr, the finished files on stdout, one a line, or JSON."""

from __future__ import annotations

from reels.cli.console import language, print_json, print_line, print_table, tell
from reels.errors import Language, printable
from reels.render import Outcome, RenderReport, Status
from reels.said import in_language
from reels.steps import DeliverWork

__all__ = ["STATUS_WORDS", "show_outcome"]

STATUS_WORDS: dict[Language, dict[Status, str]] = {
    "en": {
        "done": "done",
        "unchanged": "unchanged",
        "check-failed": "check failed",
        "failed": "failed",
        "not-begun": "not begun",
    },
    "ko": {
        "done": "완료",
        "unchanged": "변경 없음",
        "check-failed": "점검 실패",
        "failed": "실패",
        "not-begun": "시작 안 함",
    },
}
_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("reel", "platform", "status", "ran", "reused", ""),
    "ko": ("릴스", "플랫폼", "결과", "한 단계", "그대로 쓴 단계", ""),
}


def show_outcome(report: RenderReport, *, as_json: bool) -> None:
    """Print what came out; where nothing did, the error that is raised says it all.

    Raises: ReelsError where something is missing from what was asked for.
    """
    _tell_clips(report)
    if as_json:
        print_json({"ok": report.ok, "reels": [_json(outcome) for outcome in report.outcomes]})
    elif any(outcome.error is None for outcome in report.outcomes):
        rows = [
            (
                o.reel,
                o.platform,
                STATUS_WORDS[language()][o.status],
                f"{o.steps_run}",
                f"{o.steps_reused}",
                "; ".join(_remark(o).splitlines()),
            )
            for o in report.outcomes
        ]
        print_table(_COLUMNS[language()], rows, to_stderr=True)
        for outcome in report.outcomes:
            if outcome.file is not None and outcome.status in ("done", "unchanged"):
                print_line(str(outcome.file))
    report.require_ok()


def _tell_clips(report: RenderReport) -> None:
    """Whose face and which sound is in the reels handed over now, and what covers a face, once for all platforms."""
    lines = [
        f"{step.reel}: {printable(step.work.footage[clip])}: {in_language(sentence, language())}"
        for step in report.run.plan.steps
        if isinstance(step.work, DeliverWork) and step.fingerprint in report.run.ran
        for clip, sentence in (
            *((framed.clip, framed.sentence) for framed in step.work.framed),
            *((told.clip, told.sentence) for told in step.work.sound),
        )
    ]
    lines += [in_language(note, language()) for note in report.notes]
    lines += [
        f"{step.reel}: {in_language(sentence, language())}"
        for step in report.run.plan.steps
        if isinstance(step.work, DeliverWork) and step.fingerprint in report.run.ran
        for sentence in step.work.covering
    ]
    for line in dict.fromkeys(lines):
        tell(line)


def _remark(outcome: Outcome) -> str:
    return outcome.error.sentence(language()) if outcome.error is not None else ""


def _json(outcome: Outcome) -> dict[str, object]:
    return {
        "id": outcome.reel,
        "platform": outcome.platform,
        "status": outcome.status,
        "file": str(outcome.file) if outcome.file else None,
        "duration_s": float(outcome.duration) if outcome.duration is not None else None,
        "wall_s": round(outcome.wall_s, 3),
        "steps_run": outcome.steps_run,
        "steps_reused": outcome.steps_reused,
        "error": _remark(outcome) or None,
    }
