"""Everything that a reel shows at once, for every platform and template: in its place, for its time, on nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reels.art.drawing import measure
from reels.art.elements import Element
from reels.campaign.load import load_campaign
from reels.campaign.model import ReelSpec
from reels.campaign.template import list_templates
from reels.edit import EditList, cut_clips, with_cards
from reels.encode import PictureSpec
from reels.errors import CampaignProblem, CampaignProblems, GlyphMissing
from reels.geometry import Box, Raster
from reels.layout import Obstacle, Stage
from reels.plan import overlays
from reels.plan.cards import Card, cards_of, inserted
from reels.plan.delivery import common_keep_clear, common_safe_area, picture_spec
from reels.plan.overlays import OverlaysOfReel, PlacedOverlay, overlays_of
from reels.plan.screen import require_drawable, stage_for
from reels.platforms import Platform, list_platforms, load_platform
from reels.resources import assets_dir
from reels.steps import ArtWork, LogoWork, ShadeWork
from reels.timing import FrameRange, TimeRange

RATE = Fraction(30)
TEN_S = TimeRange(Fraction(0), Fraction(10))
PLATFORMS = {platform.name: platform for platform in list_platforms()}
TEMPLATES = tuple(template.name for template in list_templates())

FORTY = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토"
KOREAN = {
    "title": "비빔밥축제에 놀러 오세요",
    "name": "김하늘",
    "role": "홍보담당관 주무관",
    "other": "이바다",
    "job": "한빛시민",
    "words": "한옥마을 무료 입장",
    "short": "신분증",
    "tag": "한빛시",
    "card": "축제는 언제 열릴까요?",
}
ENGLISH = {
    "title": "Hanbit City Bibimbap Festival 2026",
    "name": "Seo-yeon Park",
    "role": "Deputy Director, Culture and Tourism",
    "other": "Haneul Kim",
    "job": "Citizen of Hanbit",
    "words": "Free entry to the Hanok Village",
    "short": "ID card",
    "tag": "HanbitCity",
    "card": "When does the festival open?",
}
EXTREME = {
    "title": FORTY,
    "name": FORTY,
    "role": "",
    "other": "😀 김하늘 🎉",
    "job": "한빛시청 문화체육관광국 축제기획과 홍보담당 지방행정서기보 시보",
    "words": FORTY,
    "short": "아주 길고 긴 준비물의 이름이 여기에 있습니다",
    "tag": FORTY[:30],
    "card": FORTY,
}
FULL = """\
campaign: 한빛시 봄축제
template: {template}
brand: {brand}
platforms: [{platform}]
subtitles: {{language: {language}}}
ai: true
end_card: true
reels:
  - id: one
    title: "{title}"
    hashtags: ["{tag}", 축제]
    clips:
      - footage: a.mov
        people: [{{name: "{name}", role: "{role}"}}, {{name: "{other}", role: "{job}"}}]
        elements: [{{place: "{words}", time: '10:30', at: 5.2, for: 3}}, {{callout: "{words}", at: 8.5, for: 1.4}}]
      - cards: [{{text: "{card}", body: "{words}"}}, {{text: "{short}", items: ["{short}", "{short}"], countdown: 5}}]
      - footage: b.mov
        elements:
          - {{list: ["{short}", "{short}", "{short}"], head: "{short}", at: 0, for: 3}}
          - {{counter: 12500, unit: 명, label: "{short}", at: 3, for: 3}}
          - {{before: before.png, after: after.png, at: 6, for: 3}}
      - footage: c.mov
        elements:
          - {{picture: map.png, caption: "{words}", at: 0, for: 3}}
          - {{countdown: 3, at: 3}}
          - {{chapter: "{words}", number: 2부, at: 6}}
