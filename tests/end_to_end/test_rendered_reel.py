"""Finished reels, made by the real command and measured by other means than the product's own check.

One reel of plain grey carries all that is drawn over a picture; clappers tell which frame is shown when and
where the sound lies; test cards tell shape, place and colour. Each is rendered once.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
import yaml

from reels.campaign.brand import load_brand
from reels.campaign.model import Person, ReelSpec, SubtitleOptions
from reels.campaign.single import single_reel
from reels.campaign.template import load_template
from reels.edit import cut_clips
from reels.geometry import Box, Raster, scale_to_fit
from reels.plan.delivery import common_keep_clear, common_safe_area, picture_spec
from reels.plan.overlays import PlacedOverlay, overlays_of
from reels.plan.screen import Screen, screen_of, stage_for
from reels.platforms import load_platform
from reels.resources import assets_dir
from reels.timing import FrameRange, TimeRange, frame_nearest
from reels.tools.ffmpeg import run_ffmpeg
from tests.media.true_colours import standard

from .conftest import Reels
from .filmed import (
    BT601_LIMITED,
    BT709_FULL,
    BT709_LIMITED,
    CARD_COLOURS,
    UNTAGGED_BT601,
    UNTAGGED_BT709,
    Clapper,
    Coding,
    card,
    counted,
    film,
    flash_is_on,
    grey,
)
from .measure import (
    Packet,
    Picture,
    drawn_by_pillow,
    likeness,
    loudness_of,
    mp4_boxes,
    onsets,
    packets,
    pictures,
    rgb,
    sound,
    trimmed,
)

NTSC = Fraction(1000, 1001)
FRAME_LATE_S = 0.001
"""What a timestamp of a container may be off by."""


# --- the grey reel: everything that is drawn over a picture ----------------------------------------------

RATE = 30 * NTSC
FRAMES = 180
GREY = 126
TITLE, NAME, ROLE = "비빔밥축제에 놀러 오세요", "김하늘", "한빛시 홍보담당관 주무관"
LONG_LINE = "이번 주말 한빛시 비빔밥축제에 놀러 오세요"
CUES = (
    (Fraction(1), Fraction("2.05"), "한빛시 비빔밥축제"),
    # Across the border of two chunks, at 118 frames: 3.937 s.
    (Fraction("2.6"), Fraction("4.2"), LONG_LINE),
    (Fraction("4.75"), Fraction("5.79"), "함께 걸어요!"),
)
SECRETS = ("비밀 회의 녹화", "+35.8151+127.1530/", "이도윤의 전화기", "OfficePhone X9")


@dataclass(slots=True)
class Watched:
    """What was seen in the grey reel, frame by frame: how many pixels of each box are no longer grey."""

    file: Path
    screen: Screen
    overlays: tuple[PlacedOverlay, ...]
    caption_room: Box
    changed: dict[str, list[int]] = field(default_factory=dict)
    outside: list[int] = field(default_factory=list)
    times: list[Fraction] = field(default_factory=list)
    stills: dict[int, npt.NDArray[np.uint8]] = field(default_factory=dict)

    def overlay_frames(self, name: str) -> FrameRange:
        return next(o.shown for o in self.overlays if o.name == name)

    def overlay_box(self, name: str) -> Box:
        return next(o.box for o in self.overlays if o.name == name)

    @property
    def room(self) -> dict[str, Box]:
        return {o.name: o.box for o in self.overlays} | {"captions": self.caption_room}


def _speech(seconds: int) -> npt.NDArray[np.float32]:
    """The beginning of the demo's speech at 48 kHz, mono."""
    with av.open(str(assets_dir() / "demo" / "speech-festival.opus")) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        parts = [
            part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)
        ]
    return np.concatenate(parts)[: seconds * 48_000].astype(np.float32)


