"""Sound in a campaign and in a plan: what a person may say of it, and what is looked for before anything is heard."""

from __future__ import annotations

import shutil
import wave
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.model import MusicSpec
from reels.errors import CampaignProblems, FootageError
from reels.graph.sound import AudioPiece
from reels.hearing import HeardSound
from reels.media import MediaInfo
from reels.sound.soundtrack import Channel, SoundOptions
from reels.steps import DeliverWork, HearingWork, LoudnessWork, Plan, Step, TranscribeWork, entry_for
from reels.store import Store

from .test_plan import HELLO, World, media, of_kind, running

# --- keys ------------------------------------------------------------------------------------------------

KEYS = """\
campaign: 한빛시 봄축제
sound: {high_pass: true, track: 2}
music: {file: music/봄.mp3, level: -15}
reels:
  - id: one
    sound: {denoise: true, channel: right}
    clips:
      - footage: a.mov
      - footage: b.mov
        sound: {track: 1, channel: 3, high_pass: false}
  - id: two
    music: {level: -8, duck: false, fade_out: 3.5, start: "01:02.5"}
    clips: [{footage: a.mov, sound: {channel: mix, track: null}}]
  - id: three
    music: false
    clips: [{footage: a.mov, sound: {channel: left}}]
  - id: four
    music: other.mp3
    clips: [{footage: a.mov}]
"""


def _folder(root: Path, text: str) -> Path:
    (root / "music").mkdir()
    for name in ("music/봄.mp3", "other.mp3", "a.mov", "b.mov"):
        (root / name).write_bytes(b"x")
    (root / "campaign.yaml").write_text(text, encoding="utf-8")
    return root


def test_the_nearest_word_on_sound_wins_key_by_key(tmp_path: Path) -> None:
    one, two, three, four = load_campaign(_folder(tmp_path, KEYS)).reels
    assert [clip.sound for clip in one.clips] == [
        SoundOptions(track=2, channel=1, high_pass=True, denoise=True),
        SoundOptions(track=1, channel=2, high_pass=False, denoise=True),
    ]
    assert two.clips[0].sound == SoundOptions(channel="mix", high_pass=True)
    assert three.clips[0].sound == SoundOptions(track=2, channel=0, high_pass=True)
    assert four.clips[0].sound == SoundOptions(track=2, high_pass=True)
    assert dict(one.origins)["sound.denoise"] == "reel"
    assert dict(one.origins)["sound.track"] == "campaign"
    assert dict(two.origins)["sound.channel"] == "default"


def test_music_is_a_file_or_keys_and_a_reel_may_do_without(tmp_path: Path) -> None:
    folder = _folder(tmp_path, KEYS)
    one, two, three, four = load_campaign(folder).reels
    spring = folder / "music" / "봄.mp3"
    assert one.music == MusicSpec(path=spring, level_lu=-15, where="campaign.yaml:3 music")
    assert two.music == replace(
        one.music,
        level_lu=-8,
        duck_db=Fraction(0),
        fade_out=Fraction(7, 2),
        start=Fraction(125, 2),
    )
    assert three.music is None
    assert four.music == MusicSpec(
        path=folder / "other.mp3", level_lu=-15, where="campaign.yaml:18 reels[3].music"
    )


@pytest.mark.parametrize(
    ("written", "says", "says_ko"),
    [
        ("sound: {chanel: left}", "perhaps you meant channel", "channel"),
        ("sound: {channel: lef}", "left, right, both, mix", "left, right, both, mix"),
        ("sound: {channel: 0}", "a channel's number from 1", "1부터 센 채널 번호"),
        ("sound: {channel: true}", "left, right, both, mix", "left, right, both, mix"),
        ("sound: {track: 0}", "at least 1", "1 이상"),
        ("sound: {denoise: much}", "true or false", "true나 false"),
        ("music: nothing.mp3", "nothing.mp3, which is not there", "없는 파일 nothing.mp3"),
        ("music: othr.mp3", "perhaps you meant other.mp3", "other.mp3"),
        ("music: {fil: other.mp3}", "perhaps you meant file", "file"),
        ("music: {file: other.mp3, level: 5}", "at most 0", "0 이하"),
        ("music: {file: other.mp3, duck: 90}", "decibels from 0 to 40", "0~40데시벨"),
        ("music: {file: other.mp3, start: 10f}", "a time such as 4.2", "시각"),
        ("music: {file: other.mp3, fade_in: long}", "seconds from 0 to 60", "0~60초"),
        ("music: [other.mp3]", "keys and their values", "키와 값"),
    ],
)
def test_what_cannot_be_is_told_with_what_can(tmp_path: Path, written: str, says: str, says_ko: str) -> None:
    text = f"campaign: a\n{written}\nreels: [{{id: one, clips: [{{footage: a.mov}}]}}]\n"
    with pytest.raises(CampaignProblems) as refused:
        load_campaign(_folder(tmp_path, text))
    (problem,) = refused.value.problems
    assert problem.where.startswith("campaign.yaml:2 ")
    assert says in problem.sentence("en")
    assert says_ko in problem.sentence("ko")


