"""What is odd about footage, in plain words, with what is done about it.

Pure: every note follows from what `probe` found. `CODES` is stable and holds every code that there is; the page
docs/footage explains each, and a test holds it to the list. `shown` shows them to people and programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from reels.geometry import Raster
from reels.media.info import AudioStream, Found, MediaInfo, Note, VideoStream
from reels.said import Said, in_language

__all__ = ["CODES", "channels_named", "note_on_name", "notes_on"]

CODES: Final = (
    "rotated",
    "mirrored",
    "anamorphic",
    "odd-size",
    "very-large",
    "single-picture",
    "variable-frame-rate",
    "high-frame-rate",
    "low-frame-rate",
    "interlaced",
    "hdr-hlg",
    "hdr-pq",
    "wide-gamut",
    "bt601",
    "full-range",
    "untagged",
    "transparent",
    "picture-starts-late",
    "no-picture-at-first",
    "no-sound",
    "undecodable-sound",
    "several-sound-tracks",
    "surround-sound",
    "low-sound-rate",
    "sound-starts-late",
    "sound-ends-early",
    "starts-later",
    "timecode",
    "edit-list",
    "attached-picture",
    "several-pictures",
    "other-streams",
    "damaged",
    "other-container",
)
"""Every code, in the order in which notes are given."""

_LARGEST_QUICK = Raster(4096, 2304)
_FASTEST_USUAL, _SLOWEST_USUAL = Fraction(61), Fraction(20)
_LOWEST_CLEAR_HZ = 32_000
_WIDE = {"bt2020": "BT.2020", "smpte431": "DCI-P3", "smpte432": "Display P3"}
_BT601 = ("smpte170m", "bt470bg", "fcc")

_NAMES_OF = {
    "mov": ("mp4", "mov", "m4v", "3gp", "3g2", "qt", "insv", "360", "lrv"),
    "matroska": ("mkv", "webm", "mk3d"),
    "mpegts": ("ts", "mts", "m2ts", "m2t", "tp", "trp"),
    "mpeg": ("mpg", "mpeg", "vob", "mod", "m2p", "ps", "vro"),
    "mxf": ("mxf",),
    "avi": ("avi", "divx"),
    "asf": ("wmv", "asf"),
    "flv": ("flv", "f4v"),
    "dv": ("dv", "dif"),
    "gxf": ("gxf",),
    "ogg": ("ogv", "ogg", "ogm"),
    "wav": ("wav",),
}
"""Endings of names, by the container that ffmpeg calls so."""

_CONTAINERS = {
    "mov": "MP4/MOV",
    "matroska": "Matroska/WebM",
    "mpegts": "MPEG-TS",
    "mpeg": "MPEG-PS",
    "asf": "Windows Media",
}


def notes_on(
    video: VideoStream, audio: tuple[AudioStream, ...], found: Found, *, start_time: Fraction = Fraction(0)
) -> tuple[Note, ...]:
    """Every oddity of the content: the picture's, then the sound's, then the file's."""
    return (
        *_shape_notes(video),
        *_time_notes(video),
        *_colour_notes(video),
        *_late_notes(video),
        *_sound_notes(video, audio, found),
        *_clock_notes(found, start_time),
        *_file_notes(video, found),
    )


def note_on_name(info: MediaInfo, path: Path) -> tuple[Note, ...]:
    """The note of a file whose name promises another container than it is; not part of what is known of its content."""
    ending = path.suffix.lower().removeprefix(".")
    kinds = info.container.split(",")
    kind = next((name for name in _NAMES_OF if name in kinds), "")
    if not kind or ending in _NAMES_OF[kind] or not any(ending in names for names in _NAMES_OF.values()):
        return ()
    real = _CONTAINERS.get(kind, kind.upper())
    return (
        _note(
            "other-container",
            f"its name ends in .{ending}, but it is {real}; it is read as what it is",
            f"이름은 .{ending}로 끝나지만 내용은 {real}입니다. 내용대로 읽습니다",
        ),
    )


