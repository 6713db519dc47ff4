"""Titles, lower thirds, logos and covers: judged by their pixels."""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from reels.art.alpha import bleed, clear, paint, rounded_mask
from reels.art.colour import BLACK, WHITE, Colour, contrast_ratio
from reels.art.cover import cover_title_places, draw_cover
from reels.art.elements import CoverLook, LowerThirdElement, LowerThirdLook, TitleElement, TitleLook
from reels.art.letters import Letters, letters_of
from reels.art.logo import draw_logo, measure_logo
from reels.art.lower_third import draw_lower_third, measure_lower_third
from reels.art.text import set_text
from reels.art.title import draw_title, measure_title
from reels.art.words import set_at_size, set_on_lines
from reels.errors import CampaignProblems, GlyphMissing
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.layout import cover_title_room
from reels.platforms import list_platforms
from reels.resources import assets_dir, fonts_dir
from tests.art_samples import MOTION

BOLD = fonts_dir() / "Pretendard-Bold.otf"
HEAVY = fonts_dir() / "Pretendard-ExtraBold.otf"
NAVY, YELLOW = Colour.parse("#0B2545"), Colour.parse("#FFB81C")
TITLE_ROOM = Raster(854, 560)
THIRD_ROOM = Raster(854, 400)
PLATES = TitleLook(font=HEAVY, size_px=108, text=WHITE, ground=NAVY, accent=YELLOW, outline=NAVY)
OUTLINED = TitleLook(font=HEAVY, size_px=108, text=WHITE, ground=None, accent=YELLOW, outline=NAVY)
THIRD = LowerThirdLook(
    name_font=HEAVY,
    role_font=BOLD,
    name_size_px=68,
    role_size_px=46,
    text=WHITE,
    ground=NAVY,
    accent=YELLOW,
)
COVER = CoverLook(font=HEAVY, size_px=132, text=WHITE, ground=NAVY, accent=YELLOW)
FORTY = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토"


def _pixels(picture: Image.Image) -> NDArray[np.int32]:
    return np.asarray(picture).astype(np.int32)


def _title_of(text: str, look: TitleLook = PLATES) -> TitleElement:
    return TitleElement(text=text, look=look, motion=MOTION, frames=40)


def _title(text: str, look: TitleLook = PLATES, raster: Raster = PORTRAIT_1080) -> Image.Image:
    return draw_title(_title_of(text, look), raster=raster, room=TITLE_ROOM, where="title")


def _third_of(name: str, role: str) -> LowerThirdElement:
    return LowerThirdElement(name=name, role=role, look=THIRD, motion=MOTION, frames=40)


def _third(name: str, role: str, raster: Raster = PORTRAIT_1080) -> Image.Image:
    return draw_lower_third(_third_of(name, role), raster=raster, room=THIRD_ROOM, where="people")


# --- words in a room -------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text("가나다라힣뷁궳abcW19,.!?", min_size=1, max_size=30), min_size=1, max_size=8),
    st.integers(200, 900),
    st.integers(80, 600),
)
def test_setting_text_loses_no_letter_and_leaves_no_room(words: list[str], width: int, height: int) -> None:
    text = " ".join(words)
    try:
        made = set_text(
            text, font=HEAVY, size_px=96, least_px=40, width_px=width, height_px=height, where="title"
        )
    except CampaignProblems:
        return
    assert "".join("".join(made.lines).split()) == "".join(text.split())
    assert made.width_px <= width
    assert made.height_px <= height
    assert 40 <= made.size_px <= 96


def _lines(text: str, width: int = 790) -> tuple[int, tuple[str, ...]]:
    made = set_text(text, font=HEAVY, size_px=108, least_px=48, width_px=width, height_px=560, where="title")
    return made.size_px, made.lines


def test_a_title_breaks_between_eojeol_where_the_grammar_pauses() -> None:
    assert _lines("비빔밥축제에 놀러 오세요") == (108, ("비빔밥축제에", "놀러 오세요"))
    assert _lines("누구나 할 수 있는 우리 집 분리배출 방법")[1] == (
        "누구나 할 수 있는",
        "우리 집 분리배출 방법",
    )


def test_a_title_shrinks_a_little_before_it_takes_another_line() -> None:
    whole = _lines("비빔밥축제 개막식", 2000)
    assert whole == (108, ("비빔밥축제 개막식",))
    size, lines = _lines("비빔밥축제 개막식", 700)
    assert lines == ("비빔밥축제 개막식",)
    assert 92 <= size < 108
    assert _lines("비빔밥축제 개막식", 600) == (108, ("비빔밥축제", "개막식"))


