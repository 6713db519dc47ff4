"""What other programs build on: JSON shapes, exit codes, what goes to which stream, plans that say what will run.

One campaign of a clip with real speech is drafted, rendered, corrected and rendered again by the real command;
what each plan said is compared with the results that then appear in the store.
"""

from __future__ import annotations

import codecs
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from reels import __version__
from reels.cli.app import app
from reels.platforms import list_platforms
from reels.recognise import list_models
from reels.resources import assets_dir
from reels.steps import REASONS, Kind
from reels.subtitles import read_subtitles
from reels.tools.ffmpeg import run_ffmpeg
from tests.end_to_end.entry_point import (
    Forge,
    Ran,
    documented_keys,
    forge,
    plain_environment,
    run_reels,
)

CAMPAIGN = """\
campaign: 영화제
platforms: [x]
template: interview
subtitles: {model: nano-ko}
reels:
  - id: film
    title: 우리 동네 작은 영화제
    framing: centre
    clips:
      - footage: footage/C0007.MP4
        in: 1
        out: 00:03.4
        people: [{name: 이도윤, role: 시민}]
    caption: 도서관에서 만나요!
    hashtags: [한빛시]
"""


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("forge")) as started:
        yield started


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign of one clip, 180x320 at 25, with 4 s of the demo's library speech, of which 2.4 s are used."""
    folder = tmp_path_factory.mktemp("campaign") / "영화제"
    (folder / "footage").mkdir(parents=True)
    picture = ["-f", "lavfi", "-i", "color=c=0x335577:s=180x320:r=25:d=4"]
    speech = ["-i", str(assets_dir() / "demo" / "speech-library.opus"), "-t", "4"]
    codecs_of = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "mp4"]
    run_ffmpeg([*picture, *speech, *codecs_of, str(folder / "footage/C0007.MP4")], doing="making footage")
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    return folder


def planned(reels: Forge, campaign: Path, *options: str) -> list[dict[str, Any]]:
    """The steps of `reels plan --json`, each looked at for what must hold always."""
    ran = reels("plan", campaign, *options, "--json", cwd=campaign)
    assert ran.code == 0, ran.stderr
    require_documented("plan", ran.json)
    for step in ran.json["steps"]:
        assert step["kind"] in get_args(Kind)
        assert step["reason"] in REASONS
        assert step["will_run"] == (step["reason"] != "reused")
        assert step["fingerprint"] is None or re.fullmatch("[0-9a-f]{64}", step["fingerprint"])
        if step["fingerprint"] is None:
            assert step["reason"] == "cascade"
    steps: list[dict[str, Any]] = ran.json["steps"]
    assert len({step["id"] for step in steps}) == len(steps)
    return steps


def require_documented(command: str, told: Mapping[str, Any]) -> None:
    """The keys of the object and of each entry of its lists are those that the campaign's page names, in that order."""
    rows = documented_keys(command)
    assert list(told) == [key for keys, _ in rows for key in keys]
    for keys, of_each in rows:
        assert all(list(entry) == of_each for entry in told[keys[-1]])


def to_run(steps: list[dict[str, Any]]) -> dict[str, str]:
    """Reason by step id, of the steps that would run."""
    return {step["id"]: step["reason"] for step in steps if step["will_run"]}


def results(campaign: Path) -> set[str]:
    """The fingerprints of what lies in the store."""
    return {path.parent.name for path in (campaign / ".reels" / "results").glob("*/*/result.json")}


def require_ran_as_planned(
    reels: Forge, campaign: Path, *options: str, status: str = "done"
) -> list[dict[str, Any]]:
    """Plan, render, and compare: the results that appear are the steps that the plan said would run."""
    steps = planned(reels, campaign, *options)
    assert all(step["fingerprint"] for step in steps), "everything is known by now"
    said = {step["fingerprint"] for step in steps if step["will_run"]}
    before = results(campaign)
    times = {
        print_: (campaign / ".reels/results" / print_[:2] / print_ / "result.json").stat().st_mtime_ns
        for print_ in before
    }
    ran = reels("render", campaign, *options, "--json", cwd=campaign)
    assert ran.code == 0, ran.stderr
    (reel,) = ran.json["reels"]
    assert reel["status"] == status
    made = {
        print_
        for print_ in results(campaign)
        if (campaign / ".reels/results" / print_[:2] / print_ / "result.json").stat().st_mtime_ns
        != times.get(print_)
    }
    # A result that is whole stays as it is when only the hand-over has to be done again.
    again = {step["fingerprint"] for step in steps if step["reason"] == "missing"} & before
    assert made == said - again
    of_the_reel = [step for step in steps if step["reel"] == "film"]
    assert reel["steps_run"] == sum(step["will_run"] for step in of_the_reel)
    assert reel["steps_reused"] == sum(not step["will_run"] for step in of_the_reel)
    return steps


