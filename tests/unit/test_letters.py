"""Emoji in titles, names and cards: drawn from a font of their own, as tall as Hangul, or refused by name."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from reels.art import letters
from reels.art.letters import drawable, flag_sign, keycap_sign, letters_of, require_drawable_text
from reels.art.text import SetText, paint_text, set_text
from reels.errors import GlyphMissing
from reels.fonts import emoji_font, load_font, shipped_fonts
from reels.resources import fonts_dir

HEAVY = fonts_dir() / "Pretendard-ExtraBold.otf"
SIZE = 100
BORROWED = sorted(load_font(emoji_font()).advances.keys() - load_font(HEAVY).advances.keys())
EVERY_EMOJI = "".join(chr(code) for code in BORROWED if 0xFF < code < 0xF0000)


def laid(text: str, width: int = 4000) -> SetText:
    return set_text(
        text, font=HEAVY, size_px=SIZE, least_px=SIZE, width_px=width, height_px=800, where="title"
    )


def painted(text: str) -> NDArray[np.uint8]:
    """One line on a mask, its baseline at 200 and its beginning at 100."""
    mask = Image.new("L", (2400, 400), 0)
    paint_text(mask, laid(text), 0, 100, 200)
    return np.asarray(mask)


def ink(text: str) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(painted(text) > 40)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def refused(text: str) -> str:
    with pytest.raises(GlyphMissing) as caught:
        require_drawable_text(HEAVY, [("title", text)])
    assert caught.value.font == load_font(HEAVY).full_name
    return caught.value.codepoint


def test_the_emoji_font_is_no_font_for_text() -> None:
    assert emoji_font() not in shipped_fonts()
    assert ord("가") not in load_font(emoji_font()).advances
    assert ord("1") not in load_font(emoji_font()).advances
    assert emoji_font().stat().st_size <= 900_000
    assert "SIL OPEN FONT LICENSE" in emoji_font().with_name("LICENSE.txt").read_text(encoding="utf-8")


def test_an_emoji_is_as_tall_as_hangul_and_stands_as_high() -> None:
    _, top, _, foot = ink("한글뷁")
    _, emoji_top, _, emoji_foot = ink("😀")
    assert abs(emoji_top - top) <= 2
    assert abs(emoji_foot - foot) <= 2


def test_an_emoji_looks_as_the_emoji_font_draws_it() -> None:
    left, top, right, foot = ink("🎉")
    mine = Image.fromarray(painted("🎉")[top:foot, left:right]).resize((64, 64))
    face = ImageFont.truetype(emoji_font(), 400, layout_engine=ImageFont.Layout.BASIC)
    large = Image.new("L", (800, 800), 0)
    ImageDraw.Draw(large).text((100, 600), "🎉", fill=255, font=face, anchor="ls")
    box = large.getbbox()
    assert box is not None
    theirs = large.crop(box).resize((64, 64))
    apart = np.abs(np.asarray(mine).astype(int) - np.asarray(theirs).astype(int)).mean()
    assert apart < 20, "the same shape"
    other = np.abs(np.asarray(theirs).astype(int) - painted("한")[100:164, 100:164].astype(int)).mean()
    assert other > 60, "which the measure tells from another one"


def test_letters_before_an_emoji_stay_where_they_are_and_the_width_is_that_of_all() -> None:
    alone, with_sign = painted("축제"), painted("축제 🎉")
    width = laid("축제").width_px
    assert np.array_equal(alone[:, : 100 + width], with_sign[:, : 100 + width])
    assert ink("축제 🎉")[2] <= 100 + laid("축제 🎉").width_px
    assert laid("축제 🎉 개막").width_px > laid("축제 🎉").width_px + laid("개막").width_px


@settings(deadline=None, max_examples=60)
@given(st.text("가힣뷁Wg19 🎉😀🔥" + EVERY_EMOJI, min_size=1, max_size=12).filter(lambda text: text.strip()))
def test_the_ink_of_any_emoji_stays_inside_the_line_and_its_width(text: str) -> None:
    made = laid(text)
    mask = Image.new("L", (made.width_px + 80, 400), 0)
    paint_text(mask, made, 0, 40, 200)
    box = mask.getbbox()
    assert box is not None
    left, top, right, foot = box
    # Some faces cry or laugh a little beyond the circle.
    assert top >= 200 - made.ascent_px - 5
    assert foot <= 200 + made.descent_px + 5
    assert 40 - 6 <= left <= right <= 40 + made.width_px + 6


def test_a_stroke_surrounds_emoji_as_it_does_letters() -> None:
    made = laid("😀")
    plain, wide = Image.new("L", (400, 400), 0), Image.new("L", (400, 400), 0)
    paint_text(plain, made, 0, 100, 200)
    paint_text(wide, made, 0, 100, 200, 8)
    one, other = plain.getbbox(), wide.getbbox()
    assert one is not None
    assert other is not None
    assert [b - a for a, b in zip(one, other, strict=True)] == [-8, -8, 8, 8]


def test_a_sign_that_the_font_has_itself_is_drawn_from_it() -> None:
    face = ImageFont.truetype(HEAVY, SIZE, layout_engine=ImageFont.Layout.BASIC)
    assert ord("★") in load_font(HEAVY).advances
    for text in ("★", "★\ufe0f", "©"):
        mask = Image.new("L", (2400, 400), 0)
        ImageDraw.Draw(mask).text((100, 200), text[0], fill=255, font=face, anchor="ls")
        assert np.array_equal(painted(text), np.asarray(mask)), text


def test_a_keycap_and_a_flag_become_one_sign() -> None:
    assert drawable("1\ufe0f\u20e3 신청 #\u20e3") == f"{keycap_sign('1')} 신청 {keycap_sign('#')}"
    assert drawable("🇰🇷🇺🇸") == flag_sign("🇰🇷") + flag_sign("🇺🇸")
    assert not np.array_equal(painted("🇰🇷"), painted("🇺🇸"))
    assert not np.array_equal(painted("1\ufe0f\u20e3"), painted("1"))


def test_a_family_becomes_its_members_and_a_skin_tone_falls_away() -> None:
    assert drawable("👨\u200d👩\u200d👧") == "👨👩👧"
    assert drawable("👍🏽 좋아요") == "👍 좋아요"
    assert drawable("🙆🏻\u200d♀\ufe0f") == "🙆"
    assert drawable(unicodedata.normalize("NFD", "김하늘\u200b 🌸")) == "김하늘 🌸"


@pytest.mark.parametrize(
    ("text", "codepoint"),
    [
        ("축제 鬱", "U+9B31"),
        ("🇽🇽", "U+1F1FD"),
        ("🇰", "U+1F1F0"),
        ("🏴\U000e0067\U000e0062\U000e007f", "U+E0067"),
        ("\U000f0031", "U+F0031"),
        ("가\u20e3", "U+20E3"),
    ],
    ids=["hanja", "a flag of no country", "half a flag", "a flag of a region", "a private sign", "no key"],
)
def test_what_neither_font_draws_is_refused_with_its_code(text: str, codepoint: str) -> None:
    assert refused(text) == codepoint
    with pytest.raises(GlyphMissing):
        laid(text)


def test_a_keycap_stays_with_what_follows_and_an_emoji_with_what_it_follows() -> None:
    one, two = keycap_sign("1"), keycap_sign("2")
    assert laid("1\ufe0f\u20e3 신청 2\ufe0f\u20e3 추첨", 500).lines == (f"{one} 신청", f"{two} 추첨")
    assert laid("봄축제 🌸 여름바다 🌊", 500).lines == ("봄축제 🌸", "여름바다 🌊")


def test_the_emoji_font_is_not_opened_for_a_text_without_emoji(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def noted() -> Path:
        opened.append(1)
        return emoji_font()

    monkeypatch.setattr("reels.art.letters.emoji_font", noted)
    letters._letters.cache_clear()
    require_drawable_text(HEAVY, [("title", "봄축제, 2026 Festival!")])
    assert painted("봄축제, 2026 Festival!").any()
    assert not opened
    assert painted("봄축제 🎉").any()
    assert opened


def test_letters_of_one_face_and_size_are_made_once() -> None:
    assert letters_of(HEAVY, SIZE) is letters_of(Path(HEAVY), SIZE)


def test_a_font_that_is_replaced_is_drawn_anew_by_a_process_that_lives_on(tmp_path: Path) -> None:
    """A worker of a cluster draws for days, and a plan counts the new font's content."""
    file = tmp_path / "brand.otf"
    shutil.copyfile(fonts_dir() / "Pretendard-Bold.otf", file)
    bold = letters_of(file, 100).length_px("한빛시 축제 HAM")
    new = tmp_path / "new.otf"
    shutil.copyfile(fonts_dir() / "Pretendard-ExtraBold.otf", new)
    new.replace(file)
    heavier = letters_of(file, 100).length_px("한빛시 축제 HAM")
    assert heavier == letters_of(fonts_dir() / "Pretendard-ExtraBold.otf", 100).length_px("한빛시 축제 HAM")
    assert heavier != bold