def test_an_endless_eojeol_is_cut_into_three_even_lines_as_large_as_they_can_be() -> None:
    size, lines = _lines(FORTY)
    assert 56 <= size < 72
    assert len(lines) == 3
    assert "".join(lines) == FORTY
    assert len(lines[-1]) > len(lines[0]) // 2


def test_text_that_no_size_can_hold_is_refused_with_its_length() -> None:
    with pytest.raises(CampaignProblems, match="400 characters"):
        set_text("가" * 400, font=HEAVY, size_px=96, least_px=48, width_px=400, height_px=200, where="title")
    with pytest.raises(CampaignProblems, match="no text"):
        set_text(" \n ", font=HEAVY, size_px=96, least_px=48, width_px=400, height_px=200, where="title")


def test_a_room_that_is_less_than_nothing_is_told_as_nothing() -> None:
    for width, height in ((-30, 200), (400, -8)):
        with pytest.raises(CampaignProblems) as caught:
            set_text(
                "개막", font=HEAVY, size_px=96, least_px=48, width_px=width, height_px=height, where="title"
            )
        for language in ("en", "ko"):
            assert "-" not in caught.value.sentence(language).replace(" — ", "")
    with pytest.raises(CampaignProblems) as caught:
        set_on_lines(
            "개막", font=HEAVY, size_px=96, least_px=48, lines=1, width_px=-30, height_px=90, where="title"
        )
    assert "-30" not in str(caught.value)


CALLOUT = "이번 주말 한옥마을에서 만나요 " * 6 + "꼭 오세요 여러분"


@pytest.mark.parametrize("size", [60, 92, 104, 160, 300])
def test_a_text_that_fits_small_fits_however_large_it_was_asked_for(size: int) -> None:
    text = CALLOUT[:100]
    made = set_on_lines(
        text, font=BOLD, size_px=size, least_px=20, lines=2, width_px=860, height_px=600, where="callout"
    )
    assert len(made.lines) == 2
    assert made.size_px >= 22


def test_a_short_label_stays_on_one_line_if_its_letters_need_not_be_much_smaller() -> None:
    def label(width: int) -> tuple[int, int]:
        made = set_on_lines(
            "한빛광장 공연",
            font=BOLD,
            size_px=60,
            least_px=20,
            lines=2,
            width_px=width,
            height_px=300,
            where="t",
        )
        return len(made.lines), made.size_px

    whole = set_at_size("한빛광장 공연", font=BOLD, size_px=60, width_px=900, where="t").width_px
    assert label(whole) == (1, 60)
    assert label(whole - 10)[0] == 1
    assert 51 <= label(whole - 10)[1] < 60
    assert label(whole * 2 // 3) == (2, 60)


def test_a_text_that_fits_is_measured_at_no_other_size(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def noted(font: Path, size_px: int) -> Letters:
        sizes.append(size_px)
        return letters_of(font, size_px)

    monkeypatch.setattr("reels.art.text.letters_of", noted)
    set_text("개막", font=HEAVY, size_px=96, least_px=48, width_px=400, height_px=200, where="title")
    assert set(sizes) == {96}


def test_a_character_without_a_glyph_is_named_with_its_place() -> None:
    with pytest.raises(GlyphMissing) as caught:
        _third("김하늘鬱", "주무관")
    assert caught.value.where == "people name"
    assert caught.value.codepoint == "U+9B31"
    with pytest.raises(GlyphMissing, match="people role"):
        _third("김하늘", "주무관 鬱")


def test_invisible_signs_and_decomposed_hangul_draw_the_same_picture() -> None:
    plain = _pixels(_third("김하늘", "홍보담당관 주무관"))
    decomposed = unicodedata.normalize("NFD", "김하늘")
    assert np.array_equal(plain, _pixels(_third(decomposed, "홍보담당관   주무관\n")))
    assert np.array_equal(plain, _pixels(_third("김\u200b하\u202e늘\ufe0f", "홍보담당관 주무관")))


# --- stills ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [PLATES, OUTLINED])
@pytest.mark.parametrize(
    "text", ["개막", "비빔밥축제에 놀러 오세요", FORTY, "Hanbit City Festival Weekend 2026"]
)
@pytest.mark.parametrize("raster", [PORTRAIT_1080, Raster(720, 1280)])
def test_a_title_is_as_large_as_measured_even_and_inside_its_room(
    text: str, look: TitleLook, raster: Raster
) -> None:
    still = _title(text, look, raster)
    measured = measure_title(_title_of(text, look), raster=raster, room=TITLE_ROOM, where="title")
    assert Raster(*still.size) == measured
    assert still.width % 2 == still.height % 2 == 0
    assert still.width <= TITLE_ROOM.width
    assert still.height <= TITLE_ROOM.height


def test_an_outlined_title_ends_before_its_box_does() -> None:
    alpha = _pixels(_title("비빔밥축제에 놀러 오세요", OUTLINED))[..., 3]
    edge = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert edge.max() <= 16  # the last of the soft shadow


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("김하늘", "홍보담당관 주무관"),
        ("이도윤", ""),
        (FORTY, FORTY),
        ("가나 다라 " * 8, "한빛시 문화관광국 축제지원과 축제기획팀 지방행정주사보 겸 대변인"),
    ],
)
def test_a_lower_third_holds_extreme_names_inside_its_room(name: str, role: str) -> None:
    still = _third(name, role)
    assert Raster(*still.size) == measure_lower_third(
        _third_of(name, role), raster=PORTRAIT_1080, room=THIRD_ROOM, where="people"
    )
    assert still.width <= THIRD_ROOM.width
    assert still.height <= THIRD_ROOM.height
    pixels = _pixels(still)
    white = np.argwhere((pixels[..., :3] > 240).all(axis=2) & (pixels[..., 3] == 255))
    (top, left), (bottom, right) = white.min(axis=0), white.max(axis=0)
    # Letters keep their air to the plate's edges and to the accent bar.
    assert min(top, still.height - 1 - bottom) >= 12
    assert left >= 14 + 20
    assert still.width - 1 - right >= 20


