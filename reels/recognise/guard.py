"""Text that nobody said: Whisper fills silence, music and applause, and what it fills them with is told apart here.

A pure function over a transcript and the ranges in which a voice was detected. No rule rests on the words alone: an
official may well thank for watching. What is dropped stays in the transcript with its reason and what was measured,
so that a person can take it back. `voice` and `onsets` stand before, `listening` after.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reels.said import Said
from reels.timing import TimeRange
from reels.transcript import Dropped, DropReason, Segment, Transcript

__all__ = ["WHY_DROPPED", "believed", "is_known_phrase", "why_dropped"]

WHY_DROPPED: Mapping[DropReason, Said] = {
    "no-speech": Said(
        "the model itself doubts that anybody speaks there", ko="모델 스스로 말소리가 아닐 수 있다고 봄"
    ),
    "outside-speech": Said("no voice was detected there", ko="목소리가 잡히지 않은 곳"),
    "repetition": Said("the model repeats itself", ko="모델이 같은 말을 되풀이함"),
    "speaking-rate": Said("faster than anybody can speak", ko="사람이 말할 수 없는 빠르기"),
    "known-phrase": Said(
        "a phrase that models invent, and little of it can be heard",
        ko="모델이 흔히 지어내는 문구인데 들리는 근거가 약함",
    ),
}

_MEASURES: Mapping[str, Said] = {
    "no_speech_probability": Said("no-speech probability", ko="말소리 아닐 확률"),
    "average_log_probability": Said("average log probability", ko="평균 로그 확률"),
    "compression_ratio": Said("compression ratio", ko="압축률"),
    "voiced_share": Said("share with a voice", ko="목소리가 있는 비율"),
    "syllables_per_second": Said("syllables a second", ko="초당 음절 수"),
    "word_probability": Said("mean word probability", ko="평균 낱말 확률"),
    "seconds_of_silence_before": Said("seconds without a voice before", ko="앞서 조용했던 초"),
    "times_said": Said("times said", ko="되풀이 횟수"),
}

_EDGE = Fraction(3, 20)
"""Seconds that the detector may come late or leave early."""

_VOICED_NOWHERE = 0.04
"""A share with a voice up to here is a word's brush with its neighbour."""

_VERY_UNSURE, _UNSURE, _RATHER_UNSURE = -1.0, -0.7, -0.5
"""Average log probabilities. Source of the first: Whisper's own threshold."""

_NO_SPEECH, _SURELY_NO_SPEECH, _PERHAPS_NO_SPEECH = 0.6, 0.85, 0.3
_COMPRESSES = 2.4
"""Source: Whisper's own thresholds."""

_LEAST_REPEATS = 4
_LOOP_LETTERS = 24
_SAME_IN_A_ROW = 3

_IMPOSSIBLE = 16.0
"""Syllables a second, over at least `_RATE_SYLLABLES`; fast Korean speech stays under 10."""
_RATE_SYLLABLES = 8
_DRAWLED = 1.2
_LONG_SILENCE = 4

_FOREIGN_PER_SYLLABLE = 2.5
"""Letters of English that are spoken in the time of a syllable of Korean."""

_NAME = r"[\w\s.·,&()-]{0,24}"
_KIND_WORDS = r"(영상이마음에드셨다면|재밌게보셨다면)?"
_LIKES = r"((구독|좋아요|알림설정)(과|와|이랑|하고|까지|도|을|를|꼭|한번씩|좀|많이)*)"
_ASKED = r"(눌러주세요|눌러주시고|부탁드립니다|부탁드려요|부탁해요|해주세요)"
_PHRASES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(지금까지|오늘도|끝까지)?(이영상을|영상)?(시청|청취|함께|봐|들어)해?주?(주?셔서|셔서)(대단히|정말)?(고맙|감사)(합니다|했습니다|드립니다)",
        r"(시청해주셔서|봐주셔서|들어주셔서)?(고맙습니다|감사합니다|감사해요)",
        _KIND_WORDS + _LIKES + r"{2,3}" + _ASKED + r"?",
        _KIND_WORDS + _LIKES + r"{1,3}" + _ASKED,
        r"다음(영상|시간|주|에|번)?(에서|에)?(또|다시)?(만나요|봬요|뵙겠습니다|뵐게요|만나뵙겠습니다|찾아뵙겠습니다)",
        r"(지금까지)?(mbc|kbs|sbs|ytn|jtbc|tvn|채널a|tv조선|연합)(뉴스)?(투데이|데스크)?" + _NAME,
        _NAME + r"뉴스" + _NAME + r"(기자)?(입니다|이었습니다|였습니다)",
        r"(한글|한국어|영어)?(자막|번역)(제공|제작|지원|편집|협찬|번역)?(및)?(자막|제공|제작|번역|싱크|광고)*" + _NAME,
        r"(이영상은|이자막은)?(유료광고|한국어자막|자막)(을|이|를)?(포함|제공|사용)" + _NAME,
        r"[ㅋㅎㅠㅜ]{2,}",
        r"(아|어|오|음|으|하|흐|에|이|우|네){4,}",
        r"(thanks?|thankyou)(you)?(so|very)?(much)?(all)?(for)?(watching|listening|viewing)?(thisvideo|everyone)?",
        r"(please)?(like|subscribe)(and|to)*(like|subscribe|mychannel|thechannel|share)*(for)?(morevideos)?",
        r"(see|i'?llsee)you(all|guys)?(in)?(the)?(next)?(video|time|one|again|later)?",
        r"(subtitles?|captions?|translated|translation|transcription|transcribed)(made|provided|created)?by" + _NAME,
        r"(the)?(amaraorg|amara)(community)?" + _NAME,
        r"you|bye(bye)*",
    )
)  # fmt: skip
"""What models write where nobody speaks; letters only, without spaces and punctuation, in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What can be said about a segment in numbers. Unknown ones are None."""

    no_speech: float
    log_probability: float
    compression: float
    own_compression: float
    repeats: int
    voiced: float | None
    silence_before: float | None
    rate: float
    syllables: float
    words: float | None