# --- plans -----------------------------------------------------------------------------------------------


def _tracks(*channels: int) -> MediaInfo:
    layouts = {1: "mono", 2: "stereo"}
    whole = media()
    tracks = tuple(
        replace(whole.audio[0], index=1 + n, channels=count, layout=layouts.get(count, f"{count} channels"))
        for n, count in enumerate(channels)
    )
    return replace(whole, audio=tracks)


FOUND = HeardSound(stream=2, track=2, tracks=2, channel=1, why_track="speech")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing(World):
    """A world whose film has several sounds, of which `found`, on the last of those in question, is heard."""

    found: HeardSound = FOUND

    def _leave(self, step: Step, store: Store) -> None:
        if not isinstance(step.work, HearingWork):
            World._leave(self, step, store)
            return
        found = replace(self.found, stream=step.work.tracks[-1].index)
        with store.work_folder() as folder:
            store.commit(step.made_as, folder, found.facts, ())
        assert step.entry is not None
        store.note(step.id, step.entry)


def world_of(root: Path, info: MediaInfo, text: str = HELLO, *, drafted: bool = True) -> Hearing:
    made = Hearing(root=root / "campaign")
    made.root.mkdir()
    made.write(text)
    made.probed(made.footage(), info)
    if drafted:
        made.draft()
    return made


def with_sound(keys: str, text: str = HELLO) -> str:
    return text.replace("        people:", f"        sound: {keys}\n        people:")


def played(plan: Plan) -> tuple[AudioPiece, ...]:
    (work,) = (step.work for step in plan.steps if isinstance(step.work, LoudnessWork))
    return work.pieces


def test_a_film_with_two_tracks_is_looked_at_before_anything_else(tmp_path: Path) -> None:
    world = world_of(tmp_path, _tracks(1, 1))
    plan = world.plan()
    (step,) = of_kind(plan, "hearing")
    assert (step.id, step.reason, step.will_run) == ("hearing footage/IMG_0412.MOV", "new", True)
    assert all(other.reason == "cascade" for other in plan.to_run if other.kind != "hearing")
    settled = world.settle()
    assert not settled.to_run
    assert {(piece.stream, piece.channel) for piece in played(settled)} == {(2, 0)}, "a mono track"


def test_the_recogniser_hears_what_the_reel_plays(tmp_path: Path) -> None:
    world = world_of(tmp_path, _tracks(1, 2), drafted=False)
    first = world.plan()
    assert [step.kind for step in first.to_run if step.fingerprint is not None] == ["hearing"]
    assert {"transcribe", "draft"} <= {step.kind for step in first.to_run}
    settled = world.settle()
    (heard,) = (step.work for step in settled.steps if isinstance(step.work, TranscribeWork))
    assert (heard.stream, heard.channel) == (2, 1)
    assert {(piece.stream, piece.channel) for piece in played(settled)} == {(2, 1)}


def test_a_draft_is_made_though_nothing_was_looked_at_yet(tmp_path: Path) -> None:
    """A campaign of an earlier version has its probes, and drafts of ours, and no look at its sound."""
    world = world_of(tmp_path, _tracks(2), drafted=False)
    plan = world.plan(goal="draft")
    assert {step.kind for step in plan.to_run} == {"hearing", "transcribe", "draft"}
    world.settle()
    assert not world.plan(goal="draft").to_run


def _forgotten(world: Hearing) -> None:
    """Take the look at the sound out of the store."""
    (step,) = of_kind(world.plan(), "hearing")
    shutil.rmtree(world.root / ".reels" / "results" / step.made_as[:2] / step.made_as)


