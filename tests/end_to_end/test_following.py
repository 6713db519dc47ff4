"""People followed, judged in the finished file: the photographed face of the made footage is sought in its pictures.

The face is found by likeness to the photograph, not by the detector that chose the crop. The scene is 3 s of a walk
across the picture and 1 s of another street without anybody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from reels.framing import SUBPIXELS, largest_window, load_centerface, whole_in_window
from reels.geometry import Raster
from tests.media.framed_scenes import FACE_IN_PORTRAIT, Head, MadeShot, Scene, portrait, street_of
from tests.media.framed_scenes import film as film_scene

from .conftest import Reels, Said
from .measure import pictures

Grey = npt.NDArray[np.float64]

WALK = MadeShot(seconds=3, heads=(Head(face_height=0.25, x="0.15+0.22*t"),))
SCENE = Scene(shots=(WALK, MadeShot(seconds=1, street=3)))
PAIR = Scene(
    shots=(
        MadeShot(
            seconds=1,
            heads=(
                Head(face_height=0.24, x="0.27+0.01*sin(2*t)", y="0.42"),
                Head(face_height=0.2, x="0.74+0.02*t", y="0.45", mirrored=True),
            ),
        ),
    )
)
WALKING = 75
CHUNK = 50
"""Frames of a chunk at 25 a second: the walk crosses a border, the manner changes within the second chunk."""

CAMPAIGN = """\
campaign: 한빛시 축제
platforms: [x]
framing: follow
reels:
  - {id: followed, clips: [{footage: footage/walk.mp4}]}
  - {id: unasked, framing: auto, clips: [{footage: footage/walk.mp4, in: 3}, {footage: footage/walk.mp4, out: 1}]}
  - {id: two, framing: split, clips: [{footage: footage/pair.mp4}]}
