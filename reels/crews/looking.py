"""Is a worker fit for the work: asked on the worker itself, judged where the run was started.

A worker must have our versions, or its results would not be ours; the same folder under the same path; the files that
the campaign names; and the speech models that it will need.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from reels import __version__
from reels.crews.relocation import Relocation
from reels.encode import Encoder
from reels.encoders import why_unusable
from reels.errors import ReelsError
from reels.machine import free_memory
from reels.recognise import find_model
from reels.said import Said, in_language, said_by_system
from reels.versions import tool_versions

__all__ = ["Expected", "Look", "look_around", "unfit_for", "versions_here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What each worker must have.

    `versions` are (name, version), `models` (name, engine, identity). `files` are seen under the same path, after
    shipped ones are looked for where the worker's own are. In `folder` lies a file called `token` that holds its name.
    """

    versions: tuple[tuple[str, str], ...]
    folder: Path
    token: str
    files: tuple[Path, ...]
    models: tuple[tuple[str, str, str], ...]
    encoder: Encoder
    relocation: Relocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a worker says of itself; the texts are empty where all is well."""

    machine: str
    versions: tuple[tuple[str, str], ...]
    broken: ReelsError | None = None
    folder: str = ""
    missing: str = ""
    encoder: str = ""
    free_memory: int = 0


def versions_here() -> tuple[tuple[str, str], ...]:
    """What results and messages between machines depend on. Raises: ToolMissing."""
    python = ".".join(platform.python_version_tuple()[:2])
    system = f"{platform.system()} {platform.machine()}"
    return (
        ("reels", __version__),
        ("python", python),
        ("system", system),
        *sorted(asdict(tool_versions()).items()),
    )


def look_around(expected: Expected) -> Look:
    """Runs on a worker: what is here, as values that travel."""
    versions: tuple[tuple[str, str], ...] = ()
    broken: ReelsError | None = None
    try:
        versions = versions_here()
        for name, engine, identity in expected.models:
            found = find_model(name, engine).identity
            versions += ((f"model {name}", "same" if found == identity else found),)
        encoder = why_unusable(expected.encoder) if expected.encoder != "x264" else None
    except ReelsError as error:
        broken, encoder = error, None
    files = (expected.relocation.of_path(path) for path in expected.files)
    return Look(
        machine=platform.node(),
        versions=versions,
        broken=broken,
        folder=_trouble_with(expected.folder, expected.token),
        missing=next((str(path) for path in files if not path.exists()), ""),
        encoder=encoder or "",
        free_memory=free_memory(),
    )


def _trouble_with(folder: Path, token: str) -> str:
    try:
        if (folder / token).read_text(encoding="ascii") != token:
            return Said("another folder", ko="다른 폴더")
        answer = folder / f"{token}-{platform.node()}-{os.getpid()}"
        answer.write_text(token, encoding="ascii")
        answer.unlink()
    except OSError as error:
        return said_by_system(error)
    return ""


def unfit_for(expected: Expected, look: Look) -> Iterator[Said]:
    """Each thing that a worker lacks, with what to do."""
    if look.folder:
        yield Said(
            f"it cannot use {expected.folder} ({look.folder}); mount the same storage there, with the right to write",
            ko=f"{expected.folder} 폴더를 쓸 수 없음({in_language(look.folder, 'ko')}). 같은 저장소를 같은 경로에, "
            "쓰기 권한과 함께 연결해 주세요",
        )
    elif look.missing:
        yield Said(
            f"it does not see {look.missing}; put it on storage that all machines see under the same path",
            ko=f"{look.missing} 파일이 보이지 않음. 모든 컴퓨터가 같은 경로로 보는 저장소에 두세요",
        )
    if look.broken is not None:
        yield Said(look.broken.sentence("en"), ko=look.broken.sentence("ko"))
        return
    if look.encoder:
        yield Said(
            f"the encoder {expected.encoder} does not work there ({look.encoder}); leave --encoder out",
            ko=f"그 컴퓨터에서 {expected.encoder} 인코더를 쓸 수 없음({look.encoder}). --encoder를 빼 주세요",
        )
    there = dict(look.versions)
    wanted = (*expected.versions, *((f"model {name}", "same") for name, _, _ in expected.models))
    for name, version in wanted:
        if there.get(name) == version:
            continue
        shown, found = name.replace("_", "-"), there.get(name, "none")
        here = (
            Said(version, ko=version) if version != "same" else Said("the one here", ko="이 컴퓨터와 같은 것")
        )
        yield Said(
            f"{shown} is {found} there, expected {here}; install the same there",
            ko=f"{shown}: 그 컴퓨터는 {found}, 필요한 것은 {here.ko}. 같은 것을 설치해 주세요",
        )
