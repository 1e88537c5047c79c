"""The folder of an index: its segments, the mark beside them, and its single writer.

tantivy raises ValueError for any problem with a folder. This module and the code that follows the
store decide what the error means.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import tantivy

from bot.search.schema import View, schema, words
from bot.store.store import Store

_MAGIC = 1337
_TAIL = struct.Struct("<II")
_LONGEST_FOOTER = 4_096
_CHUNK = 1 << 20
_PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
"""The files that every segment has; a segment with deletions also has a ``.del`` file."""


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Raise ValueError when tantivy panics, as it does for other problems.

    A panic's exception is not an Exception, and its type cannot be imported.
    """
    try:
        yield
    except BaseException as error:
        kind = type(error)
        if (kind.__module__, kind.__name__) != ("pyo3_runtime", "PanicException"):
            raise
        raise ValueError(f"tantivy panicked: {error}") from error


def damaged(segments: Path, most: int | None = None) -> str:
    """Return the name of the first damaged index file in this folder; empty if there is none.

    With ``most``, check files only if their total size is at most that many bytes. A file deleted
    in the meantime, as when segments are merged, counts as sound.
    """
    try:
        live = _live(segments)
    except FileNotFoundError:
        return ""  # nothing was committed yet
    except (OSError, ValueError, KeyError, TypeError):
        return "meta.json"
    if most is not None and sum(map(_size, live)) > most:
        return ""
    wrong = [one for one in live if not _is_sound(one)]
    if wrong:
        try:
            live = _live(segments)
        except (OSError, ValueError, KeyError, TypeError):
            return "meta.json"
    return next((one.name for one in wrong if one in live), "")


def _live(segments: Path) -> list[Path]:
    """Return the files that currently make up the index."""
    meta = json.loads((segments / "meta.json").read_bytes())
    found = []
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        found += [segments / f"{name}.{part}" for part in _PARTS]
        if segment["deletes"]:
            found.append(segments / f"{name}.{segment['deletes']['opstamp']}.del")
    return found


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _is_sound(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(size - _TAIL.size, 0))
            length, magic = _TAIL.unpack(stream.read())
            if magic != _MAGIC or length > min(_LONGEST_FOOTER, size - _TAIL.size):
                return False
            left = size - _TAIL.size - length
            stream.seek(left)
            stored = json.loads(stream.read(length))["crc"]
            stream.seek(0)
            found = 0
            while left and (chunk := stream.read(min(_CHUNK, left))):
                found = zlib.crc32(chunk, found)
                left -= len(chunk)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
    return bool(found == stored)


log = logging.getLogger(__name__)

HEAP = 64_000_000
"""Bytes that the writer may buffer before it writes a segment."""

_PROBED = 1_000_000
"""Bytes written to test whether a folder is writable: a disk's size is not the only limit."""

AT_ONCE = 64_000_000
"""An index up to this many bytes is read in full when opened, to find damage."""

SECONDS_TO_CHECK = 3_600.0
"""How often the process that follows the store reads all index files, to find damage."""

_REFUSED = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM,
    errno.EMFILE, errno.ENFILE, errno.ENOMEM,
}  # fmt: skip
"""Errors that make a folder unwritable without damaging it."""


class Mark(NamedTuple):
    """How far the index has followed a store: up to change ``seq``, which was of ``key``.

    ``documents`` is the number of documents then in the index, -1 if unknown.
    """

    store: str
    seq: int
    key: str
    documents: int = -1

    def is_of(self, store: Store) -> bool:
        """Whether the store's log is still the same: a backup may have been restored."""
        if self.store != store.id:
            return False
        last = [(one.seq, one.key) for one in store.changes(self.seq - 1, 1)]
        return not self.seq or last == [(self.seq, self.key)]


NOWHERE = Mark("", 0, "")


