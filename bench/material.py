"""What is measured on: sources, subtitles and a campaign, made on the spot and the same everywhere.

The source is the walking interview of the sample footage (1080p, 59.94 frames/s), looped and stored as a camera
stores 29.97. Its subtitles are what is said in it. Files that are there already are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from reels.resources import assets_dir
from reels.sample import make_footage, truth
from reels.subtitles import Cue, write_srt
from reels.tools.ffmpeg import footage_argument, run_ffmpeg

__all__ = [
    "NAME",
    "RATE",
    "ROLE",
    "TITLE",
    "brand_file",
    "corrected",
    "make_campaign",
    "make_plain_source",
    "make_source",
    "make_subtitles",
]

TITLE = "한빛시 작은 영화제"
NAME = "김하늘"
ROLE = "홍보담당관 주무관"
RATE = Fraction(30000, 1001)

_FOOTAGE = "C0007.MP4"
_TAGS = (
    *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
)


def brand_file() -> Path:
    """The made-up city's brand, with a logo."""
    return assets_dir() / "brand" / "brand.yaml"


def make_source(folder: Path, seconds: int) -> Path:
    """A landscape clip of `seconds`: a person walks and speaks, something moves everywhere in the picture."""
    target = folder / f"source-{seconds}.mp4"
    if not target.exists():
        (clip,) = make_footage(folder / "footage", only=[_FOOTAGE])
        _film(
            target,
            ["-stream_loop", "-1", "-i", footage_argument(clip)],
            # A camera's stream: about 25 Mbit/s would be usual, drawn pictures need less for the same quality.
            ["-vf", f"fps={RATE.numerator}/{RATE.denominator}", "-crf", "18", "-g", "30", "-bf", "2"],
            seconds,
        )
    return target


def make_plain_source(folder: Path, seconds: int) -> Path:
    """A landscape clip that is quick to encode: for what depends on length and not on the picture."""
    target = folder / f"plain-{seconds}.mp4"
    if not target.exists():
        _film(
            target,
            [
                *(
                    "-f",
                    "lavfi",
                    "-i",
                    f"smptehdbars=size=1920x1080:rate={RATE.numerator}/{RATE.denominator}",
                ),
                *("-f", "lavfi", "-i", "sine=frequency=300:beep_factor=4:sample_rate=48000"),
            ],
            ["-vf", "setsar=1", "-crf", "23", "-g", "60"],
            seconds,
        )
    return target


def make_subtitles(folder: Path, seconds: int) -> Path:
    """What is said in the source of `seconds`, as a finished SRT file, written anew each time."""
    (clip,) = [clip for clip in truth() if clip.name == _FOOTAGE]
    cues = [
        Cue(start=said.start + turn * clip.duration, end=said.end + turn * clip.duration, lines=(said.text,))
        for turn in range(int(seconds / clip.duration) + 1)
        for said in clip.sentences
    ]
    target = folder / f"source-{seconds}.srt"
    target.write_text(write_srt([cue for cue in cues if cue.end < seconds]), encoding="utf-8")
    return target


def corrected(subtitles: Path, *, at: Fraction) -> None:
    """Correct, in place, the cue that stands at this part of all cues: one word more, its time as it was."""
    blocks = subtitles.read_text(encoding="utf-8").strip().split("\n\n")
    number = int(at * len(blocks))
    blocks[number] = f"{blocks[number].rstrip()} 네"
    subtitles.write_text("\n\n".join(blocks), encoding="utf-8")


def make_campaign(folder: Path, *, reels: int, clips: int = 5) -> Path:
    """A campaign folder of many short reels on few clips, no two reels the same, with finished subtitles."""
    campaign = folder / f"campaign-{reels}"
    shutil.rmtree(campaign, ignore_errors=True)
    (campaign / "footage").mkdir(parents=True)
    (campaign / "subtitles").mkdir()
    for file in brand_file().parent.iterdir():
        shutil.copyfile(file, campaign / file.name)
    plain = make_plain_source(folder, 15)
    for number in range(clips):
        # Other bytes, or five names would be one clip.
        clip = campaign / "footage" / f"clip-{number}.mp4"
        run_ffmpeg(
            ["-i", footage_argument(plain), "-c", "copy", "-metadata", f"comment={number}", clip.name],
            doing=f"copying {clip.name}",
            cwd=clip.parent,
        )
        cues = [
            Cue(start=Fraction(s), end=Fraction(2 * s + 1, 2), lines=(f"{number}번 영상 {s}초입니다.",))
            for s in range(14)
        ]
        draft = campaign / "subtitles" / f"clip-{number}.ko.srt"
        draft.write_text(write_srt(cues), encoding="utf-8")
    head = [
        "campaign: 한빛시 오십 편",
        "brand: brand.yaml",
        "template: interview",
        "platforms: [instagram-reels, youtube-shorts]",
        "subtitles: {model: nano-ko, language: ko}",
        "reels:",
    ]
    (campaign / "campaign.yaml").write_text(
        "\n".join([*head, *(_reel(number, clips) for number in range(reels))]) + "\n", encoding="utf-8"
    )
    return campaign


def _reel(number: int, clips: int) -> str:
    start = number // clips
    return "\n".join(
        [
            f"  - id: reel-{number:02}",
            f"    title: 한빛시 소식 {number}",
            "    clips:",
            f"      - {{footage: footage/clip-{number % clips}.mp4, in: {start}, out: {start + 4},"
            f" people: [{{name: {NAME}, role: {ROLE}}}]}}",
            f"    caption: 한빛시 소식 {number}",
        ]
    )


def _film(target: Path, inputs: Sequence[str], picture: Sequence[str], seconds: int) -> None:
    making = target.with_name(f"making-{target.name}")
    run_ffmpeg(
        [
            *inputs,
            *("-t", str(seconds), "-c:v", "libx264", "-preset", "veryfast", "-threads:v", "2", *picture),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ac", "2", *_TAGS, making.name),
        ],
        doing=f"filming {target.name}",
        cwd=target.parent,
    )
    making.replace(target)
