"""Fonts as measures: names, widths against a shaper's, sizes for libass, missing glyphs."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont

from reels import fonts
from reels.errors import FontMissing, GlyphMissing
from reels.fonts import Font, check_glyphs, load_font, shipped_fonts
from reels.resources import fonts_dir


@pytest.fixture(params=shipped_fonts(), ids=lambda path: path.stem)
def font(request: pytest.FixtureRequest) -> Font:
    return load_font(request.param)


def test_the_shipped_faces_are_named_as_libass_finds_them() -> None:
    named = {path.name: load_font(path) for path in shipped_fonts()}
    assert {name: (f.family, f.bold, f.weight) for name, f in named.items()} == {
        "Pretendard-Bold.otf": ("Pretendard", True, 700),
        "Pretendard-ExtraBold.otf": ("Pretendard ExtraBold", False, 800),
    }
    assert (fonts_dir() / "LICENSE.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE") >= 1


def test_every_modern_hangul_syllable_and_sign_of_a_subtitle_can_be_drawn(font: Font) -> None:
    assert font.missing("".join(map(chr, range(0xAC00, 0xD7A4)))) == ()
    assert font.missing(" !?.,…·~-–—“”‘’'\"()[]<>《》「」/%℃㎡+×→★♪0123456789ABCxyz") == ()


@pytest.mark.parametrize(
    "text",
    [
        "한빛시 축제에 오세요",
        "AVATAR To Wa. KTX",
        "10월 3일 오전 10:30~12:00",
        "“네.” (박수) …",
        "가뷁힣 괜찮아요!",
    ],
)
def test_a_line_is_as_wide_as_a_shaper_sets_it_and_never_wider_than_measured(font: Font, text: str) -> None:
    shaped = ImageFont.truetype(font.path, 1000, layout_engine=ImageFont.Layout.RAQM).getlength(text)
    measured = float(font.text_width_px(text, 1000))
    assert shaped <= measured + 1
    assert shaped >= measured * (0.94 if text.isascii() else 0.98)


def test_signs_that_show_nothing_take_no_room(font: Font) -> None:
    assert font.text_width_px("\\\u2060N", 50) == font.text_width_px("\\N", 50)
    assert font.missing("가\u2060\u200d\ufe0f\n") == ()


def test_an_em_in_pixels_becomes_the_size_that_libass_scales_by(font: Font) -> None:
    assert font.ass_font_size(100) == Fraction(1949 + 494, 2048) * 100
    assert font.line_height_px(100) == font.ass_font_size(100)


def test_a_sign_without_a_glyph_is_named_with_its_place(font: Font) -> None:
    assert font.missing("축제 😀漢 😀") == ("😀", "漢")
    with pytest.raises(GlyphMissing) as missing:
        check_glyphs(font, [("cue 1", "축제"), ("subtitles/hello.ko.srt cue 2", "축제 😀")])
    assert missing.value.codepoint == "U+1F600"
    assert missing.value.where == "subtitles/hello.ko.srt cue 2"
    assert font.full_name in str(missing.value)
    assert missing.value.exit_code == 5


def test_a_private_or_unassigned_character_is_missing_and_not_invisible(font: Font) -> None:
    assert font.missing("\U000f1234\u0378") == ("\U000f1234", "\u0378")


def test_a_font_is_its_bytes_wherever_they_lie(font: Font, tmp_path: Path) -> None:
    copy = tmp_path / "다른 이름.otf"
    shutil.copyfile(font.path, copy)
    assert load_font(copy) == font
    assert hash(load_font(copy)) == hash(font)
    assert pickle.loads(pickle.dumps(font)) == font
    assert load_font(font.path) is load_font(font.path)


def test_what_is_no_font_is_refused_with_its_path(tmp_path: Path, font: Font) -> None:
    whole = font.path.read_bytes()
    cases = {
        "없음.otf": None,
        "글.txt": b"hello",
        "글.ttf": b"hello",
        "빈.otf": b"",
        "잘린.otf": whole[:5000],
        "깨진.otf": whole[:12] + bytes(200) + whole[212:],
        "모음.ttc": b"ttcf",
    }
    for name, raw in cases.items():
        path = tmp_path / name
        if raw is not None:
            path.write_bytes(raw)
        with pytest.raises(FontMissing) as refused:
            load_font(path)
        assert name in str(refused.value)
    with pytest.raises(FontMissing):
        load_font(tmp_path)


# --- measured once ---------------------------------------------------------------------------------------


@pytest.fixture
def anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the user's, and nothing remembered by this process."""
    monkeypatch.setenv("REELS_CACHE", str(tmp_path / "cache"))
    fonts._load.cache_clear()
    return tmp_path / "cache"


def everything(font: Font) -> tuple[object, ...]:
    """Also what does not count when fonts are compared."""
    return font, dict(font.advances), font.path


def test_a_face_is_measured_once_in_a_users_life(anew: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shipped_fonts()[0]
    measured = everything(load_font(path))
    assert [file.suffix for file in anew.rglob("*") if file.is_file()] == [".json"]
    fonts._load.cache_clear()
    monkeypatch.setattr(fonts, "_measured_in", lambda *_: pytest.fail("measured again"))
    assert everything(load_font(path)) == measured


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: None,
        lambda kept: [],
        lambda kept: {**kept, "weight": "700"},
        lambda kept: {**kept, "bold": 1},
        lambda kept: {**kept, "advances": None},
        lambda kept: {**kept, "advances": [[0xAC00, 1]]},
        lambda kept: {**kept, "advances": [[0xAC00, 10**12, 900]]},
        lambda kept: {**kept, "advances": [[0xAC00, -1, 900]]},
        lambda kept: {**kept, "more": 1},
        lambda kept: {name: value for name, value in kept.items() if name != "family"},
    ],
)
def test_what_cannot_be_right_is_measured_again(anew: Path, damage: Callable[[Any], Any]) -> None:
    path = shipped_fonts()[0]
    measured = everything(load_font(path))
    (kept,) = (file for file in anew.rglob("*.json"))
    kept.write_text(json.dumps(damage(json.loads(kept.read_text()))), encoding="ascii")
    fonts._load.cache_clear()
    assert everything(load_font(path)) == measured


def test_a_cache_that_cannot_be_written_costs_only_time(anew: Path) -> None:
    anew.write_text("a file in the way", encoding="utf-8")
    assert load_font(shipped_fonts()[0]).units_per_em == 2048
