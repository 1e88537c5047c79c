"""Text from outside cannot become markup: what would make it so does not pass mypy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parent.parent
BLOCKS = ROOT / "handlers" / "blocks"

HEAD = """\
from bot.models import Alerted, Line
from handlers.blocks.layout import Page, context, fit, message, section
from handlers.blocks.text import Text, bold, italic, joined, lines, link, mrkdwn, quote, say
line: Line
story: Alerted
name: str
"""

RAW = (
    "section(name)",
    "section(line.heading)",
    'section("*" + line.heading + "*")',
    'section(f"*{line.heading}* read")',
    'section("*%s*" % story.headline)',
    'section("\\n".join(["*Feeds*", name]))',
    'section(f"{bold(name)} is read")',
    'section(bold(name) + " " + name)',
    'section("Why: " + say(name))',
    "section(say(name).mrkdwn + name)",
    "context([name])",
    'context([say("Read:"), f"<{line.snippet.url}|{name}>"])',
    "message(name, [])",
    'message(f"{story.headline} (one source)", [])',
    "mrkdwn(name)",
    "Page(head=name, rows=[])",
    "fit(Page(head=say(name), rows=[], notes=[name]), name)",
    "Text(name)",
)
"""What a builder might try; each is an error for mypy."""

ESCAPED = (
    "section(say(name))",
    'section(say(bold(line.heading), " is read by ", italic(name)))',
    "section(lines(quote(name), link(line.snippet.url, name)))",
    'context([joined(", ", [name, say(name)])])',
    "message(say(story.headline), [section(bold(name))])",
    "fit(Page(head=say(name), rows=[], notes=[say(name)]), name)",
)
"""What builders do, and mypy takes."""


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says of the snippets, by line of the file that holds them."""
    snippet = tmp_path_factory.mktemp("types") / "snippet.py"
    snippet.write_text(HEAD + "\n".join((*RAW, *ESCAPED)) + "\n")
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--follow-imports", "silent"]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache")]
    shown, wrong, _ = api.run([*config, *cache, "--strict", "--no-error-summary", str(snippet)])
    assert not wrong, wrong
    found: dict[int, str] = {}
    for said in shown.splitlines():
        _, number, kind, words = said.split(":", 3)
        if kind.strip() == "error":
            found.setdefault(int(number), words.strip())
    return found


@pytest.mark.parametrize("number", range(len(RAW)), ids=RAW)
def test_raw_text_does_not_type_check(errors: dict[int, str], number: int) -> None:
    at = HEAD.count("\n") + number + 1
    assert at in errors, f"mypy takes {RAW[number]}"
    assert "[attr-defined]" not in errors[at]
    assert "[name-defined]" not in errors[at]


def test_what_builders_do_type_checks(errors: dict[int, str]) -> None:
    first = HEAD.count("\n") + len(RAW) + 1
    assert not {at: said for at, said in errors.items() if at >= first or at <= HEAD.count("\n")}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted(BLOCKS.glob("*.py")), ids=lambda path: path.stem)
def test_only_the_renderer_writes_text_objects(path: Path) -> None:
    """A dict made by hand would go round the types."""
    if path.stem in ("text", "limits"):
        return
    for node in nodes(path):
        assert not (isinstance(node, ast.Constant) and node.value == "mrkdwn"), node.lineno
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "text":
                assert is_rendered(value), f"line {value.lineno}: {ast.unparse(value)}"


def is_rendered(value: ast.expr) -> bool:
    """Whether an expression is a rendered ``Text``, a plain text object or what a button carries."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in ("mrkdwn", "plain")
    if isinstance(value, ast.Attribute):
        return value.attr == "mrkdwn"
    return ast.unparse(value) in CARRIED


CARRIED = {'one["text"]', "one['text']", "text", "brief.topic or brief.query"}
"""A button's own text object, and what buttons carry as their value, which nobody is shown."""
