"""Where words and marks stand, judged: inside what a platform leaves free, and never over each other."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reels.check import ShownBox, shown_beside, shown_to_json
from reels.check.shown import judge_shown, shown_from_json
from reels.fingerprint import sha256_of_file
from reels.geometry import Box
from reels.platforms import load_platform
from reels.steps import CheckWork
from reels.timing import TimeRange
from tests.unit.test_plan import HELLO, World, world

__all__ = ["world"]

INSTAGRAM = load_platform("instagram-reels")
TITLE = ShownBox(
    kind="overlay", name="title", box=Box(54, 300, 800, 500), shown=TimeRange(Fraction(0), Fraction(3))
)
WORDS = ShownBox(
    kind="subtitles",
    name="subtitle 1",
    box=Box(200, 1400, 800, 1580),
    shown=TimeRange(Fraction(1), Fraction(2)),
)


def broken(*shown: ShownBox) -> dict[str, str]:
    return {f.rule: f.found for f in judge_shown(shown, INSTAGRAM) if not f.ok}


def test_what_is_inside_breaks_nothing_and_every_rule_is_applied() -> None:
    findings = list(judge_shown([TITLE, WORDS], INSTAGRAM))
    assert [f.rule for f in findings] == ["layout.subtitles", "layout.overlays", "layout.apart"]
    assert all(f.ok for f in findings)
    assert findings[0].found == "1 inside"


@pytest.mark.parametrize(
    "box", [Box(53, 300, 800, 500), Box(54, 189, 800, 500), Box(54, 300, 921, 500), Box(54, 1500, 800, 1701)]
)
def test_a_pixel_outside_is_outside(box: Box) -> None:
    found = broken(replace(TITLE, box=box))
    assert set(found) == {"layout.overlays"}
    assert found["layout.overlays"].startswith(f"title at 0 s ({box.left},{box.top} to")


def test_subtitles_in_the_platforms_own_captions_are_told() -> None:
    assert set(broken(replace(WORDS, box=Box(200, 1500, 800, 1591)))) == {"layout.subtitles"}


def test_an_overlay_over_the_subtitles_is_told_while_both_are_shown() -> None:
    over = replace(TITLE, name="callout-1", box=Box(700, 1380, 900, 1500))
    assert set(broken(over, WORDS)) == {"layout.apart"}
    later = replace(over, shown=TimeRange(Fraction(2), Fraction(4)))
    assert broken(later, WORDS) == {}


def test_of_many_the_first_are_named() -> None:
    boxes = [replace(TITLE, name=f"place-{n}", box=Box(0, 300, 10, 310)) for n in range(5)]
    assert broken(*boxes)["layout.overlays"].endswith("and 3 more")


def test_boxes_come_back_from_a_report_as_they_were() -> None:
    shown = (TITLE, replace(WORDS, shown=TimeRange(Fraction(1, 2), Fraction(13, 4))))
    assert shown_from_json(json.loads(json.dumps(shown_to_json(shown)))) == shown


def test_a_report_counts_for_the_film_it_was_written_for(tmp_path: Path) -> None:
    film = tmp_path / "hello.mp4"
    film.write_bytes(b"film")
    told: dict[str, Any] = {
        "files": {"hello.mp4": {"bytes": 4, "sha256": sha256_of_file(film)}},
        "shown": shown_to_json([TITLE]),
    }
    (tmp_path / "report.json").write_text(json.dumps(told), encoding="utf-8")
    assert shown_beside(film) == (TITLE,)
    film.write_bytes(b"changed")
    assert shown_beside(film) is None
    for text in ("", "[]", '{"files": {"hello.mp4": 1}}', '{"files": {}, "shown": 3}'):
        (tmp_path / "report.json").write_text(text, encoding="utf-8")
        assert shown_beside(film) is None


def test_the_plan_hands_the_check_every_box_of_a_reel(world: World) -> None:
    world.write(HELLO)
    plan = world.settle()
    (work,) = (step.work for step in plan.steps if isinstance(step.work, CheckWork))
    kinds = [one.kind for one in work.shown]
    assert kinds.count("subtitles") == 4
    assert {"title", "lower-third-1"} <= {one.name for one in work.shown}
    for platform in work.platforms:
        assert [f.rule for f in judge_shown(work.shown, platform) if not f.ok] == []
