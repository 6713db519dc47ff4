"""Everything that may go wrong in a way that a user can mend.

Each class stores its facts, owns its sentence in English and Korean, and owns its exit code; one handler in
`reels.cli` prints the sentence. A sentence says where, what was found against what was expected, and what
to do. Nothing here reads a file or looks at the environment.

    ReelsError
    ├── UsageError (2)          the command line asks for something impossible
    │   └── OutputNotWritable   a folder that results should go to cannot be written
    ├── CampaignError (3)       campaign, brand, template or draft files
    │   ├── CampaignProblems    every problem found in one reading
    │   └── SubtitlesUnreadable
    ├── FootageError (4)        source media
    │   ├── FootageMissing      no such file
    │   ├── FootageRefused      not media that we open (playlist, text, folder, empty file …)
    │   ├── FootageDamaged      media, but broken
    │   ├── NoVideoStream
    │   └── RangeOutsideFootage
    ├── MissingError (5)        a tool, font or model that is not there
    │   ├── ToolMissing
    │   ├── FontMissing
    │   ├── GlyphMissing
    │   └── ModelMissing
    ├── ProcessError (6)        a child process or the disk failed
    │   ├── ChildFailed
    │   ├── DiskFailed
    │   ├── StepBroken          a fault of reels itself in one step
    │   └── StoreBusy
    ├── SeveralErrors           different errors of different reels, with their common code
    ├── CheckFailed (7)         some files break a platform's rule, or some reels failed
    ├── RulesBroken (7)         a reel that we made breaks a platform's rule and is not handed over
    └── Interrupted (130)
"""

from __future__ import annotations

import errno
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from reels.said import Language, Said, in_language, said_by_system

__all__ = [
    "CampaignError",
    "CampaignProblem",
    "CampaignProblems",
    "CheckFailed",
    "ChildFailed",
    "DiskFailed",
    "FontMissing",
    "FootageDamaged",
    "FootageError",
    "FootageMissing",
    "FootageRefused",
    "GlyphMissing",
    "Interrupted",
    "Language",
    "MissingError",
    "ModelMissing",
    "NoVideoStream",
    "OutputNotWritable",
    "ProcessError",
    "RangeOutsideFootage",
    "ReelsError",
    "RulesBroken",
    "SeveralErrors",
    "StepBroken",
    "StoreBusy",
    "SubtitlesUnreadable",
    "ToolMissing",
    "UsageError",
    "cannot_write",
    "one_of",
    "printable",
]


def printable(text: object) -> str:
    """`text` with every control character written as an escape, so that a file name cannot forge a message.

    A newline in a citizen's file name would otherwise start a line that looks like ours, and an escape
    sequence would reach the terminal.
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode("ascii")
        for c in str(text)
    )


class _Facts(string.Formatter):
    """Fills a sentence of one language with facts, each made printable."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(super().format_field(printable(in_language(value, self._language)), format_spec))


def _rebuild(cls: type[ReelsError], facts: Mapping[str, Any]) -> ReelsError:
    return cls(**facts)


@dataclass(eq=False)
class ReelsError(Exception):
    """The root. Subclasses are dataclasses whose fields are the facts of the sentence."""

    exit_code: ClassVar[int] = 6
    en: ClassVar[str] = ""
    ko: ClassVar[str] = ""

    def sentence(self, language: Language = "en") -> str:
        """The one sentence for the user."""
        template = self.ko if language == "ko" and self.ko else self.en
        return _Facts(language).vformat(template, (), vars(self))

    def status(self) -> int:
        """The exit code for this very error."""
        return self.exit_code

    def __str__(self) -> str:
        return self.sentence()

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception travels between processes by its args, which a dataclass leaves empty.
        return _rebuild, (type(self), dict(vars(self)))


# --- 2: usage --------------------------------------------------------------------------------------------


@dataclass(eq=False)
class UsageError(ReelsError):
    """The command line asks for something impossible: `where` names the option."""

    exit_code: ClassVar[int] = 2
    where: str
    found: str
    expected: str
    remedy: str
    en: ClassVar[str] = "{where}: found {found}, expected {expected}; {remedy}"
    ko: ClassVar[str] = "{where}: {found} — 필요한 값: {expected}. {remedy}"


@dataclass(eq=False)
class OutputNotWritable(UsageError):
    """A folder that results should go to cannot be written."""

    expected: str = Said("a folder that can be written to", ko="쓸 수 있는 폴더")
    remedy: str = Said(
        "choose another folder with -o, or change its permissions",
        ko="-o로 다른 폴더를 고르거나 권한을 바꿔 주세요.",
    )
    ko: ClassVar[str] = "{where}: 폴더에 쓸 수 없습니다({found}). {remedy}"


