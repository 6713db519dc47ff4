"""Raw footage in, upload-ready vertical reels with Korean subtitles out.

The rooms, in the order in which a reel walks through them (docs/architecture.md draws the arrow):
timing, geometry, errors ← values ← pure builders ← plan ← run ← cli.
"""

__version__ = "0.1.0"
