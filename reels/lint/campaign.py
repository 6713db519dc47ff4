"""The rules about the campaign itself: colours, footage that opens, the texts that go with the post."""

from __future__ import annotations

from collections.abc import Iterator

from reels.campaign.brand import brand_problems
from reels.campaign.model import Campaign, ReelSpec
from reels.campaign.roles import contrast_problem
from reels.campaign.template import template_problems
from reels.errors import CampaignProblem, CampaignProblems, ReelsError
from reels.lint.brand import brand_findings
from reels.lint.finding import Finding, of_problem, of_refusal
from reels.plan.cards import require_cards
from reels.plan.post import text_problems
from reels.probe import glance
from reels.said import Said

__all__ = ["campaign_findings", "findings_of"]


def findings_of(error: CampaignProblems, *, rule: str = "campaign.value") -> tuple[Finding, ...]:
    """The problems of a campaign that could not even be read, as findings."""
    return tuple(of_problem(problem, rule, "error") for problem in error.problems)


def campaign_findings(campaign: Campaign) -> Iterator[Finding]:
    for brand in dict.fromkeys(reel.brand for reel in campaign.reels):
        for problem in brand_problems(brand):
            yield of_problem(problem, "brand.contrast", "warning")
    for template, brand in dict.fromkeys((reel.template, reel.brand) for reel in campaign.reels):
        for problem in template_problems(template, brand):
            yield of_problem(problem, "template.contrast", "warning")
    for reel in campaign.reels:
        for problem in _faint_cards(reel):
            yield of_problem(problem, "template.contrast", "warning")
    yield from brand_findings(campaign)
    yield from _footage(campaign)
    for reel in campaign.reels:
        yield from _cards(reel)
        for platform in reel.platforms:
            for problem in text_problems(reel, platform):
                yield of_problem(problem, "caption.limits", "error")


def _faint_cards(reel: ReelSpec) -> Iterator[CampaignProblem]:
    """Cards on a colour that the campaign names, on which the template's letters do not stand out."""
    for card in reel.cards:
        style, ground = reel.template.card(card.kind), card.ground and card.ground.colour
        if style is None or not ground or not card.words:
            continue
        where = f"{card.where}.ground"
        problem = contrast_problem(where, style.text, ground, reel.brand, size_px=style.body_size_px)
        if problem is not None:
            yield problem


def _cards(reel: ReelSpec) -> Iterator[Finding]:
    try:
        require_cards(reel)
    except CampaignProblems as error:
        yield from findings_of(error)
    except ReelsError as refused:
        expected = Said("a voice that can be played", ko="재생할 수 있는 목소리")
        yield of_refusal(refused, "campaign.value", where=reel.where, expected=expected)


def _footage(campaign: Campaign) -> Iterator[Finding]:
    looked_at: dict[object, ReelsError | None] = {}
    for clip in (clip for reel in campaign.reels for clip in reel.clips):
        if clip.footage not in looked_at:
            try:
                glance(clip.footage)
                looked_at[clip.footage] = None
            except ReelsError as refused:
                looked_at[clip.footage] = refused
        error = looked_at[clip.footage]
        if error is not None:
            expected = Said("footage that opens and shows a picture", ko="열리고 화면이 나오는 영상")
            yield of_refusal(error, "footage.readable", where=clip.where, expected=expected)
