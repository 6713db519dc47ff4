"""The words that go with a reel: title, body, hashtags and credit, as one platform counts them. Cut nowhere.

What is too long is told before anything is rendered, with how much of it are hashtags and credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reels.campaign.brand import licence_line
from reels.campaign.model import ReelSpec
from reels.deliver import caption_text
from reels.errors import CampaignProblem, Language
from reels.platforms import Platform
from reels.said import Said
from reels.steps import TextTold

__all__ = ["Post", "post_of", "text_problems", "text_told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is typed on the upload page: `title` where it has a field for one, and `text`, with their lengths as the platform
    counts them."""

    title: str
    text: str
    title_length: int
    text_length: int

    @property
    def as_file(self) -> str:
        """`caption.txt`: the title on a line of its own, an empty line, the text."""
        return "\n\n".join(part for part in (self.title, self.text) if part)


def post_of(reel: ReelSpec, platform: Platform) -> Post:
    """The words of `reel` for `platform`."""
    title = (reel.title or "") if platform.title_limit is not None else ""
    text = caption_text(reel.caption, reel.hashtags, credit=_credit(reel))
    return Post(
        title=title,
        text=text,
        title_length=platform.title_length(title),
        text_length=platform.caption_length(text),
    )


def _credit(reel: ReelSpec) -> tuple[str, ...]:
    """Whose music it is, whose film, and how others may use it: a line each."""
    if not reel.credit:
        return ()
    language: Language = "ko" if reel.subtitles.language == "ko" else "en"
    lines = (_of_music(reel, language), reel.brand.credit, licence_line(reel.brand, language))
    return tuple(line for line in lines if line)


def _of_music(reel: ReelSpec, language: Language) -> str:
    if reel.music is None:
        return ""
    piece = next((one for one in reel.brand.music if _is(one.path, one.name, reel.music.path)), None)
    if piece is None or not piece.attribution:
        return ""
    music = "음악" if language == "ko" else "Music"
    return f"{music}: {piece.title}, {piece.attribution}"


def _is(path: Path | None, name: str, played: Path) -> bool:
    return path == played if path is not None else name == played.name


def text_problems(reel: ReelSpec, platform: Platform) -> list[CampaignProblem]:
    """What the platform would refuse of the words that go with the reel."""
    post = post_of(reel, platform)
    problems = []
    if platform.title_limit is not None and post.title_length > platform.title_limit:
        problems.append(
            _too_long(
                reel, platform, "title", post.title_length, platform.title_limit, platform.title_counting
            )
        )
    if platform.caption_limit is not None and post.text_length > platform.caption_limit:
        problems.append(
            _too_long(
                reel, platform, "caption", post.text_length, platform.caption_limit, platform.caption_counting
            )
        )
    refused = "".join(sorted({sign for sign in post.as_file if sign in platform.refused_signs}))
    if refused:
        problems.append(
            CampaignProblem(
                where=_for(reel.where_of("caption"), platform),
                found=Said(f"the signs {refused}", ko=f"부호 {refused}"),
                expected=Said(
                    f"words without {platform.refused_signs}", ko=f"{platform.refused_signs}이(가) 없는 글"
                ),
                remedy=Said("write them otherwise", ko="다른 부호로 바꿔 주세요."),
            )
        )
    if platform.max_hashtags is not None and len(reel.hashtags) > platform.max_hashtags:
        problems.append(
            CampaignProblem(
                where=_for(reel.where_of("hashtags"), platform),
                found=Said(f"{len(reel.hashtags)} hashtags", ko=f"해시태그 {len(reel.hashtags)}개"),
                expected=Said(f"at most {platform.max_hashtags}", ko=f"{platform.max_hashtags}개 이하"),
                remedy=Said("keep the most important ones", ko="중요한 것만 남겨 주세요."),
            )
        )
    return problems


def _too_long(
    reel: ReelSpec, platform: Platform, key: str, length: int, limit: int, counting: str
) -> CampaignProblem:
    more = _with_what(reel, platform) if key == "caption" else Said("", ko="")
    shorten = Said(
        f"shorten the {key}", ko="제목을 줄여 주세요." if key == "title" else "문구를 줄여 주세요."
    )
    if key == "caption" and _credit(reel):
        shorten = Said(
            "shorten the caption, or leave the credit out with `credit: false`",
            ko="문구를 줄이거나 `credit: false`로 출처 표시를 빼 주세요.",
        )
    return CampaignProblem(
        where=_for(reel.where_of(key), platform),
        found=Said(f"{length} {counting}{more}", ko=f"{length} ({counting}){more.ko}"),
        expected=Said(f"at most {limit}", ko=f"{limit} 이하"),
        remedy=shorten,
    )


def _with_what(reel: ReelSpec, platform: Platform) -> Said:
    """How much of a caption is no body."""
    body = platform.caption_length(reel.caption)
    tags = platform.caption_length(" ".join(f"#{tag}" for tag in reel.hashtags))
    credit = platform.caption_length("\n".join(_credit(reel)))
    en = [f"{n} of {what}" for n, what in ((body, "text"), (tags, "hashtags"), (credit, "credit")) if n]
    ko = [f"{what} {n}" for n, what in ((body, "글"), (tags, "해시태그"), (credit, "출처")) if n]
    return Said(f": {', '.join(en)}", ko=f": {', '.join(ko)}")


def _for(where: str, platform: Platform) -> Said:
    return Said(f"{where} for {platform.name}", ko=f"{where}({platform.name})")


def text_told(post: Post, platform: Platform) -> TextTold:
    """What a report says of how long the words of a post are."""
    return TextTold(
        title_length=post.title_length if post.title else None,
        title_limit=platform.title_limit,
        length=post.text_length,
        limit=platform.caption_limit,
        counting=platform.caption_counting,
    )
