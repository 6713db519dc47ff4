"""The cover: the best of the frames that the plan allows, or what a person wants, with its title.

Small pictures of each frame and those beside it are decoded one after the other: only one file is open at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from reels.art.cover import cover_title_places, draw_cover
from reels.art.photo import draw_photo
from reels.covering import Choice, Pictures, choose, face_boxes, measure
from reels.encode import PictureSpec
from reels.errors import ModelMissing
from reels.framing import CenterFace, MarkedFace, load_centerface
from reels.geometry import Box, Raster
from reels.graph.picture import build_frames, build_still
from reels.perform.bench import Bench
from reels.perform.picture import write_graph_files
from reels.said import Said
from reels.steps import CoverFrame, CoverWork
from reels.tools.ffmpeg import require_not_stopped, run_ffmpeg

__all__ = ["cover", "told_cover"]

_SMALL_WIDTH: Final = 270
_LOOKED_AT: Final = (2, 3)
"""The small picture is made so much smaller again before faces are looked for: half the time, and as many found."""


def cover(work: CoverWork, bench: Bench) -> None:
    with bench.folder() as folder:
        picture, faces, facts = _picture(work, bench, folder)
        finished = draw_cover(
            picture, work.title, work.look, faces=faces, largest_bytes=work.limit_bytes, where=work.where
        )
        (folder / "cover.jpg").write_bytes(finished)
        bench.publish(folder, facts, "cover.jpg")


def told_cover(facts: Mapping[str, Any], *, accepted: bool | None) -> dict[str, Any]:
    """What a report says of the cover; for a platform that takes none, which frame to choose there."""
    told: dict[str, Any] = {**facts, "frame_to_choose_s": None}
    if accepted is not False:
        return told
    at_s = facts.get("at_s")
    said = (
        Said(
            f"this platform takes no picture as a cover: choose the frame at {at_s:.1f} s when you post",
            ko=f"이 플랫폼은 표지 그림을 받지 않습니다. 올릴 때 {at_s:.1f}초 장면을 고르세요",
        )
        if at_s is not None
        else Said(
            "this platform takes no picture as a cover: choose a frame of the film when you post",
            ko="이 플랫폼은 표지 그림을 받지 않습니다. 올릴 때 영상의 한 장면을 고르세요",
        )
    )
    return told | {"frame_to_choose_s": at_s, "hint": {"en": str(said), "ko": said.ko}}


def _picture(
    work: CoverWork, bench: Bench, folder: Path
) -> tuple[Image.Image, tuple[Box, ...], dict[str, Any]]:
    """The picture, the faces in it that a title should leave free, and the facts of the result.

    Faces are looked for where a picture is to be chosen by them, or a title to stand beside them.
    """
    raster = work.spec.raster
    facts: dict[str, Any] = {
        "chosen": work.chosen,
        "frame": None,
        "at_s": None,
        "of": 0,
        "looked_for_faces": False,
        "why": None,
    }
    if work.picture is not None:
        photo = draw_photo(work.picture, raster=raster, ground=work.look.ground)
        return photo, *_faces_for_title(work, photo, facts)
    if work.ground:
        with Image.open(bench.need(work.ground).file("ground.png")) as ground:
            return ground.convert("RGB"), (), facts
    if not work.frames:
        return Image.new("RGB", (raster.width, raster.height), work.look.ground.rgb), (), facts
    choice = _best(work, bench, folder) if len(work.frames) > 1 else None
    taken = work.frames[choice.number if choice is not None else 0]
    still = _still(taken, work.spec, bench, folder)
    facts |= {
        "frame": taken.frame,
        "at_s": round(float(taken.frame / work.spec.rate), 3),
        "of": len(work.frames),
    }
    if choice is None:
        return still, *_faces_for_title(work, still, facts)
    said = choice.sentence
    why = {**choice.facts, "sentence": {"en": str(said), "ko": said.ko}}
    return still, choice.faces, facts | {"looked_for_faces": _detector() is not None, "why": why}


def _still(taken: CoverFrame, spec: PictureSpec, bench: Bench, folder: Path) -> Image.Image:
    command = build_still(taken.piece, spec, output="frame.png")
    write_graph_files(command, [taken.piece], folder)
    run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
    with Image.open(folder / "frame.png") as frame:
        picture: Image.Image = frame.convert("RGB")
    return picture


def _best(work: CoverWork, bench: Bench, folder: Path) -> Choice:
    raster = work.spec.raster
    small = _small(raster)
    places = cover_title_places(work.title, work.look, raster, where=work.where)
    measured = []
    for candidate in work.frames:
        require_not_stopped()
        pictures = _pictures(candidate, replace(work.spec, raster=small), bench, folder)
        faces = _marked(Image.fromarray(pictures[candidate.shown]))
        measured.append(measure(pictures, candidate.shown, faces, frame=candidate.frame, clip=candidate.clip))
    return choose(measured, places, small=small, raster=raster)


def _faces_for_title(
    work: CoverWork, picture: Image.Image, facts: dict[str, Any]
) -> tuple[tuple[Box, ...], dict[str, Any]]:
    """The faces in a picture that was not chosen by them, and the facts of the result with whether we looked."""
    if not work.title:
        return (), facts
    raster = work.spec.raster
    small = _small(raster)
    seen = picture.resize((small.width, small.height), Image.Resampling.BOX)
    one = measure(np.asarray(seen)[None], 0, _marked(seen), frame=0, clip=0)
    return face_boxes(one.faces, small, raster), facts | {"looked_for_faces": _detector() is not None}


def _marked(picture: Image.Image) -> tuple[MarkedFace, ...]:
    """The faces in a small picture; none without a detector, which a reel whose framing needs none can do without."""
    detector = _detector()
    if detector is None:
        return ()
    width, height = (pixels * _LOOKED_AT[0] // _LOOKED_AT[1] for pixels in picture.size)
    looked_at = picture.resize((width, height), Image.Resampling.BOX)
    return detector.find_marked(np.asarray(looked_at), shown_as=Raster(*picture.size))


def _detector() -> CenterFace | None:
    try:
        return load_centerface()
    except ModelMissing:
        return None


def _small(raster: Raster) -> Raster:
    return Raster(_SMALL_WIDTH, round(_SMALL_WIDTH * raster.height / raster.width / 2) * 2)


def _pictures(candidate: CoverFrame, spec: PictureSpec, bench: Bench, folder: Path) -> Pictures:
    """The candidate and the frames beside it."""
    command = build_frames(candidate.around, spec, output="frames.rgb")
    write_graph_files(command, candidate.around, folder)
    run_ffmpeg(command.arguments, doing=bench.step.doing, cwd=folder, graph=command.graph)
    raw = np.fromfile(folder / "frames.rgb", np.uint8)
    return raw.reshape(-1, spec.raster.height, spec.raster.width, 3)
