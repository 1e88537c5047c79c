"""The README tells every setting, every command and every scope there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import yaml

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting() -> None:
    for name in Settings.model_fields:
        assert f"| `{name.upper()}` |" in README, name


def test_every_command() -> None:
    for name, command in main.commands.items():
        assert f"`dragoman {name}" in README, name
        if isinstance(command, click.Group):
            for inner in command.commands:
                assert inner in README, f"{name} {inner}"


def test_every_scope() -> None:
    manifest = yaml.safe_load((ROOT / "deploy" / "manifest.yaml").read_text(encoding="utf-8"))
    for scope in manifest["oauth_config"]["scopes"]["bot"]:
        assert f"`{scope}`" in README, scope


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    for path in pictures:
        assert (ROOT / path).is_file(), path


def test_number_of_notes() -> None:
    notes = len(list((ROOT / "seeds" / "articles").glob("*.md")))
    assert f"over {notes} notes" in README
