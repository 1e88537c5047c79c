"""Every error that Dragoman raises on purpose.

Each carries ``about``, the id of what it concerns (a path, a setting, an article,
a request), and its message is one sentence that its reader can act on: what is
wrong, and what to do. Surfaces show ``str(error)`` and nothing else.

    DragomanError
    ├── SettingsError        a setting has a value that cannot be used
    ├── GatherError          an input cannot become an article
    │   ├── UnreadableFile     the file as a whole: binary, unknown encoding, missing
    │   ├── BadRecord          one line or item of a file
    │   └── TooHeavy           reading it takes more time or memory than is allowed
    ├── NoReaders            the processes that read articles do not start
    ├── StoreError           the store cannot do what was asked
    │   ├── StoreUnavailable   not there, locked, full, read-only: worth trying again
    │   └── BadEvidence        a quote that is not verbatim in its article: never stored
    ├── BadTable             a row of the actor tables cannot be used
    ├── BadEdit              what somebody wants changed about actors cannot be
    └── BadQuery             the question cannot be understood as typed
"""

from __future__ import annotations


class DragomanError(Exception):
    """Base of all; ``about`` names the thing concerned, ``message`` is for its reader."""

    def __init__(self, message: str, *, about: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.about = about

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders by pickle, which forgets keyword arguments.
        return (_rebuild, (type(self), self.message, self.about))


def _rebuild(kind: type[DragomanError], message: str, about: str) -> DragomanError:
    return kind(message, about=about)


class SettingsError(DragomanError):
    """A setting has a value that cannot be used."""


class GatherError(DragomanError):
    """An input cannot become an article."""


class UnreadableFile(GatherError):
    """The file as a whole cannot be read: binary, unknown encoding, missing."""


class BadRecord(GatherError):
    """One line or item of a file cannot become an article; the rest is kept."""


class TooHeavy(GatherError):
    """Reading it takes more time or memory than is allowed, or ends the process that reads."""


class NoReaders(DragomanError):
    """The worker processes that read articles cannot be started here."""


class StoreError(DragomanError):
    """The store cannot do what was asked."""


class StoreUnavailable(StoreError):
    """The store is missing, locked, full or read-only; the same call may succeed later."""


class BadEvidence(StoreError):
    """A quote is not verbatim in the revision it points to; nothing of its batch is stored."""


class BadTable(DragomanError):
    """A table of actors is missing, or a row of it cannot be used; ``about`` is file:line."""


class BadEdit(DragomanError):
    """What somebody wants changed about actors cannot be; ``about`` is the actor or change."""


class BadQuery(DragomanError):
    """A query or question is empty, too long or contradicts itself."""