# --- one campaign, from nothing to corrected -------------------------------------------------------------
# Three stages, each made once from the one before; whoever changes the campaign in a test brings it back.


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a plan said of the untouched campaign, what it wrote, and what drafting then said."""

    steps: list[dict[str, Any]]
    written_by_the_plan: set[Path]
    drafting: Ran


@pytest.fixture(scope="module")
def drafted(reels: Forge, campaign: Path) -> Drafted:
    before = {*campaign.rglob("*")}
    steps = planned(reels, campaign)
    written = {*campaign.rglob("*")} - before
    return Drafted(
        steps=steps, written_by_the_plan=written, drafting=reels("draft", campaign, "--json", cwd=campaign)
    )


@pytest.fixture(scope="module")
def rendered(reels: Forge, campaign: Path, drafted: Drafted) -> list[dict[str, Any]]:
    """The plan after drafting, and its reel made."""
    return require_ran_as_planned(reels, campaign)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The draft as a person saved it, and what the plan said of that."""

    saved: bytes
    steps: list[dict[str, Any]]


@pytest.fixture(scope="module")
def corrected(reels: Forge, campaign: Path, rendered: list[dict[str, Any]]) -> Corrected:
    """One word changed and saved as Windows Notepad does: with a byte order mark and CRLF; the reel made again."""
    draft = campaign / "subtitles" / "C0007.ko.srt"
    edited = draft.read_text(encoding="utf-8").replace("안녕하세요", "반갑습니다")
    saved = codecs.BOM_UTF8 + edited.replace("\n", "\r\n").encode()
    draft.write_bytes(saved)
    return Corrected(saved=saved, steps=require_ran_as_planned(reels, campaign))


def test_a_fresh_campaign_is_planned_with_what_is_not_known_yet(drafted: Drafted) -> None:
    assert all(step["will_run"] for step in drafted.steps)
    known = [step["id"] for step in drafted.steps if step["fingerprint"]]
    assert known == ["probe footage/C0007.MP4"]
    kinds = {step["kind"] for step in drafted.steps}
    assert kinds >= {"probe", "transcribe", "draft", "chunk", "join", "deliver"}
    assert drafted.written_by_the_plan == set()


def test_drafting_says_what_it_wrote(reels: Forge, campaign: Path, drafted: Drafted) -> None:
    assert drafted.drafting.code == 0, drafted.drafting.stderr
    require_documented("draft", drafted.drafting.json)
    draft = campaign / "subtitles" / "C0007.ko.srt"
    assert drafted.drafting.json == {
        "ok": True,
        "drafts": [
            {
                "footage": str(campaign / "footage/C0007.MP4"),
                "draft": str(draft),
                "status": "written",
                "new": None,
            }
        ],
    }
    assert read_subtitles(draft)
    assert drafted.drafting.told, "what is going on is told on stderr"
    again = reels("draft", campaign, cwd=campaign)
    assert again.stdout == f"{draft}\n"
    assert reels("draft", campaign, "--json", cwd=campaign).json["drafts"][0]["status"] == "kept"


def test_a_plan_after_drafting_says_exactly_what_rendering_does(rendered: list[dict[str, Any]]) -> None:
    reused = {step["kind"] for step in rendered if not step["will_run"]}
    assert reused == {"probe", "transcribe", "draft"}
    assert set(to_run(rendered).values()) == {"new"}


