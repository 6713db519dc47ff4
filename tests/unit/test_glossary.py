"""The glossary: written in two ways, corrects words and keeps their times, and never guesses."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign.load import load_campaign
from reels.campaign.model import SubtitleOptions
from reels.errors import CampaignProblems
from reels.glossary import (
    NO_GLOSSARY,
    WHY_CORRECTED,
    Glossary,
    Listed,
    correct,
    glossary_findings,
    merged,
    parse_glossary,
)
from reels.korean.particles import attached, particles_of
from reels.korean.sounds import WHOLE, could_be_near, sound_distance, sounds_of, which_sounds
from reels.transcript import Segment, Transcript, Word

CITY = parse_glossary(
    [
        "한옥마을",
        "전라감영",
        "한빛시",
        "한빛 시청",
        "CCTV",
        "이상",
        {"한빗씨": "한빛시"},
        {"가게": "정류장"},
        {"여깃말": "한빛터미널 역"},
        {"한복마을": "한복마을"},
    ]
)


def heard(text: str, *probabilities: float | None) -> Transcript:
    """One segment, a word a second."""
    texts = text.split()
    words = tuple(
        Word(
            text=t,
            start=Fraction(n),
            end=Fraction(n + 1),
            probability=probabilities[n] if n < len(probabilities) else None,
        )
        for n, t in enumerate(texts)
    )
    segment = Segment(text=" ".join(texts), start=Fraction(0), end=Fraction(len(texts)), words=words)
    return Transcript(language="ko", duration=Fraction(60), model="m", segments=(segment,))


def put_right(text: str, glossary: Glossary = CITY) -> str:
    corrected, _ = correct(heard(text), glossary)
    assert corrected.text == " ".join(w.text for w in corrected.words)
    return corrected.text


# --- how it is written -----------------------------------------------------------------------------------


def test_a_list_and_a_mapping_say_the_same() -> None:
    listed = parse_glossary(["한옥마을", {"한빗시": "한빛시"}, {"한복마을": "한복마을"}])
    assert listed == parse_glossary({"한옥마을": None, "한빗시": "한빛시", "한복마을": "한복마을"})
    assert listed.terms == ("한옥마을",)
    assert listed.corrections == (Listed(wrong="한빗시", right="한빛시"),)
    assert listed.exceptions == ("한복마을",)


def test_terms_are_composed_and_single_spaced() -> None:
    import unicodedata

    assert parse_glossary([unicodedata.normalize("NFD", " 한빛  시청 "), 2026]).terms == ("한빛 시청", "2026")


@pytest.mark.parametrize(
    "entry",
    [None, True, ["한옥마을"], "", " ", "!?", {"가": ["나"]}, {True: "네"}, "\ud800", "가" * 201, 1 + 1j],
)
def test_what_is_neither_a_term_nor_a_correction_is_refused_in_both_languages(entry: object) -> None:
    with pytest.raises(ValueError, match="a term, or wrong: right") as caught:
        parse_glossary([entry])
    assert "용어 하나" in caught.value.args[0].ko


@pytest.mark.parametrize(
    "written",
    [
        [{"한빗시": "한빛시"}, {"한빗시": "한빛구"}],
        ["한빗시", {"한빗시": "한빛시"}],
        [{"한빗시": "한빗시"}, {"한빗시": "한빛시"}],
    ],
)
def test_a_glossary_that_contradicts_itself_is_refused(written: list[object]) -> None:
    with pytest.raises(ValueError, match="한빗시") as caught:
        parse_glossary(written)
    expected, found = caught.value.args
    assert "한빗시" in expected.ko
    assert "한빗시" in found.ko


def test_a_glossary_is_written_down_as_a_person_writes_it() -> None:
    written = ["한옥마을", {"한빗시": "한빛시"}, {"한복마을": "한복마을"}]
    assert parse_glossary(written).as_written == written


def test_the_campaign_wins_over_the_brand() -> None:
    campaign = parse_glossary(["한빛천", {"한빗시": "한빛 특별시"}, {"한옥마을": "한옥 마을"}])
    brand = parse_glossary(["한옥마을", "전라감영", {"한빗시": "한빛시"}, {"한빛천": "한빛 천"}])
    both = merged(campaign, brand)
    assert both.terms == ("한빛천", "전라감영")
    assert both.corrections == campaign.corrections
    assert merged(NO_GLOSSARY, brand) == brand
    assert merged(campaign, NO_GLOSSARY) == campaign


def test_the_hint_is_bounded_and_holds_no_listed_correction() -> None:
    many = parse_glossary([f"한빛시민회관{n}" for n in range(100)])
    assert 10 < len(many.hint) < 20
    assert many.hint == many.terms[: len(many.hint)]
    one, other = parse_glossary(["한옥마을", {"가": "나"}]), parse_glossary(["한옥마을", {"다": "라"}])
    assert one.hint == other.hint == ("한옥마을",)


# --- what is put right -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # spaces, with what hangs on the word
        ("한 옥 마을 축제", "한옥마을 축제"),
        ("한옥 마을에서 만나요.", "한옥마을에서 만나요."),
        ("'한옥 마을', 한옥마을!", "'한옥마을', 한옥마을!"),
        ("저 한옥 마을입니다", "저 한옥마을입니다"),
        ("한빛시청에서요?", "한빛 시청에서요?"),
        ("cctv를 봅니다", "CCTV를 봅니다"),
        # listed, with 조사 that follow the last consonant
        ("한빗씨는 한빗씨를", "한빛시는 한빛시를"),
        (
            "가게는 가게가 가게를 가게와 가게로 가게예요",
            "정류장은 정류장이 정류장을 정류장과 정류장으로 정류장이에요",
        ),
        ("가게에서는 가게까지만", "정류장에서는 정류장까지만"),
        ("여깃말로 갑니다", "한빛터미널 역으로 갑니다"),
        # sounds
        ("하녹마을을 봅니다", "한옥마을을 봅니다"),
        ("전라가명이 있습니다", "전라감영이 있습니다"),
        ("전나감영에는", "전라감영에는"),
        ("그 하녹마을은", "그 한옥마을은"),
        ("한녹 마을에서", "한옥마을에서"),
    ],
)
def test_words_are_put_right(text: str, expected: str) -> None:
    assert put_right(text) == expected
    assert put_right(expected) == expected, "what is right stays right"


@pytest.mark.parametrize(
    "text",
    [
        "한옥마을 이상 없음",
        "이 상을 받은 시민",  # a short term is not looked for across spaces
        "한복마을에서 놀았다",  # an exception
        "한빛이 좋은 한빛이네",  # short terms need the very sound
        "전통 옥마을",
        "가게하는 큰가게 가겟집",  # not the word with 조사
        "한옥. 마을에서",  # a sentence ends between them
        "",
        "!!! ??? …",
        "👨‍👩‍👧 축제 🎉",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    if text.strip():
        assert put_right(text) == text
    assert glossary_findings(text, CITY) == ()


def test_between_two_terms_that_are_equally_near_nothing_is_guessed() -> None:
    assert put_right("한옥바을", parse_glossary(["한옥마을", "한옥파을"])) == "한옥바을"
    assert put_right("한옥바을", parse_glossary(["한옥마을"])) == "한옥마을"


def test_a_term_is_not_corrected_into_one_that_sounds_alike() -> None:
    both = parse_glossary(["전라감영", "전라가명"])
    assert put_right("전라가명과 전라감영", both) == "전라가명과 전라감영"


def test_what_the_recogniser_was_sure_of_is_no_mishearing_unless_it_sounds_the_same() -> None:
    glossary = parse_glossary(["한옥마을"])
    sure, unsure = heard("한솔마을에서", 0.97), heard("한복마을에서", 0.4)
    assert correct(sure, glossary)[1] == ()
    assert correct(unsure, glossary)[0].text == "한옥마을에서"
    assert correct(heard("하녹마을에서", 0.97), glossary)[0].text == "한옥마을에서"


def test_a_listed_correction_holds_whatever_the_recogniser_thinks() -> None:
    assert correct(heard("한빗씨가", 1.0), CITY)[0].text == "한빛시가"


def test_words_that_become_one_take_the_time_of_both_and_are_reported() -> None:
    corrected, made = correct(heard("여기 한옥 마을에서 만나요", 0.9, 0.5, 0.8, 0.9), CITY)
    assert [(w.text, float(w.start), float(w.end), w.probability) for w in corrected.words] == [
        ("여기", 0.0, 1.0, 0.9),
        ("한옥마을에서", 1.0, 3.0, 0.5),
        ("만나요", 3.0, 4.0, 0.9),
    ]
    (one,) = made
    assert (one.found, one.put, one.term) == ("한옥 마을에서", "한옥마을에서", "한옥마을")
    assert (float(one.start), float(one.end), one.why) == (1.0, 3.0, "spelling")
    assert WHY_CORRECTED[one.why].ko


def test_a_word_that_becomes_two_shares_its_time_by_letters() -> None:
    corrected, made = correct(heard("한빛시청에서"), CITY)
    assert [(w.text, w.start, w.end) for w in corrected.words] == [
        ("한빛", Fraction(0), Fraction(1, 3)),
        ("시청에서", Fraction(1, 3), Fraction(1)),
    ]
    assert made[0].term == "한빛 시청"


def test_a_segment_without_words_is_corrected_in_its_text() -> None:
    bare = Segment(text="한옥 마을에서", start=Fraction(1), end=Fraction(3))
    whole = Transcript(language="ko", duration=Fraction(5), model="m", segments=(bare,))
    corrected, made = correct(whole, CITY)
    assert corrected.segments[0].text == "한옥마을에서"
    assert corrected.segments[0].words == ()
    assert (made[0].start, made[0].end) == (Fraction(1), Fraction(3))


def test_an_empty_glossary_changes_nothing() -> None:
    whole = heard("한옥 마을에서")
    assert correct(whole, NO_GLOSSARY) == (whole, ())
    assert glossary_findings("한옥 마을에서", NO_GLOSSARY) == ()


def test_a_finding_says_where_it_stands() -> None:
    text = "여기는\n한옥\n마을입니다. 하녹마을!"
    first, second = glossary_findings(text, CITY)
    assert text[first.first : first.last] == "한옥\n마을입니다."
    assert (first.expected, first.why) == ("한옥마을입니다.", "spelling")
    assert text[second.first : second.last] == "하녹마을!"
    assert (second.expected, second.why) == ("한옥마을!", "sound")


syllables = st.sampled_from("한옥마을하녹전라감영가명빛시청은는이가에서 .!,cCtTvV가게")


@given(st.text(syllables, max_size=40))
def test_times_stay_in_order_and_inside_whatever_is_said(text: str) -> None:
    if not text.split():
        return
    whole = heard(text)
    corrected, made = correct(whole, CITY)  # Transcript itself refuses overlaps
    assert corrected.words[0].start == 0
    assert corrected.words[-1].end == whole.words[-1].end
    assert [m.start for m in made] == sorted(m.start for m in made)
    assert all(a.end <= b.start for a, b in itertools.pairwise(made))
    assert len(glossary_findings(whole.text, CITY)) >= len(made)


@given(st.text(max_size=60))
def test_any_text_can_be_looked_through(text: str) -> None:
    for finding in glossary_findings(text, CITY):
        assert 0 <= finding.first < finding.last <= len(text)
        assert finding.found != finding.expected


# --- 조사 and sounds --------------------------------------------------------------------------------------


def test_particles_begin_where_a_known_chain_begins() -> None:
    assert list(particles_of("한빛시에서는")) == [6, 5, 3]
    assert list(particles_of("축제")) == [2]
    assert list(particles_of("")) == [0]


@pytest.mark.parametrize(
    ("word", "particles", "instead_of", "expected"),
    [
        ("정류장", "는", "가게", "정류장은"),
        ("가게", "이", "정류장", "가게가"),
        ("지하철", "로", "버스", "지하철로"),
        ("버스", "으로", "정류장", "버스로"),
        ("정류장", "로", "지하철", "정류장으로"),
        ("가게", "이라고", "정류장", "가게라고"),
        ("가게", "입니다", "정류장", "가게입니다"),
        ("CCTV", "는", "가게", "CCTV는"),
        ("정류장", "에서는", "가게", "정류장에서는"),
        ("가게", "", "정류장", "가게"),
    ],
)
def test_particles_follow_the_last_sound(word: str, particles: str, instead_of: str, expected: str) -> None:
    assert attached(word, particles, instead_of=instead_of) == expected


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("한옥", "하녹", 0),
        ("한빛시", "한빋시", 0),
        ("감영", "가명", 0),
        ("닭이", "달기", 0),
        ("전라", "전나", WHOLE // 2),
        ("개", "게", WHOLE // 2),
        ("전화", "저놔", WHOLE // 2),
        ("한옥", "한복", WHOLE),
        ("마을", "마음", WHOLE),
    ],
)
def test_words_that_sound_alike_are_near(a: str, b: str, distance: int) -> None:
    assert sound_distance(sounds_of(a), sounds_of(b), at_most=10) == distance


words = st.text(st.sampled_from("한옥하녹닭값앉많읽ㄱaZ가힣"), max_size=6)


@given(words, words)
def test_the_distance_is_even_handed_and_nothing_to_oneself(a: str, b: str) -> None:
    one, other = sounds_of(a), sounds_of(b)
    assert sound_distance(one, other, at_most=99) == sound_distance(other, one, at_most=99)
    assert sound_distance(one, one, at_most=0) == 0
    exact = sound_distance(one, other, at_most=99)
    near = sound_distance(one, other, at_most=3)
    assert near == exact if exact <= 3 else near > 3
    assert could_be_near(which_sounds(one), which_sounds(other), at_most=exact)


# --- where it stands -------------------------------------------------------------------------------------

_BRAND = """
name: 한빛시
colours: {primary: "#1456B8", secondary: "#F2A900", ground: "#10243F"}
glossary: [한옥마을, {한빗씨: 한빛시}]
"""
_CAMPAIGN = """
campaign: 비빔밥축제
brand: brand.yaml
subtitles: %s
reels:
  - id: hello
    clips: [{footage: a.mov}]
