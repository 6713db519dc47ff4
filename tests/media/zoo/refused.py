"""Files that are no footage, or no longer: each with a part of the sentence that refuses it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from reels.tools.ffmpeg import run_ffmpeg

__all__ = ["REFUSED", "make_refused"]

REFUSED: Mapping[str, str] = {
    "photo.png": "a still picture (PNG)",
    "photo.jpg": "a still picture (JPEG)",
    "photo named as film.mov": "a still picture (JPEG)",
    "scan.bmp": "a still picture (BMP)",
    "voice.m4a": "sound only (aac)",
    "voice.mp3": "sound only (MP3)",
    "voice.wav": "sound only (pcm_s16le)",
    "voice.aac": "sound only (AAC)",
    "song with a cover.m4a": "sound only (aac) and an attached picture",
    "voice in a film's name.mov": "sound only (aac)",
    "text.mov": "text",
    "zeros.mp4": "nothing but zero bytes",
    "empty.mp4": "an empty file",
    "noise.mkv": "bytes of no video format",
    "recording broken off.mp4": "the moov box, is missing",
    "only the index.mp4": "no picture can be decoded",
    "only the head.mkv": "damaged",
    "only the head.ts": "damaged",
    "only the head.avi": "damaged",
}
"""Names, and what the English sentence says was found."""

_PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.4")
_SOUND = ("-f", "lavfi", "-i", "sine=f=440:d=0.4:r=48000")
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def make_refused(folder: Path) -> None:
    """Write every file of `REFUSED` into `folder`."""

    def made(name: str, *arguments: str) -> bytes:
        run_ffmpeg([*arguments, "-bitexact", f"file:{folder / name}"], doing=f"making {name}")
        return (folder / name).read_bytes()

    photo = Image.effect_noise((64, 48), 40).convert("RGB")
    photo.save(folder / "photo.png")
    photo.save(folder / "photo.jpg")
    photo.save(folder / "photo named as film.mov", format="JPEG")
    photo.save(folder / "scan.bmp")
    made("voice.m4a", *_SOUND)
    made("voice.mp3", *_SOUND)
    made("voice.wav", *_SOUND)
    made("voice.aac", *_SOUND)
    (folder / "voice in a film's name.mov").write_bytes((folder / "voice.m4a").read_bytes())
    cover = ("-i", f"file:{folder / 'photo.png'}", "-map", "0", "-map", "1", "-disposition:v", "attached_pic")
    made("song with a cover.m4a", *_SOUND, *cover, "-c:v", "copy")
    whole = made("recording broken off.mp4", *_PICTURE, *_H264)
    (folder / "recording broken off.mp4").write_bytes(whole[: whole.index(b"moov") - 4])
    whole = made("only the index.mp4", *_PICTURE, *_H264, "-movflags", "+faststart")
    (folder / "only the index.mp4").write_bytes(whole[: whole.index(b"mdat") + 4])
    for name, coding, kept in (("mkv", _H264, 900), ("ts", _H264, 3 * 188), ("avi", ("-c:v", "mjpeg"), 3000)):
        whole = made(f"only the head.{name}", *_PICTURE, *coding)
        (folder / f"only the head.{name}").write_bytes(whole[:kept])
    (folder / "text.mov").write_text("안녕하세요, 한빛시입니다.\n" * 50, encoding="utf-8")
    (folder / "zeros.mp4").write_bytes(bytes(20_000))
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "noise.mkv").write_bytes(random.Random(3).randbytes(20_000))
