"""The box reader on boxes written by hand, and on anything at all."""

from __future__ import annotations

import contextlib
import io
import struct
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels import boxes
from reels.boxes import IDENTITY_MATRIX, BoxesUnreadable, Edit, read_boxes, read_movie

QUARTER_TURN = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)


def box(kind: str, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return struct.pack(">I", 8 + len(body)) + kind.encode("latin-1") + body


def mvhd(timescale: int = 1000) -> bytes:
    return box("mvhd", struct.pack(">B3xIIII", 0, 0, 0, timescale, 0), bytes(80))


def tkhd(matrix: tuple[int, ...] = IDENTITY_MATRIX, *, version: int = 0) -> bytes:
    return box("tkhd", bytes([version]), bytes(51 if version else 39), struct.pack(">9i", *matrix), bytes(8))


def hdlr(kind: bytes) -> bytes:
    return box("hdlr", bytes(8), kind, bytes(12))


def elst(*entries: tuple[int, int], version: int = 0) -> bytes:
    layout = ">Qqhh" if version else ">Iihh"
    return box(
        "elst",
        struct.pack(">B3xI", version, len(entries)),
        *(struct.pack(layout, d, t, 1, 0) for d, t in entries),
    )


FTYP = box("ftyp", b"isom", bytes(4), b"isommp42")
TRAK = box("trak", tkhd(), box("mdia", hdlr(b"vide")))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "한빛시.mp4"


def test_the_index_is_first_only_if_it_stands_before_the_media(written: Path) -> None:
    moov, mdat = box("moov", mvhd(), TRAK), box("mdat", bytes(20))
    written.write_bytes(FTYP + moov + box("free") + mdat)
    assert read_movie(written).top_level == ("ftyp", "moov", "free", "mdat")
    assert read_movie(written).moov_first
    written.write_bytes(FTYP + box("free") + mdat + moov)
    assert not read_movie(written).moov_first


@pytest.mark.parametrize("version", [0, 1])
def test_edit_lists_are_found_with_their_entries_in_both_versions(written: Path, version: int) -> None:
    listed = box(
        "trak",
        tkhd(),
        box("edts", elst((500, -1), (2000, 1024), version=version)),
        box("mdia", hdlr(b"soun")),
    )
    written.write_bytes(FTYP + box("moov", mvhd(timescale=1000), TRAK, listed))
    plain, edited = read_movie(written).tracks
    assert (plain.handler, plain.has_edit_list, plain.edits) == ("vide", False, ())
    assert (edited.handler, edited.has_edit_list) == ("soun", True)
    assert edited.edits == (
        Edit(duration=Fraction(1, 2), media_time=-1, media_rate=Fraction(1)),
        Edit(duration=Fraction(2), media_time=1024, media_rate=Fraction(1)),
    )


def test_an_edit_list_without_entries_is_still_an_edit_list(written: Path) -> None:
    written.write_bytes(FTYP + box("moov", mvhd(), box("trak", tkhd(), box("edts", elst()))))
    assert read_movie(written).tracks[0].has_edit_list


@pytest.mark.parametrize("version", [0, 1])
def test_the_matrix_of_a_turned_track_is_read_in_both_versions(written: Path, version: int) -> None:
    written.write_bytes(FTYP + box("moov", mvhd(), box("trak", tkhd(QUARTER_TURN, version=version))))
    assert read_movie(written).tracks[0].matrix == QUARTER_TURN


@pytest.mark.parametrize(
    ("head", "quicktime"), [(box("ftyp", b"qt  ", bytes(4)), True), (box("wide"), True), (FTYP, False)]
)
def test_the_brand_tells_mov_from_mp4(written: Path, head: bytes, quicktime: bool) -> None:
    written.write_bytes(head + box("moov", mvhd(), TRAK))
    assert read_movie(written).is_quicktime is quicktime


def test_a_64_bit_size_is_read(written: Path) -> None:
    long_mdat = struct.pack(">I4sQ", 1, b"mdat", 16 + 5) + bytes(5)
    written.write_bytes(FTYP + long_mdat + box("moov", mvhd(), TRAK))
    assert [(b.kind, b.size, b.header_size) for b in read_boxes(written)][1:2] == [("mdat", 21, 16)]
    assert read_movie(written).top_level == ("ftyp", "mdat", "moov")


def test_a_size_of_zero_means_to_the_end_of_the_file(written: Path) -> None:
    written.write_bytes(FTYP + box("moov", mvhd(), TRAK) + struct.pack(">I4s", 0, b"mdat") + bytes(99))
    last = read_boxes(written)[-1]
    assert (last.kind, last.size, last.complete) == ("mdat", 107, True)


def test_media_that_breaks_off_is_told(written: Path) -> None:
    whole = FTYP + box("moov", mvhd(), TRAK) + box("mdat", bytes(100))
    written.write_bytes(whole)
    assert read_movie(written).complete
    written.write_bytes(whole[:-1])
    assert not read_movie(written).complete


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"", "no box fits"),
        (b"short", "no box fits"),
        (b"#EXTM3U\nsegment.ts\n", "opens with"),
        (FTYP, "no index"),
        (FTYP + box("moov", mvhd(), TRAK)[:-1], "breaks off within its index"),
        (FTYP + box("moov", TRAK), "no movie header"),
        (FTYP + box("moov", mvhd(timescale=0)), "timescale 0"),
        (FTYP + struct.pack(">I4s", 4, b"moov"), "4 bytes long"),
        (FTYP + struct.pack(">I4sQ", 1, b"moov", 3), "3 bytes long"),
        (FTYP + struct.pack(">I4s", 1, b"moov"), "within its size"),
        (FTYP + box("moov", struct.pack(">I4s", 0xFFFFFFF0, b"trak")), "its parent has"),
        (
            FTYP + box("moov", mvhd(), box("trak", box("edts", box("elst", struct.pack(">B3xI", 0, 9))))),
            "too short",
        ),
        (
            FTYP
            + box("moov", mvhd(), box("trak", box("edts", box("elst", struct.pack(">B3xI", 0, 1 << 31))))),
            "entries",
        ),
        (FTYP + box("free") * 66_000, "more than 65536"),
    ],
)
def test_a_lying_file_is_one_clear_error(written: Path, bad: bytes, said: str) -> None:
    written.write_bytes(bad)
    with pytest.raises(BoxesUnreadable, match=said):
        read_movie(written)


