"""The cards of a reel: which there are, how long each stays, what stands behind it, what is heard with it.

A title that the template makes a card opens the reel, a brand's end card closes it. Pure; `reel` adds the steps,
`overlays` places the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from reels.art.elements import CardElement, EndElement, Ground, Shade
from reels.campaign.brand import Brand, licence_line
from reels.campaign.model import ClipSpec, ReelSpec
from reels.campaign.roles import colour_of, logo_on
from reels.campaign.showing import CardSpec
from reels.campaign.template import CardStyle, card_ground, card_look, card_shade, motion_of
from reels.cues import CueRules
from reels.cues.languages import width_halves
from reels.edit import InsertedCard
from reels.encode import PictureSpec
from reels.errors import CampaignProblem, CampaignProblems
from reels.graph.sound import AudioPiece
from reels.said import Said
from reels.sound.music import MusicFile, find_music
from reels.sound.soundtrack import SoundOptions
from reels.timing import frame_nearest, parse_clock

__all__ = [
    "Card",
    "card_element",
    "cards_of",
    "ground_clip",
    "ground_of",
    "inserted",
    "require_cards",
    "require_voices",
    "seconds_of",
    "shade_of",
    "sound_of_card",
    "too_short_to_count",
]

_READ_SHARE = Fraction(3, 4)
"""Of the reading speed of subtitles: who reads a card begins anew, and nobody speaks the words.

Source: Netflix Timed Text Style Guides; their rate for children is three quarters of that for adults.
"""
_FOUND = Fraction(1)
"""Seconds to see that there is a card and where it begins."""
_AFTER_VOICE = Fraction(2, 5)
_ANY_RATE = Fraction(30)
"""How long cards stay is told by words and seconds; the rate only rounds."""
_LONGEST = Fraction(15)
"""Seconds that a card stays by itself: who has more to say makes two of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as it will be shown: for `frames` frames; `is_end`: the brand's last card."""

    spec: CardSpec
    style: CardStyle
    frames: int
    is_end: bool = False

    @property
    def has_words(self) -> bool:
        return self.is_end or bool(self.spec.words or self.spec.picture)


def cards_of(reel: ReelSpec, rate: Fraction) -> tuple[Card, ...]:
    """The cards of `reel` at `rate` in the order in which they are listed; its own ones first, then the end card.

    Raises: CampaignProblems for a kind that the template does not have; FootageMissing, FootageRefused, FootageDamaged.
    """
    template = reel.template
    _require_voices_apart(reel)
    specs = [card for card in reel.cards if card.of_brand == "intro"]
    if template.title.show and template.title.card is not None and reel.title:
        specs.append(
            CardSpec(
                kind=template.title.card, before=_first(reel), text=reel.title, where=reel.where_of("title")
            )
        )
    specs += [card for card in reel.cards if card.of_brand is None]
    cards = [_card(spec, reel, rate) for spec in specs]
    if reel.voice is not None:
        cards = _as_long_as_the_voice(cards, reel, rate)
    end = template.end_card
    if end.show if reel.end_card is None else reel.end_card:
        where = f"{template.where} end_card"
        # Before the brand's outro, whether that is a film or a picture.
        behind = len(reel.clips) - (1 if reel.clips and reel.clips[-1].of_brand == "outro" else 0)
        spec = CardSpec(kind=end.card, before=behind, text=end.words(reel.subtitles.language), where=where)
        frames = max(1, frame_nearest(end.shown_for, rate))
        cards.append(Card(spec=spec, style=_style(spec, reel), frames=frames, is_end=True))
    return (*cards, *(_card(spec, reel, rate) for spec in reel.cards if spec.of_brand == "outro"))


def require_cards(reel: ReelSpec) -> None:
    """Make sure, before anything is listened to, that every card of a reel can be shown as it is asked for.

    Raises: as `cards_of`.
    """
    cards_of(reel, _ANY_RATE)


def _first(reel: ReelSpec) -> int:
    """The number of the clip before which a reel's own first card stands: behind a brand's intro."""
    return next((number for number, clip in enumerate(reel.clips) if not clip.is_brands), len(reel.clips))


def _style(spec: CardSpec, reel: ReelSpec) -> CardStyle:
    style = reel.template.card(spec.kind or "text")
    if style is None:
        kinds = ", ".join(card.name for card in reel.template.cards)
        problem = CampaignProblem(
            where=f"{spec.where} card",
            found=spec.kind,
            expected=Said(f"one of {kinds}", ko=f"{kinds} 가운데 하나"),
        )
        raise CampaignProblems(problems=(problem,))
    return style


