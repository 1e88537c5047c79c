"""The data folder of a serving process, which no other one may share.

It is locked by SQLite's lock on an empty file: this exists on every platform of the store, is not
inherited by child processes, and ends with its process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import StoreUnavailable
from bot.private import FOLDER_MODE
from bot.settings import Settings
from bot.store import engine

LOCK = "serving"
"""The file that is locked in a data folder; the suffix of the lock of a store elsewhere."""

MOST = 64
"""The most processes that share one data folder."""


@contextmanager
def placed(settings: Settings) -> Iterator[Settings]:
    """Take a place while the context is open; yields the settings with that data folder.

    A SQLite file is served by one process. With PostgreSQL there may be any number; of those that
    share a data folder, each but the first uses a subfolder for its index. Raises
    StoreUnavailable if the file is served already, or no folder can be locked.
    """
    url = engine.parse(engine.url_of(settings))
    with ExitStack() as held:
        if url.get_backend_name() == "sqlite":
            held.enter_context(_alone(url))
            yield settings
        else:
            folder = held.enter_context(_own_folder(settings.dragoman_data))
            yield settings.model_copy(update={"dragoman_data": folder})


@contextmanager
def _alone(url: URL) -> Iterator[None]:
    where = engine.place_of(url)
    file = Path(where.removeprefix("file:").partition("?")[0]).resolve()
    with ExitStack() as held:
        if not _locked(held, file.with_name(f"{file.name}.{LOCK}")):
            raise StoreUnavailable(
                f"Another Dragoman serves the store {where} already: stop that one first, or move"
                " to PostgreSQL (DATABASE_URL), where any number may serve.",
                about=where,
            )
        yield


@contextmanager
def _own_folder(data: Path) -> Iterator[Path]:
    for number in range(1, MOST + 1):
        folder = data if number == 1 else data / f"replica-{number}"
        with ExitStack() as held:
            if _locked(held, folder / LOCK):
                yield folder
                return
    raise StoreUnavailable(
        f"{MOST} processes keep their data in {data} already: give others a DRAGOMAN_DATA of"
        " their own.",
        about=str(data),
    )


def _locked(held: ExitStack, file: Path) -> bool:
    """Lock a file until the stack is closed; False if another process holds it."""
    try:
        file.parent.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        lock = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise _refused(file, error) from error
    with ExitStack() as ours:
        ours.enter_context(closing(lock))
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise _refused(file, error) from error
        held.push(ours.pop_all())
    return True


def _refused(file: Path, error: OSError | sqlite3.Error) -> StoreUnavailable:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return StoreUnavailable(
        f"{file} cannot be locked ({why}): set DRAGOMAN_DATA to a folder that can be written.",
        about=str(file),
    )
