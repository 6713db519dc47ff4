"""Finding source files, and the identity of their content."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reels.errors import FootageDamaged, FootageMissing, FootageRefused
from reels.file_kinds import is_picture
from reels.footage import content_identity, existing_file, existing_folder, find_footage, path_on_disk

MIB = 1 << 20


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"picture" * 1000)
    return path


def test_the_same_content_has_the_same_identity_under_any_name_place_and_time(
    clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "다른 폴더").mkdir()
    copy = tmp_path / "다른 폴더" / "복사본.MOV"
    copy.write_bytes(clip.read_bytes())
    os.utime(copy, (1, 1))
    assert find_footage(copy).identity == find_footage(clip).identity


def test_an_identity_is_the_same_on_every_machine(tmp_path: Path) -> None:
    """Results that are stored under it must be found again by another version and another computer."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 16)
    assert content_identity(path) == "e72c5732a96780acf2e1af026393af1e0e8969a17ec2a5df8766cdcf7d373601"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data(), content=st.binary(min_size=1, max_size=300))
def test_any_change_of_a_small_file_changes_its_identity(
    tmp_path: Path, data: st.DataObject, content: bytes
) -> None:
    path = tmp_path / "small.mp4"
    path.write_bytes(content)
    before = content_identity(path)
    place = data.draw(st.integers(0, len(content) - 1))
    path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    assert content_identity(path) != before


@pytest.mark.parametrize("place", [0, MIB - 1, MIB, 100 * MIB - 65_536, 199 * MIB, 200 * MIB - 1])
def test_a_change_at_the_ends_or_in_a_sampled_block_of_a_large_file_is_seen(
    tmp_path: Path, place: int
) -> None:
    """A sparse file of 200 MiB; block 7 of 16 starts just before its middle."""
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(200 * MIB)
    before = content_identity(path)
    with path.open("r+b") as file:
        file.seek(sampled(place, 200 * MIB))
        file.write(b"\x01")
    assert content_identity(path) != before


def sampled(place: int, size: int) -> int:
    """The place itself at the ends, else the start of the sampled block nearest to it."""
    if place <= MIB or place >= size - MIB:
        return place
    room = size - 2 * MIB - 65_536
    return min((MIB + room * n // 15 for n in range(16)), key=lambda start: abs(start - place))


def test_one_byte_more_is_another_content(tmp_path: Path) -> None:
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(20 * MIB)
    before = content_identity(path)
    with path.open("r+b") as file:
        file.truncate(20 * MIB + 1)
    assert content_identity(path) != before


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.mp4", tmp_path / "no folder" / "a.mp4"):
        with pytest.raises(FootageMissing):
            find_footage(path)


def test_a_file_taken_for_a_folder_is_missing(clip: Path) -> None:
    with pytest.raises(FootageMissing):
        find_footage(clip / "inside.mp4")


def test_a_link_that_leads_nowhere_is_missing(tmp_path: Path) -> None:
    (tmp_path / "link.mp4").symlink_to(tmp_path / "gone.mp4")
    with pytest.raises(FootageMissing):
        find_footage(tmp_path / "link.mp4")


def test_what_is_no_regular_file_with_content_is_refused_by_kind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        kinds = {"folder": "a folder", "empty": "an empty file", "pipe": "a named pipe", "socket": "a socket"}
        for name, kind in kinds.items():
            with pytest.raises(FootageRefused, match=kind):
                find_footage(tmp_path / name)
    with pytest.raises(FootageRefused, match="a device"):
        find_footage(Path("/dev/zero"))


def test_a_file_that_may_not_be_read_is_refused_with_the_reason(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # root may read everything
    with pytest.raises(FootageRefused, match="Permission denied"):
        find_footage(clip)


def test_a_drive_that_fails_while_reading_means_damage(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(FootageDamaged, match="Input/output error"):
        content_identity(clip)


def test_a_name_or_path_that_is_too_long_or_impossible_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / ("a" * 300), tmp_path / "nul\0.mp4"):
        with pytest.raises((FootageRefused, FootageMissing)) as caught:
            find_footage(path)
        assert "\0" not in str(caught.value)


@pytest.mark.parametrize(("on_disk", "typed"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_hangul_typed_composed_finds_the_name_that_a_mac_decomposed(
    tmp_path: Path, on_disk: str, typed: str
) -> None:
    def form(kind: str, text: str) -> str:
        return unicodedata.normalize(kind, text)  # type: ignore[arg-type]

    folder = tmp_path / form(on_disk, "촬영 원본")
    folder.mkdir()
    written = folder / form(on_disk, "김하늘 인터뷰.mov")
    written.write_bytes(b"content")
    found = find_footage(tmp_path / form(typed, "촬영 원본") / form(typed, "김하늘 인터뷰.mov"))
    assert found.path.read_bytes() == b"content"
    assert found.path.samefile(written)


def test_the_path_is_absolute_wherever_one_stands(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clip.parent)
    assert find_footage(Path("clip.mp4")).path == clip


# --- as people name files --------------------------------------------------------------------------------


def test_a_file_is_found_at_home_beside_something_and_however_it_is_spelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / unicodedata.normalize("NFD", "한빛시")
    folder.mkdir()
    (folder / "logo.png").write_bytes(b"x")
    for written, beside in (
        ("~/한빛시/logo.png", Path("/")),
        ("한빛시/logo.png", tmp_path),
        (tmp_path / "한빛시" / "logo.png", Path()),
    ):
        found = existing_file(written, beside=beside)
        assert found is not None
        assert found.samefile(folder / "logo.png")
        assert existing_folder(written, beside=beside) is None
    assert existing_file("한빛시", beside=tmp_path) is None
    assert existing_folder("한빛시", beside=tmp_path) == folder
    monkeypatch.chdir(folder)
    assert existing_file("logo.png") == folder / "logo.png"


@pytest.mark.parametrize(
    "written", ["a" * 256, "가" * 86, "nul\0.png", "~nobody-of-that-name/x.png", "", "no"]
)
def test_a_name_that_no_disk_can_hold_or_that_nobody_has_is_no_file_and_stays_as_it_was_written(
    tmp_path: Path, written: str
) -> None:
    assert existing_file(written, beside=tmp_path) is None
    assert written == "" or existing_folder(written, beside=tmp_path) is None
    assert path_on_disk(written, beside=tmp_path) == tmp_path / written
    assert not is_picture(tmp_path / written)


def test_what_may_not_be_looked_at_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(Path, "stat", denied)  # root may look at everything
    assert existing_file("logo.png", beside=tmp_path) is None
    assert existing_folder(tmp_path) is None
    assert not is_picture(tmp_path / "logo.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_is_called_a_picture_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert not is_picture(tmp_path / "pipe.png")
    assert existing_file("pipe.png", beside=tmp_path) is None
