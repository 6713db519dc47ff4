"""Elements, cards and voices as a campaign writes them: every kind, every mistake with its line, in both languages."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.model import ReelSpec
from reels.campaign.showing import (
    ELEMENT_KINDS,
    BeforeAfterContent,
    CardGround,
    CardSpec,
    CountdownContent,
    CounterContent,
    ElementSpec,
    ListContent,
    PictureContent,
    WordsContent,
)
from reels.errors import CampaignProblem, CampaignProblems
from reels.timing import parse_clock

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
HEAD = "campaign: 한빛시 봄축제\ntemplate: interview\nreels:\n  - id: one\n"
CLIP = "    clips: [{footage: a.mov}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign's folder with a map, two pictures of one place, a film and a voice, of which only the heads are true."""
    for name in ("약도.png", "before.png", "after.png"):
        (tmp_path / name).write_bytes(PNG)
    (tmp_path / "talk.mp3").write_bytes(b"ID3" + bytes(24))
    (tmp_path / "sea.mov").write_bytes(b"\0\0\0\x14ftypqt  " + bytes(24))
    return tmp_path


def read(folder: Path, text: str, *, encoding: str = "utf-8") -> ReelSpec:
    (folder / "campaign.yaml").write_bytes(text.encode(encoding))
    (only,) = load_campaign(folder).reels
    return only


def elements(folder: Path, *written: str) -> tuple[ElementSpec, ...]:
    listed = "".join(f"      - {one}\n" for one in written)
    return read(folder, HEAD + CLIP + "    elements:\n" + listed).elements


def cards(folder: Path, *written: str) -> tuple[CardSpec, ...]:
    return read(folder, HEAD + "    cards:\n" + "".join(f"      - {one}\n" for one in written)).cards


def problems(folder: Path, text: str) -> list[CampaignProblem]:
    with pytest.raises(CampaignProblems) as caught:
        read(folder, text)
    return list(caught.value.problems)


def element_problems(folder: Path, *written: str) -> list[CampaignProblem]:
    listed = "".join(f"      - {one}\n" for one in written)
    return problems(folder, HEAD + CLIP + "    elements:\n" + listed)


def card_problems(folder: Path, *written: str) -> list[CampaignProblem]:
    return problems(folder, HEAD + "    cards:\n" + "".join(f"      - {one}\n" for one in written))


def is_korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


# --- elements --------------------------------------------------------------------------------------------


def test_every_kind_of_element_is_read_as_what_it_says(folder: Path) -> None:
    found = elements(
        folder,
        "{chapter: 오전 회의, number: 1부}",
        "{place: 한옥마을, time: 10:30}",
        "{callout: 무료 입장, at: 12.5}",
        "{picture: 약도.png, caption: 오는 길}",
        "{before: before.png, after: after.png, labels: [2024년, 2026년]}",
        "{list: [모자, 물, 신분증], head: 준비물, numbered: true}",
        "{counter: 12500, from: 100, unit: 명, label: 관람객}",
        "{countdown: 5}",
    )
    assert tuple(one.kind for one in found) == ELEMENT_KINDS
    assert [one.content for one in found] == [
        WordsContent(text="오전 회의", small="1부"),
        WordsContent(text="한옥마을", small="10:30"),
        WordsContent(text="무료 입장"),
        PictureContent(picture=folder / "약도.png", caption="오는 길"),
        BeforeAfterContent(
            before=folder / "before.png", after=folder / "after.png", labels=("2024년", "2026년")
        ),
        ListContent(items=("모자", "물", "신분증"), head="준비물", numbered=True),
        CounterContent(start=Fraction(100), end=Fraction(12500), unit="명", label="관람객"),
        CountdownContent(seconds=5),
    ]
    assert [one.at for one in found] == ["0", "0", "12.5", *["0"] * 5]
    assert len({one.where for one in found}) == 8
    assert found[2].where == "campaign.yaml:9 reels[0].elements[2]"


