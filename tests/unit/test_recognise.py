"""Finding models, the small model's files, finished transcripts: everything around listening."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest

from reels.errors import (
    MissingError,
    ModelMissing,
    OutputNotWritable,
    SubtitlesUnreadable,
    ToolMissing,
    UsageError,
)
from reels.recognise import (
    RecognitionOptions,
    cache_dir,
    fetch_model,
    find_model,
    list_models,
    nano_ko,
    read_finished,
    recognise,
)
from reels.recognise.faster_whisper import REPOSITORIES
from reels.recognise.onsets import times_as_heard
from reels.timing import TimeRange
from reels.transcript import Segment, Transcript, Word, to_json

RECORDED = {
    "config.json": "a36c96c68db8b1e1b659158200c14d5cf35b13159c6816534ae01ea833ff977d",
    "model.bin": "c17c520c7643e8469cf679397f75e0de9f5b515a24e91741215ab73f1bc4dc39",
    "preprocessor_config.json": "1580c93a80ee777f11ff9d6346ff2784ac3b026cdbaca785834bfc551a2a218a",
    "tokenizer.json": "4b856b095a05ee71fcba66a2e159e1e9361eab9ce5616dc36a3c82d2bf4e2386",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
}
"""sha256 of what the shipped weights become; `docs/models.md` says when these change."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has downloaded nothing."""
    for variable in ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "REELS_CACHE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture(scope="module")
def nano_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nano") / "model"
    folder.mkdir()
    nano_ko.build_ctranslate2(folder)
    return folder


@pytest.fixture
def broken_folder(nano_folder: Path, tmp_path: Path) -> Path:
    """A copy of the model to break."""
    return shutil.copytree(nano_folder, tmp_path / "모델 폴더")


def _hashes(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir()}


# --- the small model -------------------------------------------------------------------------------------


def test_the_small_model_is_built_to_the_same_bytes_every_time(nano_folder: Path, tmp_path: Path) -> None:
    nano_ko.build_ctranslate2(tmp_path)
    assert _hashes(tmp_path) == _hashes(nano_folder)


def test_the_small_model_is_built_to_the_recorded_bytes(nano_folder: Path) -> None:
    assert _hashes(nano_folder) == RECORDED, (
        f"recorded with ctranslate2 4.8, this is {ctranslate2.__version__}"
    )


def test_its_tokenizer_is_what_the_tokenizers_package_reads(nano_folder: Path) -> None:
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(nano_folder / "tokenizer.json"))
    ids = tokenizer.encode(" 한옥마을에서 축제가 열립니다.", add_special_tokens=False).ids
    assert tokenizer.decode(ids) == " 한옥마을에서 축제가 열립니다."
    assert tokenizer.token_to_id("<|ko|>") == 50264
    vocabulary = json.loads((nano_folder / "vocabulary.json").read_text(encoding="utf-8"))
    assert len(vocabulary) == 51865
    assert [vocabulary[i] for i in ids] == [tokenizer.id_to_token(i) for i in ids]


def test_the_small_model_is_built_into_the_cache_once(empty_home: Path) -> None:
    first = find_model("nano-ko")
    assert first.path.is_relative_to(cache_dir())
    assert first.path.is_relative_to(empty_home)
    written = (first.path / "model.bin").stat().st_mtime_ns
    nano_ko._VERIFIED.clear()
    assert find_model("nano-ko") == first
    assert (first.path / "model.bin").stat().st_mtime_ns == written
    assert [f.name for f in first.path.parent.iterdir()] == [first.path.name], "something was left behind"


@pytest.mark.parametrize(
    "damage", ["a changed byte", "a missing file", "an empty folder", "a file in its place"]
)
def test_a_damaged_copy_in_the_cache_is_built_anew(empty_home: Path, damage: str) -> None:
    path = find_model("nano-ko").path
    good = _hashes(path)
    if damage == "a changed byte":
        whole = bytearray((path / "model.bin").read_bytes())
        whole[5_000_000] ^= 1
        (path / "model.bin").write_bytes(whole)
    elif damage == "a missing file":
        (path / "tokenizer.json").unlink()
    else:
        shutil.rmtree(path)
        if damage == "an empty folder":
            path.mkdir()
        else:
            path.write_text("no folder")
    nano_ko._VERIFIED.clear()
    assert _hashes(find_model("nano-ko").path) == good
    assert [f.name for f in path.parent.iterdir()] == [path.name], "something was left behind"


