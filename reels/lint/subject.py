"""What the subtitle rules judge: one subtitle file with all that is known of it, and how its findings are worded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reels.cues import CueRules
from reels.cutting import is_marked
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
    `shown` are the ranges that any reel plays, in order; empty: all of it. `shown_cues` are the places in time of
    the cues that any reel shows after its cuts, None where `shown` decides; `played` are this reel's in programme
    time, in order, None where it is not cut. `cuts_text`: what is marked goes with its sound. `punctuation`: the
    burn-in shows it as the Korean guide wants. `speakers` are the names that the style takes out of a cue's text.
    `is_second`: in the reel's second language.
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
    cuts_text: bool = False
    shown_cues: frozenset[int] | None = None
    played: tuple[tuple[int, Cue], ...] | None = None

    def lines_of(self, cue: WrittenCue | Cue) -> tuple[str, ...]:
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

    @property
    def judged(self) -> tuple[tuple[WrittenCue, Cue], ...]:
        """`in_time` without the cues that no reel shows: marked ones, and those that no reel plays."""
        return tuple(
            (written, cue)
            for number, (written, cue) in enumerate(self.in_time)
            if self._is_shown(number, cue) and not is_marked(cue)
        )

    @property
    def marked(self) -> tuple[WrittenCue, ...]:
        """The cues within the reels' ranges that are marked to be cut."""
        return tuple(written for written, cue in self.in_time if is_marked(cue) and self._is_in_range(cue))

    @property
    def unmarked(self) -> tuple[WrittenCue, ...]:
        """Every cue with text that is not marked to be cut, shown or not, in the file's order."""
        marked = {written.number for written, cue in self.in_time if is_marked(cue)}
        return tuple(cue for cue in self.with_text if cue.number not in marked)

    @property
    def read(self) -> tuple[WrittenCue, ...]:
        """The cues that people will read: those `judged`, in the file's order."""
        shown = {written.number for written, _ in self.judged}
        return tuple(cue for cue in self.with_text if cue.number in shown)

    def _is_shown(self, number: int, cue: Cue) -> bool:
        return self._is_in_range(cue) if self.shown_cues is None else number in self.shown_cues

    def _is_in_range(self, cue: Cue) -> bool:
        place = TimeRange(cue.start, cue.end)
        return not self.shown or any(place.intersection(part) for part in self.shown)

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