"""

SHRINK = 4
"""The 720 x 1280 of the platform is judged at 180 x 320."""
ENLARGED = 1280 / SCENE.raster.height / SHRINK
LIKE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    campaign: Path
    plan: Any
    said: Said
    again: Said

    def pictures_of(self, reel: str) -> list[Grey]:
        """Luma of every frame, a quarter as wide and high."""
        found = []
        for picture in pictures(self.campaign / "out" / reel / "x" / f"{reel}.mp4"):
            luma = picture.y.astype(np.float64)
            rows, columns = luma.shape
            found.append(luma.reshape(rows // SHRINK, SHRINK, columns // SHRINK, SHRINK).mean(axis=(1, 3)))
        return found

    def report(self, reel: str) -> Any:
        return json.loads((self.campaign / "out" / reel / "x" / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rendered(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The campaign rendered once, and once more with nothing to do."""
    folder = tmp_path_factory.mktemp("following")
    (folder / "footage").mkdir()
    made = tmp_path_factory.mktemp("scenes")
    for name, scene in (("walk", SCENE), ("pair", PAIR)):
        film_scene(scene, made / f"{name}.mp4").rename(folder / "footage" / f"{name}.mp4")
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    plan = reels.run("plan", folder, "--json").json
    said = reels.run("render", folder)
    return Rendered(campaign=folder, plan=plan, said=said, again=reels.run("render", folder, "--json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The photographed face, brow to chin and ear to ear, as large as it is in the small pictures.

    `weight` is 0 where the box around it shows the street.
    """

    luma: Grey
    weight: Grey

    def likeness(self, part: Grey) -> float:
        """Correlation of the face with a part of a picture of its size."""
        a, b = (one - (one * self.weight).sum() / self.weight.sum() for one in (self.luma, part))
        spread = (self.weight * a * a).sum() * (self.weight * b * b).sum()
        return float((self.weight * a * b).sum() / max(1e-9, np.sqrt(spread)))


def _face() -> Template:
    left, top, right, bottom = FACE_IN_PORTRAIT
    scale = WALK.heads[0].face_height * SCENE.raster.height / (bottom - top) * ENLARGED
    size = (round((right - left) * scale), round((bottom - top) * scale))
    luma, alpha = (
        np.asarray(channel.crop(FACE_IN_PORTRAIT).resize(size, Image.Resampling.BOX), dtype=np.float64)
        for channel in (portrait().convert("RGB").convert("L"), portrait().getchannel("A"))
    )
    return Template(luma=luma, weight=(alpha > 250).astype(np.float64))


def found_at(picture: Grey, face: Template) -> tuple[float, float]:
    """Where across the picture the whole face looks most like the photograph, in parts of a pixel, and how much.

    The window is as high as the picture, so how far down the face lies is known.
    """
    high, wide = face.luma.shape
    top = round(0.4 * picture.shape[0] - high / 2)
    near = [picture[top + down : top + down + high] for down in (-1, 0, 1)]
    likeness = np.array(
        [
            max(face.likeness(rows[:, x : x + wide]) for rows in near)
            for x in range(picture.shape[1] - wide + 1)
        ]
    )
    best = int(likeness.argmax())
    if not 0 < best < len(likeness) - 1:
        return float(best), float(likeness[best])
    before, at, after = likeness[best - 1 : best + 2]
    return best + 0.5 * (before - after) / (before - 2 * at + after), float(at)


@pytest.fixture(scope="module")
def faces(rendered: Rendered) -> list[tuple[float, float]]:
    face = _face()
    return [found_at(picture, face) for picture in rendered.pictures_of("followed")[:WALKING]]


def test_the_whole_face_is_in_the_picture_and_the_middle_of_it_would_lose_it(
    faces: list[tuple[float, float]],
) -> None:
    width, height = largest_window(SCENE.raster, Fraction(9, 16))
    middle = (SUBPIXELS * SCENE.raster.width - width) // 2, 0
    in_the_middle = [
        whole_in_window(SCENE.faces_at(frame)[0], middle, (width, height)) for frame in range(WALKING)
    ]
    assert sum(likeness > LIKE for _, likeness in faces) >= 0.99 * WALKING
    assert sum(in_the_middle) <= 0.5 * WALKING


def test_the_window_glides_and_jumps_at_no_border_of_chunks(faces: list[tuple[float, float]]) -> None:
    """Where the window lies is what is left of where the face was laid: ffmpeg lays it on whole pixels."""
    laid = np.array([np.floor(SCENE._corner(WALK.heads[0], n / SCENE.rate)[0]) for n in range(WALKING)])
    window = laid * ENLARGED - np.array([x for x, _ in faces])
    speed = np.diff(window)
    assert speed.min() > 1, "it moves all the time, so over the border of chunks too"
    assert len(speed) > CHUNK
    assert np.abs(np.diff(speed)).max() < 0.4, "1.6 pixels of the file, a frame of the walk has more than 20"


def test_the_shot_without_people_is_shown_whole_from_its_first_frame_on(rendered: Rendered) -> None:
    frames = rendered.pictures_of("followed")
    assert len(frames) == SCENE.frames
    assert not _is_fitted(frames[WALKING - 1])
    assert all(_is_fitted(frame) for frame in frames[WALKING:])


def test_without_a_word_people_are_followed_and_where_there_are_none_the_middle_is_shown(
    rendered: Rendered,
) -> None:
    unasked = rendered.pictures_of("unasked")
    assert len(unasked) == 50
    for frame in unasked[:25]:
        assert np.abs(frame - _middle_of_the_street()).mean() < 4
    face = _face()
    assert all(found_at(picture, face)[1] > LIKE for picture in unasked[25:])
    nobody, walk = rendered.report("unasked")["framing"]
    assert nobody["sentence"]["en"] == "no face was found; the middle of the picture is shown"
    assert nobody["sentence"]["ko"].startswith("얼굴을 찾지 못했습니다")
    assert [shot["manner"] for shot in walk["shots"]] == ["follow"]
    assert (
        "unasked: footage/walk.mp4: no face was found; the middle of the picture is shown"
        in rendered.said.stderr
    )


def _middle_of_the_street() -> Grey:
    """The middle 9:16 of the street without people, as large as the small pictures."""
    street = street_of(SCENE.raster, 3).convert("RGB")
    left = (SCENE.raster.width - SCENE.raster.height * 9 / 16) / 2
    box = (left, 0, SCENE.raster.width - left, SCENE.raster.height)
    small = street.resize((180, 320), Image.Resampling.BOX, box=box)
    luma: Grey = 16 + np.asarray(small, dtype=np.float64) @ (0.2126, 0.7152, 0.0722) * 219 / 255
    return luma


def test_two_people_stand_one_above_the_other_each_whole_and_alone_in_a_half(rendered: Rendered) -> None:
    detector = load_centerface()
    frames = rendered.pictures_of("two")
    assert len(frames) == PAIR.frames
    for picture in (frames[0], frames[12], frames[24]):
        for number, half in enumerate((picture[:160], picture[160:])):
            grey = np.repeat(np.clip(half, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
            (one,) = detector.find(grey, shown_as=Raster(180, 160))
            left, top, right, bottom = (v / 16 for v in (one.left, one.top, one.right, one.bottom))
            assert 60 < (left + right) / 2 < 120
            assert 30 < bottom - top < 60
            assert top > 2
            assert bottom < 158
            # Towards the middle of the screen: the title stands above, names and subtitles below.
            assert ((top + bottom) / 2 > 55) == (number == 0)
    (framing,) = rendered.report("two")["framing"]
    assert [(shot["manner"], shot["people"]) for shot in framing["shots"]] == [("split", 2)]


def _is_fitted(picture: Grey) -> bool:
    """Whether fine detail is in the middle 101 of the 320 rows alone."""
    detail = np.abs(np.diff(picture, axis=1)).mean(axis=1)
    ground = np.concatenate([detail[10:100], detail[220:310]]).mean()
    return bool(ground * 4 < detail[115:205].mean())


def test_the_report_tells_who_is_followed_shot_by_shot(rendered: Rendered) -> None:
    (framing,) = rendered.report("followed")["framing"]
    assert framing["footage"] == "footage/walk.mp4"
    assert [(shot["manner"], shot["start_s"], shot["end_s"]) for shot in framing["shots"]] == [
        ("follow", 0, 3),
        ("fit", 3, 4),
    ]
    assert framing["shots"][0]["whole_face"] == framing["shots"][0]["with_face"] == 9
    assert (
        "followed: footage/walk.mp4: follows a person, the whole face inside in 100 %" in rendered.said.stderr
    )


def test_the_plan_names_the_look_and_a_second_run_does_nothing(rendered: Rendered) -> None:
    planned = {step["id"]: (step["reason"], step["will_run"]) for step in rendered.plan["steps"]}
    assert planned["followed framing"] == planned["unasked framing"] == ("cascade", True)
    assert [(reel["status"], reel["steps_run"]) for reel in rendered.again.json["reels"]] == [
        ("unchanged", 0)
    ] * 3
    assert "follows" not in rendered.again.stderr
