"""`make_plan`: footage first, then each reel; a reel that cannot be made is a failure, and the others are planned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from reels.campaign.model import Campaign, ClipSpec, ReelSpec
from reels.encode import Encoder, Quality
from reels.errors import CampaignProblems, ReelsError
from reels.framing import LOOKED_FOR
from reels.plan.cards import ground_clip, require_cards, require_voices
from reels.plan.encodes import Encode, encodes_of, not_made_by_us
from reels.plan.footage import FootagePlanner, KnownClip
from reels.plan.post import text_problems
from reels.plan.reel import ReelPlanner
from reels.plan.screen import require_drawable
from reels.plan.sound import require_music
from reels.plan.steps_so_far import StepsSoFar, without_idle
from reels.steps import Kind, Plan, PlanFailure, ReelCut, Step
from reels.survey import Survey
from reels.versions import ToolVersions

__all__ = ["Goal", "make_plan"]

Goal = Literal["deliver", "draft", "frame", "proxy"]
"""What is wanted in the end; `frame` and `proxy` are looked at, as a reel's first encode has them."""

_ENDS: Mapping[Goal, Kind] = {"deliver": "deliver", "draft": "draft", "frame": "frame", "proxy": "join"}

_SHARED_KINDS: tuple[Kind, ...] = ("loudness", "audio", "chunk", "join", "cover", "check")


def make_plan(
    campaign: Campaign,
    survey: Survey,
    tools: ToolVersions,
    *,
    goal: Goal = "deliver",
    force: bool = False,
    made_now: Collection[str] = (),
    encoder: Encoder = "x264",
    quality: Quality = "full",
    moments: Mapping[str, Sequence[str]] | None = None,
) -> Plan:
    """Every step that the campaign's reels need, each shared step once, in an order in which it can be done.

    The goal `frame` is the frames of each reel that are shown at its `moments`, times of the programme; `proxy` its film
    without subtitles. With `force` only results in `made_now`, the fingerprints made by this run, count as done.
    """
    steps = StepsSoFar(survey, tools, force=force, made_now=made_now)
    footage = FootagePlanner(campaign, survey, steps, drafts_wanted=goal == "draft", force=force)
    failures: list[PlanFailure] = []
    cuts: list[ReelCut] = []
    frames: dict[str, tuple[str, ...]] = {}
    proxies: dict[str, str] = {}
    for whole in campaign.reels:
        reel = whole
        try:
            if goal == "deliver":
                # Known from the campaign alone: told before hours of listening, not after.
                reel, refused = _for_those_that_take_its_words(whole)
                failures += refused
                if not reel.platforms:
                    continue
            if goal != "draft":
                require_drawable(reel)
                require_music(reel)
                require_voices(reel)
                require_cards(reel)
            clips = [footage.clip(reel, spec) for spec in reel.clips]
            shown_behind = _films_behind(reel) if goal != "draft" else []
            behind = {spec.footage: footage.clip(reel, spec) for spec in shown_behind}
        except ReelsError as error:
            failures.append(PlanFailure(reel=reel.id, platform=None, error=error))
            continue
        if goal == "draft":
            continue
        known = [clip for clip in clips if isinstance(clip, KnownClip)]
        grounds = {path: clip for path, clip in behind.items() if isinstance(clip, KnownClip)}
        if len(known) < len(clips) or len(grounds) < len(behind):
            waiting = [step for step in (*clips, *behind.values()) if isinstance(step, Step)]
            if any(spec.framing in LOOKED_FOR for spec in reel.clips):
                steps.add_unknown(f"{reel.id} framing", "framing", needs=waiting, reel=reel.id)
            if any(spec.stabilise and spec.framing != "fit" for spec in reel.clips):
                steps.add_unknown(f"{reel.id} stabilise", "stabilise", needs=waiting, reel=reel.id)
            _announce(reel, steps, waiting, goal)
            continue
        try:
            encodes = encodes_of(reel, known, heard=survey.transcript)
        except ReelsError as error:
            failures.append(PlanFailure(reel=reel.id, platform=None, error=error))
            continue
        for encode in encodes[:1] if goal in ("frame", "proxy") else encodes:
            make = partial(
                ReelPlanner,
                reel,
                known,
                root=campaign.workspace.root,
                survey=survey,
                steps=steps,
                films=grounds,
                encoder=encoder,
                quality=quality,
            )
            if goal == "frame":
                asked = (moments or {}).get(reel.id, ())
                planned = partial(ReelPlanner.plan_frames, moments=asked)
                drawn, cut, refusals = _plan_looked_at(reel, encode, make, steps, goal, planned)
                frames[reel.id] = tuple(step.made_as for step in drawn)
            elif goal == "proxy":
                joined, cut, refusals = _plan_looked_at(reel, encode, make, steps, goal, _proxy_of)
                proxies.update((reel.id, step.made_as) for step in joined)
            else:
                refusals, cut = _plan_encode(reel, encode, make, steps)
            failures += refusals
            cuts += [cut] if cut is not None else []
    return Plan(
        steps=without_idle(steps.steps, {_ENDS[goal]}),
        failures=tuple(failures),
        cuts=tuple(cuts),
        frames=frames,
        proxies=proxies,
    )


