"""The report of a draft: made from what, what was heard and not believed, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reels.drafts.records import REPORT_SCHEMA
from reels.glossary import NO_GLOSSARY, WHY_CORRECTED, Correction, Glossary
from reels.recognise import why_dropped
from reels.said import Said
from reels.subtitles import Cue
from reels.timing import format_clock
from reels.transcript import Transcript

__all__ = ["draft_report"]


def draft_report(
    transcript: Transcript,
    cues: Sequence[Cue],
    corrections: Sequence[Correction],
    *,
    draft: str,
    footage: str,
    options: Mapping[str, Any],
    glossary: Glossary = NO_GLOSSARY,
) -> dict[str, Any]:
    """What a person should know of a draft, as JSON: what was heard and not believed comes with its reason."""
    notes: list[dict[str, Any]] = []
    if not transcript.words:
        notes.append(_both(Said("no speech was heard", ko="말소리를 찾지 못함")))
    if transcript.is_in_another_language:
        heard, told = transcript.heard_language, transcript.spoken_language or transcript.language
        said = Said(f"sounds like {heard}, not {told}", ko=f"{told}이(가) 아니라 {heard}로 들림")
        notes.append({**_both(said), "probability": round(transcript.heard_language_probability, 3)})
    return {
        "schema": REPORT_SCHEMA,
        "draft": draft,
        "footage": footage,
        "language": transcript.language,
        "model": transcript.model,
        "options": {**options, "glossary": glossary.as_written},
        "duration": format_clock(transcript.duration),
        "cues": len(cues),
        "words": len(transcript.words),
        "notes": notes,
        "dropped": [
            {
                "number": number,
                "start": format_clock(dropped.segment.start),
                "end": format_clock(dropped.segment.end),
                "text": dropped.segment.text,
                "reason": dropped.reason,
                "evidence": dict(dropped.evidence),
                "said": _both(why_dropped(dropped)),
            }
            for number, dropped in enumerate(transcript.dropped, start=1)
        ],
        "corrected": [
            {
                "start": format_clock(made.start),
                "end": format_clock(made.end),
                "found": made.found,
                "put": made.put,
                "term": made.term,
                "why": made.why,
                "said": _both(WHY_CORRECTED[made.why]),
            }
            for made in corrections
        ],
    }


def _both(said: Said) -> dict[str, str]:
    return {"en": str(said), "ko": said.ko}
