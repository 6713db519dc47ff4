"""Every kind of element through the one door: as large as measured, inside its room, in its colours, or refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from reels.art.colour import LEAST_CONTRAST, WHITE, Colour, contrast_ratio
from reels.art.drawing import measure, scene_of
from reels.art.elements import Element, Icon, without_time
from reels.art.icons import icon_mask
from reels.errors import CampaignProblems, GlyphMissing
from reels.geometry import PORTRAIT_1080, Raster
from tests.art_samples import (
    BLUE,
    FORTY,
    LONG_WORD,
    MIXED,
    MOTION,
    NAVY,
    RATE,
    YELLOW,
    Pixels,
    before_after,
    box_of,
    card,
    card_look,
    countdown,
    counter,
    counter_look,
    end_card,
    every_kind,
    item_list,
    list_look,
    lower_third,
    painted,
    picture,
    pixels,
    plate,
    plate_look,
    room_for,
    title,
)

HD = Raster(720, 1280)
KINDS = tuple(every_kind(Path("red.png"), Path("green.png")))
ICONS: tuple[Icon, ...] = ("pin", "clock", "warning", "phone", "calendar", "check", "spark")


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "red.png"
    Image.new("RGB", (300, 200), (200, 30, 30)).save(path)
    return path


@pytest.fixture(scope="module")
def green(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "green.png"
    Image.new("RGB", (200, 300), (30, 160, 60)).save(path)
    return path


@pytest.fixture(scope="module")
def overhanging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face of 1,000 units: every letter has an advance of 500 and ink from -200 to 700, from 0 to 700 high."""
    pen = TTGlyphPen(None)
    for number, corner in enumerate([(-200, 0), (-200, 700), (700, 700), (700, 0)]):
        (pen.lineTo if number else pen.moveTo)(corner)
    pen.closePath()
    signs = {ord(sign): f"sign{ord(sign)}" for sign in "0123456789,.- "}
    names = [".notdef", *signs.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(signs)
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, -200)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Overhanging", "styleName": "Regular"})
    builder.setupOS2(usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    path = tmp_path_factory.mktemp("fonts") / "overhanging.ttf"
    builder.save(path)
    return path


def _last(element: Element, room: Raster, raster: Raster = PORTRAIT_1080) -> Image.Image:
    return scene_of(element, raster=raster, room=room, rate=RATE, where="t").at(-1)


def _judge(element: Element, raster: Raster, room: Raster) -> None:
    """Measured and drawn sizes agree, are even and fit; the runs have the element's frames."""
    size = measure(element, raster=raster, room=room, where="t")
    scene = scene_of(element, raster=raster, room=room, rate=RATE, where="t")
    assert scene.size == size
    assert size.width % 2 == size.height % 2 == 0
    assert size.width <= room.width
    assert size.height <= room.height
    assert sum(run.frames for run in scene.runs()) == element.frames


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raster", [PORTRAIT_1080, HD])
def test_a_scene_is_as_large_as_measured_and_as_long_as_its_element(
    kind: str, raster: Raster, red: Path, green: Path
) -> None:
    element = every_kind(red, green)[kind]
    _judge(element, raster, room_for(element, raster))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_scene_of_a_moment_still_ends_with_everything_shown(
    kind: str, frames: int, red: Path, green: Path
) -> None:
    whole = every_kind(red, green)[kind]
    room = room_for(whole, HD)
    short = replace(whole, frames=frames)
    _judge(short, HD, room)
    if kind != "countdown":  # which always ends with 1, and its ring tells how long it is
        assert np.array_equal(pixels(_last(short, room, HD)), pixels(_last(whole, room, HD)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_room_that_is_too_small_is_refused_in_words_of_both_languages(
    kind: str, red: Path, green: Path
) -> None:
    with pytest.raises(CampaignProblems) as caught:
        measure(every_kind(red, green)[kind], raster=PORTRAIT_1080, room=Raster(9, 7), where="reels[0] t")
    for problem in caught.value.problems:
        assert "reels[0] t" in problem.where
        assert problem.remedy
        assert any("가" <= sign <= "힣" for sign in problem.sentence("ko"))


@pytest.mark.parametrize(
    ("text", "raster"), [(FORTY, HD), (LONG_WORD, PORTRAIT_1080), (MIXED, HD), ("개", PORTRAIT_1080)]
)
def test_extreme_texts_find_their_size(text: str, raster: Raster, red: Path, green: Path) -> None:
    large = Raster(raster.width * 4 // 5, raster.height * 3 // 4)
    band = Raster(large.width, raster.height // 3)
    for element, room in (
        (title(text), band),
        (lower_third(text, text), band),
        (plate(text), band),
        (plate(text, small=text, icon="pin"), band),
        (plate(text, look=plate_look(ground=None, bar=True, size_px=90)), band),
        (picture(red, text), band),
        (before_after(red, green, before_label=text, after_label=""), large),
        (item_list(text, head=text), band),
        (counter(label=text, unit="", end=Fraction(-9_999_999)), band),
        (card(text, label=text, body=text, items=(text, text), foot=text), large),
        (card("", items=(text,) * 12, numbered=True), large),
        (end_card(name=text, text=text, credits=(text,) * 3, licence=text, address=text), large),
    ):
        _judge(element, raster, room)


def test_what_has_no_glyph_is_named_with_its_place() -> None:
    sign = chr(0x1D11E)  # the clef, which no font here has
    for element, where in (
        (plate(f"광장 {sign}"), "t"),
        (plate("광장", small=sign), "t small"),
        (item_list("하나", f"둘 {sign}"), "t item 2"),
        (card("글", foot=sign), "t foot"),
        (counter(unit=sign), "t unit"),
        (end_card(credits=("하나", sign)), "t credit 2"),
    ):
        with pytest.raises(GlyphMissing) as caught:
            measure(element, raster=PORTRAIT_1080, room=Raster(860, 1400), where="t")
        assert caught.value.where == where


@pytest.mark.parametrize("kind", KINDS)
def test_an_element_of_no_frames_is_a_mistake(kind: str, red: Path, green: Path) -> None:
    with pytest.raises(ValueError, match="needs frames, not 0"):
        replace(every_kind(red, green)[kind], frames=0)


@pytest.mark.parametrize("kind", KINDS)
def test_how_long_and_how_an_element_moves_changes_nothing_of_its_layout(
    kind: str, red: Path, green: Path
) -> None:
    whole = every_kind(red, green)[kind]
    other = replace(whole, frames=whole.frames + 7, motion=replace(MOTION, travel_px=3))
    assert without_time(whole) == without_time(other)
    assert hash(without_time(whole)) == hash(without_time(other))
    room = room_for(whole, HD)
    sizes = {measure(one, raster=HD, room=room, where="t") for one in (whole, other, without_time(whole))}
    assert len(sizes) == 1


def test_an_element_without_any_words_is_refused() -> None:
    for element in (
        card(""),
        plate(" "),
        end_card(name="", text="", address="", qr="", credits=(), licence=""),
    ):
        with pytest.raises(CampaignProblems):
            measure(element, raster=PORTRAIT_1080, room=Raster(860, 1400), where="t")


# --- plates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("small", ["", "09:30"])
@pytest.mark.parametrize("icon", [None, "pin"])
@pytest.mark.parametrize("bar", [False, True])
def test_a_plates_parts_stand_in_their_order_and_keep_their_air(
    small: str, icon: Icon | None, bar: bool
) -> None:
    element = plate("한빛광장", small=small, icon=icon, look=plate_look(bar=bar))
    still = pixels(_last(element, Raster(800, 300)))
    left, top, right, bottom = box_of(painted(still, WHITE))
    assert min(top, still.shape[0] - bottom) >= 10
    assert still.shape[1] - right >= 18
    assert left >= 18
    accent = painted(still, YELLOW)
    if bar:
        assert accent[still.shape[0] // 2, :10].all()
        assert not accent[:, 10:20].any()
    if icon is not None:
        sign = accent[:, 20:] if bar else accent
        assert box_of(sign)[2] + (20 if bar else 0) < left
    assert accent.any() == (bar or icon is not None)


def test_what_stands_before_a_text_is_smaller_than_it_and_on_its_line() -> None:
    alone = _last(plate("광장"), Raster(800, 300))
    both = pixels(_last(plate("광장", small="광장"), Raster(800, 300)))
    assert both.shape[0] == alone.height
    white = painted(both, WHITE)
    columns = np.flatnonzero(white.any(axis=0))
    gap = columns[np.argmax(np.diff(columns))] + 1
    small, large = box_of(white[:, :gap]), box_of(white[:, gap:])
    assert small[3] - small[1] < large[3] - large[1]
    assert abs(small[3] - large[3]) <= 4  # one baseline; the foot of Hangul is a little below it


def test_a_plate_has_no_more_lines_than_it_may() -> None:
    long = "지금 바로 신청하세요 선착순 백 명에게 기념품을 드립니다"
    heights = []
    for lines in (1, 2):
        still = pixels(_last(plate(long, look=plate_look(lines=lines, size_px=60)), Raster(700, 400)))
        heights.append(box_of(painted(still, WHITE))[3] - box_of(painted(still, WHITE))[1])
        rows = painted(still, WHITE).any(axis=1)
        assert np.count_nonzero(np.diff(rows.astype(int)) == 1) == lines
    assert heights[0] < heights[1]


def test_a_plate_that_would_be_taller_than_its_room_is_refused() -> None:
    """What stands before the text hangs below it: three lines beside one."""
    element = plate("광장", small="2026년 5월 3일 일요일 오후 두 시", look=plate_look(size_px=90))
    refused = 0
    for height in range(100, 320, 4):
        room = Raster(520, height)
        try:
            size = measure(element, raster=PORTRAIT_1080, room=room, where="t")
        except CampaignProblems as error:
            refused += "plate" in str(error)
            continue
        assert size.height <= height
    assert refused


def test_letters_that_reach_over_their_width_are_whole_on_every_element(overhanging: Path) -> None:
    """A face whose letters reach a fifth of their size to both sides, as written faces do."""
    look = list_look(font=overhanging, head_font=overhanging, size_px=90, head_size_px=90)
    numbers = counter_look(font=overhanging, label_font=overhanging, size_px=200)
    cards = card_look(font=overhanging, body_font=overhanging, text_size_px=200, plate=NAVY)
    elements: dict[str, tuple[Element, Colour]] = {
        "plate": (plate("11", look=plate_look(font=overhanging, size_px=120)), WHITE),
        "card": (card("11", look=cards), WHITE),
        "list": (item_list("11", head="", numbered=False, look=look), WHITE),
        "counter": (counter(start=Fraction(11), end=Fraction(11), unit="", label="", look=numbers), YELLOW),
        "countdown": (countdown(seconds=1, look=numbers), WHITE),
    }
    for name, (element, colour) in elements.items():
        still = pixels(_last(element, Raster(900, 900)))
        left, top, right, bottom = box_of(painted(still, colour))
        tall = bottom - top
        signs = 1 if name == "countdown" else 2
        # A letter is as wide as it is tall (0.9 and 0.7 of the size), and its neighbour begins half a size later.
        wide = tall * (0.9 + 0.5 * (signs - 1)) / 0.7
        assert abs(right - left - wide) <= 5, name


def test_a_plates_opacity_is_the_plates_and_not_its_letters() -> None:
    still = pixels(_last(plate("가", look=plate_look(opacity=Fraction(1, 2))), Raster(400, 200)))
    assert abs(still[still.shape[0] // 2, 5, 3] - 128) <= 1
    assert painted(still, WHITE).any()


def test_outlined_letters_have_their_outline_all_around_and_end_before_their_box() -> None:
    still = pixels(
        _last(plate("광장", look=plate_look(ground=None, size_px=80), icon="pin"), Raster(600, 300))
    )
    white = box_of(painted(still, WHITE))
    edge = box_of(painted(still, NAVY))
    assert edge[1] <= white[1] - 4
    assert edge[2] >= white[2] + 4
    assert edge[3] >= white[3] + 4
    alpha = still[..., 3]
    assert np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]]).max() <= 16


@pytest.mark.parametrize("icon", ICONS)
@pytest.mark.parametrize("size", [24, 60])
def test_a_sign_fills_its_square_and_has_smooth_edges(icon: Icon, size: int) -> None:
    mask = np.asarray(icon_mask(icon, size))
    left, top, right, bottom = box_of(mask > 127)
    assert max(right - left, bottom - top) >= 0.84 * size
    assert 0.1 < (mask > 127).mean() < 0.9
    assert ((mask > 20) & (mask < 235)).any()


def test_signs_cannot_be_taken_for_each_other() -> None:
    masks = [np.asarray(icon_mask(icon, 60)).astype(int) for icon in ICONS]
    for place, one in enumerate(masks):
        for other in masks[place + 1 :]:
            assert np.abs(one - other).mean() > 20


# --- lists and cards -------------------------------------------------------------------------------------


HALF = Raster(540, 960)


def _states(element: Element) -> list[Pixels]:
    """The picture of every frame, in half of the full raster."""
    scene = scene_of(element, raster=HALF, room=Raster(400, 450), rate=RATE, where="t")
    return [seen for run in scene.runs() for seen in [pixels(run.picture)] * run.frames]


@pytest.mark.parametrize("apart", [0, 8, 500])
@pytest.mark.parametrize("kind", ["list", "card"])
def test_items_appear_in_order_and_are_all_there_before_half_of_the_time(kind: str, apart: int) -> None:
    items = ("하나", "둘", "셋", "넷")
    element: Element = item_list(*items, apart_frames=apart, frames=100)
    if kind == "card":
        element = card("순서", items=items, numbered=True, apart_frames=apart, frames=100)
    frames = _states(element)
    assert all(np.array_equal(frame, frames[-1]) for frame in frames[50:])
    discs = painted(frames[-1], YELLOW)[:, :60].sum(axis=1) > 10
    middles = np.flatnonzero(np.diff(discs.astype(int)) == 1)[-4:] + 12
    whole = [[(frame[row] == frames[-1][row]).all() for frame in frames].index(True) for row in middles]
    if apart == 0:
        assert whole == [0] * 4
    else:
        assert whole == sorted(set(whole))
        assert whole[-1] < 50


def test_nothing_moves_when_the_next_item_appears() -> None:
    frames = _states(item_list("하나", "둘", "셋", apart_frames=10, frames=90))
    last = frames[-1]
    whole = [np.array_equal(frame[: last.shape[0] // 2], last[: last.shape[0] // 2]) for frame in frames]
    first_whole = whole.index(True)
    assert all(whole[first_whole:])  # the upper half stays as it is as soon as it is there
    assert not np.array_equal(frames[first_whole], last)


def test_items_share_one_size_and_one_left_edge() -> None:
    still = pixels(_last(item_list("가", "가나다라마바사", "가" * 60, numbered=False), Raster(800, 900)))
    accent = painted(still, YELLOW)
    rows = np.flatnonzero(np.diff(accent.any(axis=1).astype(int)) == 1) + 1
    assert len(rows) == 4  # the head's line and three marks
    marks = [box_of(accent[row : row + 16]) for row in rows[1:]]
    assert len({(left, right) for left, _, right, _ in marks}) == 1


def test_a_list_grows_with_its_items_and_twelve_still_fit() -> None:
    heights = [
        measure(item_list(*["항목"] * count), raster=PORTRAIT_1080, room=Raster(800, 900), where="t").height
        for count in (1, 4, 12)
    ]
    assert heights == sorted(heights)
    assert heights[0] < heights[1] < 900


def test_a_cards_words_stand_in_the_middle_of_its_room() -> None:
    element = card(label="안내", body="내일 오전 10시에 시작합니다.", foot="한빛시")
    still = pixels(_last(element, Raster(860, 1400)))
    _, top, _, bottom = box_of(still[..., 3] > 0)
    assert abs(top - (still.shape[0] - bottom)) <= 40
    left, _, right, _ = box_of(painted(still, WHITE))
    assert left >= 8
    assert right <= 852


def test_a_centred_cards_lines_are_centred() -> None:
    element = card("시민의 날", body="한빛광장", look=card_look(centred=True))
    white = painted(pixels(_last(element, Raster(860, 1400))), WHITE)
    rows = np.flatnonzero(white.any(axis=1))
    for part in np.split(rows, np.flatnonzero(np.diff(rows) > 20) + 1):
        left, _, right, _ = box_of(white[part[0] : part[-1] + 1])
        assert abs((left + right) / 2 - 430) <= 6


@pytest.mark.parametrize("size", [150, 165, 180])
def test_a_disasters_letters_are_as_large_as_asked(size: int) -> None:
    look = card_look(text_size_px=size, body_size_px=72, label_size_px=60)
    element = card("즉시 대피", label="호우 경보", items=("높은 곳으로", "119"), numbered=True, look=look)
    white = painted(pixels(_last(element, Raster(860, 1500))), WHITE)
    rows = np.flatnonzero(white.any(axis=1))
    headline = np.split(rows, np.flatnonzero(np.diff(rows) > 12) + 1)[0]
    assert len(headline) >= 0.8 * size * 0.9


def test_what_is_empty_on_a_card_takes_no_room() -> None:
    whole = card(label="안내", body="글", items=("하나",), foot="한빛시")
    tall = []
    for element in (whole, replace(whole, foot=""), replace(whole, foot="", body="")):
        _, top, _, bottom = box_of(pixels(_last(element, Raster(860, 1400)))[..., 3] > 0)
        tall.append(bottom - top)
    assert tall[0] > tall[1] > tall[2]


def test_a_cards_picture_is_shown_whole_in_its_own_shape(red: Path) -> None:
    still = pixels(_last(card("지도", picture=red, body="설명"), Raster(860, 1400)))
    left, top, right, bottom = box_of(painted(still, Colour(200, 30, 30)))
    assert abs((right - left) / (bottom - top) - 1.5) < 0.02
    assert right - left > 800


def test_a_strip_of_a_picture_is_a_strip_on_a_card(tmp_path: Path) -> None:
    """And another picture of the same name is not laid out as the one before it."""
    for size, shown in (((3000, 3), (828, 2)), ((3, 3000), (2, 1324))):
        Image.new("RGB", size, (200, 30, 30)).save(tmp_path / "strip.png")
        still = pixels(_last(card("", picture=tmp_path / "strip.png"), Raster(860, 1400)))
        left, top, right, bottom = box_of(painted(still, Colour(200, 30, 30), 40))
        assert (right - left, bottom - top) == pytest.approx(shown, abs=4)


def test_a_cards_own_lines_start_new_paragraphs() -> None:
    def lines(body: str) -> int:
        white = painted(pixels(_last(card("", body=body), Raster(860, 1400))), WHITE)
        return int(np.count_nonzero(np.diff(white.any(axis=1).astype(int)) == 1))

    assert lines("가나다 라마바") == 1
    assert lines("가나다\n\n라마바") == 2


@pytest.mark.parametrize("ground", [NAVY, BLUE])
def test_painted_letters_can_be_read_on_their_plates(ground: Colour) -> None:
    for element in (plate(look=plate_look(ground=ground)), card(look=card_look(plate=ground))):
        still = pixels(_last(element, Raster(860, 1400)))
        covered = still[still[..., 3] > 120][:, :3]
        values, counts = np.unique(covered, axis=0, return_counts=True)
        letters, behind = (
            values[counts.argsort()[::-1]][:2].tolist() if len(values) > 1 else pytest.fail("one colour")
        )
        assert contrast_ratio(Colour(*letters), Colour(*behind)) >= LEAST_CONTRAST


def test_a_number_can_be_read_on_its_disc_whatever_the_accent() -> None:
    for accent in (YELLOW, BLUE, WHITE, Colour.parse("#777777")):
        look = card_look(accent=accent, text=Colour.parse("#00FF00"), label_ground=None)
        still = pixels(_last(card("", items=("가",), numbered=True, look=look), Raster(860, 600)))
        left, top, right, bottom = box_of(painted(still, accent))
        disc = still[top:bottom, left:right]
        middle = disc[disc.shape[0] // 4 : -disc.shape[0] // 4, disc.shape[1] // 4 : -disc.shape[1] // 4]
        away = np.abs(middle[..., :3] - np.array(accent.rgb)).sum(axis=2)
        digit = middle.reshape(-1, 4)[away.argmax()][:3].tolist()
        assert contrast_ratio(Colour(*digit), accent) >= LEAST_CONTRAST
