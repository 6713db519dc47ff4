"""Templates and brands: what files say becomes frozen values, and every mistake is named with its place."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from reels.art.colour import LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.art.cover import draw_cover
from reels.art.elements import LowerThirdElement, TitleElement
from reels.art.logo import draw_logo
from reels.art.lower_third import draw_lower_third
from reels.art.title import draw_title
from reels.campaign.brand import DEFAULT_BRAND, Brand, BrandFont, brand_problems, load_brand
from reels.campaign.roles import font_of
from reels.campaign.subtitle_style import subtitle_look
from reels.campaign.template import (
    Template,
    cover_look,
    list_templates,
    load_template,
    lower_third_look,
    lower_third_motion,
    slots_of,
    template_problems,
    title_look,
    title_motion,
    zones_of,
)
from reels.cli.templates import show
from reels.errors import CampaignProblems, UsageError
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.layout import Obstacle, Wanted, ZoneName, find_place, stage_of
from reels.resources import assets_dir, fonts_dir, templates_dir
from reels.timing import FrameRange
from tests.art_samples import MOTION

SAMPLE = assets_dir() / "brand"
NAMES = tuple(template.name for template in list_templates())
ORGANIC = Box(55, 190, 910, 1700)  # Instagram Reels and YouTube Shorts
STRICTEST = Box(120, 288, 780, 1248)  # every platform's ads as well
MINIMAL = "name: mine\nversion: 1\ndescription: {ko: 우리 것, en: ours}\n"
BRAND = 'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}\n'


def _template(tmp_path: Path, text: str) -> Template:
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    return load_template(tmp_path)


def _brand(tmp_path: Path, text: str) -> Brand:
    (tmp_path / "brand.yaml").write_text(text, encoding="utf-8")
    return load_brand(tmp_path / "brand.yaml")


# --- templates -------------------------------------------------------------------------------------------


def test_the_built_in_templates_are_listed_by_name_and_told_in_both_languages() -> None:
    templates = list_templates()
    assert list(NAMES) == sorted(NAMES)
    assert {"announcement", "interview", "plain"} <= set(NAMES)
    assert set(NAMES) == {file.parent.name for file in templates_dir().glob("*/template.yaml")}
    for template in templates:
        assert any("가" <= letter <= "힣" for letter in template.description("ko"))
        assert template.description("en").isascii()


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_template_is_found_by_the_name_it_gives_itself(name: str) -> None:
    assert load_template(name) == load_template(name)
    assert load_template(name).name == name


def test_plain_shows_subtitles_and_logo_only() -> None:
    plain = load_template("plain")
    assert not plain.title.show
    assert not plain.lower_third.show
    assert plain.logo.show


def test_times_are_exact_and_defaults_fill_what_a_file_leaves_out(tmp_path: Path) -> None:
    mine = _template(tmp_path, MINIMAL + "title: {at: 0.1, for: '00:02.3'}\n")
    assert (mine.title.at, mine.title.shown_for) == (Fraction(1, 10), Fraction(23, 10))
    assert mine.lower_third.shown_for == 4
    assert mine.logo.opacity == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        mine.name = "other"  # type: ignore[misc]
    assert hash(mine) == hash(load_template(tmp_path))


def test_an_unknown_template_names_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        load_template("intervew")
    assert caught.value.found == "intervew"
    assert ", ".join(NAMES[:-1]) in caught.value.expected
    assert caught.value.remedy == "perhaps you meant interview"
    assert caught.value.exit_code == 2


def test_every_mistake_of_a_template_is_named_at_once_with_line_and_remedy(tmp_path: Path) -> None:
    text = (
        MINIMAL
        + "title:\n  at: soon\n  for: 0\n  siz_px: 90\nlower_third: {motion: left}\nlogo: {opacity: 2}\n"
    )
    with pytest.raises(CampaignProblems) as caught:
        _template(tmp_path, text)
    where = {problem.where.split("template.yaml:")[1]: problem for problem in caught.value.problems}
    assert set(where) == {
        "5 title.at",
        "6 title.for",
        "7 title.siz_px",
        "8 lower_third.motion",
        "9 logo.opacity",
    }
    assert where["7 title.siz_px"].remedy == "perhaps you meant size_px"
    assert where["8 lower_third.motion"].remedy == "perhaps you meant from-left"
    assert "such as 4.2" in where["5 title.at"].expected


def test_a_template_of_a_later_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems, match="version"):
        _template(tmp_path, MINIMAL.replace("version: 1", "version: 2"))


@pytest.mark.parametrize("brand", [DEFAULT_BRAND, load_brand(SAMPLE)], ids=["none", "sample"])
@pytest.mark.parametrize("name", NAMES)
def test_built_in_templates_keep_contrast_in_the_built_in_brands(name: str, brand: Brand) -> None:
    assert template_problems(load_template(name), brand) == ()
    assert brand_problems(brand) == ()


def test_letters_that_do_not_stand_out_are_named_with_their_contrast(tmp_path: Path) -> None:
    mine = _template(tmp_path, MINIMAL + "lower_third: {text: white, ground: secondary}\n")
    (problem,) = template_problems(mine, load_brand(SAMPLE))
    assert problem.where.endswith("lower_third.text")
    ratio = contrast_ratio(WHITE, Colour.parse("#FFB81C"))
    assert f"{ratio:.1f}:1" in problem.found
    assert ratio < LEAST_CONTRAST


GREY = 'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#808080", ground: "#0B2545"}\n'
"""White on its `secondary` has 3.9:1, its `secondary` on `ground` 3.9:1 too: enough for large letters only."""


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("cards: {quiz: {plate: secondary, body_size_px: 55}}\n", ["cards.quiz.text"]),
        ("cards: {quiz: {plate: secondary, body_size_px: 56}}\n", []),
        ("cards: {quiz: {second: secondary, body_size_px: 55}}\n", ["cards.quiz.text"]),
        ("counter: {size_px: 112}\n", []),
        ("counter: {size_px: 110}\n", ["counter.accent"]),
        ("counter: {ground: secondary, accent: black, label_size_px: 56}\n", []),
        ("counter: {ground: secondary, accent: black, label_size_px: 55}\n", ["counter.text"]),
        ("countdown: {ground: secondary}\n", []),
        ("countdown: {ground: secondary, size_px: 55}\n", ["countdown.text"]),
    ],
)
def test_letters_are_judged_on_what_they_are_drawn_on_at_the_size_they_are_drawn(
    tmp_path: Path, text: str, keys: list[str]
) -> None:
    told = template_problems(_template(tmp_path, MINIMAL + text), _brand(tmp_path, GREY))
    assert [problem.where.rpartition(" ")[2] for problem in told] == keys


def test_every_slot_says_its_place_and_its_time_in_korean_too() -> None:
    for name in NAMES:
        for slot in slots_of(load_template(name)):
            for fact in (slot.where, slot.when, slot.filled_by):
                assert fact == "-" or any("가" <= letter <= "힣" for letter in fact.ko), (slot.name, fact)
    told = {slot.name: slot for slot in slots_of(load_template("interview"))}
    assert (told["lower_third"].where.ko, told["lower_third"].when.ko) == ("아래(low)", "0.5초부터 4초 동안")
    assert (told["logo"].where, told["logo"].when.ko) == ("top-left", "-")


def test_a_template_is_explained_in_the_language_of_who_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELS_LANG", "ko")
    show("interview")
    korean = capsys.readouterr().out
    assert "이어받은 템플릿: base" in korean
    assert all(word in korean for word in ("자리", "위치", "시간", "예", "아니요"))
    assert not any(word in korean.split() for word in ("extends", "slot", "shown", "where", "yes", "no"))
    monkeypatch.setenv("REELS_LANG", "en")
    show("interview")
    english = capsys.readouterr().out
    assert all(word in english.split() for word in ("extends", "slot", "shown", "where", "yes", "no"))


def test_looks_take_colours_from_the_brand_and_letters_from_its_font(tmp_path: Path) -> None:
    template, brand = load_template("interview"), load_brand(SAMPLE)
    assert title_look(template, brand).ground == Colour.parse("#1456B8")
    assert lower_third_look(template, brand).accent == Colour.parse("#FFB81C")
    assert cover_look(template, brand).ground == Colour.parse("#0B2545")
    assert subtitle_look(template.subtitles, brand).font == fonts_dir() / "Pretendard-Bold.otf"
    assert subtitle_look(load_template("announcement").subtitles, brand).box == Colour.parse("#0B2545")
    own = dataclasses.replace(brand, fonts=(BrandFont(path=tmp_path / "own.otf"),))
    assert font_of("bold", own) == font_of("extrabold", own) == tmp_path / "own.otf"


def test_movement_lasts_as_long_at_every_rate_and_travels_as_far_at_every_size() -> None:
    template = load_template("interview")
    at_30 = lower_third_motion(template, raster=PORTRAIT_1080, rate=Fraction(30))
    at_60 = lower_third_motion(template, raster=Raster(540, 960), rate=Fraction(60))
    assert (at_30.in_frames, at_30.out_frames) == (12, 9)
    assert (at_60.in_frames, at_60.out_frames) == (24, 18)
    assert at_30.travel_px == 2 * at_60.travel_px
    assert title_motion(template, raster=PORTRAIT_1080, rate=Fraction(30)).direction == "from-below"


Measure = Callable[[Raster], Raster]
FORTY = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토"


@pytest.mark.parametrize("safe", [ORGANIC, STRICTEST], ids=["organic", "strictest"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("title", "person", "role"),
    [
        ("비빔밥축제에 놀러 오세요", "김하늘", "홍보담당관 주무관"),
        (FORTY, FORTY, ""),
        ("Hanbit City Bibimbap Festival 2026", "Seo-yeon Park", "Deputy Director, Culture and Tourism"),
    ],
)
def test_every_template_holds_short_and_extreme_words_apart_in_the_safe_area(
    name: str, safe: Box, title: str, person: str, role: str
) -> None:
    template, brand, raster = load_template(name), load_brand(SAMPLE), PORTRAIT_1080
    assert brand.logo is not None
    zones, whole = zones_of(template, brand), FrameRange(0, 90)
    logo = draw_logo(brand.logo, room=stage_of(raster, safe, zones).logo_room)
    stage = stage_of(raster, safe, zones, logo=Raster(*logo.size))
    assert stage.logo is not None

    def title_in(room: Raster) -> Raster:
        element = TitleElement(text=title, look=title_look(template, brand), motion=MOTION, frames=90)
        return Raster(*draw_title(element, raster=raster, room=room, where="title").size)

    def third_in(room: Raster) -> Raster:
        look = lower_third_look(template, brand)
        element = LowerThirdElement(name=person, role=role, look=look, motion=MOTION, frames=90)
        return Raster(*draw_lower_third(element, raster=raster, room=room, where="people").size)

    boxes = [("logo", stage.logo), ("subtitles", stage.subtitles.box)]
    wishes: list[tuple[str, ZoneName, Measure]] = [
        ("title", template.title.zone, title_in),
        ("lower third", "low", third_in),
    ]
    for called, zone, measure in wishes:
        taken = [Obstacle(box=box) for _, box in boxes]
        wanted = Wanted(zone=zone, align="left", frames=whole, measure=measure)
        placed = find_place(stage, wanted, taken, ())
        assert measure(placed.room) == Raster(placed.box.width, placed.box.height)
        boxes.append((called, placed.box))
    for _, box in boxes:
        assert safe.contains(box)
    for (one, first), (other, second) in combinations(boxes, 2):
        assert first.intersection(second) is None, (one, other)


def test_a_cover_is_drawn_in_the_brands_ground_colour() -> None:
    from PIL import Image

    frame = Image.new("RGB", (540, 960), (255, 255, 255))
    navy = draw_cover(frame, "개막", cover_look(load_template("interview"), load_brand(SAMPLE)))
    slate = draw_cover(frame, "개막", cover_look(load_template("interview"), DEFAULT_BRAND))
    assert navy != slate


# --- brands ----------------------------------------------------------------------------------------------


def test_the_sample_brand_has_a_mark_and_a_credit() -> None:
    brand = load_brand(SAMPLE)
    assert brand == load_brand(SAMPLE / "brand.yaml")
    assert brand.name == "한빛시"
    assert brand.logo == (SAMPLE / "logo.svg").absolute()
    assert brand.credit


def test_a_brand_may_be_name_and_colours_only(tmp_path: Path) -> None:
    brand = _brand(tmp_path, BRAND)
    assert (brand.logo, brand.fonts, brand.credit) == (None, (), "")
    assert brand.colours.text == WHITE
    assert DEFAULT_BRAND.logo is None


def test_a_colour_without_quotes_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems) as caught:
        _brand(tmp_path, BRAND.replace('"#1456B8"', "0e1456").replace('"#0B2545"', '"#0B254"'))
    assert [problem.where for problem in caught.value.problems] == [
        "brand.yaml:2 colours.primary",
        "brand.yaml:2 colours.ground",
    ]
    assert all("in quotes" in problem.expected for problem in caught.value.problems)


def test_every_missing_file_and_unknown_key_of_a_brand_is_named(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems) as caught:
        _brand(tmp_path, BRAND + "logo: none.png\nfont: none.otf\n")
    assert [problem.where for problem in caught.value.problems] == ["brand.yaml:3 logo", "brand.yaml:4 font"]
    with pytest.raises(CampaignProblems, match="perhaps you meant colours"):
        _brand(tmp_path, BRAND.replace("colours", "colors"))


def test_a_logo_is_found_whether_its_name_is_composed_or_not(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "로고.png")).write_bytes((SAMPLE / "logo.png").read_bytes())
    brand = _brand(tmp_path, BRAND + f"logo: {unicodedata.normalize('NFC', '로고.png')}\n")
    assert brand.logo is not None
    assert brand.logo.is_file()


def test_white_letters_on_a_light_brand_colour_are_reported_with_a_way_out(tmp_path: Path) -> None:
    brand = _brand(tmp_path, BRAND.replace("#1456B8", "#7FC4FF"))
    (problem,) = brand_problems(brand)
    assert problem.where == "brand.yaml colours.text"
    assert "#FFFFFF on primary #7FC4FF" in problem.found
    assert "4.5:1" in problem.expected
    assert "primary" in problem.remedy


def test_a_warning_does_not_move() -> None:
    disaster = load_template("disaster")
    moving = [
        f.name
        for f in dataclasses.fields(disaster)
        if getattr(getattr(disaster, f.name), "motion", "none") != "none"
    ]
    assert moving == []
    assert [card.name for card in disaster.cards if card.motion != "none"] == []


@pytest.mark.parametrize(
    "useless",
    [
        "countdown: {for: 3}",
        "countdown: {count_for: 3}",
        "countdown: {label_size_px: 40}",
        "picture: {before_ko: 전}",
        "picture: {accent: primary}",
        "chapter: {for: null}",
        "callout: {at: 3}",
    ],
)
def test_a_setting_that_would_do_nothing_is_refused(tmp_path: Path, useless: str) -> None:
    with pytest.raises(CampaignProblems, match=useless.partition(":")[0]):
        _template(tmp_path, f"{MINIMAL}{useless}\n")
