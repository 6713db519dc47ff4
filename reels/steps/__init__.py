"""The steps of a plan as values: what is to be done, from what, under which fingerprint, and why.

    work    what each kind of step does: everything that decides its result
    step    a step, and a plan of them
    entry   a work value → its fingerprint

`plan` makes steps, `perform` does their work, `run` chooses the moment.
"""

from reels.steps.entry import entry_for
from reels.steps.step import (
    REASONS,
    Plan,
    PlanFailure,
    Reason,
    ReelCut,
    SourceFile,
    Step,
)
from reels.steps.work import (
    TELLING_KINDS,
    ArtWork,
    AudioWork,
    CardPiece,
    CheckWork,
    ChunkWork,
    CoverFrame,
    CoverWork,
    DeliverWork,
    DraftWork,
    Framed,
    FrameWork,
    FramingWork,
    GroundWork,
    HearingWork,
    JoinWork,
    Kind,
    LogoWork,
    LoudnessWork,
    OverlayUse,
    PictureTold,
    ProbeWork,
    ShadeWork,
    SoundTold,
    StabiliseWork,
    TextTold,
    TranscribeWork,
    Work,
)

__all__ = [
    "REASONS",
    "TELLING_KINDS",
    "ArtWork",
    "AudioWork",
    "CardPiece",
    "CheckWork",
    "ChunkWork",
    "CoverFrame",
    "CoverWork",
    "DeliverWork",
    "DraftWork",
    "FrameWork",
    "Framed",
    "FramingWork",
    "GroundWork",
    "HearingWork",
    "JoinWork",
    "Kind",
    "LogoWork",
    "LoudnessWork",
    "OverlayUse",
    "PictureTold",
    "Plan",
    "PlanFailure",
    "ProbeWork",
    "Reason",
    "ReelCut",
    "ShadeWork",
    "SoundTold",
    "SourceFile",
    "StabiliseWork",
    "Step",
    "TextTold",
    "TranscribeWork",
    "Work",
    "entry_for",
]
