"""Whether a reel's second language can be had: from a person's file, else English from a model that translates.

Listens to nothing and loads no model; `footage` plans by it and lint judges by it.
"""

from __future__ import annotations

from reels.campaign.model import ReelSpec
from reels.errors import CampaignProblem, CampaignProblems, ModelMissing
from reels.recognise import find_model
from reels.said import Said
from reels.subtitles import Cue

__all__ = ["can_translate", "require_language", "require_second"]


def can_translate(reel: ReelSpec) -> bool:
    """Whether the reel's model turns what is spoken into its second language.

    Raises: ModelMissing.
    """
    spoken = reel.subtitles.spoken or reel.subtitles.language
    if reel.captions.second != "en" or spoken == "en":
        return False
    return find_model(reel.subtitles.model, reel.subtitles.engine).can_translate


def require_second(reel: ReelSpec, where: str, *, is_there: bool, is_a_persons: bool) -> None:
    """See that the draft at `where` is a person's, or that a model can write it.

    Raises: CampaignProblems where nobody has written it and nobody can; ModelMissing where none is there either.
    """
    if is_a_persons:
        return
    language = reel.captions.second
    try:
        if can_translate(reel):
            return
    except ModelMissing:
        if not is_there:
            raise
        return  # what the model wrote is here; whether it will do is seen where it is read
    if language == "en":
        found = Said(
            f"no such file, and {reel.subtitles.model} does not translate",
            ko=f"파일이 없고 모델 {reel.subtitles.model}은(는) 번역하지 못함",
        )
    else:
        found = Said(
            f"no such file, and no model translates into {language}",
            ko=f"파일이 없고 {language}(으)로 번역하는 모델도 없음",
        )
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=where,
                found=found,
                expected=Said(
                    f"subtitles in {language}, for `second: {language}` asks for them",
                    ko=f"`second: {language}`에 쓸 {language} 자막",
                ),
                remedy=Said(
                    "put the translated subtitles there, or leave `second` out",
                    ko="번역한 자막을 그 자리에 넣거나 `second`를 빼 주세요.",
                ),
            ),
        )
    )


_FEW_LETTERS = 10
"""A file with fewer is no proof of a language."""


def require_language(cues: tuple[Cue, ...], language: str, draft: str) -> None:
    """Refuse a second language that is the wrong one: Hangul where none is wanted, or none where it is.

    Raises: CampaignProblems.
    """
    letters = [c for cue in cues for c in cue.text if c.isalpha()]
    hangul = sum("가" <= c <= "힣" for c in letters)
    is_korean = 2 * hangul > len(letters)
    if len(letters) < _FEW_LETTERS or is_korean == (language == "ko"):
        return
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=draft,
                found=Said("text that is mostly Hangul", ko="대부분 한글인 글")
                if is_korean
                else Said("text with little or no Hangul", ko="한글이 거의 없는 글"),
                expected=Said(f"subtitles in {language}", ko=f"{language} 자막"),
                remedy=Said(
                    "put the translated subtitles there, or mend `second`",
                    ko="번역한 자막을 그 자리에 넣거나 `second`를 고쳐 주세요.",
                ),
            ),
        )
    )
