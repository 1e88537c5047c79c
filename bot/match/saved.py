"""A built index, kept on disk: mapping it is quicker than building it.

One file of arrays (``mapped``), named after what it was built from: the version of the actors
and the code that builds. What is missing, stale or damaged is built again; where the folder
cannot be written the index is built each time, and nothing else changes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.match import mapped
from bot.match.actors import ActorIndex
from bot.match.lookup import Lookup
from bot.models import Actor, Tenure

_STEM = "actors-"
_CODE = (
    ("bot.match", "alias_table.py"),
    ("bot.match", "candidates.py"),
    ("bot.match", "entries.py"),
    ("bot.match", "lookup.py"),
    ("bot.models", "actors.py"),
    ("bot.text", "names.py"),
)
"""The files on which the arrays depend."""


def indexed(
    gazetteer: str,
    built: Path | None,
    actors: Sequence[Actor],
    tenures: Sequence[Tenure],
    workspace: str,
    version: str,
) -> ActorIndex:
    """Index the actors of a workspace, by what was kept of the last time where it can be.

    ``gazetteer`` and ``version`` are those of the seed actors, and of the workspace's own.
    """
    if built is None:
        return ActorIndex(actors, tenures)
    lookup = saved(
        _folder(built, workspace), f"{gazetteer} {version}".strip(), lambda: Lookup.build(actors)
    )
    return ActorIndex(actors, tenures, lookup)


def forget(built: Path | None, workspace: str) -> None:
    """Delete what was kept of a workspace's actors, which has their names in it."""
    if built is not None and workspace:
        shutil.rmtree(_folder(built, workspace), ignore_errors=True)


def _folder(built: Path, workspace: str) -> Path:
    # What has words of its own is kept apart: of each folder only the newest is.
    return built / hashlib.sha256(workspace.encode()).hexdigest()[:16] if workspace else built


def saved(folder: Path, version: str, build: Callable[[], Lookup]) -> Lookup:
    """Load the index that was built for ``version``, else build it and keep it in ``folder``.

    Only the newest is kept.
    """
    path = mapped.path_of(folder, _STEM, version, mapped.digest_of_code(_CODE))
    found = load(path)
    if found is None:
        found = build()
        keep(found, path)
    return found


def load(path: Path) -> Lookup | None:
    """Load an index; None if there is none, or it is not as it was kept."""
    arrays = mapped.read(path)
    try:
        return Lookup.from_arrays(arrays) if arrays is not None else None
    except (KeyError, ValueError):
        return None


def keep(lookup: Lookup, path: Path) -> bool:
    """Write an index, whole or not at all; False where the folder cannot be written."""
    return mapped.write(path, lookup.arrays(), _STEM)
