"""The sound of a reel: its pieces, the music under it, and what is said of both in the report.

Pure: `reel` adds the steps, `hearing` has found which sound of each film is meant, `perform` mixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from reels.campaign.model import ReelSpec
from reels.edit import EditList
from reels.encode import AUDIO_RATE_HZ
from reels.errors import CampaignProblem, CampaignProblems
from reels.graph.music import Bed
from reels.graph.sound import AudioPiece, samples_at
from reels.plan.cards import Card, sound_of_card
from reels.plan.footage import KnownClip
from reels.said import Said
from reels.sound.music import find_music
from reels.steps import SoundTold
from reels.timing import format_clock

__all__ = ["audio_pieces", "bed_of", "require_music", "sound_told"]


def audio_pieces(
    reel: ReelSpec, clips: Sequence[KnownClip], cards: Sequence[Card], cut: EditList
) -> tuple[AudioPiece, ...]:
    """What is heard, span by span; together exactly as long as the picture.

    A recording that goes on from card to card is one piece: parted, it would fade out and in at each of them.
    """
    pieces: list[AudioPiece] = []
    spoken = 0
    for span in cut.spans:
        frames = span.range_in_programme
        samples = samples_at(frames.end, cut.rate) - samples_at(frames.start, cut.rate)
        if not span.is_card:
            pieces.append(_piece(clips[span.clip], span.range_in_source.start, samples))
            continue
        card = cards[span.clip]
        piece = sound_of_card(reel, card, spoken / cut.rate, samples)
        if card.spec.of_brand is None:
            spoken += frames.count
        if pieces and _goes_on(pieces[-1], piece):
            pieces[-1] = replace(pieces[-1], samples=pieces[-1].samples + samples)
        else:
            pieces.append(piece)
    return tuple(pieces)


def _goes_on(before: AudioPiece, piece: AudioPiece) -> bool:
    end = before.start + Fraction(before.samples, AUDIO_RATE_HZ)
    return (
        before.recording
        and piece.recording
        and (before.path, before.stream) == (piece.path, piece.stream)
        and abs(piece.start - end) * AUDIO_RATE_HZ <= 1
    )


def _piece(clip: KnownClip, start: Fraction, samples: int) -> AudioPiece:
    has_sound = bool(clip.media.audio)
    channels = {track.index: track.channels for track in clip.media.audio}
    # Taken by name, mono is as loud beside stereo as it was recorded.
    mono = channels.get(clip.sound.stream) == 1
    return AudioPiece(
        path=clip.spec.footage,
        stream=clip.sound.stream if has_sound else None,
        container_start=clip.media.start_time,
        start=start,
        samples=samples,
        channel=0 if mono else clip.sound.channel,
        high_pass=has_sound and clip.spec.sound.high_pass,
        denoise=has_sound and clip.spec.sound.denoise,
    )


def sound_told(clips: Sequence[KnownClip], cut: EditList) -> tuple[SoundTold, ...]:
    """What a person should know of the sound of each clip that is shown; nothing of a plain one."""
    shown = [(number, clip) for number, clip in enumerate(clips) if cut.of_clip(number) is not None]
    return tuple(
        SoundTold(clip=number, heard=clip.sound if clip.media.audio else None)
        for number, clip in shown
        if not clip.media.audio or clip.sound.sentence is not None
    )


# --- music -----------------------------------------------------------------------------------------------


def require_music(reel: ReelSpec) -> None:
    """Make sure, before anything is listened to, that a reel's music can be played.

    Raises: FootageMissing, FootageRefused, FootageDamaged, CampaignProblems.
    """
    bed_of(reel)


def bed_of(reel: ReelSpec) -> Bed | None:
    """The music under a reel as it is laid. Raises: as `require_music`."""
    music = reel.music
    if music is None:
        return None
    found = find_music(music.path)
    if found.duration is not None and music.start >= found.duration:
        problem = CampaignProblem(
            where=dict(reel.cells).get("music.start") or f"{music.where}.start",
            found=Said(
                f"{format_clock(music.start)} of music that lasts {format_clock(found.duration)}",
                ko=f"길이 {format_clock(found.duration)}인 음악의 {format_clock(music.start)}",
            ),
            expected=Said("a time before its end", ko="음악이 끝나기 전의 시각"),
        )
        raise CampaignProblems(problems=(problem,))
    return Bed(
        path=music.path,
        stream=found.stream,
        start=music.start,
        level_lu=music.level_lu,
        duck_db=music.duck_db,
        fade_in=music.fade_in,
        fade_out=music.fade_out,
    )