def test_boxes_nested_without_end_are_an_error_and_no_recursion(written: Path) -> None:
    nest = b""
    for _ in range(2000):
        nest = box("trak", nest)
    written.write_bytes(FTYP + box("moov", mvhd(), nest))
    with pytest.raises(BoxesUnreadable, match="deep"):
        read_movie(written)


def test_a_missing_file_and_a_folder_are_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(BoxesUnreadable, match="cannot be read"):
        read_movie(tmp_path / "none.mp4")
    with pytest.raises(BoxesUnreadable, match="cannot be read"):
        read_boxes(tmp_path)


class CountingFile(io.BytesIO):
    """A file that counts what is read from it."""

    reads = 0
    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        got = super().read(size)
        self.reads += 1
        self.bytes_read += len(got)
        return got


def judge(content: bytes) -> CountingFile:
    """Read `content` as `read_movie` does, letting only the documented error pass."""
    file = CountingFile(content)
    with contextlib.suppress(BoxesUnreadable):
        boxes._movie(file, boxes._read_boxes(file))
    return file


FOURCC = st.sampled_from(
    ["ftyp", "moov", "trak", "edts", "elst", "mdia", "hdlr", "tkhd", "mvhd", "mdat", "free", "stbl"]
)
TREES = st.recursive(
    st.builds(box, FOURCC, st.binary(max_size=60)),
    lambda inner: st.builds(box, FOURCC, st.lists(inner, max_size=4).map(b"".join)),
    max_leaves=12,
)


@given(st.binary(max_size=400))
def test_random_bytes_raise_only_the_documented_error_and_cost_few_reads(content: bytes) -> None:
    assert judge(content).reads <= 2 * len(content) // 8 + 2


@given(st.lists(TREES, max_size=4).map(lambda parts: FTYP + b"".join(parts)), st.data())
def test_damaged_boxes_raise_only_the_documented_error(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    judge(bytes(damaged[:cut]))


def test_the_media_itself_is_never_read() -> None:
    file = judge(FTYP + box("moov", mvhd(), TRAK) + box("mdat", bytes(3_000_000)))
    assert file.bytes_read < 500
