"""What is stored of a workspace or a person, written to files of JSON lines."""

from __future__ import annotations

import base64
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot import __version__
from bot.errors import BadWorkspace
from bot.store.store import Store

ENDING = ".tar.gz"


def of_workspace(store: Store, workspace: str, to: Path, now: datetime) -> dict[str, int]:
    """Write all that is stored of a workspace; returns how many rows of each table.

    ``to`` is a folder, or a file that ends in ``.tar.gz``, which is not there yet. Raises
    BadWorkspace where it is, or where nothing is stored.
    """
    return _written(store.export.rows(workspace), {"workspace": workspace}, to, now)


def of_person(
    store: Store, person: str, workspace: str | None, to: Path, now: datetime
) -> dict[str, int]:
    """Write all that is kept of a person, as ``of_workspace`` does."""
    rows = ((name, iter(found)) for name, found in store.personal_data.of(person, workspace))
    return _written(rows, {"person": person, "workspace": workspace}, to, now)


def _written(
    tables: Iterable[tuple[str, Iterator[dict[str, Any]]]],
    about: dict[str, str | None],
    to: Path,
    now: datetime,
) -> dict[str, int]:
    whose = about.get("person") or about["workspace"] or ""
    if to.exists():
        raise BadWorkspace(
            f"{to} is there already: name a folder or file that is not.", about=whose
        )
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{to.name}-", dir=to.parent))  # for our user alone
        try:
            rows = {name: _lines(made / f"{name}.jsonl", found) for name, found in tables}
            rows = {name: number for name, number in rows.items() if number}
            if not rows:
                raise BadWorkspace(f"Nothing is stored of {whose}.", about=whose)
            told = {**about, "at": now.isoformat(), "dragoman": __version__, "rows": rows}
            head = json.dumps(told, ensure_ascii=False, indent=1)
            (made / "manifest.json").write_text(f"{head}\n", encoding="utf-8")
            _put(made, to)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise BadWorkspace(
            f"{to} cannot be written ({error.strerror}): name another place.", about=whose
        ) from error
    return rows


def _lines(file: Path, rows: Iterator[dict[str, Any]]) -> int:
    """Write rows, one a line; no file where there is none."""
    number = 0
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            number += 1
            out.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
    if not number:
        file.unlink()
    return number


def _put(made: Path, to: Path) -> None:
    if not to.name.endswith(ENDING):
        made.replace(to)
        return
    packed = made / "packed"
    with packed.open("xb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
        for one in sorted(made.glob("*.json*")):
            archive.add(one, arcname=f"{to.name.removesuffix(ENDING)}/{one.name}")
    packed.chmod(0o600)
    packed.replace(to)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"{type(value).__name__} is written nowhere")