def believed(transcript: Transcript, speech: Sequence[TimeRange] | None) -> Transcript:
    """`transcript` with the segments that somebody can have said; the others are among its `dropped`.

    `speech` are the ranges of detected voice in source time, None where nobody looked: an empty row means that
    there is none. What was dropped before stays so.
    """
    voice = None if speech is None else tuple(speech)
    kept: list[Segment] = []
    dropped: list[Dropped] = list(transcript.dropped)
    said = 0
    for number, segment in enumerate(transcript.segments):
        before = transcript.segments[number - 1] if number else None
        same = before is not None and _letters(before.text) == _letters(segment.text)
        said = said + 1 if same else 1
        look = _looked_at(segment, voice)
        if (found := _disbelieved(segment, look, said, transcript.segments[number + 1 :])) is None:
            kept.append(segment)
        else:
            dropped.append(Dropped(segment=segment, reason=found, evidence=_evidence(look, found, said)))
    if len(kept) == len(transcript.segments):
        return transcript
    return replace(
        transcript,
        segments=tuple(kept),
        dropped=tuple(sorted(dropped, key=lambda d: (d.segment.start, d.segment.end))),
    )


def why_dropped(dropped: Dropped) -> Said:
    """The reason as words, with what was measured."""
    why = WHY_DROPPED[dropped.reason]
    en = ", ".join(f"{_MEASURES.get(name, name)} {value:.4g}" for name, value in dropped.evidence)
    ko = ", ".join(
        f"{_MEASURES[name].ko if name in _MEASURES else name} {value:.4g}" for name, value in dropped.evidence
    )
    return Said(f"{why} ({en})", ko=f"{why.ko}({ko})") if dropped.evidence else why


def is_known_phrase(text: str) -> bool:
    """Whether `text` as a whole is one that models are known to invent, perhaps more than once in a row."""
    said = [_letters(part) for part in re.split(r"[.!?…~\n]+", text)]
    whole = _letters(text)
    parts = [part for part in said if part]
    return bool(parts) and (_is_phrase(whole) or all(_is_phrase(part) for part in parts))


def _is_phrase(letters: str) -> bool:
    return any(pattern.fullmatch(letters) for pattern in _PHRASES)


# --- judging ---------------------------------------------------------------------------------------------


def _disbelieved(segment: Segment, look: _Look, said: int, following: Sequence[Segment]) -> DropReason | None:
    if look.voiced is not None and look.voiced <= _VOICED_NOWHERE:
        return "outside-speech"
    if look.no_speech > _NO_SPEECH and look.log_probability < _UNSURE:
        return "no-speech"
    if look.no_speech > _SURELY_NO_SPEECH and look.log_probability < _RATHER_UNSURE:
        return "no-speech"
    if _is_a_loop(look) or _is_said_again(segment, look, said, following):
        return "repetition"
    if look.syllables >= _RATE_SYLLABLES and look.rate > _IMPOSSIBLE:
        return "speaking-rate"
    if is_known_phrase(segment.text) and _is_weak(look):
        return "known-phrase"
    return None


def _is_a_loop(look: _Look) -> bool:
    # Whisper's ratio is that of a whole window; only a segment that repeats itself is to blame for it.
    if look.own_compression > _COMPRESSES:
        return True
    repeats = look.repeats >= _LEAST_REPEATS
    return repeats and (look.compression > _COMPRESSES or look.log_probability < _UNSURE or _is_weak(look))