def test_a_lower_third_without_a_role_is_lower_than_one_with_a_role() -> None:
    assert _third("이도윤", "").height < _third("이도윤", "주무관").height


def test_a_lower_third_without_a_name_is_refused() -> None:
    with pytest.raises(CampaignProblems, match="people name"):
        _third(" ", "주무관")


def test_stills_follow_the_height_of_the_raster() -> None:
    whole, half = _third("김하늘", "주무관"), _third("김하늘", "주무관", Raster(540, 960))
    assert abs(whole.width - 2 * half.width) <= 8
    assert abs(whole.height - 2 * half.height) <= 8


def test_the_same_words_draw_the_same_bytes() -> None:
    assert _title("개막").tobytes() == _title("개막").tobytes()


def test_a_plates_edge_has_the_plates_colour_and_not_a_darker_one() -> None:
    pixels = _pixels(_third("김하늘", "주무관"))
    right_half = pixels[:, pixels.shape[1] // 2 :]
    partial = right_half[(right_half[..., 3] > 0) & (right_half[..., 3] < 255)]
    assert len(partial) > 10
    assert np.abs(partial[:, :3] - np.array(NAVY.rgb)).max() <= 2


def test_invisible_pixels_beside_visible_ones_carry_their_colour() -> None:
    pixels = _pixels(_title("개막", OUTLINED))
    assert (pixels[pixels[..., 3] == 0][:, :3].sum(axis=1) > 30).all()
    red = Colour(200, 0, 0)
    picture = clear(60, 40)
    paint(picture, rounded_mask(picture.size, (20, 10, 40, 30), 6), red)
    bled = _pixels(bleed(picture))
    assert np.array_equal(bled[..., 3], _pixels(picture)[..., 3])
    assert np.abs(bled[..., :3] - np.array(red.rgb)).max() <= 2


def test_contrast_is_that_of_the_standard() -> None:
    assert round(contrast_ratio(WHITE, BLACK), 2) == 21.0
    assert round(contrast_ratio(Colour.parse("#767676"), WHITE), 2) == 4.54  # the classic least grey on white
    assert contrast_ratio(NAVY, NAVY) == 1


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_colour_is_read_as_it_is_written(rgb: tuple[int, int, int]) -> None:
    assert Colour.parse(str(Colour(*rgb))) == Colour(*rgb)


@pytest.mark.parametrize("text", ["1456B8", "#1456B", "#1456B8\n", "blue", "#GGGGGG", "#１４５６７８"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        Colour.parse(text)


# --- logo ------------------------------------------------------------------------------------------------

LOGO_ROOM = Raster(230, 160)


def _png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that claims to be of that size, whatever its body holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_the_sample_logo_keeps_its_shape_in_its_room() -> None:
    logo = assets_dir() / "brand" / "logo.png"
    still = draw_logo(logo, room=LOGO_ROOM)
    assert Raster(*still.size) == measure_logo(logo, room=LOGO_ROOM) == Raster(230, 80)
    pixels = _pixels(still)
    assert pixels[0, 0, 3] == 0  # outside the capsule
    assert np.abs(pixels[8, 180, :3] - np.array(NAVY.rgb)).max() <= 3  # the capsule, above the wordmark
    faint = _pixels(draw_logo(logo, room=LOGO_ROOM, opacity=0.5))
    assert abs(int(faint[..., 3].max()) - 128) <= 1


def test_a_tall_logo_is_bound_by_the_height_of_its_room(tmp_path: Path) -> None:
    path = tmp_path / "tall.png"
    Image.new("RGBA", (200, 800), (255, 0, 0, 255)).save(path)
    assert draw_logo(path, room=LOGO_ROOM).size == (40, 160)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("text.png", b"hello", "no PNG or JPEG"),
        ("empty.png", b"", "no PNG or JPEG"),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no PNG or JPEG"),
        ("wide.png", _png(5000, 4000), "5000x4000 pixels"),
        ("bomb.png", _png(60000, 60000), "too many pixels"),
        ("broken.png", _png(300, 100, b"\x78\x9c\x00"), "damaged"),
    ],
)
def test_a_hostile_or_broken_logo_is_refused_before_it_costs_memory(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CampaignProblems, match=found):
        draw_logo(path, room=LOGO_ROOM)


def test_a_gif_a_folder_and_a_missing_file_are_no_logos(tmp_path: Path) -> None:
    Image.new("P", (10, 10)).save(tmp_path / "logo.gif")
    for path in (tmp_path / "logo.gif", tmp_path, tmp_path / "none.png"):
        with pytest.raises(CampaignProblems):
            draw_logo(path, room=LOGO_ROOM)


def test_logos_of_every_usual_mode_keep_their_colour(tmp_path: Path) -> None:
    grey16 = Image.fromarray(np.full((50, 100), 32896, dtype=np.uint16))
    palette = Image.new("RGB", (100, 50), (128, 128, 128)).quantize(4)
    cases = {
        "grey16.png": grey16,
        "palette.png": palette,
        "grey.png": Image.new("L", (100, 50), 128),
        "cmyk.jpg": Image.new("CMYK", (100, 50), (0, 0, 0, 127)),
        "rgb.jpg": Image.new("RGB", (100, 50), (128, 128, 128)),
    }
    for name, picture in cases.items():
        picture.save(tmp_path / name)
        pixels = _pixels(draw_logo(tmp_path / name, room=LOGO_ROOM))
        assert pixels.shape[:2] == (114, 230), name
        assert np.abs(pixels[50, 100] - np.array([128, 128, 128, 255])).max() <= 3, name


@pytest.mark.parametrize(("size", "shown"), [((4, 4000), (2, 160)), ((4000, 4), (230, 2))])
def test_a_strip_of_a_logo_stays_a_strip(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    path = tmp_path / "strip.png"
    Image.new("RGBA", size, (255, 0, 0, 255)).save(path)
    assert measure_logo(path, room=LOGO_ROOM) == Raster(*shown)
    assert draw_logo(path, room=LOGO_ROOM).size == shown


def test_a_photographed_logo_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (100, 50), (255, 0, 0)).save(tmp_path / "turned.jpg", exif=exif)
    assert measure_logo(tmp_path / "turned.jpg", room=Raster(100, 100)) == Raster(50, 100)
    assert draw_logo(tmp_path / "turned.jpg", room=Raster(100, 100)).size == (50, 100)


# --- cover -----------------------------------------------------------------------------------------------


def _opened(cover: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(cover))
    picture.load()
    return picture


def _noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (1920, 1080, 3), dtype=np.uint8))


