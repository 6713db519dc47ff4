"""Does the speech model understand every sentence of the sample footage, through its AAC and street noise?

    python tools-for-developers/demo_speech/check_recognition.py MODEL_FOLDER FOOTAGE_FOLDER

MODEL_FOLDER is a CTranslate2 Whisper model (such as nano-ko), FOOTAGE_FOLDER is where the clips are or will
be made. Prints a line for each clip with the errors of the segments' start and end in milliseconds; ends
with 1 if any text differs. After a change of the model, the words or the noise, this must say "exact"
throughout.
"""

from __future__ import annotations

import sys
from pathlib import Path

from faster_whisper import WhisperModel

from reels.sample import make_footage, truth


def main() -> int:
    model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8")
    make_footage(Path(sys.argv[2]))
    wrong = 0
    for clip in truth():
        heard, _ = model.transcribe(
            str(Path(sys.argv[2]) / clip.name),
            language="ko",
            vad_filter=True,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        segments = list(heard)
        exact = [s.text.strip() for s in segments] == [s.text for s in clip.sentences]
        print(
            f"{clip.name}: {'exact' if exact else 'DIFFERS: ' + ' '.join(s.text.strip() for s in segments)}"
        )
        if exact:
            pairs = zip(segments, clip.sentences, strict=True)
            errors = ((s.start - float(said.start), s.end - float(said.end)) for s, said in pairs)
            print("   " + "  ".join(f"{start * 1000:+.0f}/{end * 1000:+.0f} ms" for start, end in errors))
        wrong += not exact
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