def test_time_place_and_permission_are_taken_and_what_is_not_said_is_left_to_the_template(
    folder: Path,
) -> None:
    said, silent = elements(
        folder,
        "{callout: 무료, at: 75f, for: 00:02.5, zone: low, align: right, over_faces: true}",
        "{callout: 무료}",
    )
    assert (said.at, said.shown_for, said.zone, said.align, said.over_faces) == (
        "75f",
        "00:02.5",
        "low",
        "right",
        True,
    )
    assert (silent.at, silent.shown_for, silent.zone, silent.align, silent.over_faces) == (
        "0",
        None,
        None,
        None,
        False,
    )


def test_an_element_belongs_to_its_reel_or_to_its_clip(folder: Path) -> None:
    reel = read(
        folder,
        HEAD
        + "    clips:\n      - footage: a.mov\n      - footage: b.mov\n        elements: [{place: 시청, at: 1}]\n"
        + "    elements: [{callout: 무료}]\n",
    )
    assert [one.kind for one in reel.elements] == ["callout"]
    assert [[one.kind for one in clip.elements] for clip in reel.clips] == [[], ["place"]]
    assert reel.clips[1].elements[0].where == "campaign.yaml:8 reels[0].clips[1].elements[0]"


@pytest.mark.parametrize(
    ("written", "number", "decimals"),
    [
        ("12500", 12500, 0),
        ("'12,500'", 12500, 0),
        ("'1,234,567.5'", Fraction(12345675, 10), 1),
        ("3.50", Fraction(7, 2), 2),
        ("'3.50'", Fraction(7, 2), 2),
        ("-4", -4, 0),
        ("0", 0, 0),
        ("' 7 '", 7, 0),
        ("1000000000000000", 10**15, 0),
    ],
)
def test_numbers_are_exact_and_keep_the_decimals_they_are_written_with(
    folder: Path, written: str, number: Fraction | int, decimals: int
) -> None:
    (one,) = elements(folder, f"{{counter: {written}}}")
    assert one.content == CounterContent(start=Fraction(0), end=Fraction(number), decimals=decimals)


def test_a_counter_in_a_block_may_have_its_thousands_parted_without_quotes(folder: Path) -> None:
    (one,) = elements(folder, "counter: 12,500\n        from: 0.25")
    assert one.content == CounterContent(start=Fraction(1, 4), end=Fraction(12500), decimals=2)


@pytest.mark.parametrize(
    "written",
    [
        "열둘",
        "1e3",
        "true",
        "null",
        "'1,2345'",
        "',5'",
        "1.2345",
        "10000000000000001",
        "[1]",
        "''",
        "nan",
    ],
)
def test_what_is_no_number_is_refused_with_what_a_number_looks_like(folder: Path, written: str) -> None:
    (problem,) = element_problems(folder, f"{{counter: {written}}}")
    assert problem.where == "campaign.yaml:7 reels[0].elements[0].counter"
    assert problem.expected.startswith("a number such as 12500, 12,500 or 3.5")
    assert "수" in problem.sentence("ko")