# --- the picture -----------------------------------------------------------------------------------------


def _shape_notes(video: VideoStream) -> Iterator[Note]:
    if video.rotation:
        yield _note(
            "rotated",
            f"the picture is stored turned; it is turned {video.rotation}° clockwise",
            f"돌려서 저장된 영상입니다. 시계 방향으로 {video.rotation}° 돌려서 씁니다",
        )
    if video.mirrored:
        yield _note(
            "mirrored",
            "the picture is stored mirrored; it is mirrored back",
            "좌우가 뒤집혀 저장된 영상입니다. 바로잡아 씁니다",
        )
    if video.sar != 1:
        sar = f"{video.sar.numerator}:{video.sar.denominator}"
        yield _note(
            "anamorphic",
            f"its pixels are not square ({sar}); they are squared, which makes it {video.display}",
            f"화소가 정사각형이 아닙니다({sar}). 펴서 {video.display} 크기로 씁니다",
        )
    coded = video.coded
    if coded.width % 2 or coded.height % 2:
        yield _note(
            "odd-size",
            f"it has an odd number of pixels ({coded}); at most the outermost row and column are left out",
            f"가로나 세로 화소 수가 홀수입니다({coded}). 많아야 맨 바깥 한 줄을 빼고 씁니다",
        )
    if coded.width * coded.height > _LARGEST_QUICK.width * _LARGEST_QUICK.height:
        yield _note(
            "very-large",
            f"the picture is very large ({coded}); it is made smaller, and reading it takes its time",
            f"화면이 매우 큽니다({coded}). 줄여서 쓰며 읽는 데 시간이 걸립니다",
        )


def _time_notes(video: VideoStream) -> Iterator[Note]:
    rate = _number(video.rate)
    if video.frame_count == 1:
        stands = _number(video.last_pts_end - video.first_pts)
        yield _note(
            "single-picture",
            f"it holds a single picture; it stands still for {stands} s",
            f"화면이 한 장뿐입니다. {stands}초 동안 멈춰 있습니다",
        )
    if video.variable_frame_rate:
        yield _note(
            "variable-frame-rate",
            f"its frame rate varies around {rate}; it is made even without drifting from the sound",
            f"프레임 속도가 {rate} 안팎으로 변합니다. 소리와 어긋나지 않게 고르게 맞춥니다",
        )
    if video.rate > _FASTEST_USUAL:
        yield _note(
            "high-frame-rate",
            f"it has {rate} frames a second; pictures are left out, and it plays at its own speed",
            f"초당 {rate}프레임입니다. 프레임을 솎아 원래 빠르기로 씁니다",
        )
    elif video.rate < _SLOWEST_USUAL:
        yield _note(
            "low-frame-rate",
            f"it has {rate} frames a second; each stands longer, and it plays at its own speed",
            f"초당 {rate}프레임입니다. 한 프레임을 더 오래 보여 원래 빠르기로 씁니다",
        )
    if video.interlaced:
        first, first_ko = ("lower", "아래") if video.field_order == "bff" else ("upper", "위")
        yield _note(
            "interlaced",
            f"the picture is interlaced, {first} field first; it is deinterlaced",
            f"비월 주사 영상입니다({first_ko} 필드 먼저). 순차 주사로 바꿔 씁니다",
        )


