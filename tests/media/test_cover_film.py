"""The cover of made films: the good moment is found, a time is exactly its frame, a picture is itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from reels.campaign.model import ReelSpec, SubtitleOptions
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.covering import WantedCover
from reels.edit import cut_clips
from reels.encode import PictureSpec
from reels.errors import CampaignProblems, ModelMissing
from reels.geometry import Raster
from reels.graph.picture import VideoPiece
from reels.plan.cover import cover_work, require_cover_time
from reels.plan.sources import picture_source
from reels.platforms import load_platform
from reels.probe import probe
from reels.steps import CoverWork
from reels.store import Result
from reels.timing import TimeRange
from tests.end_to_end.filmed import BT709_LIMITED, clapper_picture, counted, film

from .cover_pictures import dark, person, smeared
from .sounds import done

RATE = Fraction(25)
SPEC = PictureSpec(rate=RATE, raster=Raster(540, 960))


def reel_of(*footage: Path, cover: WantedCover, title: str = "") -> ReelSpec:
    campaign = single_reel(
        footage,
        reel_id="festival",
        output=footage[0].parent,
        platforms=[load_platform("instagram-reels")],
        template=load_template("plain"),
        subtitles=SubtitleOptions(),
        title=title,
        cover=cover,
    )
    return campaign.reels[0]


def work_of(*footage: Path, cover: WantedCover, title: str = "") -> CoverWork:
    """The cover's work for whole films one after the other, framed in the middle."""
    reel = reel_of(*footage, cover=cover, title=title)
    media = [probe(path) for path in footage]
    cut = cut_clips([TimeRange(Fraction(0), one.duration) for one in media], RATE)
    require_cover_time(reel, cut)

    def pieces(clip: int, start: Fraction, frames: int) -> tuple[VideoPiece, ...]:
        source = picture_source(footage[clip], media[clip], rate=RATE)
        return (VideoPiece(source=source, start=start, frames=frames, framing="centre"),)

    return cover_work(
        reel,
        reel.platforms,
        cut,
        SPEC,
        pieces,
        is_own=lambda span: True,
        grounds={},
        behind=lambda card, frames_in: None,
    )


def pixels(result: Result) -> npt.NDArray[np.uint8]:
    with Image.open(result.file("cover.jpg")) as cover:
        assert (cover.format, cover.mode, cover.size) == ("JPEG", "RGB", (540, 960))
        assert not cover.getexif()
        assert "icc_profile" not in cover.info
        return np.asarray(cover)


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds in the dark, two of a fast pan over a person, two of the person at rest who blinks at the end.

    From second 4 to 5 the eyes are open, from 5 to 6 closed.
    """

    def picture(n: int) -> Image.Image:
        t = n / 25
        if t < 2:
            return dark(person(tall=0.25, y=0.4), 0.05 + 0.02 * t)
        if t < 4:
            swing = 0.5 + 0.35 * np.sin(2 * np.pi * (t - 2))
            return smeared(person(tall=0.25, x=float(swing), y=0.4, shift=(n * 23) % 190), 14)
        return person(tall=0.25, x=0.5 + 0.002 * (n - 100), y=0.4, closed=t >= 5.36)

    frames = [BT709_LIMITED.yuv(np.asarray(picture(n)).astype(np.float64)) for n in range(150)]
    return film(
        tmp_path_factory.mktemp("moments") / "person.mp4",
        frames,
        [n / RATE for n in range(150)],
        rate=RATE,
        gop=25,
    )


@pytest.fixture(scope="module")
def clapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds in which each frame shows its number."""
    folder = tmp_path_factory.mktemp("clapper")
    frames = [clapper_picture(n, flash=False) for n in range(100)]
    return film(folder / "counts.mp4", frames, [n / RATE for n in range(100)], rate=RATE)


def test_the_good_moment_is_the_cover(moments: Path, tmp_path: Path) -> None:
    result = done(tmp_path, work_of(moments, cover=WantedCover(), title="이번 주말, 한옥마을 축제"))
    facts = result.facts
    assert (facts["chosen"], facts["of"]) == ("auto", 10)
    assert 4 <= facts["at_s"] < 5.36, facts
    assert facts["frame"] == round(facts["at_s"] * 25)
    why = facts["why"]
    assert facts["looked_for_faces"]
    assert (why["faces"], why["eyes"], why["in_transition"], why["title_beside_face"]) == (
        1,
        "open",
        False,
        True,
    )
    assert min(why["sharp"], why["light"], why["face"]) >= 80
    assert "eyes open" in why["sentence"]["en"]
    assert "눈을 뜨고 있음" in why["sentence"]["ko"]