@pytest.mark.parametrize(
    ("written", "found", "expected"),
    [
        ("{callout: 무료, at: soon}", "soon", "a time such as 4.2"),
        ("{callout: 무료, at: -3}", "-3", "a time such as 4.2"),
        ("{callout: 무료, for: 0}", "0", "a time longer than 0"),
        ("{callout: 무료, for: 0f}", "0f", "a time longer than 0"),
        ("{callout: 무료, for: '00:00.0'}", "00:00.0", "a time longer than 0"),
        ("{callout: ''}", "nothing", "at least 1 character"),
        ("{callout: 무료, zone: midle}", "midle", "head or top or middle or low or foot"),
        ("{callout: 무료, align: center}", "center", "left or centre or right"),
        ("{callout: 무료, over_faces: perhaps}", "perhaps", "true or false"),
        ("{countdown: 11}", "11", "at most 10"),
        ("{countdown: 0}", "0", "at least 1"),
        ("{list: []}", "a list of 0", "at least 1 item"),
        ("{list: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}", "a list of 13", "at most 12 items"),
        ("{before: before.png, after: after.png, labels: [하나]}", "a list of 1", "at least 2 items"),
        ("{before: before.png, after: after.png, labels: [1, 2, 3]}", "a list of 3", "at most 2 items"),
        ("{before: before.png}", "no such key", "the key after"),
        ("{after: after.png}", "no such key", "the key before"),
        ("{callot: 무료}", "keys callot", "a key that says what it is"),
        ("{picture: nowhere.png}", "nowhere.png, which is not there", "a file beside the campaign"),
        ("{before: before.png, after: aftr.png}", "aftr.png, which is not there", "a file beside"),
    ],
)
def test_a_mistake_in_an_element_is_told_with_its_line_what_was_found_and_what_is_right(
    folder: Path, written: str, found: str, expected: str
) -> None:
    (problem,) = element_problems(folder, "{callout: 무료}", written)
    assert problem.where.startswith("campaign.yaml:8 reels[0].elements[1]")
    assert found in problem.found
    assert expected in problem.expected
    assert is_korean(problem.sentence("ko"))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("{callout: 무료, at: soon}", "at"),
        ("{callout: 무료, for: 0}", "for"),
        ("{place: 시청, zone: midle}", "zone"),
        ("{chapter: 1장, align: center}", "align"),
        ("{counter: 5, from: x}", "from"),
        ("{list: [가], numbered: perhaps}", "numbered"),
        ("{place: 시청, tim: 10시}", "tim"),
    ],
)
def test_the_key_that_is_named_is_the_one_that_is_wrong_and_not_the_kind_of_the_element(
    folder: Path, written: str, key: str
) -> None:
    (problem,) = element_problems(folder, written)
    assert problem.where == f"campaign.yaml:7 reels[0].elements[0].{key}"


def test_a_mistyped_kind_of_element_names_the_nearest_and_its_place_has_no_made_up_key(folder: Path) -> None:
    (problem,) = element_problems(folder, "{callot: 무료}")
    assert problem.where == "campaign.yaml:7 reels[0].elements[0]"
    assert problem.remedy == "perhaps you meant callout"
    assert problem.sentence("ko").endswith("혹시 callout인가요?")


def test_a_missing_picture_names_the_nearest_file_and_the_key(folder: Path) -> None:
    missing = element_problems(
        folder,
        "{picture: 약두.png}",
        "{before: befor.png, after: after.png}",
        "{before: before.png, after: x}",
    )
    assert [(one.where, one.remedy) for one in missing] == [
        ("campaign.yaml:7 reels[0].elements[0].picture", "perhaps you meant 약도.png"),
        ("campaign.yaml:8 reels[0].elements[1].before", "perhaps you meant before.png"),
        ("campaign.yaml:9 reels[0].elements[2].after", "check the name"),
    ]


def test_a_key_called_as_in_the_code_is_no_key(folder: Path) -> None:
    with pytest.raises(CampaignProblems):
        elements(folder, "{callout: 무료, shown_for: 3}")
    with pytest.raises(CampaignProblems):
        elements(folder, "{items: [가, 나]}")
    with pytest.raises(CampaignProblems):
        elements(folder, "{counter: 3, start: 1}")


def test_two_kinds_in_one_element_are_refused(folder: Path) -> None:
    with pytest.raises(CampaignProblems):
        elements(folder, "{callout: 무료, place: 한옥마을}")


# --- cards -----------------------------------------------------------------------------------------------