def _films_behind(reel: ReelSpec) -> list[ClipSpec]:
    """The films that play behind cards, each once."""
    found = [spec for card in reel.cards if (spec := ground_clip(card)) is not None]
    return list({spec.footage: spec for spec in found}.values())


def _for_those_that_take_its_words(reel: ReelSpec) -> tuple[ReelSpec, list[PlanFailure]]:
    """`reel` without the platforms that take no film of ours, or not its words, and their refusals."""
    refusals = [
        PlanFailure(reel=reel.id, platform=platform.name, error=CampaignProblems(problems=tuple(problems)))
        for platform in reel.platforms
        if (problems := [*not_made_by_us(reel, platform), *text_problems(reel, platform)])
    ]
    refused = {refusal.platform for refusal in refusals}
    taking = tuple(platform for platform in reel.platforms if platform.name not in refused)
    return replace(reel, platforms=taking), refusals


def _plan_encode(
    reel: ReelSpec, encode: Encode, make: Callable[[Encode], ReelPlanner], steps: StepsSoFar
) -> tuple[list[PlanFailure], ReelCut | None]:
    """Plan one encode of a reel; a platform that would refuse it does not hold back the others."""
    failures: list[PlanFailure] = []
    cut: ReelCut | None = None
    try:
        planner = make(encode)
        for platform, error in planner.refusals():
            failures.append(PlanFailure(reel=reel.id, platform=platform.name, error=error))
        refused = {failure.platform for failure in failures}
        taken = tuple(platform for platform in encode.platforms if platform.name not in refused)
        if taken:
            if refused:
                # Whom it is for may decide how a reel is cut and encoded.
                planner = make(replace(encode, platforms=taken))
            planner.require_room()
            awaited = planner.look()
            if awaited:
                cut = planner.cut_so_far()
                _announce(replace(reel, platforms=taken), steps, awaited)
            else:
                cut = planner.plan()
    except ReelsError as error:
        return [PlanFailure(reel=reel.id, platform=p.name, error=error) for p in encode.platforms], None
    return failures, cut


def _plan_looked_at(
    reel: ReelSpec,
    encode: Encode,
    make: Callable[[Encode], ReelPlanner],
    steps: StepsSoFar,
    goal: Goal,
    planned: Callable[[ReelPlanner], tuple[list[Step], ReelCut]],
) -> tuple[list[Step], ReelCut | None, list[PlanFailure]]:
    """The steps that end what is looked at and how the reel is cut, none while something must be known first."""
    try:
        planner = make(encode)
        planner.require_room()
        if awaited := planner.look():
            _announce(reel, steps, awaited, goal)
        else:
            return *planned(planner), []
    except ReelsError as error:
        return [], None, [PlanFailure(reel=reel.id, platform=None, error=error)]
    return [], None, []


def _proxy_of(planner: ReelPlanner) -> tuple[list[Step], ReelCut]:
    join, cut = planner.plan_proxy()
    return [join], cut


def _announce(reel: ReelSpec, steps: StepsSoFar, awaited: Sequence[Step], goal: Goal = "deliver") -> None:
    """The steps of a reel whose footage is not known yet: that they will run after `awaited`, but not from what."""
    if goal in ("frame", "proxy"):
        steps.add_unknown(f"{reel.id} {goal}", _ENDS[goal], needs=awaited, reel=reel.id)
        return
    for kind in _SHARED_KINDS:
        steps.add_unknown(f"{reel.id} {kind}", kind, needs=awaited, reel=reel.id)
    for platform in reel.platforms:
        name = f"{reel.id} {platform.name} deliver"
        steps.add_unknown(name, "deliver", needs=awaited, reel=reel.id, platform=platform.name)
