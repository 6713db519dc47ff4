"""A finished file measured: its boxes, packets, pictures and sound, by one decode to the end, and a second opinion.

`whole` stands before the others and puts together what `packets`, `decoding` and `mediainfo` found; `flashes` and
`stretches` count what the pictures do, `privacy` looks at the tags. Values are in `observation`; `check` judges them.
"""

from reels.observe.flashes import MOST_CHANGES, Flashing
from reels.observe.observation import AudioObservation, Disagreement, Loudness, Observation, VideoObservation
from reels.observe.whole import observe

__all__ = [
    "MOST_CHANGES",
    "AudioObservation",
    "Disagreement",
    "Flashing",
    "Loudness",
    "Observation",
    "VideoObservation",
    "observe",
]
