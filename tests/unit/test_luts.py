"""Looks: `.cube` files in every state that shops, programs and attackers leave them in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels import luts
from reels.errors import CampaignProblems
from reels.luts import Lut, cube_dimensions, read_cube

IDENTITY = "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "여름.cube"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(CampaignProblems) as caught:
        read_cube(written(folder, text))
    assert "Rec. 709" in caught.value.sentence("ko")
    return caught.value.sentence("en")


@pytest.mark.parametrize(
    "text",
    [
        f"LUT_3D_SIZE 2\n{IDENTITY}",
        f'\ufeff# made by hand\r\nTITLE "한빛시 여름"\r\n\r\nLUT_3D_SIZE 2\r\n{IDENTITY}'.replace(
            "\n", "\r\n"
        ),
        f"TITLE x\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1.0 1 1\nLUT_3D_SIZE\t2\n# data\n{IDENTITY}\n\n",
        f"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.0 1.0\n{IDENTITY}".replace("0 0 0", " 0.0\t-0.0  0e-1 "),
        f"LUT_3D_SIZE 2\r{IDENTITY}".replace("\n", "\r"),
    ],
    ids=["plain", "bom, title, crlf", "domain", "resolve's range", "old mac"],
)
def test_tables_are_read_however_they_are_written(tmp_path: Path, text: str) -> None:
    cube = read_cube(written(tmp_path, text))
    assert (cube.dimensions, cube.side, len(cube.rows)) == (3, 2, 8)
    lines = cube.text.splitlines()
    assert lines[0] == "LUT_3D_SIZE 2"
    assert [[float(n) for n in line.split()] for line in lines[1:]] == [
        [float(n) for n in line.split()] for line in IDENTITY.splitlines()
    ]


def test_a_table_of_one_dimension_is_known_as_such(tmp_path: Path) -> None:
    path = written(tmp_path, "LUT_1D_SIZE 3\n0 0 0\n.4 .5 .6\n1 1 1\n")
    assert cube_dimensions(path) == 1
    assert read_cube(path).text == "LUT_1D_SIZE 3\n0 0 0\n.4 .5 .6\n1 1 1\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "여름.cube: found no table"),
        (b"\x00\x01\x02\xff" * 99, "여름.cube:1: found"),
        ("LUT_3D_SIZE 2\n0 0 0\n", "여름.cube:3: found 1 rows, expected 8 rows"),
        (f"LUT_3D_SIZE 2\n{IDENTITY}1 1 1\n", "여름.cube:10: found a row too many, expected 8 rows"),
        (
            f"LUT_3D_SIZE 2\n{IDENTITY}".replace("1 0 1", "1 0,5 1"),
            "여름.cube:7: found 1 0,5 1, expected three",
        ),
        (f"LUT_3D_SIZE 2\n{IDENTITY}".replace("1 0 1", "1 nan 1"), "여름.cube:7: found 1 nan 1"),
        (f"LUT_3D_SIZE 2\n{IDENTITY}".replace("1 0 1", "1 0"), "여름.cube:7: found 1 0, expected three"),
        (f"LUT_3D_SIZE 2\n{IDENTITY}".replace("1 0 1", "1 1e9 1"), "여름.cube:7: found 1 1e9 1"),
        (f"LUT_3D_SIZE 2\n{IDENTITY}".replace("1 0 1", "1 0 ١"), "여름.cube:7: found"),
        ("LUT_3D_SIZE 999999999\n", "여름.cube:1: found a table of 999999999, expected 2 to 65"),
        ("LUT_3D_SIZE 1\n0 0 0\n", "여름.cube:1: found a table of 1, expected 2 to 65"),
        ("LUT_1D_SIZE 65537\n", "여름.cube:1: found a table of 65537, expected 2 to 65536"),
        (f"LUT_3D_SIZE 2\nLUT_1D_SIZE 2\n{IDENTITY}", "여름.cube:2: found a second table"),
        (
            f"DOMAIN_MAX 4 4 4\nLUT_3D_SIZE 2\n{IDENTITY}",
            "여름.cube:1: found DOMAIN_MAX 4 4 4, expected a look",
        ),
        (IDENTITY, "여름.cube:1: found numbers before the size"),
        ("<svg onload=alert(1)>", "여름.cube:1: found <svg onload=alert(1)>"),
        ("SIZE " + "9" * 500, "…"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    sentence = refusal(tmp_path, text)
    assert said in sentence
    assert len(sentence) < 300


def test_a_huge_file_is_refused_without_being_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(luts, "_LARGEST_BYTES", 1024 * 1024)
    path = written(tmp_path, b"")
    with path.open("r+b") as file:
        file.truncate(10**11)
    with pytest.raises(CampaignProblems, match="more than 1 MB"):
        cube_dimensions(path)


def test_a_folder_or_nothing_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblems, match="expected a file that can be read"):
        cube_dimensions(tmp_path / "none.cube")
    with pytest.raises(CampaignProblems, match="expected a file that can be read"):
        cube_dimensions(tmp_path)


def test_a_changed_file_is_judged_again(tmp_path: Path) -> None:
    path = written(tmp_path, f"LUT_3D_SIZE 2\n{IDENTITY}")
    assert cube_dimensions(path) == 3
    path.write_text("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n# longer\n")
    assert cube_dimensions(path) == 1


def test_two_looks_of_one_name_are_told_apart() -> None:
    one, other = Lut(path=Path("/a/look.cube")), Lut(path=Path("/b/look.cube"))
    assert one.neutral_name != other.neutral_name
    assert one.neutral_name == Lut(path=Path("/a/look.cube")).neutral_name


@given(st.text(alphabet="LUT_3D_SIZE 2\n0.5-e#,;[]'\"\\", max_size=200))
def test_what_reaches_ffmpeg_holds_nothing_but_numbers(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("cubes") / "x.cube"
    path.write_text(f"LUT_1D_SIZE 2\n{text}", encoding="utf-8")
    try:
        cube = read_cube(path)
    except CampaignProblems:
        return
    assert not set(cube.text.removeprefix("LUT_1D_SIZE")) - set("0123456789.eE+- \t\n")