def test_rendering_again_does_nothing_and_still_names_the_file(
    reels: Forge, campaign: Path, rendered: list[dict[str, Any]]
) -> None:
    assert to_run(planned(reels, campaign)) == {}
    film = campaign / "out/film/x/film.mp4"
    before = film.stat()
    ran = reels("render", campaign, cwd=campaign)
    assert ran.code == 0
    assert ran.stdout == f"{film}\n", "stdout holds the finished paths, one a line, and nothing else"
    assert "unchanged" in ran.stderr
    assert (film.stat().st_mtime_ns, film.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    told = reels("plan", campaign, cwd=campaign)
    assert told.stdout.splitlines()[-1].startswith("0 to run")


def test_rendering_gives_its_outcome_as_json(
    reels: Forge, campaign: Path, rendered: list[dict[str, Any]]
) -> None:
    ran = reels("render", campaign, "--json", cwd=campaign)
    require_documented("render", ran.json)
    assert ran.json["ok"] is True
    (reel,) = ran.json["reels"]
    assert reel["id"] == "film"
    assert reel["platform"] == "x"
    assert reel["status"] == "unchanged"
    assert Path(reel["file"]).is_file()
    assert reel["duration_s"] == pytest.approx(2.4)
    assert reel["error"] is None
    assert reel["steps_run"] == 0
    assert reel["steps_reused"] > 5


def test_a_changed_word_runs_only_what_shows_it(campaign: Path, corrected: Corrected) -> None:
    reasons = {step["kind"]: step["reason"] for step in corrected.steps if step["will_run"]}
    assert reasons == {
        "chunk": "input-changed",
        "join": "cascade",
        "check": "cascade",
        "deliver": "cascade",
    }
    sidecar = campaign / "out/film/x/film.ko.srt"
    assert "반갑습니다" in sidecar.read_text(encoding="utf-8")
    assert not sidecar.read_bytes().startswith(codecs.BOM_UTF8)
    assert (campaign / "subtitles/C0007.ko.srt").read_bytes() == corrected.saved, "not even tidied up"


def test_a_persons_draft_is_never_written_over(reels: Forge, campaign: Path, corrected: Corrected) -> None:
    draft = campaign / "subtitles" / "C0007.ko.srt"
    when = draft.stat().st_mtime_ns
    for options in ((), ("--force",)):
        ran = reels("draft", campaign, *options, "--json", cwd=campaign)
        assert ran.code == 0, ran.stderr
        assert [row["status"] for row in ran.json["drafts"]] == ["kept"]
        assert (draft.read_bytes(), draft.stat().st_mtime_ns) == (corrected.saved, when)
    assert to_run(planned(reels, campaign)) == {}


def test_a_deleted_film_is_handed_over_again_and_nothing_else(
    reels: Forge, campaign: Path, rendered: list[dict[str, Any]]
) -> None:
    (campaign / "out/film/x/film.mp4").unlink()
    steps = require_ran_as_planned(reels, campaign)
    assert to_run(steps) == {"film x deliver": "missing"}
    assert (campaign / "out/film/x/film.mp4").is_file()


def test_a_changed_title_and_a_changed_option_are_told_apart(
    reels: Forge, campaign: Path, rendered: list[dict[str, Any]]
) -> None:
    written = (campaign / "campaign.yaml").read_text(encoding="utf-8")
    try:
        (campaign / "campaign.yaml").write_text(written.replace("작은 영화제", "큰 영화제", 1))
        reasons = to_run(planned(reels, campaign))
        assert reasons["film title"] == "input-changed"
        assert reasons["film cover"] == "input-changed"
        assert "film sound" not in reasons
        (campaign / "campaign.yaml").write_text(written.replace("framing: centre", "framing: fit"))
        reasons = to_run(planned(reels, campaign))
        assert reasons["film chunk 0000"] == "option-changed"
        assert "film title" not in reasons
        assert "film sound" not in reasons
        (campaign / "campaign.yaml").write_text(written.replace("도서관에서 만나요!", "곧 만나요!"))
        assert to_run(planned(reels, campaign)) == {"film x deliver": "input-changed"}
    finally:
        (campaign / "campaign.yaml").write_text(written)
    assert to_run(planned(reels, campaign)) == {}


def test_forcing_plans_everything_anew_but_a_persons_words(
    reels: Forge, campaign: Path, corrected: Corrected
) -> None:
    steps = planned(reels, campaign, "--force")
    assert set(to_run(steps).values()) == {"forced"}
    assert {step["kind"] for step in steps if not step["will_run"]} == {"probe"}, "nobody waits for it"


def test_progress_on_a_terminal_stays_on_the_terminal(
    campaign: Path, reels: Forge, rendered: list[dict[str, Any]]
) -> None:
    (campaign / "out/film/x/film.mp4").unlink()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "reels", "render", str(campaign)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        env=plain_environment(reels.home, {"TERM": "xterm"}),
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # how a closed terminal ends on Linux
            pass
        assert process.stdout is not None
        product = process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert product.decode() == f"{campaign / 'out/film/x/film.mp4'}\n"
    assert b"\x1b[" in shown, "a bar that moves"
    assert "film" in shown.decode("utf-8", "replace")


# --- judging ---------------------------------------------------------------------------------------------


def test_check_gives_every_rule_with_its_source(
    reels: Forge, campaign: Path, rendered: list[dict[str, Any]]
) -> None:
    film = campaign / "out/film/x/film.mp4"
    ran = reels("check", film, "-p", "x", "--json", cwd=campaign)
    assert ran.code == 0, ran.stdout
    require_report(ran.json, film, "x", ok=True)
    table = reels("check", film, "-p", "x", cwd=campaign)
    assert table.code == 0
    assert "FAIL" not in table.stdout
    assert len(table.stdout.splitlines()) == len(ran.json["findings"]) + 1


def test_check_of_a_broken_rule_ends_with_its_own_code(
    reels: Forge, campaign: Path, rendered: list[dict[str, Any]]
) -> None:
    film = campaign / "out/film/x/film.mp4"
    ran = reels("check", film, "-p", "x", "-p", "instagram-reels", "--json", cwd=campaign)
    assert ran.code == 7
    assert list(ran.json) == ["reports"]
    x, instagram = ran.json["reports"]
    require_report(x, film, "x", ok=True)
    require_report(instagram, film, "instagram-reels", ok=False)
    broken = {finding["rule"] for finding in instagram["findings"] if not finding["ok"]}
    assert {"video.raster", "duration"} <= broken
    total = len(x["findings"]) + len(instagram["findings"])
    assert ran.told == [f"{len(broken)} of {total} rules failed; the table above says which and why"]


def require_report(report: Mapping[str, Any], film: Path, platform: str, *, ok: bool) -> None:
    require_documented("check", report)
    assert report["file"] == str(film)
    assert report["platform"] == platform
    assert report["ok"] is ok
    assert len(report["findings"]) > 15
    for finding in report["findings"]:
        assert isinstance(finding["ok"], bool)
        assert all(finding[key] for key in ("rule", "found", "expected", "source"))


def test_probe_gives_the_documented_shape(reels: Forge, campaign: Path) -> None:
    clip = campaign / "footage/C0007.MP4"
    ran = reels("probe", clip, "--json", cwd=campaign)
    assert ran.code == 0
    told = ran.json
    assert all(list(note) == ["code", "en", "ko"] for note in told.pop("notes"))
    assert list(told)[:4] == ["path", "duration_s", "video", "audio"]
    expected: dict[str, Any] = {
        "path": str(clip),
        "duration_s": pytest.approx(4.0, abs=0.05),
        "video": {
            "codec": "h264",
            "width": 180,
            "height": 320,
            "display_width": 180,
            "display_height": 320,
            "rotation": 0,
            "sar": "1:1",
            "fps": 25.0,
            "rate": "25/1",
            "variable_frame_rate": False,
            "interlaced": False,
            "hdr": None,
            "pixel_format": "yuv420p",
        },
        "audio": [{"codec": "aac", "channels": 1, "sample_rate_hz": 48000}],
    }
    # Keys may be added (docs/footage), none may change.
    assert {key: told["video"][key] for key in expected["video"]} == expected["video"]
    assert [{key: track[key] for key in expected["audio"][0]} for track in told["audio"]] == expected["audio"]
    assert (told["path"], told["duration_s"]) == (expected["path"], expected["duration_s"])
    two = reels("probe", clip, clip, "--json", cwd=campaign)
    assert [found["path"] for found in two.json["files"]] == [str(clip)] * 2


def test_lint_gives_the_documented_shape(reels: Forge, campaign: Path) -> None:
    ran = reels("lint", campaign, "--json", cwd=campaign)
    assert ran.code == 0, ran.stdout
    assert list(ran.json) == ["ok", "findings"]
    assert ran.json["ok"] is True
    written = (campaign / "campaign.yaml").read_text(encoding="utf-8")
    try:
        (campaign / "campaign.yaml").write_text(written.replace("도서관에서 만나요!", "가" * 500))
        ran = reels("lint", campaign, "--json", cwd=campaign)
        assert ran.code == 7
        assert ran.json["ok"] is False
        (finding,) = [f for f in ran.json["findings"] if f["severity"] == "error"]
        assert list(finding) == ["rule", "severity", "where", "found", "expected"]
        assert finding["rule"] == "caption.limits"
        assert finding["where"].startswith("campaign.yaml:6 reels[0]")
    finally:
        (campaign / "campaign.yaml").write_text(written)


# --- lists -----------------------------------------------------------------------------------------------


def test_the_lists_are_tables_and_json(reels: Forge, tmp_path: Path) -> None:
    told = reels("platforms", "--json", cwd=tmp_path).json
    require_documented("platforms", told)
    assert [row["name"] for row in told["platforms"]] == [platform.name for platform in list_platforms()]

    told = reels("templates", "--json", cwd=tmp_path).json
    require_documented("templates", told)
    assert {row["name"] for row in told["templates"]} >= {"interview", "announcement", "plain"}
    assert all(list(row["description"]) == ["ko", "en"] for row in told["templates"])

    told = reels("models", "--json", cwd=tmp_path, home=tmp_path / "home").json
    assert [row["name"] for row in told["models"]] == [row.name for row in list_models()]
    assert told["models"][0]["name"] == "nano-ko"
    assert told["models"][0]["available"] is True
    require_documented("models", told)

    for command in ("platforms", "templates", "models"):
        table = reels(command, cwd=tmp_path, home=tmp_path / "home")
        assert table.code == 0
        assert len(table.stdout.splitlines()) > 3
        assert "\x1b" not in table.stdout
    assert not any(path.is_file() for path in (tmp_path / "home").rglob("*")), "a list builds nothing"


def test_doctor_tells_what_is_here(reels: Forge, tmp_path: Path) -> None:
    ran = reels("doctor", "--json", cwd=tmp_path)
    require_documented("doctor", ran.json)
    found = {finding["rule"]: finding for finding in ran.json["findings"]}
    assert found["ffmpeg"]["ok"] is True
    assert found["font"]["ok"] is True
    assert "Pretendard" in found["font"]["found"]
    assert "Emoji" in found["emoji font"]["found"]
    assert found["model nano-ko"]["ok"] is True
    assert found["model large-v3-turbo"]["ok"] is True, "what is only missing for some is not missing"
    assert ran.json["ok"] is all(finding["ok"] for finding in ran.json["findings"])
    assert ran.code == (0 if ran.json["ok"] else 7)


def test_doctor_names_a_broken_ffmpeg_and_ends_with_seven(reels: Forge, tmp_path: Path) -> None:
    ran = reels("doctor", "--json", cwd=tmp_path, environment={"REELS_FFMPEG": "/bin/true"})
    assert ran.code == 7
    found = {finding["rule"]: finding for finding in ran.json["findings"]}
    assert found["ffmpeg"]["ok"] is False
    assert "/bin/true" in found["ffmpeg"]["found"]
    assert "REELS_FFMPEG" in found["ffmpeg"]["found"]


def test_a_broken_ffmpeg_ends_a_render_with_five_before_any_work(
    reels: Forge, campaign: Path, tmp_path: Path
) -> None:
    for broken in ("/bin/true", "/no/such/program"):
        ran = reels(
            *("make", campaign / "footage/C0007.MP4", "-o", "out"),
            cwd=tmp_path,
            environment={"REELS_FFMPEG": broken},
        )
        assert ran.code == 5
        assert broken in ran.stderr
        assert len(ran.told) == 1
    assert not (tmp_path / "out").exists()


# --- the command itself ----------------------------------------------------------------------------------


def commands() -> list[tuple[str, ...]]:
    """Every command and group of the app, as typed."""
    import typer

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, (*path, name))

    return list(walk(typer.main.get_command(app), ()))


