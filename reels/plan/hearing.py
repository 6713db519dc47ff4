"""Which of a clip's sounds is heard and played: what a person says, what is plain, or what a look tells.

Adds the step that looks where a film has more than one track or channel, and reads what it found. `footage` asks before
anything is listened to; `sound` puts the pieces together from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reels.campaign.model import ClipSpec
from reels.errors import CampaignProblem, CampaignProblems
from reels.hearing import HeardSound
from reels.media import AudioStream, MediaInfo
from reels.plan.steps_so_far import StepsSoFar
from reels.said import Said
from reels.sound.soundtrack import channel_name
from reels.steps import HearingWork, Step
from reels.store import Result
from reels.survey import Survey

__all__ = ["NOTHING_HEARD", "hearing_of"]

NOTHING_HEARD = HeardSound(stream=-1)
"""Of a film without sound."""


def hearing_of(
    spec: ClipSpec,
    media: MediaInfo,
    *,
    shown: str,
    probe: Step,
    steps: StepsSoFar,
    survey: Survey,
    identities: Mapping[Path, str],
) -> HeardSound | Step:
    """The sound of a clip, or the step that will tell it; `shown` is how messages call the film.

    Raises: CampaignProblems for a track or channel that the film does not have.
    """
    if not media.audio:
        return NOTHING_HEARD
    tracks = _asked(spec, media.audio, shown)
    wanted = spec.sound.channel
    if len(tracks) == 1 and tracks[0].channels == 1:
        return _in_film(HeardSound(stream=tracks[0].index), spec, media)
    if len(tracks) == 1 and wanted is not None:
        named = HeardSound(stream=tracks[0].index, channel=wanted, why_channel="asked")
        return _in_film(named, spec, media)
    step = steps.add(
        f"hearing {shown}",
        HearingWork(footage=spec.footage, tracks=tracks, duration=media.duration, channel=wanted),
        tools=["ffmpeg"],
        needs=[probe],
        doing=Said(f"finding the voice in {shown}", ko=f"{shown}에서 쓸 소리 고르기"),
        identities=identities,
        is_done=lambda result: _found(result, tracks) is not None,
    )
    result = survey.result(step.made_as)
    found = _found(result, tracks) if result is not None and not step.will_run else None
    if found is None:
        return step
    return _in_film(found, spec, media)


def _found(result: Result, tracks: Sequence[AudioStream]) -> HeardSound | None:
    try:
        heard = HeardSound.from_facts(result.facts)
    except ValueError:
        return None
    return heard if any(track.index == heard.stream for track in tracks) else None


def _in_film(heard: HeardSound, spec: ClipSpec, media: MediaInfo) -> HeardSound:
    """`heard` of the tracks that came into question, counted among all of the film."""
    number = next(n for n, track in enumerate(media.audio, start=1) if track.index == heard.stream)
    asked = spec.sound.track is not None or (heard.tracks == 1 and len(media.audio) > 1)
    return replace(
        heard, track=number, tracks=len(media.audio), why_track="asked" if asked else heard.why_track
    )


def _asked(spec: ClipSpec, tracks: tuple[AudioStream, ...], shown: str) -> tuple[AudioStream, ...]:
    """The tracks that come into question: the one that is named, those that have the channel. Raises: CampaignProblems."""
    track, channel = spec.sound.track, spec.sound.channel
    if track is not None and track > len(tracks):
        en = f"a track from 1 to {len(tracks)}" if len(tracks) > 1 else "track 1, the only one"
        ko = f"1부터 {len(tracks)}까지의 트랙" if len(tracks) > 1 else "하나뿐인 트랙 1"
        _refuse(spec, shown, Said(f"sound track {track}", ko=f"소리 트랙 {track}"), Said(en, ko=ko))
    asked = tracks if track is None else tracks[track - 1 : track]
    most = max(one.channels for one in asked)
    if isinstance(channel, int) and channel >= most:
        found = Said(f"channel {channel_name(channel)}", ko=f"채널 {channel_name(channel)}")
        expected = Said(
            f"a channel that is there: {most} of them" if most > 1 else "both, for the track is mono",
            ko=f"있는 채널({most}개)" if most > 1 else "both(모노 트랙)",
        )
        _refuse(spec, shown, found, expected)
    return tuple(one for one in asked if not isinstance(channel, int) or one.channels > channel)


def _refuse(spec: ClipSpec, shown: str, found: Said, expected: Said) -> None:
    problem = CampaignProblem(
        where=f"{spec.where} {shown}".strip(),
        found=found,
        expected=expected,
        remedy=Said(
            "mend `sound`; `reels probe` lists the tracks",
            ko="`sound`를 고쳐 주세요. 트랙은 `reels probe`로 볼 수 있습니다.",
        ),
    )
    raise CampaignProblems(problems=(problem,))
