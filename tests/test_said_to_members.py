"""What members read names no command and no setting that only whoever runs Dragoman can use."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click import Context

from bot.answer.claims import NOT_READ, READ_HINT
from bot.answer.reading_report import NOTHING_READ
from bot.answer.replies import NOTHING_STORED
from bot.cli import main
from bot.desk import Desk
from bot.errors import ASK_AN_ADMIN, BadEdit, FetchError, message_for
from bot.models import Asker, Nothing
from tests.slack import DIRECT, ROOM, said, shown
from tests.stocked import opened
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

ROOT = Path(__file__).parent.parent
ROOMS = (
    "answer", "corrections", "curation", "digests", "feeds", "gather", "home", "match", "search",
    "store", "watches",
)  # fmt: skip
COMMANDS = "|".join(main.list_commands(Context(main)))
OPERATORS = re.compile(
    rf"`dragoman [a-z]|\bdragoman (?:{COMMANDS})\b"
    r"|\b(?:DRAGOMAN|SLACK)_[A-Z]+"
)
"""A command of the command line, or the name of a setting."""

AT_START = {"auth.py", "checkup.py"}
"""Read by whoever starts the server, or has ``dragoman doctor`` look at it."""

TO_ADMINS = {
    ("handlers/blocks/home.py", "_feeds"),
    ("bot/feeds/schedule.py", "_PROBLEMS"),
}
"""Shown to nobody but admins."""


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a module with the function or constant that they stand in.

    Without docstrings, what goes to the log, hints, and errors about settings.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for top in tree.body:
        name = getattr(top, "name", "")
        if isinstance(top, ast.Assign | ast.AnnAssign):
            target = top.targets[0] if isinstance(top, ast.Assign) else top.target
            name = getattr(target, "id", "")
        if not name.endswith("_HINT"):
            for text in _strings(top):
                yield name, text


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called.startswith("log.") or called == "SettingsError":
            return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword) and child.arg == "hint":
            continue
        if isinstance(child, ast.Assign) and getattr(child.targets[0], "id", "") == "hint":
            continue
        yield from _strings(child)


def modules() -> list[Path]:
    rooms = [path for room in ROOMS for path in (ROOT / "bot" / room).rglob("*.py")]
    return [path for path in [*rooms, *(ROOT / "handlers").rglob("*.py")] if path.is_file()]


def test_no_text_names_what_only_operators_can_use() -> None:
    found = [
        (str(path.relative_to(ROOT)), name, text)
        for path in modules()
        if path.name not in AT_START and "workspace" not in path.relative_to(ROOT).parts[:2]
        for name, text in texts(path)
        if OPERATORS.search(text)
    ]
    assert len(modules()) > 50
    assert [one for one in found if one[:2] not in TO_ADMINS] == []
    assert {one[:2] for one in found} == TO_ADMINS  # what is no longer there is no exception


@pytest.mark.parametrize(
    "text", ["`dragoman ingest` reads", "set DRAGOMAN_DATA", "dragoman doctor"]
)
def test_the_pattern_finds_what_it_is_to_find(text: str) -> None:
    assert OPERATORS.search(text)
    assert not OPERATORS.search("@Dragoman distrust Example, or ask Dragoman about Iran")


def test_a_hint_is_told_to_operators_and_the_command_line() -> None:
    error = FetchError("It leads nowhere.", about="x", kind="refused", hint="`dragoman x` helps.")
    for one in (error, pickle.loads(pickle.dumps(error))):  # noqa: S301
        assert (
            str(one) == message_for(one, operator=True) == "It leads nowhere. `dragoman x` helps."
        )
        assert message_for(one, operator=False) == f"It leads nowhere. {ASK_AN_ADMIN}"
    plain = BadEdit("There is no such change.")
    assert message_for(plain, operator=False) == str(plain) == "There is no such change."


@pytest.mark.parametrize("operator", [True, False])
@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("who attacked Qatar?", NOTHING_STORED),
        ("what do you read?", NOTHING_READ),
        ("seen https://news.example.org/1", NOT_READ),
    ],
)
def test_how_to_read_more_is_said_to_each_in_their_way(
    tmp_path: Path, text: str, note: str, operator: bool
) -> None:
    desk: Desk = opened(tmp_path)
    reply = desk.ask(Asker(now=datetime.now(UTC), operator=operator), text)
    desk.close()
    assert isinstance(reply, Nothing)
    assert note in reply.notes
    assert (READ_HINT in reply.notes) is operator


@pytest.mark.parametrize(("user", "place"), [("U0YOU", DIRECT), ("U0ADA", "D0ADA")])
async def test_a_link_into_the_local_network(slack: LocalWorkspace, user: str, place: str) -> None:
    await slack.say(place, "http://localhost/minutes", user=user)
    await slack.wait(lambda: bool(said(slack, place, user)))
    text = shown(said(slack, place, user)[0])
    assert "leads into a local network" in text
    assert ("DRAGOMAN_FETCH_ALLOW" in text) is (user == "U0ADA")
    assert (ASK_AN_ADMIN.rstrip(".") in text) is (user == "U0YOU")


@pytest.mark.parametrize("user", ["U0YOU", "U0ADA"])
async def test_trust_is_for_admins(slack: LocalWorkspace, user: str) -> None:
    await slack.say(ROOM, "@Dragoman distrust Wikidata", user=user)
    await slack.wait(lambda: bool(said(slack, ROOM, user)))
    text = shown(said(slack, ROOM, user)[0])
    assert ("Ask an admin" in text) is (user == "U0YOU")
    assert ("DRAGOMAN_ADMINS" in text) is (user == "U0ADA")