def _build_in_child(cache: str, start: Any, results: Any) -> None:
    import os

    os.environ["REELS_CACHE"] = cache
    start.wait(30)
    results.put(str(find_model("nano-ko").path))


def test_processes_that_build_at_once_end_up_with_one_whole_model(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    children = [
        context.Process(target=_build_in_child, args=(str(tmp_path), start, results)) for _ in range(2)
    ]
    for child in children:
        child.start()
    paths = {results.get(timeout=60) for _ in children}
    for child in children:
        child.join(30)
    results.close()
    results.join_thread()
    (path,) = paths
    assert nano_ko._is_whole(Path(path))
    assert len(list(Path(path).parent.iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REELS_CACHE", str(tmp_path / "file"))
    with pytest.raises(OutputNotWritable, match="set REELS_CACHE") as caught:
        find_model("nano-ko")
    assert caught.value.exit_code == 2


def test_the_identity_names_the_content_and_no_place(nano_folder: Path, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(nano_folder, tmp_path / "elsewhere" / nano_folder.name)
    one, two = find_model(str(nano_folder)), find_model(str(elsewhere))
    assert one.identity == two.identity
    assert str(tmp_path) not in one.identity
    assert find_model("nano-ko").identity.startswith("nano-ko@")
    changed = bytearray((elsewhere / "model.bin").read_bytes())
    changed[-1] ^= 1
    (elsewhere / "model.bin").write_bytes(changed)
    assert find_model(str(elsewhere)).identity != one.identity


def test_no_speech_package_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, reels.recognise, reels.recognise.faster_whisper, reels.recognise.openai_whisper;"
        "print(*{m.split('.')[0] for m in sys.modules} & {'faster_whisper', 'ctranslate2', 'torch', 'whisper'})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


# --- finding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "large-v3-turbo",
        "turbo",
        "small",
        "no-such-model",
        "owner/no-such-model",
        "",
        "/no/such/folder",
        "../x",
        "a/b/c",
    ],
)
@pytest.mark.usefixtures("empty_home")
def test_a_model_that_is_not_here_is_missing_at_once(name: str) -> None:
    with pytest.raises(ModelMissing, match="reels models fetch") as caught:
        find_model(name)
    assert caught.value.exit_code == 5


@pytest.mark.usefixtures("empty_home")
def test_the_default_model_that_is_not_here_is_missing_before_anything_is_heard() -> None:
    with pytest.raises(ModelMissing, match="large-v3-turbo: it is not on this computer"):
        recognise(np.zeros(16000, np.float32), RecognitionOptions())


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_folder_that_lacks_a_file_is_refused_with_its_name(broken_folder: Path, missing: str) -> None:
    (broken_folder / missing).unlink()
    with pytest.raises(ModelMissing, match=f"has no {missing}"):
        find_model(str(broken_folder))


def test_a_folder_with_a_foreign_model_is_refused(broken_folder: Path) -> None:
    (broken_folder / "model.bin").write_bytes(np.random.default_rng(1).bytes(5000))
    with pytest.raises(ModelMissing, match="no Whisper model"):
        find_model(str(broken_folder))


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("model.bin", None, "cannot be loaded"),
        ("config.json", "nonsense", "cannot be loaded"),
        ("config.json", "{}", "config.json lacks alignment_heads, lang_ids"),
        ("config.json", "[]", "config.json lacks alignment_heads"),
        (
            "config.json",
            '{"lang_ids": []}',
            "lacks alignment_heads",
        ),
        ("tokenizer.json", "{}", "cannot be loaded"),
        ("preprocessor_config.json", '{"feature_size": 128}', "mel bands"),
    ],
)
def test_a_damaged_model_is_missing_and_not_a_crash(
    broken_folder: Path, file: str, content: str | None, why: str
) -> None:
    if content is None:
        (broken_folder / file).write_bytes((broken_folder / file).read_bytes()[:100_000])
    else:
        (broken_folder / file).write_text(content)
    with pytest.raises(ModelMissing, match=why):
        recognise(np.zeros(16000, np.float32), RecognitionOptions(model=str(broken_folder), vad=False))


