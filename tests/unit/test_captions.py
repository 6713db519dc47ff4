"""What is burned in: whose words, which of them stand out and when, and that the font can draw them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.brand import load_brand
from reels.campaign.model import CaptionOptions, ClipSpec, Person, ReelSpec, SubtitleOptions
from reels.campaign.subtitle_style import load_subtitle_style
from reels.campaign.template import load_template
from reels.edit import EditList, cut_clips
from reels.errors import GlyphMissing
from reels.geometry import Raster
from reels.media import MediaInfo, VideoStream
from reels.plan.captions import Captions, captions_of, shown_in
from reels.plan.delivery import common_keep_clear, common_safe_area, picture_spec
from reels.plan.footage import CuesFile, KnownClip
from reels.plan.screen import Screen, screen_of, stage_for
from reels.platforms import load_platform
from reels.resources import assets_dir
from reels.said import Said
from reels.subtitles import Caption, Cue
from reels.timing import FrameRange, TimeRange
from reels.transcript import Word

RATE = Fraction(30)
FULL_HD = Raster(1920, 1080)
MEDIA = MediaInfo(
    container="mov,mp4",
    duration=Fraction(60),
    start_time=Fraction(0),
    video=VideoStream(
        index=0,
        codec="h264",
        profile="High",
        coded=FULL_HD,
        display=FULL_HD,
        sar=Fraction(1),
        rotation=0,
        mirrored=False,
        rate=RATE,
        variable_frame_rate=False,
        interlaced=False,
        transfer="sdr",
        tagged_primaries="bt709",
        tagged_transfer="bt709",
        tagged_matrix="bt709",
        tagged_range="tv",
        pixel_format="yuv420p",
        bit_depth=8,
        first_pts=Fraction(0),
        last_pts_end=Fraction(60),
        frame_count=1800,
    ),
    audio=(),
    notes=(),
)


def cue(start: float, end: float, *lines: str) -> Cue:
    return Cue(start=Fraction(start), end=Fraction(end), lines=lines)


def word(start: float | Fraction, end: float | Fraction, text: str) -> Word:
    return Word(start=Fraction(start), end=Fraction(end), text=text)


def clip(*cues: Cue, people: Sequence[str] = (), words: Sequence[Word] = (), begin: int = 0) -> KnownClip:
    """Ten seconds of a film from `begin` on."""
    return KnownClip(
        spec=ClipSpec(footage=Path("IMG_0412.MOV"), people=tuple(Person(name=name) for name in people)),
        media=MEDIA,
        range_in_source=TimeRange(Fraction(begin), Fraction(begin + 10)),
        cues_in_source=cues,
        words_from="a person",
        words_in_source=tuple(words),
    )


def planned(
    style: str, *clips: KnownClip, options: CaptionOptions | None = None
) -> tuple[Captions, Screen, EditList]:
    platforms = (load_platform("instagram-reels"),)
    reel = ReelSpec(
        id="hello",
        clips=tuple(c.spec for c in clips),
        platforms=platforms,
        template=replace(load_template("plain"), subtitles=load_subtitle_style(style)),
        subtitles=SubtitleOptions(),
        captions=options or CaptionOptions(),
        brand=load_brand(assets_dir() / "brand"),
        where="campaign.yaml:3 reels[0]",
    )
    cut = cut_clips([c.range_in_source for c in clips], RATE)
    spec, safe = picture_spec(platforms, RATE), common_safe_area(platforms)
    screen = screen_of(reel, stage_for(reel, spec, safe, common_keep_clear(platforms)))
    return captions_of(reel, clips, cut, screen), screen, cut


def captions(style: str, *clips: KnownClip, options: CaptionOptions | None = None) -> tuple[Cue, ...]:
    return planned(style, *clips, options=options)[0].burned_in


# --- plain -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["outline", "box", "disaster", "short"])
def test_a_style_without_marks_makes_plain_cues(style: str) -> None:
    made = captions(style, clip(cue(1, 3, "김하늘: 축제에 오세요"), people=["김하늘"]))
    assert all(type(c) is Cue for c in made)
    assert "김하늘" in made[0].text


def test_the_short_style_shows_one_short_line_at_a_time() -> None:
    made = captions("short", clip(cue(1, 5, "이번 주말 한빛시에서", "비빔밥 축제가 열립니다")))
    assert len(made) >= 2
    assert all(len(c.lines) == 1 for c in made)
    assert " ".join(c.text for c in made) == "이번 주말 한빛시에서 비빔밥 축제가 열립니다"


def test_punctuation_is_as_the_guide_says_unless_the_campaign_wants_it_as_written() -> None:
    said = clip(cue(1, 3, "축제가 열립니다."))
    assert captions("outline", said)[0].text == "축제가 열립니다"
    as_written = CaptionOptions(punctuation=False)
    assert captions("outline", said, options=as_written)[0].text == "축제가 열립니다."


# --- the spoken word -------------------------------------------------------------------------------------


def test_each_word_is_marked_when_it_was_heard_in_programme_time() -> None:
    heard = [word(21, 21.4, "이번"), word(21.4, 21.9, "주말"), word(22, 22.8, "축제")]
    later = clip(cue(21, 23, "이번 주말", "축제"), words=heard, begin=20)
    (made,) = captions("highlight", clip(begin=0), later)
    assert isinstance(made, Caption)
    shown = [(made.lines[w.line][w.first : w.end], w.frames.start, w.frames.end) for w in made.spoken]
    assert shown == [("이번", 330, 342), ("주말", 342, 360), ("축제", 360, 390)]


def test_without_heard_words_the_cue_is_shared_out() -> None:
    (made,) = captions("highlight", clip(cue(1, 3, "한빛시 축제")))
    assert isinstance(made, Caption)
    assert [w.frames.start for w in made.spoken] == [30, 66]
    assert made.spoken[-1].frames.end == 90


def test_a_cue_keeps_only_the_words_that_show_in_its_chunk() -> None:
    (made,) = captions("highlight", clip(cue(1, 3, "한빛시 축제")))
    first, second = (shown_in(made, FrameRange(start, start + 60)) for start in (0, 60))
    assert isinstance(first, Caption)
    assert isinstance(second, Caption)
    assert len(first.spoken) == 1
    assert len(second.spoken) == 2
    assert shown_in(cue(1, 2, "네"), FrameRange(0, 60)) == cue(1, 2, "네")


def test_a_word_heard_elsewhere_changes_no_other_cue() -> None:
    cues = [cue(n, n + 1.5, f"{'가나다라마'[n // 2]}번 축제") for n in (0, 2, 4, 6, 8)]
    heard = [
        word(c.start + Fraction(k, 2), c.start + Fraction(k + 1, 2), w)
        for c in cues
        for k, w in enumerate(c.text.split())
    ]
    before = captions("highlight", clip(*cues, words=heard))
    moved = [replace(w, start=w.start + Fraction(1, 5)) if w.text == "다번" else w for w in heard]
    after = captions("highlight", clip(*cues, words=moved))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False, True, True]


# --- keywords --------------------------------------------------------------------------------------------


def test_the_campaigns_keywords_are_in_the_brands_accent_colour() -> None:
    options = CaptionOptions(keywords=("비빔밥 축제",))
    (made,) = captions("keyword", clip(cue(1, 3, "이번 비빔밥", "축제에서 만나요")), options=options)
    assert isinstance(made, Caption)
    tinted = [(made.lines[t.line][t.first : t.end], t.colour) for t in made.tints]
    assert tinted == [("비빔밥", "#FFB81C"), ("축제", "#FFB81C")]
    assert type(captions("outline", clip(cue(1, 3, "비빔밥 축제")), options=options)[0]) is Cue


# --- speakers --------------------------------------------------------------------------------------------

TALK = (
    cue(0, 1, "김하늘: 안녕하세요"),
    cue(1, 2, "[김하늘] 반갑습니다"),
    cue(2, 3, "이도윤: 네"),
    cue(3, 4, "안내: 비가 옵니다"),
    cue(4, 5, "김하늘: 그래요?"),
)


def test_speakers_have_their_colours_and_are_named_where_a_turn_begins() -> None:
    made = captions("interview", clip(*TALK, people=["김하늘", "이도윤"]))
    assert [c.text for c in made] == ["안녕하세요", "반갑습니다", "네", "안내: 비가 옵니다", "그래요?"]
    assert [c.name if isinstance(c, Caption) else "-" for c in made] == [
        "김하늘",
        "",
        "이도윤",
        "-",
        "김하늘",
    ]
    colours = [c.tints[0].colour if isinstance(c, Caption) else "-" for c in made]
    assert colours[0] == colours[1] == colours[4] != colours[2]
    assert all(t.end == len(c.lines[t.line]) for c in made if isinstance(c, Caption) for t in c.tints)


def test_a_sidecar_names_speakers_as_the_picture_does() -> None:
    made, _, _ = planned("interview", clip(*TALK, people=["김하늘", "이도윤"]))
    assert [c.text for c in made.for_sidecar][:3] == ["[김하늘] 안녕하세요", "반갑습니다", "[이도윤] 네"]
    assert all(type(c) is Cue for c in made.for_sidecar)
    assert [c.text for c in made.written][:3] == ["[김하늘] 안녕하세요", "반갑습니다", "[이도윤] 네"]


def test_only_who_is_in_the_clip_or_listed_speaks() -> None:
    said = cue(1, 2, "최가온: 네")
    (unknown,) = captions("interview", clip(said, people=["김하늘"]))
    assert unknown.text == "최가온: 네"
    options = CaptionOptions(speakers=("최가온",))
    (known,) = captions("interview", clip(said, people=["김하늘"]), options=options)
    assert isinstance(known, Caption)
    assert (known.name, known.text) == ("최가온", "네")


def test_two_who_speak_at_once_stay_named_in_the_text() -> None:
    together = clip(cue(1, 3, "김하늘: 네"), cue(1.2, 3, "이도윤: 아니요"), people=["김하늘", "이도윤"])
    (made,) = captions("interview", together)
    assert made.lines == ("김하늘: 네", "이도윤: 아니요")
    assert isinstance(made, Caption)
    assert len({tint.colour for tint in made.tints}) == 2


@pytest.mark.parametrize("name", ["{\\pos(0,0)}", "\\N", "a]b", "[", "김.*", "김하늘:"])
def test_a_hostile_name_is_a_name(name: str) -> None:
    (made,) = captions("interview", clip(cue(1, 2, f"[{name}] 네"), people=[name]))
    assert isinstance(made, Caption)
    assert (made.name, made.lines) == (name, ("네",))


# --- two languages ---------------------------------------------------------------------------------------


def test_english_stands_below_in_its_own_times_and_lines() -> None:
    korean = clip(cue(1, 3, "이번 주말 한빛시에서"))
    both = replace(
        korean, second_cues_in_source=(cue(1.5, 4, "This weekend in Hanbit City everybody eats bibimbap"),)
    )
    made, screen, _ = planned("bilingual", both, options=CaptionOptions(second="en"))
    (second,) = made.second
    assert isinstance(second, Caption)
    assert second.second
    assert second.start == Fraction(3, 2)
    assert len(second.lines) == 2
    assert max(map(len, second.lines)) <= 42
    assert screen.style.second_top_px > 0
    assert [c.text for c in made.for_sidecar] == ["이번 주말 한빛시에서"]
    assert (made.shows_second, made.burned_in) == (True, (*made.first, *made.second))
    sidecar, _, _ = planned("outline", both, options=CaptionOptions(second="en"))
    assert sidecar.burned_in == sidecar.first
    assert [" ".join(c.lines) for c in sidecar.second_for_sidecar] == [
        "This weekend in Hanbit City everybody eats bibimbap"
    ]
    assert all(type(c) is Cue for c in sidecar.second_for_sidecar)
    alone, screen, _ = planned("bilingual", both)
    assert alone.second == ()
    assert screen.style.second_size_px == 0


# --- glyphs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["outline", "highlight", "interview", "keyword", "short"])
def test_a_sign_without_a_glyph_is_named_with_file_cue_and_time(style: str) -> None:
    said = clip(cue(21, 22, "하나"), cue(24.2, 26, "축제 😀"), begin=20)
    with pytest.raises(GlyphMissing) as missing:
        captions(style, said)
    assert missing.value.where == "IMG_0412.MOV, cue 2 at 00:00:24.200"
    assert isinstance(missing.value.where, Said)
    assert missing.value.where.ko == "IMG_0412.MOV의 자막 2번(00:00:24.200)"
    assert "delete the sign" in missing.value.sentence("en")
    assert "지우거나" in missing.value.sentence("ko")


def test_a_sign_without_a_glyph_is_named_with_the_draft_and_its_number_there() -> None:
    said = clip(cue(1, 2, "하나"), cue(4, 6, "축제 😀"))
    said = replace(said, cues_file=CuesFile(name="subtitles/IMG_0412.ko.srt", numbers=(3, 1)))
    with pytest.raises(GlyphMissing) as missing:
        captions("outline", said)
    assert missing.value.where == "subtitles/IMG_0412.ko.srt, cue 1 at 00:00:04.000"


def test_signs_of_cues_that_the_reel_does_not_show_may_be_anything() -> None:
    (made,) = captions("outline", clip(cue(1, 2, "하나"), cue(15, 16, "😀")))
    assert made.text == "하나"


def test_the_second_language_and_names_are_proven_too() -> None:
    both = replace(clip(cue(1, 3, "네")), second_cues_in_source=(cue(1, 3, "Yes 😀"),))
    with pytest.raises(GlyphMissing, match="cue 1 at"):
        captions("bilingual", both, options=CaptionOptions(second="en"))
    assert captions("outline", both)[0].text == "네"
    with pytest.raises(GlyphMissing, match="U\\+6F22"):
        captions("interview", clip(cue(1, 2, "漢: 네"), people=["漢"]))


def test_selectors_and_joiners_that_show_nothing_are_no_missing_glyphs() -> None:
    (made,) = captions("outline", clip(cue(1, 2, "하트♥\ufe0e와\u200d \u2605\U000e0101")))
    assert "♥" in made.text
