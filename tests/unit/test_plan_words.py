"""What `reels plan` and a run say to people who read Korean, and a folder where a draft should be."""

from __future__ import annotations

import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from reels.cli.outcome import show_outcome
from reels.cli.plan import _why as why
from reels.cli.plan import plan
from reels.lint import draft_findings
from reels.plan.overlays import PlacedOverlay
from reels.render import Outcome, RenderReport
from reels.run import RunReport
from reels.said import in_language
from reels.steps import REASONS, Kind, Plan

from .test_cutting_plan import world
from .test_plan import World

__all__ = ["world"]


def _is_korean(text: str) -> bool:
    return any("가" <= sign <= "힣" for sign in text) and not any("a" <= sign <= "z" for sign in text)


def test_every_kind_of_step_and_every_reason_has_a_korean_name() -> None:
    kinds = [why(kind, "new", "ko")[0] for kind in get_args(Kind)]
    reasons = [why("probe", reason, "ko")[1] for reason in REASONS]
    assert all(map(_is_korean, kinds))
    assert all(map(_is_korean, reasons))
    assert len(set(reasons)) == len(REASONS)
    assert why("probe", "cascade", "en") == ("probe", "cascade")


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("ko", "단계 하는 일 이유", r"할 단계 \d+개, 그대로 쓸 단계 \d+개"),
        ("en", "step kind reason", r"\d+ to run, \d+ reused"),
    ],
)
def test_the_plan_is_shown_in_the_language_of_the_user(
    language: str,
    first: str,
    last: str,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REELS_LANG", language)
    plan(world.root, everything=True)
    lines = capsys.readouterr().out.splitlines()
    assert " ".join(lines[0].split()) == first
    assert re.fullmatch(last, lines[-1])


@pytest.mark.parametrize(
    ("language", "columns"),
    [("ko", "릴스 플랫폼 결과 한 단계 그대로 쓴 단계"), ("en", "reel platform status ran reused")],
)
def test_the_closing_table_is_in_the_language_of_the_user(
    language: str, columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REELS_LANG", language)
    outcome = Outcome(
        reel="hello",
        platform="x",
        status="done",
        file=Path("hello.mp4"),
        duration=Fraction(5),
        wall_s=1.5,
        steps_run=7,
        steps_reused=0,
    )
    run = RunReport(plan=Plan(steps=()))
    show_outcome(RenderReport(outcomes=(outcome,), run=run, wall_s=2), as_json=False)
    told = capsys.readouterr().err.splitlines()
    assert " ".join(told[0].split()) == columns
    assert ("완료" in told[1]) == (language == "ko")


@pytest.mark.parametrize(
    ("name", "ko"),
    [("title", "제목"), ("lower-third-2", "이름 자막 2"), ("logo", "로고"), ("badge", "badge")],
)
def test_what_is_drawn_has_a_name_in_both_languages(name: str, ko: str, world: World) -> None:
    step = next(step for step in world.plan().steps if step.id == "hello title")
    assert in_language(step.doing, "ko") == "hello: 제목 그리기"
    overlay = PlacedOverlay.__new__(PlacedOverlay)
    object.__setattr__(overlay, "name", name)
    assert overlay.doing == f"drawing {name}"
    assert overlay.doing.ko == f"{ko} 그리기"


def test_a_folder_where_a_draft_should_be_is_told_as_what_it_is(world: World) -> None:
    shutil.rmtree(world.root / "subtitles")
    (world.root / "subtitles" / "IMG_0412.ko.srt").mkdir(parents=True)
    (failure,) = world.plan().failures
    expected = (
        "subtitles/IMG_0412.ko.srt: found a folder of that name, expected a subtitle file, or nothing; "
        "rename or move the folder"
    )
    assert failure.error.sentence("en") == expected
    assert "폴더의 이름을 바꾸거나" in failure.error.sentence("ko")
    (finding,) = draft_findings(world.campaign())
    assert (finding.rule, finding.severity, finding.found) == ("draft.readable", "error", expected)
