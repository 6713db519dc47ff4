"""Footage: probed, listened to, drafted into subtitles, and looked through for people."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction

from reels.cues import segment_words
from reels.drafts import DraftRecord, NewDraft, draft_report, put_draft, words_digest
from reels.errors import DiskFailed
from reels.fingerprint import canonical
from reels.framing import follow, framing_json, load_centerface, look
from reels.glossary import correct
from reels.hearing import choose
from reels.hearing import look as look_at_sound
from reels.media import to_json as media_to_json
from reels.perform.bench import Bench
from reels.perform.kept_parts import PartsInStore
from reels.probe import probe as probe_file
from reels.recognise import SAMPLE_RATE, recognise_sound
from reels.said import said_by_system
from reels.sound.listen import decode_audio_into
from reels.steadying import watch
from reels.steps import DraftWork, FramingWork, HearingWork, ProbeWork, StabiliseWork, TranscribeWork
from reels.subtitles import write_srt
from reels.tools.ffmpeg import require_not_stopped
from reels.transcript import from_json, to_json

__all__ = ["draft", "frame", "hear", "probe", "stabilise", "transcribe"]


def probe(work: ProbeWork, bench: Bench) -> None:
    info = probe_file(work.footage)
    with bench.folder() as folder:
        (folder / "media.json").write_text(media_to_json(info), encoding="utf-8")
        bench.publish(folder, {}, "media.json")


def hear(work: HearingWork, bench: Bench) -> None:
    with bench.folder() as folder:
        sounds = look_at_sound(work.footage, work.tracks, work.duration, folder, doing=bench.step.doing)
        require_not_stopped()
        bench.publish(folder, choose(sounds, channel=work.channel).facts)


def transcribe(work: TranscribeWork, bench: Bench) -> None:
    """Listen in parts that are kept as they are finished: a run that is stopped goes on where it was."""
    parts = PartsInStore(bench.store.root, bench.step.made_as)
    with bench.folder() as folder:
        sound = decode_audio_into(folder, work.footage, stream=work.stream, channel=work.channel)
        length = Fraction(max(1, sound.samples), SAMPLE_RATE)

        def on_progress(heard: Fraction) -> None:
            # Nobody can stop an engine from outside; it is asked whenever it has heard something.
            require_not_stopped()
            bench.on_progress(min(Fraction(1), heard / length))

        options = replace(work.options, model=work.model)
        transcript = recognise_sound(sound, options, kept=parts, on_progress=on_progress)
        (folder / "transcript.json").write_text(to_json(transcript), encoding="utf-8")
        facts = {"words": len(transcript.words), "dropped": len(transcript.dropped)}
        bench.publish(folder, facts, "transcript.json")
    parts.clear()


def draft(work: DraftWork, bench: Bench) -> None:
    """Write the draft, corrected by the glossary; where a person has edited it, a new one goes beside.

    The transcript stays what was heard, so that a changed `wrong: right` is not listened to again.
    """
    heard = from_json(bench.need(work.transcript).file("transcript.json").read_text(encoding="utf-8"))
    transcript, corrections = correct(heard, work.glossary)
    cues = segment_words(transcript, work.rules)
    text = write_srt(cues)
    new = NewDraft(
        name=work.draft,
        text=text,
        report=draft_report(
            transcript,
            cues,
            corrections,
            draft=work.draft,
            footage=work.where,
            options={k: v for k, v in canonical(work.options).items() if k not in ("type", "model")},
            glossary=work.glossary,
        ),
        record=DraftRecord(
            fingerprint=bench.step.made_as,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            transcript=work.transcript,
            words=words_digest(cues),
            model=work.model,
            heard_by=transcript.model,
            footage=work.where,
        ),
    )
    try:
        put = put_draft(bench.workspace.drafts_dir, bench.store.root, new)
    except OSError as error:
        raise DiskFailed(
            path=str(bench.workspace.drafts_dir / work.draft), found=said_by_system(error, str(error))
        ) from None
    with bench.folder() as folder:
        bench.publish(folder, {"draft": work.draft, "put": put})


def frame(work: FramingWork, bench: Bench) -> None:
    """Look for people and find the window's path; what is half looked at is not kept."""

    def on_progress(done: Fraction) -> None:
        # Between two stretches of decoding no child runs that could be stopped.
        require_not_stopped()
        bench.on_progress(done)

    detector = load_centerface()
    sighting = look(work.footage, work.media, work.range_in_source, detector, on_progress=on_progress)
    framing = follow(sighting, work.aspect, nobody=work.nobody, split=work.split)
    with bench.folder() as folder:
        (folder / "framing.json").write_text(framing_json(framing), encoding="utf-8")
        bench.publish(folder, {"shots": len(framing.shots)}, "framing.json")


def stabilise(work: StabiliseWork, bench: Bench) -> None:
    """Watch how the picture shakes; what is half watched is not kept."""
    steady = watch(work.footage, work.media, work.range_in_source, on_progress=bench.on_progress)
    with bench.folder() as folder:
        (folder / "steady.json").write_text(steady.json, encoding="ascii")
        bench.publish(folder, {"frames": len(steady.starts_us)}, "steady.json")