def test_every_key_of_a_card_is_read(folder: Path) -> None:
    (one,) = cards(
        folder,
        "{card: question, text: 축제는 언제일까요, label: 문제, body: 맞혀 보세요, items: [토요일, 일요일], numbered: true, "
        "foot: 한빛시, picture: 약도.png, ground: secondary, for: 4.5, countdown: 5, voice: talk.mp3}",
    )
    assert one == CardSpec(
        kind="question",
        before=0,
        text="축제는 언제일까요",
        label="문제",
        body="맞혀 보세요",
        items=("토요일", "일요일"),
        numbered=True,
        foot="한빛시",
        picture=folder / "약도.png",
        ground=CardGround(colour="secondary"),
        shown_for="4.5",
        countdown=5,
        voice=folder / "talk.mp3",
        where="campaign.yaml:6 reels[0].cards[0]",
    )
    assert one.words == ("축제는 언제일까요", "맞혀 보세요", "토요일", "일요일", "한빛시")


def test_a_text_alone_is_a_card_and_says_the_same_as_its_key(folder: Path) -> None:
    short, long = cards(folder, "창문을 닫으세요", "{text: 창문을 닫으세요}")
    assert short.text == long.text == "창문을 닫으세요"
    assert short.kind == long.kind == "text"


def test_the_ground_of_a_card_is_a_colour_a_picture_or_a_film_by_what_the_file_holds(folder: Path) -> None:
    (folder / "really-a-film.png").write_bytes((folder / "sea.mov").read_bytes())
    grounds = [
        one.ground
        for one in cards(
            folder,
            "{text: 가, ground: primary}",
            "{text: 나, ground: 약도.png}",
            "{text: 다, ground: sea.mov}",
            "{text: 라, ground: really-a-film.png}",
            "{text: 마}",
        )
    ]
    assert grounds == [
        CardGround(colour="primary"),
        CardGround(picture=folder / "약도.png"),
        CardGround(video=folder / "sea.mov"),
        CardGround(video=folder / "really-a-film.png"),
        None,
    ]


def test_cards_stand_where_they_are_listed_among_the_clips_and_the_others_behind_them(folder: Path) -> None:
    reel = read(
        folder,
        HEAD
        + "    clips:\n      - cards: [첫 장]\n      - footage: a.mov\n      - cards: [둘째 장, 셋째 장]\n"
        + "      - footage: b.mov\n      - footage: c.mov\n      - cards: [넷째 장]\n    cards: [마지막 장]\n",
    )
    assert [clip.footage.name for clip in reel.clips] == ["a.mov", "b.mov", "c.mov"]
    assert [(card.text, card.before) for card in reel.cards] == [
        ("첫 장", 0),
        ("둘째 장", 1),
        ("셋째 장", 1),
        ("넷째 장", 3),
        ("마지막 장", 3),
    ]
    assert reel.cards[2].where == "campaign.yaml:8 reels[0].clips[2].cards[1]"


def test_a_reel_may_be_cards_alone_listed_either_way(folder: Path) -> None:
    for text in ("    cards: [안녕]\n", "    clips: [{cards: [안녕]}]\n"):
        reel = read(folder, HEAD + text)
        assert reel.clips == ()
        assert [card.text for card in reel.cards] == ["안녕"]


@pytest.mark.parametrize(
    ("written", "key", "found", "expected"),
    [
        ("{}", "", "no keys", "something to show"),
        ("{card: text}", "", "keys card", "something to show"),
        ("{foot: 한빛시}", "", "keys foot", "something to show"),
        ("{label: 문제, ground: primary}", "", "keys label, ground", "something to show"),
        ("''", "", "nothing", ""),
        ("{text: 가, txt: 나}", ".txt", "unknown key txt", "body, card, countdown"),
        ("{text: 가, countdown: 11}", ".countdown", "11", "at most 10"),
        ("{text: 가, for: 0}", ".for", "0", "a time longer than 0"),
        ("{text: 가, for: long}", ".for", "long", "a time such as 4.2"),
        ("{items: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}", ".items", "a list of 13", "at most 12"),
        ("{text: [가]}", ".text", "a list of 1", "text"),
        ("{text: 가, picture: no.png}", ".picture", "no.png, which is not there", "a file"),
        ("{text: 가, ground: no.png}", ".ground", "no.png, which is not there", ""),
        ("{text: 가, voice: no.mp3}", ".voice", "no.mp3, which is not there", "a file"),
        ("{card: questoin, text: 가}", ".card", "questoin, which the template interview", "question"),
        ("{card: 물음, text: 가}", ".card", "물음, which the template interview does not have", "text"),
    ],
)
def test_a_mistake_in_a_card_is_told_with_its_line_its_key_and_what_is_right(
    folder: Path, written: str, key: str, found: str, expected: str
) -> None:
    (problem,) = card_problems(folder, "안녕", written)
    assert problem.where.startswith(f"campaign.yaml:7 reels[0].cards[1]{key}")
    assert found in problem.found
    assert expected in problem.expected
    assert is_korean(problem.sentence("ko"))


