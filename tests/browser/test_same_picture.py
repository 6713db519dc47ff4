"""What the page shows is what is burned in: its frame against the rendered film, its captions against libass's."""

from __future__ import annotations

import base64
import io
import os
import random
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Page

from reels.campaign.template import list_templates
from tests.end_to_end.entry_point import run_reels

from .conftest import Opened, Served, make_campaign, serving

Picture = npt.NDArray[np.int16]

TEMPLATES: Final = tuple(template.name for template in list_templates())
STYLES: Final = ("outline", "box", "disaster", "short", "highlight", "keyword", "interview", "bilingual")
TIMES_EACH: Final = int(os.environ.get("TIMES_EACH", "2"))
"""`make test-pictures` looks at twenty."""

_RATE: Final = Fraction(25)
_HIGHEST_MEAN: Final = 4.0
"""Levels by which the encoder of quick reels and its colours move a picture of large plain areas on average."""
_SEEN: Final = 60
"""Levels by which a pixel must differ to count as drawn: about half of a letter's edge."""

_ENGLISH = """\
1
00:00:00,200 --> 00:00:01,600
Hello, this is the city hall

2
00:00:01,800 --> 00:00:03,200
See you in the hanok village

3
00:00:03,400 --> 00:00:04,900
Do come to the festival
"""


def campaign_of(reels: str) -> str:
    head = "campaign: 2026 비빔밥축제\nplatforms: [instagram-reels]\nframing: centre\nreels:\n"
    return head + reels


def picture(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content)) as opened:
        return np.asarray(opened.convert("RGB"), np.int16)


def film_frames(film: Path, wanted: Collection[int]) -> dict[int, Picture]:
    """The frames of a film with these numbers."""
    with av.open(str(film)) as container:
        return {
            number: np.asarray(frame.to_ndarray(format="rgb24"), np.int16)
            for number, frame in enumerate(container.decode(video=0))
            if number in wanted
        }


def length_of(film: Path) -> int:
    with av.open(str(film)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


# --- the frame that stands -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A reel in each template, rendered, and the page of all of them."""
    home = tmp_path_factory.mktemp("home")
    reels = "".join(
        f"  - {{id: {name}, template: {name}, title: 축제에 놀러 오세요, hashtags: [전주], clips: [{{footage: IMG_0412.mp4,"
        f" people: [{{name: 김하늘, role: 홍보담당관}}]}}]}}\n"
        for name in TEMPLATES
    )
    root = make_campaign(tmp_path_factory.mktemp("templates") / "campaign", campaign_of(reels), seconds="3")
    ran = run_reels("render", root, "--draft", cwd=root, home=home)
    assert ran.code == 0, ran.stderr
    with serving(root, home) as served:
        yield served


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_frame_that_stands_is_the_frame_of_the_film(
    of_templates: Served, opened: Opened, template: str
) -> None:
    film = of_templates.root / "preview" / template / "instagram-reels" / f"{template}.mp4"
    page = opened(of_templates, "")
    wanted = random.Random(template).sample(range(1, length_of(film) - 1), TIMES_EACH)
    frames = film_frames(film, {near for number in wanted for near in (number - 1, number, number + 1)})
    for number in wanted:
        answer = page.request.get(f"{of_templates.origin}/api/reels/{template}/frames/{number}")
        assert answer.status == 200, answer.text()
        shown = picture(answer.body())
        differs = np.abs(shown - frames[number]).mean()
        assert differs < _HIGHEST_MEAN, (template, number)
        # The neighbour that shows something else must not be taken for it: of a moving title or a cue's first frame.
        for other in (number - 1, number + 1):
            if np.abs(frames[other] - frames[number]).mean() > 1:
                assert differs < np.abs(shown - frames[other]).mean(), (template, number)


# --- the captions over what plays ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_styles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A reel in each subtitle style, on plain footage, with nothing else drawn over it."""
    options: Mapping[str, str] = {
        "keyword": ", keywords: [한옥마을]",
        "interview": ", speakers: [김하늘]",
        "bilingual": ", second: en",
    }
    reels = "".join(
        f"  - {{id: {style}, template: plain, subtitles: {{style: {style}{options.get(style, '')}}},"
        f" clips: [{{footage: IMG_0412.mp4}}]}}\n"
        for style in STYLES
    )
    root = make_campaign(tmp_path_factory.mktemp("styles") / "campaign", campaign_of(reels))
    (root / "subtitles" / "IMG_0412.en.srt").write_text(_ENGLISH, encoding="utf-8")
    draft = root / "subtitles" / "IMG_0412.ko.srt"
    draft.write_text(
        draft.read_text(encoding="utf-8").replace("비빔밥축제에", "[김하늘] 비빔밥축제에"), encoding="utf-8"
    )
    with serving(root, tmp_path_factory.mktemp("home")) as served:
        yield served


_LETTERED = """async ([reel, frame]) => {
  const {letter, font} = await import('/page/lettering.js');
  const {Programme} = await import('/page/programme.js');
  const said = (await (await fetch(`/api/reels/${reel}`)).json()).programme;
  const programme = new Programme(said);
  const canvas = new OffscreenCanvas(...said.raster);
  const family = await font(said.style.font);
  letter(canvas.getContext('2d'), programme.captionsAt(frame), said.style, family, frame);
  const blob = await canvas.convertToBlob({type: 'image/png'});
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}"""
"""The captions of a frame as the page draws them, alone, in the raster of the reel."""


def lettered(page: Page, reel: str, frame: int, ground: Picture) -> Picture:
    drawn: Any = page.evaluate(_LETTERED, [reel, frame])
    with Image.open(io.BytesIO(base64.b64decode(drawn))) as opened:
        pixels = np.asarray(opened.convert("RGBA"), np.float64)
    alpha = pixels[..., 3:] / 255
    return np.asarray(np.round(alpha * pixels[..., :3] + (1 - alpha) * ground), np.int16)


def edges(shown: Picture, ground: Picture) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is drawn on `ground`."""
    rows, columns = np.nonzero(np.abs(shown - ground).max(axis=2) > _SEEN)
    assert rows.size, "nothing is drawn"
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


@pytest.mark.parametrize("style", STYLES)
def test_captions_stand_where_libass_puts_them(of_styles: Served, opened: Opened, style: str) -> None:
    page = opened(of_styles, style)
    address = f"{of_styles.origin}/api/reels/{style}/frames"
    bare = picture(page.request.get(f"{address}/2").body())
    for seconds in (Fraction(1), Fraction(5, 2), Fraction(21, 5)):
        number = int(seconds * _RATE)
        exact = picture(page.request.get(f"{address}/{number}").body())
        drawn = lettered(page, style, number, bare)
        one, other = edges(drawn, bare), edges(exact, bare)
        assert np.abs(np.subtract(one, other)).max() <= 1, (style, number, one, other)
        # And in between: the letters themselves, not only where they begin and end.
        left, top, right, bottom = other
        inside = np.s_[top : bottom + 1, left : right + 1]
        assert np.abs(drawn[inside] - exact[inside]).mean() < 12, (style, number)
