"""A campaign judged before anything is run: every rule fires where it should, and a good campaign is quiet."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from reels.campaign.load import load_campaign
from reels.errors import CampaignProblems
from reels.lint import Finding, findings_of, lint_campaign
from reels.subtitles import Cue, write_srt

CAMPAIGN = """\
campaign: 봄축제
brand: brand.yaml
template: interview
platforms: [instagram-reels, x]
reels:
  - id: hello
    title: 이번 주말, 한옥마을 축제
    caption: 만나요!
    hashtags: [한빛시]
    clips:
      - footage: IMG_0412.mp4
"""
BRAND = 'name: 한빛시\ncolours: {primary: "#1456B8", secondary: "#FFB81C", ground: "#0B2545"}\n'


def film(path: Path) -> None:
    """Four grey pictures of 64x64 at 25 a second, made without starting a process."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(4):
            picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 99, dtype=np.uint8), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign with nothing wrong in it."""
    film(tmp_path / "IMG_0412.mp4")
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "brand.yaml").write_text(BRAND, encoding="utf-8")
    return tmp_path


def lint(folder: Path) -> list[Finding]:
    return list(lint_campaign(load_campaign(folder)))


def change(folder: Path, old: str, new: str, *, file: str = "campaign.yaml") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def draft(folder: Path, text: str) -> None:
    (folder / "subtitles").mkdir(exist_ok=True)
    (folder / "subtitles" / "IMG_0412.ko.srt").write_text(text, encoding="utf-8")


def test_a_good_campaign_is_quiet_and_stays_as_it_is(folder: Path) -> None:
    draft(folder, write_srt([Cue(start=Fraction(0), end=Fraction(2), lines=("안녕하세요",))]))
    before = sorted(p.relative_to(folder) for p in folder.rglob("*"))
    assert lint(folder) == []
    assert sorted(p.relative_to(folder) for p in folder.rglob("*")) == before


def test_letters_that_do_not_stand_out_are_a_warning(folder: Path) -> None:
    change(folder, "#0B2545", "#F5F5F5", file="brand.yaml")
    found = {f.rule: f for f in lint(folder)}
    assert set(found) == {"brand.contrast", "template.contrast"}
    assert {f.severity for f in found.values()} == {"warning"}
    assert "at least 4.5:1" in found["brand.contrast"].expected


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no such file"), (b"#EXTM3U\n/etc/passwd\n", "playlist"), (b"", "empty")]
)
def test_footage_that_does_not_open_is_an_error_at_its_line(
    folder: Path, content: bytes | None, said: str
) -> None:
    (folder / "IMG_0412.mp4").unlink()
    if content is not None:
        (folder / "IMG_0412.mp4").write_bytes(content)
    (found,) = lint(folder)
    assert (found.rule, found.severity) == ("footage.readable", "error")
    assert found.where == "campaign.yaml:11 reels[0].clips[0].footage"
    assert said in found.found


def test_a_caption_is_judged_by_each_platform_in_its_own_counting(folder: Path) -> None:
    change(folder, "만나요!", "가" * 141)
    (found,) = lint(folder)
    assert (found.rule, found.severity) == ("caption.limits", "error")
    assert "for x" in found.where
    assert found.found.startswith("291 "), "141 syllables of two, an empty line, # and three syllables"
    assert found.expected == "at most 280"


def test_too_many_hashtags_are_told_by_number(folder: Path) -> None:
    change(folder, "[한빛시]", "[" + ", ".join(f"t{n}" for n in range(31)) + "]")
    found = [f for f in lint(folder) if "hashtags" in f.where]
    assert [(f.found, f.severity) for f in found] == [("31 hashtags", "error")]


def test_a_draft_that_cannot_be_read_is_an_error_and_the_others_are_still_judged(folder: Path) -> None:
    draft(folder, "1\n00:00:01,000 --> nowhere\n안녕\n")
    change(folder, "만나요!", "가" * 141)
    findings = {f.rule: f for f in lint(folder)}
    assert set(findings) == {"draft.readable", "caption.limits"}
    assert findings["draft.readable"].found.startswith("IMG_0412.ko.srt:2: found"), "no path of this machine"


def test_a_cue_that_needs_too_many_lines_is_a_warning_with_its_place(folder: Path) -> None:
    long = "이번 주말 한옥마을에서 열리는 봄축제에 오시면 맛있는 음식과 즐거운 공연이 여러분을 기다립니다"
    cues = [
        Cue(start=Fraction(0), end=Fraction(1), lines=("짧은 말",)),
        Cue(start=Fraction(5, 2), end=Fraction(7), lines=(long,)),
    ]
    draft(folder, write_srt(cues))
    (found,) = [f for f in lint(folder) if f.severity != "info"]
    assert (found.rule, found.severity) == ("cue.lines", "warning")
    assert found.where == "IMG_0412.ko.srt cue 2 at 00:00:02.500"
    assert (found.file, found.cue, found.at) == ("IMG_0412.ko.srt", 2, Fraction(5, 2))
    assert found.expected == "at most 2; it will be shown as 2 cues"


def test_the_same_finding_is_told_once(folder: Path) -> None:
    change(folder, "reels:\n", "reels:\n  - id: again\n    clips: [{footage: IMG_0412.mp4}]\n")
    draft(folder, "1\n00:00:01,000 --> nowhere\n안녕\n")
    assert [f.rule for f in lint(folder)] == ["draft.readable"]


def test_a_finished_transcript_is_judged_by_what_reads_it_when_rendering(folder: Path) -> None:
    """What `render` takes, `lint` must not call unreadable."""
    (folder / "said.json").write_text(
        '{"language": "ko", "segments": [{"start": 0.0, "end": 2.0, "text": "안녕하세요"}]}', encoding="utf-8"
    )
    change(folder, "IMG_0412.mp4", "IMG_0412.mp4\n        subtitles: said.json")
    assert lint(folder) == []


def test_a_campaign_that_cannot_be_read_gives_findings_too(folder: Path) -> None:
    change(folder, "caption:", "capton:")
    with pytest.raises(CampaignProblems) as refused:
        load_campaign(folder)
    (found,) = findings_of(refused.value)
    assert (found.rule, found.severity, found.where) == (
        "campaign.value",
        "error",
        "campaign.yaml:8 reels[0].capton",
    )
