"""Cues and the files that carry them: SubRip and WebVTT in and out, ASS out for the burn-in.

    file -> read -> Cue -> write -> SRT, VTT          Cue -> ass -> what libass burns in

Texts are hostile: in no file written here can they become a time line, a tag or a break. Where lines break is
decided before, in `cues`; nothing here changes a line.
"""

from __future__ import annotations

from reels.subtitles.ass import AssStyle, caption_box, write_ass
from reels.subtitles.cue import Cue, cue_frames, subtitle_lines
from reels.subtitles.read import read_subtitles
from reels.subtitles.write import write_srt, write_vtt

__all__ = [
    "AssStyle",
    "Cue",
    "caption_box",
    "cue_frames",
    "read_subtitles",
    "subtitle_lines",
    "write_ass",
    "write_srt",
    "write_vtt",
]
