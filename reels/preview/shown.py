"""What the page gets of a reel, as JSON: times of the programme in frames, of the footage in milliseconds.

Whoever reads this page of code knows what the browser knows. No path of this computer is in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from reels.campaign.model import ClipSpec
from reels.drafts import Conflict, EditedDraft
from reels.geometry import Box
from reels.lint import Finding
from reels.platforms import Platform
from reels.preview.lettering import Lettered, lettered
from reels.preview.offers import NotBelieved, TermOffered
from reels.said import Language, in_language
from reels.steps import ReelCut
from reels.subtitles import Cue
from reels.timing import FrameRange, TimeRange

__all__ = [
    "clip_json",
    "conflict_json",
    "cue_json",
    "draft_json",
    "finding_json",
    "not_believed_json",
    "platform_json",
    "range_json",
    "reel_json",
    "term_json",
]


def reel_json(cut: ReelCut) -> dict[str, Any]:
    """How a reel is cut, what is burned in, and how that looks."""
    edit = cut.programme.edit
    return {
        "rate": [edit.rate.numerator, edit.rate.denominator],
        "frames": edit.frame_count,
        "raster": [cut.raster.width, cut.raster.height],
        "spans": [
            {
                "clip": None if span.is_card else span.clip,
                "source_ms": _ms(span.range_in_source.start),
                "frames": _frames(span.range_in_programme),
            }
            for span in edit.spans
        ],
        "style": _style_json(cut),
        "captions": _captions_json(cut),
    }


def _captions_json(cut: ReelCut) -> list[dict[str, Any]]:
    """Every caption as it is drawn, by its first frame."""
    rate = cut.programme.edit.rate
    drawn = [lettered(cue, style=cut.style, raster=cut.raster, rate=rate) for cue in cut.burned_in]
    return [_caption_json(one) for one in sorted(drawn, key=lambda one: (one.frames.start, one.second))]


def _caption_json(one: Lettered) -> dict[str, Any]:
    return {
        "frames": _frames(one.frames),
        "centre": float(one.centre),
        "top": float(one.top),
        "bottom": float(one.bottom),
        "lines": [
            {
                "size": float(line.size_px),
                "outline": float(line.outline_px),
                "baseline": float(line.baseline),
                "runs": [{"text": run.text, "colour": run.colour, "first": run.first} for run in line.runs],
            }
            for line in one.lines
        ],
        "spoken": [
            {"line": line, "first": first, "end": end, "frames": _frames(frames)}
            for line, first, end, frames in one.spoken
        ],
        "second": one.second,
    }


def _style_json(cut: ReelCut) -> dict[str, Any]:
    style = cut.style
    return {
        "font": style.font.sha256,
        "outline_colour": style.outline_colour,
        "box": {"colour": style.back_colour, "padding": style.box_padding_px} if style.box else None,
        "spoken_colour": style.spoken_colour,
        # What is being typed, before it is known how it is set.
        "plain": {
            "size": float(style.size_px),
            "outline": float(style.outline_px),
            "height": float(style.font.line_height_px(style.size_px)),
            "descent": float(style.font.descent_px(style.size_px)),
            "foot": cut.raster.height - style.margin_bottom_px,
            "centre": (style.margin_left_px + cut.raster.width - style.margin_right_px) / 2,
            "colour": style.primary_colour,
        },
    }


def clip_json(clip: ClipSpec) -> dict[str, Any]:
    """A clip by the name of its file, with its points as they are written; empty: the footage's own."""
    return {
        "name": unicodedata.normalize("NFC", clip.footage.name),
        "in": clip.in_point or "",
        "out": clip.out_point or "",
        "is_brands": clip.is_brands,
    }


def range_json(stretch: TimeRange) -> list[float]:
    return [_ms(stretch.start), _ms(stretch.end)]


def draft_json(name: str, draft: EditedDraft) -> dict[str, Any]:
    return {"name": name, "version": draft.version, "cues": [cue_json(cue) for cue in draft.cues]}


def cue_json(cue: Cue) -> dict[str, Any]:
    return {"start": _ms(cue.start), "end": _ms(cue.end), "text": cue.text}


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    sides = {"base": conflict.base, "mine": conflict.mine, "theirs": conflict.theirs}
    return {side: [cue_json(cue) for cue in cues] for side, cues in sides.items()}


def term_json(offered: TermOffered) -> dict[str, Any]:
    return {"at": _ms(offered.cue.start), "found": offered.found, "put": offered.put}


def not_believed_json(stretch: NotBelieved, language: Language) -> dict[str, Any]:
    why = in_language(stretch.why, language)
    return {"text": stretch.text, "why": why, "cues": [cue_json(cue) for cue in stretch.cues]}


def finding_json(finding: Finding, language: Language) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "draft": finding.file,
        "at": None if finding.at is None else _ms(finding.at),
        "where": in_language(finding.where, language),
        "found": in_language(finding.found, language),
        "expected": in_language(finding.expected, language),
    }


def platform_json(platform: Platform, language: Language) -> dict[str, Any]:
    covered: Sequence[Box | None] = (*platform.keep_clear, platform.auto_caption_band)
    return {
        "name": platform.name,
        "title": platform.title_ko if language == "ko" else platform.title,
        "raster": [platform.raster.width, platform.raster.height],
        "safe": _box(platform.safe_area),
        "covered": [_box(box) for box in covered if box is not None],
    }


def _box(box: Box) -> list[int]:
    return [box.left, box.top, box.right, box.bottom]


def _frames(frames: FrameRange) -> list[int]:
    return [frames.start, frames.end]


def _ms(seconds: Fraction) -> float:
    milliseconds = seconds * 1000
    return int(milliseconds) if milliseconds.denominator == 1 else float(milliseconds)
