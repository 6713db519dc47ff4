"""Files that are not footage, or want to be more: each is one sentence, exit 4, and nothing is followed.

A refusal alone proves little, so each trap is first shown to work: ffmpeg without our options walks into it.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PIL import Image

from reels.errors import (
    ChildFailed,
    FootageDamaged,
    FootageError,
    FootageMissing,
    FootageRefused,
    NoVideoStream,
)
from reels.footage import find_footage
from reels.geometry import Raster
from reels.probe import glance, probe
from reels.sound.listen import decode_audio
from reels.tools.ffmpeg import FOOTAGE_DEMUXERS, SAFE_INPUT, footage_argument, run_ffmpeg
from tests.media.conftest import HOSTILE_NAMES, Clip, Maker, picture, tone

TO_NOWHERE = ("-t", "1", "-f", "null", "-")


@pytest.fixture(scope="session")
def bait(make_clip: Maker) -> Clip:
    """Recipe: testsrc2 at 25 for 1 s as MPEG-2 in MPEG-TS. Truth: 25 frames, what a playlist can point at."""
    return make_clip("bait.ts", [*picture(), "-c:v", "mpeg2video"], coded=Raster(320, 180), frames=25)


def refused(path: Path) -> FootageError:
    """The error of `path`, on which `glance` and `probe` agree: one line that names the file."""
    with pytest.raises(FootageError) as by_glance:
        glance(path)
    with pytest.raises(FootageError) as by_probe:
        probe(path)
    assert str(by_glance.value) == str(by_probe.value)
    sentence = str(by_probe.value)
    assert "\n" not in sentence
    assert sentence.startswith(str(path))
    assert by_probe.value.sentence("ko") != sentence
    assert by_probe.value.exit_code == 4
    return by_probe.value


def opens_by_whitelist(path: Path) -> bool:
    """Whether libav opens `path` under our whitelist, without the look at its first bytes."""
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(FOOTAGE_DEMUXERS)}
    try:
        with av.open(footage_argument(path), options=options):
            return True
    except av.FFmpegError:
        return False


# --- traps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["trap.mp4", "trap.mov", "trap.ts"])
def test_a_concat_script_under_a_videos_name_is_not_followed(bait: Clip, tmp_path: Path, name: str) -> None:
    trap = tmp_path / name
    trap.write_text(f"ffconcat version 1.0\nfile '{bait.path}'\n")
    run_ffmpeg(["-safe", "0", "-i", str(trap), *TO_NOWHERE], doing="walking into the trap")
    with pytest.raises(ChildFailed):
        run_ffmpeg([*SAFE_INPUT, "-i", footage_argument(trap), *TO_NOWHERE], doing="opening")
    assert not opens_by_whitelist(trap)
    error = refused(trap)
    assert isinstance(error, FootageRefused)
    assert "concat script" in error.found


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on loopback that answers nobody; `accept` tells whether anybody called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        yield server


def called(server: socket.socket) -> bool:
    try:
        connection, _ = server.accept()
    except TimeoutError:
        return False
    connection.close()
    return True


@pytest.mark.parametrize("name", ["trap.mp4", "trap.mov", "trap.m3u8"])
def test_a_playlist_under_a_videos_name_reaches_neither_a_file_nor_the_network(
    listener: socket.socket, bait: Clip, tmp_path: Path, name: str
) -> None:
    trap = tmp_path / name
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/a.ts"
    lines = ("#EXTM3U", "#EXT-X-TARGETDURATION:2", "#EXTINF:1,", address, "#EXTINF:1,", str(bait.path))
    trap.write_text("\n".join((*lines, "#EXT-X-ENDLIST", "")))
    if name == "trap.m3u8":
        with contextlib.suppress(ChildFailed):
            reaching_out = ["-protocol_whitelist", "file,tcp,http", "-rw_timeout", "300000"]
            run_ffmpeg([*reaching_out, "-i", str(trap), *TO_NOWHERE], doing="walking in", timeout_s=5)
        assert called(listener)
        while called(listener):
            pass
    with pytest.raises(ChildFailed):
        run_ffmpeg([*SAFE_INPUT, "-i", footage_argument(trap), *TO_NOWHERE], doing="opening")
    assert not opens_by_whitelist(trap)
    assert "playlist" in str(refused(trap))
    assert not called(listener)


def test_a_session_description_under_a_videos_name_is_refused(tmp_path: Path) -> None:
    trap = tmp_path / "trap.mp4"
    trap.write_text(
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
    )
    assert not opens_by_whitelist(trap)
    assert "session description" in str(refused(trap))


def test_a_quicktime_file_whose_track_lies_in_another_file_does_not_lead_there(
    make_clip: Maker, tmp_path: Path
) -> None:
    """QuickTime can keep its pictures in another file, named by its whole path: a way to read anything."""
    recipe = [*picture(), "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]
    plain = make_clip("plain.mov", recipe, coded=Raster(320, 180), frames=25)
    elsewhere = tmp_path / "elsewhere.mov"
    elsewhere.write_bytes(plain.path.read_bytes())
    trap = tmp_path / "trap.mov"
    trap.write_bytes(pointing_at(elsewhere, plain.path.read_bytes()))

    careless = ["-enable_drefs", "1", "-use_absolute_path", "1", "-i", str(trap), *TO_NOWHERE]
    assert "frame=   25" in run_ffmpeg(careless, doing="walking into the trap")
    elsewhere.unlink()
    os.mkfifo(elsewhere)  # whoever opens it now waits for ever
    with pytest.raises(ChildFailed) as caught:
        run_ffmpeg(
            [*SAFE_INPUT, "-xerror", "-i", footage_argument(trap), *TO_NOWHERE], doing="opening", timeout_s=20
        )
    assert "stopped after" not in str(caught.value)
    assert isinstance(refused(trap), FootageDamaged)


def pointing_at(target: Path, quicktime: bytes) -> bytes:
    """`quicktime` with the data reference of its track made an alias of `target`, and its own pictures gone.

    Source: QuickTime File Format, "Data Reference Atoms", and the alias record that libavformat/mov.c reads.
    """
    name = target.name.encode()
    path = str(target).encode()
    volume = b"disk"
    alias = bytes(10) + bytes([len(volume)]) + volume.ljust(27, b"\0") + bytes(12)
    alias += bytes([len(name)]) + name.ljust(63, b"\0") + bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    unix_path = path + b"\0" * (len(path) % 2)
    alias += struct.pack(">HH", 18, len(path)) + unix_path
    # Type 2 is the old path with colons, volume first; libavformat turns it into slashes.
    old_path = volume + str(target).replace("/", ":").encode()
    alias += struct.pack(">HH", 2, len(old_path)) + old_path + b"\0" * (len(old_path) % 2)
    alias += struct.pack(">hH", -1, 0) + bytes(200)
    reference = box(b"alis", bytes(4) + alias)
    moov = quicktime.index(b"moov") - 4
    (size,) = struct.unpack(">I", quicktime[moov : moov + 4])
    changed = with_reference(quicktime[moov : moov + size], reference)
    start = quicktime.index(b"mdat") + 4
    return quicktime[:start] + bytes(moov - start) + changed + quicktime[moov + size :]


def box(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(held), kind) + held


def with_reference(atom: bytes, reference: bytes) -> bytes:
    """`atom` with the media handler's data reference replaced, every size on the way corrected."""
    kind, held = atom[4:8], atom[8:]
    if kind == b"dref":
        return box(kind, bytes(4) + struct.pack(">I", 1) + reference)
    if kind not in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        return atom
    inner = b""
    while held:
        (size,) = struct.unpack(">I", held[:4])
        inner += with_reference(held[:size], reference)
        held = held[size:]
    return box(kind, inner)


