"""`campaign.yaml` → `Campaign`, once, with every problem reported together.

Resolves the cascade defaults < template < campaign < reel < option and makes paths absolute. It does not look
into footage; `lint` and the planner do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from reels.campaign.brand import DEFAULT_BRAND, Brand, load_brand
from reels.campaign.caption_keys import caption_options, subtitle_options
from reels.campaign.cover_keys import wanted_cover
from reels.campaign.cut_keys import ForeignClips, clips_of_edit, cut_options
from reels.campaign.framing_keys import wanted_framing
from reels.campaign.keys import is_empty_range
from reels.campaign.look_keys import look_of
from reels.campaign.model import (
    Campaign,
    ClipSpec,
    Origin,
    Person,
    ReelSpec,
    SubtitleOptions,
    Workspace,
)
from reels.campaign.own_platforms import named_platform
from reels.campaign.problems import no_such_file, problems_in
from reels.campaign.reading import Reading
from reels.campaign.reel_ids import duplicate_ids, unknown_reels
from reels.campaign.schema import CampaignFile, ClipKeys, LookKeys, ReelKeys
from reels.campaign.shown_keys import elements_of, shown_reel
from reels.campaign.sound_keys import music_of, sound_options
from reels.campaign.spreadsheet import reels_from_table
from reels.campaign.subtitle_style import load_subtitle_style
from reels.campaign.template import Template, load_template
from reels.campaign.yaml_with_lines import KeyPath, Located, load_yaml, written_path
from reels.cutting import NO_CUTS, CutOptions
from reels.errors import CampaignProblem, CampaignProblems, ReelsError, UsageError
from reels.footage import existing_file, existing_folder, path_on_disk
from reels.framing import WantedFraming
from reels.glossary import merged
from reels.platforms import Platform
from reels.said import Said
from reels.sound.soundtrack import SoundOptions

__all__ = ["DEFAULT_PLATFORMS", "DEFAULT_TEMPLATE", "find_campaign_file", "load_campaign"]

DEFAULT_PLATFORMS = ("instagram-reels", "youtube-shorts")
DEFAULT_TEMPLATE = "plain"

T = TypeVar("T")


def find_campaign_file(path: Path) -> Path:
    """The campaign file that `path` means: the file itself, or `campaign.yaml` in the folder.

    Raises: CampaignProblems.
    """
    if existing_folder(path) is not None:
        path = path / "campaign.yaml"
    if (file := existing_file(path)) is not None:
        return file
    raise CampaignProblems(
        problems=(
            CampaignProblem(
                where=str(path),
                found=Said("no such file", ko="없는 파일"),
                expected=Said(
                    "a campaign folder or its campaign.yaml", ko="캠페인 폴더나 그 안의 campaign.yaml"
                ),
                remedy=Said("make one with `reels init DIR`", ko="`reels init 폴더`로 만들어 주세요."),
            ),
        )
    )


def load_campaign(path: Path, *, only: Sequence[str] = (), platforms: Sequence[Platform] = ()) -> Campaign:
    """Read a campaign; `only` names the reels wanted (none: all), `platforms` overrides theirs.

    Raises: CampaignProblems with every problem of the file, its spreadsheet, its brand and its templates.
    """
    file = find_campaign_file(path)
    located, in_table = reels_from_table(load_yaml(file), root=file.parent)
    try:
        parsed = CampaignFile.model_validate(located.data)
    except ValidationError as error:
        raise CampaignProblems(problems=(*in_table, *problems_in(error, located, CampaignFile))) from None
    reader = _Reader(root=file.parent, located=located, campaign=parsed)
    reels = tuple(reader.reel(index, reel) for index, reel in enumerate(parsed.reels))
    problems = [*in_table, *reader.problems, *duplicate_ids(reels)]
    if not in_table:  # of a row that cannot be read the id may not be known
        problems += unknown_reels(reels, only, located)
    if problems:
        raise CampaignProblems(problems=tuple(problems))
    wanted = {unicodedata.normalize("NFC", name) for name in only}
    others = tuple(reel for reel in reels if wanted and reel.id not in wanted)
    reels = tuple(reel for reel in reels if reel not in others)
    if platforms:
        reels = tuple(
            replace(
                reel,
                platforms=tuple(platforms),
                origins=(*(o for o in reel.origins if o[0] != "platforms"), ("platforms", "option")),
            )
            for reel in reels
        )
    return Campaign(
        name=parsed.campaign,
        workspace=Workspace.of_campaign(file.parent),
        reels=reels,
        other_reels=others,
        order=tuple(reel.id for reel in parsed.reels),
    )


class _Reader:
    """Resolves one file's reels, remembering what is wrong with them."""

    def __init__(self, *, root: Path, located: Located, campaign: CampaignFile) -> None:
        self.root = root
        self.located = located
        self.campaign = campaign
        self.problems: list[CampaignProblem] = []
        self.reading = Reading(file=self._file, where=located.where, problem=self._add_once)
        self._brands: dict[Path, Brand | None] = {}
        self._templates: dict[str, Template] = {}
        self._reported: set[str] = set()

    def reel(self, index: int, reel: ReelKeys) -> ReelSpec:
        at: KeyPath = ("reels", index)
        origins: list[tuple[str, Origin]] = []

        def nearest_of(key: str, in_campaign: T | None, in_reel: T | None, default: T) -> T:
            for value, origin in ((in_reel, "reel"), (in_campaign, "campaign")):
                if value is not None:
                    origins.append((key, "reel" if origin == "reel" else "campaign"))
                    return value
            origins.append((key, "default"))
            return default

        outer = self.campaign
        framing = wanted_framing(nearest_of("framing", outer.framing, reel.framing, "auto"))
        platforms = nearest_of("platforms", outer.platforms, reel.platforms, list(DEFAULT_PLATFORMS))
        brand = nearest_of("brand", outer.brand, reel.brand, "")
        template = nearest_of("template", outer.template, reel.template, DEFAULT_TEMPLATE)

        def written_at(key: str, in_reel: object) -> KeyPath:
            return (*at, key) if in_reel is not None else (key,)

        captions = caption_options(outer.subtitles, reel.subtitles, origins)
        in_reel = reel.subtitles is not None and reel.subtitles.style is not None
        style_at: KeyPath = (*(at if in_reel else ()), "subtitles", "style")
        subtitles = subtitle_options(outer.subtitles, reel.subtitles, origins)
        in_reel = reel.subtitles is not None and reel.subtitles.second is not None
        second_at: KeyPath = (*(at if in_reel else ()), "subtitles", "second")
        if captions.second == subtitles.language:
            self._add_same_language(captions.second, second_at)
        in_reel = reel.subtitles is not None and reel.subtitles.spoken is not None
        self._require_translatable(subtitles, (*(at if in_reel else ()), "subtitles", "spoken"))
        own_brand = self._brand(brand, written_at("brand", reel.brand)) if brand else DEFAULT_BRAND
        wearing = own_brand or DEFAULT_BRAND
        own_template = self._template(template, written_at("template", reel.template))
        styled = self._styled(own_template or load_template(DEFAULT_TEMPLATE), captions.style, style_at)
        listed = tuple(
            self._clip(clip, (*at, "clips", number), framing)
            for number, clip in enumerate(reel.clips or ())
            if isinstance(clip, ClipKeys)
        )
        sound_options((outer.sound, reel.sound), origins)
        foreign = self._foreign(reel, listed, at, framing)
        shown = shown_reel(
            reel,
            outer,
            at,
            origins,
            self.reading,
            clips=listed if foreign is None else foreign.clips,
            template=own_template,
            brand=own_brand,
        )

        return ReelSpec(
            id=reel.id,
            clips=shown.clips,
            cards=shown.cards,
            elements=shown.elements,
            voice=shown.voice,
            ai=nearest_of("ai", outer.ai, reel.ai, False),
            end_card=nearest_of("end_card", outer.end_card, reel.end_card, None),
            credit=nearest_of("credit", outer.credit, reel.credit, True),
            cut=self._cut(reel, at, origins),
            edit_notes=foreign.notes if foreign is not None else (),
            platforms=self._platforms(platforms, written_at("platforms", reel.platforms)),
            template=styled,
            brand=wearing,
            subtitles=replace(subtitles, glossary=merged(subtitles.glossary, wearing.glossary)),
            captions=captions,
            music=music_of((outer.music, reel.music), at, origins, self.reading),
            cover=wanted_cover((outer.cover, reel.cover), at, origins, self.reading),
            frame_rate=nearest_of("frame_rate", outer.frame_rate, reel.frame_rate, "usual"),
            title=nearest_of("title", outer.title, reel.title, "") or None,
            caption=nearest_of("caption", outer.caption, reel.caption, ""),
            hashtags=tuple(dict.fromkeys(nearest_of("hashtags", outer.hashtags, reel.hashtags, []))),
            origins=tuple(origins),
            where=self.located.where(at),
            cells=tuple(
                (written_path(key), cell) for key, cell in self.located.elsewhere.get(at, {}).items() if key
            ),
        )

    def _clip(self, clip: ClipKeys, at: KeyPath, framing: WantedFraming) -> ClipSpec:
        if is_empty_range(clip.in_point, clip.out_point):
            self.problems.append(
                CampaignProblem(
                    where=self.located.where((*at, "out")),
                    found=str(clip.out_point),
                    expected=Said(f"a time after in {clip.in_point}", ko=f"in {clip.in_point}보다 늦은 시각"),
                )
            )
        cells, below = self.located.elsewhere.get(at[:2], {}), at[2:]
        return ClipSpec(
            footage=path_on_disk(clip.footage, beside=self.root),
            in_point=clip.in_point,
            out_point=clip.out_point,
            people=tuple(
                Person(name=person.name, role=person.role, where=cells.get((*below, "people", number), ""))
                for number, person in enumerate(clip.people)
            ),
            framing=wanted_framing(clip.framing) if clip.framing else framing,
            subtitles=self._file(clip.subtitles, (*at, "subtitles")) if clip.subtitles else None,
            where=self.located.where((*at, "footage")),
            elements=elements_of(clip.elements, at, self.reading),
            **self._look(at, clip),
            sound=self._sound(at, clip),
        )

    def _look(self, at: KeyPath, clip: ClipKeys | None = None) -> dict[str, Any]:
        """How the picture of a clip at `at` is seen; without one, of any clip of the reel there."""
        levels: list[tuple[LookKeys, KeyPath]] = [(self.campaign, ())]
        levels.append((self.campaign.reels[int(at[1])], at[:2]))
        if clip is not None:
            levels.append((clip, at))
        look = look_of(levels, self.reading)
        return {"lut": look.lut, "stabilise": look.stabilise}

    def _add_once(self, problem: CampaignProblem) -> None:
        # Keys of the campaign are read once for each reel.
        if problem not in self.problems:
            self.problems.append(problem)

    def _cut(self, reel: ReelKeys, at: KeyPath, origins: list[tuple[str, Origin]]) -> CutOptions:
        """What the reel cuts; a cut made elsewhere is done, and not cut again."""
        where = (*at, "cut") if reel.cut is not None else ("cut",)
        if reel.edit is not None:
            if reel.cut is not None:
                self._add_problem(
                    where,
                    Said("cuts of a reel whose cut is made elsewhere", ko="다른 곳에서 자른 릴스에 적은 cut"),
                    Said("`edit` or `cut`, not both", ko="`edit`와 `cut` 가운데 하나"),
                )
            return NO_CUTS
        try:
            return cut_options(self.campaign.cut, reel.cut, origins)
        except ValueError as error:
            found = Said("margins that fill the whole pause", ko="쉼을 다 채우는 여백")
            self._add_problem((*where, "silence"), found, error.args[0])
            return NO_CUTS

    def _sound(self, at: KeyPath, clip: ClipKeys | None = None) -> SoundOptions:
        reel = self.campaign.reels[int(at[1])]
        return sound_options((self.campaign.sound, reel.sound, clip.sound if clip is not None else None))

    def _foreign(
        self, reel: ReelKeys, listed: Sequence[ClipSpec], at: KeyPath, framing: WantedFraming
    ) -> ForeignClips | None:
        """The clips of the reel's `edit`; None where it has none."""
        if reel.edit is None:
            return None
        where = (*at, "edit")
        default = ClipSpec(footage=self.root, framing=framing, sound=self._sound(at), **self._look(at))
        nothing = ForeignClips(clips=(), notes=(), missing=())
        before = len(self.problems)
        path = self._file(reel.edit, where)
        if len(self.problems) > before:
            return nothing
        try:
            found = clips_of_edit(path, reel.edit, listed, root=self.root, default=default)
        except CampaignProblems as error:
            for one in error.problems:
                self.problems.append(replace(one, where=f"{self.located.where(where)} ({one.where})"))
            return nothing
        for name in found.missing:
            self._add_problem(
                where,
                Said(f"{name}, which is not there", ko=f"없는 파일 {name}"),
                Said("the footage that the cut plays", ko="컷에 쓰인 영상"),
                Said("copy it into footage/", ko="footage/ 폴더에 복사해 주세요."),
            )
        return found

    def _add_problem(self, at: KeyPath, found: str, expected: str, remedy: str = "") -> None:
        self._add_once(
            CampaignProblem(where=self.located.where(at), found=found, expected=expected, remedy=remedy)
        )

    def _platforms(self, names: Sequence[str], at: KeyPath) -> tuple[Platform, ...]:
        found = []
        for number, name in enumerate(dict.fromkeys(names)):
            try:
                found.append(named_platform(name, root=self.root, where="platforms"))
            except (UsageError, CampaignProblems) as error:
                self._add(error, (*at, number))
        return tuple(found)

    def _template(self, name: str, at: KeyPath) -> Template | None:
        """The template called `name`; None where it cannot be read, and that is told."""
        if name not in self._templates:
            try:
                found = load_template(name, root=self.root)
            except ReelsError as error:
                self._add(error, at)
                return None
            self._templates[name] = found
        return self._templates[name]

    def _add_same_language(self, second: str, at: KeyPath) -> None:
        if (where := self.located.where(at)) in self._reported:
            return
        self._reported.add(where)
        self.problems.append(
            CampaignProblem(
                where=where,
                found=Said(f"{second}, which is the first language too", ko=f"첫째 언어와 같은 {second}"),
                expected=Said("another language than `language`", ko="`language`와 다른 언어"),
                remedy=Said("leave it out for one language", ko="한 언어만 쓰려면 빼 주세요."),
            )
        )

    def _require_translatable(self, options: SubtitleOptions, at: KeyPath) -> None:
        """A problem where subtitles are wanted in a language that no model translates into."""
        where = self.located.where(at)
        if options.spoken in ("", options.language) or options.language == "en" or where in self._reported:
            return
        self._reported.add(where)
        self.problems.append(
            CampaignProblem(
                where=where,
                found=Said(
                    f"speech in {options.spoken}, subtitles in {options.language}",
                    ko=f"말은 {options.spoken}, 자막은 {options.language}",
                ),
                expected=Said(
                    "the language of the subtitles, or en as `language`: models translate into English only",
                    ko="자막과 같은 언어, 또는 `language`에 en(모델은 영어로만 번역함)",
                ),
                remedy=Said(
                    "leave it out and put a translated file into subtitles/",
                    ko="빼고, 번역한 자막 파일을 subtitles/에 넣어 주세요.",
                ),
            )
        )

    def _styled(self, template: Template, style: str, at: KeyPath) -> Template:
        """`template` with the subtitle style of that name instead of its own; empty: its own."""
        if not style:
            return template
        try:
            return replace(template, subtitles=load_subtitle_style(style))
        except ReelsError as error:
            self._add(error, at)
            return template

    def _brand(self, written: str, at: KeyPath) -> Brand | None:
        """The brand that is `written`, or lies in a folder of that name; None where it cannot be read, and that is told."""
        if existing_folder(written, beside=self.root) is not None:
            written = f"{written}/brand.yaml"
        path = path_on_disk(written, beside=self.root)
        if path not in self._brands:
            self._brands[path] = None
            before = len(self.problems)
            self._file(written, at)
            if len(self.problems) == before:
                try:
                    self._brands[path] = load_brand(path)
                except ReelsError as error:
                    self._add(error, at)
        return self._brands[path]

    def _add(self, error: ReelsError, at: KeyPath) -> None:
        """Remember another room's error as a problem of this file, once for each place."""
        where = self.located.where(at)
        if where in self._reported:
            return
        self._reported.add(where)
        if isinstance(error, CampaignProblems):
            for problem in error.problems:
                self._add_once(problem)
        elif isinstance(error, UsageError):
            self.problems.append(
                CampaignProblem(where=where, found=error.found, expected=error.expected, remedy=error.remedy)
            )
        else:
            self.problems.append(
                CampaignProblem(
                    where=where,
                    found=Said(error.sentence("en"), ko=error.sentence("ko")),
                    expected=Said("a file that can be used", ko="쓸 수 있는 파일"),
                )
            )

    def _file(self, written: str, at: KeyPath) -> Path:
        """The file that is `written`, or where it would be; one that is not there is told."""
        found = existing_file(written, beside=self.root)
        if found is not None:
            return found
        path = path_on_disk(written, beside=self.root)
        self._add_once(no_such_file(written, path, where=self.located.where(at)))
        return path