def test_a_mistyped_kind_of_card_or_key_names_the_nearest(folder: Path) -> None:
    (kind,) = card_problems(folder, "{card: questoin, text: 가}")
    (key,) = card_problems(folder, "{txet: 가, body: 나}")
    assert kind.remedy == "perhaps you meant question"
    assert key.remedy == "perhaps you meant text"


def test_all_mistakes_of_one_file_are_told_at_once_each_with_its_own_line(folder: Path) -> None:
    found = problems(
        folder,
        HEAD
        + "    clips:\n      - footage: a.mov\n        elements: [{countdown: 11}]\n      - cards:\n"
        + "          - {text: 가, for: 0}\n          - {}\n    elements:\n      - {callout: 무료, at: x}\n"
        + "      - {counter: 열}\n    cards:\n      - {text: 가, foto: 나}\n    ai: maybe\n    end_card: 3\n",
    )
    lines = [int(one.where.split()[0].partition(":")[2]) for one in found]
    assert lines == [7, 9, 10, 12, 13, 15, 16, 17]


def test_what_only_the_disk_or_the_template_knows_is_told_at_once_too(folder: Path) -> None:
    found = problems(
        folder,
        HEAD
        + "    clips: [{footage: a.mov, elements: [{picture: x1.png}]}, {cards: [{card: quiz, text: 가}]}]\n"
        + "    elements: [{before: x2.png, after: x3.png}]\n"
        + "    cards: [{text: 가, picture: x4.png, ground: x5.png, voice: x6.mp3}]\n    voice: x7.mp3\n",
    )
    told = " ".join(one.sentence("en") for one in found)
    for name in ("x1.png", "x2.png", "x3.png", "x4.png", "x5.png", "x6.mp3", "x7.mp3", "quiz"):
        assert told.count(f"found {name}") == 1, name


# --- voices ----------------------------------------------------------------------------------------------


def test_a_voice_is_spoken_over_cards_alone(folder: Path) -> None:
    reel = read(folder, HEAD + "    voice: talk.mp3\n    cards: [안녕, 또 만나요]\n")
    assert reel.voice == folder / "talk.mp3"


@pytest.mark.parametrize("rest", [CLIP, CLIP + "    cards: [안녕]\n"])
def test_a_voice_over_clips_is_refused_with_what_to_do_instead(folder: Path, rest: str) -> None:
    (problem,) = problems(folder, HEAD + "    voice: talk.mp3\n" + rest)
    assert problem.where == "campaign.yaml:5 reels[0].voice"
    assert problem.expected == "a reel of cards alone"
    assert "`voice` in a card" in problem.remedy
    assert problem.sentence("ko").endswith("카드 안에 `voice`를 적거나 빼 주세요.")


# --- spelling --------------------------------------------------------------------------------------------


