"""The desk: one campaign that lies open, and all that the page may ask of it. Knows nothing of HTTP.

    viewing  ──▶ how a reel is laid out, its frames, its film
    drafts   ◀─▶ what the editor changes; nobody's words are written over
    review   ◀─▶ notes and approvals
    jobs     ──▶ what takes longer

Every answer is of now: files that change on disk, by whatever program, are read anew.
"""

from __future__ import annotations

import math
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from reels.campaign.model import Campaign, ClipSpec, ReelSpec
from reels.campaign.trimming import ClipInFile, PointKey, with_point
from reels.campaign.yaml_with_lines import decoded
from reels.deliver import safe_name
from reels.drafts import EditedDraft, draft_record, drafts_held
from reels.errors import ReelsError, UsageError
from reels.fingerprint import sha256_of_file
from reels.kit import report_in
from reels.lint import Finding, draft_findings
from reels.plan import draft_names
from reels.preview.drafting import OpenDrafts
from reels.preview.jobs import Job, Jobs
from reels.preview.offers import NotBelieved, TermOffered, not_believed, terms_offered
from reels.preview.review import Approval, Review, read_review, words_hash, write_review
from reels.render import Hands, NotYetKnown, Viewing, render_campaign
from reels.run import RunEvent
from reels.said import Said
from reels.steps import Plan, ReelCut, Step
from reels.store import write_atomically
from reels.timing import TimeRange, format_clock
from reels.transcript import Transcript