# --- what is not footage ---------------------------------------------------------------------------------


def test_a_name_without_a_file_is_missing(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "없는 파일.mp4"), FootageMissing)


def test_a_forged_name_stays_within_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4\nreels: all is well\x1b[2J"
    with pytest.raises(FootageMissing) as caught:
        probe(path)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("held", "named"),
    [
        (b"", "empty file (0 bytes)"),
        (bytes(50_000), "nothing but zero bytes"),
        ("한빛시 축제에 놀러 오세요.\n".encode() * 400, "text"),
        ("한빛시 축제에 놀러 오세요.\n".encode("cp949") * 400, "text"),
        (b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'/>", "text"),
        (random.Random(7).randbytes(200_000), "bytes of no video format"),
        (b"PK\x03\x04" + random.Random(8).randbytes(5000), "ZIP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(5000), "still picture (HEIC"),
    ],
    ids=["empty", "zeros", "utf-8 text", "cp949 text", "xml", "random", "zip", "heic"],
)
def test_what_is_no_media_is_named(tmp_path: Path, held: bytes, named: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(held)
    error = refused(path)
    assert isinstance(error, FootageRefused)
    assert named in error.found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
def test_a_picture_under_a_videos_name_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "still.mp4"
    Image.effect_noise((64, 48), 40).save(path, format=kind)
    assert not opens_by_whitelist(path)
    assert "picture" in str(refused(path))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "clip.mp4"
    folder.mkdir()
    assert "a folder" in str(refused(folder))


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "clip.mp4"
    os.mkfifo(pipe)
    assert "a named pipe" in str(refused(pipe))


def test_sound_alone_is_no_footage_even_with_a_cover(make_clip: Maker, tmp_path: Path) -> None:
    sound = tmp_path / "sound.m4a"
    run_ffmpeg([*tone(), "-c:a", "aac", str(sound)], doing="making sound")
    error = refused(sound)
    assert isinstance(error, NoVideoStream)
    assert "sound only (aac)" in error.found

    cover = tmp_path / "cover.jpg"
    Image.new("RGB", (64, 64), "red").save(cover)
    covered = tmp_path / "covered.m4a"
    both = ["-i", str(sound), "-i", str(cover), "-map", "0:a", "-map", "1", "-c", "copy"]
    run_ffmpeg([*both, "-disposition:v", "attached_pic", str(covered)], doing="adding a cover")
    error = refused(covered)
    assert isinstance(error, NoVideoStream)
    assert "attached picture" in error.found


def test_a_recording_without_its_index_is_damaged(landscape_clip: Clip, tmp_path: Path) -> None:
    whole = landscape_clip.path.read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[: whole.index(b"moov") - 4])
    error = refused(broken)
    assert isinstance(error, FootageDamaged)
    assert "moov" in error.found


def test_a_file_whose_pictures_are_overwritten_is_damaged(landscape_clip: Clip, tmp_path: Path) -> None:
    whole = landscape_clip.path.read_bytes()
    start, end = whole.index(b"mdat") + 4, whole.index(b"moov") - 4
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[:start] + bytes(end - start) + whole[end:])
    assert isinstance(refused(broken), FootageDamaged)


# --- names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE_NAMES.values(), ids=HOSTILE_NAMES.keys())
def test_a_name_is_only_a_name(
    landscape_clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Given relative, as a person in that folder types it, so that a leading dash leads."""
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    os.link(landscape_clip.path, path)
    found = find_footage(path)
    assert found.identity == find_footage(landscape_clip.path).identity
    assert probe(path) == probe(landscape_clip.path)
    decode = [*SAFE_INPUT, "-i", footage_argument(path), "-f", "null", "-"]
    assert "frame=   25" in run_ffmpeg(decode, doing="decoding")
    assert len(decode_audio(path)) == 16_000
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
