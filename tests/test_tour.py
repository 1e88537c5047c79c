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