"""


def _loaded(folder: Path, subtitles: str) -> SubtitleOptions:
    (folder / "brand.yaml").write_text(_BRAND, encoding="utf-8")
    (folder / "campaign.yaml").write_text(_CAMPAIGN % subtitles, encoding="utf-8")
    return load_campaign(folder).reels[0].subtitles


def test_the_brands_glossary_and_the_campaigns_are_one(tmp_path: Path) -> None:
    options = _loaded(tmp_path, "{glossary: [한빛천, {한빗씨: 한빛 특별시}]}")
    assert options.glossary.terms == ("한빛천", "한옥마을")
    assert options.glossary.corrections == (Listed(wrong="한빗씨", right="한빛 특별시"),)
    assert _loaded(tmp_path, "{glossary: {한빛천: , 한빗씨: 한빛 특별시}}") == options
    assert _loaded(tmp_path, "{beam: 2}").glossary.terms == ("한옥마을",)


@pytest.mark.parametrize("written", ["한빛천", "[[한빛천]]", "[{가: 나}, {가: 다}]", "5"])
def test_a_glossary_that_is_none_is_named_with_its_line(tmp_path: Path, written: str) -> None:
    with pytest.raises(CampaignProblems, match=r"campaign\.yaml:4 subtitles\.glossary"):
        _loaded(tmp_path, f"{{glossary: {written}}}")


def test_only_english_is_made_from_another_language(tmp_path: Path) -> None:
    assert _loaded(tmp_path, "{language: en, spoken: ko}").spoken == "ko"
    with pytest.raises(CampaignProblems, match=r"subtitles\.spoken.*into English only"):
        _loaded(tmp_path, "{language: ja, spoken: ko}")


@pytest.mark.parametrize(
    ("key", "meant"), [("engine: faster-wisper", "faster-whisper"), ("modle: small", "model")]
)
def test_a_mistyped_option_of_listening_is_answered_with_the_nearest(
    tmp_path: Path, key: str, meant: str
) -> None:
    with pytest.raises(CampaignProblems, match=f"perhaps you meant {meant}"):
        _loaded(tmp_path, f"{{{key}}}")


def test_a_correction_in_quotation_marks_is_not_taken_for_a_term() -> None:
    with pytest.raises(ValueError, match="without quotation marks"):
        parse_glossary(["주무관: 팀장"])
    assert parse_glossary([{"한빛시: 봄의 도시": None}]).terms == ("한빛시: 봄의 도시",)
