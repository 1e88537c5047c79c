"""Limit how long texts are kept, and export all data of a workspace or a person."""

from __future__ import annotations

import base64
import json
import logging
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import __version__
from bot.errors import BadWorkspace
from bot.store.retention import THINNED_AT_ONCE
from bot.store.store import Store

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


class Thinner:
    """Thins due texts, a few at a time; any number of processes may run it."""

    def __init__(
        self,
        store: Store,
        *,
        days: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``days`` 0 keeps every text."""
        self._store = store
        self._days = days
        self._now = now
        self._next: datetime | None = None

    def look(self) -> int:
        """Thin some texts, and check once an hour if none is due; returns how many were thinned."""
        now = self._now()
        if not self._days or (self._next is not None and now < self._next):
            return 0
        done = self._store.thinning.thin_some(cutoff(now, self._days), now)
        if done < THINNED_AT_ONCE:
            self._next = now + EVERY
        if done:
            log.info("texts thinned: %d", done)
        return done


def cutoff(now: datetime, days: int) -> datetime:
    """Return the latest arrival of texts that are due at ``now``."""
    return now - timedelta(days=days)


def thin_all(store: Store, now: datetime, days: int) -> int:
    """Thin all due texts; returns how many were thinned."""
    done = 0
    while some := store.thinning.thin_some(cutoff(now, days), now):
        done += some
    return done


ENDING = ".tar.gz"


def of_workspace(store: Store, workspace: str, to: Path, now: datetime) -> dict[str, int]:
    """Export a workspace; returns the number of rows of each table.

    ``to`` is a new folder, or a new file that ends in ``.tar.gz``. Raises BadWorkspace if it
    exists, or if nothing is stored.
    """
    return _export(store.export.rows(workspace), {"workspace": workspace}, to, now)


def of_person(
    store: Store, person: str, workspace: str | None, to: Path, now: datetime
) -> dict[str, int]:
    """Export the data of a person, in the same way."""
    rows = ((name, iter(found)) for name, found in store.personal_data.of(person, workspace))
    return _export(rows, {"person": person, "workspace": workspace}, to, now)


def _export(
    tables: Iterable[tuple[str, Iterator[dict[str, Any]]]],
    about: dict[str, str | None],
    to: Path,
    now: datetime,
) -> dict[str, int]:
    subject = about.get("person") or about["workspace"] or ""
    if to.exists():
        raise BadWorkspace(
            f"{to} already exists: name a folder or file that does not.", about=subject
        )
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(
            tempfile.mkdtemp(prefix=f".{to.name}-", dir=to.parent)
        )  # readable by our user only
        try:
            rows = {name: _lines(folder / f"{name}.jsonl", found) for name, found in tables}
            rows = {name: number for name, number in rows.items() if number}
            if not rows:
                raise BadWorkspace(f"Nothing is stored of {subject}.", about=subject)
            manifest = {**about, "at": now.isoformat(), "dragoman": __version__, "rows": rows}
            head = json.dumps(manifest, ensure_ascii=False, indent=1)
            (folder / "manifest.json").write_text(f"{head}\n", encoding="utf-8")
            _move(folder, to)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise BadWorkspace(
            f"{to} cannot be written ({error.strerror}): name another place.", about=subject
        ) from error
    return rows


def _lines(file: Path, rows: Iterator[dict[str, Any]]) -> int:
    """Write rows as JSON, one per line; without rows no file is left."""
    number = 0
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            number += 1
            out.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
    if not number:
        file.unlink()
    return number


def _move(folder: Path, to: Path) -> None:
    if not to.name.endswith(ENDING):
        folder.replace(to)
        return
    packed = folder / "packed"
    with packed.open("xb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
        for one in sorted(folder.glob("*.json*")):
            archive.add(one, arcname=f"{to.name.removesuffix(ENDING)}/{one.name}")
    packed.chmod(0o600)
    packed.replace(to)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"{type(value).__name__} cannot be exported")
