"""`index.html`: a page on which whoever has to approve watches every reel, reads its caption and what the check found.

One file without scripts and without anything from elsewhere; films and covers are those beside it. All texts are the
campaign's and the footage's own: none of them is ever markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from reels import __version__
from reels.errors import Language
from reels.kit.collected import CollectedFinding, CollectedReel
from reels.platforms import list_platforms
from reels.said import Said, in_language

__all__ = ["GENERATOR", "page_text"]

GENERATOR = "reels"
"""Stands in the page, so that a later run knows it for its own."""

_STYLE = """
:root { color-scheme: light dark; --line: #c8ccd2; --soft: #5b6470; --bad: #b3261e; --warn: #8a5a00; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a4048; --soft: #a3abb5; --bad: #ff8a80; --warn: #ffc266; --good: #7ddba0; }
}
* { box-sizing: border-box; }
body { font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif;
  margin: 0 auto; max-width: 76rem; padding: 1.5rem; word-break: keep-all; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
h3 { font-size: 1rem; margin: 0; }
.lead { color: var(--soft); margin: 0.25rem 0 0; }
.platforms { display: flex; flex-wrap: wrap; gap: 1.5rem; }
article { flex: 1 1 17rem; max-width: 23rem; }
video { width: 100%; aspect-ratio: 9 / 16; background: #000; border-radius: 0.5rem; display: block; margin: 0.5rem 0; }
.facts { color: var(--soft); font-size: 0.9rem; margin: 0.25rem 0; }
.caption { white-space: pre-wrap; border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem; margin: 0.5rem 0;
  font: inherit; user-select: all; }
.state { font-weight: 600; }
.bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); }
ul { margin: 0.25rem 0; padding-left: 1.2rem; }
li { margin: 0.1rem 0; }
a { color: inherit; }
summary { cursor: pointer; padding: 0.6rem 0; }
table { border-collapse: collapse; font-size: 0.95rem; margin: 1rem 0 0; }
td, th { text-align: left; padding: 0.4rem 0.9rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'sha256-{_HASH}'"


def page_text(campaign: str, reels: Sequence[CollectedReel], language: Language) -> str:
    """The page as HTML in `language`; the same folder gives the same bytes."""

    def say(said: Said) -> str:
        return escape(in_language(said, language))

    by_reel = [(name, list(ones)) for name, ones in groupby(reels, key=lambda one: one.reel)]
    count = Said(
        f"{len(by_reel)} reels, {len(reels)} deliveries",
        ko=f"릴스 {len(by_reel)}편, 납품 {len(reels)}건",
    )
    title = escape(campaign or in_language(Said("Reels", ko="릴스"), language))
    parts = [
        "<!doctype html>",
        f'<html lang="{language}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        f'<meta name="generator" content="{GENERATOR} {escape(__version__)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f'<header><h1>{title}</h1><p class="lead">{say(count)}</p></header>',
        "<main>",
        *_overview(by_reel, language),
        *(part for number, (_, ones) in enumerate(by_reel) for part in _reel(number, ones, language)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _overview(by_reel: Sequence[tuple[str, Sequence[CollectedReel]]], language: Language) -> Iterator[str]:
    """A row for each reel with what a supervisor looks for first."""
    heads = [
        Said("Reel", ko="릴스"),
        Said("Length", ko="길이"),
        Said("Platforms", ko="플랫폼"),
        Said("Check", ko="점검"),
    ]
    cells = "".join(f'<th scope="col">{escape(in_language(head, language))}</th>' for head in heads)
    yield f"<table><thead><tr>{cells}</tr></thead><tbody>"
    for number, (name, ones) in enumerate(by_reel):
        lengths = sorted({_clock(one.duration_s) for one in ones})
        platforms = ", ".join(_platform(one.platform, language) for one in ones)
        kind, said = _state([finding for one in ones for finding in one.findings])
        yield (
            f'<tr><td><a href="#reel-{number}">{escape(ones[0].title or name)}</a></td>'
            f"<td>{escape(', '.join(lengths))}</td><td>{escape(platforms)}</td>"
            f'<td class="state {kind}">{escape(in_language(said, language))}</td></tr>'
        )
    yield "</tbody></table>"


def _reel(number: int, ones: Sequence[CollectedReel], language: Language) -> Iterator[str]:
    first = ones[0]
    yield f'<section id="reel-{number}"><h2>{escape(first.title or first.reel)}</h2>'
    if first.title:
        yield f'<p class="lead">{escape(first.reel)}</p>'
    yield '<div class="platforms">'
    for one in ones:
        yield from _delivery(one, language)
    yield "</div></section>"


def _delivery(one: CollectedReel, language: Language) -> Iterator[str]:
    def say(said: Said) -> str:
        return escape(in_language(said, language))

    platform = _platform(one.platform, language)
    names = {file.name for file in one.files}
    poster = f' poster="{_link(one, "cover.jpg")}"' if "cover.jpg" in names else ""
    label = escape(f"{one.title or one.reel}, {platform}", quote=True)
    yield f"<article><h3>{escape(platform)}</h3>"
    yield f'<video controls preload="none" src="{_link(one, one.film)}"{poster} aria-label="{label}"></video>'
    yield f'<p class="facts">{escape(_clock(one.duration_s))} · {escape(_size(one))}</p>'
    kind, said = _state(one.findings)
    yield f'<p class="state {kind}">{say(said)}</p>'
    if one.findings:
        listed = "".join(
            f"<li>{escape(f.rule)}: {escape(f.found)} ({escape(f.expected)})</li>" for f in one.findings
        )
        yield f"<ul>{listed}</ul>"
    if one.caption.strip():
        length = _caption_length(one)
        yield f'<h4 class="facts">{say(Said(f"Caption{length}", ko=f"본문{length}"))}</h4>'
        yield f'<pre class="caption">{escape(one.caption.rstrip())}</pre>'
    links = "".join(f'<li><a href="{_link(one, name)}">{escape(name)}</a></li>' for name in sorted(names))
    yield f"<details><summary>{say(Said('Files', ko='파일'))}</summary><ul>{links}</ul></details></article>"


def _state(findings: Sequence[CollectedFinding]) -> tuple[str, Said]:
    broken = sum(one.severity == "error" for one in findings)
    warned = len(findings) - broken
    if broken:
        return "bad", Said(f"{broken} rules broken", ko=f"규칙 {broken}개 어김")
    if warned:
        return "warn", Said(f"passed, {warned} to look at", ko=f"통과, 살펴볼 것 {warned}개")
    return "good", Said("passed", ko="통과")


def _caption_length(one: CollectedReel) -> str:
    if one.caption_length is None:
        return ""
    return f" {one.caption_length:,}" + (f" / {one.caption_limit:,}" if one.caption_limit else "")


def _platform(name: str, language: Language) -> str:
    known = {platform.name: platform for platform in list_platforms()}
    if name not in known:
        return name
    return known[name].title_ko if language == "ko" else known[name].title


def _link(one: CollectedReel, name: str) -> str:
    """A relative address; every sign that could end or change it is quoted."""
    return "/".join(quote(part, safe="") for part in (*one.folder.split("/"), name))


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _size(one: CollectedReel) -> str:
    film = next((file.size_bytes for file in one.files if file.name == one.film), 0)
    return f"{film / 1_000_000:.1f} MB"
