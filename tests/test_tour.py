"""The recorded tour says in a sentence what it lacks; the pictures it made are small."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import tour

IMAGES = Path(__file__).parent.parent / "deploy" / "images"


def test_a_browser_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(tour.Missing, match=r"no Chromium here: install Chromium or Chrome"):
        tour.browser_here()
    for name in ("google-chrome", "mine"):
        found = tmp_path / name
        found.write_text("#!/bin/sh\n")
        found.chmod(0o755)
    assert tour.browser_here() == str(tmp_path / "google-chrome")
    monkeypatch.setenv("CHROMIUM", "mine")
    assert tour.browser_here() == str(tmp_path / "mine")
    monkeypatch.setenv("CHROMIUM", "gone")
    with pytest.raises(tour.Missing, match="no gone here"):
        tour.browser_here()


def test_without_its_extra_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    monkeypatch.setattr(sys, "argv", ["tour", str(tmp_path)])
    assert tour.main() == 1
    assert "make tour" in capsys.readouterr().out


def test_the_pictures_are_small() -> None:
    pictures = sorted(IMAGES.glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= tour.MOST, picture


def test_axe_is_read_where_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AXE", raising=False)
    assert tour.axe_here() == ""
    script = tmp_path / "axe.min.js"
    monkeypatch.setenv("AXE", str(script))
    with pytest.raises(tour.Missing, match="npm install axe-core"):
        tour.axe_here()
    script.write_text("axe")
    assert tour.axe_here() == "axe"


class Shown:
    """A page on which axe finds what it is told to."""

    def __init__(self, *found: str) -> None:
        self.found = list(found)
        self.evaluated: list[str] = []

    def evaluate(self, script: str) -> list[str]:
        self.evaluated.append(script)
        return self.found


def test_a_stop_with_a_barrier_ends_the_tour(tmp_path: Path) -> None:
    clear, barred = Shown(), Shown("label: #x (must have a label)")
    tour.Tour(clear, "", tmp_path, "axe").check_barriers("brief")
    assert clear.evaluated == ["axe", tour.BARRIERS]
    with pytest.raises(tour.Missing, match=r"at the stop brief: label: #x"):
        tour.Tour(barred, "", tmp_path, "axe").check_barriers("brief")
    tour.Tour(barred, "", tmp_path).check_barriers("brief")  # without axe nothing is checked
