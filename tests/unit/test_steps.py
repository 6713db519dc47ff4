"""Steps as values: everything that decides a result decides its fingerprint, and nothing else does.

No field is listed by hand: each work value is walked to its last leaf, so that a field added tomorrow is covered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest

from reels.art.colour import BLACK, WHITE
from reels.art.elements import (
    BeforeAfterElement,
    CardElement,
    CardLook,
    CountdownElement,
    CounterElement,
    CounterLook,
    CoverLook,
    Element,
    EndElement,
    Ground,
    ListElement,
    ListLook,
    LowerThirdElement,
    LowerThirdLook,
    Motion,
    PictureElement,
    PictureLook,
    PlateElement,
    PlateLook,
    ProgressElement,
    ProgressLook,
    Shade,
    TitleElement,
    TitleLook,
)
from reels.cues import CueRules
from reels.encode import PictureSpec, SoundSpec
from reels.fingerprint import paths_in
from reels.fonts import load_font
from reels.framing import CropPath, FramingReport, Glide, ShotFraming
from reels.geometry import PORTRAIT_1080, Raster
from reels.graph.music import Bed
from reels.graph.picture import PictureSource, VideoPiece
from reels.graph.sound import AudioPiece
from reels.hearing import HeardSound
from reels.media import AudioStream, MediaInfo, VideoStream
from reels.platforms import load_platform
from reels.recognise import RecognitionOptions
from reels.resources import fonts_dir
from reels.steps import (
    ArtWork,
    AudioWork,
    CardPiece,
    CheckWork,
    ChunkWork,
    CoverFrame,
    CoverWork,
    DeliverWork,
    DraftWork,
    Framed,
    FrameWork,
    FramingWork,
    GroundWork,
    HearingWork,
    JoinWork,
    Kind,
    LogoWork,
    LoudnessWork,
    OverlayUse,
    PictureTold,
    Plan,
    ProbeWork,
    ShadeWork,
    SoundTold,
    StabiliseWork,
    Step,
    TextTold,
    TranscribeWork,
    Work,
    entry_for,
)
from reels.store import JournalEntry
from reels.subtitles import AssStyle, Cue, Sidecar
from reels.timing import TimeRange

FONT = fonts_dir() / "Pretendard-Bold.otf"
SPEC = PictureSpec(rate=Fraction(30000, 1001))
SOURCE = PictureSource(
    path=Path("footage/IMG_0412.MOV"),
    stored=Raster(1920, 1080),
    sar=Fraction(1),
    interlaced=False,
    transfer="sdr",
    video_stream=0,
    container_start=Fraction(0),
)
PIECE = VideoPiece(source=SOURCE, start=Fraction(1), frames=118, framing="centre")
GLIDE = Glide(
    range_in_source=TimeRange(Fraction(1), Fraction(5)),
    origin=Fraction(1),
    step=Fraction(4),
    lefts=(0, 0, 16, 32),
    tops=(0,),
)
FOLLOWED = dataclasses.replace(
    PIECE,
    framing="follow",
    path=CropPath(raster_in_source=Raster(1920, 1080), width=9720, height=17280, glides=(GLIDE,)),
)
SHOT = ShotFraming(
    range_in_source=TimeRange(Fraction(0), Fraction(5)),
    manner="follow",
    people=1,
    looks=15,
    with_face=14,
    whole_face=13,
)
TRACK = AudioStream(
    index=1,
    codec="aac",
    channels=2,
    layout="stereo",
    sample_rate_hz=48_000,
    first_pts=Fraction(0),
    last_pts_end=Fraction(16),
)
MEDIA = MediaInfo(
    container="mov,mp4,m4a,3gp,3g2,mj2",
    duration=Fraction(5),
    start_time=Fraction(0),
    video=VideoStream(
        index=0,
        codec="h264",
        profile="High",
        coded=Raster(1920, 1080),
        display=Raster(1920, 1080),
        sar=Fraction(1),
        rotation=0,
        mirrored=False,
        rate=Fraction(30),
        variable_frame_rate=False,
        interlaced=False,
        transfer="sdr",
        tagged_primaries="bt709",
        tagged_transfer="bt709",
        tagged_matrix="bt709",
        tagged_range="tv",
        pixel_format="yuv420p",
        bit_depth=8,
        first_pts=Fraction(0),
        last_pts_end=Fraction(5),
        frame_count=150,
    ),
    audio=(),
    notes=(),
)
CUE = Cue(start=Fraction(1), end=Fraction(2), lines=("안녕하세요", "한빛시입니다"))
MOTION = Motion(direction="from-left", travel_px=90, in_frames=12, out_frames=9)
STYLE = AssStyle(
    font=load_font(FONT),
    size_px=64,
    primary_colour="#FFFFFF",
    outline_colour="#000000",
    back_colour="#000000D9",
    outline_px=6,
    box=True,
    box_padding_px=16,
    margin_bottom_px=300,
    margin_left_px=120,
    margin_right_px=120,
)
TITLE = TitleElement(
    text="봄축제",
    look=TitleLook(font=FONT, size_px=108, text=WHITE, ground=BLACK, accent=WHITE, outline=BLACK),
    motion=MOTION,
    frames=105,
)
LOWER_THIRD = LowerThirdElement(
    name="김하늘",
    role="홍보담당관",
    look=LowerThirdLook(
        name_font=FONT,
        role_font=FONT,
        name_size_px=68,
        role_size_px=46,
        text=WHITE,
        ground=BLACK,
        accent=WHITE,
    ),
    motion=MOTION,
    frames=120,
)
PICTURE_LOOK = PictureLook(font=FONT, size_px=42, text=WHITE, ground=BLACK, accent=WHITE)
COUNTER_LOOK = CounterLook(
    font=FONT, label_font=FONT, size_px=150, label_size_px=48, text=WHITE, ground=BLACK, accent=WHITE
)
CARD_LOOK = CardLook(
    font=FONT,
    body_font=FONT,
    text_size_px=108,
    body_size_px=56,
    label_size_px=44,
    text=WHITE,
    accent=WHITE,
    label_text=BLACK,
    label_ground=WHITE,
    plate=BLACK,
)
ELEMENTS: Mapping[str, Element] = {
    "title": TITLE,
    "lower third": LOWER_THIRD,
    "plate": PlateElement(
        text="한옥마을",
        small="3장",
        icon="pin",
        look=PlateLook(font=FONT, size_px=48, text=WHITE, ground=BLACK, accent=WHITE, outline=BLACK),
        motion=MOTION,
        frames=120,
    ),
    "picture": PictureElement(
        picture=Path("art/map.png"), caption="약도", look=PICTURE_LOOK, motion=MOTION, frames=120
    ),
    "before and after": BeforeAfterElement(
        before=Path("art/before.png"),
        after=Path("art/after.png"),
        before_label="전",
        after_label="후",
        look=PICTURE_LOOK,
        motion=MOTION,
        frames=120,
        wipe_frames=18,
    ),
    "list": ListElement(
        head="준비물",
        items=("모자", "물"),
        numbered=False,
        look=ListLook(
            head_font=FONT, font=FONT, head_size_px=60, size_px=48, text=WHITE, ground=BLACK, accent=WHITE
        ),
        motion=MOTION,
        frames=120,
        apart_frames=18,
    ),
    "counter": CounterElement(
        start=Fraction(0),
        end=Fraction(12500),
        decimals=0,
        unit="명",
        label="관람객",
        look=COUNTER_LOOK,
        motion=MOTION,
        frames=120,
        count_frames=45,
    ),
    "countdown": CountdownElement(seconds=5, look=COUNTER_LOOK, motion=MOTION, frames=120),
    "progress": ProgressElement(look=ProgressLook(colour=WHITE, ground=BLACK, height_px=10), frames=178),
    "card": CardElement(
        label="질문",
        text="축제는 언제일까요?",
        body="정답은 다음 장에",
        items=("토요일", "일요일"),
        numbered=True,
        foot="한빛시",
        look=CARD_LOOK,
        motion=MOTION,
        frames=90,
        apart_frames=15,
        icon="clock",
        picture=Path("art/poster.png"),
    ),
    "end card": EndElement(
        name="한빛시",
        text="만나요",
        logo=Path("logo.png"),
        address="https://hanbit.example",
        qr="https://hanbit.example",
        credits=("영상: 한빛시",),
        licence="공공누리 제1유형",
        licence_mark=Path("kogl.png"),
        look=CARD_LOOK,
        motion=MOTION,
        frames=90,
    ),
}
ROOM = Raster(900, 300)
ART = ArtWork(element=TITLE, room=ROOM, raster=PORTRAIT_1080, rate=SPEC.rate, where="campaign.yaml:14 title")

WORKS: Mapping[str, Work] = {
    "probe": ProbeWork(footage=Path("footage/IMG_0412.MOV")),
    "hearing": HearingWork(
        footage=Path("footage/IMG_0412.MOV"), tracks=(TRACK,), duration=Fraction(16), channel=0
    ),
    "transcribe": TranscribeWork(
        footage=Path("footage/IMG_0412.MOV"),
        stream=1,
        options=RecognitionOptions(model="", glossary=("한옥마을",)),
        model="models/large",
        model_identity="large@1234",
    ),
    "draft": DraftWork(
        transcript="f" * 64,
        draft="IMG_0412.ko.srt",
        rules=CueRules(font=load_font(FONT), font_size_px=64, max_width_px=840),
    ),
    "framing": FramingWork(
        footage=Path("footage/IMG_0412.MOV"),
        media=MEDIA,
        range_in_source=TimeRange(Fraction(1), Fraction(5)),
        aspect=Fraction(9, 16),
        nobody="fit",
    ),
    "stabilise": StabiliseWork(
        footage=Path("footage/IMG_0412.MOV"),
        media=MEDIA,
        range_in_source=TimeRange(Fraction(1), Fraction(5)),
    ),
    "logo": LogoWork(logo=Path("logo.png"), room=ROOM, raster=PORTRAIT_1080, opacity=Fraction(1, 2)),
    **{name: dataclasses.replace(ART, element=element) for name, element in ELEMENTS.items()},
    "ground": GroundWork(
        ground=Ground(colour=BLACK, second=WHITE, picture=Path("art/poster.png"), shade=Fraction(3, 5)),
        raster=PORTRAIT_1080,
    ),
    "shade": ShadeWork(shade=Shade(colour=BLACK, opacity=Fraction(3, 5)), raster=PORTRAIT_1080),
    "chunk": ChunkWork(
        pieces=(
            PIECE,
            dataclasses.replace(PIECE, framing="fit"),
            FOLLOWED,
            CardPiece(ground="9" * 64, frames=60),
        ),
        overlays=(
            OverlayUse(art="a" * 64, left=120, top=288, first_frame=-60, frames=105),
            OverlayUse(art="b" * 64, left=120, top=288, still=True),
        ),
        cues=(CUE,),
        style=STYLE,
        first_frame=118,
        spec=SPEC,
    ),
    "frame": FrameWork(
        shown=ChunkWork(pieces=(PIECE,), overlays=(), cues=(CUE,), style=STYLE, first_frame=118, spec=SPEC)
    ),
    "loudness": LoudnessWork(
        pieces=(
            AudioPiece(
                path=Path("footage/IMG_0412.MOV"),
                stream=1,
                container_start=Fraction(0),
                start=Fraction(1),
                samples=48_000,
            ),
        ),
        bed=Bed(
            path=Path("music/봄.mp3"),
            stream=0,
            start=Fraction(2),
            level_lu=-10,
            duck_db=Fraction(10),
            fade_in=Fraction(1),
            fade_out=Fraction(2),
        ),
    ),
    "audio": AudioWork(sound="b" * 64, spec=SoundSpec()),
    "join": JoinWork(chunks=("c" * 64, "d" * 64), chunk_frames=(118, 60), audio="e" * 64, rate=SPEC.rate),
    "cover": CoverWork(
        chosen="auto",
        frames=(CoverFrame(frame=7, clip=0, piece=PIECE, around=(PIECE,), shown=0),),
        picture=None,
        title="봄축제",
        look=CoverLook(font=FONT, size_px=132, text=WHITE, ground=BLACK, accent=WHITE),
        spec=SPEC,
        limit_bytes=2_000_000,
    ),
    "check": CheckWork(master="1" * 64, platforms=(load_platform("instagram-reels"),)),
    "deliver": DeliverWork(
        master="1" * 64,
        check="2" * 64,
        cover="3" * 64,
        folder="hello/instagram-reels",
        name="hello",
        sidecars=(Sidecar(language="ko", srt_name="hello.ko.srt", cues=(CUE,)),),
        caption="만나요!",
        text=TextTold(title_length=None, title_limit=None, length=4, limit=2200, counting="utf-16-units"),
        audio="4" * 64,
        platform="instagram-reels",
        title="봄축제",
        frames=178,
        rate=SPEC.rate,
        footage=("footage/IMG_0412.MOV",),
        words_from=("nano-ko@1234",),
        sound=(SoundTold(clip=0, heard=HeardSound(stream=2, track=2, tracks=4, channel=1)),),
        framed=(Framed(clip=0, report=FramingReport(shots=(SHOT,))),),
        picture=(PictureTold(clip=0, lut="looks/warm.cube", stabilised=True),),
    ),
}

PLACES = {
    # Who asks for it, for messages.
    "cover": {"where"},
    # Where the model lies here; which bytes it holds is `model_identity`.
    "transcribe": {"model"},
    # How the model was asked for and how messages call the footage; what was heard is `transcript`.
    "draft": {"model", "where"},
    # Which line of the campaign file an element stands on, for messages.
    **{name: {"where"} for name in ELEMENTS},
}
"""The fields that may differ between two machines or two states of a file without changing the result."""


class Contents(dict[Path, str]):
    """Every file has the same content unless it is said."""

    def __missing__(self, path: Path) -> str:
        return "content"


def entry(
    work: Work, *, needs: tuple[str, ...] = (), identity: Mapping[Path, str] | None = None, **tools: str
) -> JournalEntry:
    return entry_for(work, needs=needs, tools=tools, identity=identity or Contents())


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """`value` changed in one place, once for each place, with the way there; paths are not changed."""
    if isinstance(value, Path):
        return
    if isinstance(value, bool):
        yield "", not value
    elif isinstance(value, int):
        yield "", value + 1
    elif isinstance(value, float):
        yield "", value + 0.5
    elif isinstance(value, Fraction):
        yield "", value + Fraction(1, 7)
    elif isinstance(value, str):
        yield "", value + "x"
    elif isinstance(value, date):
        yield "", value + timedelta(days=1)
    elif isinstance(value, tuple):
        if value:
            yield "[without the last]", value[:-1]
        for place, item in enumerate(value):
            for way, changed in variants(item):
                yield f"[{place}]{way}", (*value[:place], changed, *value[place + 1 :])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if not field.compare:
                continue
            held = getattr(value, field.name)
            if held is not None and type(None) in get_args(_type_of(value, field.name)):
                yield f".{field.name} none", _with(value, field.name, None)
            for way, changed in variants(held):
                yield f".{field.name}{way}", _with(value, field.name, changed)
    elif value is not None:
        raise AssertionError(f"no way to change a {type(value).__name__}")


def _type_of(value: Any, name: str) -> Any:
    from typing import get_type_hints

    return get_type_hints(type(value))[name]


def _with(value: Any, name: str, changed: Any) -> Any:
    try:
        return dataclasses.replace(value, **{name: changed})
    except ValueError:
        return value  # a change that makes no sense: no such value can exist


@pytest.mark.parametrize("name", WORKS)
def test_changing_any_one_thing_in_a_work_changes_its_fingerprint(name: str) -> None:
    work = WORKS[name]
    before = entry(work).fingerprint
    seen = {before: "nothing"}
    tried = 0
    for way, changed in variants(work):
        if changed == work:
            continue
        tried += 1
        after = entry(changed).fingerprint
        if way.removeprefix(".") in PLACES.get(name, ()):
            assert after == before, f"{way} only says where something is"
        else:
            assert after not in seen, f"{way} makes the same fingerprint as changing {seen.get(after)}"
            seen[after] = way
    assert tried >= len([f for f in dataclasses.fields(work) if f.name not in ("footage", "logo")])


def test_every_kind_of_work_is_walked() -> None:
    assert {type(element) for element in ELEMENTS.values()} == set(get_args(Element))
    assert {type(work) for work in WORKS.values()} == set(get_args(Work))
    assert {work.kind for work in WORKS.values()} == set(get_args(Kind))


@pytest.mark.parametrize("name", WORKS)
def test_where_a_file_lies_says_nothing_and_what_it_holds_says_everything(name: str) -> None:
    work = WORKS[name]
    before = entry(work)
    moved = _moved(work)
    assert entry(moved) == before
    for path in set(paths_in(work)):
        changed = entry(work, identity=Contents({path: "other content"}))
        assert changed.fingerprint != before.fingerprint
        assert changed.sources != before.sources
        assert changed.options == before.options
        assert changed.tools == before.tools


def _moved(value: Any) -> Any:
    """`value` with every path elsewhere, as after the campaign folder has been moved."""
    if isinstance(value, Path):
        return Path("/elsewhere") / value.name
    if isinstance(value, tuple):
        return tuple(_moved(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{f.name: _moved(getattr(value, f.name)) for f in dataclasses.fields(value)}
        )
    return value


@pytest.mark.parametrize("name", WORKS)
def test_needs_and_tools_decide_too_each_in_its_own_digest(name: str) -> None:
    work = WORKS[name]
    before = entry(work, needs=("a",), ffmpeg="9.0.2")
    other_needs = entry(work, needs=("b",), ffmpeg="9.0.2")
    other_tool = entry(work, needs=("a",), ffmpeg="9.1")
    assert len({before.fingerprint, other_needs.fingerprint, other_tool.fingerprint}) == 3
    assert (other_needs.options, other_needs.tools) == (before.options, before.tools)
    assert (other_tool.sources, other_tool.options) == (before.sources, before.options)


@pytest.mark.parametrize(
    ("name", "field", "changed", "digest"),
    [
        ("chunk", "cues", (), "sources"),
        ("chunk", "pieces", (PIECE,), "options"),
        ("title", "element", LOWER_THIRD, "sources"),
        ("title", "still", True, "options"),
        ("chunk", "overlays", (), "options"),
        ("shade", "shade", Shade(colour=WHITE, opacity=Fraction(3, 5)), "options"),
        ("cover", "title", "가을축제", "sources"),
        ("deliver", "caption", "다음에 만나요!", "sources"),
        ("transcribe", "model_identity", "small@5678", "sources"),
        ("transcribe", "options", RecognitionOptions(model="", beam=1), "options"),
        ("audio", "spec", SoundSpec(target_lufs=Fraction(-16)), "options"),
    ],
)
def test_words_and_pictures_count_as_sources_and_the_rest_as_options(
    name: str, field: str, changed: object, digest: str
) -> None:
    """The reason that a user reads depends on it: what was changed, or how it is to be made."""
    before = entry(WORKS[name])
    after = entry(_with(WORKS[name], field, changed))
    assert getattr(after, digest) != getattr(before, digest)
    assert after.tools == before.tools


def test_a_file_that_nobody_identified_is_an_error_and_not_the_same_as_any_other() -> None:
    with pytest.raises(KeyError):
        entry_for(WORKS["probe"], needs=(), tools={}, identity={})


def test_a_step_without_a_fingerprint_says_so() -> None:
    unknown = Step(id="hello join", kind="join", reel="hello", platform=None, reason="cascade", will_run=True)
    with pytest.raises(ValueError, match="hello join has no fingerprint yet"):
        unknown.made_as  # noqa: B018 - asking is what is tested


def test_a_plan_says_what_is_left_to_run() -> None:
    def step(name: str, *, will_run: bool) -> Step:
        return Step(id=name, kind="join", reel=None, platform=None, reason="new", will_run=will_run)

    assert [s.id for s in Plan(steps=(step("a", will_run=True), step("b", will_run=False))).to_run] == ["a"]