def test_the_same_footage_gives_the_same_cover_again(moments: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(done(tmp_path / name, work_of(moments, cover=WantedCover())))
    assert made[0].facts == made[1].facts
    assert made[0].file("cover.jpg").read_bytes() == made[1].file("cover.jpg").read_bytes()


def test_a_film_of_which_all_is_poor_has_a_cover_all_the_same(tmp_path: Path) -> None:
    black = np.zeros((480, 270, 3))
    path = film(
        tmp_path / "black.mp4", [BT709_LIMITED.yuv(black)] * 30, [n / RATE for n in range(30)], rate=RATE
    )
    result = done(tmp_path, work_of(path, cover=WantedCover()))
    assert result.facts["why"]["light"] == 0
    assert "very dark or very bright" in result.facts["why"]["sentence"]["en"]
    assert pixels(result).max() < 20


@pytest.mark.parametrize(
    ("at", "frame"),
    [("0", 0), ("2.2", 55), ("2.239", 55), ("00:02.24", 56), ("77f", 77), ("99f", 99), ("3.96", 99)],
)
def test_a_time_is_exactly_its_frame_of_the_programme(
    clapper: Path, tmp_path: Path, at: str, frame: int
) -> None:
    result = done(tmp_path, work_of(clapper, cover=WantedCover(at=at)))
    assert counted(pixels(result)[..., 1]) == frame
    assert (result.facts["chosen"], result.facts["frame"], result.facts["at_s"]) == (
        "time",
        frame,
        frame / 25,
    )
    assert result.facts["why"] is None


def test_a_time_counts_through_the_clips_of_the_reel(clapper: Path, tmp_path: Path) -> None:
    result = done(tmp_path, work_of(clapper, clapper, cover=WantedCover(at="5.0")))
    assert result.facts["frame"] == 125
    assert counted(pixels(result)[..., 1]) == 25


@pytest.mark.parametrize("at", ["4", "100f", "01:00"])
def test_a_time_beyond_the_end_is_one_problem_with_the_reels_length(clapper: Path, at: str) -> None:
    with pytest.raises(CampaignProblems) as caught:
        work_of(clapper, cover=WantedCover(at=at, where="campaign.yaml:9 reels[0].cover"))
    (problem,) = caught.value.problems
    en, ko = problem.sentence("en"), problem.sentence("ko")
    assert f"campaign.yaml:9 reels[0].cover: found {at}, expected a time before the end of the reel" in en
    assert "00:00:04.000 (100 frames)" in en
    assert "길이 00:00:04.000, 100프레임" in ko


def test_a_picture_is_the_cover_itself_cropped_around_its_middle(clapper: Path, tmp_path: Path) -> None:
    photo = Image.new("RGB", (1920, 1080), (200, 30, 30))
    photo.paste((20, 160, 60), (700, 0, 1220, 1080))
    photo.save(tmp_path / "photo.png")
    result = done(tmp_path, work_of(clapper, cover=WantedCover(file=tmp_path / "photo.png")))
    middle = pixels(result)[480, 270].astype(int)
    assert np.abs(middle - (20, 160, 60)).max() <= 3
    assert np.abs(pixels(result)[:, 4].astype(int) - (200, 30, 30)).max() <= 6
    assert result.facts == {
        "chosen": "file",
        "frame": None,
        "at_s": None,
        "of": 0,
        "looked_for_faces": False,
        "why": None,
    }


@pytest.mark.parametrize(("y", "above"), [(0.35, False), (0.62, True)])
def test_the_title_gives_way_to_a_face_in_a_picture(
    clapper: Path, tmp_path: Path, y: float, above: bool
) -> None:
    person(tall=0.25, y=y, raster=Raster(1080, 1920)).save(tmp_path / "person.png")
    result = done(tmp_path, work_of(clapper, cover=WantedCover(file=tmp_path / "person.png"), title="개막"))
    assert result.facts["looked_for_faces"]
    white = np.argwhere((pixels(result) > 235).all(axis=2))
    lines = white[:, 0][np.isin(white[:, 0], np.flatnonzero(np.bincount(white[:, 0], minlength=960) > 30))]
    assert (float(np.median(lines)) < 480) == above


def test_another_title_or_none_stands_on_the_cover_alone(clapper: Path, tmp_path: Path) -> None:
    own = work_of(clapper, cover=WantedCover(at="2"), title="축제")
    assert (own.title, work_of(clapper, cover=WantedCover(at="2", title=""), title="축제").title) == (
        "축제",
        "",
    )
    assert work_of(clapper, cover=WantedCover(title="다른 제목"), title="축제").title == "다른 제목"
    bare = done(tmp_path, work_of(clapper, cover=WantedCover(at="50f", title=""), title="축제"))
    assert counted(pixels(bare)[..., 1]) == 50
    assert not bare.facts["looked_for_faces"], "there is no title that a face could stand beside"


def test_without_a_detector_the_cover_is_chosen_by_the_rest_and_the_report_says_so(
    moments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ModelMissing(model="centerface", found="no runtime", remedy="install it")

    monkeypatch.setattr("reels.perform.cover.load_centerface", missing)
    result = done(tmp_path, work_of(moments, cover=WantedCover(), title="개막"))
    assert result.facts["at_s"] >= 4
    assert (result.facts["looked_for_faces"], result.facts["why"]["faces"]) == (False, 0)
