"""The manuals name every setting, every command and every scope there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATORS = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
MANUALS = [ROOT / name / "README.md" for name in (".", "bot", "deploy", "handlers", "seeds")]


def test_every_setting() -> None:
    for name in Settings.model_fields:
        assert f"| `{name.upper()}` |" in OPERATORS, name


def test_every_command() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert f"`dragoman {name}" in OPERATORS, name
        if isinstance(command, click.Group):
            for inner in command.commands:
                assert inner in OPERATORS, f"{name} {inner}"


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
    assert f"with {notes} notes" in README


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 200


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.parent.name or "root")
def test_every_link_leads_somewhere(manual: Path) -> None:
    for path in re.findall(
        r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", manual.read_text(encoding="utf-8")
    ):
        assert (manual.parent / path).exists(), path
