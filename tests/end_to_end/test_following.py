"""People followed, judged in the finished file: the photographed face of the made footage is sought in its pictures.

The face is found by likeness to the photograph, not by the detector that chose the crop. The scene is 3 s of a walk
across the picture and 1 s of another street without anybody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from reels.framing import load_centerface
from reels.geometry import Raster
from tests.media.framed_scenes import FACE_IN_PORTRAIT, Head, MadeShot, Scene, portrait
from tests.media.framed_scenes import film as film_scene

from .conftest import Reels, Said
from .measure import pictures

Grey = npt.NDArray[np.float64]

WALK = MadeShot(seconds=3, heads=(Head(face_height=0.25, x="0.15+0.22*t"),))
SCENE = Scene(shots=(WALK, MadeShot(seconds=1, street=3)))
EMPTY = Scene(shots=(MadeShot(seconds=1, street=3),))
PAIR = Scene(
    shots=(
        MadeShot(
            seconds=2,
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
  - {id: centred, framing: centre, clips: [{footage: footage/walk.mp4, out: 3}]}
  - {id: nobody, clips: [{footage: footage/empty.mp4}]}
  - {id: unasked, framing: auto, clips: [{footage: footage/empty.mp4}, {footage: footage/walk.mp4, out: 1}]}
  - {id: middle, framing: centre, clips: [{footage: footage/empty.mp4}]}
  - {id: two, framing: split, clips: [{footage: footage/pair.mp4}]}
  - {id: alone, framing: split, clips: [{footage: footage/walk.mp4, out: 1}]}
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
    for name, scene in (("walk", SCENE), ("empty", EMPTY), ("pair", PAIR)):
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
    rendered: Rendered, faces: list[tuple[float, float]]
) -> None:
    followed = sum(likeness > LIKE for _, likeness in faces) / WALKING
    face = _face()
    centred = [found_at(picture, face) for picture in rendered.pictures_of("centred")]
    in_the_middle = sum(likeness > LIKE for _, likeness in centred) / WALKING
    assert len(centred) == WALKING
    assert followed >= 0.99
    assert in_the_middle <= 0.5


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


def test_a_clip_without_people_is_fitted_and_says_so(rendered: Rendered) -> None:
    assert all(_is_fitted(frame) for frame in rendered.pictures_of("nobody"))
    (framing,) = rendered.report("nobody")["framing"]
    assert framing["sentence"]["en"] == ("no face was found; the whole picture is shown on a blurred ground")
    assert framing["sentence"]["ko"].startswith("얼굴을 찾지 못했습니다")
    assert "nobody: footage/empty.mp4: no face was found" in rendered.said.stderr


def test_without_a_word_people_are_followed_and_where_there_are_none_the_middle_is_shown(
    rendered: Rendered, faces: list[tuple[float, float]]
) -> None:
    unasked, middle = rendered.pictures_of("unasked"), rendered.pictures_of("middle")
    assert len(middle) == EMPTY.frames
    assert all(np.abs(a - b).max() < 8 for a, b in zip(unasked, middle, strict=False))
    face = _face()
    walk = [found_at(picture, face) for picture in unasked[EMPTY.frames :]]
    assert len(walk) == 25
    assert sum(likeness > LIKE for _, likeness in walk) == 25
    assert (
        "unasked: footage/empty.mp4: no face was found; the middle of the picture is shown"
        in rendered.said.stderr
    )
    assert "middle: footage/empty.mp4: no face" not in rendered.said.stderr


def test_two_people_stand_one_above_the_other_each_whole_and_alone_in_a_half(rendered: Rendered) -> None:
    detector = load_centerface()
    frames = rendered.pictures_of("two")
    assert len(frames) == PAIR.frames
    for picture in (frames[0], frames[24], frames[49]):
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


def test_who_is_alone_is_followed_instead_and_that_is_said(rendered: Rendered) -> None:
    (framing,) = rendered.report("alone")["framing"]
    assert [shot["manner"] for shot in framing["shots"]] == ["follow"]
    assert framing["sentence"]["en"].startswith(
        "two people do not stay in the picture, so it is not split; follows"
    )
    assert framing["sentence"]["ko"].startswith("두 사람이 계속 보이지 않아 나누지 않았습니다")


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
    assert rendered.report("centred")["framing"] == []
    assert (
        "followed: footage/walk.mp4: follows a person, the whole face inside in 100 %" in rendered.said.stderr
    )


def test_the_plan_names_the_look_and_a_second_run_does_nothing(rendered: Rendered) -> None:
    planned = {step["id"]: (step["reason"], step["will_run"]) for step in rendered.plan["steps"]}
    assert planned["followed framing"] == planned["nobody framing"] == ("cascade", True)
    assert "centred framing" not in planned
    assert [(reel["status"], reel["steps_run"]) for reel in rendered.again.json["reels"]] == [
        ("unchanged", 0)
    ] * 7
    assert "follows" not in rendered.again.stderr
