"""The sheet of stills: which moments it shows, and that nothing on it is ever more than text."""

from __future__ import annotations

import base64
import io
import re
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reels.edit import cut_clips
from reels.interchange import Programme
from reels.platforms import load_platform
from reels.preview import Moment, SheetReel, Still, moments_of, sheet_text
from reels.subtitles import Cue
from reels.timing import TimeRange

RATE = Fraction(25)


def programme(*cues: tuple[float, float, str], seconds: int = 4) -> Programme:
    edit = cut_clips([TimeRange(Fraction(0), Fraction(seconds))], RATE)
    return Programme(
        name="축제",
        edit=edit,
        media=(),
        cues=tuple(
            Cue(
                start=Fraction(a).limit_denominator(1000), end=Fraction(b).limit_denominator(1000), lines=(t,)
            )
            for a, b, t in cues
        ),
    )


def test_each_cue_is_shown_in_its_middle_and_how_the_reel_begins_and_ends() -> None:
    found = moments_of(programme((1.0, 2.0, "안녕하세요"), (2.0, 3.0, "한빛시입니다")))
    assert [(moment.frame, moment.text) for moment in found] == [
        (0, ""),
        (37, "안녕하세요"),
        (62, "한빛시입니다"),
        (99, ""),
    ]
    assert [moment.seconds for moment in found] == [0, 1, 2, Fraction(99, 25)]
    assert found[1].as_written == "37f"


def test_what_is_said_wins_where_a_cue_stands_at_the_very_beginning() -> None:
    found = moments_of(programme((0.0, 0.04, "네"), (3.9, 4.0, "끝")))
    assert [(moment.frame, moment.text) for moment in found] == [(0, "네"), (98, "끝"), (99, "")]


@given(st.lists(st.tuples(st.floats(0, 3.5), st.floats(0.01, 0.5)), max_size=12))
def test_moments_come_in_order_once_and_inside_the_reel(times: list[tuple[float, float]]) -> None:
    found = moments_of(programme(*((start, start + length, "말") for start, length in times)))
    frames = [moment.frame for moment in found]
    assert frames == sorted(set(frames))
    assert frames[0] == 0
    assert frames[-1] == 99


class Read(HTMLParser):
    """Tags with their attributes, and all text that a person sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheet") / "frame.png"
    Image.new("RGB", (1080, 1920), (20, 90, 200)).save(path)
    return path


def sheet(picture: Path, text: str, *, title: str = "축제") -> str:
    moment = Moment(frame=37, seconds=Fraction(61, 2) + 40, text=text)
    reel = SheetReel(
        id="festival",
        title=title,
        platforms=(load_platform("instagram-reels"),),
        duration=Fraction(83),
        stills=(Still(moment=moment, picture=picture),),
    )
    return sheet_text("한빛시 소식", [reel], "ko")


HOSTILE = "<script>alert(1)</script> & \"><img src=x onerror=alert(1)> ' `"


def test_text_stays_text_whatever_stands_in_it(picture: Path) -> None:
    page = Read(sheet(picture, HOSTILE, title=HOSTILE))
    assert HOSTILE in page.text
    assert [tag for tag, _ in page.tags if tag in ("script", "iframe", "link", "form", "object")] == []
    (shown,) = [attributes for tag, attributes in page.tags if tag == "img"]
    assert set(shown) == {"src", "alt"}
    assert HOSTILE in (shown["alt"] or "")


def test_the_page_asks_nobody_for_anything(picture: Path) -> None:
    page = Read(sheet(picture, "안녕하세요\n한빛시입니다"))
    (policy,) = [
        attributes["content"]
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    for tag, attributes in page.tags:
        assert "href" not in attributes, tag
        assert (attributes.get("src") or "data:").startswith("data:image/jpeg;base64,") or tag != "img"


def test_the_still_is_the_frame_made_small(picture: Path) -> None:
    (packed,) = re.findall(r"data:image/jpeg;base64,([^\"]+)", sheet(picture, "말"))
    with Image.open(io.BytesIO(base64.b64decode(packed))) as small:
        assert small.size == (270, 480)
        shown = small.convert("RGB").getpixel((135, 240))
    assert isinstance(shown, tuple)
    assert all(abs(a - b) < 6 for a, b in zip(shown, (20, 90, 200), strict=True))


def test_times_and_lengths_are_told_as_people_read_them(picture: Path) -> None:
    page = Read(sheet(picture, ""))
    assert "1:10.5" in page.text
    assert "1:23.0 · 인스타그램 릴스" in page.text
    assert "말 없음" in page.text
    assert "올리는 파일이 아닙니다" in page.text