# --- 3: campaign -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class CampaignError(ReelsError):
    """A campaign, brand, template or draft file cannot be used as it stands."""

    exit_code: ClassVar[int] = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignProblem:
    """One problem in a campaign: `where` is `file:line key` such as `campaign.yaml:14 reels[2].title`."""

    where: str
    found: str
    expected: str
    remedy: str = ""

    def sentence(self, language: Language = "en") -> str:
        where, found, expected, remedy = (
            printable(in_language(fact, language))
            for fact in (self.where, self.found, self.expected, self.remedy)
        )
        if language == "ko":
            return f"{where}: {found} — 필요한 값: {expected}. {remedy}".rstrip()
        return f"{where}: found {found}, expected {expected}" + (f"; {remedy}" if remedy else "")


@dataclass(eq=False)
class CampaignProblems(CampaignError):
    """Every problem that one reading of the campaign found, a line each."""

    problems: tuple[CampaignProblem, ...]

    def sentence(self, language: Language = "en") -> str:
        return "\n".join(p.sentence(language) for p in self.problems)


@dataclass(eq=False)
class SubtitlesUnreadable(CampaignError):
    """A draft or subtitle file cannot be read; `line` counts from 1, 0 for the whole file."""

    path: str
    line: int
    found: str
    expected: str
    remedy: str = Said(
        "mend that line; without the file a new draft is made",
        ko="그 줄을 고쳐 주세요. 파일이 없으면 초안을 새로 만듭니다.",
    )
    en: ClassVar[str] = "{path}:{line}: found {found}, expected {expected}; {remedy}"
    ko: ClassVar[str] = "{path}:{line}: {found} — 필요한 형식: {expected}. {remedy}"


# --- 4: source media -------------------------------------------------------------------------------------


@dataclass(eq=False)
class FootageError(ReelsError):
    """Source media that cannot be used."""

    exit_code: ClassVar[int] = 4


@dataclass(eq=False)
class FootageMissing(FootageError):
    """No such file."""

    path: str
    en: ClassVar[str] = "{path}: no such file; check the name and the folder"
    ko: ClassVar[str] = "{path}: 파일이 없습니다. 이름과 폴더를 확인해 주세요."


@dataclass(eq=False)
class FootageRefused(FootageError):
    """A file that is not footage, or that we do not open because it points at other files."""

    path: str
    found: str
    expected: str = Said(
        "a video file from a camera, phone or drone (MP4, MOV, MKV, MTS, MXF, AVI, WebM)",
        ko="카메라, 휴대전화, 드론으로 찍은 영상 파일(MP4, MOV, MKV, MTS, MXF, AVI, WebM)",
    )
    remedy: str = Said("give the original video file", ko="촬영한 원본 영상을 넣어 주세요.")
    en: ClassVar[str] = "{path}: found {found}, expected {expected}; {remedy}"
    ko: ClassVar[str] = "{path}: 쓸 수 없는 파일입니다({found}) — 필요한 것: {expected}. {remedy}"


@dataclass(eq=False)
class FootageDamaged(FootageError):
    """Media that breaks off or cannot be decoded."""

    path: str
    found: str
    en: ClassVar[str] = "{path}: damaged ({found}); copy the file from the camera again"
    ko: ClassVar[str] = "{path}: 파일이 손상되었습니다({found}). 카메라에서 다시 복사해 주세요."


@dataclass(eq=False)
class NoVideoStream(FootageError):
    """Media without a picture."""

    path: str
    found: str
    en: ClassVar[str] = (
        "{path}: found {found}, expected a video stream; a reel needs a picture, give a video file"
    )
    ko: ClassVar[str] = "{path}: 화면이 없는 파일입니다({found}). 영상이 들어 있는 파일을 넣어 주세요."


@dataclass(eq=False)
class RangeOutsideFootage(FootageError):
    """In and out points that select nothing of the footage."""

    path: str
    in_point: str
    out_point: str
    duration: str
    en: ClassVar[str] = (
        "{path}: in {in_point} and out {out_point} select nothing of its {duration}; "
        "give an in point before the out point, both within the footage"
    )
    ko: ClassVar[str] = (
        "{path}: 시작 {in_point}, 끝 {out_point}은(는) 길이 {duration}인 영상에서 고를 것이 없습니다. "
        "시작을 끝보다 앞에, 둘 다 영상 길이 안에 두세요."
    )


# --- 5: something missing --------------------------------------------------------------------------------


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


# --- 6: processes and disks ------------------------------------------------------------------------------


@dataclass(eq=False)
class ProcessError(ReelsError):
    """A child process or the disk failed."""

    exit_code: ClassVar[int] = 6