def _crop(raster: Raster, across: int, down: int) -> Box:
    """The middle of `raster` that a grid of `across` by `down` shows."""
    width = min(raster.width, raster.height * across // down)
    height = min(raster.height, raster.width * down // across)
    left, top = (raster.width - width) // 2, (raster.height - height) // 2
    return Box(left, top, left + width, top + height)


def _letters(cover: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Box:
    white = np.argwhere((cover > 225).all(axis=2))
    (top, left), (bottom, right) = white.min(axis=0), white.max(axis=0)
    return Box(int(left), int(top), int(right) + 1, int(bottom) + 1)


COVER_TITLES = ("개막", "이번 주말, 한옥마을에서 만나요!", FORTY, "Spring festival in the old town", "Gagyp")


@pytest.mark.parametrize("raster", [PORTRAIT_1080, Raster(720, 1280)], ids=str)
@pytest.mark.parametrize("title", COVER_TITLES)
def test_a_covers_title_lies_in_every_crop_that_a_grid_shows(title: str, raster: Raster) -> None:
    """At the foot, and at the head where a face is at the foot; by its pixels."""
    frame = Image.new("RGB", (raster.width, raster.height), (40, 90, 60))
    foot_face = Box(raster.width // 3, raster.height * 11 // 20, raster.width // 2, raster.height * 7 // 10)
    found = []
    for faces in ((), (foot_face,)):
        cover = _pixels(_opened(draw_cover(frame, title, COVER, faces=faces))).astype(np.uint8)
        seen = _letters(cover)
        assert cover_title_room(raster).contains(seen)
        for grid in ("1:1", "3:4", *(crop for p in list_platforms() for crop in p.preview_crops)):
            across, down = map(int, grid.split(":"))
            assert _crop(raster, across, down).contains(seen), grid
        found.append(seen)
    foot, head = found
    square = _crop(raster, 1, 1)
    assert foot.bottom > square.bottom - raster.height // 16, "at the foot of the square"
    assert head.top < square.top + raster.height // 16, "at its head"
    assert head.intersection(foot_face) is None


def test_the_places_of_a_covers_title_are_where_it_is_drawn() -> None:
    frame = Image.new("RGB", (1080, 1920), (40, 90, 60))
    for title in COVER_TITLES:
        places = cover_title_places(title, COVER, PORTRAIT_1080)
        for number, faces in enumerate(((), (places[0],))):
            cover = _pixels(_opened(draw_cover(frame, title, COVER, faces=faces))).astype(np.uint8)
            assert places[number].contains(_letters(cover))
    assert cover_title_places(" ", COVER, PORTRAIT_1080) == ()


def test_a_face_that_the_title_misses_anyway_moves_nothing() -> None:
    frame = Image.new("RGB", (1080, 1920), (40, 90, 60))
    plain = draw_cover(frame, "개막", COVER)
    assert draw_cover(frame, "개막", COVER, faces=[Box(300, 500, 700, 1000)]) == plain
    (foot, head) = cover_title_places("개막", COVER, PORTRAIT_1080)
    both = Box(foot.left, head.top, foot.right, foot.bottom)
    assert draw_cover(frame, "개막", COVER, faces=[both]) == plain, "where neither is free, the usual place"


def test_a_covers_title_reads_on_a_white_wall() -> None:
    cover = _pixels(_opened(draw_cover(Image.new("RGB", (1080, 1920), (255, 255, 255)), "개막 축하", COVER)))
    text = set_text("개막 축하", font=HEAVY, size_px=132, least_px=56, width_px=936, height_px=500, where="t")
    top = cover_title_room(PORTRAIT_1080).bottom - text.height_px
    behind = cover[top, 1040]
    assert contrast_ratio(WHITE, Colour(*(int(part) for part in behind))) >= 4.5


def test_a_cover_keeps_its_size_limit_on_the_busiest_frame() -> None:
    cover = draw_cover(_noise(), "비빔밥축제에 놀러 오세요", COVER, largest_bytes=1_000_000)
    assert len(cover) <= 1_000_000
    assert _opened(cover).size == (1080, 1920)
    with pytest.raises(CampaignProblems, match="at most 1000 bytes"):
        draw_cover(_noise(), "", COVER, largest_bytes=1000)


def test_a_cover_without_a_title_is_the_frame_itself_without_metadata() -> None:
    cover = _opened(draw_cover(Image.new("RGB", (540, 960), (10, 120, 200)), " ", COVER))
    assert cover.format == "JPEG"
    assert cover.size == (540, 960)
    assert not cover.getexif()
    assert np.abs(_pixels(cover) - np.array([10, 120, 200])).max() <= 3
