"""Which step starts next, how many at once, and how far a run is: whole runs on a clock that the test turns.

The executor is the real one and so is what it asks; only the work takes no time, and `wait` ends whatever would end
next.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import assume, example, given
from hypothesis import strategies as st

from reels.cues import CueRules
from reels.dispatch import Capacity, Order, Tally, demand_of, seconds_of, startable
from reels.encode import PictureSpec
from reels.geometry import PORTRAIT_1080, Raster
from reels.recognise import RecognitionOptions
from reels.run import Crew, run
from reels.steps import (
    CardPiece,
    ChunkWork,
    DraftWork,
    JoinWork,
    Kind,
    Plan,
    ProbeWork,
    Step,
    TranscribeWork,
    Work,
)
from reels.store import JournalEntry

MB = 1_000_000

# --- steps -----------------------------------------------------------------------------------------------


def step(
    name: str,
    work: Work,
    *needs: str,
    reel: str | None = None,
    done: Iterable[str] = (),
    kind: Kind | None = None,
) -> Step:
    """A step whose fingerprint is its name."""
    return Step(
        id=name,
        kind=kind or work.kind,
        reel=reel,
        platform=None,
        reason="reused" if name in done else "new",
        will_run=name not in done,
        fingerprint=name,
        work=work,
        needs=needs,
        entry=JournalEntry(fingerprint=name, sources="", options="", tools=""),
    )


def probe(name: str, *needs: str, **more: Any) -> Step:
    return step(name, ProbeWork(footage=Path("a.mp4")), *needs, **more)


def chunk(name: str, *needs: str, frames: int = 50, raster: Raster = PORTRAIT_1080, **more: Any) -> Step:
    work = ChunkWork(
        pieces=(CardPiece(ground="", frames=frames),),
        overlays=(),
        cues=(),
        style=None,
        first_frame=0,
        spec=PictureSpec(rate=Fraction(25), raster=raster),
    )
    return step(name, work, *needs, **more)


def listening(name: str, *needs: str, model: str = "small", **more: Any) -> Step:
    options = RecognitionOptions(model="")
    work = TranscribeWork(footage=Path("a.mp4"), stream=0, options=options, model=model, model_identity=model)
    return step(name, work, *needs, **more)


def draft(name: str, *needs: str, **more: Any) -> Step:
    work = DraftWork(transcript="", draft="a.ko.srt", rules=CueRules.for_language("ko"))
    return step(name, work, *needs, **more)


def join(name: str, *needs: str, **more: Any) -> Step:
    return step(name, JoinWork(chunks=(), chunk_frames=(), audio="", rate=Fraction(25)), *needs, **more)


def unknown(name: str, kind: Kind, *needs: str, reel: str) -> Step:
    return Step(id=name, kind=kind, reel=reel, platform=None, reason="cascade", will_run=True, needs=needs)


# --- a campaign and a crew that take no time ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A reel of `chunks` chunks from one film; without `words` it has to be listened to first."""

    reel: str
    chunks: int
    words: bool = True
    raster: Raster = PORTRAIT_1080

    def plan(self, done: Iterable[str]) -> list[Step]:
        """Its steps as far as they are known when `done` is done."""
        reel, done = self.reel, set(done)
        more: dict[str, Any] = {"done": done, "reel": reel}
        steps = [probe(f"{reel} probe", done=done)]
        told = f"{reel} probe"
        if not self.words and told in done:
            steps.append(listening(f"{reel} transcribe", told, done=done))
            steps.append(draft(f"{reel} draft", f"{reel} transcribe", done=done))
        told = told if self.words else f"{reel} draft"
        if told not in done:
            after = told if any(s.fingerprint == told for s in steps) else f"{reel} probe"
            return [*steps, *(unknown(f"{reel} {k}", k, after, reel=reel) for k in _LATER)]
        chunks = [
            chunk(f"{reel} chunk {n:02}", f"{reel} probe", raster=self.raster, **more)
            for n in range(self.chunks)
        ]
        return [
            *steps,
            *chunks,
            join(f"{reel} join", *(s.made_as for s in chunks), **more),
            step(f"{reel} deliver", chunks[0].work or _NEVER, f"{reel} join", kind="deliver", **more),
        ]


