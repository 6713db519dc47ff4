"""A reel's cut in words and as JSON: how much goes and why, what could not go, what a person should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reels.edit import CUT_REASONS, CutReason
from reels.errors import printable
from reels.said import Said, in_language
from reels.steps import ReelCut
from reels.timing import TimeRange, format_clock

__all__ = ["cut_json", "told_cut"]

_ONE: dict[CutReason, tuple[str, str, str]] = {
    "silence": ("silence", "silences", "무음"),
    "filler": ("filler", "fillers", "군말"),
    "text": ("passage of the draft", "passages of the draft", "지운 자막"),
    "sentence": ("sentence", "sentences", "문장"),
}


def told_cut(cut: ReelCut) -> Iterator[str]:
    """A line of how much goes, where anything does, then a line for each thing that stays or is noted."""
    edit, names = cut.cutting.edit, [medium.path for medium in cut.programme.media]
    if edit.removed:
        counts = Counter(piece.reason for piece in edit.removed)
        counted = [(counts[reason], *_ONE[reason]) for reason in CUT_REASONS if counts[reason]]
        seconds = f"{float(edit.removed_duration):.1f}"
        en = ", ".join(f"{n} {one if n == 1 else more}" for n, one, more, _ in counted)
        ko = ", ".join(f"{name} {n}개" for n, _, _, name in counted)
        yield Said(f"{cut.reel}: {seconds} s removed: {en}", ko=f"{cut.reel}: {seconds}초 덜어 냄 — {ko}")
    for kept in cut.cutting.not_cut:
        where = f"{printable(names[kept.clip])} {format_clock(kept.range_in_source.start)}"
        one, _, name = _ONE[kept.reason]
        text = f" {printable(kept.text)}" if kept.text else ""
        yield Said(
            f"{cut.reel}: {where}: {one}{text} stays: {kept.why}",
            ko=f"{cut.reel}: {where}: {name}{text} 남김 — {in_language(kept.why, 'ko')}",
        )
    for note in cut.notes:
        yield Said(f"{cut.reel}: {printable(note)}", ko=f"{cut.reel}: {printable(in_language(note, 'ko'))}")


def cut_json(cut: ReelCut) -> dict[str, object]:
    """The same for programs; times are seconds of the footage."""
    edit, names = cut.cutting.edit, [medium.path for medium in cut.programme.media]

    def piece(clip: int, where: TimeRange, reason: str, text: str) -> dict[str, object]:
        return {
            "footage": names[clip],
            "start_s": round(float(where.start), 3),
            "end_s": round(float(where.end), 3),
            "reason": reason,
            "text": text,
        }

    return {
        "reel": cut.reel,
        "platforms": list(cut.platforms),
        "duration_s": round(float(edit.duration), 3),
        "removed_s": round(float(edit.removed_duration), 3),
        "removed": [
            {**piece(r.clip, r.range_in_source, r.reason, r.text), "why": r.detail} for r in edit.removed
        ],
        "not_cut": [
            {**piece(n.clip, n.range_in_source, n.reason, n.text), "why": n.why} for n in cut.cutting.not_cut
        ],
        "notes": list(cut.notes),
    }
