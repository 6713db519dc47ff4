"""Lint of reels that are cut: what does not play is not told as if it did, and what plays is judged as it plays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reels.campaign.load import load_campaign
from reels.edit import cut_clips
from reels.interchange import Programme, UsedMedia, otio
from reels.lint import Finding, draft_findings
from reels.said import in_language
from reels.subtitles import Cue, write_srt
from reels.timing import TimeRange

from .test_cutting_plan import campaign, edit_draft, world
from .test_lint_subtitles import CLIP, at, folder, judge, reels_of, srt
from .test_plan import RATE, SUBTITLES, World

__all__ = ["folder", "world"]

OTHER = """\
  - id: other
    cut: {cuts}
    clips: [{footage: footage/IMG_0412.MOV}]
"""


def told(world: World, rule: str) -> list[Finding]:
    return [finding for finding in draft_findings(world.campaign()) if finding.rule == rule]


# --- deleted on purpose ----------------------------------------------------------------------------------


def test_a_cue_deleted_to_cut_its_speech_is_not_missing(world: World) -> None:
    edit_draft(world, without=1)
    (missing,) = told(world, "cue.missing")
    assert missing.at == Fraction(41, 10)
    assert "한빛시입니다" in missing.found
    world.write(campaign("{text: true}"))
    assert told(world, "cue.missing") == []
    world.write(campaign("{silence: true}"))
    assert [finding.at for finding in told(world, "cue.missing")] == [Fraction(41, 10)]


def test_speech_that_another_reel_still_plays_is_missing_its_cue(world: World) -> None:
    edit_draft(world, without=1)
    world.write(campaign("{text: true}") + OTHER.replace("{cuts}", "{text: false}"))
    assert len(told(world, "cue.missing")) == 1
    world.write(campaign("{text: true}") + OTHER.replace("{cuts}", "{silence: true}"))
    assert told(world, "cue.missing") == []


def test_without_a_transcript_and_before_the_probe_nothing_is_known_of_the_cuts(world: World) -> None:
    edit_draft(world, without=1, marked=0)
    world.write(campaign("{text: true, silence: true, fillers: true}"))
    assert draft_findings(world.campaign()) == ()
    for kept in (world.root / ".reels" / "results").rglob("media.json"):
        kept.unlink()
    assert [finding.rule for finding in draft_findings(world.campaign())] == ["cue.missing"]


def test_a_reel_of_which_nothing_plays_has_no_findings_about_its_cues(world: World) -> None:
    draft = world.root / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(write_srt([Cue(start=c.start, end=c.end, lines=("[x] 🎉",)) for c in SUBTITLES]))
    world.write(campaign("{text: true, silence: {least: 0.5, before: 0, after: 0}}"))
    assert {finding.severity for finding in draft_findings(world.campaign())} <= {"warning"}
    assert told(world, "cue.missing") == told(world, "cue.glyph") == []


# --- what does not play ----------------------------------------------------------------------------------

LONG = "이번 주말 한빛시 한옥마을에서 열리는 봄축제에 오시면 맛있는 음식과 공연이 기다립니다"
TWO = srt((at(1), at(3), "안녕하세요"), (at(5), at(5.4), LONG))


def test_a_cue_whose_speech_is_cut_is_not_judged(tmp_path: Path) -> None:
    assert {f.rule for f in judge(tmp_path, TWO)} == {"cue.lines", "cue.reading-speed", "cue.too-short"}
    assert judge(tmp_path, TWO, shown_cues=frozenset({0})) == []


def test_a_sign_that_cannot_be_drawn_is_an_error_only_where_it_is_shown(tmp_path: Path) -> None:
    text = srt((at(1), at(3), "안녕하세요"), (at(5), at(7), "무지개 🎉"))
    assert [f.severity for f in judge(tmp_path, text)] == ["error"]
    assert [f.severity for f in judge(tmp_path, text, shown_cues=frozenset({0}))] == ["warning"]


# --- as it plays -----------------------------------------------------------------------------------------


def seconds(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


def plays(number: int, start: float, end: float, text: str) -> tuple[int, Cue]:
    return number, Cue(start=seconds(start), end=seconds(end), lines=(text,))


def test_reading_speed_is_that_of_the_time_that_is_left(tmp_path: Path) -> None:
    text = srt((at(1), at(4.9), "이번 주말 한빛시에서 봄축제"), (at(5), at(8), "함께 걸어요"))
    assert judge(tmp_path, text) == []
    shown: dict[str, Any] = {"shown_cues": frozenset({0, 1})}
    first, second = plays(0, 1, 1.7, "이번 주말 한빛시에서 봄축제"), plays(1, 1.75, 4, "함께 걸어요")
    found, short = judge(tmp_path, text, **shown, played=(first, second))
    assert (found.rule, found.severity, found.cue) == ("cue.reading-speed", "error", 1)
    assert found.found == "19.3 units a second after the cuts"
    assert in_language(found.found, "ko") == "컷 뒤에 초당 19.3자"
    assert (short.rule, short.cue, short.found) == ("cue.too-short", 1, "0.7 s")


def test_a_cue_is_as_short_as_the_cuts_leave_it_and_the_render_cannot_mend(tmp_path: Path) -> None:
    text = srt((at(1), at(1.6), "안녕하세요"), (at(5), at(8), "함께 걸어요"))
    assert [f.rule for f in judge(tmp_path, text)] == ["cue.too-short"]
    shown: dict[str, Any] = {"shown_cues": frozenset({0, 1})}
    roomy = plays(0, 1, 1.6, "안녕하세요"), plays(1, 3, 6, "함께 걸어요")
    assert judge(tmp_path, text, **shown, played=roomy) == [], "it is shown for as long as it has to be"
    crowded = plays(0, 1, 1.6, "안녕하세요"), plays(1, 1.6, 4, "함께 걸어요")
    assert [f.rule for f in judge(tmp_path, text, **shown, played=crowded)] == ["cue.too-short"]


def test_what_the_render_gives_a_cue_back_counts_as_its_time(tmp_path: Path) -> None:
    text = srt((at(1), at(4.9), "이번 주말 한빛시에서 봄축제"), (at(5), at(8), "함께 걸어요"))
    first, second = plays(0, 1, 1.8, "이번 주말 한빛시에서 봄축제"), plays(1, 2.25, 4, "함께 걸어요")
    shown: dict[str, Any] = {"shown_cues": frozenset({0, 1})}
    assert judge(tmp_path, text, **shown, played=(first, second)) == []
    # Words that were cut out of it are not read.
    next_one = plays(1, 1.95, 4, "함께 걸어요")
    shorter, whole = (plays(0, 1, 1.85, f"{cut}한빛시에서 봄축제") for cut in ("", "이번 주말 "))
    assert judge(tmp_path, text, **shown, played=(shorter, next_one)) == []
    assert [f.rule for f in judge(tmp_path, text, **shown, played=(whole, next_one))] == ["cue.reading-speed"]


def test_a_long_cue_that_loses_its_pause_is_not_too_long(tmp_path: Path) -> None:
    text = srt((at(1), at(10), "이번 주말 한빛시에서 봄축제"))
    assert [f.rule for f in judge(tmp_path, text)] == ["cue.too-long"]
    shown: dict[str, Any] = {"shown_cues": frozenset({0})}
    assert judge(tmp_path, text, **shown, played=(plays(0, 1, 6, "이번 주말 한빛시에서 봄축제"),)) == []
    (found,) = judge(tmp_path, text, **shown, played=(plays(0, 1, 9, "이번 주말 한빛시에서 봄축제"),))
    assert found.found == "8 s"


def test_a_cue_that_only_another_reel_shows_is_not_judged_by_the_speed_of_this_one(tmp_path: Path) -> None:
    shown: dict[str, Any] = {"shown_cues": frozenset({0, 1})}
    found = judge(tmp_path, TWO, **shown, played=(plays(0, 1, 3, "안녕하세요"),))
    assert "cue.reading-speed" not in {f.rule for f in found}


# --- a cut made elsewhere --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "across"),
    [(((0, 5), (5.5, 16)), 0), (((0, 2), (12.5, 16)), 1), (((9, 12), (0, 5)), 2)],
    ids=["inside of one cue", "far on, into another cue", "in another order"],
)
def test_the_points_of_a_cut_made_elsewhere_are_told_where_a_cue_is_lost_on_them(
    world: World, pieces: tuple[tuple[float, float], ...], across: int
) -> None:
    edit = cut_clips([TimeRange(seconds(a), seconds(b)) for a, b in pieces], RATE)
    media = (UsedMedia(path="footage/IMG_0412.MOV", duration=Fraction(16), has_sound=True),) * len(pieces)
    cut = otio(Programme(name="hello", edit=edit, media=media))
    (world.root / "cut.otio").write_text(cut, encoding="utf-8")
    clips = campaign("{text: true}").index("    clips:")
    world.write(campaign("{text: true}")[:clips] + "    edit: cut.otio\n")
    draft = world.root / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(write_srt(SUBTITLES).replace("안녕", "안녕 "), encoding="utf-8")
    notes = told(world, "cue.across-point")
    assert sum(2 if "2 ×" in note.found else 1 for note in notes) == across
    assert told(world, "cue.missing") == []


# --- several reels of one file ---------------------------------------------------------------------------


def test_a_reel_is_not_asked_about_cues_that_only_others_show(folder: Path) -> None:
    draft = folder / "subtitles" / "IMG_0412.ko.srt"
    wide = "이번 주말 한빛시에서\n봄축제가 열립니다"
    draft.write_text(srt((at(1), at(4), "안녕하세요"), (at(11), at(14), wide)), encoding="utf-8")
    short, plain = CLIP % ", in: 0.0, out: 5.0", CLIP % ", in: 10.0, out: 15.0"
    reels_of(folder, f"reels:\n  - {{id: a, {plain}}}\n  - {{id: b, {short}, subtitles: {{style: short}}}}\n")
    assert draft_findings(load_campaign(folder)) == ()
    reels_of(folder, f"reels:\n  - {{id: a, {short}}}\n  - {{id: b, {plain}, subtitles: {{style: short}}}}\n")
    (found,) = draft_findings(load_campaign(folder))
    assert (found.rule, found.where) == ("cue.lines", "IMG_0412.ko.srt cue 2 at 00:00:11.000")