def test_a_draft_of_ours_is_made_anew_though_nothing_was_looked_at_yet(tmp_path: Path) -> None:
    world = world_of(tmp_path, _tracks(2), drafted=False)
    world.settle()
    _forgotten(world)
    world.write(HELLO.replace("{model: nano-ko}", "{model: nano-ko, beam: 3}"))
    assert {step.kind for step in world.plan(goal="draft").to_run} == {"hearing", "transcribe", "draft"}


@pytest.mark.parametrize("facts", [{"stream": "?"}, replace(FOUND, stream=9).facts])
def test_a_look_that_says_nothing_of_this_film_is_taken_again(
    tmp_path: Path, facts: dict[str, object]
) -> None:
    world = world_of(tmp_path, _tracks(2))
    world.settle()
    (step,) = of_kind(world.plan(), "hearing")
    _forgotten(world)
    with world.store.work_folder() as folder:
        world.store.commit(step.made_as, folder, facts, ())
    assert [(s.id, s.reason) for s in of_kind(world.plan(), "hearing") if s.will_run] == [
        (step.id, "missing")
    ]


def test_where_a_person_has_written_the_words_a_draft_needs_no_look(tmp_path: Path) -> None:
    assert not world_of(tmp_path, _tracks(2)).plan(goal="draft").to_run


@pytest.mark.parametrize(
    ("channels", "keys", "stream", "channel"),
    [
        ((1,), "{}", 1, 0),
        ((1,), "{channel: left}", 1, 0),
        ((1, 2, 2), "{track: 3, channel: right}", 3, 1),
        ((2,), "{channel: mix}", 1, "mix"),
    ],
)
def test_what_is_plain_or_said_needs_no_look(
    tmp_path: Path, channels: tuple[int, ...], keys: str, stream: int, channel: Channel
) -> None:
    plan = world_of(tmp_path, _tracks(*channels), with_sound(keys)).plan()
    assert not of_kind(plan, "hearing")
    assert {(piece.stream, piece.channel) for piece in played(plan)} == {(stream, channel)}


def test_a_channel_of_mono_is_the_track_and_heard_once_for_both_reels(tmp_path: Path) -> None:
    other = HELLO.partition("reels:\n")[2].replace("hello", "again")
    world = world_of(tmp_path, _tracks(1), with_sound("{channel: left}") + other, drafted=False)
    assert len(of_kind(world.plan(), "transcribe")) == 1
    assert not world.plan().failures


@pytest.mark.parametrize(
    ("channels", "asked_of", "track"), [((1, 2, 1), [2], 2), ((2, 1, 4), [1, 3], 3), ((1, 1, 1), [], 0)]
)
def test_a_channel_that_is_named_is_looked_for_only_where_it_is(
    tmp_path: Path, channels: tuple[int, ...], asked_of: list[int], track: int
) -> None:
    world = world_of(tmp_path, _tracks(*channels), with_sound("{channel: right}"))
    looked_at = [s.work.tracks for s in world.plan().steps if isinstance(s.work, HearingWork)]
    assert [[t.index for t in tracks] for tracks in looked_at] == ([asked_of] if len(asked_of) > 1 else [])
    settled = world.settle()
    if not asked_of:
        assert "both, for the track is mono" in settled.failures[0].error.sentence("en")
        return
    assert {(piece.stream, piece.channel) for piece in played(settled)} == {(track, 1)}
    (work, *_) = (step.work for step in settled.steps if isinstance(step.work, DeliverWork))
    assert f"sound track {track} of 3 is used" in str(work.sound[0].sentence)


def test_a_person_who_names_the_track_is_told_of_it_in_the_report(tmp_path: Path) -> None:
    plan = world_of(tmp_path, _tracks(1, 1, 1), with_sound("{track: 3}")).plan()
    (work, *_) = (step.work for step in plan.steps if isinstance(step.work, DeliverWork))
    (told,) = work.sound
    assert told.sentence == "sound track 3 of 3 is used, as the campaign says"
    assert told.sentence.ko == "소리 트랙 3개 가운데 3번을 씁니다(캠페인에 적은 대로)"


