"""Files written for a test, and what gathering makes of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.gather.files import Defaults, Rejected, drafts
from bot.models import Draft

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
NONE = Defaults()


def read(
    *paths: object, defaults: Defaults = NONE, stdin: bytes | None = None
) -> list[Draft | Rejected]:
    stream = None if stdin is None else io.BytesIO(stdin)
    return list(drafts([str(p) for p in paths], defaults=defaults, now=NOW, stdin=stream))


def one(path: object, defaults: Defaults = NONE) -> Draft:
    (found,) = read(path, defaults=defaults)
    assert isinstance(found, Draft), found
    return found


def refused(path: object, defaults: Defaults = NONE) -> str:
    (found,) = read(path, defaults=defaults)
    assert isinstance(found, Rejected), found
    return found.reason


Write = Callable[[str, bytes], Path]


def writer(folder: Path) -> Write:
    """A function that writes a file below ``folder`` and returns its path."""

    def make(name: str, data: bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return make