def test_a_file_from_an_old_windows_editor_is_read_as_it_was_meant(folder: Path) -> None:
    text = HEAD + "    cards: [{text: 쌍무지개 똠방각하, foot: 펲시}]\n"
    (one,) = read(folder, text, encoding="cp949").cards
    assert (one.text, one.foot) == ("쌍무지개 똠방각하", "펲시")


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_names_and_words_are_found_composed_or_not(folder: Path, on_disk: str, written: str) -> None:
    (folder / "약도.png").unlink()
    (folder / unicodedata.normalize(on_disk, "행사장 약도.png")).write_bytes(PNG)  # type: ignore[arg-type]
    text = (
        HEAD
        + CLIP
        + "    elements: [{picture: 행사장 약도.png, caption: 오는 길}]\n    cards: [{text: 안내, ground: 행사장 약도.png}]\n"
    )
    reel = read(folder, unicodedata.normalize(written, text))  # type: ignore[arg-type]
    (element,), (card,) = reel.elements, reel.cards
    assert isinstance(element.content, PictureContent)
    assert element.content.picture.is_file()
    assert element.content.caption == "오는 길"
    assert card.text == "안내"
    assert card.ground is not None
    assert card.ground.picture is not None
    assert card.ground.picture.is_file()


def test_white_space_is_one_space_and_a_number_is_what_was_written(folder: Path) -> None:
    (one,) = cards(folder, '{text: "비상   연락처\\n한빛시", body: 119, items: [1.50, 010]}')
    assert one.text == "비상 연락처 한빛시"
    assert (one.body, one.items) == ("119", ("1.50", "010"))


def test_nothing_of_a_text_is_a_command(folder: Path) -> None:
    (one,) = cards(folder, r"{text: '{\an8}%{pts} $(rm) ; drawtext=text=x [0:v] \N <b>굵게</b>'}")
    assert one.text == r"{\an8}%{pts} $(rm) ; drawtext=text=x [0:v] \N <b>굵게</b>"


# --- Korean ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "    voice: talk.mp3\n" + CLIP,
        "    cards: [{card: questoin, text: 가}]\n",
        "    cards: [{text: 가, picture: none.png}]\n",
        "    cards: [{text: 가, txt: 나}]\n",
        CLIP + "    elements: [{callout: 가, at: x}]\n",
        CLIP + "    elements: [{before: before.png}]\n",
        "    cards: [{}]\n",
    ],
)
def test_every_refusal_in_korean_is_a_sentence_without_english_words_of_ours(folder: Path, text: str) -> None:
    for problem in problems(folder, HEAD + text):
        said = problem.sentence("ko")
        assert said.startswith("campaign.yaml:")
        assert " — 필요한 값: " in said
        assert said[-1] in ".?"
        assert not problem.remedy or is_korean(said.rpartition(". ")[2])
        for english in ("expected", "found", "perhaps", "which", "write", "one of", "such as", "at least"):
            assert english not in said


def test_an_unknown_key_is_compared_with_the_keys_of_its_own_kind(folder: Path) -> None:
    (problem,) = element_problems(folder, "{counter: 5, unti: 명}")
    assert problem.remedy == "perhaps you meant unit"


def test_a_word_where_an_element_should_be_is_told_as_it_is_written(folder: Path) -> None:
    (problem,) = element_problems(folder, "무료")
    assert problem.found == "무료"


def test_a_mistyped_colour_of_a_ground_is_no_missing_file(folder: Path) -> None:
    (problem,) = card_problems(folder, "{text: 가, ground: primry}")
    assert problem.remedy == "perhaps you meant primary"


def test_the_time_of_an_element_is_no_mistyped_kind_and_nothing_is_nothing(folder: Path) -> None:
    times, nothing, switch = element_problems(folder, "{for: 3, words: x}", "null", "true")
    assert (times.found, times.remedy) == ("keys for, words", "")
    assert (nothing.found, switch.found) == ("nothing", "true")
    assert nothing.sentence("ko").startswith("campaign.yaml:8 reels[0].elements[1]: 빈 값")