@pytest.mark.parametrize("command", commands(), ids=lambda path: " ".join(path) or "reels")
def test_every_command_has_help(reels: Forge, tmp_path: Path, command: tuple[str, ...]) -> None:
    ran = reels(*command, "--help", cwd=tmp_path)
    assert ran.code == 0
    assert ran.stderr == ""
    assert ran.stdout.startswith(f"Usage: {' '.join(('reels', *command))}")
    assert "\x1b" not in ran.stdout
    assert reels(*command, "-h", cwd=tmp_path).stdout == ran.stdout


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    ran = run_reels("--version", cwd=tmp_path, home=tmp_path / "home")
    assert (ran.code, ran.stdout, ran.stderr) == (0, f"reels {__version__}\n", "")


def test_without_arguments_there_is_help(reels: Forge, tmp_path: Path) -> None:
    ran = reels(cwd=tmp_path)
    assert ran.stdout.startswith("Usage: reels")
    assert "make" in ran.stdout
    assert ran.stderr == ""


def test_messages_follow_the_locale_and_reels_lang_wins(reels: Forge, tmp_path: Path) -> None:
    def says(**environment: str) -> str:
        return reels("make", "no.mp4", cwd=tmp_path, environment=environment).stderr

    assert "파일이 없습니다" in says(LANG="ko_KR.UTF-8")
    assert "파일이 없습니다" in says(LC_ALL="ko_KR.UTF-8", LANG="en_US.UTF-8")
    assert "no such file" in says(LANG="ko_KR.UTF-8", REELS_LANG="en")
    assert "파일이 없습니다" in says(LANG="en_US.UTF-8", REELS_LANG="ko")
    assert "no such file" in says(LANG="ja_JP.UTF-8")


