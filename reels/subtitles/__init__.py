"""Cues and the files that carry them: SubRip and WebVTT in and out, ASS out for the burn-in.

    file -> read -> Cue -> write -> SRT, VTT          Cue -> Caption -> ass -> what libass burns in
                                                             keywords, speakers: what a caption marks

Texts are hostile: in no file written here can they become a time line, a tag or a break. Where lines break is
decided before, in `cues`; nothing here changes a line.
"""

from __future__ import annotations

from reels.subtitles.ass import AssStyle, caption_box, write_ass
from reels.subtitles.caption import Caption, SpokenWord, Tint, spoken_words, word_places
from reels.subtitles.cue import Cue, cue_frames, subtitle_lines
from reels.subtitles.keywords import tints_of_keywords
from reels.subtitles.read import SubtitleFile, WrittenCue, read_subtitle_file, read_subtitles
from reels.subtitles.sidecar import Sidecar, sidecar_texts
from reels.subtitles.speakers import lines_of_turns, turn_of
from reels.subtitles.write import write_srt, write_text, write_vtt

__all__ = [
    "AssStyle",
    "Caption",
    "Cue",
    "Sidecar",
    "SpokenWord",
    "SubtitleFile",
    "Tint",
    "WrittenCue",
    "caption_box",
    "cue_frames",
    "lines_of_turns",
    "read_subtitle_file",
    "read_subtitles",
    "sidecar_texts",
    "spoken_words",
    "subtitle_lines",
    "tints_of_keywords",
    "turn_of",
    "word_places",
    "write_ass",
    "write_srt",
    "write_text",
    "write_vtt",
]