_LATER: tuple[Kind, ...] = ("chunk", "join", "deliver")
_NEVER = ProbeWork(footage=Path("a.mp4"))


@dataclass(slots=True)
class Night:
    """A crew on a clock of its own: which step was in hand from when to when, in virtual seconds."""

    capacity: Capacity
    takes: Callable[[Step], float]
    now: float = 0.0
    began: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    most: list[list[Step]] = field(default_factory=list)
    """Whatever was in hand together."""
    _flying: dict[Future[None], tuple[Step, float]] = field(default_factory=dict)

    def submit(self, step: Step) -> Future[None]:
        future: Future[None] = Future()
        assert step.made_as not in self.began, f"{step.id} began twice"
        self.began[step.made_as] = self.now
        self.order.append(step.made_as)
        self._flying[future] = (step, self.now + self.takes(step))
        self.most.append([flying for flying, _ in self._flying.values()])
        return future

    def wait(self, futures: Iterable[Future[None]], **_: object) -> Any:
        """Ends what would end next."""
        first = min(self._flying, key=lambda future: self._flying[future][1])
        ending, self.now = self._flying.pop(first)
        self.ended[ending.made_as] = self.now
        first.set_result(None)
        return wait(list(futures), timeout=0)

    def look_up(self) -> None:
        """Nobody gets lost."""

    def stop(self) -> None:
        raise AssertionError

    close = stop

    def overlap(self, one: str, other: str) -> bool:
        return self.began[one] < self.ended[other] and self.began[other] < self.ended[one]


def worked(
    plan_again: Callable[[set[str]], Sequence[Step]],
    capacity: Capacity,
    *,
    takes: Callable[[Step], float] = seconds_of,
) -> Night:
    """A whole run; `plan_again` is told what is done."""
    night = Night(capacity, takes)
    crew: Crew = night
    with patch("reels.run.wait", night.wait):
        run(lambda: Plan(steps=tuple(plan_again(set(night.ended)))), crew, show=lambda _event: None)
    return night


def campaign_of(*films: Film) -> Callable[[set[str]], Sequence[Step]]:
    return lambda done: list(itertools.chain.from_iterable(film.plan(done) for film in films))


films = st.lists(
    st.builds(
        lambda chunks, words, large: (chunks, words, Raster(2160, 3840) if large else PORTRAIT_1080),
        st.integers(min_value=1, max_value=6),
        st.booleans(),
        st.integers(min_value=0, max_value=3).map(lambda n: n == 0),
    ),
    min_size=1,
    max_size=5,
).map(
    lambda told: [
        Film(reel=f"r{n}", chunks=chunks, words=words, raster=raster)
        for n, (chunks, words, raster) in enumerate(told)
    ]
)
capacities = st.builds(
    lambda slots, memory, listeners: Capacity(
        slots=slots, memory=None if memory is None else memory * MB, listeners=listeners
    ),
    st.integers(min_value=1, max_value=5),
    st.none() | st.integers(min_value=0, max_value=4000),
    st.integers(min_value=1, max_value=2),
)
durations = st.dictionaries(
    st.sampled_from(["probe", "transcribe", "draft", "chunk", "join", "deliver"]),
    st.floats(min_value=0.01, max_value=500),
)


# --- what a computer bears -------------------------------------------------------------------------------


@given(films, capacities, durations)
def test_every_step_is_done_once_and_never_more_at_once_than_the_computer_bears(
    campaign: list[Film], capacity: Capacity, lasting: Mapping[str, float]
) -> None:
    night = worked(
        campaign_of(*campaign), capacity, takes=lambda step: lasting.get(step.kind, seconds_of(step))
    )
    everything = [step.made_as for step in campaign_of(*campaign)(set(night.ended))]
    assert sorted(night.ended) == sorted(everything), "something waited till the end"
    for together in night.most:
        wanted = [demand_of(step) for step in together]
        assert len(wanted) <= capacity.slots
        assert sum(one.listens for one in wanted) <= capacity.listeners
        if capacity.memory is not None and len(wanted) > 1:
            assert sum(one.memory for one in wanted) <= capacity.memory


