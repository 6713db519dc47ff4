"""What the subtitle rules judge: one subtitle file with all that is known of it, and how its findings are worded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reels.cues import CueRules
from reels.glossary import Glossary
from reels.lint.finding import Finding
from reels.lint.rules import Severity
from reels.said import Said, in_language
from reels.subtitles import Cue, SubtitleFile, WrittenCue, turn_of
from reels.timing import TimeRange, format_clock
from reels.transcript import Transcript

__all__ = ["Subject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subtitle file of a reel, in source time.

    `is_edited`: a person wrote or changed it. `transcript` is what the recogniser heard and `duration` how long
    the footage is, where that is known; `points` are the in and out points of the clips that show it.
    `shown` are their ranges, in order; empty: all of it. `punctuation`: the burn-in shows it as the Korean guide
    wants. `speakers` are the names that the style takes out of a cue's text. `is_second`: in the reel's second
    language.
    """

    name: str
    language: str
    file: SubtitleFile
    is_edited: bool
    rules: CueRules
    glossary: Glossary
    punctuation: bool
    is_second: bool = False
    transcript: Transcript | None = None
    duration: Fraction | None = None
    points: tuple[Fraction, ...] = ()
    shown: tuple[TimeRange, ...] = ()
    speakers: tuple[str, ...] = ()

    def lines_of(self, cue: WrittenCue) -> tuple[str, ...]:
        """The lines of `cue` without the name of its speaker, which stands elsewhere in the picture."""
        turn = turn_of(cue.lines, self.speakers) if self.speakers else None
        return turn.lines if turn is not None else cue.lines

    @property
    def with_text(self) -> tuple[WrittenCue, ...]:
        return tuple(cue for cue in self.file.written if cue.lines)

    @property
    def in_time(self) -> tuple[tuple[WrittenCue, Cue], ...]:
        """Each cue with text as written and as read, by start."""
        written = sorted(self.with_text, key=lambda cue: (cue.start, cue.end))
        return tuple(zip(written, self.file.cues, strict=True))

    def finding(self, rule: str, severity: Severity, cue: WrittenCue, found: str, expected: str) -> Finding:
        """What is wrong with one cue."""
        clock = format_clock(cue.start)
        return Finding(
            rule=rule,
            severity=severity,
            where=Said(
                f"{self.name} cue {cue.number} at {clock}", ko=f"{self.name} 자막 {cue.number}번({clock})"
            ),
            found=found,
            expected=expected,
            cue=cue.number,
            at=cue.start,
            file=self.name,
        )

    def note(self, rule: str, cues: list[WrittenCue], found: str, expected: str) -> list[Finding]:
        """What is mended by itself, told once for the file with the first place; nothing where it is nowhere."""
        if not cues:
            return []
        count = len(cues)
        text = Said(
            f"{count} × {found}" if count > 1 else found,
            ko=f"{in_language(found, 'ko')} {count}곳" if count > 1 else in_language(found, "ko"),
        )
        return [self.finding(rule, "info", cues[0], text, expected)]

    def of_file(self, rule: str, severity: Severity, found: str, expected: str) -> Finding:
        return Finding(
            rule=rule, severity=severity, where=self.name, found=found, expected=expected, file=self.name
        )

    def at(self, rule: str, place: TimeRange, found: str, expected: str) -> Finding:
        """A warning about a moment without a cue."""
        clock = format_clock(place.start)
        return Finding(
            rule=rule,
            severity="warning",
            where=Said(f"{self.name} at {clock}", ko=f"{self.name} {clock}"),
            found=found,
            expected=expected,
            at=place.start,
            file=self.name,
        )
