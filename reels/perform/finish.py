"""The finished file: joined, judged, handed over."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from reels import __version__
from reels.check import report_json, report_on, shown_to_json
from reels.deliver import deliver
from reels.edit import CutReason
from reels.encode import join_options
from reels.errors import RulesBroken, StepBroken
from reels.observe import observe
from reels.perform.bench import Bench, lay_in
from reels.perform.cover import told_cover
from reels.said import Said
from reels.sound.soundtrack import channel_name
from reels.steps import CheckWork, DeliverWork, Framed, JoinWork, PictureTold, SoundTold
from reels.store import Result
from reels.subtitles import sidecar_texts
from reels.timing import TimeRange
from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["check", "deliver_reel", "join"]


def join(work: JoinWork, bench: Bench) -> None:
    rate = work.rate
    lines = ["ffconcat version 1.0"]
    with bench.folder() as folder:
        for number, (fingerprint, frames) in enumerate(zip(work.chunks, work.chunk_frames, strict=True)):
            name = f"{number:05}.mp4"
            lay_in(bench.need(fingerprint, in_full=True).file("chunk.mp4"), folder / name)
            lines += [f"file {name}", f"duration {float(frames / rate):.9f}"]
        lay_in(bench.need(work.audio, in_full=True).file("audio.aac"), folder / "audio.aac")
        (folder / "list.ffconcat").write_text("\n".join(lines) + "\n", encoding="ascii")
        options = [part for key, value in join_options(rate).items() for part in (f"-{key}", str(value))]
        inputs = ["-f", "concat", "-safe", "1", "-i", "list.ffconcat", "-i", "audio.aac"]
        run_ffmpeg(
            [*inputs, "-map", "0:v:0", "-map", "1:a:0", *options, "reel.mp4"],
            doing=bench.step.doing,
            cwd=folder,
        )
        _require_frames(folder / "reel.mp4", work, bench.step.doing)
        bench.publish(folder, {"frames": sum(work.chunk_frames)}, "reel.mp4")


def _require_frames(reel: Path, work: JoinWork, doing: str) -> None:
    """Count the packets of the joined file: a reel that lacks one frame must not leave the workshop."""
    with av.open(str(reel)) as container:
        stream = container.streams.video[0]
        times = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
        tick = stream.time_base
    expected = sum(work.chunk_frames)
    step = 1 / work.rate
    steady = tick is not None and all(
        abs((b - a) * tick - step) <= tick for a, b in itertools.pairwise(times)
    )
    if len(times) != expected or not steady:
        found = Said(
            f"{len(times)} frames after joining, expected {expected} in step",
            ko=f"이어 붙인 뒤 고른 간격의 프레임 {expected}개가 아니라 {len(times)}개",
        )
        raise StepBroken(doing=doing, found=found)


def check(work: CheckWork, bench: Bench) -> None:
    master = bench.need(work.master).file("reel.mp4")
    seen = observe(master)
    reports = {p.name: report_json(report_on(seen, p, file=master, shown=work.shown)) for p in work.platforms}
    for report in reports.values():
        del report["file"]  # the store may move
    with bench.folder() as folder:
        bench.publish(folder, {"reports": reports, "shown": shown_to_json(work.shown)})


def deliver_reel(work: DeliverWork, bench: Bench) -> None:
    master, cover = (bench.need(made, in_full=True) for made in (work.master, work.cover))
    check = bench.need(work.check)
    report = check.facts["reports"][work.platform]
    broken = [
        f"{finding['rule']}: {finding['found']}"
        for finding in report["findings"]
        if not finding["ok"] and finding["severity"] == "error"
    ]
    if broken:
        raise RulesBroken(reel=work.name, platform=work.platform, rules="; ".join(broken))
    files = deliver(
        out_dir=bench.workspace.out_dir,
        folder=work.folder,
        name=work.name,
        master=master.file("reel.mp4"),
        cover=cover.file("cover.jpg"),
        sidecars={
            file: text
            for sidecar in work.sidecars
            for file, text in sidecar_texts(sidecar, work.name).items()
        },
        caption=work.caption,
        report=_report(work, check, bench.need(work.audio), cover),
    )
    with bench.folder() as folder:
        bench.publish(folder, {"files": files})


def _report(work: DeliverWork, check: Result, audio: Result, cover: Result) -> dict[str, Any]:
    return {
        "schema": "reels/report/1",
        "reel": work.name,
        "platform": work.platform,
        "title": work.title,
        "text": {
            "length": work.text.length,
            "limit": work.text.limit,
            "counting": work.text.counting,
            "title_length": work.text.title_length,
            "title_limit": work.text.title_limit,
        },
        "file": f"{work.name}.mp4",
        "duration_s": float(work.frames / work.rate),
        "frames": work.frames,
        "fps": f"{work.rate.numerator}/{work.rate.denominator}",
        "footage": list(work.footage),
        "footage_identity": list(work.footage_identity),
        "texts": list(work.texts),
        "subtitles": {
            "cues": len(work.sidecars[0].cues) if work.sidecars else 0,
            "languages": {sidecar.language: len(sidecar.cues) for sidecar in work.sidecars},
            "from": list(work.words_from),
        },
        "cut": _cut(work),
        "framing": [_framing(work, framed) for framed in work.framed],
        "picture": [_picture(work, told) for told in work.picture],
        "sound": [_sound(work, told) for told in work.sound],
        "music": work.music or None,
        "over_faces": [{"en": str(told), "ko": told.ko} for told in work.covering],
        "cover": told_cover(cover.facts, accepted=work.cover_accepted),
        "loudness": dict(audio.facts),
        "shown": check.facts["shown"],
        "made_by": f"reels {__version__}",
        "check": check.facts["reports"][work.platform],
    }


def _cut(work: DeliverWork) -> dict[str, Any]:
    """Every piece that is gone, and what was found and stays; times are seconds of the footage."""
    gone = sum((piece.range_in_source.duration for piece in work.removed), Fraction(0))
    return {
        "removed_s": round(float(gone), 3),
        "removed": [
            {**_piece(work, r.clip, r.range_in_source, r.reason, r.text), "why": r.detail}
            for r in work.removed
        ],
        "not_cut": [
            {**_piece(work, n.clip, n.range_in_source, n.reason, n.text), "why": n.why} for n in work.not_cut
        ],
    }


def _framing(work: DeliverWork, framed: Framed) -> dict[str, Any]:
    """Who is followed in a clip, and in how many looks whole; times are seconds of the footage."""
    shots = framed.report.shots if framed.report is not None else ()
    return {
        "footage": work.footage[framed.clip],
        "sentence": {"en": str(framed.sentence), "ko": framed.sentence.ko},
        "shots": [
            {
                "start_s": round(float(shot.range_in_source.start), 3),
                "end_s": round(float(shot.range_in_source.end), 3),
                "manner": shot.manner,
                "people": shot.people,
                "looks": shot.looks,
                "with_face": shot.with_face,
                "whole_face": shot.whole_face,
            }
            for shot in shots
        ],
    }


def _picture(work: DeliverWork, told: PictureTold) -> dict[str, Any]:
    """What was done to the picture of a clip because the campaign asks for it."""
    return {
        "footage": work.footage[told.clip],
        "lut": told.lut or None,
        "stabilised": told.stabilised,
    }


def _sound(work: DeliverWork, told: SoundTold) -> dict[str, Any]:
    """Which sound of a clip is played, where that is no plain case; tracks count from 1."""
    return {
        "footage": work.footage[told.clip],
        "sentence": {"en": str(told.sentence), "ko": told.sentence.ko},
        "track": told.heard.track if told.heard is not None else None,
        "channel": channel_name(told.heard.channel) if told.heard is not None else None,
    }


def _piece(work: DeliverWork, clip: int, where: TimeRange, reason: CutReason, text: str) -> dict[str, Any]:
    return {
        "footage": work.footage[clip],
        "start_s": round(float(where.start), 3),
        "end_s": round(float(where.end), 3),
        "reason": reason,
        "text": text,
    }
