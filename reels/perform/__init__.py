"""How each kind of step is done: from a work value to a result in the store.

    footage   probe, hearing, transcribe, draft, framing, stabilise
    picture   art (logo, elements, grounds, shades), chunk
    cover     cover
    sound     loudness, audio
    finish    join, check, deliver

Every function reads stored results and source files, works in a folder of its own, and publishes by one rename.
Nothing here decides what runs or when. After it comes `run`, which calls `perform` in an executor.
"""

from reels.perform.bench import Workshop
from reels.perform.picture import draw_frame
from reels.perform.steps import perform

__all__ = ["Workshop", "draw_frame", "perform"]
