"""What `reels cache` tells: tables for people, and one JSON shape whose keys are always all there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reels.cli.console import language, print_line, print_table
from reels.errors import Language
from reels.said import Said, in_language, typed
from reels.store import Pruned, PrunedWhy, Pruning, Stored, Verification

__all__ = ["pruned_json", "show_pruned", "show_store", "show_verified", "store_json", "verified_json"]

_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("kind", "count", "size", "not needed", "oldest"),
    "ko": ("종류", "개수", "크기", "안 쓰는 것", "가장 오래된 것"),
}
_PRUNED_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("kind", "count", "size", "why"),
    "ko": ("종류", "개수", "크기", "이유"),
}
_DAMAGED_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("step", "kind", "found"),
    "ko": ("단계", "종류", "문제"),
}
_KINDS_KO = {
    "probe": "영상 정보",
    "hearing": "쓸 소리",
    "transcribe": "받아쓴 말",
    "parts": "듣다 만 부분",
    "draft": "초안 기록",
    "framing": "사람 위치",
    "stabilise": "흔들림",
    "loudness": "섞은 소리",
    "art": "그린 요소",
    "chunk": "화면 조각",
    "frame": "미리 본 장면",
    "audio": "완성한 소리",
    "join": "이어 붙인 릴스",
    "cover": "표지",
    "check": "점검 결과",
    "deliver": "내놓은 기록",
    "work": "작업하다 남은 것",
    "drafts": "초안의 기억",
    "books": "기록",
    "other": "그 밖의 것",
}
_WHY: dict[PrunedWhy, Said] = {
    "left-over": Said("left over", ko="남은 찌꺼기"),
    "superseded": Said("superseded", ko="이제 안 씀"),
    "old": Said("old", ko="오래됨"),
    "size": Said("to save space", ko="공간을 줄이려고"),
}
_LAST_DAY_S = 253_402_200_000.0


# --- in tables -----------------------------------------------------------------------------------------------


def show_store(campaign: Path, stored: Sequence[Stored], *, free_bytes: int) -> None:
    words = language()
    rows = [
        (
            _kind(kind, words),
            f"{len(of_kind)}",
            _size(sum(one.bytes for one in of_kind)),
            _size(unneeded) if (unneeded := _unneeded_bytes(of_kind)) else "",
            _day(min(one.made_s for one in of_kind)),
        )
        for kind, of_kind in _by_kind(stored)
    ]
    print_table(_COLUMNS[words], rows)
    total, unneeded = sum(one.bytes for one in stored), _unneeded_bytes(stored)
    command = f"reels cache {typed(campaign)} --prune"
    hint = (
        Said(
            f", {_size(unneeded)} of it not needed any more (`{command}` removes that)",
            ko=f", 그중 안 쓰는 것 {_size(unneeded)}(`{command}`으로 지웁니다)",
        )
        if unneeded
        else Said("", ko="")
    )
    line = Said(
        f"{_size(total)} in all{hint}; {_size(free_bytes)} free on the disk",
        ko=f"모두 {_size(total)}{hint.ko}. 디스크에 남은 공간 {_size(free_bytes)}",
    )
    print_line(in_language(line, words))


def show_verified(seen: Verification) -> None:
    words = language()
    if seen.damaged:
        rows = [
            (
                damage.stored.step or damage.stored.fingerprint[:12],
                _kind(damage.stored.kind, words),
                in_language(damage.found, words),
            )
            for damage in seen.damaged
        ]
        print_table(_DAMAGED_COLUMNS[words], rows)
        return
    line = Said(
        f"{seen.results} results, {_size(seen.bytes)}: all are whole",
        ko=f"결과 {seen.results}개, {_size(seen.bytes)}: 모두 온전합니다",
    )
    print_line(in_language(line, words))


def show_pruned(gone: Pruning, *, dry_run: bool) -> None:
    words = language()
    groups: dict[tuple[str, PrunedWhy], list[Pruned]] = {}
    for one in gone.pruned:
        groups.setdefault((one.stored.kind, one.why), []).append(one)
    if groups:
        rows = [
            (
                _kind(kind, words),
                f"{len(group)}",
                _size(sum(one.stored.bytes for one in group)),
                in_language(_WHY[why], words),
            )
            for (kind, why), group in groups.items()
        ]
        print_table(_PRUNED_COLUMNS[words], rows)
    count, size = len(gone.pruned), _size(gone.bytes)
    if not count:
        line = Said("nothing to remove", ko="지울 것이 없습니다")
    elif dry_run:
        line = Said(f"{count} would be removed, {size}", ko=f"{count}개, {size}를 지우게 됩니다")
    else:
        line = Said(f"{count} removed, {size} freed", ko=f"{count}개를 지워 {size}를 비웠습니다")
    print_line(in_language(line, words))


def _by_kind(stored: Sequence[Stored]) -> list[tuple[str, list[Stored]]]:
    """The largest first."""
    kinds: dict[str, list[Stored]] = {}
    for one in stored:
        kinds.setdefault(one.kind, []).append(one)
    return sorted(kinds.items(), key=lambda item: -sum(one.bytes for one in item[1]))


def _unneeded_bytes(stored: Sequence[Stored]) -> int:
    return sum(one.bytes for one in stored if one.state in ("superseded", "left-over"))


def _kind(kind: str, words: Language) -> str:
    return _KINDS_KO.get(kind, kind) if words == "ko" else kind


def _size(count: int) -> str:
    """`count` bytes in the units of disks, in three digits."""
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 999.5:
            break
        size, unit = size / 1000, larger
    return f"{size:.1f} {unit}" if unit != "B" and size < 99.95 else f"{size:.0f} {unit}"


def _day(made_s: float) -> str:
    return f"{datetime.fromtimestamp(_in_a_calendar(made_s)):%Y-%m-%d}"


# --- as JSON -------------------------------------------------------------------------------------------------


def store_json(root: Path, stored: Sequence[Stored], *, free_bytes: int) -> dict[str, Any]:
    return {
        "store": str(root),
        "total_bytes": sum(one.bytes for one in stored),
        "unneeded_bytes": _unneeded_bytes(stored),
        "free_bytes": free_bytes,
        "kinds": [
            {
                "kind": kind,
                "count": len(of_kind),
                "bytes": sum(one.bytes for one in of_kind),
                "unneeded_bytes": _unneeded_bytes(of_kind),
                "oldest": _moment(min(one.made_s for one in of_kind)),
            }
            for kind, of_kind in _by_kind(stored)
        ],
    }


def verified_json(seen: Verification) -> dict[str, Any]:
    return {
        "results": seen.results,
        "bytes": seen.bytes,
        "damaged": [{**_one_json(damage.stored), "found": str(damage.found)} for damage in seen.damaged],
    }


def pruned_json(gone: Pruning, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "bytes": gone.bytes,
        "results": [{**_one_json(one.stored), "why": one.why} for one in gone.pruned],
    }


def _one_json(one: Stored) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "kind": one.kind,
        "step": one.step or None,
        "reel": one.reel or None,
        "bytes": one.bytes,
        "made": _moment(one.made_s),
    }


def _moment(made_s: float) -> str:
    return datetime.fromtimestamp(_in_a_calendar(made_s), UTC).isoformat(timespec="seconds")


def _in_a_calendar(made_s: float) -> float:
    """A file may bear a time for which there is no date."""
    return min(max(made_s, 0.0), _LAST_DAY_S)
