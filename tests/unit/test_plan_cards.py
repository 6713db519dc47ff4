"""Cards in a plan: how long each stays, what stands behind it, what is heard, and what a change makes anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.campaign.model import ReelSpec, SubtitleOptions
from reels.campaign.showing import CardGround, CardSpec
from reels.campaign.template import Template, load_template
from reels.edit import cut_clips, with_cards
from reels.graph.picture import VideoPiece
from reels.graph.sound import AudioPiece, samples_at
from reels.plan.cards import cards_of, inserted, sound_of_card
from reels.platforms import load_platform
from reels.sound.music import MusicFile
from reels.steps import CardPiece, ChunkWork, CoverWork, DeliverWork, GroundWork, JoinWork, LoudnessWork, Plan
from reels.timing import frame_nearest
from tests.unit.test_plan import HELLO, World, running, world

__all__ = ["world"]

RATES = [Fraction(30), Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60)]
BASE = load_template("interview")


def reel_of(
    *cards: CardSpec,
    template: Template = BASE,
    voice: Path | None = None,
    end_card: bool | None = False,
    language: str = "ko",
    title: str | None = None,
) -> ReelSpec:
    """A reel of cards alone."""
    return ReelSpec(
        id="notice",
        clips=(),
        platforms=(load_platform("instagram-reels"),),
        template=template,
        subtitles=SubtitleOptions(language=language),
        cards=cards,
        voice=voice,
        end_card=end_card,
        title=title,
        where="campaign.yaml:3 reels[0]",
    )


def card(text: str = "창문을 닫으세요", **said: object) -> CardSpec:
    return replace(CardSpec(kind="text", before=0, text=text, where="here"), **said)  # type: ignore[arg-type]


def frames(reel: ReelSpec, rate: Fraction = Fraction(30)) -> list[int]:
    return [one.frames for one in cards_of(reel, rate)]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fraction | None], Path]:
    """A recording of so many seconds; the file itself is never opened."""

    def lasting(seconds: Fraction | None) -> Path:
        monkeypatch.setattr(
            "reels.plan.cards.find_music", lambda path, key: MusicFile(stream=0, duration=seconds)
        )
        return Path("talk.mp3")

    return lasting


# --- how long --------------------------------------------------------------------------------------------

words = st.text("가나다라마바사아자차카타파하 123abc.", max_size=200)


@given(words, words, st.sampled_from(["ko", "en", "ja"]), st.sampled_from(RATES))
def test_who_has_more_to_read_has_no_less_time(first: str, more: str, language: str, rate: Fraction) -> None:
    (less,) = frames(reel_of(card("가" + first), language=language), rate)
    (longer,) = frames(reel_of(card("가" + first + more), language=language), rate)
    style = BASE.card("text")
    assert style is not None
    assert less <= longer
    assert frame_nearest(style.least, rate) <= less
    assert longer <= frame_nearest(Fraction(15), rate)


def test_every_word_on_a_card_counts_wherever_it_stands_but_the_label() -> None:
    sentence = "태풍이 다가오니 창문을 닫고 집 안에 머물러 주세요"
    alone = frames(reel_of(card(sentence)))
    for more in ({"body": sentence}, {"foot": sentence}, {"items": (sentence,)}):
        assert frames(reel_of(card(sentence, **more))) > alone
        assert frames(reel_of(card(sentence, **more))) == frames(reel_of(card(f"{sentence} {sentence}")))
    assert frames(reel_of(card(sentence, label=sentence))) == alone


def test_a_card_is_read_slower_than_subtitles_and_needs_a_moment_to_be_found() -> None:
    # Korean subtitles: 12 units a second; a card: 9, and a second before.
    assert frames(reel_of(card("가" * 45))) == [30 + 45 * 30 // 9]


@pytest.mark.parametrize(
    ("written", "count"), [("4", 120), ("90f", 90), ("00:01.5", 45), ("0.01", 1), ("1f", 1), ("40", 1200)]
)
def test_a_time_that_is_written_is_kept_whatever_there_is_to_read(written: str, count: int) -> None:
    assert frames(reel_of(card("가" * 100, shown_for=written))) == [count]


def test_a_countdown_lasts_its_seconds_to_the_frame() -> None:
    for rate in RATES:
        assert frames(reel_of(card(countdown=7)), rate) == [frame_nearest(Fraction(7), rate)]


def test_a_card_stays_until_its_own_voice_has_ended(spoken: Callable[[Fraction | None], Path]) -> None:
    long, short = reel_of(card(voice=spoken(Fraction(19, 2)))), reel_of(card())
    assert frames(long) == [frame_nearest(Fraction(19, 2) + Fraction(2, 5), Fraction(30))]
    brief = reel_of(card(voice=spoken(Fraction(1, 2))))
    assert frames(brief) == frames(short)
    unknown = reel_of(card(voice=spoken(None)))
    assert frames(unknown) == frames(short)


@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.fractions(Fraction(1, 10), 120, max_denominator=1000),
    st.sampled_from(RATES),
)
def test_the_voice_of_a_reel_lengthens_its_cards_to_exactly_its_own_length(
    lengths: Sequence[int], timed: Sequence[bool], seconds: Fraction, rate: Fraction
) -> None:
    cards = [
        card("가" * length, where=f"card {number}", shown_for="3" if timed[number] else None)
        for number, length in enumerate(lengths)
    ]
    silent = frames(reel_of(*cards), rate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reels.plan.cards.find_music", lambda path, key: MusicFile(stream=0, duration=seconds))
        loud = frames(reel_of(*cards, voice=Path("talk.mp3")), rate)
    wanted = frame_nearest(seconds + Fraction(2, 5), rate)
    assert sum(loud) == max(wanted, sum(silent))
    assert all(after >= before for before, after in zip(silent, loud, strict=True))
    if not all(timed[: len(cards)]):
        kept = [n for n in range(len(cards)) if timed[n]]
        assert [loud[n] for n in kept] == [silent[n] for n in kept], "a time that is written stays"


def test_a_voice_that_is_shorter_than_the_reading_lengthens_nothing(
    spoken: Callable[[Fraction | None], Path],
) -> None:
    cards = [card(where=f"card {n}") for n in range(4)]
    assert frames(reel_of(*cards, voice=spoken(Fraction(3)))) == frames(reel_of(*cards))


# --- in which order --------------------------------------------------------------------------------------


def test_the_title_card_opens_and_the_end_card_closes() -> None:
    template = load_template("announcement")
    assert template.title.card is not None
    reel = reel_of(card("하나"), card("둘"), template=template, title="제목", end_card=True)
    made = cards_of(reel, Fraction(30))
    assert [one.spec.text for one in made[:-1]] == ["제목", "하나", "둘"]
    assert [one.is_end for one in made] == [False, False, False, True]
    assert made[-1].frames == frame_nearest(template.end_card.shown_for, Fraction(30))
    cut = with_cards(cut_clips([], Fraction(30)), inserted(made, ()))
    assert [span.clip for span in cut.spans] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("wanted", "templates_own"), [(None, True), (None, False), (True, False), (False, True)]
)
def test_a_campaign_decides_on_the_end_card_and_else_the_template(
    wanted: bool | None, templates_own: bool
) -> None:
    template = replace(BASE, end_card=replace(BASE.end_card, show=templates_own))
    made = cards_of(reel_of(card(), template=template, end_card=wanted), Fraction(30))
    assert made[-1].is_end == (templates_own if wanted is None else wanted)


def test_a_title_that_is_no_card_makes_none() -> None:
    assert len(cards_of(reel_of(card(), title="제목"), Fraction(30))) == 1


# --- what is heard ---------------------------------------------------------------------------------------


def heard(reel: ReelSpec, at: Fraction = Fraction(0)) -> AudioPiece:
    (first, *_) = cards_of(reel, Fraction(30))
    return sound_of_card(reel, first, at, 48_000)


def test_a_card_is_silent_or_speaks_with_its_own_voice_from_its_beginning(
    spoken: Callable[[Fraction | None], Path],
) -> None:
    silent = heard(reel_of(card()))
    assert (silent.path, silent.stream, silent.samples) == (None, None, 48_000)
    own = heard(reel_of(card(voice=spoken(Fraction(4)))), at=Fraction(7))
    assert (own.path, own.stream, own.start) == (Path("talk.mp3"), 0, Fraction(0))
    assert own.recording


def test_the_reels_voice_goes_on_from_card_to_card_and_then_there_is_silence(
    spoken: Callable[[Fraction | None], Path],
) -> None:
    reel = reel_of(card(), voice=spoken(Fraction(5)))
    assert heard(reel, at=Fraction(3)).start == 3
    assert heard(reel, at=Fraction(3)).path == Path("talk.mp3")
    assert heard(reel, at=Fraction(5)).path is None
    assert heard(reel, at=Fraction(6)).path is None


# --- steps -----------------------------------------------------------------------------------------------

NOTICE = """\
campaign: 한빛시 안내
template: disaster
platforms: [instagram-reels]
reels:
  - id: notice
    title: 태풍이 옵니다
    cards:
      - {card: hazard, text: 태풍, for: 4}
      - {card: action, text: 이렇게 하세요, items: [창문을 닫으세요, 집에 머무르세요], for: 6}
      - {card: contact, text: 119, ground: alert, for: 4}
