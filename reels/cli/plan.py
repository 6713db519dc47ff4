"""`reels plan`: what would run, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reels.cli.choices import ENCODER_HELP, chosen_reels
from reels.cli.choices import one_of as one_of_words
from reels.cli.console import language, print_json, print_line, print_table
from reels.cli.cuts import cut_json, told_cut
from reels.encode import ENCODERS
from reels.errors import Language, one_of
from reels.render import plan_campaign
from reels.said import Said, in_language
from reels.steps import Kind, Reason

__all__ = ["plan"]

_COLUMNS: dict[Language, tuple[str, str, str]] = {
    "en": ("step", "kind", "reason"),
    "ko": ("단계", "하는 일", "이유"),
}
_KINDS_KO: dict[Kind, str] = {
    "probe": "살펴보기",
    "hearing": "쓸 소리 고르기",
    "transcribe": "받아쓰기",
    "draft": "초안 쓰기",
    "framing": "사람 찾기",
    "stabilise": "흔들림 살피기",
    "loudness": "소리 섞기",
    "art": "그리기",
    "chunk": "화면 인코딩",
    "audio": "음량 맞추기",
    "join": "이어 붙이기",
    "cover": "표지 그리기",
    "check": "점검하기",
    "deliver": "내놓기",
    "frame": "프레임 그리기",
}
_REASONS_KO: dict[Reason, str] = {
    "new": "처음 만듦",
    "input-changed": "재료가 바뀜",
    "option-changed": "설정이 바뀜",
    "tool-changed": "도구가 바뀜",
    "missing": "결과가 없어짐",
    "forced": "다시 만들라고 함",
    "cascade": "앞 단계를 기다림",
    "reused": "그대로 씀",
}


def plan(
    campaign: Annotated[Path, typer.Argument(help="Campaign folder or its campaign.yaml.")],
    reel: Annotated[list[str] | None, typer.Argument(help="Ids of the reels wanted; none: all.")] = None,
    platform: Annotated[
        list[str] | None, typer.Option("--platform", "-p", help="Only for this platform; may be given again.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="As `reels render --force` would.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="As `reels render --draft` would.")] = False,
    encoder: Annotated[str, typer.Option("--encoder", help=ENCODER_HELP)] = "x264",
    everything: Annotated[bool, typer.Option("--all", help="Also list what is reused.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Show what `reels render` would do, and why; nothing is run."""
    made = plan_campaign(
        chosen_reels(campaign, reel, platform),
        force=force,
        encoder=one_of_words("--encoder", encoder, ENCODERS),
        quality="draft" if draft else "full",
    )
    if as_json:
        keys = ("id", "kind", "reel", "platform", "fingerprint", "reason", "will_run")
        steps = [{key: getattr(step, key) for key in keys} for step in made.steps]
        print_json({"steps": steps, "cuts": [cut_json(cut) for cut in made.cuts]})
    else:
        shown = [step for step in made.steps if everything or step.will_run]
        words = language()
        if shown:
            rows = [(step.id, *_why(step.kind, step.reason, words)) for step in shown]
            print_table(_COLUMNS[words], rows)
        for cut in made.cuts:
            for line in told_cut(cut):
                print_line(in_language(line, words))
        runs, reused = len(made.to_run), len(made.steps) - len(made.to_run)
        counted = Said(f"{runs} to run, {reused} reused", ko=f"할 단계 {runs}개, 그대로 쓸 단계 {reused}개")
        print_line(in_language(counted, words))
    if made.failures:
        raise one_of([failure.error for failure in made.failures])


def _why(kind: Kind, reason: Reason, words: Language) -> tuple[str, str]:
    if words == "ko":
        return _KINDS_KO.get(kind, kind), _REASONS_KO.get(reason, reason)
    return kind, reason