def test_a_traceback_is_shown_only_when_asked_for(reels: Forge, tmp_path: Path) -> None:
    quiet = reels("make", "no.mp4", cwd=tmp_path)
    wordy = reels("--verbose", "make", "no.mp4", cwd=tmp_path)
    assert "Traceback" not in quiet.stderr
    assert "Traceback" in wordy.stderr
    assert wordy.told[-1] == quiet.told[-1]
    assert wordy.code == quiet.code == 4


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, "-m", "reels", "platforms", "--json"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=plain_environment(tmp_path / "home"),
        cwd=tmp_path,
    ) as process:
        os.close(writing)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 0
    assert said == b""


def test_a_run_under_nohup_outlives_the_terminal(tmp_path: Path) -> None:
    """What nohup ignores stays ignored; otherwise a closing terminal interrupts as Ctrl-C does."""
    program = (
        "import signal, sys\n"
        "signal.signal(signal.SIGHUP, getattr(signal, sys.argv.pop(1)))\n"
        "from reels.cli import main\n"
        "try: main()\n"
        "finally: print(repr(signal.getsignal(signal.SIGHUP)), file=sys.stderr)\n"
    )
    for before, after in (("SIG_IGN", "Handlers.SIG_IGN"), ("SIG_DFL", "default_int_handler")):
        ran = run_reels(
            before,
            "--version",
            cwd=tmp_path,
            home=tmp_path / "home",
            command=(sys.executable, "-c", program),
        )
        assert ran.code == 0, ran.stderr
        assert after in ran.stderr


