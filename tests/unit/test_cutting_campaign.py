"""`cut:` and `edit:` in a campaign: the cascade, exact numbers, cuts made elsewhere and what is wrong with them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from reels.campaign.load import load_campaign
from reels.campaign.model import ReelSpec
from reels.cutting import NO_CUTS, CutOptions, FillerOptions, SilenceOptions
from reels.edit import cut_clips
from reels.errors import CampaignProblems
from reels.interchange import Programme, UsedMedia, otio
from reels.timing import TimeRange, parse_clock


def written(
    folder: Path, cut: str = "", in_reel: str = "", *, clips: str = "clips: [{footage: a.mp4}]"
) -> Path:
    text = f"campaign: 축제\n{cut}\nreels:\n  - id: a\n    {clips}\n{in_reel}\n"
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    return folder


def reel_of(folder: Path) -> ReelSpec:
    (reel,) = load_campaign(folder).reels
    return reel


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(CampaignProblems) as refused:
        load_campaign(folder)
    return [problem.sentence() for problem in refused.value.problems]


# --- cut -------------------------------------------------------------------------------------------------


def test_without_the_key_nothing_is_cut(tmp_path: Path) -> None:
    assert reel_of(written(tmp_path)).cut == NO_CUTS
    assert not NO_CUTS.cuts


def test_true_stands_for_the_usual_values(tmp_path: Path) -> None:
    folder = written(tmp_path, "cut: {silence: true, fillers: true, text: true, to_fit: true}")
    assert reel_of(folder).cut == CutOptions(
        silence=SilenceOptions(), fillers=FillerOptions(), text=True, to_fit=True
    )


def test_numbers_are_exact_and_fillers_can_be_kept_by_time_or_by_word(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        "cut: {silence: {least: 0.9, before: 0.1}, fillers: {keep: [그, 01:04.2, 4.2]}, shortest: 0.3}",
    )
    assert reel_of(folder).cut == CutOptions(
        silence=SilenceOptions(least=Fraction(9, 10), before=Fraction(1, 10)),
        fillers=FillerOptions(keep=("그", "01:04.2", "4.2")),
        shortest=Fraction(3, 10),
    )


def test_each_key_of_the_reel_wins_over_the_campaigns(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        "cut: {silence: {least: 2}, fillers: true}",
        "    cut: {silence: {after: 0.5}, fillers: false, text: true}",
    )
    reel = reel_of(folder)
    assert reel.cut == CutOptions(silence=SilenceOptions(least=Fraction(2), after=Fraction(1, 2)), text=True)
    assert dict(reel.origins)["cut.silence"] == "reel"
    assert dict(reel.origins)["cut.to_fit"] == "default"


def test_a_reel_can_switch_a_cut_off_and_on_again_keeps_the_campaigns_numbers(tmp_path: Path) -> None:
    off = written(tmp_path, "cut: {silence: {least: 2}}", "    cut: {silence: false}")
    assert reel_of(off).cut.silence is None
    on = written(tmp_path, "cut: {silence: {least: 2}}", "    cut: {silence: true}")
    assert reel_of(on).cut.silence == SilenceOptions(least=Fraction(2))


@pytest.mark.parametrize(
    ("cut", "sentence"),
    [
        ("cut: {silense: true}", "one of fillers, shortest, silence, text, to_fit; perhaps you meant silence"),
        ("cut: {silence: {leest: 1}}", "one of after, before, least; perhaps you meant least"),
        ("cut: {silence: {least: soon}}", "found soon, expected seconds from 0 to 60, such as 0.7"),
        ("cut: {silence: {least: -1}}", "found -1, expected seconds from 0 to 60, such as 0.7"),
        ("cut: {silence: {least: 1e400}}", "expected seconds from 0 to 60"),
        ("cut: {silence: {least: 120f}}", "expected seconds from 0 to 60"),
        ("cut: {silence: perhaps}", "found perhaps, expected true or false"),
        ("cut: {fillers: {keep: 그}}", "found 그, expected a list"),
        ("cut: true", "found true, expected keys and their values"),
        ("cut: {silence: {least: 0.3}}", "found margins that fill the whole pause, expected a `least` that is longer"),
    ],
)  # fmt: skip
def test_a_wrong_key_or_number_is_told_once_with_its_line(tmp_path: Path, cut: str, sentence: str) -> None:
    (problem,) = problems_of(written(tmp_path, cut, "  - id: b\n    clips: [{footage: a.mp4}]"))
    assert sentence in problem
    assert "campaign.yaml:2 cut" in problem


# --- a cut made elsewhere --------------------------------------------------------------------------------

RATE = Fraction(30000, 1001)


def save_edit(folder: Path, *paths: str, name: str = "cut.otio") -> None:
    """Each of `paths` for a second and a half, from its own number of seconds on."""
    starts = [Fraction(n) + Fraction(1, 7) for n in range(len(paths))]
    edit = cut_clips([TimeRange(s, s + Fraction(3, 2)) for s in starts], RATE)
    media = tuple(UsedMedia(path=path, duration=Fraction(60), has_sound=True) for path in paths)
    text = otio(Programme(name="x", edit=edit, media=media))
    (folder / name).write_text(text, encoding="utf-8")


def footage(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_a_reel_takes_its_clips_from_a_cut_made_elsewhere(tmp_path: Path) -> None:
    footage(tmp_path, "footage/시청 앞.mp4", "footage/b.mp4")
    save_edit(tmp_path, "footage/시청 앞.mp4", "footage/b.mp4", "footage/시청 앞.mp4")
    reel = reel_of(written(tmp_path, "framing: fit", clips="edit: cut.otio"))
    assert [c.footage.name for c in reel.clips] == ["시청 앞.mp4", "b.mp4", "시청 앞.mp4"]
    assert {c.framing for c in reel.clips} == {"fit"}
    for number, clip in enumerate(reel.clips):
        assert clip.in_point is not None
        assert clip.out_point is not None
        start, end = parse_clock(clip.in_point), parse_clock(clip.out_point)
        assert abs(start - number - Fraction(1, 7)) < Fraction(1, 10**8)
        assert round((end - start) * RATE) == 45
    assert reel.clips[1].where.startswith("cut.otio 00:00:01.")


def test_what_a_listed_clip_says_holds_for_its_pieces_and_its_people_for_the_first(tmp_path: Path) -> None:
    footage(tmp_path, "footage/a.mp4", "footage/b.mp4", "a.srt")
    save_edit(tmp_path, "footage/a.mp4", "footage/b.mp4", "footage/a.mp4")
    listed = "clips: [{footage: footage/a.mp4, people: [{name: 김하늘}], framing: fit, subtitles: a.srt}]"
    first, second, third = reel_of(written(tmp_path, clips=f"edit: cut.otio\n    {listed}")).clips
    assert [p.name for p in first.people] == ["김하늘"]
    assert (second.people, third.people) == ((), ())
    assert (first.framing, second.framing, third.framing) == ("fit", "auto", "fit")
    assert third.subtitles == tmp_path / "a.srt"


def test_media_of_another_computer_are_found_by_name(tmp_path: Path) -> None:
    footage(tmp_path, "footage/IMG_0412.MOV", "elsewhere/b.mp4")
    save_edit(tmp_path, "D:/작업/img_0412.mov", "/Users/x/b.mp4")
    reel = reel_of(written(tmp_path, clips="edit: cut.otio\n    clips: [{footage: elsewhere/b.mp4}]"))
    assert [c.footage for c in reel.clips] == [
        tmp_path / "footage/IMG_0412.MOV",
        tmp_path / "elsewhere/b.mp4",
    ]


def test_every_medium_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    footage(tmp_path, "footage/a.mp4", "x/twice.mp4", "y/twice.mp4")
    save_edit(
        tmp_path, "footage/a.mp4", "footage/lost.mp4", "footage/lost.mp4", "gone/한빛.mp4", "z/twice.mp4"
    )
    listed = "clips: [{footage: x/twice.mp4}, {footage: y/twice.mp4}]"
    problems = problems_of(written(tmp_path, clips=f"edit: cut.otio\n    {listed}"))
    assert [p.split(": found ")[1].split(",")[0] for p in problems] == [
        "footage/lost.mp4",
        "gone/한빛.mp4",
        "z/twice.mp4",
    ]
    assert all("campaign.yaml:5 reels[0].edit" in p and "copy it into footage/" in p for p in problems)


def test_an_edit_that_cannot_be_used_is_told_with_its_line(tmp_path: Path) -> None:
    folder = written(tmp_path, clips="edit: cut.otio")
    (lost,) = problems_of(folder)
    assert "reels[0].edit: found cut.otio, which is not there" in lost
    (tmp_path / "cut.otio").write_text("{}", encoding="utf-8")
    (broken,) = problems_of(folder)
    assert "reels[0].edit (cut.otio): found no OpenTimelineIO timeline" in broken


def test_a_cut_made_elsewhere_is_not_cut_again(tmp_path: Path) -> None:
    footage(tmp_path, "footage/a.mp4")
    save_edit(tmp_path, "footage/a.mp4")
    assert reel_of(written(tmp_path, "cut: {silence: true}", clips="edit: cut.otio")).cut == NO_CUTS
    both = written(tmp_path, clips="edit: cut.otio", in_reel="    cut: {silence: true}")
    (problem,) = problems_of(both)
    assert "expected `edit` or `cut`, not both" in problem


def test_a_reel_without_clips_and_without_an_edit_lacks_its_clips(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, clips="title: 축제"))
    assert "found no such key, expected the key clips" in problem
    (empty,) = problems_of(written(tmp_path, clips="clips:"))
    assert "reels[0].clips: found nothing, expected a list" in empty
