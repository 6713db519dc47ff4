"""Sample footage for the demo, the tests and `reels init`: made on the spot, and with a known truth.

`make_footage` writes clips as a city's team would film them (a phone held upright, a 60p camera, 4:3, Hangul
and spaces in names, variable rate, rain), `truth` says what is in them, `still` draws a moment of one. It needs
ffmpeg and the files of `assets`, never espeak-ng or a network. Nothing here is used on real footage.
"""

from reels.sample.clips import ClipTruth, Sentence, truth
from reels.sample.footage import make_footage

__all__ = ["ClipTruth", "Sentence", "make_footage", "truth"]