def test_a_korean_windows_console_gets_what_it_can_spell(tmp_path: Path) -> None:
    ran: Ran = run_reels(
        *("make", "없는 🎉.mp4"),
        cwd=tmp_path,
        home=tmp_path / "home",
        environment={"PYTHONIOENCODING": "cp949", "REELS_LANG": "ko"},
    )
    assert ran.code == 4
    said = ran.stderr.encode("utf-8", "surrogateescape").decode("cp949")
    assert "없는 \\U0001f389.mp4: 파일이 없습니다." in said


# --- init ------------------------------------------------------------------------------------------------


def test_init_makes_a_campaign_that_is_clean_and_ready(reels: Forge, tmp_path: Path) -> None:
    folder = tmp_path / "우리 캠페인"
    ran = reels("init", folder, cwd=tmp_path)
    assert ran.code == 0, ran.stderr
    assert ran.stdout == f"{folder}\n"
    held = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert held == {"Makefile", "brand.yaml", "campaign.yaml", "footage/C0007.MP4", "logo.png", "logo.svg"}
    linted = reels("lint", folder, "--json", cwd=tmp_path)
    assert linted.code == 0
    assert linted.json == {"ok": True, "findings": []}
    assert reels("lint", folder, cwd=tmp_path).stdout == "no findings\n"
    assert {step["reason"] for step in planned(reels, folder)} == {"new", "cascade"}
    makefile = (folder / "Makefile").read_text(encoding="utf-8")
    assert makefile == (assets_dir() / "campaign" / "Makefile").read_text(encoding="utf-8")
    assert "우리 캠페인" in json.dumps(
        (folder / "campaign.yaml").read_text(encoding="utf-8"), ensure_ascii=False
    )

    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = reels("init", folder, cwd=tmp_path)
    assert again.code == 2
    assert again.stdout == ""
    assert "already there" in again.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("arguments", "code"), [(["probe", "gone.mp4"], 4), (["probe", "--nope"], 2)])
def test_an_error_that_nobody_reads_keeps_its_exit_code(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    """As in `reels … 2>&1 | true`."""
    source, sink = os.pipe()
    os.close(source)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reels", *arguments],
            cwd=tmp_path,
            env=plain_environment(tmp_path / "home"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=sink,
            timeout=240,
        )
    finally:
        os.close(sink)
    assert done.returncode == code
