"""Words become cues, and cues become lines that fit: where grammar, the pauses of the speech and the width of the
font agree best.

Breaks are found together, not one after the other: dynamic programming over all places where a cue or a line may
end, with costs from the language's grammar, from pauses, from balance and from the time on screen. No character is
ever lost, and a word is broken only where it alone is wider than a line. `transcript` and `subtitles` (a person's
draft) stand before; the burn-in and the sidecars after.

    rules      what a cue may be, by language and style
    languages  how wide text counts and where it breaks, for each language
    english    break costs of English
    ideograms  break costs of Chinese and Japanese, which write no spaces
    tokens     what is moved as one, with its time and the cost of a break before it
    optimum    the cheapest cues and lines
    spoken     a transcript's words into cues
    burn_in    any cue into lines that fit, on the frames of a programme
"""

from reels.cues.burn_in import Spoken, break_lines, cue_texts, cues_for_burn_in
from reels.cues.rules import CueRules
from reels.cues.spoken import segment_words

__all__ = ["CueRules", "Spoken", "break_lines", "cue_texts", "cues_for_burn_in", "segment_words"]