def _card(spec: CardSpec, reel: ReelSpec, rate: Fraction) -> Card:
    style = _style(spec, reel)
    spoken = find_music(spec.voice, key="voice").duration or Fraction(0) if spec.voice is not None else None
    if spec.shown_for is not None:
        seconds = parse_clock(spec.shown_for, rate=rate)
        if seconds < spec.countdown:
            raise CampaignProblems(problems=(too_short_to_count(spec.where, spec.countdown, seconds),))
    elif spec.countdown:
        seconds = Fraction(spec.countdown)
    else:
        seconds = max(style.least, _reading_time(spec, reel))
        if spoken is not None:
            seconds = max(seconds, spoken + _AFTER_VOICE)
    if spoken is not None and spoken > seconds:
        raise CampaignProblems(problems=(_too_short_to_speak(spec, spoken, seconds),))
    return Card(spec=spec, style=style, frames=max(1, frame_nearest(seconds, rate)))


def too_short_to_count(where: str, count: int, seconds: Fraction) -> CampaignProblem:
    """The problem of a countdown that is not on screen long enough for a number a second."""
    return CampaignProblem(
        where=f"{where} countdown",
        found=Said(
            f"{count} numbers in {float(seconds):g} s", ko=f"{float(seconds):g}초 동안 숫자 {count}개"
        ),
        expected=Said(f"at least {count} s on screen", ko=f"{count}초 이상 보이는 시간"),
        remedy=Said(
            "count from less, or show it longer", ko="더 작은 수부터 세거나 더 오래 보이게 해 주세요."
        ),
    )


def _too_short_to_speak(spec: CardSpec, spoken: Fraction, seconds: Fraction) -> CampaignProblem:
    return CampaignProblem(
        where=f"{spec.where} voice",
        found=Said(
            f"{float(spoken):.1f} s of speech on a card of {float(seconds):.1f} s",
            ko=f"{float(seconds):.1f}초 카드에 {float(spoken):.1f}초 목소리",
        ),
        expected=Said("a card that stays until all of it is heard", ko="다 들릴 때까지 보이는 카드"),
        remedy=Said(
            "leave `for` and `countdown` out, or shorten the recording",
            ko="`for`와 `countdown`을 빼거나 녹음을 줄여 주세요.",
        ),
    )


def _require_voices_apart(reel: ReelSpec) -> None:
    """Raises: CampaignProblems where a card speaks while the reel does."""
    if reel.voice is None:
        return
    problems = tuple(
        CampaignProblem(
            where=f"{card.where} voice",
            found=Said(
                "a voice of its own, while the reel's is heard", ko="릴스 목소리가 나오는 동안의 카드 목소리"
            ),
            expected=Said("one voice at a time", ko="한 번에 목소리 하나"),
            remedy=Said(
                "keep `voice` at the reel or in the cards",
                ko="`voice`를 릴스나 카드 가운데 한쪽에만 적어 주세요.",
            ),
        )
        for card in reel.cards
        if card.voice is not None
    )
    if problems:
        raise CampaignProblems(problems=problems)


def _reading_time(spec: CardSpec, reel: ReelSpec) -> Fraction:
    """Seconds to find and to read all that stands on a card."""
    rules = CueRules.for_language(reel.subtitles.language)
    units = Fraction(width_halves(" ".join(spec.words), reel.subtitles.language), 2)
    return min(_LONGEST, _FOUND + units / (rules.max_units_per_second * _READ_SHARE))


def _as_long_as_the_voice(cards: Sequence[Card], reel: ReelSpec, rate: Fraction) -> list[Card]:
    """`cards`, those without a time of their own lasting longer in proportion, until all of the reel's voice is heard.

    The brand's cards are none of its own: nobody speaks over them.
    """
    assert reel.voice is not None
    spoken = (find_music(reel.voice, key="voice").duration or Fraction(0)) + _AFTER_VOICE
    own = [n for n, card in enumerate(cards) if card.spec.of_brand is None]
    missing = frame_nearest(spoken, rate) - sum(cards[n].frames for n in own)
    free = [n for n in own if cards[n].spec.shown_for is None and not cards[n].spec.countdown]
    free = free or own[-1:]
    if missing <= 0 or not free:
        return list(cards)
    total = sum(cards[number].frames for number in free)
    longer: list[Card] = []
    given = seen = 0
    for number, card in enumerate(cards):
        share = 0
        if number in free:
            seen += card.frames
            # The sum of what is given is exact, whatever each share is rounded to.
            share = missing * seen // total - given
            given += share
        longer.append(replace(card, frames=card.frames + share))
    return longer