STEPS = st.lists(
    st.sampled_from(["chunk", "large chunk", "listening", "large listening", "probe"]),
    min_size=1,
    max_size=12,
).map(lambda kinds: [_MADE[kind](f"s{n}") for n, kind in enumerate(kinds)])
_MADE: dict[str, Callable[[str], Step]] = {
    "chunk": chunk,
    "large chunk": lambda name: chunk(name, raster=Raster(2160, 3840)),
    "listening": listening,
    "large listening": lambda name: listening(name, model="large-v3"),
    "probe": probe,
}


@given(STEPS, STEPS, capacities)
def test_only_a_step_that_waits_to_listen_is_passed_by_those_behind_it(
    ready: list[Step], in_hand: list[Step], capacity: Capacity
) -> None:
    in_hand = [
        replace(step, id=f"h{n}", fingerprint=f"h{n}") for n, step in enumerate(in_hand[: capacity.slots])
    ]
    found = startable(ready, in_hand, capacity)
    assert found == [step for step in ready if step in found], "out of order"
    held = [demand_of(step) for step in in_hand]
    for step in ready[: ready.index(found[-1])] if found else []:
        wanted = demand_of(step)
        if step in found:
            held.append(wanted)
        else:
            assert wanted.listens, "passed, and it waits for no ear"
            assert sum(one.listens for one in held) >= capacity.listeners


def test_chunks_pass_a_recogniser_that_waits_and_nobody_passes_a_step_that_waits_for_memory() -> None:
    small = [chunk(f"chunk {n}") for n in range(4)]
    roomy = Capacity(slots=3)
    assert startable([listening("next"), *small], [listening("first")], roomy) == small[:2]
    chunk_takes = demand_of(small[0]).memory
    tight = Capacity(slots=4, memory=3 * chunk_takes)
    large = chunk("large", raster=Raster(2160, 3840))
    assert demand_of(large).memory < 6 * chunk_takes
    assert startable([large, *small], [chunk("in hand")], tight) == []
    assert startable([large, *small], [], tight) == [large], "alone it fits as well as it ever will"


@given(st.integers(min_value=2, max_value=6), st.integers(min_value=1, max_value=30))
def test_a_large_step_starts_as_soon_as_what_was_in_hand_has_ended(slots: int, behind: int) -> None:
    """However many small ones wait behind it, which would fit again and again."""
    small = demand_of(chunk("x")).memory
    capacity = Capacity(slots=slots, memory=slots * small)
    large = listening("large", model="large-v3")
    assume(demand_of(large).memory > (slots - 1) * small)
    in_hand = [chunk(f"in hand {n}") for n in range(slots - 1)]
    waiting = [large, *(chunk(f"s{n}") for n in range(behind))]
    while in_hand:
        assert startable(waiting, in_hand, capacity) == []
        in_hand.pop()
    assert startable(waiting, in_hand, capacity)[0] is large


def test_what_is_written_where_a_person_may_be_at_work_is_done_at_home() -> None:
    film = Film(reel="a", chunks=1, words=False)
    done = {"a probe", "a transcribe", "a draft"}
    at_home = {step.kind for step in film.plan({"a probe"}) if step.work and demand_of(step).at_home}
    at_home |= {step.kind for step in film.plan(done) if demand_of(step).at_home}
    assert "draft" in at_home
    assert not at_home & {"probe", "transcribe", "chunk", "join"}
    assert demand_of(replace(probe("x"), kind="deliver")).at_home


# --- the order -------------------------------------------------------------------------------------------


def _reels_in_order(night: Night, kind: str = "chunk") -> list[str]:
    return [name.split()[0] for name in night.order if f" {kind}" in name]


