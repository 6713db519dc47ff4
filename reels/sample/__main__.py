"""`python -m reels.sample FOLDER`: make the sample footage and print where each clip is."""

from __future__ import annotations

import sys
from pathlib import Path

from reels.sample import make_footage

for clip in make_footage(Path(sys.argv[1] if len(sys.argv) > 1 else "media")):
    sys.stdout.write(f"{clip.absolute()}\n")
