"""The folder of an index: its segments, the mark beside them, and the one writer.

tantivy says ValueError for whatever is wrong with a folder; what it means is decided here
and by whoever follows the store.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import tantivy

from bot.search.schema import schema, words
from bot.search.view import View
from bot.store.store import Store

HEAP = 64_000_000
"""Bytes that the writer may gather before it writes a segment."""

_PROBED = 1_000_000
"""Bytes written to find out whether a folder can be: there are limits beside a disk's size."""

_REFUSED = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM,
    errno.EMFILE, errno.ENFILE, errno.ENOMEM,
}  # fmt: skip
"""What keeps a folder from being written that is not damaged for that."""


class Mark(NamedTuple):
    """How far the index has followed which store: to change ``seq``, which was of ``key``."""

    store: str
    seq: int
    key: str

    def is_of(self, store: Store) -> bool:
        """Whether the log is still the one that was followed: a copy may have been put back."""
        if self.store != store.id:
            return False
        last = [(one.seq, one.key) for one in store.changes(self.seq - 1, 1)]
        return not self.seq or last == [(self.seq, self.key)]


NOWHERE = Mark("", 0, "")


class IndexFolder:
    """One folder, of one schema. ``writer`` is None while another process writes it."""

    def __init__(self, path: Path) -> None:
        """Open the folder, emptied where it is damaged; raises OSError where it cannot be."""
        self.path = path
        self.schema = schema()
        self.writer: tantivy.IndexWriter | None = None
        self._segments = path / "passages"
        self._mark_file = path / "seq.json"
        self._failed = False
        self.index = self._open_or_empty()
        self.view = View(self.index)
        self.mark = self._read_mark()
        self.take_writer()

    @property
    def writing(self) -> tantivy.IndexWriter:
        """The writer, which must have been taken."""
        if self.writer is None:
            raise ValueError("the writer is closed")
        return self.writer

    def take_writer(self) -> bool:
        """Become the writer unless another is; True if this process is it."""
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
        """See what another process has committed."""
        self._look()
        self.mark = self._read_mark()

    def commit(self, mark: Mark) -> None:
        """Make what was written durable and visible, and only then say how far it goes."""
        self.writing.commit()
        self._look()
        fresh = self._mark_file.with_suffix(".new")
        fresh.write_text(json.dumps(mark._asdict()), encoding="ascii")
        fresh.replace(self._mark_file)
        self.mark = mark

    def _look(self) -> None:
        self.index.reload()
        self.view = View(self.index)

    def let_go(self) -> None:
        """After a failure: searching goes on, and the next to write opens the folder anew."""
        self.writer, self._failed = None, True

    def refusal(self, error: Exception) -> str:
        """Why the folder cannot be written, where it is not damaged; empty where it may be."""
        said = re.search(r"(?:os error|code:) (\d+)", str(error))
        code = error.errno if isinstance(error, OSError) else int(said[1]) if said else 0
        if code in _REFUSED:
            return os.strerror(code)
        # What its threads died over it does not tell.
        return self._no_room() if "was killed" in str(error) else ""

    def _no_room(self) -> str:
        """Why nothing of the size of a segment can be written; empty where it can, or where the
        folder was deleted, which is made anew."""
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

    def wipe(self) -> bool:
        """Delete the segments, and open them empty; False where another process writes."""
        if self._is_taken():
            return False
        self.writer = None
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
            return False  # damaged, but by nobody held

    def _read_mark(self) -> Mark:
        try:
            return Mark(**json.loads(self._mark_file.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            # Missing, half-written or of an older version: everything is applied again.
            return NOWHERE

    def _open_or_empty(self) -> tantivy.Index:
        try:
            return self._open()
        except ValueError as error:
            if self.refusal(error):
                raise
            # Damaged or half made: what it held is in the store.
            self._mark_file.unlink(missing_ok=True)
            shutil.rmtree(self._segments)
            return self._open()

    def _open(self) -> tantivy.Index:
        self._segments.mkdir(parents=True, exist_ok=True)
        if not tantivy.Index.exists(str(self._segments)):
            self._mark_file.unlink(missing_ok=True)  # it tells of passages that are gone
        index = tantivy.Index(self.schema, path=str(self._segments))
        index.register_tokenizer("words", words())
        index.config_reader("manual")
        index.searcher().search(tantivy.Query.all_query(), 1)
        return index