def _is_said_again(segment: Segment, look: _Look, said: int, following: Sequence[Segment]) -> bool:
    """The second and later of several equal segments in a row, where the model shows itself in a loop."""
    letters = _letters(segment.text)
    row = said
    for later in following:
        if _letters(later.text) != letters:
            break
        row += 1
    if said < 2 or row < _SAME_IN_A_ROW or len(letters) < 3:
        return False
    return look.compression > _COMPRESSES or look.log_probability < _UNSURE or _is_weak(look)


def _is_weak(look: _Look) -> bool:
    """Whether anything but the words speaks against them."""
    return (
        (look.voiced is not None and look.voiced < 0.5)
        or look.no_speech > _PERHAPS_NO_SPEECH
        or look.log_probability < _RATHER_UNSURE
        or (look.words is not None and look.words < 0.5)
        or look.rate < _DRAWLED
        or look.compression > _COMPRESSES
        or (
            look.silence_before is not None
            and look.silence_before >= _LONG_SILENCE
            and (look.voiced is None or look.voiced < 0.75)
        )
    )


# --- looking ---------------------------------------------------------------------------------------------


def _looked_at(segment: Segment, speech: tuple[TimeRange, ...] | None) -> _Look:
    spans = [TimeRange(w.start, w.end) for w in segment.words] or [TimeRange(segment.start, segment.end)]
    seconds = sum((span.duration for span in spans), Fraction(0))
    known = [w.probability for w in segment.words if w.probability is not None]
    syllables = _syllables(segment.text)
    text = segment.text.encode()
    return _Look(
        no_speech=segment.no_speech_probability,
        log_probability=segment.average_log_probability,
        compression=segment.compression_ratio,
        own_compression=len(text) / len(zlib.compress(text)),
        repeats=_repeats(_letters(segment.text)),
        voiced=None if speech is None else _voiced(spans, seconds, speech),
        silence_before=None if speech is None else _silence_before(segment.start, speech),
        rate=syllables / float(seconds) if seconds else 1000.0,
        syllables=syllables,
        words=sum(known) / len(known) if known else None,
    )


def _voiced(spans: Sequence[TimeRange], seconds: Fraction, speech: Sequence[TimeRange]) -> float:
    """The share of the words' time in which a voice was detected."""
    here = [r for r in speech if r.end + _EDGE > spans[0].start and r.start - _EDGE < spans[-1].end]
    heard = Fraction(0)
    for span in spans:
        at = span.start
        for r in here:
            low, high = max(at, r.start - _EDGE), min(span.end, r.end + _EDGE)
            if low < high:
                heard += high - low
                at = high
    if not seconds:
        return float(any(spans[0].start in TimeRange(r.start - _EDGE, r.end + _EDGE) for r in here))
    return float(heard / seconds)


def _silence_before(start: Fraction, speech: Sequence[TimeRange]) -> float:
    """Seconds without a voice before the one that is nearest to `start`, or before `start` itself."""
    at, silence = Fraction(0), start
    for r in speech:
        if r.start > start + _EDGE:
            break
        silence = max(r.start - at, Fraction(0)) if r.end >= start - _EDGE else start - r.end
        at = r.end
    return float(silence)


def _syllables(text: str) -> float:
    return sum(1.0 if "가" <= c <= "힣" else 1 / _FOREIGN_PER_SYLLABLE for c in text if c.isalnum())


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _repeats(letters: str) -> int:
    """How many times a row of letters says the same, beginning with its first; 1 for ordinary text."""
    if len(letters) < _LOOP_LETTERS // 2:
        return 1
    for length in range(1, len(letters) // _LEAST_REPEATS + 1):
        unit = letters[:length]
        if letters.startswith(unit * _LEAST_REPEATS):
            most = len(letters) // length
            return next(times for times in range(most, 0, -1) if letters.startswith(unit * times))
    return 1


def _evidence(look: _Look, reason: DropReason, said: int) -> tuple[tuple[str, float], ...]:
    """What was measured, to four digits, as far as it is known."""
    numbers = {
        "no_speech_probability": look.no_speech,
        "average_log_probability": look.log_probability,
        "compression_ratio": max(look.compression, look.own_compression),
        "voiced_share": look.voiced,
        "syllables_per_second": look.rate,
        "word_probability": look.words,
        "seconds_of_silence_before": look.silence_before,
        "times_said": float(max(said, look.repeats)) if reason == "repetition" else None,
    }
    return tuple((name, round(value, 4)) for name, value in numbers.items() if value is not None)
