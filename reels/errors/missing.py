"""A tool, a font or a model that is not there (5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError
from reels.said import Said

__all__ = [
    "ClusterUnreachable",
    "FontMissing",
    "GlyphMissing",
    "MissingError",
    "ModelMissing",
    "ToolMissing",
    "UnfitWorkers",
    "WorkersLost",
]


@dataclass(eq=False)
class MissingError(ReelsError):
    """A tool, font or model that is not there."""

    exit_code: ClassVar[int] = 5


@dataclass(eq=False)
class ToolMissing(MissingError):
    """A program or a capability of it: `found` says which one was looked at."""

    tool: str
    found: str
    remedy: str
    en: ClassVar[str] = "{tool} is missing ({found}); {remedy}"
    ko: ClassVar[str] = "{tool}이(가) 없습니다({found}). {remedy}"


@dataclass(eq=False)
class FontMissing(MissingError):
    """A font file that cannot be used."""

    path: str
    found: str
    en: ClassVar[str] = (
        "{path}: {found}; give a .ttf or .otf file, or leave the key out to use the shipped font"
    )
    ko: ClassVar[str] = (
        "{path}: 글꼴을 쓸 수 없습니다({found}). .ttf나 .otf 파일을 지정하거나 항목을 지워 기본 글꼴을 쓰세요."
    )


@dataclass(eq=False)
class GlyphMissing(MissingError):
    """A character that the font cannot draw; a box would be burned in."""

    where: str
    character: str
    codepoint: str
    font: str
    en: ClassVar[str] = (
        "{where}: the font {font} has no glyph for {character} ({codepoint}); delete the sign there or write it in words "
        "(Hanja in Hangul), or give the brand a font that has it"
    )
    ko: ClassVar[str] = (
        "{where}: 글꼴 {font}에 글자 {character}({codepoint})이(가) 없습니다. 그 글자를 지우거나 말로 바꾸고(한자는 한글로), "
        "꼭 필요하면 그 글자가 있는 글꼴을 브랜드에 지정하세요."
    )


@dataclass(eq=False)
class ModelMissing(MissingError):
    """A speech model that is neither a folder nor downloaded; without a `remedy` it is one that can be had."""

    model: str
    found: str
    remedy: str = ""
    en: ClassVar[str] = "model {model}: {found}; {remedy}"
    ko: ClassVar[str] = "모델 {model}: {found}. {remedy}"

    def __post_init__(self) -> None:
        self.remedy = self.remedy or Said(
            f"with a network run `reels models fetch {self.model}`, without one copy the model folder from "
            "another computer and give its path (--model FOLDER); only to try the flow with the demo footage there is "
            "--model nano-ko, which knows no more than the demo's words",
            ko=f"인터넷이 되면 `reels models fetch {self.model}`을(를) 실행하고, 안 되면 다른 컴퓨터에서 모델 폴더를 "
            "복사해 --model 폴더로 지정하세요. 예시 영상으로 흐름만 시험할 때는 --model nano-ko도 되지만, "
            "예시에 나오는 낱말밖에 모릅니다.",
        )


@dataclass(eq=False)
class ClusterUnreachable(MissingError):
    """No scheduler answers at the address."""

    address: str
    found: str
    en: ClassVar[str] = (
        "{address}: found no Dask scheduler that answers ({found}); start it with `dask scheduler` and give the address "
        "that it prints, what is finished is kept"
    )
    ko: ClassVar[str] = (
        "{address}: 답하는 Dask 스케줄러가 없습니다({found}). `dask scheduler`로 시작하고 화면에 나온 주소를 적어 주세요. "
        "끝난 부분은 남아 있습니다."
    )


@dataclass(eq=False)
class UnfitWorkers(MissingError):
    """There are workers, and none of them can do our work."""

    address: str
    reasons: str
    en: ClassVar[str] = (
        "{address}: found no worker that can be used; {reasons}; or leave --scheduler out to work on this computer alone"
    )
    ko: ClassVar[str] = (
        "{address}: 쓸 수 있는 작업 컴퓨터가 없습니다({reasons}). --scheduler를 빼면 이 컴퓨터에서만 작업합니다."
    )


@dataclass(eq=False)
class WorkersLost(MissingError):
    """A scheduler without workers."""

    address: str
    en: ClassVar[str] = (
        "{address}: found no worker for a minute; start one with `dask worker {address}` and run the same command again, "
        "what is finished is kept"
    )
    ko: ClassVar[str] = (
        "{address}: 1분 동안 작업 컴퓨터가 하나도 없습니다. `dask worker {address}`로 시작한 뒤 같은 명령을 다시 실행하세요. "
        "끝난 부분은 남아 있습니다."
    )