@pytest.mark.parametrize("written", ["{countdown: true}", "{countdown: false}"])
def test_a_switch_is_no_number(folder: Path, written: str) -> None:
    (element,) = element_problems(folder, written)
    (card,) = card_problems(folder, "{text: 가, " + written[1:])
    for problem in (element, card):
        assert problem.where.endswith(".countdown")
        assert problem.expected == "a whole number"


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "~nobody-of-that-name/x.png", "x\\0.png"])
def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(folder: Path, name: str) -> None:
    found = problems(
        folder,
        HEAD
        + CLIP
        + f'    elements: [{{picture: "{name}"}}]\n'
        + f'    cards: [{{text: 가, ground: "{name}"}}, {{text: 나, voice: "{name}"}}]\n'
        + f'    cover: {{file: "{name}"}}\n    lut: "{name}"\n    music: "{name}"\n    edit: "{name}"\n',
    )
    assert len(found) == 7
    assert {problem.found.partition(",")[2] for problem in found} == {" which is not there"}


# --- what the brand puts around it -----------------------------------------------------------------------

BRAND = 'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}\n'
CARDS = "    cards: [안녕]\n"


def branded(folder: Path, brand: str, text: str) -> str:
    """`text` of a campaign of the brand that `brand` ends."""
    (folder / "brand.yaml").write_text(BRAND + brand, encoding="utf-8")
    return "brand: brand.yaml\n" + text


def test_a_picture_of_the_brand_is_shown_for_exactly_its_time_and_a_film_for_its_own(folder: Path) -> None:
    (folder / "film.png").write_bytes((folder / "sea.mov").read_bytes())
    text = branded(folder, "intro: {file: 약도.png, for: 1.2345678}\noutro: film.png\n", HEAD + CARDS)
    reel = read(folder, text)
    intro, _ = reel.cards
    assert intro.shown_for is not None
    assert parse_clock(intro.shown_for) == Fraction(12345678, 10_000_000)
    (outro,) = reel.clips
    assert (outro.footage, outro.out_point, outro.is_brands) == (folder / "film.png", None, True)


@pytest.mark.parametrize("key", ["intro", "outro"])
def test_a_clip_that_is_asked_for_and_not_in_the_brand_is_told_where_it_is_asked(
    folder: Path, key: str
) -> None:
    (lacking,) = problems(folder, branded(folder, "", HEAD + CARDS + f"    {key}: true\n"))
    assert lacking.where == f"campaign.yaml:7 reels[0].{key}"
    assert lacking.found == f"true, with no `{key}` in brand.yaml"
    assert f"add `{key}` to the brand" in lacking.remedy
    (outer,) = problems(folder, branded(folder, "", f"{key}: true\n" + HEAD + CARDS))
    assert outer.where == f"campaign.yaml:2 {key}"
    (nobodys,) = problems(folder, f"{key}: true\n" + HEAD + CARDS)
    assert nobodys.found == "true, without a brand"
    for problem in (lacking, outer, nobodys):
        assert is_korean(problem.sentence("ko").partition(" — ")[0])
    there = branded(folder, f"{key}: sea.mov\n", f"{key}: true\n" + HEAD + CARDS)
    assert [clip.of_brand for clip in read(folder, there).clips] == [key]
    refused = branded(folder, "", f"{key}: true\n" + HEAD + CARDS + f"    {key}: false\n")
    assert read(folder, refused).clips == ()


def test_a_brand_that_cannot_be_read_lacks_nothing(folder: Path) -> None:
    found = problems(folder, branded(folder, "phon: 119\n", "intro: true\n" + HEAD + CARDS))
    assert [problem.where for problem in found] == ["brand.yaml:3 phon"]


def test_what_the_brand_shows_knows_which_level_said_it(folder: Path) -> None:
    text = branded(folder, "intro: sea.mov\n", "end_card: true\nintro: true\n" + HEAD + CARDS)
    origins = dict(read(folder, text + "    intro: false\n").origins)
    assert {key: origins[key] for key in ("intro", "outro", "end_card")} == {
        "intro": "reel",
        "outro": "default",
        "end_card": "campaign",
    }


def test_a_template_that_cannot_be_read_lacks_no_kind_of_card(folder: Path) -> None:
    text = HEAD.replace("interview", "intervew") + "    cards: [{card: question, text: 가}]\n"
    assert [problem.found for problem in problems(folder, text)] == ["intervew"]