"""


def settled(world: World, text: str) -> Plan:
    world.write(text)
    return world.settle()


def works_of(plan: Plan, reel: str) -> list[ChunkWork]:
    """The chunks of a reel in the order in which they are joined; two that are alike are encoded once."""
    made = {s.fingerprint: s.work for s in plan.steps if s.reel == reel and isinstance(s.work, ChunkWork)}
    (join,) = (s.work for s in plan.steps if s.reel == reel and isinstance(s.work, JoinWork))
    works = [made[chunk] for chunk in join.chunks]
    assert [sum(piece.frames for piece in work.pieces) for work in works] == list(join.chunk_frames)
    return works


def test_a_reel_of_cards_alone_is_planned_without_any_footage(world: World) -> None:
    plan = settled(world, NOTICE)
    assert plan.failures == ()
    assert {step.kind for step in plan.steps} == {
        "art",
        "chunk",
        "loudness",
        "audio",
        "join",
        "cover",
        "check",
        "deliver",
    }
    works = works_of(plan, "notice")
    assert [sum(piece.frames for piece in work.pieces) for work in works] == [60] * 7
    assert all(isinstance(piece, CardPiece) for work in works for piece in work.pieces)
    assert all(work.cues == () and work.style is None for work in works)
    (sound,) = (s.work for s in plan.steps if isinstance(s.work, LoudnessWork))
    assert [piece.path for piece in sound.pieces] == [None] * 3
    assert sum(piece.samples for piece in sound.pieces) == samples_at(420, Fraction(30))
    (cover,) = (s.work for s in plan.steps if isinstance(s.work, CoverWork))
    assert cover.title == "태풍이 옵니다"


def test_every_step_of_it_has_its_own_name_and_says_in_both_languages_what_it_does(world: World) -> None:
    plan = settled(world, NOTICE)
    names = [step.id for step in plan.steps]
    assert len(names) == len(set(names))
    assert {"notice card-1", "notice card-2", "notice card-3", "notice ground 1"} <= set(names)
    for step in plan.steps:
        said = step.doing.ko  # type: ignore[attr-defined]
        assert any("가" <= letter <= "힣" for letter in said), step.id


def test_a_chunk_of_cards_needs_its_grounds_and_its_words_and_no_others(world: World) -> None:
    plan = settled(world, NOTICE)
    made = {step.made_as: step.id for step in plan.steps}
    needs = [
        {made[one].removeprefix("notice ") for one in step.needs}
        for step in plan.steps
        if step.kind == "chunk"
    ]
    assert needs[0] == {"ground 1", "card-1"}
    assert needs[2] == {"ground 2", "card-2"}
    assert needs[-1] >= {"card-3"}
    assert not needs[-1] & {"card-1", "card-2"}


def test_two_plans_of_the_same_notice_are_equal(world: World) -> None:
    world.write(NOTICE)
    first, second = world.plan(), world.plan()
    assert [step.made_as for step in first.steps] == [step.made_as for step in second.steps]
    assert first == second


def test_a_line_put_in_above_makes_nothing_anew(world: World) -> None:
    settled(world, NOTICE)
    world.write("# 안내문\n\n" + NOTICE)
    assert world.plan().to_run == ()


def test_a_corrected_word_on_a_card_makes_that_card_anew_and_the_chunks_that_show_it(world: World) -> None:
    settled(world, NOTICE)
    world.write(NOTICE.replace("집에 머무르세요", "집 안에 머무르세요"))
    found = running(world.plan())
    assert found.pop("notice card-2") == "input-changed"
    assert {name for name in found if "chunk" in name} == {f"notice chunk 000{n}" for n in (2, 3, 4)}
    assert {found[name] for name in found if "chunk" in name} == {"cascade"}
    assert {name for name in found if "chunk" not in name} == {
        "notice join",
        "notice check",
        "notice instagram-reels deliver",
    }


def test_another_ground_makes_only_what_stands_on_it_anew(world: World) -> None:
    settled(world, NOTICE)
    world.write(NOTICE.replace("text: 119, ground: alert", "text: 119, ground: black"))
    found = set(running(world.plan()))
    assert "notice ground 3" in found or not any("ground" in name for name in found)
    assert "notice card-1" not in found
    assert "notice chunk 0000" not in found
    assert "notice chunk 0006" in found


def test_two_cards_on_the_same_ground_have_it_drawn_once(world: World) -> None:
    plan = settled(
        world,
        NOTICE.replace("ground: alert", "ground: primary").replace(
            "card: hazard", "card: hazard, ground: primary"
        ),
    )
    grounds = [step for step in plan.steps if isinstance(step.work, GroundWork)]
    assert len({step.made_as for step in grounds}) == len(grounds) == 2


BETWEEN = HELLO.replace(
    "    caption:",
    "      - cards: [{text: 그리고, for: 2}]\n      - {footage: footage/IMG_0412.MOV, in: 8}\n    caption:",
)


def test_cards_between_clips_move_the_words_behind_them_and_are_shown_without_any(world: World) -> None:
    plan = settled(world, BETWEEN)
    works = works_of(plan, "hello")
    total = sum(piece.frames for work in works for piece in work.pieces)
    assert total == 30 * (16 + 2 + 8)
    assert [type(piece) for piece in works[8].pieces] == [CardPiece]
    assert [use.still for use in works[8].overlays] == [False]
    assert works[8].cues == ()
    said = [cue for work in works for cue in work.cues]
    assert [cue.lines[0] for cue in said[-2:]] == ["이번 주말에", "만나요"]
    assert said[-2].start == 18 + Fraction(1, 10), "from 8 s of the film, behind 16 s and the card's 2"
    (delivered,) = {step.work.frames for step in plan.steps if isinstance(step.work, DeliverWork)}
    assert delivered == total


def test_a_card_put_in_keeps_the_chunks_before_it(world: World) -> None:
    settled(world, BETWEEN.replace("      - cards: [{text: 그리고, for: 2}]\n", ""))
    world.write(BETWEEN)
    found = set(running(world.plan()))
    assert not found & {f"hello chunk 000{n}" for n in range(8)}
    # The card lasts a chunk; what comes behind it is as it was, one further on, but for its words' times.
    assert "hello chunk 0008" in found


def test_another_title_changes_the_chunks_that_show_it_and_no_card(world: World) -> None:
    settled(world, BETWEEN)
    world.write(BETWEEN.replace("이번 주말, 한옥마을 축제", "다음 주말, 한옥마을 축제"))
    found = running(world.plan())
    assert {name for name in found if "chunk" in name} == {"hello chunk 0000", "hello chunk 0001"}
    assert {name for name in found if "chunk" not in name} == {
        "hello title",
        "hello cover",
        "hello join",
        "hello check",
        "hello instagram-reels deliver",
        "hello youtube-shorts deliver",
    }


def test_a_film_behind_a_card_is_probed_and_plays_from_its_beginning_without_sound(world: World) -> None:
    sea = world.footage("footage/sea.MOV", b"waves")
    world.probed(sea)
    plan = settled(world, NOTICE.replace("ground: alert", "ground: footage/sea.MOV"))
    assert plan.failures == ()
    last = works_of(plan, "notice")[-1]
    (piece,) = last.pieces
    assert isinstance(piece, VideoPiece)
    assert piece.source.path == sea
    assert piece.start == 2
    assert any(step.id == "notice shade-3" for step in plan.steps)
    (sound,) = (s.work for s in plan.steps if isinstance(s.work, LoudnessWork))
    assert [one.path for one in sound.pieces] == [None] * 3


def test_a_picture_behind_a_card_counts_by_what_it_holds(world: World) -> None:
    from PIL import Image

    def poster(colour: tuple[int, int, int]) -> None:
        Image.new("RGB", (540, 960), colour).save(world.root / "poster.png")

    poster((200, 30, 30))
    settled(world, NOTICE.replace("ground: alert", "ground: poster.png"))
    poster((30, 30, 200))
    found = running(world.plan())
    assert found["notice ground 3"] == "input-changed"
    assert "notice ground 1" not in found
    assert "notice card-3" not in found


def test_a_ground_of_its_own_is_what_the_card_says() -> None:
    (one,) = cards_of(reel_of(card(ground=CardGround(colour="black"))), Fraction(30))
    assert one.spec.ground == CardGround(colour="black")
    assert one.has_words


def test_a_card_that_is_cut_by_the_grid_goes_on_in_the_next_chunk(world: World) -> None:
    plan = settled(world, NOTICE.replace("for: 4", "for: 100f"))
    works = works_of(plan, "notice")
    pieces = [[piece.frames for piece in work.pieces] for work in works]
    assert pieces == [[60], [40, 20], [60], [60], [40, 20], [60], [20]]
    first = [use for work in works[:2] for use in work.overlays if use.first_frame <= 0]
    assert [(use.first_frame, use.frames) for use in first] == [(0, 100), (-60, 100)]