@given(films)
def test_the_longest_reel_is_first_and_each_is_finished_before_the_next_is_begun(
    campaign: list[Film],
) -> None:
    """With words given, everything is known before the first chunk."""
    campaign = [replace(film, words=True) for film in campaign]
    night = worked(campaign_of(*campaign), Capacity(slots=1))
    length = {film.reel: film.chunks for film in campaign}
    in_turn = [reel for reel, _ in itertools.groupby(_reels_in_order(night))]
    assert sorted(in_turn) == sorted(length), "a reel was left and taken up again"
    assert [length[reel] for reel in in_turn] == sorted(length.values(), reverse=True)
    for reel, following in itertools.pairwise(in_turn):
        assert night.ended[f"{reel} deliver"] <= night.began[f"{following} chunk 00"]


def test_a_short_reel_that_is_begun_is_not_left_for_a_longer_one_that_becomes_known() -> None:
    """There are slots enough, but memory for one chunk alone: so the plan is made again before the short one is done."""
    large = Raster(2160, 3840)
    campaign = [
        Film(reel=reel, chunks=chunks, words=False, raster=large)
        for reel, chunks in (("short", 3), ("long", 9))
    ]
    one = demand_of(chunk("x", raster=large)).memory
    memory = one + demand_of(listening("x")).memory
    assert memory < 2 * one
    night = worked(
        campaign_of(*campaign),
        Capacity(slots=4, memory=memory),
        takes=lambda step: 5 if step.kind == "chunk" else 1,
    )
    assert night.began["short chunk 00"] < night.ended["long draft"] < night.began["short chunk 02"]
    assert _reels_in_order(night) == ["short"] * 3 + ["long"] * 9


def test_a_run_that_goes_on_finishes_first_what_the_last_one_had_begun() -> None:
    campaign = [Film(reel="short", chunks=3), Film(reel="long", chunks=9), Film(reel="middle", chunks=6)]
    made = {"short probe", "long probe", "middle probe", "short chunk 01", "middle chunk 00"}
    night = worked(lambda done: campaign_of(*campaign)(done | made), Capacity(slots=1))
    assert _reels_in_order(night) == ["middle"] * 5 + ["short"] * 2 + ["long"] * 9


@given(films, st.integers(min_value=1, max_value=3), durations)
@example(
    campaign=[Film(reel="r0", chunks=3, words=False), Film(reel="r1", chunks=6, words=False)],
    slots=2,
    lasting={"probe": 1, "transcribe": 1, "draft": 1, "chunk": 1.0},
)
def test_a_reel_that_is_begun_is_finished_first_although_a_longer_one_becomes_known_meanwhile(
    campaign: list[Film], slots: int, lasting: Mapping[str, float]
) -> None:
    """Films that must be listened to become known one after the other; no chunk of another reel starts before ours."""
    night = worked(
        campaign_of(*campaign),
        Capacity(slots=slots),
        takes=lambda step: lasting.get(step.kind, seconds_of(step)),
    )
    begun = [reel for reel, _ in itertools.groupby(_reels_in_order(night))]
    assert len(begun) == len(set(begun)), f"a reel was left and taken up again: {begun}"


def test_the_next_film_is_heard_while_the_last_ones_reel_is_encoded() -> None:
    campaign = [Film(reel=f"r{n}", chunks=6, words=False) for n in range(3)]
    night = worked(campaign_of(*campaign), Capacity(slots=2))
    for last, following in (("r0", "r1"), ("r1", "r2")):
        chunks = [f"{last} chunk {n:02}" for n in range(6)]
        assert any(night.overlap(f"{following} transcribe", chunk) for chunk in chunks)
    assert night.now < 0.8 * sum(night.ended[name] - night.began[name] for name in night.ended)


def test_steps_that_tell_something_come_before_all_others() -> None:
    order = Order()
    steps = [chunk("c0", reel="a"), join("j", "c0", reel="a"), probe("p"), listening("t"), draft("d", "t")]
    ranks = order.ranks(Plan(steps=tuple(steps)))
    assert sorted(ranks, key=lambda name: ranks[name])[3:] == ["c0", "j"]


@given(films)
def test_ranks_are_of_whatever_will_run_and_is_known_and_all_different(campaign: list[Film]) -> None:
    plan = Plan(steps=tuple(campaign_of(*campaign)({"r0 probe"})))
    ranks = Order().ranks(plan)
    assert set(ranks) == {step.fingerprint for step in plan.to_run if step.fingerprint}
    assert len(set(ranks.values())) == len(ranks)