__all__ = [
    "Approved",
    "Desk",
    "HandedOver",
    "ListedReel",
    "OpenDraft",
    "OpenReel",
    "ReelState",
    "written_point",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """A draft that a reel shows, under its name in the drafts folder; `clips` are the numbers of those that it is of.

    `speech` is where a voice was heard, in source time; empty where nobody listened here.
    """

    name: str
    language: str
    draft: EditedDraft
    clips: tuple[int, ...]
    terms: tuple[TermOffered, ...]
    not_believed: tuple[NotBelieved, ...]
    speech: tuple[TimeRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A film that was handed over: its place in the campaign, and the rules that it breaks or nearly breaks."""

    platform: str
    file: str
    findings: tuple[Mapping[str, Any], ...]


Approved = Literal["no", "yes", "ended", "unseen"]
"""Whether somebody approved a reel; it ended with an edit since, or nobody has seen here what it says by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReel:
    """A reel as it lies open. `cut` is None while something must be done before it can be looked at, or while a
    `problem` stands in the way, which its words may be: then they are there to be mended.

    With `needs_listening` that takes long, and a person decides when; the rest is done in seconds.
    """

    spec: ReelSpec
    clips: tuple[ClipSpec, ...]
    cut: ReelCut | None
    problem: ReelsError | None
    waits_for: tuple[str, ...]
    needs_listening: bool
    drafts: tuple[OpenDraft, ...]
    findings: tuple[Finding, ...]
    review: Review
    approved: Approved
    handed_over: tuple[HandedOver, ...]


ReelState = Literal["problem", "no-draft", "draft", "edited", "check-failed", "rendered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReel:
    """A reel in the list: how far it is, and what stands in its way."""

    spec: ReelSpec
    state: ReelState
    approved: Approved = "no"
    error: ReelsError | None = None


class Desk:
    """`load` reads the campaign in `file` as it is on disk, and raises as `load_campaign` does."""

    def __init__(self, load: Callable[[], Campaign], *, file: Path) -> None:
        self._load = load
        self.file = file
        self._viewing = Viewing(load())
        self._reviewing = Lock()
        self._trimming = Lock()
        self._fonts: dict[str, Path] = {}
        self._films: dict[tuple[Path, int, int], str] = {}
        self.drafts = OpenDrafts(lambda: self.campaign)
        self.jobs = Jobs()

    @property
    def campaign(self) -> Campaign:
        return self._viewing.campaign

    def read_anew(self) -> Campaign:
        """The campaign as it is on disk now. Raises: CampaignProblems; then the last one that could be read is kept."""
        campaign = self._load()
        self._viewing.now(campaign)
        return campaign

    def listed(self) -> tuple[ListedReel, ...]:
        """The reels in the campaign's order, each with how far it is now."""
        plan = self._viewing.to_deliver()
        return tuple(self._listed(spec, plan) for spec in self.campaign.reels)

    def _listed(self, spec: ReelSpec, plan: Plan) -> ListedReel:
        # What a page shows is what the first platform gets.
        first = (cut for cut in plan.cuts if cut.reel == spec.id and spec.platforms[0].name in cut.platforms)
        approved = self._approved(spec, next(first, None), read_review(self._root, spec.id))
        for failure in plan.failures:
            if failure.reel == spec.id:
                return ListedReel(spec=spec, state="problem", approved=approved, error=failure.error)
        return ListedReel(spec=spec, state=self._state(spec, plan), approved=approved)

    def _state(self, spec: ReelSpec, plan: Plan) -> ReelState:
        steps = [step for step in plan.steps if step.reel == spec.id]
        handed_over = [step for step in steps if step.kind == "deliver"]
        if handed_over and not any(step.will_run for step in handed_over):
            return "rendered"
        if any(self._breaks_rules(step) for step in steps if step.kind == "check"):
            return "check-failed"
        names = self._names_of(spec)
        drafts = [self.drafts.path(name) for name in names]
        awaited = {step.id for step in plan.steps if step.kind == "draft" and step.will_run}
        if any(
            f"draft {name}" in awaited and not path.exists() for name, path in zip(names, drafts, strict=True)
        ):
            return "no-draft"
        return "edited" if any(self._is_a_persons(path) for path in drafts if path.exists()) else "draft"

    def _breaks_rules(self, check: Step) -> bool:
        result = self._viewing.result(check.made_as) if check.fingerprint is not None else None
        return result is not None and not all(one["ok"] for one in result.facts["reports"].values())

    def _names_of(self, spec: ReelSpec) -> list[str]:
        """The drafts that a reel reads in its first language."""
        names = draft_names(self.campaign)
        read = [clip for clip in spec.clips if clip.subtitles is None and not clip.wordless]
        return list(dict.fromkeys(names[clip.footage, spec.subtitles.language] for clip in read))

    def _is_a_persons(self, path: Path) -> bool:
        workspace = self.campaign.workspace
        record = draft_record(workspace.store_dir, path.name, workspace.drafts_dir)
        try:
            return record is None or not record.wrote(sha256_of_file(path))
        except OSError:
            return False

    # --- a reel ------------------------------------------------------------------------------------------

    def open_reel(self, reel_id: str) -> OpenReel:
        """All that is known of a reel. Raises: ReelsError where its campaign or a draft cannot be read."""
        self.read_anew()
        spec = self.spec(reel_id)
        problem: ReelsError | None = None
        laid_out: ReelCut | NotYetKnown = NotYetKnown(steps=())
        try:
            laid_out = self.laid_out(reel_id)
        except ReelsError as error:
            problem = error
        cut = laid_out if isinstance(laid_out, ReelCut) else None
        awaited = laid_out.steps if isinstance(laid_out, NotYetKnown) else ()
        review = read_review(self._root, reel_id)
        return OpenReel(
            spec=spec,
            clips=cut.clips if cut is not None else spec.clips,
            cut=cut,
            problem=problem,
            waits_for=tuple(step.doing for step in awaited if step.doing),
            needs_listening=any(step.kind in ("transcribe", "draft") for step in awaited),
            drafts=self._drafts_of(spec, cut),
            findings=self.findings(reel_id),
            review=review,
            approved=self._approved(spec, cut, review),
            handed_over=tuple(self._handed_over(spec)),
        )

    def _handed_over(self, spec: ReelSpec) -> Iterator[HandedOver]:
        """What lies in the output folder of a reel, as its reports tell."""
        root, out_dir = self._root, self.campaign.workspace.out_dir
        for platform in spec.platforms:
            folder = out_dir / safe_name(spec.id) / platform.name
            report = report_in(folder)
            if report is not None:
                film = folder / f"{safe_name(spec.id)}.mp4"
                yield HandedOver(
                    platform=platform.name,
                    file=(film.relative_to(root) if film.is_relative_to(root) else film).as_posix(),
                    findings=tuple(report["check"]["findings"]),
                )

    def spec(self, reel_id: str) -> ReelSpec:
        """Raises: UsageError for a reel that there is none of."""
        return self._viewing.spec(reel_id)

    def laid_out(self, reel_id: str) -> ReelCut | NotYetKnown:
        """Raises: ReelsError."""
        laid_out = self._viewing.laid_out(reel_id)
        if isinstance(laid_out, ReelCut):
            self._fonts[laid_out.style.font.sha256] = laid_out.style.font.path
        return laid_out

    def frame(self, reel_id: str, number: int) -> bytes | NotYetKnown:
        """A PNG. Raises: ReelsError."""
        return self._viewing.frame(reel_id, number)

    def film_to_play(self, reel_id: str) -> Path | NotYetKnown:
        """Raises: ReelsError."""
        return self._viewing.proxy(reel_id)

    def findings(self, reel_id: str) -> tuple[Finding, ...]:
        """What is wrong with the drafts of a reel. Line breaks are not judged: that takes a second."""
        return draft_findings(self.campaign.alone(self.spec(reel_id)), breaks=False)

    def font(self, sha256: str) -> Path | None:
        """The font file with this content, of those in which captions were laid out; None for any other."""
        return self._fonts.get(sha256)

    # --- drafts ------------------------------------------------------------------------------------------

    def _drafts_of(self, spec: ReelSpec, cut: ReelCut | None) -> tuple[OpenDraft, ...]:
        names = draft_names(self.campaign)
        clips = cut.clips if cut is not None else spec.clips
        shown: dict[tuple[str, str], list[int]] = {}
        for number, clip in enumerate(clips):
            if clip.wordless:
                continue
            if clip.subtitles is None:
                shown.setdefault(
                    (names[clip.footage, spec.subtitles.language], spec.subtitles.language), []
                ).append(number)
            if spec.captions.second:
                second = spec.captions.second
                shown.setdefault((names[clip.footage, second], second), []).append(number)
        return tuple(
            self._open_draft(spec, name, language, numbers) for (name, language), numbers in shown.items()
        )

    def _open_draft(self, spec: ReelSpec, name: str, language: str, clips: Sequence[int]) -> OpenDraft:
        draft, heard = self.drafts.read(name), self._viewing.heard(name)
        return OpenDraft(
            name=name,
            language=language,
            draft=draft,
            clips=tuple(clips),
            # The glossary is of the first language; names are written otherwise in a second.
            terms=tuple(terms_offered(draft.cues, spec.subtitles.glossary))
            if language == spec.subtitles.language
            else (),
            not_believed=tuple(not_believed(heard, draft.cues)) if heard is not None else (),
            speech=_speech(heard) if heard is not None else (),
        )

    # --- cuts --------------------------------------------------------------------------------------------

    def trim(self, seen: ClipInFile, key: PointKey, written: str | None, *, was: str | None) -> str | None:
        """Let a clip begin (`in`) or end (`out`) at a point, in the campaign's own file; as `with_point`.

        What stood there before. Works also on a campaign that is none at the moment, which a point may have done.

        Raises: UsageError; CampaignProblems for a file that is no YAML; OSError.
        """
        file = self.file.resolve()
        with self._trimming, drafts_held(self.campaign.workspace.store_dir):
            while True:
                raw = file.read_bytes()
                try:
                    text, encoding = decoded(raw)
                except UnicodeDecodeError:
                    self._load()  # which tells it
                    raise
                trimmed = with_point(text, seen, key, written, was=was)
                mode = stat.S_IMODE(file.stat().st_mode)
                # Whoever saves the campaign between our reading and our writing is read once more.
                if write_atomically(file, trimmed.text.encode(encoding), while_so=partial(_says, file, raw)):
                    with suppress(OSError):  # as its author has it
                        file.chmod(mode)
                    return trimmed.before

    def clip_in_file(self, reel_id: str, clip: int, footage: str) -> ClipInFile:
        """Clip number `clip` of those that a reel plays, of the file `footage`, as it stands in the campaign.

        Raises: UsageError for one that the brand has put there, or that there is none of.
        """
        spec = self.spec(reel_id)
        own = [number for number, one in enumerate(spec.clips) if not one.is_brands]
        if clip not in own:
            raise UsageError(
                where=reel_id,
                found=Said("a clip that is not the reel's own", ko="브랜드가 넣은 클립"),
                expected=Said("a clip of its clips", ko="이 릴스의 clips에 적은 클립"),
                remedy=Said("change it in brand.yaml", ko="brand.yaml에서 고쳐 주세요."),
            )
        return ClipInFile(reel=reel_id, number=own.index(clip), footage=footage)

    # --- review ------------------------------------------------------------------------------------------

    def note(self, reel_id: str, text: str) -> None:
        """Raises: UsageError, OSError."""
        self.spec(reel_id)
        with self._reviewing:
            write_review(self._root, reel_id, replace(read_review(self._root, reel_id), note=text))

    def approve(self, reel_id: str, by: str) -> None:
        """Raises: ReelsError, OSError; UsageError where the reel cannot be looked at yet."""
        self.read_anew()
        spec = self.spec(reel_id)
        cut = self._viewing.laid_out(reel_id)
        if isinstance(cut, NotYetKnown):
            raise UsageError(
                where=reel_id,
                found=Said("a reel that was not looked at yet", ko="아직 볼 수 없는 릴스"),
                expected=Said("a reel with its subtitles", ko="자막이 있는 릴스"),
                remedy=Said("make its draft first", ko="먼저 초안을 만들어 주세요."),
            )
        approval = Approval(
            by=by,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            text=words_hash(cut.burned_in),
            # A film of older words is not what is approved.
            file=self._film_hash(spec) if self._is_rendered(spec) else "",
        )
        with self._reviewing:
            write_review(self._root, reel_id, replace(read_review(self._root, reel_id), approval=approval))

    def _is_rendered(self, spec: ReelSpec) -> bool:
        plan = self._viewing.to_deliver()
        return not any(one.reel == spec.id for one in plan.failures) and self._state(spec, plan) == "rendered"

    def take_back(self, reel_id: str) -> None:
        """End an approval. Raises: UsageError, OSError."""
        self.spec(reel_id)
        with self._reviewing:
            write_review(self._root, reel_id, replace(read_review(self._root, reel_id), approval=None))

    def _approved(self, spec: ReelSpec, cut: ReelCut | None, review: Review) -> Approved:
        if review.approval is None:
            return "no"
        if cut is None:
            return "unseen"
        file = self._film_hash(spec) if review.approval.file else ""
        return "yes" if review.approval.stands(text=words_hash(cut.burned_in), file=file) else "ended"

    def _film_hash(self, spec: ReelSpec) -> str:
        """The sha256 of the film that was handed over for the reel's first platform; empty where there is none."""
        name = safe_name(spec.id)
        film = self.campaign.workspace.out_dir / name / spec.platforms[0].name / f"{name}.mp4"
        try:
            status = film.stat()
            key = (film, status.st_size, status.st_mtime_ns)
            if key not in self._films:
                self._films[key] = sha256_of_file(film)
        except OSError:
            return ""
        return self._films[key]

    @property
    def _root(self) -> Path:
        return self.campaign.workspace.root

    # --- what takes longer -------------------------------------------------------------------------------

    def prepare(self, reel_id: str) -> Job:
        """Do what must be done before a reel can be looked at. Raises: UsageError."""
        self.spec(reel_id)
        return self.jobs.begin(
            "prepare",
            reel_id,
            lambda show: self._viewing.make_known(reel_id, show=show, hands=Hands(wait=True)),
        )

    def make_film(self, reel_id: str) -> Job:
        """Make the film to play. Raises: UsageError."""
        self.spec(reel_id)
        return self.jobs.begin(
            "play",
            reel_id,
            lambda show: self._viewing.make_known(reel_id, show=show, hands=Hands(wait=True), to_play=True),
        )

    def render(self, reel_id: str) -> Job:
        """Make what has changed of the finished reel. Raises: UsageError."""
        self.spec(reel_id)

        def work(show: Callable[[RunEvent], None]) -> None:
            alone = self.read_anew().alone(self.spec(reel_id))
            report = render_campaign(alone, show=show, hands=Hands(wait=True))
            for outcome in report.outcomes:
                if outcome.error is not None:
                    raise outcome.error

        return self.jobs.begin("render", reel_id, work)


def written_point(milliseconds: float, key: PointKey) -> str:
    """A time of the footage as people write it, `01:04.2`.

    Up to the next millisecond where a clip begins, so that the frame that begins there is its first.
    """
    rounded = math.ceil(milliseconds - 1e-6) if key == "in" else round(milliseconds)
    clock = format_clock(Fraction(rounded, 1000)).removeprefix("00:")
    return clock.rstrip("0").removesuffix(".")


def _says(file: Path, content: bytes) -> bool:
    return file.read_bytes() == content


def _speech(heard: Transcript) -> tuple[TimeRange, ...]:
    """Where a voice was; of what another engine heard, where its utterances are."""
    return heard.speech or tuple(TimeRange(one.start, one.end) for one in heard.segments)