def test_a_downloaded_model_is_found_by_its_name(nano_folder: Path, empty_home: Path) -> None:
    base = empty_home / "cache/huggingface/hub" / "models--Systran--faster-whisper-small"
    (base / "refs").mkdir(parents=True)
    (base / "refs" / "main").write_text("0123456789abcdef0123456789abcdef01234567")
    with pytest.raises(ModelMissing, match="never finished"):
        find_model("small")
    shutil.copytree(nano_folder, base / "snapshots" / "0123456789abcdef0123456789abcdef01234567")
    found = find_model("small")
    assert found.identity == "Systran/faster-whisper-small@0123456789abcdef"
    rows = {row.name: row for row in list_models() if row.engine == "faster-whisper"}
    assert rows["small"].available
    assert rows["small"].path == found.path
    assert not rows["large-v3-turbo"].available


@pytest.mark.usefixtures("empty_home")
def test_the_list_of_models_names_the_small_one_and_builds_nothing() -> None:
    rows = list_models()
    assert rows[0].name == "nano-ko"
    assert rows[0].available
    assert {"tiny", "small", "large-v3", "large-v3-turbo"} <= {r.name for r in rows}
    assert not cache_dir().exists()


def test_the_known_models_are_those_of_faster_whisper() -> None:
    from faster_whisper import utils

    assert {name: utils._MODELS[name] for name in REPOSITORIES} == REPOSITORIES


@pytest.mark.usefixtures("empty_home")
def test_fetching_without_a_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import faster_whisper

    def offline(_: str) -> None:
        raise ConnectionError("Name or service not known\nand much more")

    monkeypatch.setattr(faster_whisper, "download_model", offline)
    with pytest.raises(ModelMissing, match=r"the download failed \(Name or service not known\)"):
        fetch_model("small")
    with pytest.raises(ModelMissing, match="no known model"):
        fetch_model("smal")


def test_the_other_engine_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "whisper", None)
    with pytest.raises(
        ToolMissing, match=r"pip install torch==2\.13\.0 .*pip install --no-deps openai-whisper"
    ) as caught:
        recognise(np.zeros(16000, np.float32), RecognitionOptions(model="nano-ko", engine="openai-whisper"))
    assert isinstance(caught.value, MissingError)


def test_an_unknown_engine_or_language_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="faster-whisper or openai-whisper"):
        find_model("nano-ko", "whisperx")
    with pytest.raises(UsageError, match="a language code"):
        recognise(np.zeros(16000, np.float32), RecognitionOptions(model="nano-ko", language="korean"))