def _srt(cues: Sequence[tuple[Fraction, Fraction, str]]) -> str:
    def clock(at: Fraction) -> str:
        ms = round(at * 1000)
        return f"00:00:{ms // 1000:02},{ms % 1000:03}"

    return "\n".join(f"{n}\n{clock(a)} --> {clock(b)}\n{text}\n" for n, (a, b, text) in enumerate(cues, 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rendered")


@pytest.fixture(scope="module")
def grey_source(folder: Path) -> Path:
    """Six seconds of grey at 30000/1001 with the demo's speech, and with what nobody should read in a reel."""
    return film(
        folder / "회의 녹화.mov",
        [grey(Raster(270, 480), GREY)] * FRAMES,
        [n / RATE for n in range(FRAMES)],
        rate=RATE,
        sound=_speech(6),
        metadata={
            "title": SECRETS[0],
            "com.apple.quicktime.location.ISO6709": SECRETS[1],
            "comment": SECRETS[2],
            "com.apple.quicktime.model": SECRETS[3],
            "creation_time": "2026-10-03T05:06:07Z",
        },
    )


@pytest.fixture(scope="module")
def grey_reel(reels: Reels, folder: Path, grey_source: Path) -> Path:
    """The grey footage with given subtitles, title, name and mark, for both platforms that come by default."""
    subtitles = folder / "given.srt"
    subtitles.write_text(_srt(CUES), encoding="utf-8")
    options = ["--title", TITLE, "--name", NAME, "--role", ROLE, "--id", "grey"]
    out = folder / "grey"
    said = reels.run(
        *("make", grey_source, "-o", out, "--subtitles", subtitles, "--brand", assets_dir() / "brand"),
        *options,
    )
    assert said.files == [out / "grey" / name / "grey.mp4" for name in ("instagram-reels", "youtube-shorts")]
    assert said.files[0].read_bytes() == said.files[1].read_bytes()
    return said.files[0]


@pytest.fixture(scope="module")
def grey_packets(grey_reel: Path) -> tuple[Packet, ...]:
    return packets(grey_reel)


@pytest.fixture(scope="module")
def watched(grey_reel: Path, grey_source: Path) -> Watched:
    platforms = [load_platform("instagram-reels"), load_platform("youtube-shorts")]
    campaign = single_reel(
        [grey_source],
        reel_id="grey",
        output=grey_reel.parent,
        platforms=platforms,
        template=load_template("interview"),
        subtitles=SubtitleOptions(),
        brand=load_brand(assets_dir() / "brand"),
        title=TITLE,
        people=[Person(name=NAME, role=ROLE)],
    )
    reel: ReelSpec = campaign.reels[0]
    cut = cut_clips([TimeRange(Fraction(0), FRAMES / RATE)], RATE)
    spec = picture_spec(platforms, RATE)
    stage = stage_for(reel, spec, common_safe_area(platforms), common_keep_clear(platforms))
    screen = screen_of(reel, stage)
    style = screen.style
    foot = 1920 - style.margin_bottom_px + int(style.outline_px)
    head = int(foot - 2 * style.font.line_height_px(style.size_px)) - 2 * int(style.outline_px)
    seen = Watched(
        file=grey_reel,
        screen=screen,
        overlays=overlays_of(reel, reel.clips, (), cut, spec, stage).overlays,
        caption_room=Box(style.margin_left_px, head, 1080 - style.margin_right_px, foot),
    )
    for number, picture in enumerate(pictures(grey_reel)):
        _watch(seen, number, picture)
    return seen


def _away_from(plane: npt.NDArray[np.uint8], level: int, by: int) -> npt.NDArray[np.bool_]:
    """What lies further than `by` from `level`; never in wider numbers, for there are 180 large pictures."""
    return (plane > level + by) | (plane < level - by)


def _watch(seen: Watched, number: int, picture: Picture) -> None:
    outside = _away_from(picture.y, GREY, 8)
    coloured = _away_from(picture.u, 128, 6) | _away_from(picture.v, 128, 6)
    for name, box in seen.room.items():
        inside = picture.y[box.top : box.bottom, box.left : box.right]
        seen.changed.setdefault(name, []).append(int(_away_from(inside, GREY, 24).sum()))
        # What a codec smears over the edge of a box is not drawn there: a macroblock's half.
        rows, columns = (max(0, box.top - 8), box.bottom + 8), (max(0, box.left - 8), box.right + 8)
        outside[slice(*rows), slice(*columns)] = False
        coloured[rows[0] // 2 : (rows[1] + 1) // 2, columns[0] // 2 : (columns[1] + 1) // 2] = False
    seen.outside.append(int(outside.sum()) + int(coloured.sum()))
    seen.times.append(picture.seconds)
    if number in (0, 45, 50, 90, 100, 116, 117, 118, 119, 160, 179):
        seen.stills[number] = picture.y


def test_the_picture_is_the_raster_rate_and_length_that_were_asked_for(watched: Watched) -> None:
    with av.open(str(watched.file)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (1080, 1920)
        assert stream.average_rate == RATE
        assert container.duration is not None
        assert abs(Fraction(container.duration, av.time_base) - FRAMES / RATE) <= 1 / RATE
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == FRAMES / RATE
    assert watched.times == [n / RATE for n in range(FRAMES)]
    assert all(still.shape == (1920, 1080) for still in watched.stills.values())


def test_picture_and_sound_are_what_every_platform_takes(grey_reel: Path) -> None:
    with av.open(str(grey_reel)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert len(container.streams) == 2
        assert (video.codec_context.name, video.profile) == ("h264", "High")
        assert video.codec_context.pix_fmt == "yuv420p"
        assert (audio.codec_context.name, audio.profile) == ("aac", "LC")
        assert (audio.rate, audio.layout.name, audio.channels) == (48_000, "stereo", 2)


def test_pixels_are_square_upright_progressive_and_tagged_bt709_limited(grey_reel: Path) -> None:
    with av.open(str(grey_reel)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert tags == (1, 1, 1, 1)
        assert stream.sample_aspect_ratio in (None, 1)
        frame = next(container.decode(stream))
        assert frame.rotation == 0
        assert not frame.interlaced_frame
        found = (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range)
        assert tuple(map(int, found)) == (1, 1, 1, 1)
    matrices = [b.payload[40:76] for b in mp4_boxes(grey_reel) if b.path == "moov/trak/tkhd"]
    upright = b"".join(n.to_bytes(4, "big") for n in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
    assert matrices == [upright, upright]


def test_the_index_comes_first_and_there_is_no_edit_list(grey_reel: Path) -> None:
    paths = [box.path for box in mp4_boxes(grey_reel)]
    top = [path for path in paths if "/" not in path]
    assert top[0] == "ftyp"
    assert top.index("moov") < top.index("mdat")
    assert not [path for path in paths if path.endswith(("edts", "elst"))]
    assert paths.count("moov/trak") == 2


def test_picture_and_sound_start_together_and_end_together(grey_reel: Path) -> None:
    first = min(packet.pts for packet in packets(grey_reel))
    heard = sound(grey_reel)
    assert first == 0
    assert heard.start == 0
    assert heard.samples.shape[0] == 2
    assert abs(heard.duration - FRAMES / RATE) <= 1 / RATE


def test_frames_are_equally_long_and_none_is_missing(grey_packets: tuple[Packet, ...]) -> None:
    shown = sorted(packet.pts for packet in grey_packets)
    assert shown == [n / RATE for n in range(FRAMES)]
    assert {packet.duration for packet in grey_packets} == {1 / RATE}


def test_every_gop_is_closed_and_at_most_two_seconds_long(grey_packets: tuple[Packet, ...]) -> None:
    keys = [n for n, packet in enumerate(grey_packets) if 5 in packet.nal_types]
    assert keys == [n for n, packet in enumerate(grey_packets) if packet.keyframe]
    assert keys[0] == 0
    starts = [grey_packets[n].pts for n in keys]
    assert max(b - a for a, b in itertools.pairwise([*starts, FRAMES / RATE])) <= 2
    for key, end in itertools.pairwise([*keys, len(grey_packets)]):
        start = grey_packets[key].pts
        assert all(packet.pts > start for packet in grey_packets[key + 1 : end]), (
            "a picture leads its keyframe"
        )
        assert all(packet.pts < start for packet in grey_packets[:key]), "a picture comes after its GOP"


def test_the_sound_a_player_plays_has_the_loudness_of_social_video(grey_reel: Path) -> None:
    heard = loudness_of(grey_reel)
    assert heard.integrated_lufs == pytest.approx(-14, abs=0.5)
    assert heard.true_peak_dbtp <= -1


def test_nothing_private_of_the_footage_is_in_what_is_handed_over(grey_source: Path, grey_reel: Path) -> None:
    source = grey_source.read_bytes()
    assert all(secret.encode() in source for secret in SECRETS)
    home = str(grey_source.parent)
    for file in grey_reel.parent.iterdir():
        content = file.read_bytes()
        assert not [secret for secret in (*SECRETS, home) if secret.encode() in content], file.name
    assert grey_source.stem.encode() not in grey_reel.read_bytes()
    with av.open(str(grey_reel)) as container:
        known = {"major_brand", "minor_version", "compatible_brands", "encoder"}
        assert set(container.metadata) <= known
        for stream in container.streams:
            assert set(stream.metadata) <= {"language", "handler_name", "vendor_id", "encoder"}
            assert stream.metadata.get("language", "und") == "und"
    times = [b.payload[4:12] for b in mp4_boxes(grey_reel) if b.path in ("moov/mvhd", "moov/trak/tkhd")]
    assert times == [bytes(8)] * 3, "the file says when it was made"


# --- captions --------------------------------------------------------------------------------------------


def _ink(watched: Watched, frame: int, box: Box) -> npt.NDArray[np.float64]:
    """White letters as coverage 0 … 1; the black outline counts as none."""
    cut = watched.stills[frame][box.top : box.bottom, box.left : box.right].astype(np.float64)
    return np.clip((cut - 140) / (235 - 140), 0, 1)


def test_the_caption_box_changes_on_exactly_the_frames_of_each_cue(watched: Watched) -> None:
    expected = np.zeros(FRAMES, bool)
    for start, end, _ in CUES:
        expected[frame_nearest(start, RATE) : frame_nearest(end, RATE)] = True
    shown = np.array(watched.changed["captions"]) > 200
    assert np.flatnonzero(shown != expected).tolist() == []
    rest = np.array(watched.changed["captions"])[~expected]
    assert rest.max() == 0, "something is left in the caption box while no cue is on"


def test_a_caption_does_not_change_while_it_is_on(watched: Watched) -> None:
    for start, end, _ in CUES:
        area = watched.changed["captions"][frame_nearest(start, RATE) : frame_nearest(end, RATE)]
        assert max(area) - min(area) <= 0.04 * max(area)


@pytest.mark.parametrize(("frame", "text"), [(45, CUES[0][2]), (160, CUES[2][2])])
def test_the_caption_is_drawn_in_the_glyphs_of_its_text(watched: Watched, frame: int, text: str) -> None:
    font, size = watched.screen.style.font.path, int(watched.screen.style.size_px)
    found = trimmed(_ink(watched, frame, watched.caption_room))
    right = likeness(found, drawn_by_pillow(font, text, size))
    others = [text[::-1], "모두 모여 봐요", "영화제 소식 셋"]
    assert "Pretendard" in font.name
    assert right >= 0.9
    assert max(likeness(found, drawn_by_pillow(font, other, size)) for other in others) <= right - 0.3


def test_a_long_caption_stands_in_two_lines_as_the_sidecar_writes_them(watched: Watched) -> None:
    sidecar = watched.file.with_suffix(".ko.srt").read_text(encoding="utf-8")
    lines = sidecar.split("\n\n")[1].splitlines()[2:]
    assert len(lines) == 2
    assert " ".join(lines) == LONG_LINE
    font, size = watched.screen.style.font, int(watched.screen.style.size_px)
    box = watched.caption_room
    row = int(font.line_height_px(size))
    for number, line in enumerate(lines):
        bottom = box.bottom - int(watched.screen.style.outline_px) - (1 - number) * row
        found = trimmed(_ink(watched, 100, Box(box.left, bottom - row, box.right, bottom)))
        assert likeness(found, drawn_by_pillow(font.path, line, size)) >= 0.9


def test_captions_stay_inside_what_the_platforms_leave_free(watched: Watched) -> None:
    safe = _published_safe_area("instagram-reels", "youtube-shorts")
    for frame in (45, 100, 160):
        top = watched.caption_room.top - 16
        band = watched.stills[frame][top:]
        rows, columns = np.nonzero(np.abs(band.astype(int) - GREY) > 24)
        found = Box(
            int(columns.min()),
            int(rows.min()) + top,
            int(columns.max()) + 1,
            int(rows.max()) + 1 + top,
        )
        assert safe.contains(found)
        assert (found.left + found.right) / 2 == pytest.approx(540, abs=6)


def _published_safe_area(*names: str) -> Box:
    """From the data files as they are written: what no platform covers."""
    areas = []
    for name in names:
        file = Path(__file__).parents[2] / "reels" / "platforms" / f"{name}.yaml"
        areas.append(yaml.safe_load(file.read_text(encoding="utf-8"))["values"]["safe_area"]["value"])
    top, bottom, left, right = (max(a[side] for a in areas) for side in ("top", "bottom", "left", "right"))
    return Box(left, top, 1080 - right, 1920 - bottom)


def test_the_sidecar_says_what_was_given_when_it_is_on_screen(watched: Watched) -> None:
    blocks = watched.file.with_suffix(".ko.srt").read_text(encoding="utf-8").strip().split("\n\n")
    assert len(blocks) == len(CUES)
    for block, (start, end, text) in zip(blocks, CUES, strict=True):
        _, clock, *lines = block.splitlines()
        assert " ".join(lines) == text
        for written, wanted in zip(clock.split(" --> "), (start, end), strict=True):
            shown = Fraction(written[6:].replace(",", "."))
            assert abs(shown - frame_nearest(wanted, RATE) / RATE) <= Fraction(1, 1000)


# --- title, lower third, mark ----------------------------------------------------------------------------


def test_everything_is_drawn_in_boxes_that_do_not_touch_inside_the_safe_area(watched: Watched) -> None:
    assert sorted(watched.room) == ["captions", "logo", "lower-third-1", "title"]
    safe = _published_safe_area("instagram-reels", "youtube-shorts")
    for one, other in itertools.combinations(watched.room.values(), 2):
        assert one.intersection(other) is None
    assert all(safe.contains(overlay.box) for overlay in watched.overlays)


def test_nothing_is_drawn_outside_the_boxes(watched: Watched) -> None:
    assert [n for n, pixels in enumerate(watched.outside) if pixels] == []


@pytest.mark.parametrize(("name", "seconds"), [("title", (0, 3.5)), ("lower-third-1", (0.5, 4.5))])
def test_a_plate_comes_fills_its_box_and_is_gone_afterwards(
    watched: Watched, name: str, seconds: tuple[float, float]
) -> None:
    shown = watched.overlay_frames(name)
    assert (shown.start, shown.end) == tuple(round(s * RATE) for s in seconds)
    box, area = watched.overlay_box(name), watched.changed[name]
    assert not any(area[: shown.start])
    assert not any(area[shown.end :])
    assert all(area[shown.start + 1 : shown.end - 1]), "it is not there for all of its time"
    resting = area[shown.start + 20 : shown.end - 20]
    assert min(resting) >= 0.5 * box.width * box.height, "it does not fill its box"
    assert max(resting) - min(resting) <= 0.02 * max(resting), "it moves while it should rest"


def test_the_title_stands_whole_in_the_first_frame_which_apps_show_before_anybody_presses_play(
    watched: Watched,
) -> None:
    area = watched.changed["title"]
    assert area[0] == pytest.approx(area[40], rel=0.02)


@pytest.mark.parametrize(("name", "words"), [("title", TITLE.split()), ("lower-third-1", [NAME, ROLE])])
def test_the_plates_carry_their_words(watched: Watched, name: str, words: list[str]) -> None:
    """Every row of letters is some of the words in a row, in a font of ours at the size that fits its width."""
    box = watched.overlay_box(name)
    # The accent at the left edge is no letter.
    still = watched.stills[50][box.top : box.bottom, box.left + 24 : box.right].astype(np.float64)
    rows = _rows_of_letters(np.clip((still - 110) / (235 - 110), 0, 1))
    fonts = sorted((assets_dir() / "fonts").glob("*.[ot]tf"))
    read = []
    for row in rows:
        runs = [" ".join(words[a:b]) for a, b in itertools.combinations(range(len(words) + 1), 2)]
        best = max((_likeness_at_any_size(row, font, run), run) for font in fonts for run in runs)
        assert best[0] >= 0.8, best
        read.append(best[1])
    assert " ".join(read) == " ".join(words)


def _rows_of_letters(white: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    marked = white.max(axis=1) > 0.5
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(int)))
    rows = [white[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 20]
    return [trimmed(row) for row in rows]


def _likeness_at_any_size(found: npt.NDArray[np.float64], font: Path, text: str) -> float:
    probe = drawn_by_pillow(font, text, 100)
    size = round(100 * found.shape[1] / probe.shape[1])
    return likeness(found, drawn_by_pillow(font, text, size)) if 20 <= size <= 200 else -1.0


def test_the_mark_stands_still_in_its_box_from_the_first_frame_to_the_last(watched: Watched) -> None:
    box, area = watched.overlay_box("logo"), watched.changed["logo"]
    assert min(area) >= 0.1 * box.width * box.height
    assert max(area) - min(area) <= 0.02 * max(area)
    first, last = (
        watched.stills[n][box.top : box.bottom, box.left : box.right].astype(int) for n in (0, FRAMES - 1)
    )
    assert np.abs(first - last).mean() < 3


# --- clappers: which frame, and where the sound ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A clapper and the reel made of it; `start` is the in point in source seconds of the picture."""

    clapper: Clapper
    reel: Path
    rate: Fraction
    start: Fraction
    frames: int
    seen: tuple[tuple[Fraction, int, bool], ...]
    """Of each picture of the reel: when it is shown, its number, whether it flashes."""


def _shown(reel: Path) -> tuple[tuple[Fraction, int, bool], ...]:
    return tuple((p.seconds, counted(p.y), flash_is_on(p.y)) for p in pictures(reel))


def _flashes(seen: Sequence[tuple[Fraction, int, bool]]) -> list[float]:
    """When a flash begins."""
    return [float(at) for (*_, before), (at, _, now) in itertools.pairwise(seen) if now and not before]


def _varying_times() -> list[Fraction]:
    """A telephone: 30 fps that slips by some milliseconds every few frames, with frames left out in the dark.

    Each time lies on a 30 fps grid or at least 7 ms off it, so that which is shown is no matter of rounding.
    """
    slips_ms = (0, 12, -9, 0, 17, 8, -14, 22, 0)
    left_out = {13, 27, 28, 41, 53, 54, 55, 66}
    return [Fraction(n, 30) + Fraction(slips_ms[n // 8], 1000) for n in range(72) if n not in left_out]


def _grid(count: int, rate: Fraction) -> list[Fraction]:
    return [n / rate for n in range(count)]


@pytest.fixture(scope="module")
def take(reels: Reels, folder: Path) -> Callable[[str], Take]:
    """Films a clapper and renders it when it is first asked for, for the platform with the smallest raster."""
    film_folder = folder / "clappers"
    film_folder.mkdir()
    taken: dict[str, Take] = {}

    def rendered(clapper: Clapper, rate: Fraction, start: str = "", end: str = "") -> Take:
        options = [*(["--in", start] if start else []), *(["--out", end] if end else [])]
        out, words = film_folder / f"{clapper.path.stem} reel", _no_words(film_folder)
        said = reels.run(
            "make", clapper.path, "-o", out, "-p", "x", "--id", "r", "--subtitles", words, *options
        )
        # In and out points count from the container's start; a reel without them starts with the picture.
        late = _picture_begins(clapper.path)
        begin = Fraction(start) - late if start else Fraction(0)
        last = Fraction(end) - late if end else clapper.times[-1] + 1 / rate
        return Take(
            clapper=clapper,
            reel=said.files[0],
            rate=rate,
            start=begin,
            frames=frame_nearest(last - begin, rate),
            seen=_shown(said.files[0]),
        )

    def ask(name: str) -> Take:
        if name not in taken:
            taken[name] = _TAKES[name](film_folder, rendered)
        return taken[name]

    return ask


Rendered = Callable[..., Take]


def _picture_begins(path: Path) -> Fraction:
    """Seconds from the container's start, which may be a sound's, to the first picture."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert container.start_time is not None
        assert stream.start_time is not None
        assert stream.time_base is not None
        return stream.start_time * stream.time_base - Fraction(container.start_time, av.time_base)


def _no_words(folder: Path) -> Path:
    """A subtitle file that never shows anything here, so that nobody has to listen."""
    path = folder / "none.srt"
    path.write_text(_srt([(Fraction(50), Fraction(51), "끝")]), encoding="utf-8")
    return path


def _whole_at_25(folder: Path, rendered: Rendered) -> Take:
    """25 fps with PCM sound in QuickTime, from beginning to end."""
    rate = Fraction(25)
    clapper = Clapper.filmed(
        folder / "plain.mov", _grid(60, rate), rate=rate, flash_frames=[20, 55], sound_codec="pcm_s16le"
    )
    return rendered(clapper, rate)


def _ntsc_from_between_two_frames(folder: Path, rendered: Rendered) -> Take:
    """30000/1001 with AAC at 44.1 kHz; the in point lies between frames 12 and 13."""
    rate = 30 * NTSC
    clapper = Clapper.filmed(
        folder / "ntsc.mp4", _grid(102, rate), rate=rate, flash_frames=[48, 84], sound_rate=44_100
    )
    return rendered(clapper, rate, "0.41", "3.1")


def _double_rate(folder: Path, rendered: Rendered) -> Take:
    """60000/1001, delivered at half of it, from between frames 42 and 43."""
    rate = 60 * NTSC
    clapper = Clapper.filmed(folder / "double.mp4", _grid(190, rate), rate=rate, flash_frames=[97, 165])
    return rendered(clapper, rate / 2, "0.71", "3.1")


def _varying_rate(folder: Path, rendered: Rendered) -> Take:
    """A telephone's variable frame rate, delivered at 30."""
    times = _varying_times()
    flashes = [next(n for n, at in enumerate(times) if at >= second) for second in (Fraction(8, 10), 2)]
    clapper = Clapper.filmed(folder / "varying.mp4", times, rate=Fraction(30), flash_frames=flashes)
    return rendered(clapper, Fraction(30), "", "2.3")


def _sound_late(folder: Path, rendered: Rendered) -> Take:
    """The sound track begins 0.4 s after the picture."""
    rate = Fraction(25)
    clapper = Clapper.filmed(
        folder / "late.mp4", _grid(60, rate), rate=rate, flash_frames=[20, 55], sound_from=Fraction(2, 5)
    )
    return rendered(clapper, rate)


def _transport_stream(folder: Path, rendered: Rendered) -> Take:
    """MPEG-TS as recording programs write it: one keyframe, sound half a second before the first picture."""
    rate = Fraction(25)
    clapper = Clapper.filmed(
        folder / "stream.ts",
        _grid(60, rate),
        rate=rate,
        flash_frames=[20, 55],
        picture_late_s=Fraction(1, 2),
        sound_codec="mp2",
    )
    return rendered(clapper, rate)


def _transport_stream_from_between_keyframes(folder: Path, rendered: Rendered) -> Take:
    """MPEG-TS as broadcasters write it, a keyframe every 2 s: the in point lies where a seek finds none."""
    rate = Fraction(25)
    clapper = Clapper.filmed(
        folder / "broadcast.ts",
        _grid(90, rate),
        rate=rate,
        flash_frames=[40, 75],
        sound_codec="mp2",
        gop=50,
    )
    return rendered(clapper, rate, "1.1", "3.5")


_TAKES: dict[str, Callable[[Path, Rendered], Take]] = {
    "25 whole": _whole_at_25,
    "29.97 from between two frames": _ntsc_from_between_two_frames,
    "59.94 to 29.97": _double_rate,
    "variable rate": _varying_rate,
    "sound 0.4 s late": _sound_late,
    "transport stream, picture late": _transport_stream,
    "transport stream from between keyframes": _transport_stream_from_between_keyframes,
}


@pytest.mark.parametrize("name", _TAKES)
def test_each_frame_shows_what_a_viewer_of_the_footage_sees_then(
    take: Callable[[str], Take], name: str
) -> None:
    made = take(name)
    shown = [number for _, number, _ in made.seen]
    expected = [made.clapper.number_shown_at(made.start + n / made.rate) for n in range(made.frames)]
    assert shown == expected


@pytest.mark.parametrize("name", _TAKES)
def test_every_beep_is_heard_within_a_frame_of_its_flash(take: Callable[[str], Take], name: str) -> None:
    made = take(name)
    flashes = _flashes(made.seen)
    heard = onsets(sound(made.reel))
    assert len(flashes) == len(heard) == 2
    for flash, beep, filmed in zip(flashes, heard, made.clapper.flashes, strict=True):
        assert abs(flash - beep) <= 1 / made.rate
        # The sound has no frames to wait for: it lies where it lay in the footage.
        assert beep == pytest.approx(float(filmed - made.start), abs=0.004)


@pytest.fixture(scope="module")
def two_clappers(folder: Path) -> tuple[Clapper, Clapper]:
    """Two seconds that count from 0, with AAC at 44.1 kHz; and some that count from 512, with PCM."""
    rate = Fraction(25)
    first = Clapper.filmed(
        folder / "first.mp4", _grid(50, rate), rate=rate, flash_frames=[30, 46], sound_rate=44_100
    )
    second = Clapper.filmed(
        folder / "second.mov",
        _grid(60, rate),
        rate=rate,
        flash_frames=[10, 40],
        first_number=512,
        sound_codec="pcm_s16le",
    )
    return first, second


def _made_of(
    reels: Reels, out: Path, clips: Sequence[Clapper], *options: str
) -> tuple[list[int], list[float], list[float]]:
    """A reel of several clips: the numbers that its frames show, and when it flashes and beeps."""
    words = _no_words(out.parent)
    paths = [clip.path for clip in clips]
    # All but the first clip would be listened to: a beep says nothing.
    said = reels.run(
        "make", *paths, "-o", out, "-p", "x", "--subtitles", words, "--model", "nano-ko", *options
    )
    shown = _shown(said.files[0])
    return [number for _, number, _ in shown], _flashes(shown), onsets(sound(said.files[0]))


def test_a_second_clip_follows_at_once_and_keeps_its_sound(
    reels: Reels, folder: Path, two_clappers: tuple[Clapper, Clapper]
) -> None:
    numbers, flashes, beeps = _made_of(
        reels, folder / "two", two_clappers, "--in", "0.5", "--out", "1.8", "--id", "two"
    )
    # From 0.5 to 2 s are 37.5 frames; a clip takes the nearest whole number, and its last frame stands.
    assert numbers == [*range(12, 50), *range(512, 512 + 45)]
    assert len(beeps) == len(flashes) == 4
    assert max(abs(a - b) for a, b in zip(flashes, beeps, strict=True)) <= 1 / 25


def test_a_clip_may_stand_in_a_reel_twice(
    reels: Reels, folder: Path, two_clappers: tuple[Clapper, Clapper]
) -> None:
    first, _ = two_clappers
    numbers, flashes, beeps = _made_of(
        reels, folder / "twice", (first, first), "--out", "1.4", "--id", "twice"
    )
    assert numbers == [*range(50), *range(35)]
    assert len(beeps) == len(flashes) == 3
    assert max(abs(a - b) for a, b in zip(flashes, beeps, strict=True)) <= 1 / 25


# --- test cards: shape, place, colour --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a card was filmed: `stored` pixels of shape `sar`, turned clockwise by `rotation` to be upright."""

    display: Raster
    stored: Raster
    coding: Coding = BT709_LIMITED
    sar: Fraction = Fraction(1)
    rotation: int = 0


SHOTS = {
    "turned by 90": Shot(display=Raster(540, 960), stored=Raster(960, 540), rotation=90),
    "turned by 180": Shot(display=Raster(540, 960), stored=Raster(540, 960), rotation=180),
    "turned by 270": Shot(display=Raster(540, 960), stored=Raster(960, 540), rotation=270),
    "turned and anamorphic": Shot(
        display=Raster(540, 960), stored=Raster(720, 540), rotation=90, sar=Fraction(4, 3)
    ),
    "PAL DV": Shot(
        display=Raster(768, 576), stored=Raster(720, 576), sar=Fraction(16, 15), coding=BT601_LIMITED
    ),
    "HDV": Shot(display=Raster(1920, 1080), stored=Raster(1440, 1080), sar=Fraction(4, 3)),
    "BT.601 SD": Shot(display=Raster(640, 480), stored=Raster(640, 480), coding=BT601_LIMITED),
    "full range HD": Shot(display=Raster(1280, 720), stored=Raster(1280, 720), coding=BT709_FULL),
    "HD without tags": Shot(display=Raster(1280, 720), stored=Raster(1280, 720), coding=UNTAGGED_BT709),
    "SD without tags": Shot(display=Raster(640, 480), stored=Raster(640, 480), coding=UNTAGGED_BT601),
}
SHOT_FRAMES = 8
_EBU = 5
"""EBU Tech 3213's primaries, by the number that files name them with."""
SMALL = Raster(720, 1280)


def _filmed_card(folder: Path, name: str, shot: Shot) -> Path:
    upright_stored = (
        Raster(shot.stored.height, shot.stored.width) if shot.rotation % 180 == 90 else shot.stored
    )
    picture = np.rot90(card(shot.display, upright_stored), shot.rotation // 90)
    path = film(
        folder / f"{name}.mp4",
        [shot.coding.yuv(picture)] * SHOT_FRAMES,
        _grid(SHOT_FRAMES, Fraction(25)),
        rate=Fraction(25),
        coding=shot.coding,
        sar=shot.sar,
    )
    if not shot.rotation:
        return path
    turned = folder / f"{name} turned.mp4"
    run_ffmpeg(
        ["-display_rotation:v:0", f"{-shot.rotation}", "-i", f"file:{path}", "-c", "copy", f"file:{turned}"],
        doing="turning a test card",
    )
    return turned


@pytest.fixture(scope="module")
def cards(folder: Path) -> list[Path]:
    place = folder / "cards"
    place.mkdir()
    return [_filmed_card(place, name, shot) for name, shot in SHOTS.items()]


def _card_reel(reels: Reels, folder: Path, cards: list[Path], framing: str) -> Path:
    options = ["-p", "x", "--framing", framing, "--id", "cards", "--model", "nano-ko"]
    return reels.run("make", *cards, "-o", folder / framing, *options).files[0]


def _middle_of_each_shot(reel: Path) -> Iterator[Picture]:
    for number, picture in enumerate(pictures(reel)):
        if number % SHOT_FRAMES == SHOT_FRAMES // 2:
            yield picture


@pytest.fixture(scope="module")
def cropped(reels: Reels, folder: Path, cards: list[Path]) -> dict[str, Picture]:
    """All cards in one reel, cut to the middle."""
    made = _middle_of_each_shot(_card_reel(reels, folder, cards, "centre"))
    return dict(zip(SHOTS, made, strict=True))


@pytest.fixture(scope="module")
def fitted(reels: Reels, folder: Path, cards: list[Path]) -> dict[str, Picture]:
    """All cards in one reel, each whole on a blurred ground."""
    made = _middle_of_each_shot(_card_reel(reels, folder, cards, "fit"))
    return dict(zip(SHOTS, made, strict=True))


def _require_round(picture: Picture, *, diameter: float) -> None:
    white = picture.y > 185
    rows, columns = np.nonzero(white.sum(axis=1) > 2)[0], np.nonzero(white.sum(axis=0) > 2)[0]
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    assert width / height == pytest.approx(1, abs=0.02)
    assert width == pytest.approx(diameter, rel=0.02)
    assert white.sum() == pytest.approx(np.pi / 4 * width * height, rel=0.03)
    assert (rows[0] + rows[-1]) / 2 == pytest.approx((SMALL.height - 1) / 2, abs=3)
    assert (columns[0] + columns[-1]) / 2 == pytest.approx((SMALL.width - 1) / 2, abs=3)


def _corners(box: Box, side: float) -> dict[str, Box]:
    """A place well inside each square of `side` that stands in a corner of `box`."""
    near, far = int(side * 0.3) // 2 * 2, int(side * 0.7) // 2 * 2
    across = {"left": (box.left + near, box.left + far), "right": (box.right - far, box.right - near)}
    down = {"top": (box.top + near, box.top + far), "bottom": (box.bottom - far, box.bottom - near)}
    return {f"{v} {h}": Box(across[h][0], down[v][0], across[h][1], down[v][1]) for v in down for h in across}


def _colour_errors(picture: Picture, places: dict[str, Box], shot: Shot) -> dict[str, float]:
    """By how many of 255 the worst of red, green and blue is off, place by place.

    The card is painted in the primaries that its file names; those of European tapes are not those of BT.709.
    """
    errors = {}
    for name, box in places.items():
        painted = np.array([CARD_COLOURS[name]]) / 255
        meant = standard(painted, "bt470bg") if shot.coding.primaries == _EBU else painted
        errors[name] = max(abs(a - b) for a, b in zip(rgb(picture, box), meant[0] * 255, strict=True))
    return errors


_MIDDLE = {"middle": Box(320, 600, 400, 680), "ground": Box(320, 300, 400, 360)}


@pytest.mark.parametrize("name", SHOTS)
def test_a_cropped_picture_is_upright_round_and_in_the_right_colours(
    cropped: dict[str, Picture], name: str
) -> None:
    picture = cropped[name]
    _require_round(picture, diameter=0.6 * SMALL.width)
    places = _corners(Box(0, 0, SMALL.width, SMALL.height), SMALL.width / 6) | _MIDDLE
    errors = _colour_errors(picture, places, SHOTS[name])
    assert max(errors.values()) <= 4, errors


@pytest.mark.parametrize("name", SHOTS)
def test_a_fitted_picture_is_whole_upright_round_and_in_the_right_colours(
    fitted: dict[str, Picture], name: str
) -> None:
    picture, display = fitted[name], SHOTS[name].display
    inside = scale_to_fit(display, SMALL)
    scale = inside.width / display.width
    _require_round(picture, diameter=0.6 * min(display.width, display.height * 9 / 16) * scale)
    whole = Box.at((SMALL.width - inside.width) // 2, (SMALL.height - inside.height) // 2, inside)
    side = min(display.width, display.height) / 6 * scale
    errors = _colour_errors(picture, _corners(whole, side), SHOTS[name])
    assert max(errors.values()) <= 4, errors


@pytest.mark.parametrize("name", ["PAL DV", "HDV", "full range HD"])
def test_the_ground_of_a_fitted_picture_is_blurred_and_darker(fitted: dict[str, Picture], name: str) -> None:
    picture = fitted[name]
    inside = scale_to_fit(SHOTS[name].display, SMALL)
    above = picture.y[: (SMALL.height - inside.height) // 2 - 4].astype(int)
    steps = max(np.abs(np.diff(above, axis=0)).max(), np.abs(np.diff(above, axis=1)).max())
    assert steps <= 12, "the ground has edges"
    assert 30 <= above.mean() <= 110
    assert above.std() > 3, "the ground is a plain colour"


def test_a_reel_of_silent_footage_has_a_silent_stereo_track_of_its_length(
    cropped: dict[str, Picture], folder: Path
) -> None:
    reel = folder / "centre" / "cards" / "x" / "cards.mp4"
    heard = sound(reel)
    assert len(cropped) == len(SHOTS)
    assert (heard.samples.shape[0], heard.rate_hz) == (2, 48_000)
    assert float(np.abs(heard.samples).max()) < 1e-4
    assert abs(heard.duration - Fraction(len(SHOTS) * SHOT_FRAMES, 25)) <= Fraction(1, 25)
    report = json.loads((reel.parent / "report.json").read_text(encoding="utf-8"))
    assert report["frames"] == len(SHOTS) * SHOT_FRAMES
    assert re.fullmatch(r"[0-9.]+", str(report["duration_s"]))
