"""Source media that cannot be used (4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reels.errors.root import ReelsError
from reels.said import Said

__all__ = [
    "FootageDamaged",
    "FootageError",
    "FootageMissing",
    "FootageRefused",
    "NoVideoStream",
    "RangeOutsideFootage",
    "SourceChanged",
]


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
class SourceChanged(FootageError):
    """A file that was replaced, or went on growing, between planning and the end of a step that reads it."""

    path: str
    en: ClassVar[str] = (
        "{path}: changed while reels was working with it; wait until it is copied as a whole, then run the same command again"
    )
    ko: ClassVar[str] = (
        "{path}: 작업하는 동안 파일이 바뀌었습니다. 복사가 다 끝난 뒤 같은 명령을 다시 실행하세요."
    )


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
