"""Filter graphs and arguments, word for word: each golden file is what ffmpeg is told.

A golden that changes changes pictures or sound on every machine: read the difference, then write the files anew
with `REELS_WRITE_GOLDENS=1 pytest tests/unit/test_graph.py` and raise the version of the kind in `reels.steps.entry`.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reels.encode import PictureSpec, SoundSpec
from reels.framing import CropPath, Glide
from reels.geometry import PORTRAIT_1080, Box, Raster
from reels.graph.colour import Colours
from reels.graph.command import Command
from reels.graph.music import Bed, build_bed, build_bed_mix, build_music
from reels.graph.picture import (
    OverlayOnPicture,
    PictureSource,
    StillPiece,
    VideoPiece,
    build_chunk,
    build_still,
    centred_crop,
)
from reels.graph.sound import AudioPiece, build_programme_audio, build_programme_sound, samples_at
from reels.luts import Lut
from reels.timing import TimeRange
from reels.tools.inputs import MUSIC_DEMUXERS

GOLDENS = Path(__file__).parent / "goldens"
NTSC = Fraction(30000, 1001)

LANDSCAPE = PictureSource(
    path=Path("/footage/IMG_0412.MOV"),
    stored=Raster(1920, 1080),
    sar=Fraction(1),
    interlaced=False,
    transfer="sdr",
    video_stream=0,
    container_start=Fraction(0),
)
TURNED = replace(LANDSCAPE, path=Path("/footage/turned.MOV"), stored=Raster(1080, 1920))
ANAMORPHIC = replace(
    LANDSCAPE,
    path=Path("/footage/dv.mxf"),
    stored=Raster(1440, 1080),
    sar=Fraction(4, 3),
    interlaced=True,
    video_stream=1,
    container_start=Fraction(1, 25),
)
HLG = replace(LANDSCAPE, path=Path("/footage/hlg.MOV"), stored=Raster(3840, 2160), transfer="hlg")
SPEC = PictureSpec(rate=NTSC)
STORE = Path("/store/results")
HEARD = AudioPiece(
    path=Path("/footage/IMG_0412.MOV"),
    stream=1,
    container_start=Fraction(0),
    start=Fraction(0),
    samples=samples_at(118, NTSC),
)

BED = Bed(
    path=Path("/music/it's; [a]=b,c.mp3"),
    stream=0,
    start=Fraction(5, 2),
    level_lu=-10,
    duck_db=Fraction(10),
    fade_in=Fraction(1),
    fade_out=Fraction(2),
)


def piece(
    source: PictureSource,
    *,
    start: Fraction = Fraction(0),
    frames: int = 118,
    framing: Literal["centre", "fit"] = "centre",
) -> VideoPiece:
    return VideoPiece(source=source, start=start, frames=frames, framing=framing)


def following(
    source: PictureSource, *lefts: int, start: Fraction = Fraction(0), frames: int = 118
) -> VideoPiece:
    """A piece whose window goes through `lefts`, in sixteenths of a pixel."""
    glide = Glide(
        range_in_source=TimeRange(start, start + 4),
        origin=start,
        step=Fraction(4, max(1, len(lefts) - 3)),
        lefts=lefts,
        tops=(0,),
    )
    path = CropPath(raster_in_source=source.display, width=9720, height=17280, glides=(glide,))
    return VideoPiece(source=source, start=start, frames=frames, framing="follow", path=path)


def halved() -> VideoPiece:
    """Two windows of 720 x 640 pixels, of which the lower one glides."""
    upper, lower = (
        replace(path, width=11520, height=10240)
        for path in (following(LANDSCAPE, 800).path, following(LANDSCAPE, 9600, 9600, 9760, 9920, 9920).path)
        if path is not None
    )
    return replace(piece(LANDSCAPE), framing="split", halves=(upper, lower))


def chunk(
    *pieces: VideoPiece | StillPiece, overlays: Sequence[OverlayOnPicture] = (), subtitles: str | None = None
) -> Command:
    return build_chunk(pieces, overlays, SPEC, subtitles=subtitles, fonts="fonts", output="chunk.mp4")


TITLE_BEGUN_BEFORE = OverlayOnPicture(
    path=STORE / "title.mov", left=120, top=288, first_frame=-60, frames=105
)
LOWER_THIRD_LATER = OverlayOnPicture(path=STORE / "third.mov", left=120, top=900, first_frame=80, frames=120)
LOGO = OverlayOnPicture(path=STORE / "logo.png", left=120, top=288, still=True)
LOGO_BEFORE_THE_END_CARD = replace(LOGO, first_frame=0, frames=70)
SHADE_FROM_THEN_ON = OverlayOnPicture(
    path=STORE / "shade.png", left=0, top=0, first_frame=70, frames=48, still=True
)
GROUND = STORE / "ground.png"


def commands() -> dict[str, Command]:
    """Every case, built anew."""
    return {
        "centre_crop_landscape": chunk(piece(LANDSCAPE)),
        "centre_crop_seeks_before_an_in_point": chunk(piece(LANDSCAPE, start=Fraction(21, 5))),
        "portrait_rotated": chunk(piece(TURNED)),
        "fit_on_blurred_ground": chunk(piece(LANDSCAPE, framing="fit")),
        "fit_of_what_fits_already": chunk(piece(TURNED, framing="fit")),
        "anamorphic_interlaced_late_start": chunk(piece(ANAMORPHIC)),
        "hlg": chunk(piece(HLG)),
        "hlg_fit": chunk(piece(HLG, framing="fit")),
        "overlays_in_mid_chunk": chunk(
            piece(LANDSCAPE), overlays=(LOGO, TITLE_BEGUN_BEFORE, LOWER_THIRD_LATER)
        ),
        "card_between_footage": chunk(
            piece(LANDSCAPE, frames=40),
            StillPiece(path=GROUND, frames=38),
            piece(LANDSCAPE, start=Fraction(40) / NTSC, frames=40),
        ),
        "cards_alone_under_words_and_a_logo_that_ends": chunk(
            StillPiece(path=GROUND, frames=70),
            StillPiece(path=STORE / "other.png", frames=48),
            overlays=(SHADE_FROM_THEN_ON, LOGO_BEFORE_THE_END_CARD, LOWER_THIRD_LATER),
        ),
        "subtitles": chunk(piece(LANDSCAPE), subtitles="cues.ass"),
        "two_pieces": chunk(
            piece(LANDSCAPE, start=Fraction(4), frames=100), piece(TURNED, start=Fraction(1, 4), frames=18)
        ),
        "follow_moving_then_standing_then_fit": chunk(
            following(LANDSCAPE, 1600, 1600, 1760, 1920, 1920, frames=50),
            following(LANDSCAPE, 8000, start=Fraction(50) / NTSC, frames=50),
            piece(LANDSCAPE, start=Fraction(100) / NTSC, frames=18, framing="fit"),
        ),
        "split_one_half_moving": chunk(halved()),
        "fit_of_a_box": chunk(replace(piece(LANDSCAPE, framing="fit"), box=Box(0, 108, 1920, 864))),
        "still": build_still(piece(LANDSCAPE, start=Fraction(3), frames=1), SPEC, output="frame.png"),
        "sound": build_programme_sound([HEARD], output="sound.flac"),
        "sound_of_one_channel_without_rumble": build_programme_sound(
            [replace(HEARD, channel=1, high_pass=True)], output="sound.flac"
        ),
        "sound_mixed_to_mono": build_programme_sound([replace(HEARD, channel="mix")], output="sound.flac"),
        "music": build_music(BED, samples=480_000, output="music.pcm"),
        "music_as_long_as_the_reel": build_bed(
            "music.pcm", music_samples=480_000, samples=480_000, output="bed.flac"
        ),
        "music_looped": build_bed("music.pcm", music_samples=96_000, samples=480_000, output="bed.flac"),
        "music_mixed": build_bed_mix(
            "programme.flac", "bed.flac", "gains.f32", scale=0.5, output="sound.flac"
        ),
        "sound_none": build_programme_sound([replace(HEARD, stream=None)], output="sound.flac"),
        "sound_late_from_an_in_point": build_programme_sound(
            [replace(HEARD, stream=2, container_start=Fraction(1, 25), start=Fraction(21, 5))],
            output="sound.flac",
        ),
        "sound_of_three_pieces": build_programme_sound(
            [HEARD, replace(HEARD, stream=None, samples=4800), replace(HEARD, start=Fraction(2))],
            output="sound.flac",
        ),
        "level": build_programme_audio(
            "sound.flac", SoundSpec(), gain_db=3.25, limit_dbtp=None, output="audio.aac"
        ),
        "level_with_limiter": build_programme_audio(
            "sound.flac", SoundSpec(), gain_db=-1.5, limit_dbtp=-2.0, output="audio.aac"
        ),
    }


COMMANDS = commands()


def spelled(command: Command) -> str:
    """Arguments one a line, and the graph one filter a line."""
    lines = []
    for argument in command.arguments:
        if argument == command.graph and argument:
            lines += [f"  {part}" for part in re.split(r"(?<=;)|,(?=[a-z])", argument)]
        else:
            lines.append(argument)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_ffmpeg_is_told_exactly(name: str) -> None:
    golden, said = GOLDENS / f"{name}.txt", spelled(COMMANDS[name])
    if os.environ.get("REELS_WRITE_GOLDENS"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(COMMANDS)


def test_building_twice_gives_the_same_arguments() -> None:
    """A counter in a label would make equal chunks differ from one plan to the next."""
    assert commands() == COMMANDS


# --- what the goldens must say ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in COMMANDS if not re.match("sound|level|music|still$", n)])
def test_a_chunk_has_its_frames_and_every_input_of_footage_is_fenced(name: str) -> None:
    arguments = COMMANDS[name].arguments
    assert arguments[arguments.index("-frames:v") + 1] == "118"
    for place, argument in enumerate(arguments):
        if argument == "-i" and "/footage/" in arguments[place + 1]:
            before = arguments[:place]
            start = (
                max((n for n, a in enumerate(before) if a == "-i"), default=-1) + 2 if "-i" in before else 0
            )
            own = arguments[start:place]
            assert "-protocol_whitelist" in own
            assert "-format_whitelist" in own


def test_music_is_opened_as_music_alone_and_its_name_is_in_no_filter() -> None:
    command = COMMANDS["music"]
    before = command.arguments[: command.arguments.index("-i")]
    assert before[before.index("-protocol_whitelist") + 1] == "file"
    assert set(before[before.index("-format_whitelist") + 1].split(",")) == set(MUSIC_DEMUXERS)
    assert not set(MUSIC_DEMUXERS) & {"hls", "dash", "concat", "concatf", "imf", "sdp", "image2"}
    assert str(BED.path) in command.arguments[command.arguments.index("-i") + 1]
    assert BED.path.name not in command.graph


def test_colours_end_in_limited_bt709_whatever_came_in() -> None:
    for name in ("centre_crop_landscape", "hlg", "hlg_fit", "fit_on_blurred_ground"):
        graph = COMMANDS[name].graph
        assert "setsar=1" in graph
        assert re.search(r"setparams=[^,;]*color_primaries=bt709", graph)
        assert re.search(r"setparams=[^,;]*range=tv", graph)


def test_a_still_is_laid_over_exactly_its_frames_and_the_whole_chunk_where_nothing_is_said() -> None:
    graph = COMMANDS["cards_alone_under_words_and_a_logo_that_ends"].graph
    enabled = re.findall(r"enable=between\(n\\*,(\d+)\\*,(\d+)\)", graph)
    assert enabled == [("70", "117"), ("0", "69")]
    assert "enable" not in COMMANDS["overlays_in_mid_chunk"].graph
    through = replace(LOGO, first_frame=-30, frames=400)
    assert "enable" not in chunk(piece(LANDSCAPE), overlays=(through,)).graph


def test_the_ground_of_a_card_is_converted_once_and_repeated() -> None:
    graph = COMMANDS["card_between_footage"].graph
    assert graph.count("loop=loop=-1") == 1
    assert graph.index("out_color_matrix=bt709") < graph.index("loop=loop=-1")
    assert "trim=end_frame=38" in graph
    assert "concat=a=0:n=3:v=1" in graph


def test_high_dynamic_range_is_tone_mapped_after_scaling_and_other_footage_is_not() -> None:
    graph = COMMANDS["hlg"].graph
    assert graph.index("zscale") < graph.index("lut3d=file=tones-hlg-bt2020.cube")
    assert "w=1080" in graph[: graph.index("lut3d")], "mapped at the small end"
    assert all("lut3d" not in c.graph for n, c in COMMANDS.items() if not n.startswith("hlg"))
    assert all("sidedata" not in c.graph for n, c in COMMANDS.items() if not n.startswith("hlg"))


def test_a_look_is_called_by_a_neutral_name_and_stands_behind_our_own_table() -> None:
    lut = Lut(path=Path("/looks/여름; [0:v] 'x'.cube"))
    through = chunk(piece(replace(HLG, lut=lut))).graph
    assert "여름" not in through
    assert through.index("lut3d=file=tones-hlg-bt2020.cube") < through.index(f"lut3d=file={lut.neutral_name}")
    flat = chunk(piece(replace(LANDSCAPE, lut=Lut(path=lut.path, dimensions=1)))).graph
    assert f"lut1d=file={lut.neutral_name}" in flat
    assert "lut3d" not in flat


@pytest.mark.parametrize(
    ("colours", "filters"),
    [
        (Colours(), "scale"),
        (Colours(matrix="bt709", primaries="bt709"), "scale"),
        (Colours(assumed_matrix="bt709", full_range=True), "scale"),
        (Colours(is_rgb=True, matrix="gbr"), "scale"),
        (Colours(assumed_matrix="bt470bg"), "zscale"),
        (Colours(matrix="smpte170m", primaries="bt709"), "zscale"),
        (Colours(matrix="bt709", primaries="smpte432"), "table"),
        (Colours(matrix="bt2020nc", primaries="bt2020"), "table"),
        (Colours(transfer="pq"), "table"),
    ],
)
def test_no_more_filters_than_the_tags_ask_for(colours: Colours, filters: str) -> None:
    source = replace(
        LANDSCAPE,
        transfer=colours.transfer,
        primaries=colours.primaries,
        matrix=colours.matrix,
        assumed_matrix=colours.assumed_matrix,
        full_range=colours.full_range,
        is_rgb=colours.is_rgb,
    )
    assert source.colours == colours
    graph = chunk(piece(source)).graph
    found = re.findall(r"](scale|zscale|lut3d|sidedata)=", graph)
    assert found == (["zscale", "lut3d", "zscale", "sidedata"] if filters == "table" else [filters])


def test_an_overlay_is_trimmed_to_what_shows_and_moved_to_where_it_begins() -> None:
    graph = COMMANDS["overlays_in_mid_chunk"].graph
    # begun 60 frames before the chunk; its last 45 of 105 show, from the chunk's first frame
    assert re.search(r"trim=end_frame=105:start_frame=60\b", graph)
    assert "setpts=N+0" in graph
    # begins at frame 80; 38 of its 120 frames fit into the 118 of the chunk
    assert re.search(r"trim=end_frame=38:start_frame=0\b", graph)
    assert "setpts=N+80" in graph


def test_subtitles_are_named_by_us_and_laid_over_everything() -> None:
    with_overlay = chunk(piece(LANDSCAPE), overlays=(LOGO,), subtitles="cues.ass").graph
    assert re.search(r"ass=filename=cues\.ass:fontsdir=fonts", with_overlay)
    assert with_overlay.index("overlay=") < with_overlay.index("ass=")
    assert "ass=" not in COMMANDS["centre_crop_landscape"].graph


def test_a_clip_that_plays_twice_is_read_twice() -> None:
    """ffmpeg-python takes equal inputs for one node and then refuses to use its result twice."""
    twice = chunk(piece(LANDSCAPE, frames=60), piece(LANDSCAPE, frames=58))
    assert twice.arguments.count("file:/footage/IMG_0412.MOV") == 2
    assert "concat=" in twice.graph
    silent = replace(HEARD, stream=None)
    for pieces in ([HEARD, HEARD], [silent, silent], [HEARD, silent, HEARD, silent]):
        assert build_programme_sound(pieces, output="sound.flac").arguments.count("-i") == len(pieces)


def test_only_a_window_that_moves_has_command_files_each_piece_its_own() -> None:
    files = dict(COMMANDS["follow_moving_then_standing_then_fit"].files)
    assert sorted(files) == ["p0-cut.txt", "p0-kept.txt"]
    both = dict(
        chunk(
            following(LANDSCAPE, 0, 0, 800, 1600, frames=59),
            following(LANDSCAPE, 8000, 8000, 9000, 9900, start=Fraction(2), frames=59),
        ).files
    )
    assert {name[:2] for name in both} == {"p0", "p1"}
    assert all(re.fullmatch(r"[a-z0-9.@ ,;xy\n]+", text) for text in both.values())
    assert not build_still(following(LANDSCAPE, 0, 0, 800, 1600, frames=1), SPEC, output="frame.png").files
    with_files = {name for name, c in COMMANDS.items() if c.files}
    halves = dict(COMMANDS["split_one_half_moving"].files)
    assert set(halves) == {"p0lower-cut.txt", "p0lower-kept.txt"}, "the upper one stands"
    assert {name for name in with_files if not name.startswith(("follow", "split"))} == {"hlg", "hlg_fit"}, (
        "tables"
    )


def test_a_path_belongs_to_following_and_to_nothing_else() -> None:
    with pytest.raises(ValueError, match="follow without a path"):
        VideoPiece(source=LANDSCAPE, start=Fraction(0), frames=1, framing="follow")
    with pytest.raises(ValueError, match="fit with a path"):
        replace(following(LANDSCAPE, 0), framing="fit")
    with pytest.raises(ValueError, match="fit with halves"):
        replace(halved(), framing="fit")
    with pytest.raises(ValueError, match="a box is fitted"):
        replace(piece(LANDSCAPE), box=Box(0, 0, 100, 100))


# --- hostile names ---------------------------------------------------------------------------------------

HOSTILE = (
    "[0:v]; movie=secret (1) {2}.mp4",
    "it's 100% \\N 'quoted', a=b:c.mp4",
    "-i.mp4",
    "concat:a.mp4|b.mp4",
    "첫째 줄\n둘째 줄.mp4",
    "$(touch owned) & ; # *?.mp4",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_ever_a_plain_argument_after_i(name: str) -> None:
    path = Path("/footage") / name
    source = replace(LANDSCAPE, path=path)
    art = OverlayOnPicture(path=Path("/campaigns") / name / "overlay.png", left=0, top=0)
    commands = (
        build_chunk([piece(source)], [art], SPEC, subtitles="cues.ass", fonts="fonts", output="chunk.mp4"),
        build_still(piece(source, frames=1), SPEC, output="frame.png"),
        build_programme_sound([replace(HEARD, path=path)], output="sound.flac"),
    )
    for command in commands:
        naming = [(before, here) for before, here in itertools.pairwise(command.arguments) if name in here]
        assert naming
        for before, here in naming:
            assert before == "-i"
            assert here.startswith("file:/"), "a protocol or a dash in a name is only a name"
        assert name not in command.graph


# --- crops -----------------------------------------------------------------------------------------------

sources = st.builds(
    lambda width, height, sar: replace(LANDSCAPE, stored=Raster(width, height), sar=sar),
    st.integers(min_value=2, max_value=8192),
    st.integers(min_value=2, max_value=8192),
    st.sampled_from([Fraction(1), Fraction(4, 3), Fraction(3, 4), Fraction(16, 15), Fraction(64, 45)]),
)


@given(sources)
def test_a_crop_never_asks_for_more_than_there_is(source: PictureSource) -> None:
    """A screen recording of 1179x2556 has an odd width: rounding it up asks ffmpeg for a column too many."""
    crop = centred_crop(source, PORTRAIT_1080)
    assert crop.width <= source.stored.width
    assert crop.height <= source.stored.height
    assert crop.width % 2 == crop.height % 2 == 0


@given(sources)
def test_a_crop_has_the_targets_shape_on_screen_and_touches_two_edges(source: PictureSource) -> None:
    crop = centred_crop(source, PORTRAIT_1080)
    whole_width = source.stored.width - crop.width < 2
    whole_height = source.stored.height - crop.height < 2
    assert whole_width or whole_height
    wanted = PORTRAIT_1080.aspect / source.sar
    if whole_height:
        assert crop.width == 2 or abs(crop.width - source.stored.height * wanted) <= 2
    else:
        assert crop.height == 2 or abs(crop.height - source.stored.width / wanted) <= 2


# --- samples ---------------------------------------------------------------------------------------------


@given(
    st.sampled_from([Fraction(24), Fraction(25), Fraction(30), NTSC, Fraction(24000, 1001)]),
    st.lists(st.integers(min_value=1, max_value=500), min_size=1, max_size=10),
)
def test_the_sound_of_pieces_is_as_long_as_their_picture_however_they_are_cut(
    rate: Fraction, lengths: list[int]
) -> None:
    edges = [0, *itertools.accumulate(lengths)]
    pieces = [samples_at(end, rate) - samples_at(start, rate) for start, end in itertools.pairwise(edges)]
    assert sum(pieces) == samples_at(edges[-1], rate)
    assert abs(Fraction(sum(pieces), 48_000) - edges[-1] / rate) <= Fraction(1, 96_000)


def test_silence_needs_no_file() -> None:
    arguments = COMMANDS["sound_none"].arguments
    assert not any("/footage/" in argument for argument in arguments)
    assert "anullsrc=r=48000:cl=stereo" in arguments
