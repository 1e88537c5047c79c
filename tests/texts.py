"""Most texts in Python files that a user may read, by file: run ``python -m tests.texts [PATH…]``.

Reads the source, not the running program: string literals, and f-strings with their values as
``{…}``, that look like a sentence or a label of several words. Docstrings, log records, regular
expressions and texts in ``assert`` are left out. For proof-reading them in one go.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN = ("handlers", "bot")
"""Where texts for users are; tests and benchmarks have none."""

_NOT_SHOWN = ("log", "logger", "re", "_re", "warnings")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each text in a Python file that a user may read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _texts(tree)


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # a docstring
        if isinstance(child, ast.Assert) or (isinstance(child, ast.Call) and _is_private(child)):
            continue
        words = _words(child)
        if words is None:
            yield from _texts(child)
        elif _is_read(words):
            yield getattr(child, "lineno", 0), words


def _is_private(call: ast.Call) -> bool:
    """Whether what a call is given is for the log, or a pattern."""
    of = call.func
    return (
        isinstance(of, ast.Attribute)
        and isinstance(of.value, ast.Name)
        and of.value.id in _NOT_SHOWN
    )


def _words(node: ast.AST) -> str | None:
    """The words of a literal; None of anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else _value(part)
            for part in node.values
        )
    return None


def _value(part: ast.expr) -> str:
    shown = ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else "…"
    return "{" + (shown if len(shown) < 60 else "…") + "}"


def _is_read(words: str) -> bool:
    """Whether a literal looks like a sentence, or a label of several words."""
    plain = words.strip()
    if " " not in plain or plain.startswith(("(?", "SELECT", "CREATE")):
        return False
    return plain[0].isupper() or plain[0] in "•“{" or plain[-1] in ".:?!…" or plain.count(" ") > 2


def main(paths: list[str]) -> None:
    """Print the texts of the files and folders named, else of ``SHOWN``."""
    for name in paths or SHOWN:
        where = ROOT / name
        for path in sorted(where.rglob("*.py")) if where.is_dir() else [where]:
            if found := list(texts(path)):
                print(f"\n{path.relative_to(ROOT)}")
            for line, words in found:
                print(f"  {line}: {' '.join(words.split())}")


if __name__ == "__main__":
    main(sys.argv[1:])