def _colour_notes(video: VideoStream) -> Iterator[Note]:
    if video.transfer != "sdr":
        name = video.transfer.upper()
        yield _note(
            f"hdr-{video.transfer}",
            f"the picture is HDR ({name}); it is tone-mapped to standard range",
            f"HDR({name}) 영상입니다. 표준 밝기로 바꿔 씁니다",
        )
    elif wide := _WIDE.get(video.tagged_primaries):
        yield _note(
            "wide-gamut",
            f"its colours are those of {wide}; they are converted to the usual ones of BT.709",
            f"색 영역이 {wide}인 영상입니다. 보통 색 영역인 BT.709로 바꿔 씁니다",
        )
    if video.tagged_matrix in _BT601:
        yield _note(
            "bt601",
            "its colours are coded as on standard television (BT.601); they are converted to BT.709",
            "색이 예전 방송 방식(BT.601)으로 저장되었습니다. BT.709로 바꿔 씁니다",
        )
    if video.tagged_range == "pc" or video.pixel_format.startswith("yuvj"):
        yield _note(
            "full-range",
            "its levels use the full range, 0 to 255; they are brought to the range that players expect",
            "밝기 값이 0부터 255까지 다 쓰는 방식입니다. 재생기가 기대하는 범위로 바꿔 씁니다",
        )
    if video.tagged_matrix == "unknown" and video.transfer == "sdr" and video.pixel_format.startswith("yuv"):
        yield _note(
            "untagged",
            "it does not say how its colours are coded; they are taken for what players take them for",
            "색을 저장한 방식이 적혀 있지 않습니다. 재생기들이 하듯이 크기를 보고 짐작합니다",
        )
    if video.pixel_format.startswith(("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya8", "ya16")):
        yield _note(
            "transparent",
            "the picture has transparent parts; they are shown as if they were not transparent",
            "투명한 부분이 있는 영상입니다. 투명하지 않은 것으로 보고 씁니다",
        )


def _late_notes(video: VideoStream) -> Iterator[Note]:
    if video.first_pts > Fraction(1, 10):
        late = _number(video.first_pts)
        yield _note(
            "picture-starts-late",
            f"the picture starts {late} s after the sound; the reel begins with the picture",
            f"화면이 소리보다 {late}초 늦게 시작합니다. 릴스는 화면이 시작될 때부터 시작합니다",
        )
    blind = video.first_key - video.first_pts if video.first_key is not None else Fraction(0)
    if blind > Fraction(1, 10):
        yield _note(
            "no-picture-at-first",
            f"its first {_number(blind)} s cannot be decoded, for it starts in the middle of a recording; "
            "the first picture that can stands in their place",
            f"녹화 도중부터 시작해 처음 {_number(blind)}초는 화면을 읽을 수 없습니다. "
            "읽을 수 있는 첫 화면을 그 자리에 둡니다",
        )


# --- the sound -------------------------------------------------------------------------------------------


def _sound_notes(video: VideoStream, audio: tuple[AudioStream, ...], found: Found) -> Iterator[Note]:
    if not audio:
        yield _note(
            "no-sound",
            "it has no sound; the reel gets a silent track",
            "소리가 없습니다. 무음 트랙을 넣습니다",
        )
    if found.undecodable_sound:
        yield _note(
            "undecodable-sound",
            f"{found.undecodable_sound} of its sound tracks cannot be decoded and are left out",
            f"읽을 수 없는 소리 트랙이 {found.undecodable_sound}개 있습니다. 쓰지 않습니다",
        )
    if not audio:
        return
    if len(audio) > 1:
        yield _note(
            "several-sound-tracks",
            f"it has {len(audio)} sound tracks; the one with the loudest speech is used, else the loudest",
            f"소리 트랙이 {len(audio)}개입니다. 말소리가 가장 큰 것을, 말이 없으면 소리가 가장 큰 것을 씁니다",
        )
    if (most := max(audio, key=lambda track: track.channels)).channels > 2:
        named = channels_named(most)
        done = "they are mixed down to two" if most.is_surround else "the one with the loudest speech is used"
        done_ko = "두 채널로 섞어 씁니다" if most.is_surround else "말소리가 가장 큰 채널을 씁니다"
        yield _note(
            "surround-sound",
            f"its sound has {named}; {done}",
            f"소리가 {in_language(named, 'ko')}입니다. {done_ko}",
        )
    if (lowest := min(track.sample_rate_hz for track in audio)) < _LOWEST_CLEAR_HZ:
        yield _note(
            "low-sound-rate",
            f"its sound has only {lowest} samples a second; it is used, but stays as dull as it is",
            f"소리가 초당 {lowest}표본뿐입니다. 쓰기는 하지만 먹먹한 것은 그대로입니다",
        )
    # Which track will be heard is not known yet: what is said here is true of each.
    if (late := min(track.first_pts for track in audio) - video.first_pts) > Fraction(1, 10):
        yield _note(
            "sound-starts-late",
            f"the sound starts {_number(late)} s after the picture; silence is put before it",
            f"소리가 화면보다 {_number(late)}초 늦게 시작합니다. 앞을 무음으로 채웁니다",
        )
    if (early := video.last_pts_end - max(track.last_pts_end for track in audio)) > Fraction(1, 2):
        yield _note(
            "sound-ends-early",
            f"the sound ends {_number(early)} s before the picture; silence is put after it",
            f"소리가 화면보다 {_number(early)}초 먼저 끝납니다. 뒤를 무음으로 채웁니다",
        )