def inserted(cards: Sequence[Card], number_of: Sequence[int]) -> tuple[InsertedCard, ...]:
    """Where the cards stand among the clips, of which clip n of the reel plays as clip `number_of[n]`."""
    behind_all = number_of[-1] + 1 if number_of else 0
    return tuple(
        InsertedCard(
            before=number_of[card.spec.before] if card.spec.before < len(number_of) else behind_all,
            frames=card.frames,
        )
        for card in cards
    )


def seconds_of(cards: Sequence[Card], rate: Fraction) -> Fraction:
    """How long the cards take together."""
    return sum((card.frames for card in cards), 0) / rate


# --- behind and on it ------------------------------------------------------------------------------------


def ground_of(card: Card, brand: Brand) -> Ground | None:
    """What is drawn behind it; None where a film plays there."""
    return card_ground(card.style, brand, card.spec.ground)


def shade_of(card: Card, brand: Brand) -> Shade | None:
    """The veil over a film behind it; None where none plays, or nothing is to be read on it."""
    plays = card.spec.ground is not None and card.spec.ground.video is not None
    return card_shade(card.style, brand) if plays and card.has_words else None


def ground_clip(spec: CardSpec) -> ClipSpec | None:
    """The film that plays behind a card, as a clip nobody listens to; None where none does."""
    if spec.ground is None or spec.ground.video is None:
        return None
    return ClipSpec(
        footage=spec.ground.video,
        framing="centre",
        # Whichever sound it has, nobody hears it: none has to be found.
        sound=SoundOptions(track=1, channel="both"),
        wordless=True,
        where=f"{spec.where}.ground",
    )


def card_element(
    card: Card, reel: ReelSpec, spec: PictureSpec, *, opens: bool = False
) -> CardElement | EndElement | None:
    """The words of a card; None where there are none. A card that `opens` the reel stands in its first frame, whole."""
    if not card.has_words:
        return None
    brand, style, language = reel.brand, card.style, reel.subtitles.language
    on_picture = card.spec.ground is not None and card.spec.ground.colour is None
    look = card_look(style, brand, on_picture=on_picture)
    motion = motion_of(style.motion, raster=spec.raster, rate=spec.rate)
    if opens:
        # The first frame is what many apps show before anybody presses play.
        motion = replace(motion, in_frames=0)
    if card.is_end:
        return EndElement(
            name=brand.name,
            text=card.spec.text,
            logo=logo_on(colour_of(style.ground, brand), brand),
            address=brand.address,
            qr=brand.qr,
            credits=tuple(line for line in (brand.credit, brand.phone) if line),
            licence=licence_line(brand, "ko" if language == "ko" else "en"),
            licence_mark=brand.kogl.mark if brand.kogl is not None else None,
            look=look,
            motion=replace(motion, out_frames=0),
            frames=card.frames,
        )
    label = style.label(language) if card.spec.label is None else card.spec.label
    return CardElement(
        label=label,
        text=card.spec.text,
        body=card.spec.body,
        items=card.spec.items,
        numbered=style.numbered if card.spec.numbered is None else card.spec.numbered,
        first_number=card.spec.first_number,
        foot=card.spec.foot,
        picture=card.spec.picture,
        icon=style.icon,
        look=look,
        motion=motion,
        frames=card.frames,
        apart_frames=0 if opens else frame_nearest(style.apart, spec.rate),
    )


# --- what is heard ---------------------------------------------------------------------------------------


def require_voices(reel: ReelSpec) -> None:
    """Make sure, before anything is rendered, that recorded voices can be played.

    Raises: FootageMissing, FootageRefused, FootageDamaged.
    """
    for path in (reel.voice, *(card.voice for card in reel.cards)):
        if path is not None:
            find_music(path, key="voice")


def sound_of_card(reel: ReelSpec, card: Card, at: Fraction, samples: int) -> AudioPiece:
    """What is heard of a card before which the reel's own cards take `at` seconds.

    A card's own voice begins with it; the reel's goes on from card to card; else, and under the brand's cards, there is
    silence.
    """
    own, whole = card.spec.voice, reel.voice
    if card.spec.of_brand is not None:
        return _silence(samples)
    if own is not None:
        return _recorded(own, find_music(own, key="voice"), Fraction(0), samples)
    if whole is not None:
        return _recorded(whole, find_music(whole, key="voice"), at, samples)
    return _silence(samples)


def _recorded(path: Path, found: MusicFile, start: Fraction, samples: int) -> AudioPiece:
    if found.duration is not None and start >= found.duration:
        return _silence(samples)
    return AudioPiece(
        path=path,
        stream=found.stream,
        container_start=Fraction(0),
        start=start,
        samples=samples,
        recording=True,
    )


def _silence(samples: int) -> AudioPiece:
    return AudioPiece(path=None, stream=None, container_start=Fraction(0), start=Fraction(0), samples=samples)
