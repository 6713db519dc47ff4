"""What goes beside a reel in each language, and that nothing but its words decides it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from reels.steps import DeliverWork
from reels.subtitles import Caption, Cue, Sidecar, Tint, sidecar_texts, write_text
from reels.versions import ToolVersions

from .test_plan import IN_ENGLISH, SUBTITLES, TOOLS, TWO_LANGUAGES, World, world

__all__ = ["world"]  # a fixture, used by its name

CUE = Cue(start=Fraction(1), end=Fraction(2), lines=("안녕하세요",))


def test_one_language_is_three_files_and_no_words_are_none() -> None:
    texts = sidecar_texts(Sidecar(language="ko", srt_name="봄.ko_KR.srt", cues=(CUE,)), "봄")
    assert texts == {
        "봄.ko_KR.srt": "1\n00:00:01,000 --> 00:00:02,000\n안녕하세요\n",
        "봄.ko.vtt": "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n안녕하세요\n",
        "봄.ko.txt": "안녕하세요\n",
    }
    silent = sidecar_texts(Sidecar(language="ko", srt_name="봄.ko.srt", cues=()), "봄")
    assert silent == {"봄.ko.srt": "", "봄.ko.vtt": "", "봄.ko.txt": ""}


def said(*texts: str) -> tuple[Cue, ...]:
    """A cue a second, one after the other."""
    return tuple(
        Cue(start=Fraction(n), end=Fraction(n + 1), lines=tuple(text.split("/")))
        for n, text in enumerate(texts)
    )


def test_the_text_to_read_keeps_the_marks_that_the_picture_leaves_out() -> None:
    shown, written = said("축제가 열려요/많이 오세요"), said("축제가 열려요./많이 오세요!")
    texts = sidecar_texts(Sidecar.of(shown, language="ko", srt_name="봄.ko.srt", prose=written), "봄")
    assert texts["봄.ko.txt"] == "축제가 열려요.\n많이 오세요!\n"
    assert "열려요\n많이 오세요\n" in texts["봄.ko.srt"]
    assert "." not in texts["봄.ko.vtt"].partition("\n축제")[2]
    silent = sidecar_texts(Sidecar.of((), language="ko", srt_name="봄.ko.srt", prose=written), "봄")
    assert set(silent.values()) == {""}


def test_polite_sentences_without_a_full_stop_end_with_their_cue() -> None:
    text = write_text(said("안녕하세요", "오늘은 민요/가요 무대가", "열려요", "꼭 필요", "한 자리죠", "네"))
    assert text == "안녕하세요\n오늘은 민요 가요 무대가 열려요\n꼭 필요 한 자리죠\n네\n"


def test_a_corrected_full_stop_is_handed_over_and_encodes_nothing(world: World) -> None:
    world.draft([replace(SUBTITLES[0], lines=("안녕하세요",)), *SUBTITLES[1:]])
    world.settle()
    world.draft([replace(SUBTITLES[0], lines=("안녕하세요.",)), *SUBTITLES[1:]])
    plan = world.plan()
    assert {step.kind for step in plan.to_run} == {"deliver"}
    work = next(step.work for step in plan.to_run if isinstance(step.work, DeliverWork))
    assert work.sidecars[0].cues[0].text == "안녕하세요"
    assert work.sidecars[0].prose[0].text == "안녕하세요."


def test_what_a_caption_marks_is_not_in_a_sidecar() -> None:
    marked = Caption(
        start=CUE.start,
        end=CUE.end,
        lines=CUE.lines,
        tints=(Tint(line=0, first=0, end=2, colour="#FFEE00"),),
        name="김하늘",
    )
    assert Sidecar.of([marked], language="ko", srt_name="a.srt").cues == (CUE,)
    with pytest.raises(ValueError, match="plain cues"):
        Sidecar(language="ko", srt_name="a.srt", cues=(marked,))


def handed_over(world: World, tools: ToolVersions = TOOLS) -> dict[str, DeliverWork]:
    works = [step.work for step in world.plan(tools=tools).steps]
    return {work.platform: work for work in works if isinstance(work, DeliverWork)}


def test_each_platform_is_given_each_language_under_its_own_name(world: World) -> None:
    both = TWO_LANGUAGES.replace("platforms: [", "platforms: [facebook-reels, ")
    assert both != TWO_LANGUAGES
    world.write(both)
    world.draft(IN_ENGLISH, name="IMG_0412.en.srt")
    works = handed_over(world)
    assert len(works) > 1
    for platform, work in works.items():
        first, second = work.sidecars
        assert [first.language, second.language] == ["ko", "en"]
        assert [c.lines for c in first.cues] == [c.lines for c in SUBTITLES]
        assert [c.lines for c in second.cues] == [c.lines for c in IN_ENGLISH]
        endings = (".ko_KR.srt", ".en_US.srt") if platform == "facebook-reels" else (".ko.srt", ".en.srt")
        assert (first.srt_name, second.srt_name) == tuple(work.name + ending for ending in endings)


def test_a_corrected_word_hands_over_again_because_of_its_source(world: World) -> None:
    world.settle()
    world.draft([replace(SUBTITLES[0], lines=("반갑습니다",)), *SUBTITLES[1:]])
    reasons = {step.reason for step in world.plan().steps if step.kind == "deliver"}
    assert reasons == {"cascade"}