# --- the file --------------------------------------------------------------------------------------------


def _clock_notes(found: Found, start_time: Fraction) -> Iterator[Note]:
    if start_time > Fraction(1, 10):
        yield _note(
            "starts-later",
            f"its own clock starts at {_number(start_time)} s; in and out points count from its first moment",
            f"파일의 시계가 {_number(start_time)}초에서 시작합니다. 시작점과 끝점은 파일의 처음부터 셉니다",
        )
    if found.timecode:
        yield _note(
            "timecode",
            f"it carries a timecode that starts at {found.timecode}; in and out points count from its first moment",
            f"{found.timecode}에서 시작하는 타임코드가 있습니다. 시작점과 끝점은 파일의 처음부터 셉니다",
        )


def _file_notes(video: VideoStream, found: Found) -> Iterator[Note]:
    if found.hidden_frames:
        yield _note(
            "edit-list",
            f"{found.hidden_frames} of its frames are hidden by an edit list and stay hidden",
            f"편집 목록이 숨긴 프레임이 {found.hidden_frames}개 있습니다. 숨긴 채로 둡니다",
        )
    if found.attached_pictures:
        yield _note(
            "attached-picture",
            "it carries a cover picture, which is left out",
            "표지 그림이 들어 있습니다. 쓰지 않습니다",
        )
    if found.pictures > 1:
        yield _note(
            "several-pictures",
            f"it holds {found.pictures} pictures; the largest is used",
            f"화면이 {found.pictures}개 들어 있습니다. 가장 큰 것을 씁니다",
        )
    if found.other_streams:
        yield _note(
            "other-streams",
            f"it carries {found.other_streams} other streams (captions, data); they are left out",
            f"다른 트랙(자막, 메타데이터)이 {found.other_streams}개 더 있습니다. 쓰지 않습니다",
        )
    if found.damaged:
        end = _number(video.last_pts_end)
        yield _note(
            "damaged",
            f"parts of the file are missing or broken; its picture can be read up to {end} s, and that is used",
            f"파일 일부가 빠졌거나 깨졌습니다. 화면이 읽히는 {end}초까지 씁니다",
        )


def channels_named(track: AudioStream) -> Said:
    """How many channels a track has, and what they are where the file says it."""
    count = track.channels
    en, ko = f"{count} channel{'s' if count > 1 else ''}", f"{count}채널"
    if track.layout.endswith("channels"):
        return Said(en, ko=ko)
    return Said(f"{en} ({track.layout})", ko=f"{ko}({track.layout})")


def _note(code: str, text_en: str, text_ko: str) -> Note:
    return Note(code=code, text_en=text_en, text_ko=text_ko)


def _number(value: Fraction) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")
