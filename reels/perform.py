"""How each kind of step is done: one function a kind, from a work value to a result in the store.

Every function reads stored results and source files, works in a folder of its own, and publishes by one rename.
It decides nothing about what runs or when. After it comes `run`, which calls `perform` in an executor.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from reels import __version__
from reels.campaign.model import Workspace
from reels.cues import segment_words
from reels.encode import join_options
from reels.errors import DiskFailed, FootageDamaged, RulesBroken
from reels.graph.picture import OverlayOnPicture, build_chunk, build_still
from reels.graph.sound import build_programme_audio, build_programme_sound
from reels.loudness import MEASUREMENT_FILTER, Loudness, correction, parse_ebur128
from reels.steps import (
    ArtWork,
    AudioWork,
    CheckWork,
    ChunkWork,
    CoverWork,
    DeliverWork,
    DraftWork,
    JoinWork,
    LogoWork,
    LoudnessWork,
    ProbeWork,
    Step,
    TranscribeWork,
    Work,
)
from reels.store import Result, Store, write_atomically
from reels.subtitles import write_ass, write_srt
from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["Workshop", "perform"]

Progress = Callable[[Fraction], None]

# The limiter aims this much lower than the ceiling at first: AAC overshoots what it is given.
_FIRST_HEADROOM_DB = 1.0
_LEVEL_TRIES = 6
_LEVEL_TOLERANCE_LU = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where work is done: plain values, so that a worker on another machine can open the same folders."""

    workspace: Workspace

    @property
    def store(self) -> Store:
        return Store(self.workspace.store_dir)


