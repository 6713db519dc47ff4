"""The rules of lint: what each one is about, how bad it is to break it, its bound and where that comes from.

Plain values: `docs/subtitle-rules.md` and its Korean sister are held to this table by a test, and a finding can
only name a rule that stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reels.errors import Language
from reels.said import Said, in_language

__all__ = ["RULES", "RULE_IDS", "Rule", "Severity", "rule_rows"]

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`severity` is the worst that a finding of this rule can be; `bound` says when it is less."""

    id: str
    severity: Severity
    what: Said
    bound: Said
    source: Said


_GUIDE = Said("Netflix Korean Timed Text Style Guide", ko="넷플릭스 한국어 자막 안내서")
_TIMING = Said("Netflix Timed Text timing guidelines", ko="넷플릭스 자막 시각 지침")
_RENDER = Said("what the render can do", ko="영상을 만들 때의 조건")
_BRAND = Said("the brand", ko="브랜드")
_HABIT = Said("what editors mark", ko="편집자들이 고치는 점")
_RECOGNISER = Said("what the recogniser heard", ko="음성 인식 결과")


def _rule(
    rule_id: str, severity: Severity, what: tuple[str, str], bound: tuple[str, str], source: Said
) -> Rule:
    return Rule(
        id=rule_id,
        severity=severity,
        what=Said(what[0], ko=what[1]),
        bound=Said(bound[0], ko=bound[1]),
        source=source,
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "campaign.value",
        "error",
        ("a key or a value of the campaign", "캠페인의 키나 값"),
        ("as the campaign's page says", "캠페인 안내에 적힌 대로"),
        _RENDER,
    ),
    _rule(
        "brand.contrast",
        "warning",
        ("letters on the brand's colours", "브랜드 색 위의 글자"),
        ("contrast 4.5:1", "대비 4.5:1"),
        Said("WCAG 2.2, 1.4.3", ko="WCAG 2.2, 1.4.3"),
    ),
    _rule(
        "brand.file",
        "error",
        ("a logo, font, intro or outro of the brand", "브랜드의 로고, 글꼴, 시작과 끝 영상"),
        ("opens and can be drawn", "열리고 그릴 수 있음"),
        _RENDER,
    ),
    _rule(
        "brand.font-hangul",
        "error",
        ("letters that the brand's font lacks", "브랜드 글꼴에 없는 글자"),
        (
            "the 2,350 syllables of KS X 1001; a warning for others of the 11,172, for Latin, digits and signs",
            "KS X 1001의 2,350자; 11,172자 가운데 나머지와 로마자, 숫자, 기호는 경고",
        ),
        _RENDER,
    ),
    _rule(
        "brand.font-licence",
        "warning",
        ("a font of the brand without a licence", "사용 조건을 적지 않은 브랜드 글꼴"),
        ("`licence` and `attribution`", "`licence`와 `attribution`"),
        _BRAND,
    ),
    _rule(
        "brand.logo-size",
        "warning",
        ("width of the logo in the template", "템플릿에서 로고의 너비"),
        ("the brand's `min_width_px`", "브랜드의 `min_width_px`"),
        _BRAND,
    ),
    _rule(
        "brand.logo-space",
        "warning",
        ("free space around the logo", "로고 둘레의 빈 자리"),
        ("the brand's `clear_space`", "브랜드의 `clear_space`"),
        _BRAND,
    ),
    _rule(
        "brand.logo-ground",
        "warning",
        ("what the logo stands on", "로고가 놓인 바탕"),
        (
            "one of the brand's `grounds`; a fifth of the logo with contrast 3:1",
            "브랜드의 `grounds` 가운데 하나; 로고의 5분의 1이 대비 3:1",
        ),
        Said("WCAG 2.2, 1.4.11", ko="WCAG 2.2, 1.4.11"),
    ),
    _rule(
        "brand.music-licence",
        "warning",
        ("music that the brand does not list", "브랜드에 적지 않은 음악"),
        ("one of the brand's `music`, where it lists any", "적은 것이 있으면 브랜드의 `music` 가운데 하나"),
        _BRAND,
    ),
    _rule(
        "brand.kogl",
        "warning",
        ("a 공공누리 type that asks for attribution", "출처표시가 조건인 공공누리 유형"),
        ("a `credit`", "`credit`"),
        Said("KOGL types 1–4", ko="공공누리 제1–4유형"),
    ),
    _rule(
        "template.contrast",
        "warning",
        ("letters of the template in the brand's colours", "브랜드 색을 입힌 템플릿의 글자"),
        ("contrast 4.5:1; 3:1 from 56 px, subtitles 4.5:1", "대비 4.5:1; 56픽셀부터 3:1, 자막은 4.5:1"),
        Said("WCAG 2.2, 1.4.3", ko="WCAG 2.2, 1.4.3"),
    ),
    _rule(
        "footage.readable",
        "error",
        ("footage that opens and shows a picture", "열리고 화면이 나오는 영상"),
        ("every file", "모든 파일"),
        _RENDER,
    ),
    _rule(
        "caption.limits",
        "error",
        ("length of the post's text, number of hashtags", "게시글의 길이와 해시태그 수"),
        ("the platform's", "플랫폼마다 정한 값"),
        Said("`reels platforms`", ko="`reels platforms`"),
    ),
    _rule(
        "reel.layout",
        "error",
        ("room for the subtitles", "자막이 들어갈 자리"),
        ("inside every platform's safe area", "모든 플랫폼의 안전 영역 안"),
        Said("`reels platforms`", ko="`reels platforms`"),
    ),
    _rule(
        "draft.readable",
        "error",
        ("a subtitle file that can be read", "읽을 수 있는 자막 파일"),
        ("SRT, VTT, SBV, ASS or Whisper's JSON", "SRT, VTT, SBV, ASS, Whisper의 JSON"),
        _RENDER,
    ),
    _rule(
        "draft.empty",
        "warning",
        ("a file of a person without any subtitle", "사람이 고친 뒤 자막이 하나도 없는 파일"),
        ("at least one", "하나 이상"),
        _HABIT,
    ),
    _rule(
        "draft.language",
        "error",
        ("letters of the language that was asked for", "정한 언어의 글자"),
        (
            "half of at least 20 letters; a warning for the first language",
            "20자 이상 가운데 절반; 첫째 언어에서는 경고",
        ),
        _RENDER,
    ),
    _rule(
        "draft.second",
        "error",
        ("subtitles for `second`", "`second`에 쓸 자막"),
        ("a file, or for English a model that translates", "자막 파일, 영어는 번역하는 모델도 가능"),
        _RENDER,
    ),
    _rule(
        "draft.order",
        "info",
        ("cues in the order of their times", "시각 순서대로 놓인 자막"),
        ("sorted when read", "읽을 때 정렬됨"),
        _HABIT,
    ),
    _rule(
        "draft.decomposed",
        "info",
        ("Hangul in one piece (NFC)", "완성형 한글(NFC)"),
        ("composed when read", "읽을 때 합쳐짐"),
        Said("Unicode, UAX #15", ko="유니코드 UAX #15"),
    ),
    _rule(
        "draft.outdated",
        "warning",
        ("a person's draft from an earlier recognition", "이전 음성 인식에서 나온, 사람이 고친 초안"),
        ("the latest one of the footage", "영상의 가장 최근 인식"),
        _RECOGNISER,
    ),
    _rule(
        "draft.waiting",
        "warning",
        ("a newer draft that nobody has looked at (`.new.srt`)", "아무도 보지 않은 새 초안(`.new.srt`)"),
        ("none", "없음"),
        _HABIT,
    ),
    _rule(
        "draft.orphan",
        "warning",
        (
            "a draft without footage in the campaign, or with another ending than `.srt`",
            "캠페인에 영상이 없거나 `.srt`로 끝나지 않는 초안",
        ),
        ("none", "없음"),
        _HABIT,
    ),
    _rule(
        "cue.glyph",
        "error",
        ("a sign that the reel's font cannot draw", "릴스의 글꼴에 없는 글자"),
        ("none; a warning where no reel shows the cue", "없음; 어느 릴스에도 보이지 않는 자막이면 경고"),
        _RENDER,
    ),
    _rule(
        "cue.lines",
        "warning",
        ("lines of a cue", "자막의 줄 수"),
        (
            "2, or the style's; more are shown as several cues",
            "2줄 또는 스타일의 줄 수; 넘으면 여러 자막으로 나뉨",
        ),
        _GUIDE,
    ),
    _rule(
        "cue.line-width",
        "warning",
        ("width of a line", "줄의 너비"),
        (
            "16 units and the width of the safe area; a note where it stays one cue when broken anew",
            "16자와 안전 영역의 너비; 다시 나누어도 한 자막이면 참고",
        ),
        _GUIDE,
    ),
    _rule(
        "cue.word-width",
        "warning",
        ("width of one word", "한 어절의 너비"),
        ("a line; a wider one is broken inside", "한 줄; 넘으면 어절 안에서 나뉨"),
        _GUIDE,
    ),
    _rule(
        "cue.reading-speed",
        "error",
        ("units a second", "초당 글자 수"),
        (
            "12 in Korean; an error above 17; after the reel's cuts",
            "한국어 12자; 17자를 넘으면 오류; 릴스를 자른 뒤",
        ),
        _GUIDE,
    ),
    _rule(
        "cue.too-short",
        "warning",
        ("shortest time on screen", "가장 짧게 보이는 시간"),
        ("5/6 s", "5/6초"),
        _TIMING,
    ),
    _rule(
        "cue.too-long",
        "warning",
        ("longest time on screen", "가장 오래 보이는 시간"),
        ("7 s", "7초"),
        _TIMING,
    ),
    _rule(
        "cue.gap",
        "info",
        ("pause between two cues", "두 자막 사이의 틈"),
        ("2 frames; made when rendering", "2프레임; 영상을 만들 때 맞춰짐"),
        _TIMING,
    ),
    _rule(
        "cue.overlap",
        "warning",
        ("two cues at once", "겹치는 두 자막"),
        ("none; the earlier one gives way", "없음; 앞의 자막이 먼저 사라짐"),
        _TIMING,
    ),
    _rule(
        "cue.stranded",
        "warning",
        ("a line break between words that belong together", "붙어 있어야 할 말 사이의 줄 바꿈"),
        ("것, 수, units, titles, auxiliary verbs", "것, 수, 단위, 직함, 보조용언"),
        Said("한글 맞춤법 41–43", ko="한글 맞춤법 제41–43항"),
    ),
    _rule(
        "cue.broken-word",
        "warning",
        ("a line break inside a word", "어절 안의 줄 바꿈"),
        ("none", "없음"),
        _GUIDE,
    ),
    _rule(
        "cue.line-end",
        "info",
        ("a full stop or a comma at a line's end", "줄 끝의 마침표나 쉼표"),
        ("left out when shown", "보일 때 빠짐"),
        _GUIDE,
    ),
    _rule(
        "cue.ellipsis",
        "info",
        ("three dots", "점 세 개"),
        ("one sign (…) when shown", "보일 때 한 글자(…)로 바뀜"),
        _GUIDE,
    ),
    _rule(
        "cue.markup",
        "warning",
        ("text that other programs read as markup", "다른 프로그램이 명령으로 읽는 글"),
        ("none", "없음"),
        Said("WebVTT, ASS and SRT as programs read them", ko="WebVTT, ASS, SRT를 읽는 방식"),
    ),
    _rule(
        "cue.glossary",
        "warning",
        ("a term that the glossary writes otherwise", "용어집과 다르게 쓴 말"),
        ("none", "없음"),
        Said("the campaign's glossary", ko="캠페인의 용어집"),
    ),
    _rule(
        "cue.known-phrase",
        "warning",
        (
            "a phrase that models invent, in a draft that nobody edited",
            "아무도 고치지 않은 초안에 든, 모델이 흔히 지어내는 문구",
        ),
        (
            "none without a voice; where voices are not known, a plain thank-you is none",
            "말소리 없는 곳에 없음; 말소리를 알 수 없으면 단순한 감사 인사는 제외",
        ),
        _RECOGNISER,
    ),
    _rule(
        "cue.silence",
        "warning",
        ("a cue where nobody was heard", "말소리가 없는 곳의 자막"),
        ("within 1 s of speech", "말소리에서 1초 안"),
        _RECOGNISER,
    ),
    _rule(
        "cue.missing",
        "warning",
        ("speech without a cue that a reel plays", "릴스에 나오는, 자막이 없는 말소리"),
        ("less than 1 s", "1초 미만"),
        _RECOGNISER,
    ),
    _rule(
        "cue.beyond-end",
        "warning",
        ("a cue after the footage's end", "영상이 끝난 뒤의 자막"),
        ("1 s", "1초"),
        _RENDER,
    ),
    _rule(
        "cue.across-point",
        "info",
        ("a cue across an in or out point", "시작점이나 끝점에 걸친 자막"),
        ("none; it is cut there", "없음; 그 자리에서 잘림"),
        _HABIT,
    ),
    _rule(
        "cue.marked",
        "info",
        ("a cue marked to be cut (`[x]`)", "잘라 낼 표시(`[x]`)가 있는 자막"),
        ("`cut.text` in a reel that uses the file", "그 파일을 쓰는 릴스에 `cut.text`"),
        _HABIT,
    ),
)

RULE_IDS = frozenset(rule.id for rule in RULES)

_SEVERITIES: dict[Severity, str] = {"error": "오류", "warning": "경고", "info": "참고"}


def rule_rows(language: Language) -> tuple[tuple[str, str, str, str, str], ...]:
    """The table for people: id, worst severity, what it is about, bound, source."""
    return tuple(
        (
            rule.id,
            _SEVERITIES[rule.severity] if language == "ko" else rule.severity,
            in_language(rule.what, language),
            in_language(rule.bound, language),
            in_language(rule.source, language),
        )
        for rule in RULES
    )
