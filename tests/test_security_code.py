"""What no line of ours does: SQL put together from text, a shell, text run as code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path
    for package in ("bot", "handlers")
    for path in (ROOT / package).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)

PUT_TOGETHER = {
    "bot/backup/loading.py": "statements of Core compiled once",
    "bot/store/sql.py": "statements of Core compiled once, and names of our tables",
    "bot/store/migrate.py": "names of our tables, quoted",
    "bot/store/postgres.py": "numbers of our own locks, and statements written out",
    "bot/store/tables.py": "conditions of indexes, over names of our columns",
    "bot/store/sqlite.py": "statements written out, with a number of ours",
}
"""Where SQL that is not written out whole is sent, and of what it is made."""

SQL = {"text", "exec_driver_sql", "literal_column", "DDL"}
MODULES = {"subprocess", "pickle", "marshal", "shelve", "dill", "commands", "pty", "code"}
CALLS = {
    "eval", "exec", "compile_command", "__import__", "os.system", "os.popen", "os.execv", "os.spawnl",
    "os.posix_spawn", "asyncio.create_subprocess_shell", "asyncio.create_subprocess_exec",
    "yaml.unsafe_load", "yaml.full_load", "tempfile.mktemp", "xml.etree.ElementTree.fromstring",
}  # fmt: skip


def _nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _name(function: ast.expr) -> str:
    return ast.unparse(function) if isinstance(function, ast.Name | ast.Attribute) else ""


def _of_sqlalchemy(path: Path) -> set[str]:
    """The names of ``SQL`` that a file has from SQLAlchemy, and its methods of that name."""
    found = {"exec_driver_sql"}
    for node in _nodes(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            found |= {one.asname or one.name for one in node.names if one.name in SQL}
        if isinstance(node, ast.Import):
            modules = [one.asname or one.name for one in node.names if one.name == "sqlalchemy"]
            found |= {f"{module}.{name}" for module in modules for name in SQL}
    return found


def test_sql_is_written_out_whole_or_made_by_core() -> None:
    for path in FILES:
        where = path.relative_to(ROOT).as_posix()
        names = _of_sqlalchemy(path)
        for node in _nodes(path):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = _name(node.func)
            if function in names or function.rpartition(".")[2] == "exec_driver_sql":
                whole = isinstance(node.args[0], ast.Constant)
                assert whole or where in PUT_TOGETHER, f"{where}:{node.lineno}"


def test_where_sql_is_put_together_is_known() -> None:
    assert set(PUT_TOGETHER) <= {path.relative_to(ROOT).as_posix() for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_shell_and_no_text_as_code(path: Path) -> None:
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            named = {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            named = {(node.module or "").partition(".")[0]}
        else:
            named = set()
        assert not named & MODULES, f"{path}:{getattr(node, 'lineno', 0)}"
        if not isinstance(node, ast.Call):
            continue
        function = _name(node.func)
        assert function not in CALLS, f"{path}:{node.lineno}: {function}"
        assert function.rpartition(".")[2] != "from_string", f"{path}:{node.lineno}: a template"
        _check_keywords(path, node, function)


def _check_keywords(path: Path, node: ast.Call, function: str) -> None:
    given = {one.arg: ast.unparse(one.value) for one in node.keywords}
    where = f"{path}:{node.lineno}"
    assert given.get("shell") != "True", where
    assert given.get("allow_pickle", "False") == "False", where
    if function == "yaml.load":
        assert given.get("Loader") in ("yaml.BaseLoader", "yaml.CSafeLoader", "yaml.SafeLoader"), (
            where
        )
    if function.endswith("Environment"):
        assert "autoescape" in given, where
    if function == "Markup" and node.args:
        made = ast.unparse(node.args[0])
        of_ours = isinstance(node.args[0], ast.Constant) or "get_template(" in made
        assert of_ours, f"{where}: markup put together from text"
