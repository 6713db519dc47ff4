"""What the page offers for a draft: terms of the glossary in place of what stands there, and what was not believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reels.cues import CueRules
from reels.drafts import cues_of_dropped
from reels.glossary import Glossary, glossary_findings
from reels.recognise import why_dropped
from reels.said import Said
from reels.subtitles import Cue
from reels.transcript import Transcript

__all__ = ["NotBelieved", "TermOffered", "not_believed", "terms_offered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermOffered:
    """`put` may stand in place of `found` in the text of `cue`."""

    cue: Cue
    found: str
    put: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBelieved:
    """A stretch that was heard and left out, and the cues that it would be."""

    text: str
    why: Said
    cues: tuple[Cue, ...]


def terms_offered(cues: Sequence[Cue], glossary: Glossary) -> Iterator[TermOffered]:
    """In order, only what stands in one line: a page replaces text and not breaks."""
    for cue in cues:
        for miss in glossary_findings(cue.text, glossary):
            found = cue.text[miss.first : miss.last]
            if "\n" not in found and found != miss.expected:
                yield TermOffered(cue=cue, found=found, put=miss.expected)


def not_believed(heard: Transcript, cues: Sequence[Cue]) -> Iterator[NotBelieved]:
    """What of `heard` is not in a draft that says `cues`, in order: where a cue stands by now, it was put back."""
    for dropped in heard.dropped:
        found = cues_of_dropped(heard, dropped, CueRules.for_language(heard.language))
        if found and not any(cue.start < found[-1].end and found[0].start < cue.end for cue in cues):
            yield NotBelieved(text=dropped.segment.text, why=why_dropped(dropped), cues=found)
