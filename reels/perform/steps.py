"""`perform`: the one door to all kinds of work."""

from __future__ import annotations

from reels.errors import DiskFailed, FootageMissing, ReelsError, StepBroken
from reels.perform import cover, finish, footage, picture, sound
from reels.perform.bench import Bench, Progress, Workshop
from reels.steps import (
    ArtWork,
    AudioWork,
    CheckWork,
    ChunkWork,
    CoverWork,
    DeliverWork,
    DraftWork,
    FrameWork,
    FramingWork,
    GroundWork,
    HearingWork,
    JoinWork,
    LogoWork,
    LoudnessWork,
    ProbeWork,
    ShadeWork,
    StabiliseWork,
    Step,
    TranscribeWork,
    Work,
)

__all__ = ["perform"]


def perform(step: Step, workshop: Workshop, on_progress: Progress | None = None) -> None:
    """Do the work of `step` and leave its result in the store.

    Raises: ReelsError; SourceChanged where a file it reads is no longer the one that was planned with, FootageMissing
    where it is gone; ValueError for a step whose work is not known yet, which no caller may ask for.
    """
    if step.work is None:
        raise ValueError(f"{step.id} cannot be done yet: what it depends on is not known")
    bench = Bench(
        workspace=workshop.workspace,
        store=workshop.store,
        step=step,
        on_progress=on_progress or (lambda _share: None),
        shared=workshop.shared,
    )
    bench.require_same_sources()
    try:
        _do(step.work, bench)
    except ReelsError as error:
        # Whatever a half copied film broke: that it was half copied is what helps.
        try:
            bench.require_same_sources()
        except DiskFailed:
            pass
        except FootageMissing:
            # A drive that was unplugged takes its folder along: what it said first is what helps.
            if not isinstance(error, DiskFailed):
                raise
        raise
    except Exception as error:
        # One reel's bad luck with a fault of ours must not end a night's run of fifty.
        raise StepBroken(doing=step.doing, found=f"{type(error).__name__}: {error}") from error


def _do(work: Work, bench: Bench) -> None:
    match work:
        case ProbeWork():
            footage.probe(work, bench)
        case HearingWork():
            footage.hear(work, bench)
        case TranscribeWork():
            footage.transcribe(work, bench)
        case DraftWork():
            footage.draft(work, bench)
        case FramingWork():
            footage.frame(work, bench)
        case StabiliseWork():
            footage.stabilise(work, bench)
        case LogoWork():
            picture.logo(work, bench)
        case ArtWork():
            picture.art(work, bench)
        case GroundWork():
            picture.ground(work, bench)
        case ShadeWork():
            picture.shade(work, bench)
        case ChunkWork():
            picture.chunk(work, bench)
        case FrameWork():
            picture.frame(work, bench)
        case CoverWork():
            cover.cover(work, bench)
        case LoudnessWork():
            sound.loudness(work, bench)
        case AudioWork():
            sound.audio(work, bench)
        case JoinWork():
            finish.join(work, bench)
        case CheckWork():
            finish.check(work, bench)
        case DeliverWork():
            finish.deliver_reel(work, bench)