@pytest.mark.parametrize(
    "audio",
    [np.zeros(10), np.zeros((1, 10), np.float32), np.array([np.nan], np.float32)],
    ids=["f64", "2d", "nan"],
)
def test_audio_of_another_shape_is_the_callers_mistake(audio: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        recognise(audio, RecognitionOptions(model="nano-ko"))


# --- onsets ----------------------------------------------------------------------------------------------


def _tone(seconds: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    return (0.3 * np.sin(2 * np.pi * 200 * np.arange(int(seconds * 16000)) / 16000)).astype(np.float32)


def _said(*words: tuple[float, float]) -> Transcript:
    spans = tuple(Word(text="말", start=Fraction(str(a)), end=Fraction(str(b))) for a, b in words)
    segment = Segment(text="말", start=spans[0].start, end=spans[-1].end, words=spans)
    return Transcript(language="ko", duration=Fraction(10), model="m", segments=(segment,))


@pytest.mark.parametrize(("noise", "early"), [(0.0, 2), (0.002, 2), (0.02, 8)])
def test_a_word_that_starts_in_the_pause_is_moved_to_where_the_voice_begins(noise: float, early: int) -> None:
    audio = np.random.default_rng(1).standard_normal(160_000).astype(np.float32) * np.float32(noise)
    audio[32_000:48_000] += _tone(1)
    moved = times_as_heard(_said((1.2, 3.0)), audio, ())
    assert 0 <= 2 - moved.words[0].start <= Fraction(early, 100)
    assert moved.words[0].end == 3
    assert moved.segments[0].start == moved.words[0].start


def test_a_word_ends_where_the_voice_ends() -> None:
    audio = np.zeros(160_000, np.float32)
    audio[32_000:64_000] = _tone(2)
    for end in (3.2, 3.8, 6.0):  # said to end too early, a little too early, long after
        ended = times_as_heard(_said((2.0, end)), audio, ())
        assert abs(ended.words[0].end - 4) <= Fraction(1, 20)
        assert ended.segments[0].end == ended.words[0].end


def test_over_loud_music_the_detected_voice_says_where_a_word_begins_and_ends() -> None:
    audio = np.random.default_rng(1).standard_normal(160_000).astype(np.float32) * np.float32(0.2)
    speech = (TimeRange(Fraction(2), Fraction(4)),)
    moved = times_as_heard(_said((1.0, 5.0)), audio, speech).words[0]
    assert (float(moved.start), float(moved.end)) == (1.94, 4.06)
    near = _said((1.9, 4.1))
    assert times_as_heard(near, audio, speech) == near, "the detector is no more exact than that"


def test_words_that_start_right_run_on_or_lie_in_noise_stay() -> None:
    audio = np.zeros(160_000, np.float32)
    audio[32_000:64_000] = _tone(2)
    right = _said((2.0, 3.0), (3.0, 4.0))
    assert times_as_heard(right, audio, ()) == right
    running_on = times_as_heard(_said((2.0, 4.5), (4.5, 6.0)), audio, ())
    assert [w.start for w in running_on.words] == [2, Fraction(9, 2)]
    crowd = np.random.default_rng(1).standard_normal(160_000).astype(np.float32) * np.float32(0.2)
    crowd[32_000:48_000] += _tone(1)
    early = _said((1.2, 3.0))
    assert times_as_heard(early, crowd, ()) == early
    assert times_as_heard(early, np.zeros(0, np.float32), ()) == early


# --- finished transcripts --------------------------------------------------------------------------------

_WHISPER = {
    "text": " 안녕하세요 여러분",
    "language": "ko",
    "segments": [
        {
            "id": 0,
            "start": 0.5,
            "end": 2.0,
            "text": " 안녕하세요 여러분",
            "no_speech_prob": 0.1,
            "avg_logprob": -0.2,
            "compression_ratio": 0.9,
            "words": [
                {"word": " 안녕하세요", "start": 0.5, "end": 1.2, "probability": 0.9},
                {"word": " 여러분", "start": 1.3, "end": 2.0, "probability": 0.8},
            ],
        }
    ],
}


def _written(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "받아쓰기.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_whispers_json_is_a_transcript(tmp_path: Path) -> None:
    said = read_finished(_written(tmp_path, _WHISPER), duration=Fraction(30))
    assert said.duration == 30
    assert [(w.text, w.start, w.end, w.probability) for w in said.words] == [
        ("안녕하세요", Fraction(1, 2), Fraction(6, 5), 0.9),
        ("여러분", Fraction(13, 10), Fraction(2), 0.8),
    ]
    assert said.segments[0].average_log_probability == -0.2


def test_a_bare_list_and_other_dialects_are_read_too(tmp_path: Path) -> None:
    words = [
        {"text": "축제가", "start": 0.0, "end": 0.5, "score": 0.7},
        {"text": "2026"},
        {"text": "열립니다", "start": 1.0, "end": 1.5},
    ]
    said = read_finished(
        _written(tmp_path, [{"start": 0, "end": 1.5, "text": "축제가 2026 열립니다", "words": words}])
    )
    assert said.duration == Fraction(3, 2)
    assert [w.text for w in said.words] == ["축제가", "2026", "열립니다"]
    assert said.words[0].probability == 0.7
    assert said.words[1].start < said.words[1].end <= 1


def test_segments_without_words_get_estimated_ones(tmp_path: Path) -> None:
    said = read_finished(_written(tmp_path, {"segments": [{"start": 0, "end": 2, "text": "가나 다라"}]}))
    assert [(w.text, w.start, w.end) for w in said.words] == [
        ("가나", Fraction(0), Fraction(1)),
        ("다라", Fraction(1), Fraction(2)),
    ]


def test_our_own_json_comes_back_as_it_was(tmp_path: Path) -> None:
    said = _said((1.0, 2.0))
    assert read_finished(_written(tmp_path, to_json(said))) == said


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", "no JSON"),
        ("1\n00:00:01,000 --> 00:00:02,000\n안녕", "no JSON"),
        ("3", "without a list of segments"),
        ({"segments": {}}, "without a list of segments"),
        ([[]], "segment 1 that is no object"),
        ([{"text": "말", "end": 1}], "segment 1 without a number for start"),
        ([{"start": 0, "end": 1}], "segment 1 without text"),
        ('[{"text": "말", "start": NaN, "end": 1}]', "far outside"),
        ([{"text": "말", "start": 0, "end": 10**400}], "far outside"),
        ([{"text": "말", "start": 0, "end": 1, "words": [3]}], "word 1 that is no object"),
        ("[" * 100_000, "nested too deeply"),
        ({"schema": "reels/transcript/1"}, "damaged"),
    ],
)
def test_json_that_is_no_transcript_is_refused_with_what_was_found(
    tmp_path: Path, value: object, found: str
) -> None:
    with pytest.raises(SubtitlesUnreadable, match=found) as caught:
        read_finished(_written(tmp_path, value))
    assert caught.value.exit_code == 3


def test_files_that_are_no_text_or_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SubtitlesUnreadable, match="not UTF-8"):
        read_finished(tmp_path / "bytes.json")
    with pytest.raises(SubtitlesUnreadable, match="No such file"):
        read_finished(tmp_path / "none.json")
    with pytest.raises(SubtitlesUnreadable, match="directory"):
        read_finished(tmp_path)


