"""faster-whisper called directly, as its README shows, with the model and the options that reels uses.

    python bench/by_whisper.py SOURCE MODEL_FOLDER

Prints JSON: seconds from importing the package to the last segment, decoding of the sound included.
"""

from __future__ import annotations

import json
import sys
import time

# What a program that handles footage has loaded anyway does not count for either side.
import av  # noqa: F401
import numpy as np  # noqa: F401


def main() -> None:
    source, model_folder = sys.argv[1:3]
    began = time.monotonic()
    from faster_whisper import WhisperModel

    model = WhisperModel(model_folder, device="cpu", compute_type="float32")
    segments, _ = model.transcribe(
        source,
        language="ko",
        beam_size=5,
        vad_filter=True,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    words = sum(len(segment.words or ()) for segment in segments)
    print(json.dumps({"wall_s": time.monotonic() - began, "words": words}))


if __name__ == "__main__":
    main()
