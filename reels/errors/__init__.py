"""Everything that may go wrong in a way that a user can mend.

Each class stores its facts, owns its sentence in English and Korean, and owns its exit code; one handler in
`reels.cli` prints the sentence. A sentence says where, what was found against what was expected, and what
to do. Nothing here reads a file or looks at the environment.

    ReelsError
    ├── UsageError (2)          the command line asks for something impossible
    │   └── OutputNotWritable   a folder that results should go to cannot be written
    ├── CampaignError (3)       campaign, brand, template or draft files
    │   ├── CampaignProblems    every problem found in one reading
    │   └── SubtitlesUnreadable
    ├── FootageError (4)        source media
    │   ├── FootageMissing      no such file
    │   ├── FootageRefused      not media that we open (playlist, text, folder, empty file …)
    │   ├── FootageDamaged      media, but broken
    │   ├── SourceChanged       replaced while it was read
    │   ├── NoVideoStream
    │   └── RangeOutsideFootage
    ├── MissingError (5)        a tool, font or model that is not there
    │   ├── ToolMissing
    │   ├── FontMissing
    │   ├── GlyphMissing
    │   ├── ModelMissing
    │   ├── ClusterUnreachable  no scheduler where one was named
    │   ├── UnfitWorkers
    │   └── WorkersLost
    ├── ProcessError (6)        a child process or the disk failed
    │   ├── ChildFailed
    │   ├── DiskFailed
    │   ├── WorkersDied         on a cluster, one after the other
    │   ├── StepBroken          a fault of reels itself in one step
    │   ├── StoreBusy           another run holds the campaign
    │   └── StoreNewer          a later reels has worked here
    ├── SeveralErrors           different errors of different reels, with their common code
    ├── CheckFailed (7)         some files break a platform's rule, or some reels failed
    ├── RulesBroken (7)         a reel that we made breaks a platform's rule and is not handed over
    └── Interrupted (130)
"""

from reels.errors.campaign import CampaignError, CampaignProblem, CampaignProblems, SubtitlesUnreadable
from reels.errors.footage import (
    FootageDamaged,
    FootageError,
    FootageMissing,
    FootageRefused,
    NoVideoStream,
    RangeOutsideFootage,
    SourceChanged,
)
from reels.errors.missing import (
    ClusterUnreachable,
    FontMissing,
    GlyphMissing,
    MissingError,
    ModelMissing,
    ToolMissing,
    UnfitWorkers,
    WorkersLost,
)
from reels.errors.outcome import CheckFailed, Interrupted, RulesBroken, SeveralErrors, one_of
from reels.errors.process import (
    DISK_TROUBLES,
    ChildFailed,
    DiskFailed,
    ProcessError,
    StepBroken,
    StoreBusy,
    StoreNewer,
    WorkersDied,
    cannot_write,
)
from reels.errors.root import ReelsError, printable
from reels.errors.usage import OutputNotWritable, UsageError
from reels.said import Language

__all__ = [
    "DISK_TROUBLES",
    "CampaignError",
    "CampaignProblem",
    "CampaignProblems",
    "CheckFailed",
    "ChildFailed",
    "ClusterUnreachable",
    "DiskFailed",
    "FontMissing",
    "FootageDamaged",
    "FootageError",
    "FootageMissing",
    "FootageRefused",
    "GlyphMissing",
    "Interrupted",
    "Language",
    "MissingError",
    "ModelMissing",
    "NoVideoStream",
    "OutputNotWritable",
    "ProcessError",
    "RangeOutsideFootage",
    "ReelsError",
    "RulesBroken",
    "SeveralErrors",
    "SourceChanged",
    "StepBroken",
    "StoreBusy",
    "StoreNewer",
    "SubtitlesUnreadable",
    "ToolMissing",
    "UnfitWorkers",
    "UsageError",
    "WorkersDied",
    "WorkersLost",
    "cannot_write",
    "one_of",
    "printable",
]
