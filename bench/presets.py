"""`make bench-presets`: which x264 preset and CRF, by VMAF against time and bitrate on four kinds of content.

    python bench/presets.py [--seconds 5] [--runs 1] [--quick] [--page docs/decisions/0009-encoder-settings.md]

Each kind is made once as lossless frames at 1080x1920 and encoded with the options of the product, of which only preset and
CRF differ; so what is compared is what is delivered. VMAF by the libvmaf of the ffmpeg that reels uses, model vmaf_v0.6.1,
mean and lowest hundredth of the frames. Linux only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import mean, median

from measure import measured
from page import load_now, machine, write_between

from reels.encode import PictureSpec, video_options
from reels.sample import make_footage
from reels.tools.ffmpeg import find_ffmpeg, footage_argument, run_ffmpeg

_HERE = Path(__file__).resolve().parent
_BEGIN, _END = (
    "<!-- measured by make bench-presets: begin -->",
    "<!-- measured by make bench-presets: end -->",
)
_RATE = Fraction(30)
_PRESETS = ("veryfast", "faster", "fast", "medium", "slow")
_CRFS = (18, 20, 22)
_NUMBERED = "settb=1/30,setpts=N"
_VMAF = "libvmaf=n_threads=2:log_fmt=json:log_path=vmaf.json"
_UPRIGHT = "crop=ih*9/16:ih,scale=1080:1920:flags=bicubic,setsar=1"

KINDS: dict[str, tuple[str, str, str]] = {
    "interview": ("C0007.MP4", _UPRIGHT, "a person who walks and speaks, a street behind"),
    "cards": (
        "",
        "color=0x0B2545:s=1080x1920:r=30,drawgrid=w=180:h=120:t=6:c=white@0.9,"
        "drawbox=x=100:y=400:w=500:h=240:c=0x1456B8:t=fill,drawbox=x=120:y=900:w=700:h=40:c=0xF2A900:t=fill,"
        "scroll=horizontal=0.004:vertical=0.001",
        "flat grounds and hard edges that slide, as cards and plates do",
    ),
    "night": (
        "C0007.MP4",
        f"{_UPRIGHT},eq=brightness=-0.28:contrast=0.8,noise=alls=9:allf=t",
        "the same street in the dark, with the noise of a small sensor",
    ),
    "crowd": (
        "",
        "cellauto=s=540x960:r=30:rule=110:random_seed=7,scale=1080:1920:flags=bicubic,format=yuv420p,"
        "rotate=0.03*sin(2*PI*t/3),gblur=1.2,setsar=1",
        "fine detail that moves everywhere at once, as confetti and crowds do",
    ),
}
"""Footage of the samples (empty: none), the filters that make it upright, what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    kind: str
    preset: str
    crf: int
    cpu_s: float
    kbps: float
    vmaf: float
    vmaf_lowest: float


def _frames(work: Path, kind: str, seconds: int) -> Path:
    """The kind's lossless frames in the product's pixel format and colours."""
    target = work / f"{kind}-{seconds}.mkv"
    if target.exists():
        return target
    footage, filters, _ = KINDS[kind]
    tags = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    if footage:
        (clip,) = make_footage(work / "footage", only=[footage])
        source = [
            "-ss",
            "1",
            "-i",
            footage_argument(clip),
            "-vf",
            f"fps={_RATE},{filters},format=yuv420p,{tags}",
        ]
    else:
        source = ["-f", "lavfi", "-i", f"{filters},format=yuv420p,{tags}"]
    making = target.with_name(f"making-{target.name}")
    run_ffmpeg(
        [
            *source,
            "-t",
            str(seconds),
            "-an",
            "-c:v",
            "libx264",
            "-qp",
            "0",
            "-preset",
            "ultrafast",
            making.name,
        ],
        doing=f"making {kind}",
        cwd=work,
    )
    making.replace(target)
    return target


def _measure(work: Path, kind: str, seconds: int, spec: PictureSpec, runs: int) -> _Point:
    frames, out = _frames(work, kind, seconds), work / "encoded.mp4"
    options = [part for key, value in video_options(spec).items() for part in (f"-{key}", str(value))]
    ffmpeg = str(find_ffmpeg().path)
    quiet = ("-nostdin", "-loglevel", "error", "-y")
    costs = [measured([ffmpeg, *quiet, "-i", frames, *options, out]) for _ in range(runs)]
    # What decoding the lossless frames costs is the same for all, and taken out.
    bare = measured([ffmpeg, *quiet, "-i", frames, "-f", "null", "-"])
    run_ffmpeg(
        [
            *("-i", out.name, "-i", frames.name),
            # By their numbers: two containers round the times of the same frames differently.
            *("-lavfi", f"[0:v]{_NUMBERED}[a];[1:v]{_NUMBERED}[b];[a][b]{_VMAF}", "-f", "null", "-"),
        ],
        doing="measuring VMAF",
        cwd=work,
    )
    read = json.loads((work / "vmaf.json").read_text(encoding="utf-8"))
    scores = sorted(frame["metrics"]["vmaf"] for frame in read["frames"])
    return _Point(
        kind=kind,
        preset=spec.preset,
        crf=spec.crf,
        cpu_s=median(cost.cpu_s for cost in costs) - bare.cpu_s,
        kbps=out.stat().st_size * 8 / seconds / 1000,
        vmaf=mean(scores),
        vmaf_lowest=scores[len(scores) // 100],
    )


def _rows(points: Sequence[_Point]) -> Iterator[str]:
    yield "| Content | Preset | CRF | CPU s, ÷ medium | Mbit/s | VMAF | lowest 1 % |"
    yield "|---|---|---|---|---|---|---|"
    for kind in KINDS:
        of_kind = [point for point in points if point.kind == kind]
        for crf in sorted({point.crf for point in of_kind}):
            at_crf = [point for point in of_kind if point.crf == crf]
            medium = next((point.cpu_s for point in at_crf if point.preset == "medium"), at_crf[-1].cpu_s)
            for point in at_crf:
                yield (
                    f"| {kind} | {point.preset} | {crf} | {point.cpu_s / medium:.2f} | {point.kbps / 1000:.2f} |"
                    f" {point.vmaf:.1f} | {point.vmaf_lowest:.1f} |"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument(
        "--quick", action="store_true", help="two presets, one CRF, two seconds; writes no page"
    )
    parser.add_argument("--page", type=Path)
    parser.add_argument("--work", type=Path, default=_HERE.parent / "build" / "bench")
    given = parser.parse_args()
    presets, crfs, seconds = _PRESETS, _CRFS, given.seconds
    if given.quick:
        presets, crfs, seconds = ("veryfast", "medium"), (20,), 2
    work: Path = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    before = load_now()
    points = []
    for kind in KINDS:
        for crf in crfs:
            for preset in presets:
                spec = replace(PictureSpec(rate=_RATE), preset=preset, crf=crf)
                points.append(_measure(work, kind, seconds, spec, given.runs))
                print(points[-1], file=sys.stderr, flush=True)
    kinds = [f"- **{kind}**: {what}" for kind, (_, _, what) in KINDS.items()]
    table = "\n".join([*machine((before, load_now()), ("reels",)), "", *kinds, "", *_rows(points)])
    print(table)
    page = given.page or (None if given.quick else _HERE.parent / "docs/decisions/0009-encoder-settings.md")
    if page is not None:
        write_between(page, _BEGIN, _END, table)


if __name__ == "__main__":
    main()
