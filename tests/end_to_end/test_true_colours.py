"""Colours in the finished file: a phone's HLG clip, held upright, and the same through a look, by whole commands."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

from reels.tools.ffmpeg import run_ffmpeg
from tests.media.true_colours import LUMA, Colours, apart, film, signal_of, toned

from .conftest import Reels, Said
from .measure import pictures

BANDS = np.array(
    [
        *([0.95, 0.95, 0.95], [0.87, 0.70, 0.60], [0.60, 0.42, 0.34], [0.40, 0.62, 0.88]),
        *([0.36, 0.48, 0.25], [0.75, 0.15, 0.15], [0.45, 0.45, 0.45], [0.10, 0.10, 0.12]),
    ]
)
"""From the top of the upright picture: paper, skins, sky, a lawn, a red coat, a grey card, a dark suit."""

CAMPAIGN = """\
campaign: 한빛시 축제
platforms: [x]
framing: centre
reels:
  - {id: phone, clips: [{footage: footage/IMG_0412.MOV}]}
  - {id: warm, lut: '룩/여름, 저녁.cube', clips: [{footage: footage/IMG_0412.MOV}]}
"""
SWAPPED = "LUT_3D_SIZE 2\n" + "".join(f"{b} {g} {r}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))
"""Red becomes blue and blue red."""
HALVED = "LUT_1D_SIZE 2\n0 0 0\n0.5 0.5 0.5\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    campaign: Path
    signals: Colours
    said: Said

    def file(self, reel: str) -> Path:
        return self.campaign / "out" / reel / "x" / f"{reel}.mp4"

    def bands(self, reel: str) -> Colours:
        """The colour of each band of the last picture, without its edges."""
        *_, last = pictures(self.file(reel))
        middles = []
        for plane in (last.y, last.u, last.v):
            rows, columns = plane.shape
            bands = plane.astype(np.float64).reshape(8, rows // 8, columns)
            middles.append(bands[:, rows // 32 : -rows // 32, columns // 4 : -columns // 4].mean(axis=(1, 2)))
        y, u, v = (middles[0] - 16) / 219, (middles[1] - 128) / 224, (middles[2] - 128) / 224
        kr, kb = LUMA["bt709"]
        red, blue = y + 2 * (1 - kr) * v, y + 2 * (1 - kb) * u
        return np.stack([red, (y - kr * red - kb * blue) / (1 - kr - kb), blue], axis=1)


@pytest.fixture(scope="module")
def rendered(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Recipe: eight bands as HLG in BT.2020 at a white of 203 cd/m², HEVC Main 10, 1 s of 640x360 with a display
    matrix of a quarter turn clockwise, mastering metadata, in QuickTime."""
    folder = tmp_path_factory.mktemp("colours")
    (folder / "footage").mkdir()
    signals = signal_of(BANDS, "hlg")
    # A quarter turn clockwise brings the stored picture's left side up.
    stored = np.repeat(np.tile(signals, (9, 1)).reshape(9, 8, 3), 2, axis=1).reshape(-1, 3)
    told = (
        "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
    )
    flat = film(
        tmp_path_factory.mktemp("flat") / "flat.mov",
        stored,
        pixel_format="yuv420p10le",
        matrix="bt2020nc",
        tags=("bt2020", "arib-std-b67", "bt2020nc"),
        codec=(
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-qp",
            "6",
            "-x265-params",
            f"log-level=error:{told}",
        ),
        frames=25,
        grid=(16, 9),
        patch=40,
    )
    run_ffmpeg(
        ["-display_rotation:v:0", "-90", "-i", str(flat), "-c", "copy", str(folder / "footage/IMG_0412.MOV")],
        doing="turning a clip",
    )
    (folder / "룩").mkdir()
    (folder / "룩" / "여름, 저녁.cube").write_text(SWAPPED, encoding="utf-8")
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    return Rendered(campaign=folder, signals=signals, said=reels.run("render", folder))


def test_a_phones_upright_hlg_clip_has_the_documented_colours(rendered: Rendered) -> None:
    away = apart(rendered.bands("phone"), toned(rendered.signals, "hlg"))
    assert away.max() < 2.0, away


def test_paper_is_white_and_skin_is_not_paler_than_filmed_in_standard_range(rendered: Rendered) -> None:
    shown = rendered.bands("phone")
    assert shown[0].min() > 0.85, "paper"
    assert apart(shown[2:3], BANDS[2:3]).max() < 2.0, "skin below the knee stays what it is"
    assert np.ptp(shown[6]) < 0.01, "a grey card is grey"


def test_nothing_of_the_source_is_told_of_the_result(rendered: Rendered) -> None:
    held = rendered.file("phone").read_bytes()
    assert not [box for box in (b"mdcv", b"clli", b"dvvC", b"amve") if box in held]
    with av.open(str(rendered.file("phone"))) as container:
        frame = next(container.decode(video=0))
        assert (frame.width, frame.height) == (720, 1280)
        tags = (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range)
        assert tuple(int(tag) for tag in tags) == (1, 1, 1, 1)
        assert not frame.rotation


def test_a_look_is_seen_and_a_changed_one_draws_its_reel_again(
    rendered: Rendered, reels: Reels, tmp_path: Path
) -> None:
    plain = toned(rendered.signals, "hlg")
    assert apart(rendered.bands("warm"), plain[:, ::-1]).max() < 2.0
    campaign = tmp_path / "campaign"
    shutil.copytree(rendered.campaign, campaign)
    (campaign / "룩" / "여름, 저녁.cube").write_text(HALVED, encoding="utf-8")
    steps = reels.run("plan", campaign, "--json").json["steps"]
    again = {(step["reel"], step["reason"]) for step in steps if step["kind"] == "chunk"}
    assert again == {("phone", "reused"), ("warm", "input-changed")}
    reels.run("render", campaign)
    changed = Rendered(campaign=campaign, signals=rendered.signals, said=rendered.said)
    assert apart(changed.bands("warm"), plain / 2).max() < 2.0


def test_a_torn_look_is_refused_with_its_line_before_anything_runs(
    rendered: Rendered, reels: Reels, tmp_path: Path
) -> None:
    campaign = tmp_path / "campaign"
    shutil.copytree(rendered.campaign, campaign, ignore=shutil.ignore_patterns(".reels", "out"))
    (campaign / "룩" / "여름, 저녁.cube").write_text(SWAPPED + "0 0 0\n", encoding="utf-8")
    said = reels.run("render", campaign, expect=3).stderr
    assert "campaign.yaml:6 reels[1].lut (여름, 저녁.cube:10): found a row too many, expected 8 rows" in said
    assert not (campaign / "out").exists()
