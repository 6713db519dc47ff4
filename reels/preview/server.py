"""The desk over HTTP: questions in, JSON and pictures out. Decides nothing; `guard` says who may ask, `desk` answers.

GET  /                                   the page, and its parts under /page/
GET  /api/campaign                       the reels with their states
GET  /api/reels/{reel}                   how a reel is laid out, its drafts, findings, note, approval
GET  /api/reels/{reel}/frames/{n}        frame n of the programme, PNG
GET  /api/reels/{reel}/film              the film to play, MP4; parts of it where a browser asks for parts
GET  /api/reels/{reel}/loudness          how loud the film is, a byte for each 20 ms
PUT  /api/drafts/{name}                  an edit of a draft
POST /api/drafts                         find, or replace, in every draft; or take that back
PUT  /api/reels/{reel}/clips/{n}         where a clip begins or ends
POST /api/reels/{reel}/{job}             prepare, play or render
PUT  /api/reels/{reel}/note, POST and DELETE /api/reels/{reel}/approval
GET  /api/fonts/{sha256}                 a font in which captions are set
GET  /api/news                           what has changed on disk and how far the work is, as it happens
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from reels.campaign.trimming import PointKey
from reels.errors import ReelsError, cannot_write
from reels.fonts import shipped_fonts
from reels.preview.desk import Desk, written_point
from reels.preview.drafting import Edit, cue_of
from reels.preview.loudness import loudness_of
from reels.preview.news import News
from reels.preview.shown import (
    clip_json,
    conflict_json,
    cue_json,
    draft_json,
    finding_json,
    not_believed_json,
    platform_json,
    range_json,
    reel_json,
    term_json,
)
from reels.render import NotYetKnown
from reels.said import Language, in_language

__all__ = ["application"]

_LOOK_EVERY_S: Final = 0.4
"""How often the files on disk are looked at while a page is open."""


def application(desk: Desk, page: Path, *, is_ending: Callable[[], bool]) -> Starlette:
    """The application without its guard; `page` is the folder with the page's parts.

    `is_ending` says when nobody shall be told news any more.
    """
    asked = _Asked(desk, is_ending)
    routes = [
        Route("/", lambda _: FileResponse(page / "index.html")),
        Mount("/page", StaticFiles(directory=page, follow_symlink=False)),
        Route("/api/campaign", asked.campaign),
        Route("/api/news", asked.news),
        Route("/api/fonts/{sha256}", asked.font),
        Route("/api/drafts", asked.replace, methods=["POST"]),
        Route("/api/drafts/{name}", asked.save, methods=["PUT"]),
        Route("/api/reels/{reel}", asked.reel),
        Route("/api/reels/{reel}/frames/{number:int}", asked.frame),
        Route("/api/reels/{reel}/film", asked.film),
        Route("/api/reels/{reel}/loudness", asked.loudness),
        Route("/api/reels/{reel}/clips/{clip:int}", asked.trim, methods=["PUT"]),
        Route("/api/reels/{reel}/note", asked.note, methods=["PUT"]),
        Route("/api/reels/{reel}/approval", asked.approve, methods=["POST"]),
        Route("/api/reels/{reel}/approval", asked.take_back, methods=["DELETE"]),
        Route("/api/reels/{reel}/{job}", asked.job, methods=["POST"]),
    ]
    return Starlette(
        routes=routes, exception_handlers={ReelsError: _told, OSError: _told, _Unfit: _told_unfit}
    )


class _Unfit(Exception):
    """A question that our own page never asks."""


class _Asked:
    """The questions. What waits for files or for ffmpeg is answered in threads, so that no question waits for another."""

    def __init__(self, desk: Desk, is_ending: Callable[[], bool]) -> None:
        self._desk = desk
        self._news = News(desk)
        self._is_ending = is_ending

    async def campaign(self, request: Request) -> Response:
        spoken = _language(request)
        return JSONResponse(await run_in_threadpool(lambda: self._overview(spoken)))

    def _overview(self, spoken: Language) -> dict[str, Any]:
        # What changes while we read is news of what was seen before.
        seen, campaign = self._news.seen(), self._desk.read_anew()
        return {
            "seen": seen,
            "name": campaign.name,
            "reels": [
                {
                    "id": one.spec.id,
                    "title": one.spec.title or "",
                    "state": one.state,
                    "approved": one.approved,
                    "error": one.error.sentence(spoken) if one.error is not None else None,
                }
                for one in self._desk.listed()
            ],
        }

    async def reel(self, request: Request) -> Response:
        spoken, reel = _language(request), request.path_params["reel"]
        return JSONResponse(await run_in_threadpool(lambda: self._reel(reel, spoken)))

    def _reel(self, reel_id: str, spoken: Language) -> dict[str, Any]:
        seen, opened = self._news.seen(), self._desk.open_reel(reel_id)
        spec, approval = opened.spec, opened.review.approval
        return {
            "seen": seen,
            "id": spec.id,
            "title": spec.title or "",
            "waits_for": [in_language(doing, spoken) for doing in opened.waits_for],
            "problem": opened.problem.sentence(spoken) if opened.problem is not None else None,
            "needs_listening": opened.needs_listening,
            "programme": reel_json(opened.cut) if opened.cut is not None else None,
            "clips": [clip_json(clip) for clip in opened.clips],
            "cuts_by_text": spec.cut.text,
            "drafts": [
                {
                    **draft_json(one.name, one.draft),
                    "language": one.language,
                    "clips": one.clips,
                    "terms": [term_json(term) for term in one.terms],
                    "not_believed": [not_believed_json(stretch, spoken) for stretch in one.not_believed],
                    "speech": [range_json(stretch) for stretch in one.speech],
                }
                for one in opened.drafts
            ],
            "findings": [finding_json(one, spoken) for one in opened.findings],
            "platforms": [platform_json(one, spoken) for one in spec.platforms],
            "handed_over": [
                {
                    "platform": one.platform,
                    "file": one.file,
                    "findings": [
                        {
                            "rule": found["rule"],
                            "severity": found["severity"],
                            "found": found["found"],
                            "expected": found["expected"],
                        }
                        for found in one.findings
                        if not found["ok"]
                    ],
                }
                for one in opened.handed_over
            ],
            "note": opened.review.note,
            "approval": None
            if approval is None
            else {"by": approval.by, "at": approval.at, "approved": opened.approved},
        }

    async def save(self, request: Request) -> Response:
        spoken, draft = _language(request), request.path_params["name"]
        asked = await _body(request)
        reel = _text(asked, "reel")
        edit = Edit(
            name=_text(asked, "edit"),
            version=_text(asked, "version"),
            perhaps=_text(asked, "perhaps"),
            decides=_text(asked, "decides"),
            cues=tuple(
                cue
                for one in _list(asked, "cues")
                if (cue := cue_of(_number(one, "start"), _number(one, "end"), _text(one, "text"))) is not None
            ),
        )
        status, answer = await run_in_threadpool(lambda: self._save(draft, edit, reel, spoken))
        return JSONResponse(answer, status_code=status)

    def _save(self, draft: str, edit: Edit, reel: str, spoken: Language) -> tuple[int, dict[str, Any]]:
        done = self._desk.drafts.save(draft, edit)
        answer = draft_json(draft, done.draft)
        if done.conflicts:
            merged = {
                "cues": [cue_json(cue) for cue in done.merged],
                "kept": done.kept.name if done.kept else "",
            }
            return 409, {**answer, **merged, "conflicts": [conflict_json(one) for one in done.conflicts]}
        # It is saved, whatever comes of it: words that cannot be drawn are told and stay to be mended.
        try:
            return 200, {**answer, "reel": self._reel(reel, spoken), "problem": None}
        except (ReelsError, OSError) as error:
            return 200, {**answer, "reel": None, "problem": _sentence(error, spoken)}

    async def replace(self, request: Request) -> Response:
        asked = await _body(request)
        drafts = self._desk.drafts
        if "back" in asked:
            done = await run_in_threadpool(drafts.take_back, _text(asked, "back"))
            return JSONResponse({"count": done.count, "back": done.name})
        what, besides = _text(asked, "find"), [str(name) for name in _list(asked, "besides")]
        if not what:
            raise _Unfit("nothing to find")
        if "by" not in asked:
            return JSONResponse({"count": await run_in_threadpool(drafts.count, what, besides=besides)})
        done = await run_in_threadpool(drafts.replace, what, _text(asked, "by"), besides=besides)
        return JSONResponse({"count": done.count, "back": done.name})

    async def trim(self, request: Request) -> Response:
        asked, reel, clip = await _body(request), request.path_params["reel"], request.path_params["clip"]
        keys: dict[str, PointKey] = {"in": "in", "out": "out"}
        key, name = keys.get(_text(asked, "key")), _text(asked, "name")
        if key is None:
            raise _Unfit("key is neither in nor out")
        point = written_point(_number(asked, "at"), key) if "at" in asked else _text_or_none(asked, "point")
        seen = self._desk.clip_in_file(reel, clip, name)
        was = _text_or_none(asked, "was")
        before = await run_in_threadpool(self._desk.trim, seen, key, point, was=was)
        return JSONResponse({"before": before, "now": point})

    async def frame(self, request: Request) -> Response:
        reel, number = request.path_params["reel"], request.path_params["number"]
        drawn = await run_in_threadpool(self._desk.frame, reel, number)
        return (
            _not_yet(drawn, request)
            if isinstance(drawn, NotYetKnown)
            else Response(drawn, media_type="image/png")
        )

    async def film(self, request: Request) -> Response:
        film = await run_in_threadpool(self._desk.film_to_play, request.path_params["reel"])
        return (
            _not_yet(film, request)
            if isinstance(film, NotYetKnown)
            else FileResponse(film, media_type="video/mp4")
        )

    async def loudness(self, request: Request) -> Response:
        film = await run_in_threadpool(self._desk.film_to_play, request.path_params["reel"])
        if isinstance(film, NotYetKnown):
            return _not_yet(film, request)
        return Response(await run_in_threadpool(loudness_of, film), media_type="application/octet-stream")

    async def font(self, request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        path = shipped_fonts()[0] if sha256 == "page" else self._desk.font(sha256)
        if path is None:
            raise HTTPException(404)
        kept = {"Cache-Control": "private, max-age=86400"}
        return FileResponse(path, media_type=f"font/{path.suffix.lower().lstrip('.')}", headers=kept)

    async def note(self, request: Request) -> Response:
        asked = await _body(request)
        await run_in_threadpool(self._desk.note, request.path_params["reel"], _text(asked, "note"))
        return JSONResponse({"ok": True})

    async def approve(self, request: Request) -> Response:
        asked = await _body(request)
        await run_in_threadpool(self._desk.approve, request.path_params["reel"], _text(asked, "by"))
        return JSONResponse({"ok": True})

    async def take_back(self, request: Request) -> Response:
        await run_in_threadpool(self._desk.take_back, request.path_params["reel"])
        return JSONResponse({"ok": True})

    async def job(self, request: Request) -> Response:
        begin = {"prepare": self._desk.prepare, "play": self._desk.make_film, "render": self._desk.render}
        if request.path_params["job"] not in begin:
            raise HTTPException(404)
        job = await run_in_threadpool(begin[request.path_params["job"]], request.path_params["reel"])
        return JSONResponse({"job": job.number}, status_code=202)

    async def news(self, request: Request) -> Response:
        spoken = _language(request)

        async def told() -> AsyncIterator[str]:
            last = ""
            while not self._is_ending() and not await request.is_disconnected():
                now = json.dumps(await run_in_threadpool(self._news.now, spoken), ensure_ascii=False)
                # A line now and then also where nothing is new: a browser that has gone is noticed by it.
                yield f"data: {now}\n\n" if now != last else ": \n\n"
                last = now
                await asyncio.sleep(_LOOK_EVERY_S)

        return StreamingResponse(told(), media_type="text/event-stream")


def _not_yet(awaited: NotYetKnown, request: Request) -> Response:
    """Accepted and not there: no fault, of which a browser would tell its console."""
    spoken = _language(request)
    return JSONResponse(
        {"waits_for": [in_language(step.doing, spoken) for step in awaited.steps]}, status_code=202
    )


async def _told(request: Request, error: Exception) -> Response:
    """What a person can mend, in one sentence."""
    return JSONResponse({"error": _sentence(error, _language(request))}, status_code=422)


def _sentence(error: Exception, spoken: Language) -> str:
    known = cannot_write(getattr(error, "filename", "") or "", error) if isinstance(error, OSError) else error
    assert isinstance(known, ReelsError)
    return known.sentence(spoken)


async def _told_unfit(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, status_code=400)


def _language(request: Request) -> Language:
    """The first of the browser's languages that we speak; English where it speaks neither."""
    wanted = request.headers.get("accept-language", "")
    for one in wanted.split(","):
        word = one.split(";")[0].strip().lower()
        if word.startswith("ko"):
            return "ko"
        if word.startswith("en"):
            return "en"
    return "en"


# --- what a page sends -----------------------------------------------------------------------------------


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        asked = json.loads(await request.body())
    except ClientDisconnect:
        raise HTTPException(413) from None
    except (ValueError, RecursionError):
        raise _Unfit("not JSON") from None
    if not isinstance(asked, dict):
        raise _Unfit("not an object")
    return asked


def _text(asked: Mapping[str, Any], key: str) -> str:
    word = asked.get(key) if isinstance(asked, Mapping) else None
    if not isinstance(word, str):
        raise _Unfit(f"{key} is no text")
    try:
        word.encode()
    except UnicodeEncodeError:  # half of a pair
        raise _Unfit(f"{key} is no text") from None
    return word


def _text_or_none(asked: Mapping[str, Any], key: str) -> str | None:
    return None if asked.get(key) is None else _text(asked, key)


def _number(asked: Mapping[str, Any], key: str) -> float:
    number = asked.get(key) if isinstance(asked, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 1e12:
        raise _Unfit(f"{key} is no time")
    return number


def _list(asked: Mapping[str, Any], key: str) -> list[Any]:
    found = asked.get(key)
    if not isinstance(found, list):
        raise _Unfit(f"{key} is no list")
    return found
