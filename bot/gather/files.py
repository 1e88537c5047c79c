"""Read files as drafts of articles: text, Markdown, JSON, JSONL, HTML, PDF, gzipped or not.

Files are streamed: a JSONL file one line at a time, other files whole. What cannot become an
article is yielded as ``Rejected`` with its place and the reason, and the rest is kept. Only blank
lines and hidden files are skipped silently.

The name of a file determines its kind (``.txt .md .json .jsonl .ndjson .html .pdf``, each also
``.gz``); if it does not, the first bytes do. gzip is always recognised by its first bytes. A plain
text has no title: its first line is as often a sentence as a headline. A Markdown file takes its
title from its front matter, else from its leading ``# heading``.

A file with a single article that has neither ``id`` nor ``url`` is identified by its path
(``file:/folder/name.txt``), so that an edited file is a revision and not a new article.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.errors import BadRecord, GatherError, UnreadableFile
from bot.gather.formats import (
    KINDS,
    MAX_BYTES,
    NOT_A_FILE,
    Amount,
    counted,
    kind_of,
    open_file,
    records,
)
from bot.gather.pages import Pages, Pending
from bot.gather.records import Defaults, Rejected, check_defaults, draft_of, missing
from bot.models import Draft, WebPage

__all__ = ["MAX_BYTES", "Defaults", "Rejected", "drafts"]

STDIN = "-"


def drafts(
    paths: Sequence[str],
    *,
    defaults: Defaults,
    now: datetime,
    stdin: BinaryIO | None = None,
    workers: int = 1,
    amount: Amount | None = None,
) -> Iterator[Draft | Rejected]:
    """Read the articles of files and folders, in the order given, folders sorted by name.

    ``-`` reads ``stdin``. A date more than a day after ``now`` is rejected. Raises BadRecord at
    once if a default cannot be used; all other errors are yielded as Rejected. Web pages and PDFs
    are extracted in ``workers`` processes; 0 means one for each core. ``amount`` counts the bytes
    read of files.
    """
    check_defaults(defaults, now=now)
    return _one_url(_taken_apart(_all(paths, defaults, now, stdin, amount), workers), defaults.url)


def _taken_apart(
    found: Iterator[Draft | Rejected | Pending], workers: int
) -> Iterator[Draft | Rejected]:
    with Pages(workers or os.cpu_count() or 1) as pages:
        yield from pages.drafts(found)


def _one_url(found: Iterator[Draft | Rejected], url: str | None) -> Iterator[Draft | Rejected]:
    """Give the default link to the first article without one; two articles cannot share it."""
    first = ""
    for item in found:
        if url is None or isinstance(item, Rejected) or item.url is not None:
            yield item
        elif not first:
            first = item.origin
            yield item.model_copy(update={"url": url})
        else:
            yield Rejected(
                origin=item.origin,
                reason=f"--url is the link of one article, and {first} has it; give this one alone",
            )


def _all(
    paths: Sequence[str],
    defaults: Defaults,
    now: datetime,
    stdin: BinaryIO | None,
    amount: Amount | None,
) -> Iterator[Draft | Rejected | Pending]:
    for path in paths:
        if not path:
            # As a path it would be the working folder, which nobody named.
            yield Rejected(origin="''", reason="an empty path names no file; name one, or a folder")
        elif path != STDIN:
            yield from _path(Path(path), defaults, now, amount)
        elif stdin is None:
            yield Rejected(origin=STDIN, reason="there is no standard input to read")
        else:
            yield from drafts_of_file(stdin, "stdin", "", None, defaults, now)


def _path(
    path: Path, defaults: Defaults, now: datetime, amount: Amount | None
) -> Iterator[Draft | Rejected | Pending]:
    """Yield the articles of one path as named by the caller: a file or a folder."""
    try:
        is_folder = path.is_dir()
        if not is_folder and not path.exists():
            yield Rejected(origin=_show(path), reason="there is no such file or folder")
            return
    except (OSError, ValueError) as error:
        yield Rejected(origin=_show(path), reason=_why(error))
        return
    if not is_folder:
        yield from _opened(path, defaults, now, amount, named=True)
        return
    empty = True
    for item in _walk(path, path.resolve(), set()):
        empty = False
        if isinstance(item, Rejected):
            yield item
        else:
            yield from _opened(item, defaults, now, amount, named=False)
    if empty:
        yield Rejected(
            origin=_show(path),
            reason=f"the folder holds no article; articles are files named {_names()}",
        )


def _walk(folder: Path, root: Path, seen: set[tuple[int, int]]) -> Iterator[Path | Rejected]:
    """Yield the files of a folder, sorted, without hidden ones; enter each folder once.

    Links are followed only within ``root``, the real path of the folder that was named.
    """
    try:
        stat = folder.stat()
        if (stat.st_dev, stat.st_ino) in seen:
            return
        seen.add((stat.st_dev, stat.st_ino))
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Rejected(origin=_show(folder), reason=_why(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
            leads_out = entry.is_symlink() and not entry.resolve().is_relative_to(root)
        except OSError as error:
            yield Rejected(origin=_show(entry), reason=_why(error))
            continue
        if leads_out and (is_folder or is_file):
            yield Rejected(
                origin=_show(entry),
                reason="it is a link that leads out of the folder; name what it leads to itself",
            )
        elif is_folder:
            yield from _walk(entry, root, seen)
        elif not is_file:
            kind = "a link to nothing" if entry.is_symlink() else NOT_A_FILE
            yield Rejected(origin=_show(entry), reason=kind)
        elif kind_of(entry.name) is None:
            yield Rejected(
                origin=_show(entry),
                reason=f"from a folder only {_names()} are read; name it itself to read it as text",
            )
        else:
            yield entry


def _opened(
    path: Path, defaults: Defaults, now: datetime, amount: Amount | None, *, named: bool
) -> Iterator[Draft | Rejected | Pending]:
    try:
        # Open the target of a link within a folder; the target itself must not be a link by then.
        with open_file(path if named else path.resolve(), named=named) as opened:
            identity = f"file:{_show(path.resolve())}"
            stream = counted(opened, amount)
            yield from drafts_of_file(stream, _show(path), path.name, identity, defaults, now)
    except UnreadableFile as error:
        yield Rejected(origin=_show(path), reason=error.message)
    except (OSError, ValueError) as error:
        yield Rejected(origin=_show(path), reason=_why(error))


def drafts_of_file(
    raw: BinaryIO, origin: str, name: str, identity: str | None, defaults: Defaults, now: datetime
) -> Iterator[Draft | Rejected | Pending]:
    """Yield the articles of one open file; errors of the whole file are yielded too.

    ``name`` may indicate its kind, ``origin`` is its place for reports, and ``identity`` identifies
    its single article if that has neither id nor link.
    """
    try:
        for found, place, alone in records(raw, origin, name):
            try:
                if isinstance(found, BadRecord):
                    raise found
                if isinstance(found, bytes):
                    yield Pending(WebPage(body=found, now=now), place, identity, defaults)
                    continue
                unnamed = (
                    alone and identity and missing(found.get("id")) and missing(found.get("url"))
                )
                record = {**found, "id": identity} if unnamed else found
                draft = draft_of(record, origin=place, defaults=defaults, now=now)
                yield draft if alone else draft.model_copy(update={"archived": True})
            except BadRecord as error:
                yield Rejected(origin=place, reason=error.message)
    except GatherError as error:
        yield Rejected(origin=origin, reason=error.message)


def _names() -> str:
    return "*" + " *".join(KINDS) + " (also .gz)"


def _show(path: Path) -> str:
    """Return a path as text; bytes that are not UTF-8 are escaped, so that it can be stored."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "it may not be read: permission denied"
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    return f"it cannot be read: {getattr(error, 'strerror', None) or error}"