# --- names that were meant otherwise ---------------------------------------------------------------------


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("engine", ["faster-whisper", "openai-whisper"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [("larg-v3-turbo", "large-v3-turbo"), ("smal", "small"), ("nano", "nano-ko"), ("Medium", "medium")],
)
def test_a_mistyped_model_is_answered_with_the_nearest_and_never_fetched(
    engine: str, typed: str, meant: str
) -> None:
    with pytest.raises(ModelMissing, match=f"perhaps you meant {meant}") as caught:
        find_model(typed, engine)
    assert f"fetch {typed}" not in str(caught.value)


@pytest.mark.usefixtures("empty_home")
def test_a_mistyped_repository_is_answered_with_the_nearest() -> None:
    with pytest.raises(ModelMissing, match="perhaps you meant Systran/faster-whisper-small") as caught:
        find_model("Systran/faster-whisper-smal")
    assert "fetch" not in str(caught.value)


@pytest.mark.usefixtures("empty_home")
def test_the_small_model_is_offered_for_the_demo_only() -> None:
    with pytest.raises(ModelMissing) as caught:
        find_model("large-v3-turbo")
    assert "only to try the flow with the demo" in str(caught.value)
    assert "예시" in caught.value.sentence("ko")


def test_a_mistyped_engine_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="perhaps you meant faster-whisper"):
        find_model("nano-ko", "fasterwhisper")


@pytest.mark.parametrize(
    ("name", "bands", "layers", "translates"),
    [
        ("models--Systran--faster-whisper-small", 80, 12, True),
        ("models--Systran--faster-whisper-large-v3", 128, 32, True),
        ("models--mobiuslabsgmbh--faster-whisper-large-v3-turbo", 128, 4, False),
        ("우리 모델", 128, 4, False),
        ("우리 모델", 80, 4, True),
        ("distil-large", 128, 32, False),
    ],
)
def test_which_models_translate_is_known(
    nano_folder: Path, tmp_path: Path, name: str, bands: int, layers: int, translates: bool
) -> None:
    folder = shutil.copytree(nano_folder, tmp_path / name)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["alignment_heads"] = [[layer, 0] for layer in range(layers)]
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": bands}), encoding="utf-8")
    assert find_model(str(folder)).can_translate is translates
    assert not find_model("nano-ko").can_translate


def test_the_language_is_noted_from_the_first_window_without_listening_twice(
    nano_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy under another name counts as any multilingual model; its answer is replaced here."""
    from reels.recognise.faster_whisper import _load

    folder = shutil.copytree(nano_folder, tmp_path / "multilingual")
    found = find_model(str(folder))
    model = _load(found.path, found.identity, found.name)
    encoded: list[int] = []
    inner = model.model

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

        def encode(self, *given: Any, **options: Any) -> Any:
            encoded.append(1)
            return inner.encode(*given, **options)

        def detect_language(self, _: Any) -> Any:
            return [[("<|en|>", 0.93), ("<|ko|>", 0.02)]]

    monkeypatch.setattr(model, "model", Counting())
    noise = 0.001 * np.random.default_rng(2).standard_normal(3 * 16000).astype(np.float32)
    heard = recognise(noise, RecognitionOptions(model=str(folder), vad=False, beam=1))
    assert (heard.heard_language, heard.heard_language_probability) == ("en", 0.93)
    assert heard.is_in_another_language
    told = len(encoded)
    monkeypatch.setattr("reels.recognise.faster_whisper._language_noted", _noting_nothing)
    recognise(noise, RecognitionOptions(model=str(folder), vad=False, beam=1))
    assert len(encoded) == 2 * told, "asking for the language costs no window more"
    assert recognise(noise, RecognitionOptions(model="nano-ko", vad=False, beam=1)).heard_language == ""


@contextmanager
def _noting_nothing(_: bool) -> Iterator[list[tuple[str, float]]]:
    yield []