"""
ASKED = {
    "place-1",
    "callout-1",
    "list-1",
    "counter-1",
    "before-after-1",
    "picture-1",
    "countdown-1",
    "chapter-1",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign's folder with pictures lying and standing; the footage is not there, nobody opens it."""
    made = tmp_path_factory.mktemp("campaign")
    for name, size in (("map.png", (400, 300)), ("before.png", (300, 400)), ("after.png", (640, 360))):
        Image.new("RGB", size, (90, 120, 150)).save(made / name)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a reel shows: three clips of ten seconds with its cards between them."""

    reel: ReelSpec
    cards: tuple[Card, ...]
    cut: EditList
    spec: PictureSpec
    stage: Stage
    rails: tuple[Box, ...]
    found: OverlaysOfReel

    @property
    def overlays(self) -> tuple[PlacedOverlay, ...]:
        return self.found.overlays

    def named(self, name: str) -> PlacedOverlay:
        return next(one for one in self.overlays if one.name == name)


def shown(folder: Path, text: str, *, faces: Sequence[Obstacle] = (), clip: TimeRange = TEN_S) -> Shown:
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    reel = load_campaign(folder).reels[0]
    require_drawable(reel)
    cards = cards_of(reel, RATE)
    cut = with_cards(cut_clips([clip] * len(reel.clips), RATE), inserted(cards, range(len(reel.clips))))
    spec = picture_spec(reel.platforms, RATE)
    clear = common_keep_clear(reel.platforms)
    stage = stage_for(reel, spec, common_safe_area(reel.platforms), clear)
    return Shown(
        reel=reel,
        cards=cards,
        cut=cut,
        spec=spec,
        stage=stage,
        rails=tuple(box for box in clear if 2 * box.width <= spec.raster.width),
        found=overlays_of(reel, reel.clips, cards, cut, spec, stage, lambda _: faces),
    )


def full(folder: Path, template: str, platform: Platform, language: str, texts: Mapping[str, str]) -> Shown:
    brand = assets_dir() / "brand"
    return shown(
        folder,
        FULL.format(template=template, platform=platform.name, language=language, brand=brand, **texts),
    )


def refused(folder: Path, text: str, faces: Sequence[Obstacle] = ()) -> list[CampaignProblem]:
    with pytest.raises(CampaignProblems) as caught:
        shown(folder, text, faces=faces)
    return list(caught.value.problems)


def kind(overlay: PlacedOverlay) -> str:
    return overlay.name.rstrip("-0123456789")


def is_on_footage(overlay: PlacedOverlay, cut: EditList) -> bool:
    return any(span.range_in_programme.intersection(overlay.shown) for span in cut.footage)


def assert_in_place(made: Shown) -> None:
    """What must hold of every reel whatever it shows."""
    safe, subtitles, raster = made.stage.safe, made.stage.subtitles.box, made.spec.raster
    whole = FrameRange(0, made.cut.frame_count)
    names = [one.name for one in made.overlays]
    assert len(names) == len(set(names)), "two steps of one name"
    for one in made.overlays:
        assert whole.intersection(one.shown) == one.shown, one.name
        if isinstance(one.work, ShadeWork):
            assert one.box == Box(0, 0, raster.width, raster.height)
            continue
        assert safe.contains(one.box), one
        assert (one.box.left % 2, one.box.top % 2) == (0, 0), one
        if one.name != "progress":
            assert all(one.box.intersection(rail) is None for rail in made.rails), one
        if is_on_footage(one, made.cut):
            assert one.box.intersection(subtitles) is None, one
    drawn = [one for one in made.overlays if not isinstance(one.work, ShadeWork)]
    for one, other in combinations(drawn, 2):
        if one.shown.intersection(other.shown):
            assert one.box.intersection(other.box) is None, (one.name, other.name)


def assert_drawn_as_placed(made: Shown) -> None:
    """Each element is drawn in a room in which it takes just its box, for just its time."""
    for one in made.overlays:
        if isinstance(one.work, ArtWork):
            work = one.work
            size = measure(work.element, raster=work.raster, room=work.room, where=work.where)
            assert size == Raster(one.box.width, one.box.height), one.name
            assert work.element.frames == (1 if one.still else one.shown.count), one.name
            assert work.rate == made.cut.rate
        elif isinstance(one.work, LogoWork):
            assert one.work.room == Raster(one.box.width, one.box.height)


def assert_shown_for_their_time(made: Shown) -> None:
    """Names and elements for all of what was asked, on footage alone; words of cards for all of their card."""
    template = made.reel.template
    spans = {f"card-{span.clip + 1}": span.range_in_programme for span in made.cut.cards}
    for one in made.overlays:
        if kind(one) == "lower-third":
            assert one.shown.count == template.lower_third.shown_for * RATE
        if kind(one) == "card":
            assert one.shown == spans[one.name]
        elif kind(one) not in ("progress", "logo", "ai-label", "shade", "card-countdown"):
            assert all(one.shown.intersection(card) is None for card in spans.values()), one.name


# --- everything at once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
@pytest.mark.parametrize(("language", "texts"), [("ko", KOREAN), ("en", ENGLISH)], ids=["ko", "en"])
def test_every_template_shows_everything_at_once_in_its_place_on_every_platform(
    folder: Path, platform: Platform, language: str, texts: Mapping[str, str]
) -> None:
    for template in TEMPLATES:
        made = full(folder, template, platform, language, texts)
        assert_in_place(made)
        assert_drawn_as_placed(made)
        assert_shown_for_their_time(made)
        names = {one.name for one in made.overlays}
        assert names >= ASKED
        assert {"logo", "ai-label", "card-1", "card-2", "card-3"} <= names
        counted = [one for one in made.overlays if kind(one).endswith("countdown")]
        assert [is_on_footage(one, made.cut) for one in counted] == [False, True]
        style = made.reel.template
        assert ("title" in names) == (style.title.show and style.title.card is None)
        assert ("lower-third-2" in names) == style.lower_third.show
        assert ("hashtags" in names) == style.hashtags.show
        assert ("progress" in names) == style.progress.show


@pytest.mark.parametrize("template", ["interview", "disaster", "campaign"])
@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
def test_names_of_forty_letters_no_role_and_emoji_are_held_apart_too(
    folder: Path, platform: Platform, template: str
) -> None:
    made = full(folder, template, platform, "ko", EXTREME)
    assert_in_place(made)
    assert_drawn_as_placed(made)
    assert_shown_for_their_time(made)
    assert {one.name for one in made.overlays} >= ASKED


def test_the_same_reel_is_placed_in_the_same_way_twice(folder: Path) -> None:
    platform = PLATFORMS["tiktok"]
    first, second = (full(folder, "campaign", platform, "ko", KOREAN) for _ in range(2))
    assert first.found == second.found


def test_words_of_the_language_that_the_reel_is_in_stand_on_what_the_template_says_itself(
    folder: Path,
) -> None:
    for language, label in (("ko", "AI로 만든 장면 포함"), ("en", "Includes AI-generated scenes")):
        made = full(folder, "interview", PLATFORMS["tiktok"], language, KOREAN)
        work = made.named("ai-label").work
        assert isinstance(work, ArtWork)
        assert getattr(work.element, "text", "") == label


# --- when ------------------------------------------------------------------------------------------------

PLAIN = """\
campaign: 봄
template: {template}
brand: {brand}
platforms: [instagram-reels]
reels:
  - id: one
    clips: [{clips}]
{rest}"""


def plain(*clips: str, rest: str = "", template: str = "interview", brand: Path | None = None) -> str:
    return PLAIN.format(
        template=template,
        brand=brand or assets_dir() / "brand",
        clips=", ".join(clips or ("{footage: a.mov}",)),
        rest=rest,
    )


def frames(made: Shown, name: str) -> tuple[int, int]:
    one = made.named(name).shown
    return one.start, one.end


def test_elements_of_a_clip_count_from_its_first_frame_and_those_of_a_reel_from_the_reels(
    folder: Path,
) -> None:
    text = plain(
        "{footage: a.mov}",
        "{footage: b.mov, elements: [{place: 시청, at: 2, for: 3}]}",
        rest="    elements: [{callout: 무료, at: 5, for: 2}]\n",
    )
    made = shown(folder, text)
    assert frames(made, "place-1") == (360, 450)
    assert frames(made, "callout-1") == (150, 210)


def test_cards_before_a_clip_move_what_belongs_to_it(folder: Path) -> None:
    text = plain(
        "{footage: a.mov}",
        "{cards: [{text: 하나, for: 1}, {text: 둘, for: 75f}]}",
        "{footage: b.mov, elements: [{place: 시청, at: 60f, for: 3}]}",
    )
    made = shown(folder, text)
    assert frames(made, "card-1") == (300, 330)
    assert frames(made, "card-2") == (330, 405)
    assert frames(made, "place-1") == (465, 555)


def test_an_element_that_would_last_into_the_next_card_or_beyond_its_clip_ends_there(folder: Path) -> None:
    text = plain(
        "{footage: a.mov, elements: [{place: 시청, at: 8, for: 9}]}",
        "{footage: b.mov}",
        "{cards: [{text: 하나, for: 2}]}",
        rest="    elements: [{callout: 무료, at: 19, for: 20}]\n",
    )
    made = shown(folder, text)
    assert frames(made, "place-1") == (240, 300)
    assert frames(made, "callout-1") == (570, 600)
    assert_in_place(made)
    assert_drawn_as_placed(made)


def test_what_begins_after_its_clip_has_ended_or_on_a_card_is_refused_all_at_once(folder: Path) -> None:
    text = plain(
        "{footage: a.mov, elements: [{place: 시청, at: 10}, {callout: 무료, at: 300f}, {callout: 됨, at: 299f}]}",
        "{cards: [{text: 하나, for: 2}]}",
        "{footage: b.mov}",
        rest="    elements: [{callout: 무료, at: 11}, {callout: 무료, at: 60}]\n",
    )
    found = refused(folder, text)
    assert len(found) == 4
    on_card, late, *of_clip = found
    assert on_card.found == "11, when a card is on screen"
    assert on_card.where == "campaign.yaml:8 reels[0].elements[0] at"
    assert "before 00:00:22.000" in late.expected
    assert [one.found for one in of_clip] == ["10", "300f"]
    for one in found:
        assert one.sentence("ko").endswith(("요.", "다."))


def test_the_title_stands_over_the_first_footage_and_neither_on_a_card_nor_on_the_intro(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "intro.mov").write_bytes(b"a film that nobody opens here")
    brand = tmp_path / "brand.yaml"
    brand.write_text(
        'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}\nintro: intro.mov\n',
        encoding="utf-8",
    )
    text = plain(
        "{cards: [{text: 하나, for: 2}]}",
        "{footage: a.mov}",
        rest="    title: 비빔밥축제\n",
        brand=brand,
    )
    made = shown(folder, text)
    # Ten seconds of the brand's film, two of the card, then the reel's own.
    assert [(s.is_card, s.range_in_programme.start) for s in made.cut.spans] == [
        (False, 0),
        (True, 300),
        (False, 360),
    ]
    assert frames(made, "title") == (360, 465)
    assert frames(made, "card-1") == (300, 360)


def test_a_title_in_the_first_frame_stands_there_whole_and_a_later_one_comes(folder: Path) -> None:
    def coming(text: str) -> int:
        work = shown(folder, text).named("title").work
        assert isinstance(work, ArtWork)
        motion = getattr(work.element, "motion", None)
        assert motion is not None
        return int(motion.in_frames)

    title = "    title: 비빔밥축제\n"
    assert coming(plain(rest=title)) == 0
    assert coming(plain("{cards: [안녕]}", "{footage: a.mov}", rest=title)) == 12


def test_two_people_of_a_clip_are_named_one_after_the_other_as_far_as_it_lasts(folder: Path) -> None:
    text = plain("{footage: a.mov, people: [{name: 김하늘}, {name: 이바다}, {name: 박구름}, {name: 최가온}]}")
    made = shown(folder, text)
    named = [frames(made, one.name) for one in made.overlays if kind(one) == "lower-third"]
    assert named == [(15, 135), (135, 255), (255, 300)]
    boxes = {made.named(f"lower-third-{n}").box.left for n in (1, 2, 3)}
    assert len(boxes) == 1


def test_the_mark_stands_on_everything_but_the_end_card_and_a_card_without_words(folder: Path) -> None:
    text = plain("{footage: a.mov}", "{cards: [안녕]}", "{footage: b.mov}", rest="    end_card: true\n")
    made = shown(folder, text)
    end = made.cut.spans[-1]
    assert end.is_card
    assert frames(made, "logo") == (0, end.range_in_programme.start)
    assert made.named("logo").still


# --- where -----------------------------------------------------------------------------------------------


def face(box: Box, start: int = 0, end: int = 300) -> Obstacle:
    return Obstacle(box=box, frames=FrameRange(start, end))


def test_a_title_keeps_off_a_face_and_a_face_at_another_time_is_none_of_its_business(folder: Path) -> None:
    text = plain(rest="    title: 비빔밥축제에 놀러 오세요\n")
    free = shown(folder, text).named("title").box
    somebody = Box(free.left, free.top, free.right, free.top + 400)
    beside = shown(folder, text, faces=[face(somebody)])
    moved = beside.named("title").box
    assert moved.intersection(somebody) is None
    assert beside.found.notes == ()
    assert_in_place(beside)
    assert_drawn_as_placed(beside)
    later = shown(folder, text, faces=[face(somebody, start=105)])
    assert later.named("title").box == free


def test_a_title_that_finds_room_only_over_a_face_is_shown_and_told_in_both_languages(folder: Path) -> None:
    text = plain(rest="    title: 비빔밥축제에 놀러 오세요\n")
    made = shown(folder, text, faces=[face(Box(0, 0, 1080, 1920))])
    assert made.named("title").box == shown(folder, text).named("title").box
    (note,) = made.found.notes
    assert note == "title at 00:00:00.000 covers a face: there is no other room"
    assert "제목" in note.ko
    assert "얼굴" in note.ko


def test_what_the_campaign_asks_for_is_refused_over_a_face_unless_it_says_so(folder: Path) -> None:
    everywhere = [face(Box(0, 0, 1080, 1920))]
    asking = "    elements: [{callout: 무료 입장, at: 2, for: 2%s}]\n"
    (problem,) = refused(folder, plain(rest=asking % ""), everywhere)
    assert problem.where == "campaign.yaml:8 reels[0].elements[0]"
    assert "over a face" in problem.found
    assert "`over_faces: true`" in problem.remedy
    assert problem.sentence("ko").endswith("`over_faces: true`를 적어 주세요.")
    told = shown(folder, plain(rest=asking % ", over_faces: true"), faces=everywhere)
    assert told.found.notes == ()
    assert told.named("callout-1").box == shown(folder, plain(rest=asking % "")).named("callout-1").box


def test_what_finds_no_room_beside_everything_else_is_refused_with_its_time_and_every_other_one(
    folder: Path,
) -> None:
    many = ", ".join(f"{{counter: {n}00, label: 관람객 수, at: 2, for: 2}}" for n in range(1, 25))
    found = refused(folder, plain(rest=f"    elements: [{many}]\n"))
    assert 1 <= len(found) < 24
    for one in found:
        assert one.where.startswith("campaign.yaml:8 reels[0].elements[")
        assert "counter at 00:00:02.000" in one.found
        assert one.sentence("ko").endswith("요.")
    assert len({one.where for one in found}) == len(found)


def test_the_zone_that_a_campaign_wants_wins_over_the_templates(folder: Path) -> None:
    def top_of(zone: str) -> int:
        rest = f"    elements: [{{callout: 무료, at: 2, for: 2{zone}}}]\n"
        return shown(folder, plain(rest=rest)).named("callout-1").box.top

    high, middle, low = top_of(", zone: top"), top_of(""), top_of(", zone: low")
    assert high < middle < low
    assert top_of(", zone: middle") == middle


def test_two_that_do_not_meet_in_time_may_share_a_place(folder: Path) -> None:
    rest = "    elements: [{callout: 무료, at: 2, for: 2}, {callout: 무료, at: 4, for: 2}]\n"
    made = shown(folder, plain(rest=rest))
    assert made.named("callout-1").box == made.named("callout-2").box


def test_a_card_without_subtitles_may_use_their_place_and_leaves_the_marks_its_own(folder: Path) -> None:
    lines = ", ".join(f"문장이 조금 긴 준비물 {n}" for n in range(9))
    text = plain("{footage: a.mov}", f"{{cards: [{{text: 준비물, items: [{lines}]}}]}}")
    made = shown(folder, text)
    card, logo = made.named("card-1").box, made.named("logo").box
    assert card.intersection(made.stage.subtitles.box) is not None
    assert card.intersection(logo) is None
    assert made.stage.safe.contains(card)


def test_platforms_together_share_the_strictest_place(folder: Path) -> None:
    text = plain(rest="    title: 축제\n").replace(
        "[instagram-reels]", "[tiktok, facebook-reels, youtube-shorts]"
    )
    made = shown(folder, text)
    for name in ("tiktok", "facebook-reels", "youtube-shorts"):
        safe = load_platform(name).safe_area
        assert all(safe.contains(one.box) for one in made.overlays)


def test_longer_words_never_get_less_room_than_they_need(folder: Path) -> None:
    """Whatever the length, what is drawn is inside its box: longer words get smaller letters, not a larger frame."""
    for count in (1, 5, 12, 25, 40):
        text = plain(f"{{footage: a.mov, people: [{{name: {FORTY[:count]}}}]}}")
        made = shown(folder, text)
        assert_in_place(made)
        assert_drawn_as_placed(made)


def test_moving_a_line_in_the_campaign_moves_nothing_on_the_screen(folder: Path) -> None:
    rest = "    title: 축제\n    elements: [{callout: 무료, at: 4}]\n"
    made = shown(folder, plain(rest=rest))
    moved = shown(folder, "# a new first line\n" + plain(rest=rest))

    def placed(of: Shown) -> list[tuple[str, Box, FrameRange]]:
        return [(one.name, one.box, one.shown) for one in of.overlays]

    assert placed(made) == placed(moved)
    assert [replace(one.work, where="") for one in made.overlays if isinstance(one.work, ArtWork)] == [
        replace(one.work, where="") for one in moved.overlays if isinstance(one.work, ArtWork)
    ]


# --- countdowns, intros and end cards --------------------------------------------------------------------


def test_no_two_overlays_of_a_reel_have_one_name(folder: Path) -> None:
    counting = "{cards: [{text: 퀴즈, countdown: 3}]}", "{footage: a.mov, elements: [{countdown: 3, at: 1}]}"
    names = Counter(overlay.name for overlay in shown(folder, plain(*counting)).overlays)
    assert max(names.values()) == 1


@pytest.mark.parametrize("element", ["{countdown: 5, at: 8}", "{countdown: 5, at: 1, for: 2}"])
def test_a_countdown_without_a_second_for_each_number_is_refused(folder: Path, element: str) -> None:
    with pytest.raises(CampaignProblems, match="numbers in"):
        shown(folder, plain(f"{{footage: a.mov, elements: [{element}]}}"))


def _brand(folder: Path, more: str, name: str = "한빛시") -> Path:
    Image.new("RGB", (540, 960)).save(folder / "intro.png")
    colours = '{primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}'
    (folder / "brand.yaml").write_text(f"name: {name}\ncolours: {colours}\n{more}", encoding="utf-8")
    return folder / "brand.yaml"


def test_a_brands_intro_opens_a_reel_of_cards_alone(folder: Path, tmp_path: Path) -> None:
    brand = _brand(tmp_path, "intro: intro.png\n")
    made = shown(folder, plain("{cards: [하나]}", rest="    end_card: true\n", brand=brand))
    cards = [made.cards[span.clip] for span in made.cut.spans]
    assert [(card.spec.of_brand, card.spec.text, card.is_end) for card in cards][:2] == [
        ("intro", "", False),
        (None, "하나", False),
    ]
    assert cards[-1].is_end


def test_a_title_card_stands_behind_a_brands_intro(folder: Path, tmp_path: Path) -> None:
    brand = _brand(tmp_path, "intro: intro.png\n")
    text = plain("{footage: a.mov}", rest="    title: 제목\n", template="announcement", brand=brand)
    made = shown(folder, text)
    assert [made.cards[span.clip].spec.kind for span in made.cut.cards][:2] == ["", "title"]


def test_what_is_wrong_on_an_end_card_is_told_with_its_place(folder: Path, tmp_path: Path) -> None:
    brand = _brand(tmp_path, "", name="鬱")
    with pytest.raises(GlyphMissing) as caught:
        shown(folder, plain("{footage: a.mov}", rest="    end_card: true\n", brand=brand))
    assert not caught.value.where.startswith(" ")


def test_a_label_that_is_shown_for_a_time_keeps_off_the_words_of_the_card_under_it(
    folder: Path, tmp_path: Path
) -> None:
    own_template(tmp_path, "logo: {show: false}\nai_label: {at: 0, for: 6}")
    lines = ", ".join(["준비물 하나하나 모두"] * 9)
    rest = "    ai: true\n"
    text = plain(f"{{cards: [{{text: 준비물, items: [{lines}], for: 4}}]}}", "{footage: a.mov}", rest=rest)
    made = shown(tmp_path, text.replace("template: interview", "template: own"))
    label, card = made.named("ai-label"), made.named("card-1")
    assert label.shown.intersection(card.shown) is not None
    assert label.box.intersection(card.box) is None


def own_template(folder: Path, says: str) -> None:
    """A template called `own`, which is `interview` but for what it `says`."""
    own = folder / "templates" / "own"
    own.mkdir(parents=True)
    head = "name: own\nversion: 1\nextends: interview\ndescription: {ko: 우리, en: ours}\n"
    (own / "template.yaml").write_text(f"{head}{says}\n", encoding="utf-8")


def test_hashtags_without_a_time_stand_on_all_of_the_footage_and_on_no_card(tmp_path: Path) -> None:
    own_template(tmp_path, "hashtags: {show: true, at: 2, for: null}")
    card = "{cards: [{text: 하나, for: 2}]}"
    rest = "    hashtags: [한빛시, 봄축제]\n"
    text = plain("{footage: a.mov}", card, "{footage: b.mov}", rest=rest, template="own")
    made = shown(tmp_path, text)
    spans = [one.shown for one in made.overlays if one.name.startswith("hashtags")]
    assert spans == [FrameRange(60, 300), FrameRange(360, 660)]


def test_a_label_that_begins_later_stands_from_then_to_the_end(tmp_path: Path) -> None:
    own_template(tmp_path, "ai_label: {at: 3, for: null}")
    made = shown(tmp_path, plain("{footage: a.mov}", rest="    ai: true\n", template="own"))
    assert made.named("ai-label").shown == FrameRange(90, 300)


def test_a_name_that_fifty_reels_show_is_measured_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    real = measure

    def counting(element: Element, **said: Any) -> Raster:
        measured.append(said["where"])
        return real(element, **said)

    monkeypatch.setattr(overlays, "measure", counting)
    people = "people: [{name: 김한빛누리, role: 홍보담당관 주무관}]"
    shown(folder, plain(f"{{footage: a.mov, {people}}}"))
    first = len(measured)
    longer = plain("{footage: b.mov}", f"{{footage: a.mov, {people}}}")
    shown(folder, longer, clip=TimeRange(Fraction(0), Fraction(3)))
    assert first > 0
    assert len(measured) == first
