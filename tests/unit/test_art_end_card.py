"""The end card: a QR code that phones read, marks, credits, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import segno
from numpy.typing import NDArray
from PIL import Image

from reels.art.colour import WHITE, Colour
from reels.art.drawing import measure, scene_of
from reels.art.elements import CardLook, EndElement
from reels.art.end_card import qr_modules
from reels.errors import CampaignProblems
from reels.geometry import PORTRAIT_1080, Raster
from reels.resources import assets_dir
from tests.art_samples import BLUE, NAVY, RATE, Pixels, box_of, card_look, end_card, painted, pixels

ROOM = Raster(860, 1400)
HD = Raster(720, 1280)
ADDRESS = "https://www.hanbit.example/festival"


def _still(element: EndElement, raster: Raster = PORTRAIT_1080, room: Raster = ROOM) -> Pixels:
    return pixels(scene_of(element, raster=raster, room=room, rate=RATE, where="t").at(-1))


def _read(still: Pixels) -> tuple[int, NDArray[np.bool_], tuple[int, int, int, int]]:
    """(pixels a module, the modules, their box), read off the picture as a reader would: by the finder's edges."""
    dark = (still[..., :3].max(axis=2) < 40) & (still[..., 3] == 255)
    left, top, right, bottom = box_of(dark)
    assert right - left == bottom - top
    first = dark[top, left:right]
    finder = int(np.argmin(first))  # the first row begins with the seven dark modules of a finder
    assert finder % 7 == 0
    module = finder // 7
    assert (right - left) % module == 0
    count = (right - left) // module
    blocks = dark[top:bottom, left:right].reshape(count, module, count, module)
    assert (blocks.all(axis=(1, 3)) | ~blocks.any(axis=(1, 3))).all()  # no module is half dark
    return module, blocks.all(axis=(1, 3)), (left, top, right, bottom)


def _matrix(text: str) -> NDArray[np.bool_]:
    return np.array(segno.make_qr(text, error="m", boost_error=False).matrix).astype(bool)


@pytest.mark.parametrize(
    "text", [ADDRESS, "https://한빛시.example/축제", "https://h.example/" + "a" * 150, "1"]
)
@pytest.mark.parametrize(("raster", "room", "least"), [(PORTRAIT_1080, ROOM, 8), (HD, Raster(570, 930), 5)])
def test_the_code_on_the_picture_is_the_standards_code_in_whole_pixels(
    text: str, raster: Raster, room: Raster, least: int
) -> None:
    module, read, _ = _read(_still(end_card(qr=text), raster, room))
    assert np.array_equal(read, _matrix(text))
    assert module >= least


@pytest.mark.parametrize("look", [card_look(centred=True), card_look(text=NAVY), card_look(plate=BLUE)])
def test_a_code_is_dark_on_white_with_its_quiet_zone_whatever_the_brand(look: CardLook) -> None:
    still = _still(end_card(look=look))
    module, _, (left, top, right, bottom) = _read(still)
    quiet = 4 * module  # Source: ISO/IEC 18004
    around = still[top - quiet : bottom + quiet, left - quiet : right + quiet]
    ring = np.ones(around.shape[:2], bool)
    ring[quiet:-quiet, quiet:-quiet] = False
    assert (around[ring] == 255).all()
    dark = around[(around[..., :3] < 128).all(axis=2)]
    assert (dark[:, :3] == 0).all()


def test_a_code_survives_what_level_m_promises() -> None:
    assert np.array_equal(qr_modules(ADDRESS, where="t"), _matrix(ADDRESS))
    assert segno.make_qr(ADDRESS, error="m", boost_error=False).error == "M"


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(CampaignProblems, match="3000 characters") as caught:
        measure(end_card(qr="가" * 3000), raster=PORTRAIT_1080, room=ROOM, where="end")
    assert "end qr" in caught.value.problems[0].where


def test_what_is_empty_is_left_out_and_the_rest_stands_in_the_middle() -> None:
    whole = end_card()
    tall = []
    for element in (
        whole,
        replace(whole, qr=""),
        replace(whole, qr="", credits=(), licence=""),
        replace(whole, qr="", credits=(), licence="", address="", name=""),
    ):
        still = _still(element)
        _, top, _, bottom = box_of(still[..., 3] > 0)
        assert abs(top - (still.shape[0] - bottom)) <= 30
        tall.append(bottom - top)
    assert tall == sorted(tall, reverse=True)
    assert len(set(tall)) == 4


def test_the_logo_stands_above_all_and_the_licences_mark_beside_its_words(tmp_path: Path) -> None:
    Image.new("RGB", (90, 30), (0, 200, 120)).save(tmp_path / "mark.png")
    Image.new("RGB", (200, 100), (230, 0, 120)).save(tmp_path / "logo.png")
    element = end_card(logo=tmp_path / "logo.png", licence_mark=tmp_path / "mark.png")
    still = _still(element)
    logo = box_of(painted(still, Colour(230, 0, 120)))
    mark = box_of(painted(still, Colour(0, 200, 120)))
    white = painted(still, WHITE)
    assert logo[3] < box_of(white)[1]
    assert abs((logo[2] - logo[0]) / (logo[3] - logo[1]) - 2) < 0.05
    assert mark[1] > _read(still)[2][3]
    beside = white[mark[1] : mark[3], mark[2] :]
    assert beside.any()
    words = box_of(beside)
    assert words[0] >= 8
    assert abs((words[1] + words[3]) - (mark[3] - mark[1])) <= 8


@pytest.mark.parametrize("size", [(60, 60), (300, 30), (900, 30), (30, 300)])
def test_a_licences_mark_keeps_its_shape_however_wide_it_is(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, (0, 200, 120)).save(tmp_path / "mark.png")
    still = _still(end_card(licence_mark=tmp_path / "mark.png", qr=""))
    left, top, right, bottom = box_of(painted(still, Colour(0, 200, 120)))
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.1)
    assert right - left <= ROOM.width // 2


def test_lines_stand_in_the_middle_or_at_the_left_as_the_look_says() -> None:
    for centred in (True, False):
        look = card_look(centred=centred)
        still = _still(end_card(qr="", look=look))
        white = painted(still, WHITE)
        rows = np.flatnonzero(white.any(axis=1))
        lines = [
            box_of(white[p[0] : p[-1] + 1]) for p in np.split(rows, np.flatnonzero(np.diff(rows) > 8) + 1)
        ]
        assert len(lines) >= 4
        if centred:
            assert all(abs(left + right - ROOM.width) <= 14 for left, _, right, _ in lines)
        else:
            assert all(10 <= left <= 26 for left, _, _, _ in lines)


def test_many_credits_make_everything_smaller_but_the_code_can_still_be_read() -> None:
    credits_ = tuple(f"음악 {number} 어떤 곡의 제목과 지은이" for number in range(14))
    module, read, _ = _read(_still(end_card(credits=credits_)))
    assert module >= 8
    assert np.array_equal(read, _matrix(ADDRESS))
    with pytest.raises(CampaignProblems):
        measure(end_card(credits=credits_ * 5), raster=PORTRAIT_1080, room=ROOM, where="t")


def test_a_broken_mark_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "kogl.png").write_bytes(b"no picture")
    with pytest.raises(CampaignProblems, match=r"kogl\.png"):
        measure(end_card(licence_mark=tmp_path / "kogl.png"), raster=PORTRAIT_1080, room=ROOM, where="t")


def test_the_brands_own_logo_is_drawn() -> None:
    still = _still(end_card(logo=assets_dir() / "brand" / "logo.png", name="", qr=""))
    assert painted(still, NAVY).sum() > 2000
