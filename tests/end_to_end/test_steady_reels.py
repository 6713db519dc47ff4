"""A shaken film held still by a whole command: judged on the finished file, watched once, drawn anew when asked."""

from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reels.steadying import displacement
from tests.media.shaken_films import film, hand

from .conftest import Reels
from .measure import pictures

CAMPAIGN = """\
campaign: 한빛시 축제
platforms: [x]
stabilise: true
framing: centre
reels:
  - {id: still, clips: [{footage: footage/walk.mp4}]}
  - {id: shaken, stabilise: false, clips: [{footage: footage/walk.mp4}]}
"""
SHRINK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    campaign: Path
    first_plan: Any

    def report(self, reel: str) -> Any:
        return json.loads((self.campaign / "out" / reel / "x" / "report.json").read_text(encoding="utf-8"))

    def unrest(self, reel: str) -> float:
        """The mean change of speed of what is seen, in pixels of a quarter of the file's size."""
        found = []
        for picture in pictures(self.campaign / "out" / reel / "x" / f"{reel}.mp4"):
            rows, columns = picture.y.shape
            shrunk = picture.y.astype(np.float32).reshape(rows // SHRINK, SHRINK, columns // SHRINK, SHRINK)
            found.append(shrunk.mean(axis=(1, 3)))
            assert picture.y[8:-8, 8:-8].min() > 40, "a border came into view"
        moves: npt.NDArray[np.float64] = np.array([displacement(a, b) for a, b in itertools.pairwise(found)])
        return float(np.abs(np.diff(moves, axis=0)).mean())


@pytest.fixture(scope="module")
def rendered(reels: Reels, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("steady")
    (folder / "footage").mkdir()
    film(folder / "footage" / "walk.mp4", [hand(54, 25)])
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    plan = reels.run("plan", folder, "--json").json
    reels.run("render", folder)
    return Rendered(campaign=folder, first_plan=plan)


def test_the_finished_reel_stands_still_across_its_chunks_and_the_report_says_why(rendered: Rendered) -> None:
    assert rendered.unrest("still") < 0.15 * rendered.unrest("shaken")
    told = {"footage": "footage/walk.mp4", "lut": None, "stabilised": True}
    assert (rendered.report("still")["picture"], rendered.report("shaken")["picture"]) == ([told], [])


def test_the_film_is_watched_once_and_only_where_it_is_asked_for(rendered: Rendered, reels: Reels) -> None:
    expected = {step["reel"] for step in rendered.first_plan["steps"] if step["kind"] == "stabilise"}
    assert "still" in expected
    assert "shaken" not in expected
    steps = reels.run("plan", rendered.campaign, "--json").json["steps"]
    watching = [step for step in steps if step["kind"] == "stabilise"]
    assert [(step["reel"], step["reason"]) for step in watching] == [("still", "reused")]
    assert not any(step["will_run"] for step in steps)


def test_asking_for_it_later_draws_the_reel_again_and_nothing_else(
    rendered: Rendered, reels: Reels, tmp_path: Path
) -> None:
    campaign = tmp_path / "campaign"
    shutil.copytree(rendered.campaign, campaign)
    text = CAMPAIGN.replace("id: shaken, stabilise: false", "id: shaken")
    (campaign / "campaign.yaml").write_text(text, encoding="utf-8")
    steps = reels.run("plan", campaign, "--json").json["steps"]
    will_run = {(step["reel"], step["kind"]) for step in steps if step["will_run"]}
    assert {reel for reel, _ in will_run} == {"shaken"}
    # The same film is watched already, and the same chunks are made already: only the file is another.
    assert not {"stabilise", "chunk"} & {kind for _, kind in will_run}
