"""`observe`: everything that can be seen of a finished file, put together.

Reads, measures, judges nothing: `check` stands after it. It trusts no declared rate, duration or flag that
can be measured, and knows nothing of how the file was made; `boxes` and MediaInfo give a second opinion.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from reels.boxes import BoxesUnreadable, Movie, read_movie
from reels.errors import FootageMissing, FootageRefused
from reels.observe.decoding import decode
from reels.observe.mediainfo import disagreements
from reels.observe.observation import Observation
from reels.observe.packets import read_streams
from reels.said import Said, with_reason

__all__ = ["observe"]


def observe(path: Path, *, on_progress: Callable[[Fraction], None] | None = None) -> Observation:
    """Measure the finished file at `path`; `on_progress` gets the seconds decoded so far.

    Raises: FootageMissing, FootageRefused, FootageDamaged, NoVideoStream; ToolMissing.
    """
    size = _size_of_file(path)
    movie, movie_problem = _read_movie(path)
    read = read_streams(path)
    if movie is not None and not movie.complete:
        read.problems.append("the file ends before its last box does")
    decoded = decode(
        path,
        picture_track=read.video_index,
        picture_times=read.times,
        last_until=read.shown_until,
        other_videos=read.other_videos,
        sounds=read.sounds,
        on_progress=on_progress,
    )
    return Observation(
        path=path,
        size_bytes=size,
        container=_container(path, movie, read.format_name),
        movie=movie,
        movie_problem=movie_problem,
        streams=tuple(read.streams),
        video=read.video,
        audio=read.audio,
        duration=read.duration,
        loudness=decoded.loudness,
        black=decoded.black,
        frozen=decoded.frozen,
        silent=decoded.silent,
        flashing=decoded.flashing,
        private=read.private,
        disagreements=disagreements(path, movie, read.video, read.audio),
        problems=(*read.problems, *decoded.problems),
    )


def _size_of_file(path: Path) -> int:
    try:
        if path.is_dir():
            raise FootageRefused(path=str(path), found=Said("a folder", ko="폴더"))
        if not path.exists():
            raise FootageMissing(path=str(path))
        # A named pipe or a device would wait or run on without end.
        if not path.is_file():
            found = Said("no regular file", ko="파일이 아닌 장치나 파이프")
            raise FootageRefused(path=str(path), found=found)
        size = path.stat().st_size
    except OSError as error:
        found = with_reason("a file that cannot be read ({})", "읽을 수 없는 파일: {}", error)
        raise FootageRefused(path=str(path), found=found) from error
    if size == 0:
        raise FootageRefused(path=str(path), found=Said("an empty file", ko="빈 파일"))
    return size


def _read_movie(path: Path) -> tuple[Movie | None, str]:
    try:
        return read_movie(path), ""
    except BoxesUnreadable as error:
        return None, str(error)


def _container(path: Path, movie: Movie | None, format_name: str) -> str:
    """The container as people name it; the demuxer's name covers whole families."""
    if "mov" in format_name.split(","):
        return "mov" if movie is None or movie.is_quicktime else "mp4"
    if "matroska" in format_name:
        with path.open("rb") as file:
            return "webm" if b"webm" in file.read(64) else "mkv"
    return format_name
