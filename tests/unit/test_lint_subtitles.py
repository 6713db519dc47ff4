"""The subtitle rules of lint: each fires on the cue that breaks it, in both languages, and on nothing else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reels.campaign.load import load_campaign
from reels.cli.lint import warn_of_drafts
from reels.cues import CueRules
from reels.drafts import DraftRecord, write_draft_record
from reels.errors import ModelMissing
from reels.fingerprint import sha256_of_file
from reels.fonts import load_font, shipped_fonts
from reels.glossary import NO_GLOSSARY, Glossary, parse_glossary
from reels.lint import RULES, Finding, draft_findings, drafts, lint_campaign, rule_rows
from reels.lint.subject import Subject
from reels.lint.texts import findings_about_breaks, findings_about_texts
from reels.lint.times import findings_about_speech, findings_about_times
from reels.plan.screen import screen_of
from reels.recognise import FoundModel
from reels.render import RenderReport
from reels.run import RunReport
from reels.said import in_language
from reels.steps import Plan
from reels.subtitles import read_subtitle_file
from reels.timing import TimeRange
from reels.transcript import Segment, Transcript, Word

from .test_lint import BRAND, CAMPAIGN, film

DOCS = Path(__file__).parents[2] / "docs"
FONT = load_font(next(path for path in shipped_fonts() if "Bold" in path.name))
RULES_OF_REEL = CueRules.for_language("ko", font=FONT, font_size_px=72, max_width_px=900)


def srt(*cues: tuple[str, str, str]) -> str:
    return "\n".join(f"{n}\n{a} --> {b}\n{text}\n" for n, (a, b, text) in enumerate(cues, start=1))


def at(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"00:{ms // 60000:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def one(text: str, *, start: float = 1, end: float = 4) -> str:
    return srt((at(start), at(end), text))


def judge(tmp_path: Path, text: str, *, edited: bool = True, **known: Any) -> list[Finding]:
    path = tmp_path / "IMG_0412.ko.srt"
    path.write_text(text, encoding="utf-8")
    subject = Subject(
        name=path.name,
        language="ko",
        file=read_subtitle_file(path),
        is_edited=edited,
        rules=RULES_OF_REEL,
        glossary=NO_GLOSSARY,
        punctuation=True,
    )
    subject = replace(subject, **known)
    return [
        *findings_about_texts(subject),
        *findings_about_breaks(subject),
        *findings_about_times(subject),
        *findings_about_speech(subject),
    ]


def heard(*words: tuple[str, float, float], speech: tuple[tuple[float, float], ...] = ()) -> Transcript:
    times = [Word(text=text, start=Fraction(a), end=Fraction(b)) for text, a, b in words]
    segments = tuple(Segment(text=w.text, start=w.start, end=w.end, words=(w,)) for w in times)
    return Transcript(
        language="ko",
        duration=Fraction(60),
        model="nano-ko@1234",
        segments=segments,
        speech=tuple(TimeRange(Fraction(a), Fraction(b)) for a, b in speech),
    )


GOOD = srt(
    (at(1), at(3.5), "이번 주말 한빛시에서\n봄축제가 열립니다"),
    (at(3.6), at(6), "김하늘 주무관입니다"),
)


def test_good_subtitles_break_no_rule(tmp_path: Path) -> None:
    words = heard(("이번 주말 한빛시에서 봄축제가 열립니다", 1, 3.25), ("김하늘 주무관입니다", 3.5, 5.5))
    known: dict[str, Any] = {
        "transcript": words,
        "duration": Fraction(10),
        "points": (Fraction(0), Fraction(7)),
    }
    assert judge(tmp_path, GOOD, **known) == []
    assert judge(tmp_path, GOOD, edited=False, **known) == []


CASES: dict[str, tuple[str, dict[str, Any], tuple[str, int, str]]] = {
    # rule and severity: the file, what else is known, which cue and what is said to be found
    "cue.glyph error": (one("무지개 🎉 鬱"), {}, ("cue.glyph", 1, "U+1F389")),
    "cue.lines warning": (
        one("이번 주말 한옥마을에서 열리는 봄축제에 오시면 맛있는 음식과 공연이 기다립니다", end=6),
        {},
        ("cue.lines", 1, "3 lines"),
    ),
    "cue.line-width warning": (
        one("안녕하십니까? 이번 주말에 한빛시로 오세요\n네", end=6),
        {},
        ("cue.line-width", 1, "20"),
    ),
    "cue.line-width info": (
        one("이번 주말 한빛시 한옥마을에서 봄축제", end=6),
        {},
        ("cue.line-width", 1, "wider"),
    ),
    "cue.marked info": (
        one("[x] 이번 주말 한빛시 한옥마을에서 열리는", end=1.2),
        {},
        ("cue.marked", 1, "off"),
    ),
    "cue.word-width warning": (
        one("가나다라마바사아자차카타파하가나다라", end=6),
        {},
        ("cue.word-width", 1, "18 units"),
    ),
    "cue.reading-speed warning": (
        one("이번 주말 한빛시에서 봄축제", end=2),
        {},
        ("cue.reading-speed", 1, "13.5 units a second"),
    ),
    "cue.reading-speed error": (
        one("이번 주말 한빛시에서\n봄축제가 열립니다", end=2),
        {},
        ("cue.reading-speed", 1, "19.0 units a second"),
    ),
    "cue.too-short warning": (one("네", end=1.8), {}, ("cue.too-short", 1, "0.8 s")),
    "cue.too-long warning": (one("안녕하세요", end=8.1), {}, ("cue.too-long", 1, "7.1 s")),
    "cue.gap info": (
        srt((at(1), at(3), "하나"), (at(3.05), at(5), "둘")),
        {},
        ("cue.gap", 2, "2 frames"),
    ),
    "cue.overlap warning": (
        srt((at(1), at(3), "하나"), (at(2.5), at(5), "둘")),
        {},
        ("cue.overlap", 2, "0.5 s together with cue 1"),
    ),
    "draft.order info": (
        srt((at(4), at(6), "하나"), (at(1), at(3), "둘")),
        {},
        ("draft.order", 2, "before the one above"),
    ),
    "cue.stranded warning": (one("여기서 즐길\n수 있습니다"), {}, ("cue.stranded", 1, "즐길 / 수")),
    "cue.broken-word warning": (
        one("홍보담당관실입\n니다") + "\n2\n00:00:05,000 --> 00:00:08,000\n홍보담당관실입니다\n",
        {},
        ("cue.broken-word", 1, "홍보담당관실입 / 니다"),
    ),
    "cue.line-end info": (one("안녕하세요,\n한빛시입니다."), {}, ("cue.line-end", 1, "full stop")),
    "cue.ellipsis info": (one("그런데..."), {}, ("cue.ellipsis", 1, "three dots")),
    "cue.markup warning": (one("축제 &nbsp; 안내"), {}, ("cue.markup", 1, "&nbsp;")),
    "cue.glossary warning": (
        one("한옥 마을에서 만나요"),
        {"glossary": parse_glossary(["한옥마을"])},
        ("cue.glossary", 1, "한옥 마을에서"),
    ),
    "cue.beyond-end warning": (
        one("안녕하세요"),
        {"duration": Fraction(2)},
        ("cue.beyond-end", 1, "00:00:04.000"),
    ),
    "cue.across-point info": (
        one("안녕하세요"),
        {"points": (Fraction(2),)},
        ("cue.across-point", 1, "in or out"),
    ),
    "cue.silence warning": (
        one("안녕하세요"),
        {"transcript": heard(("네", 30, 30.5), speech=((30, 30.5),))},
        ("cue.silence", 1, "no voice"),
    ),
    "draft.decomposed info": (
        one(unicodedata.normalize("NFD", "한빛시")),
        {},
        ("draft.decomposed", 1, "NFD"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rule_fires_on_its_cue_and_no_other_does(tmp_path: Path, case: str) -> None:
    rule, severity = case.split()
    text, known, (_, number, said) = CASES[case]
    findings = judge(tmp_path, text, **known)
    mine = [f for f in findings if f.rule == rule]
    assert [(f.severity, f.cue, f.file) for f in mine][:1] == [(severity, number, "IMG_0412.ko.srt")]
    assert any(said in f.found for f in mine)
    assert {f.rule for f in findings} == {rule}
    for finding in mine:
        assert re.search("[가-힣]", in_language(finding.where, "ko"))
        for fact in (finding.found, finding.expected):
            ko = re.sub(r"`[\w.]+`|Pretendard \w+|U\+\w+|&nbsp;|NFD|px", "", in_language(fact, "ko"))
            assert not re.search("[A-Za-z]{2,}", ko), ko


def test_what_the_recogniser_broke_is_only_a_note_and_an_invented_phrase_is_a_warning(tmp_path: Path) -> None:
    text = srt(
        (at(1), at(6), "이번 주말 한빛시 한옥마을에서 열리는\n봄축제"),
        (at(7), at(9), "시청해 주셔서 감사합니다"),
    )
    assert [(f.rule, f.severity) for f in judge(tmp_path, text, edited=False)] == [
        ("cue.known-phrase", "warning"),
        ("cue.line-width", "info"),
    ]
    assert [f.rule for f in judge(tmp_path, text)] == ["cue.line-width"]


def test_lines_that_stay_one_cue_when_broken_anew_are_nobody_s_fault(tmp_path: Path) -> None:
    (found,) = judge(tmp_path, one("이번 주말 한빛시 한옥마을에서 열리는\n봄축제", end=6))
    assert (found.rule, found.severity) == ("cue.line-width", "info")
    (found,) = judge(tmp_path, one("안녕하십니까? 이번 주말에 한빛시로 오세요\n네", end=6))
    assert found.severity == "warning"
    assert "it is shown as 2 cues" in found.expected


def test_a_known_phrase_needs_silence_under_it_or_more_than_a_thank_you(tmp_path: Path) -> None:
    thanks, watching = one("네, 감사합니다", end=3), one("시청해 주셔서 감사합니다", end=3)
    here, elsewhere, unknown = (
        heard(("네", 1, 2), speech=((0.5, 3),)),
        heard(("네", 30, 31), speech=((30, 31),)),
        heard(("네", 1, 2)),
    )
    told = {
        (name, text): [f.rule for f in judge(tmp_path, text, edited=False, transcript=transcript)]
        for name, transcript in (("here", here), ("elsewhere", elsewhere), ("unknown", unknown), ("no", None))
        for text in (one("감사합니다", end=3), watching)
    }
    assert [rules for (name, _), rules in told.items() if name == "here"] == [[], []]
    assert [rules for (name, _), rules in told.items() if name == "elsewhere"] == [["cue.known-phrase"]] * 2
    for name in ("unknown", "no"):
        assert [rules for (n, _), rules in told.items() if n == name] == [[], ["cue.known-phrase"]]
    assert judge(tmp_path, thanks, edited=False) == []


def test_cues_that_no_reel_shows_are_judged_by_their_signs_only(tmp_path: Path) -> None:
    text = srt(
        (at(1), at(3), "안녕하세요"),
        (
            at(10),
            at(10.4),
            "여기서 즐길\n수 있는 이번 주말 한빛시 한옥마을에서 열리는 봄축제 🎉 이야기입니다.",
        ),
        (at(10.2), at(30), "너무 긴 자막"),
    )
    shown: dict[str, Any] = {"shown": (TimeRange(Fraction(0), Fraction(5)),), "duration": Fraction(20)}
    assert {f.rule for f in judge(tmp_path, text)} > {"cue.glyph", "cue.reading-speed", "cue.overlap"}
    assert [(f.rule, f.cue) for f in judge(tmp_path, text, **shown)] == [("cue.glyph", 2)]


def test_a_marked_cue_is_not_judged_and_is_told_where_nothing_is_cut(tmp_path: Path) -> None:
    text = srt((at(1), at(3), "안녕하세요"), (at(2), at(2.2), "［ㅌ］ 음 🎉 그러니까 다시 하겠습니다."))
    (found,) = judge(tmp_path, text)
    assert (found.rule, found.severity, found.cue) == ("cue.marked", "info", 2)
    assert "sound stays" in found.expected
    assert judge(tmp_path, text, cuts_text=True) == []
    assert judge(tmp_path, text, shown=(TimeRange(Fraction(0), Fraction(2)),)) == [], (
        "marked beyond the out point"
    )


def test_speech_that_nobody_wrote_down_is_told_with_its_words(tmp_path: Path) -> None:
    words = heard(("안녕하세요", 1, 2), ("비상", 20, 20.5), ("대피하세요", 20.6, 21.75), ("네", 40, 40.5))
    (found,) = judge(tmp_path, one("안녕하세요", end=3), transcript=words)
    assert (found.rule, found.severity, found.cue, found.at) == ("cue.missing", "warning", None, Fraction(20))
    assert "비상 대피하세요" in found.found
    assert judge(tmp_path, one("안녕하세요", end=3), transcript=words, edited=False) == []


def test_speech_outside_the_in_and_out_points_needs_no_cue(tmp_path: Path) -> None:
    words = heard(
        ("안녕하세요", 1, 2), ("비상", 5, 5.5), ("대피", 5.5, 9), ("곧", 20, 20.5), ("갑니다", 20.5, 22)
    )
    known: dict[str, Any] = {"transcript": words, "shown": (TimeRange(Fraction(0), Fraction(6)),)}
    (found,) = judge(tmp_path, one("안녕하세요", end=3), **known)
    assert (found.rule, found.at) == ("cue.missing", Fraction(5))
    assert found.found == "1 s of speech without a cue: 비상"
    known["shown"] = (TimeRange(Fraction(0), Fraction(3)), TimeRange(Fraction(10), Fraction(21)))
    (found,) = judge(tmp_path, one("안녕하세요", end=3), **known)
    assert (found.at, found.found) == (Fraction(20), "1 s of speech without a cue: 곧")


def test_a_speaker_s_name_is_no_part_of_the_line(tmp_path: Path) -> None:
    text = one("김하늘 홍보담당관: 이번 주말 한빛시에서\n봄축제가 열립니다", end=3)
    assert {f.rule for f in judge(tmp_path, text)} == {"cue.line-width", "cue.reading-speed"}
    assert judge(tmp_path, text, speakers=("김하늘 홍보담당관", "이도윤")) == []
    single = one("[김하늘 홍보담당관] 이번 주말 한빛시에서", end=4)
    assert {f.rule for f in judge(tmp_path, single)} == {"cue.line-width"}
    assert judge(tmp_path, single, speakers=("김하늘 홍보담당관",)) == []


def test_the_language_of_the_letters_is_judged(tmp_path: Path) -> None:
    english = one("Welcome to our city,\nsee you at the fair", end=7)
    (found,) = [f for f in judge(tmp_path, english) if f.rule == "draft.language"]
    assert (found.severity, found.where) == ("warning", "IMG_0412.ko.srt")
    (found,) = [f for f in judge(tmp_path, english, is_second=True) if f.rule == "draft.language"]
    assert found.severity == "error"
    rules = CueRules.for_language("en")
    assert judge(tmp_path, english, language="en", rules=rules) == []
    korean = judge(
        tmp_path, one("안녕하세요, 이번 주말 한빛시 봄축제로\n모두 오세요", end=7), language="en", rules=rules
    )
    assert [f.rule for f in korean] == ["draft.language"]


def test_punctuation_that_stays_is_said_to_stay(tmp_path: Path) -> None:
    (shown,) = judge(tmp_path, one("한빛시입니다."))
    (kept,) = judge(tmp_path, one("한빛시입니다."), punctuation=False)
    assert "left out" in shown.expected
    assert "`punctuation`" in kept.expected


def test_what_mends_itself_is_told_once_a_file(tmp_path: Path) -> None:
    text = srt(*((at(3 * n), at(3 * n + 2), "안녕하세요.") for n in range(30)))
    (found,) = judge(tmp_path, text)
    assert (found.rule, found.cue) == ("cue.line-end", 1)
    assert found.found.startswith("30 × ")
    assert "30곳" in in_language(found.found, "ko")


# --- the files -------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    film(tmp_path / "IMG_0412.mp4")
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "brand.yaml").write_text(BRAND, encoding="utf-8")
    (tmp_path / "subtitles").mkdir()
    (tmp_path / "subtitles" / "IMG_0412.ko.srt").write_text(GOOD, encoding="utf-8")
    return tmp_path


def rules_of(folder: Path) -> list[tuple[str, str]]:
    return [(f.rule, f.where) for f in lint_campaign(load_campaign(folder))]


def test_an_emptied_draft_a_waiting_one_and_one_without_footage_are_told(folder: Path) -> None:
    drafts = folder / "subtitles"
    assert rules_of(folder) == []
    (drafts / "IMG_0412.ko.srt").write_text("\n", encoding="utf-8")
    (drafts / "IMG_0412.ko.new.srt").write_text(GOOD, encoding="utf-8")
    (drafts / "IMG_9999.ko.srt").write_text(GOOD, encoding="utf-8")
    assert rules_of(folder) == [
        ("draft.empty", "IMG_0412.ko.srt"),
        ("draft.waiting", "IMG_0412.ko.srt"),
        ("draft.orphan", "IMG_9999.ko.srt"),
    ]


@pytest.mark.parametrize(
    ("saved", "meant"),
    [
        ("IMG_0412.ko.vtt", "IMG_0412.ko.srt"),
        ("IMG_0412.ko.SRT", "IMG_0412.ko.srt"),
        ("img_0412.ko.smi", "IMG_0412.ko.srt"),
        ("IMG_0412.en.ass", "IMG_0412.en.srt"),
        ("IMG_0412.txt", "IMG_0412.ko.srt"),
        ("IMG_9999.ko.vtt", ""),
    ],
)
def test_a_draft_with_another_ending_is_told_with_the_name_that_is_read_also_by_a_render_that_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], saved: str, meant: str
) -> None:
    (folder / "subtitles" / saved).write_text(GOOD, encoding="utf-8")
    (folder / "subtitles" / "메모.txt").write_text("자막이 아님", encoding="utf-8")
    campaign = load_campaign(folder)
    (found,) = lint_campaign(campaign)
    assert (found.rule, found.where) == ("draft.orphan", saved)
    assert f"ends in {Path(saved).suffix}, which is not read" in found.found
    assert found.expected.startswith(f"{meant}: save it" if meant else "the name of a footage file")
    nothing = RenderReport(outcomes=(), run=RunReport(plan=Plan(steps=(), failures=())), wall_s=0)
    warn_of_drafts(campaign, nothing)
    told = f"{saved}: found {found.found}, expected {found.expected}\n" if meant else ""
    assert capsys.readouterr().err == told


def test_a_draft_as_we_wrote_it_is_judged_as_ours(folder: Path) -> None:
    draft = folder / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(one("시청해 주셔서 감사합니다"), encoding="utf-8")
    assert rules_of(folder) == []
    record = DraftRecord(fingerprint="a" * 64, sha256=sha256_of_file(draft))
    write_draft_record(folder / ".reels", draft.name, record)
    assert rules_of(folder) == [("cue.known-phrase", "IMG_0412.ko.srt cue 1 at 00:00:01.000")]


def reels_of(folder: Path, reels: str) -> None:
    written = (folder / "campaign.yaml").read_text(encoding="utf-8")
    (folder / "campaign.yaml").write_text(written.partition("reels:\n")[0] + reels, encoding="utf-8")


CLIP = "clips: [{footage: IMG_0412.mp4%s}]"


def test_a_cue_that_two_reels_show_is_told_once_by_the_stricter_one(folder: Path) -> None:
    plain, short = CLIP % "", "subtitles: {style: short}"
    draft = folder / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(one("이번 주말 한빛시에서\n봄축제가 열립니다", end=2), encoding="utf-8")
    reels_of(folder, f"reels:\n  - {{id: a, {plain}}}\n  - {{id: b, {plain}}}\n")
    (speed,) = lint_campaign(load_campaign(folder))
    assert (speed.rule, speed.where) == ("cue.reading-speed", "IMG_0412.ko.srt cue 1 at 00:00:01.000")
    reels_of(folder, f"reels:\n  - {{id: a, {plain}}}\n  - {{id: b, {plain}, {short}}}\n")
    found = lint_campaign(load_campaign(folder))
    assert [(f.rule, f.where.partition(", ")[2]) for f in found] == [
        ("cue.reading-speed", ""),
        ("cue.lines", "reel b"),
    ]
    assert in_language(found[-1].where, "ko").endswith(", 릴스 b")
    draft.write_text(one("하나 🎉 鬱", end=3), encoding="utf-8")
    assert [f.found[0] for f in lint_campaign(load_campaign(folder))] == ["🎉", "鬱"], "each sign, once"


def test_the_ranges_of_all_reels_say_what_is_shown(folder: Path) -> None:
    text = srt(*((at(n), at(n + 0.3), "네") for n in (1, 11, 21)))
    (folder / "subtitles" / "IMG_0412.ko.srt").write_text(text, encoding="utf-8")
    first, last = CLIP % ", in: 0.0, out: 5.0", CLIP % ", in: 20.0, out: 25.0"
    reels_of(folder, f"reels:\n  - {{id: a, {first}}}\n  - {{id: b, {last}}}\n")
    assert [(f.rule, f.cue) for f in lint_campaign(load_campaign(folder))] == [
        ("cue.too-short", 1),
        ("cue.too-short", 3),
    ]


def test_one_reel_that_cuts_by_text_explains_the_marks_of_all(folder: Path) -> None:
    (folder / "subtitles" / "IMG_0412.ko.srt").write_text(one("[x] 안녕하세요"), encoding="utf-8")
    for cut, rules in (("", ["cue.marked"]), (", cut: {text: true}", [])):
        reels_of(folder, f"reels:\n  - {{id: a, {CLIP % ''}}}\n  - {{id: b, {CLIP % ''}{cut}}}\n")
        assert [rule for rule, _ in rules_of(folder)] == rules


def test_a_second_language_that_nobody_can_write_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    translates: list[bool | None] = [False]

    def found(model: str, engine: str) -> FoundModel:
        if translates[0] is None:
            raise ModelMissing(model=model, found="not here")
        path, can = folder, bool(translates[0])
        return FoundModel(name=model, engine="faster-whisper", path=path, identity="x@1", can_translate=can)

    monkeypatch.setattr("reels.plan.second.find_model", found)
    for language, can, told in (("en", False, 1), ("en", True, 0), ("en", None, 0), ("vi", True, 1)):
        translates[0] = can
        monkeypatch.setattr("reels.survey.glance", lambda path: True)
        second = f"subtitles: {{second: {language}}}"
        reels_of(folder, f"reels:\n  - {{id: a, {CLIP % ''}, {second}}}\n")
        errors = lint_campaign(load_campaign(folder))
        assert [(f.rule, f.severity, f.where) for f in errors] == [
            ("draft.second", "error", f"subtitles/IMG_0412.{language}.srt")
        ] * told
        monkeypatch.setattr("reels.survey.glance", lambda path: False)
        assert lint_campaign(load_campaign(folder)) == (), "there is nothing to say in silent footage"
    monkeypatch.setattr("reels.survey.glance", lambda path: True)
    (folder / "subtitles" / "IMG_0412.vi.srt").write_text(one("Xin chào", end=3), encoding="utf-8")
    assert lint_campaign(load_campaign(folder)) == ()


def test_an_edited_draft_of_an_earlier_recognition_is_told(folder: Path) -> None:
    record = DraftRecord(fingerprint="a" * 64, sha256="b" * 64, transcript="c" * 64)
    write_draft_record(folder / ".reels", "IMG_0412.ko.srt", record)
    entry = '{"step": "transcribe IMG_0412.mp4 ko", "fingerprint": "%s", "sources": "", "options": "", "tools": ""}\n'
    (folder / ".reels" / "journal.jsonl").write_text(entry % ("c" * 64))
    assert rules_of(folder) == []
    (folder / ".reels" / "journal.jsonl").write_text(entry % ("d" * 64))
    assert rules_of(folder) == [("draft.outdated", "IMG_0412.ko.srt")]


def test_a_reel_s_own_font_and_width_are_what_its_lines_are_measured_by(folder: Path) -> None:
    draft = folder / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(one("무지개 🎉"), encoding="utf-8")
    ((rule, _),) = rules_of(folder)
    assert rule == "cue.glyph"
    draft.write_text(one("가" * 16 + "\n나"), encoding="utf-8")
    found = {f.rule: f for f in lint_campaign(load_campaign(folder))}
    pixels = re.search(r"16 units, (\d+) px: 가", found["cue.word-width"].found)
    room = re.search(r"16 units, (\d+) px a line", found["cue.word-width"].expected)
    assert pixels
    assert room
    assert int(pixels[1]) > int(room[1])


def test_the_render_s_look_leaves_out_what_needs_the_analyser(folder: Path) -> None:
    draft = folder / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(one("여기서 즐길\n수 있습니다"), encoding="utf-8")
    campaign = load_campaign(folder)
    assert [f.rule for f in draft_findings(campaign)] == ["cue.stranded"]
    assert draft_findings(campaign, breaks=False) == ()


def test_only_a_style_that_shows_speakers_takes_their_names_out_of_the_line(folder: Path) -> None:
    written = (folder / "campaign.yaml").read_text(encoding="utf-8")
    text = one("김하늘 홍보담당관: 이번 주말 한빛시에서\n봄축제가 열립니다", end=6)
    (folder / "subtitles" / "IMG_0412.ko.srt").write_text(text, encoding="utf-8")
    for style, rules in (("interview", []), ("outline", ["cue.lines"])):
        subtitles = f"subtitles: {{style: {style}, speakers: [김하늘 홍보담당관]}}\nreels:\n"
        (folder / "campaign.yaml").write_text(written.replace("reels:\n", subtitles, 1), encoding="utf-8")
        assert [rule for rule, _ in rules_of(folder)] == rules


def test_a_short_style_is_judged_by_its_own_bounds(folder: Path) -> None:
    written = (folder / "campaign.yaml").read_text(encoding="utf-8")
    short = written.replace("reels:\n", "subtitles: {style: short}\nreels:\n", 1)
    (folder / "campaign.yaml").write_text(short, encoding="utf-8")
    draft = folder / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(one("한빛시 봄축제", end=1.6), encoding="utf-8")
    assert rules_of(folder) == [], "half a second is enough there"
    draft.write_text(one("이번 주말 한빛시\n봄축제", end=4), encoding="utf-8")
    (found,) = lint_campaign(load_campaign(folder))
    assert (found.rule, found.found) == ("cue.lines", "text for 2 lines")
    assert found.expected.startswith("at most 1;")


def test_fifty_reels_of_one_look_are_laid_out_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reels = "".join(f"  - id: r{n}\n    clips: [{{footage: IMG_{n:04}.mp4}}]\n" for n in range(50))
    written = (folder / "campaign.yaml").read_text(encoding="utf-8")
    (folder / "campaign.yaml").write_text(
        written.partition("reels:\n")[0] + "reels:\n" + reels, encoding="utf-8"
    )
    content = (folder / "IMG_0412.mp4").read_bytes()
    (folder / "subtitles" / "IMG_0412.ko.srt").unlink()
    text = srt(
        *((at(3 * n), at(3 * n + 2.5), f"{n}번째 자막은 한빛시\n봄축제 소식입니다") for n in range(40))
    )
    for n in range(50):
        (folder / f"IMG_{n:04}.mp4").write_bytes(content)
        (folder / "subtitles" / f"IMG_{n:04}.ko.srt").write_text(text, encoding="utf-8")
    laid_out = []

    def counted(*given: Any) -> Any:
        laid_out.append(given)
        return screen_of(*given)

    monkeypatch.setattr(drafts, "screen_of", counted)
    assert draft_findings(load_campaign(folder), breaks=False) == ()
    assert len(laid_out) == 2, "once for each raster: 9:16 at full size, and that of x"


# --- the table -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "language"), [("subtitle-rules.md", "en"), ("subtitle-rules.ko.md", "ko")])
def test_the_page_has_every_rule_as_the_code_has_it(page: str, language: str) -> None:
    written = [
        tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        for line in (DOCS / page).read_text(encoding="utf-8").splitlines()
        if re.match(r"\| `\w+\.[\w-]+` ", line)
    ]
    assert written == [(f"`{row[0]}`", *row[1:]) for row in rule_rows("ko" if language == "ko" else "en")]


def test_a_finding_names_a_rule_of_the_table_and_each_rule_is_named_by_one() -> None:
    with pytest.raises(ValueError, match="no rule"):
        Finding(rule="cue.colour", severity="error", where="", found="", expected="")
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[2] / "reels" / "lint").glob("*.py")
        if path.name != "rules.py"
    )
    assert [rule.id for rule in RULES if f'"{rule.id}"' not in source] == []
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_bounds_in_the_table_are_the_rules_own() -> None:
    bounds = {rule.id: f"{rule.bound} {rule.bound.ko}" for rule in RULES}
    rules = CueRules.for_language("ko")
    assert f"{rules.max_units} units" in bounds["cue.line-width"]
    assert f"{rules.max_lines}," in bounds["cue.lines"]
    assert f"{rules.max_units_per_second} in Korean; an error above 17" in bounds["cue.reading-speed"]
    assert f"{rules.min_duration} s" in bounds["cue.too-short"]
    assert f"{rules.max_duration} s" in bounds["cue.too-long"]
    assert f"{rules.gap_frames} frames" in bounds["cue.gap"]
    assert isinstance(NO_GLOSSARY, Glossary)