class IndexFolder:
    """One folder, of one schema. ``writer`` is None while another process writes to it."""

    def __init__(self, path: Path) -> None:
        """Open the folder, emptied if it is damaged; raises OSError if that fails."""
        self.path = path
        self.schema = schema()
        self.writer: tantivy.IndexWriter | None = None
        self._segments = path / "passages"
        self._mark_file = path / "seq.json"
        self._committing = path / "committing"
        self._purge_file = path / "purge"
        self._damaged_file = path / "damaged"
        self._failed = False
        self._checked = monotonic()
        self.damage = ""
        self.index = self._open_or_empty()
        self.view = View(self.index)
        self.mark = self._read_mark()
        self.take_writer()
        self._look_for_damage(AT_ONCE)

    @property
    def writing(self) -> tantivy.IndexWriter:
        """The writer; raises ValueError unless it was taken."""
        if self.writer is None:
            raise ValueError("the writer is closed")
        return self.writer

    def take_writer(self) -> bool:
        """Become the writer unless another process is; returns True if this process is it."""
        if self.writer is None:
            if self._failed:
                self.index, self._failed = self._open(), False
            try:
                self.writer = self.index.writer(heap_size=HEAP, num_threads=1)
            except ValueError as error:
                if "LockBusy" in str(error):
                    return False
                raise
            self.refresh()
        return True

    def refresh(self) -> None:
        """Read what another process has committed, and whether it has found damage."""
        self._look()
        self.mark = self._read_mark()
        self.damage = self._recorded_damage()

    def commit(self, mark: Mark) -> None:
        """Make what was written durable and visible, and only then write the mark."""
        self._committing.touch()
        self.writing.commit()
        self._look()
        mark = mark._replace(documents=self.view.searcher.num_docs)
        fresh = self._mark_file.with_suffix(".new")
        fresh.write_text(json.dumps(mark._asdict()), encoding="ascii")
        fresh.replace(self._mark_file)
        self._committing.unlink(missing_ok=True)
        self.mark = mark

    # --- damage ---------------------------------------------------------------------

    def check(self) -> str:
        """Read all files, and return what is damaged; empty if nothing is."""
        self._checked = monotonic()
        self._look_for_damage(None)
        return self.damage

    def found_damage(self) -> bool:
        """Whether this or another process found damage; from time to time, all files are read."""
        self.damage = self._recorded_damage() or self.damage
        if not self.damage and monotonic() - self._checked >= SECONDS_TO_CHECK:
            self.check()
        return bool(self.damage)

    def report_damage(self, what: str) -> None:
        """Record, for all processes that use this folder, that it must be rebuilt."""
        if not self.damage:
            log.error(
                "the index in %s is damaged (%s); it is rebuilt from the store", self.path, what
            )
        self._record(what)

    def _record(self, what: str) -> None:
        self.damage = what
        with suppress(OSError):  # if it cannot be written, this process still knows
            self._damaged_file.write_text(what, encoding="utf-8")

    def clear_damage(self) -> None:
        """Clear the damage: the index was rebuilt."""
        self.damage = ""
        self._damaged_file.unlink(missing_ok=True)

    def _look_for_damage(self, most: int | None) -> None:
        what = self._recorded_damage() or damaged(self._segments, most)
        if not what and self.writer is not None and not self._committing.exists():
            held = self.view.searcher.num_docs
            if self.mark.documents not in (-1, held):
                what = f"it has {held:,} passages instead of {self.mark.documents:,}"
        if what:
            self.report_damage(what)

    def _recorded_damage(self) -> str:
        try:
            return self._damaged_file.read_text(encoding="utf-8") or "unknown"
        except FileNotFoundError:
            return ""
        except (OSError, ValueError):
            return "unknown"

    def _look(self) -> None:
        self.index.reload()
        self.view = View(self.index)

    def release_writer(self) -> None:
        """Release the writer after a failure: search continues, the next writer reopens."""
        self.writer, self._failed = None, True

    def refusal(self, error: Exception) -> str:
        """Return why an undamaged folder cannot be written; empty if it can be."""
        said = re.search(r"(?:os error|code:) (\d+)", str(error))
        code = error.errno if isinstance(error, OSError) else int(said[1]) if said else 0
        if code in _REFUSED:
            return os.strerror(code)
        # The error does not say what killed its threads.
        return self._no_room() if "was killed" in str(error) else ""

    def _no_room(self) -> str:
        """Return why a segment cannot be written for lack of space; empty if it can.

        Also empty if the folder was deleted: it is then rebuilt.
        """
        if not self.path.is_dir():
            return ""
        if shutil.disk_usage(self.path).free < 2 * HEAP:
            return os.strerror(errno.ENOSPC)
        probe = self.path / "room"
        try:
            probe.write_bytes(bytes(_PROBED))
        except OSError as error:
            return os.strerror(error.errno or errno.EIO)
        finally:
            probe.unlink(missing_ok=True)
        return ""

    def take_over(self, other: IndexFolder) -> None:
        """Replace our segments and mark by those of another folder; this process writes both.
        Searches in progress finish on the old ones."""
        old = self.path / "old"
        for one in (self, other):
            writer, one.writer = one.writing, None
            writer.wait_merging_threads()
        shutil.rmtree(old, ignore_errors=True)
        self._mark_file.unlink(missing_ok=True)
        self._segments.rename(old)
        other._segments.rename(self._segments)
        other._mark_file.replace(self._mark_file)
        shutil.rmtree(old)
        shutil.rmtree(other.path)
        self.index = self._open()
        self.view = View(self.index)
        self.mark = self._read_mark()
        self.take_writer()

    @property
    def is_to_be_purged(self) -> bool:
        """Whether a process that does not write here asked for an index without deleted words."""
        return self._purge_file.exists()

    def ask_purge(self, wanted: bool) -> None:
        """Leave a request for the index's writer, or withdraw it."""
        if wanted:
            self._purge_file.touch()
        else:
            self._purge_file.unlink(missing_ok=True)

    def wipe(self) -> bool:
        """Delete the segments, and open an empty index; False if another process is writing."""
        if self._is_taken():
            return False
        self.writer = None
        self._record(self.damage or "its rebuild has not ended")
        self._mark_file.unlink(missing_ok=True)
        shutil.rmtree(self._segments, ignore_errors=True)
        self.index = self._open()
        self.view = View(self.index)
        self.mark = NOWHERE
        return self.take_writer()

    def _is_taken(self) -> bool:
        if self.writer is not None or not self._segments.exists():
            return False
        try:
            return not self.take_writer()
        except ValueError:
            return False  # damaged, but not in use by another process

    def _read_mark(self) -> Mark:
        try:
            return Mark(**json.loads(self._mark_file.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            # Missing, half-written or of an older version: apply everything again.
            return NOWHERE

    def _open_or_empty(self) -> tantivy.Index:
        try:
            return self._open()
        except ValueError as error:
            if self.refusal(error):
                raise
            # Damaged or incomplete: the store has all its contents.
            self.report_damage(str(error))
            self._mark_file.unlink(missing_ok=True)
            shutil.rmtree(self._segments)
            return self._open()

    def _open(self) -> tantivy.Index:
        self._segments.mkdir(parents=True, exist_ok=True)
        if not tantivy.Index.exists(str(self._segments)):
            self._mark_file.unlink(missing_ok=True)  # it describes passages that are gone
        with panics_as_errors():
            index = tantivy.Index(self.schema, path=str(self._segments))
            index.register_tokenizer("words", words())
            index.config_reader("manual")
            index.searcher().search(tantivy.Query.all_query(), 1)
            return index