@pytest.mark.parametrize(
    ("channels", "keys", "says", "says_ko"),
    [
        ((1, 1), "{track: 3}", "sound track 3, expected a track from 1 to 2", "1부터 2까지의 트랙"),
        ((1,), "{track: 2}", "track 1, the only one", "하나뿐인 트랙 1"),
        ((1,), "{channel: right}", "both, for the track is mono", "both(모노 트랙)"),
        ((2,), "{channel: 4}", "channel 4, expected a channel that is there: 2 of them", "있는 채널(2개)"),
    ],
)
def test_a_track_or_channel_that_is_not_there_is_told(
    tmp_path: Path, channels: tuple[int, ...], keys: str, says: str, says_ko: str
) -> None:
    (failure,) = world_of(tmp_path, _tracks(*channels), with_sound(keys)).plan().failures
    assert says in failure.error.sentence("en")
    assert says_ko in failure.error.sentence("ko")
    assert "campaign.yaml:10" in failure.error.sentence("en")
    assert failure.error.status() == 3


def test_two_reels_cannot_hear_one_film_differently(tmp_path: Path) -> None:
    text = with_sound("{track: 1}") + HELLO.partition("reels:\n")[2].replace("hello", "again").replace(
        "        people:", "        sound: {track: 2}\n        people:"
    )
    plan = world_of(tmp_path, _tracks(1, 1), text, drafted=False).plan()
    (failure,) = plan.failures
    assert failure.reel == "again"
    assert "they share one draft" in failure.error.sentence("en")


def test_clean_up_changes_the_mix_and_not_what_is_listened_to(tmp_path: Path) -> None:
    world = world_of(tmp_path, _tracks(1), drafted=False)
    world.settle()
    world.write(with_sound("{high_pass: true, denoise: true}"))
    plan = world.plan()
    assert {piece.high_pass and piece.denoise for piece in played(plan)} == {True}
    assert not {"transcribe", "draft", "hearing", "chunk"} & {step.kind for step in plan.to_run}
    assert running(plan)["hello sound"] == "option-changed"


def test_what_was_heard_before_there_was_a_choice_stays_what_it_was(tmp_path: Path) -> None:
    """The fingerprint of a plain transcription holds no channel: hours of listening are not thrown away."""
    plan = world_of(tmp_path, _tracks(1), drafted=False).plan()
    (step,) = of_kind(plan, "transcribe")
    assert isinstance(step.work, TranscribeWork)

    def made_as(work: TranscribeWork) -> str:
        identity = {work.footage: "content"}
        return entry_for(work, needs=(), tools={}, identity=identity).fingerprint

    assert made_as(step.work) != made_as(replace(step.work, channel=1))
    assert step.work.channel == "both"


def _wav(path: Path, seconds: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000 * seconds))
    return path


def test_music_counts_by_its_content_and_never_by_its_name(tmp_path: Path) -> None:
    world = world_of(tmp_path, _tracks(1), HELLO.replace("reels:", "music: music/a.wav\nreels:"))
    _wav(world.root / "music" / "a.wav", 3)
    world.settle()
    (world.root / "music" / "a.wav").rename(world.root / "music" / "b [0:a].wav")
    world.write(HELLO.replace("reels:", "music: music/b [0:a].wav\nreels:"))
    assert not {"loudness", "audio", "join"} & {step.kind for step in world.plan().to_run}
    _wav(world.root / "music" / "b [0:a].wav", 4)
    assert running(world.plan())["hello sound"] == "input-changed"


def test_music_that_is_none_stops_its_reel_before_anything_is_heard(tmp_path: Path) -> None:
    world = world_of(tmp_path, _tracks(1), HELLO.replace("reels:", "music: music/a.mp3\nreels:"))
    _wav(world.root / "music" / "a.mp3", 1).write_bytes(b"#EXTM3U\nfile:///etc/passwd\n")
    (failure,) = world.plan().failures
    assert isinstance(failure.error, FootageError)
    for language, says in (("en", "give another file under `music`"), ("ko", "`music`에 다른 파일을")):
        assert says in failure.error.sentence("ko" if language == "ko" else "en")
    _wav(world.root / "music" / "a.mp3", 1)
    world.write(HELLO.replace("reels:", "music: {file: music/a.mp3, start: 5}\nreels:"))
    (failure,) = world.plan().failures
    assert "a time before its end" in failure.error.sentence("en")
    assert failure.error.status() == 3
