"""The smoothest path: inside its limits, still where it may be, early where it must be, and truly the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reels.framing import smooth
from reels.framing.smooth import Pace, Wish, smooth_path

ROOM, STEP = 2.16, 0.25


def wish(at: float, *, weight: float = 1.0, zone: float = 0.08) -> Wish:
    return Wish(least=at - 0.3, most=at + 0.3, low=at - zone, high=at + zone, weight=weight)


def at_nodes(points: np.ndarray) -> np.ndarray:
    nodes: np.ndarray = (points[:-2] + 4 * points[1:-1] + points[2:]) / 6
    return nodes


wishes = st.lists(
    st.builds(wish, st.floats(min_value=-1, max_value=3.5), weight=st.sampled_from([0.0, 0.06, 0.3, 1.0])),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(wishes)
def test_no_path_leaves_the_picture_or_hurries(wanted: list[Wish]) -> None:
    pace = Pace()
    points = smooth_path(wanted, room=ROOM, step_s=STEP, pace=pace)
    assert len(points) == len(wanted) + 2
    assert points.min() >= 0
    assert points.max() <= ROOM
    # The clip to the picture's edge may add what the barrier stands outside it.
    assert np.abs(np.diff(points)).max() <= pace.speed * STEP + 0.002
    assert np.abs(np.diff(points, 2)).max(initial=0) <= pace.acceleration * STEP**2 + 0.004


def test_a_person_who_sways_moves_nobody() -> None:
    swaying = [wish(1 + 0.05 * np.sin(n)) for n in range(120)]
    points = smooth_path(swaying, room=ROOM, step_s=STEP)
    assert np.ptp(points) < 0.002
    assert points.mean() == pytest.approx(1.0, abs=0.02)


def test_a_person_who_stands_still_is_in_the_middle() -> None:
    points = smooth_path([wish(1.3)] * 20, room=ROOM, step_s=STEP)
    assert points == pytest.approx(1.3, abs=0.01)


def test_a_walk_is_followed_whole_and_evenly() -> None:
    walk = [wish(0.3 + 0.05 * n) for n in range(30)]
    nodes = at_nodes(smooth_path(walk, room=ROOM, step_s=STEP))
    assert all(w.least <= node <= w.most for w, node in zip(walk, nodes, strict=True))
    speeds = np.diff(nodes)
    assert speeds.min() >= -1e-6
    assert np.abs(np.diff(speeds)).max() < 0.02


def test_the_window_starts_before_the_person_does() -> None:
    jump = [wish(0.3)] * 20 + [wish(1.7)] * 20
    nodes = at_nodes(smooth_path(jump, room=ROOM, step_s=STEP))
    assert nodes[19] > 0.45
    assert nodes[20] < 1.55
    assert nodes[12] == pytest.approx(0.3, abs=0.1)
    assert nodes[-1] == pytest.approx(1.7, abs=0.1)


def test_where_nothing_is_wanted_the_window_waits() -> None:
    points = smooth_path([wish(0.0, weight=0)] * 12 + [wish(0.5)] * 12, room=ROOM, step_s=STEP)
    assert np.ptp(points) < 0.002


def test_a_person_at_the_edge_has_the_window_at_the_edge() -> None:
    assert smooth_path([wish(-0.6)] * 10, room=ROOM, step_s=STEP).max() == pytest.approx(0, abs=0.002)
    assert smooth_path([wish(9.0)] * 10, room=ROOM, step_s=STEP).min() == pytest.approx(ROOM, abs=0.002)


def test_without_room_there_is_one_place() -> None:
    assert smooth_path([wish(1.0)] * 5, room=0.0, step_s=STEP).tolist() == [0.0] * 7
    with pytest.raises(ValueError, match="node"):
        smooth_path([], room=ROOM, step_s=STEP)


def test_no_small_change_of_the_path_is_better() -> None:
    rng = np.random.default_rng(3)
    walk = [wish(1 + 0.6 * np.sin(n / 5) + rng.normal(0, 0.03)) for n in range(40)]
    points = smooth_path(walk, room=ROOM, step_s=STEP)
    problem = smooth._Problem.of(walk, room=ROOM, step_s=STEP, pace=Pace())
    best = problem.value(points, 0.0)
    for _ in range(200):
        change = rng.normal(0, 1, len(points))
        for size in (1e-2, 1e-3):
            assert problem.value(points + size * change, 0.0) > best - 1e-4


def test_the_same_wishes_give_the_same_path_to_the_last_bit() -> None:
    walk = [wish(1 + 0.6 * np.sin(n / 5)) for n in range(60)]
    first, second = (smooth_path(walk, room=ROOM, step_s=STEP) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_the_slope_is_the_slope_of_the_value() -> None:
    rng = np.random.default_rng(5)
    walk = [wish(1 + 0.6 * np.sin(n / 3)) for n in range(12)]
    problem = smooth._Problem.of(walk, room=ROOM, step_s=STEP, pace=Pace())
    points = 1 + 0.02 * rng.normal(size=14)
    slope, curve = problem.slope_and_curve(points, 1e-3)
    for n in range(14):
        step = np.zeros(14)
        step[n] = 1e-6
        rise = (problem.value(points + step, 1e-3) - problem.value(points - step, 1e-3)) / 2e-6
        assert slope[n] == pytest.approx(rise, rel=1e-4, abs=1e-4)
    full = np.zeros((14, 14))
    for away in range(4):
        for n in range(14 - away):
            full[n, n + away] = full[n + away, n] = curve[away, n]
    right = rng.normal(size=14)
    assert smooth._solve(curve, right) == pytest.approx(np.linalg.solve(full, right), rel=1e-8)