def perform(step: Step, workshop: Workshop, on_progress: Progress | None = None) -> None:
    """Do the work of `step` and leave its result in the store.

    `on_progress` gets the finished share, 0 to 1. Raises: ReelsError.
    """
    work, fingerprint, entry = step.work, step.fingerprint, step.entry
    if work is None or fingerprint is None or entry is None:
        raise ValueError(f"{step.id} cannot be done yet: what it depends on is not known")
    bench = _Bench(
        workshop=workshop,
        store=workshop.store,
        step=step,
        fingerprint=fingerprint,
        on_progress=on_progress or (lambda _share: None),
    )
    _do(work, bench)
    bench.store.note(step.id, entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What the function of one step has at hand."""

    workshop: Workshop
    store: Store
    step: Step
    fingerprint: str
    on_progress: Progress

    @contextmanager
    def folder(self) -> Iterator[Path]:
        with self.store.work_folder() as folder:
            yield folder

    def publish(self, folder: Path, facts: Mapping[str, Any], *files: str) -> None:
        self.store.commit(self.fingerprint, folder, facts, files)

    def need(self, fingerprint: str) -> Result:
        result = self.store.result(fingerprint)
        if result is None:
            raise DiskFailed(path=str(self.store.root), found=f"the result {fingerprint[:12]} has vanished")
        return result


def _do(work: Work, bench: _Bench) -> None:
    match work:
        case ProbeWork():
            _probe(work, bench)
        case TranscribeWork():
            _transcribe(work, bench)
        case DraftWork():
            _draft(work, bench)
        case LogoWork() | ArtWork():
            _art(work, bench)
        case ChunkWork():
            _chunk(work, bench)
        case LoudnessWork():
            _loudness(work, bench)
        case AudioWork():
            _audio(work, bench)
        case JoinWork():
            _join(work, bench)
        case CoverWork():
            _cover(work, bench)
        case CheckWork():
            _check(work, bench)
        case DeliverWork():
            _deliver(work, bench)


# --- footage ---------------------------------------------------------------------------------------------


def _probe(work: ProbeWork, bench: _Bench) -> None:
    from reels.media import to_json
    from reels.probe import probe

    info = probe(work.footage)
    with bench.folder() as folder:
        (folder / "media.json").write_text(to_json(info), encoding="utf-8")
        bench.publish(folder, {}, "media.json")


def _transcribe(work: TranscribeWork, bench: _Bench) -> None:
    from reels.listen import decode_audio
    from reels.recognise import recognise
    from reels.transcript import to_json

    audio = decode_audio(work.footage, stream=work.stream)
    length = Fraction(max(1, len(audio)), 16_000)
    transcript = recognise(
        audio,
        replace(work.options, model=work.model),
        on_progress=lambda heard: bench.on_progress(min(Fraction(1), heard / length)),
    )
    with bench.folder() as folder:
        (folder / "transcript.json").write_text(to_json(transcript), encoding="utf-8")
        bench.publish(folder, {"words": sum(len(s.words) for s in transcript.segments)}, "transcript.json")


def _draft(work: DraftWork, bench: _Bench) -> None:
    from reels.transcript import from_json

    transcript = from_json(bench.need(work.transcript).file("transcript.json").read_text(encoding="utf-8"))
    text = write_srt(segment_words(transcript, work.rules))
    drafts = bench.workshop.workspace.drafts_dir
    records = bench.store.root / "drafts"
    try:
        drafts.mkdir(parents=True, exist_ok=True)
        records.mkdir(parents=True, exist_ok=True)
        write_atomically(drafts / work.draft, text)
        record = {"fingerprint": bench.fingerprint, "sha256": _sha256(text)}
        write_atomically(records / f"{work.draft}.json", json.dumps(record))
    except OSError as error:
        raise DiskFailed(path=str(drafts / work.draft), found=error.strerror or str(error)) from None
    with bench.folder() as folder:
        bench.publish(folder, {"draft": work.draft})


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# --- picture ---------------------------------------------------------------------------------------------


def _art(work: LogoWork | ArtWork, bench: _Bench) -> None:
    from reels.art.draw import draw_logo, draw_lower_third, draw_title
    from reels.art.elements import TitleElement
    from reels.art.motion import render_overlay

    with bench.folder() as folder:
        if isinstance(work, LogoWork):
            draw_logo(work.logo, room=work.room, opacity=float(work.opacity)).save(folder / "overlay.png")
            bench.publish(folder, {}, "overlay.png")
            return
        element = work.element
        if isinstance(element, TitleElement):
            still = draw_title(
                element.text, element.look, raster=work.raster, room=work.room, where=work.where
            )
        else:
            still = draw_lower_third(
                element.name, element.role, element.look, raster=work.raster, room=work.room, where=work.where
            )
        render_overlay(
            still, frames=element.frames, rate=work.rate, motion=element.motion, out=folder / "overlay.mov"
        )
        bench.publish(folder, {}, "overlay.mov")


def _chunk(work: ChunkWork, bench: _Bench) -> None:
    frames = sum(piece.frames for piece in work.pieces)
    rate = work.spec.rate
    with bench.folder() as folder:
        if work.cues:
            ass = write_ass(
                work.cues,
                style=work.style,
                raster=work.spec.raster,
                rate=rate,
                first_frame=work.first_frame,
                frame_count=frames,
            )
            (folder / "cues.ass").write_text(ass, encoding="utf-8")
            _lay_out_font(work.style.font.path, folder / "fonts")
        overlays = []
        for use in work.overlays:
            art = bench.need(use.art)
            overlays.append(
                OverlayOnPicture(
                    path=art.folder / art.files[0],
                    left=use.left,
                    top=use.top,
                    first_frame=use.first_frame,
                    frames=use.frames,
                )
            )
        command = build_chunk(
            work.pieces,
            overlays,
            work.spec,
            subtitles="cues.ass" if work.cues else None,
            fonts="fonts",
            output="chunk.mp4",
        )
        run_ffmpeg(
            command.arguments,
            doing=bench.step.doing,
            cwd=folder,
            graph=command.graph,
            on_progress=lambda at: bench.on_progress(min(Fraction(1), at * rate / frames)),
        )
        bench.publish(folder, {"frames": frames}, "chunk.mp4")


def _lay_out_font(font: Path, folder: Path) -> None:
    """The one font, alone in a folder with a neutral name: libass can take no other."""
    folder.mkdir()
    target = folder / f"font{font.suffix.lower()}"
    try:
        os.link(font, target)
    except OSError:
        shutil.copyfile(font, target)


def _cover(work: CoverWork, bench: _Bench) -> None:
    from PIL import Image

    from reels.art.draw import draw_cover

    with bench.folder() as folder:
        command = build_still(work.piece, work.spec, output="frame.png")
        run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
        with Image.open(folder / "frame.png") as frame:
            picture = draw_cover(
                frame.convert("RGB"),
                work.title,
                work.look,
                largest_bytes=work.limit_bytes,
                where=bench.step.id,
            )
        (folder / "cover.jpg").write_bytes(picture)
        bench.publish(folder, {}, "cover.jpg")


# --- sound -----------------------------------------------------------------------------------------------


def _measured(file: str, folder: Path, doing: str) -> Loudness:
    """Loudness of a file of ours, decoded as a player decodes it. Source: EBU R 128, ffmpeg filter ebur128."""
    said = run_ffmpeg(
        ["-i", file, "-map", "0:a:0", "-af", MEASUREMENT_FILTER, "-f", "null", "-"],
        doing=doing,
        cwd=folder,
    )
    return parse_ebur128(said)


def _loudness(work: LoudnessWork, bench: _Bench) -> None:
    with bench.folder() as folder:
        command = build_programme_sound(work.pieces, output="sound.flac")
        run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
        loudness = _measured("sound.flac", folder, bench.step.doing)
        bench.publish(folder, _loudness_facts(loudness), "sound.flac")


def _loudness_facts(loudness: Loudness) -> dict[str, float | None]:
    return {
        "integrated_lufs": loudness.integrated_lufs,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "range_lu": loudness.range_lu,
    }


def _audio(work: AudioWork, bench: _Bench) -> None:
    """Encode at a first guess, measure what a player would hear, correct, until level and peak are right.

    A limiter takes loudness away and AAC adds peaks, by amounts that only the result shows.
    """
    sound = bench.need(work.sound)
    measured = Loudness(**sound.facts)
    target, ceiling = float(work.spec.target_lufs), float(work.spec.ceiling_dbtp)
    first = correction(measured, target_lufs=target, ceiling_dbtp=ceiling - _FIRST_HEADROOM_DB)
    # What a recording is too quiet for stays missing: its noise would come up with the voice.
    target -= first.short_by_lu
    gain, limit, limited = first.gain_db, ceiling - _FIRST_HEADROOM_DB, first.needs_limiter
    with bench.folder() as folder:
        _lay_in(sound.file("sound.flac"), folder / "sound.flac")
        for _ in range(_LEVEL_TRIES):
            command = build_programme_audio(
                "sound.flac",
                work.spec,
                gain_db=gain,
                limit_dbtp=limit if limited else None,
                output="audio.aac",
            )
            run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
            heard = _measured("audio.aac", folder, bench.step.doing)
            if heard.integrated_lufs is None or measured.integrated_lufs is None:
                break
            off = target - heard.integrated_lufs
            over = (heard.true_peak_dbtp or -99.0) - ceiling
            if abs(off) <= _LEVEL_TOLERANCE_LU and over <= 0:
                break
            if over > 0:
                limit -= (over + 0.2) if limited else 0.0
                limited = True
            gain += off
        facts = _loudness_facts(heard) | {"gain_db": gain}
        bench.publish(folder, facts, "audio.aac")


def _lay_in(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


# --- the finished file -----------------------------------------------------------------------------------


def _join(work: JoinWork, bench: _Bench) -> None:
    rate = work.spec.rate
    lines = ["ffconcat version 1.0"]
    with bench.folder() as folder:
        for number, (fingerprint, frames) in enumerate(zip(work.chunks, work.chunk_frames, strict=True)):
            name = f"{number:05}.mp4"
            _lay_in(bench.need(fingerprint).file("chunk.mp4"), folder / name)
            lines += [f"file {name}", f"duration {float(frames / rate):.9f}"]
        _lay_in(bench.need(work.audio).file("audio.aac"), folder / "audio.aac")
        (folder / "list.ffconcat").write_text("\n".join(lines) + "\n", encoding="ascii")
        options = [part for key, value in join_options(work.spec).items() for part in (f"-{key}", str(value))]
        inputs = ["-f", "concat", "-safe", "1", "-i", "list.ffconcat", "-i", "audio.aac"]
        run_ffmpeg(
            [*inputs, "-map", "0:v:0", "-map", "1:a:0", *options, "reel.mp4"],
            doing=bench.step.doing,
            cwd=folder,
        )
        _require_frames(folder / "reel.mp4", work)
        bench.publish(folder, {"frames": sum(work.chunk_frames)}, "reel.mp4")


def _require_frames(reel: Path, work: JoinWork) -> None:
    """Count the packets of the joined file: a reel that lacks one frame must not leave the workshop."""
    import av

    with av.open(str(reel)) as container:
        stream = container.streams.video[0]
        times = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
        tick = stream.time_base
    expected = sum(work.chunk_frames)
    step = 1 / work.spec.rate
    steady = tick is not None and all(
        abs((b - a) * tick - step) <= tick for a, b in itertools.pairwise(times)
    )
    if len(times) != expected or not steady:
        raise FootageDamaged(
            path=reel.name, found=f"{len(times)} frames after joining, expected {expected} in step"
        )


def _check(work: CheckWork, bench: _Bench) -> None:
    from reels.check import report_json, report_on
    from reels.observe import observe

    master = bench.need(work.master).file("reel.mp4")
    seen = observe(master)
    reports = {p.name: report_json(report_on(seen, p, file=master)) for p in work.platforms}
    for report in reports.values():
        del report["file"]  # the store may move
    with bench.folder() as folder:
        bench.publish(folder, {"reports": reports})


def _deliver(work: DeliverWork, bench: _Bench) -> None:
    from reels.deliver import deliver

    master, check, cover = bench.need(work.master), bench.need(work.check), bench.need(work.cover)
    report = check.facts["reports"][work.platform]
    if not report["ok"]:
        broken = [f"{f['rule']}: {f['found']}" for f in report["findings"] if not f["ok"]]
        raise RulesBroken(reel=work.name, platform=work.platform, rules="; ".join(broken))
    files = deliver(
        out_dir=bench.workshop.workspace.out_dir,
        folder=work.folder,
        name=work.name,
        master=master.file("reel.mp4"),
        cover=cover.file("cover.jpg"),
        srt=(work.srt_name, write_srt(work.cues)),
        caption=work.caption,
        report=_report(work, check, bench.need(work.audio)),
    )
    with bench.folder() as folder:
        bench.publish(folder, {"files": files})


def _report(work: DeliverWork, check: Result, audio: Result) -> dict[str, Any]:
    return {
        "schema": "reels/report/1",
        "reel": work.name,
        "platform": work.platform,
        "title": work.title,
        "file": f"{work.name}.mp4",
        "duration_s": float(work.frames / work.rate),
        "frames": work.frames,
        "fps": f"{work.rate.numerator}/{work.rate.denominator}",
        "footage": list(work.footage),
        "subtitles": {"cues": len(work.cues), "model": work.recognised_by},
        "loudness": dict(audio.facts),
        "made_by": f"reels {__version__}",
        "check": check.facts["reports"][work.platform],
    }