# --- how far it is ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Seen:
    """What a tally said after each thing that happened."""

    tally: Tally
    shares: list[float] = field(default_factory=list)
    left: list[float | None] = field(default_factory=list)

    def look(self, now: float) -> None:
        self.shares.append(self.tally.share)
        self.left.append(self.tally.seconds_left(now))
        assert 0 <= self.shares[-1] <= 1
        assert self.left[-1] is None or self.left[-1] >= 0
        for reel in self.tally.reels:
            assert 0 <= reel.share <= 1
            assert not reel.is_finished or reel.share == 1 or reel.has_failed


@given(
    films,
    st.lists(st.floats(min_value=0, max_value=1000), min_size=1, max_size=40),
    st.lists(st.floats(min_value=0, max_value=1), max_size=5),
)
def test_the_share_grows_from_nothing_to_all_while_the_plan_stands(
    campaign: list[Film], taken: list[float], shares: list[float]
) -> None:
    """However long each step takes, and whatever it says of itself meanwhile."""
    done = {f"{film.reel} {step}" for film in campaign for step in ("probe", "transcribe", "draft")}
    steps = campaign_of(*campaign)(done)
    seen = Seen(Tally(now=0.0))
    now = 0.0
    seen.tally.planned(Plan(steps=tuple(steps)))
    seen.look(now)
    assert seen.left == [None]
    assert seen.shares == [0]
    lasting = itertools.cycle(taken)
    for step in steps:
        if not step.will_run:
            continue
        seen.tally.started(step, now)
        for share in sorted(shares):
            now += next(lasting) / 10
            seen.tally.progressed(step, share)
            seen.look(now)
        now += next(lasting)
        seen.tally.finished(step, now)
        seen.look(now)
    assert seen.shares == sorted(seen.shares), "it went back"
    assert seen.shares[-1] == 1
    assert all(reel.is_finished and reel.share == 1 for reel in seen.tally.reels)
    assert not seen.left[-1], "nothing is left, or nothing was ever known"


@given(films, capacities, st.data())
def test_a_run_with_new_plans_and_failures_is_never_further_than_all_and_never_has_less_than_no_time_left(
    campaign: list[Film], capacity: Capacity, data: st.DataObject
) -> None:
    seen = Seen(Tally(now=100.0))
    now, done, failed = 100.0, set[str](), set[str]()
    seen.look(now)
    for _ in range(60):
        plan = campaign_of(*campaign)(done)
        seen.tally.planned(Plan(steps=tuple(plan)))
        seen.look(now)
        can = [
            step
            for step in plan
            if step.will_run
            and step.fingerprint
            and step.made_as not in failed
            and done.issuperset(step.needs)
        ]
        if not can:
            break
        taken = data.draw(st.sampled_from(can))
        seen.tally.started(taken, now)
        now += data.draw(st.floats(min_value=0, max_value=100))
        seen.tally.progressed(taken, data.draw(st.floats(min_value=0, max_value=1)))
        seen.look(now)
        if data.draw(st.integers(min_value=0, max_value=9)) == 0:
            seen.tally.failed(taken)
            failed.add(taken.made_as)
        else:
            seen.tally.finished(taken, now)
            done.add(taken.made_as)
        seen.look(now)
        assert not seen.tally.in_hand
    assert capacity.slots


def test_a_failed_reel_is_told_and_the_time_left_counts_it_no_more() -> None:
    tally = Tally(now=0.0)
    steps = [chunk("a0", reel="a", frames=500), chunk("b0", reel="b", frames=500), join("bj", "b0", reel="b")]
    tally.planned(Plan(steps=tuple(steps)))
    tally.started(steps[0], 0.0)
    tally.started(steps[1], 0.0)
    tally.finished(steps[0], 40.0)
    before = tally.seconds_left(40.0)
    tally.failed(steps[1])
    after = tally.seconds_left(40.0)
    assert [(reel.reel, reel.is_finished, reel.has_failed) for reel in tally.reels] == [
        ("a", True, False),
        ("b", False, True),
    ]
    assert before is not None
    assert after is not None
    assert after < before
