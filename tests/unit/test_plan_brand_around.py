"""What a brand puts before and behind every reel, in a plan: it never stands in for the reel, and nobody speaks over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reels.edit import cut_clips
from reels.errors import CampaignProblems
from reels.interchange import Programme, UsedMedia, otio
from reels.plan.cards import cards_of
from reels.sound.music import MusicFile
from reels.steps import CoverWork, DeliverWork, LoudnessWork, Plan
from reels.subtitles import write_srt
from reels.timing import TimeRange
from tests.unit.test_plan import HELLO, SUBTITLES, World, media, world
from tests.unit.test_plan_cards import NOTICE, card, reel_of, settled, works_of

__all__ = ["world"]

BRAND = 'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#F2A900", ground: "#0B2545"}\n'
RATE = Fraction(30)


@pytest.fixture
def films(world: World) -> World:
    """A brand with a film before and a film behind each reel."""
    (world.root / "brand.yaml").write_text(BRAND + "intro: intro.mp4\noutro: outro.mp4\n", encoding="utf-8")
    for name in ("intro.mp4", "outro.mp4"):
        world.probed(world.footage(name, name.encode()), media(seconds=3))
    return world


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch, world: World) -> Callable[[int], str]:
    """A recording of so many seconds, as the key of a reel."""

    def lasting(seconds: int) -> str:
        world.footage("talk.mp3", b"talk")
        found = MusicFile(stream=0, duration=Fraction(seconds))
        for room in ("cards", "sound"):
            monkeypatch.setattr(f"reels.plan.{room}.find_music", lambda path, key="music": found)
        return "    voice: talk.mp3\n"

    return lasting


def branded(text: str) -> str:
    return text.replace("platforms:", "brand: brand.yaml\nplatforms:", 1)


def order(plan: Plan) -> list[str]:
    """What plays, one after the other: the names of films, and cards."""
    (cut,) = plan.cuts
    shown = []
    for span in cut.programme.edit.spans:
        shown.append("card" if span.is_card else Path(cut.programme.media[span.clip].path).name)
    return shown


def sound_of(plan: Plan) -> LoudnessWork:
    (work,) = (step.work for step in plan.steps if isinstance(step.work, LoudnessWork))
    return work


# --- it is not the reel ----------------------------------------------------------------------------------


def test_a_reel_of_which_all_is_cut_away_is_no_reel_of_the_intro_alone(films: World) -> None:
    marked = [replace(cue, lines=(f"[x] {cue.text}",)) for cue in SUBTITLES]
    draft = films.root / "subtitles" / "IMG_0412.ko.srt"
    draft.parent.mkdir(exist_ok=True)
    draft.write_text(write_srt(marked), encoding="utf-8")
    said = HELLO.replace("        people:", "        in: 0.2\n        out: 1.8\n        people:")
    plan = settled(films, branded(said.replace("    caption:", "    cut: {text: true}\n    caption:")))
    assert len(plan.failures) >= 1
    assert "nothing left of its clips" in str(plan.failures[0].error)
    assert settled(films, branded(HELLO)).failures == ()


def test_the_films_of_the_brand_say_nothing_of_cuts_and_words(films: World) -> None:
    plan = settled(films, branded(HELLO.replace("    caption:", "    cut: {silence: true}\n    caption:")))
    (cut,) = plan.cuts
    assert not [note for note in cut.notes if "intro" in note or "outro" in note]


def test_an_end_card_stands_before_the_outro_and_cards_of_the_reel_before_that(films: World) -> None:
    cards = "    end_card: true\n    cards: [{text: 하나, for: 2}]\n    caption:"
    plan = settled(films, branded(HELLO.replace("    caption:", cards)))
    assert order(plan) == ["intro.mp4", "IMG_0412.MOV", "card", "card", "outro.mp4"]


def test_cards_stand_behind_a_cut_made_elsewhere_and_before_the_outro(films: World) -> None:
    pieces = [TimeRange(Fraction(0), Fraction(1)), TimeRange(Fraction(3, 2), Fraction(8))]
    used = UsedMedia(path="footage/IMG_0412.MOV", duration=Fraction(16), has_sound=True)
    edit = cut_clips(pieces, RATE)
    (films.root / "cut.otio").write_text(
        otio(Programme(name="hello", edit=edit, media=(used, used))), "utf-8"
    )
    at = HELLO.index("    clips:")
    text = HELLO[:at] + "    edit: cut.otio\n    cards: [{text: 하나, for: 2}]\n" + HELLO[at:]
    plan = settled(films, branded(text))
    assert order(plan) == ["intro.mp4", "IMG_0412.MOV", "IMG_0412.MOV", "card", "outro.mp4"]


# --- nobody speaks over it -------------------------------------------------------------------------------


def test_a_voice_begins_with_the_first_card_of_the_reel_and_is_heard_to_its_end(
    films: World, voice: Callable[[int], str]
) -> None:
    text = (
        NOTICE.replace("    cards:", voice(20) + "    cards:").replace(", for: 4", "").replace(", for: 6", "")
    )
    plan = settled(films, branded(text))
    pieces = sound_of(plan).pieces
    spoken = [piece for piece in pieces if piece.recording]
    assert len(spoken) == 1, "one recording is one piece, and does not fade at each card"
    assert spoken[0].start == 0
    assert spoken[0].samples >= 20 * 48_000
    assert pieces[0].path is not None
    assert pieces[0].path.name == "intro.mp4"


def test_a_voice_of_a_reel_is_silent_over_a_picture_of_the_brand() -> None:
    reel = reel_of(card("", kind="", of_brand="intro", shown_for="2"), card("가"), card("나"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "reels.plan.cards.find_music", lambda path, key: MusicFile(stream=0, duration=Fraction(9))
        )
        intro, *own = cards_of(replace(reel, voice=Path("talk.mp3")), RATE)
    assert intro.frames == 60
    assert sum(one.frames for one in own) == (9 + Fraction(2, 5)) * RATE


@pytest.mark.parametrize("said", [{"countdown": 3}, {"shown_for": "3"}])
def test_a_card_that_would_cut_its_own_voice_off_is_refused(said: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "reels.plan.cards.find_music", lambda path, key: MusicFile(stream=0, duration=Fraction(10))
        )
        with pytest.raises(CampaignProblems, match=r"10\.0 s of speech on a card of 3\.0 s"):
            cards_of(reel_of(card(voice=Path("talk.mp3"), **said)), RATE)


def test_two_voices_at_once_are_refused() -> None:
    reel = reel_of(card(voice=Path("own.mp3")), voice=Path("talk.mp3"))
    with pytest.raises(CampaignProblems, match="one voice at a time"):
        cards_of(reel, RATE)


def test_what_is_wrong_with_a_card_is_told_before_anybody_listens(
    world: World, voice: Callable[[int], str]
) -> None:
    own = voice(10).strip()
    broken = f"    cards: [{{text: 하나, for: 2, {own}}}]\n    caption:"
    world.write(HELLO.replace("    caption:", broken))
    plan = world.plan()
    assert len(plan.failures) == 1
    assert "10.0 s of speech" in str(plan.failures[0].error)
    assert not [step for step in plan.steps if step.kind in ("transcribe", "draft")]


# --- films behind cards, and covers ----------------------------------------------------------------------


def test_nobody_listens_to_a_film_behind_a_card_and_a_draft_does_not_look_at_it(world: World) -> None:
    stereo = media()
    stereo = replace(stereo, audio=(replace(stereo.audio[0], channels=2, layout="stereo"),))
    sea = world.footage("footage/sea.MOV", b"waves")
    text = NOTICE.replace("ground: alert", "ground: footage/sea.MOV")
    world.write(text)
    assert [step for step in world.plan(goal="draft").steps if step.kind == "probe"] == []
    world.probed(sea, stereo)
    assert "hearing" not in {step.kind for step in settled(world, text).steps}


def test_the_cover_of_a_reel_of_films_behind_cards_is_a_picture_of_the_film(world: World) -> None:
    world.probed(world.footage("footage/sea.MOV", b"waves"))
    everywhere = NOTICE.replace(", for: 4}", ", for: 4, ground: footage/sea.MOV}")
    everywhere = everywhere.replace(", ground: alert", "").replace(
        "for: 6}", "for: 6, ground: footage/sea.MOV}"
    )
    plan = settled(world, everywhere)
    (cover,) = (step.work for step in plan.steps if isinstance(step.work, CoverWork))
    assert cover.ground == ""
    (frame,) = cover.frames
    assert frame.piece.source.path.name == "sea.MOV"


def test_the_picture_of_the_brand_is_no_cover_while_the_reel_has_cards(world: World) -> None:
    from PIL import Image

    Image.new("RGB", (540, 960), (9, 9, 9)).save(world.root / "intro.png")
    (world.root / "brand.yaml").write_text(BRAND + "intro: intro.png\n", encoding="utf-8")
    plan = settled(world, branded(NOTICE))
    (cover,) = (step.work for step in plan.steps if isinstance(step.work, CoverWork))
    grounds = {step.made_as: step.id for step in plan.steps if "ground" in step.id}
    assert grounds[cover.ground] == "notice ground 2"
    assert len(works_of(plan, "notice")) > 0


def test_words_are_from_the_reels_own_clips(films: World) -> None:
    plan = settled(films, branded(HELLO))
    works = [step.work for step in plan.steps if isinstance(step.work, DeliverWork)]
    assert works
    for work in works:
        assert len(work.words_from) == 1
