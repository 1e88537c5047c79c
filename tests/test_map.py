"""The map in ``bot/__init__.py`` is true: every room is on it, and imports only look up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bot

ROOT = Path(__file__).parent.parent
ROOMS = re.findall(r"^    (\w+) +\S", bot.__doc__ or "", re.MULTILINE)
ROOTS = {"serve", "cli"}
LONGEST = 45
MODULES = sorted(
    path
    for package in ("bot", "handlers", "seeds")
    for path in (ROOT / package).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file it does."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_every_room_is_on_the_map() -> None:
    there = {
        entry.stem
        for entry in (ROOT / "bot").iterdir()
        if (entry.suffix == ".py" or (entry / "__init__.py").exists()) and entry.stem != "__init__"
    }
    assert set(ROOMS) == there


def test_imports_look_up() -> None:
    for path in MODULES:
        check_imports(path)


def check_imports(path: Path) -> None:
    own = name_of(path)
    for module in imported(path):
        package = module.split(".")[0]
        if own.startswith("bot.") and package == "handlers":
            assert room_of(own) in ROOTS, f"{own} imports {module}: only the roots know Slack"
        if package == "tests":
            pytest.fail(f"{own} imports {module}")
        if not (own.startswith("bot.") and package == "bot" and room_of(module)):
            continue
        if room_of(module) not in ROOMS:  # a name out of bot/__init__.py
            continue
        assert ROOMS.index(room_of(module)) <= ROOMS.index(room_of(own)), f"{own}: {module}"


def test_no_import_cycle() -> None:
    names = {name_of(path) for path in MODULES}
    graph = {
        name_of(path): {
            module for module in _at_the_top(path) if module in names and module != name_of(path)
        }
        for path in MODULES
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def _at_the_top(path: Path) -> Iterator[str]:
    """What is imported when a module is loaded: not inside functions or for types only."""
    for node in tree_of(path).body:
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_functions_stay_small() -> None:
    long = [
        f"{name_of(path)}.{node.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST
    ]
    assert not long, f"more than {LONGEST} lines: {long}"