@dataclass(eq=False)
class ChildFailed(ProcessError):
    """A child process ended badly; keeps its argv, its last stderr lines and its filter graph."""

    tool: str
    doing: str
    exit_status: int
    last_lines: str
    argv: tuple[str, ...] = ()
    graph: str = ""
    en: ClassVar[str] = (
        "{doing}: {tool} ended with {exit_status} ({last_lines}); run again with --verbose for its whole command line"
    )
    ko: ClassVar[str] = (
        "{doing}: {tool}이(가) {exit_status}(으)로 끝났습니다({last_lines}). --verbose를 붙여 다시 실행하면 전체 명령이 보입니다."
    )


@dataclass(eq=False)
class DiskFailed(ProcessError):
    """Writing failed: full, read-only or vanished."""

    path: str
    found: str
    en: ClassVar[str] = (
        "{path}: cannot write ({found}); free some space or mend the drive and run the same command again"
    )
    ko: ClassVar[str] = (
        "{path}: 쓸 수 없습니다({found}). 공간을 비우거나 드라이브를 고친 뒤 같은 명령을 다시 실행하세요."
    )


_DISK_TROUBLES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def cannot_write(path: object, error: OSError) -> DiskFailed | OutputNotWritable:
    """The error to raise where nothing can be written: the disk's trouble, or a place that is not for us."""
    reason = said_by_system(error)
    if error.errno in _DISK_TROUBLES:
        return DiskFailed(path=str(path), found=reason)
    return OutputNotWritable(where=str(path), found=reason)


@dataclass(eq=False)
class StepBroken(ProcessError):
    """A fault of reels itself in one step; the other reels go on."""

    doing: str
    found: str
    en: ClassVar[str] = (
        "{doing}: found an error of reels itself ({found}); run again with --verbose and report what it prints"
    )
    ko: ClassVar[str] = (
        "{doing}: reels 자체의 오류입니다({found}). --verbose를 붙여 다시 실행하고 나온 내용을 알려 주세요."
    )


@dataclass(eq=False)
class StoreBusy(ProcessError):
    """Another run holds the campaign."""

    path: str
    holder: str
    en: ClassVar[str] = "{path}: in use by {holder}; wait for it to finish, then run the same command again"
    ko: ClassVar[str] = "{path}: 다른 작업({holder})이 쓰고 있습니다. 끝난 뒤 같은 명령을 다시 실행하세요."


@dataclass(eq=False)
class SeveralErrors(ReelsError):
    """Different things stood in the way of different reels or files; a line each."""

    errors: tuple[ReelsError, ...]

    def sentence(self, language: Language = "en") -> str:
        return "\n".join(dict.fromkeys(error.sentence(language) for error in self.errors))

    def status(self) -> int:
        codes = {error.status() for error in self.errors}
        return codes.pop() if len(codes) == 1 else CheckFailed.exit_code


def one_of(errors: Sequence[ReelsError]) -> ReelsError:
    """The error to raise for `errors`: itself where all say the same, else all of them together."""
    if len({str(error) for error in errors}) == 1:
        return errors[0]
    return SeveralErrors(errors=tuple(errors))


@dataclass(eq=False)
class CheckFailed(ReelsError):
    """Some files break a platform's rule, or some reels could not be made."""

    exit_code: ClassVar[int] = 7
    failed: int
    of: int
    what: str
    did: str = Said("failed", ko="실패했습니다")
    en: ClassVar[str] = "{failed} of {of} {what} {did}; the table above says which and why"
    ko: ClassVar[str] = "{what} {of}개 가운데 {failed}개가 {did}. 어느 것이 왜 그런지는 위의 표에 있습니다."


@dataclass(eq=False)
class RulesBroken(ReelsError):
    """A reel that we made breaks rules of a platform; it is not handed over."""

    exit_code: ClassVar[int] = 7
    reel: str
    platform: str
    rules: str
    en: ClassVar[str] = (
        "{reel} for {platform}: breaks {rules}; it was not handed over, change the reel or leave the platform out"
    )
    ko: ClassVar[str] = (
        "{reel}: {platform} 기준에 맞지 않습니다({rules}). 내보내지 않았으니 릴스를 고치거나 그 플랫폼을 빼 주세요."
    )


@dataclass(eq=False)
class Interrupted(ReelsError):
    """Stopped by the user; finished steps are kept."""

    exit_code: ClassVar[int] = 130
    en: ClassVar[str] = "interrupted; what is finished is kept, run the same command again to go on"
    ko: ClassVar[str] = "중단했습니다. 끝난 부분은 남아 있으니 같은 명령을 다시 실행하면 이어집니다."
