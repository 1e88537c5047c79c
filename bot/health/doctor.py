"""The checks of ``dragoman doctor``, each independent; and notices that articles are too old.

Slack is checked by ``handlers.install``.
"""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.answer.writer import Writer
from bot.desk import INDEX
from bot.errors import DragomanError, SettingsError
from bot.feeds.following import ago, health
from bot.models import Finding, Outgoing
from bot.private import open_to_others
from bot.search.index import PassageIndex
from bot.search.schema import VERSION
from bot.settings import Settings
from bot.store.engine import url_of
from bot.store.migrate import check_migration
from bot.store.store import Store

LOW_BYTES, EMPTY_BYTES = 2_000_000_000, 200_000_000
"""Free bytes on the disk below which a note, or a problem, is reported."""

SKEW = timedelta(seconds=30)
"""Maximum difference between clocks; Slack rejects signatures that are five minutes off."""

LATE = timedelta(hours=1)
"""How long a feed, a request or a message may be overdue."""

SHOWN = 5


def examine(settings: Settings, now: datetime, *, fast: bool = False) -> Iterator[Finding]:
    """Check everything but Slack; ``fast`` leaves out checks that read the whole store."""
    yield from _settings(settings)
    yield from _writer(settings)
    yield from _disk(settings.dragoman_data)
    try:
        found = check_migration(url_of(settings))
    except DragomanError as error:
        yield _wrong("store", error.message, error.hint)
        return
    if found.before is None:
        yield _note(
            "store",
            f"There is no store at {found.where} yet.",
            "Nothing: it is made by whatever stores something first, or by `dragoman migrate`.",
        )
        return
    if found.changed:
        yield _wrong(
            "store",
            f"The store {found.where} is at {found.before}, this version needs {found.after}.",
            "Run `dragoman migrate`, or start `dragoman serve`, which does the same.",
        )
        return
    yield _well("store", f"{found.where} is at {found.after}, the newest.")
    try:
        with Store.open(url_of(settings)) as store:
            yield from examine_store(store, settings, now, fast=fast)
    except DragomanError as error:
        yield _wrong("store", error.message, error.hint)


def examine_store(
    store: Store, settings: Settings, now: datetime, *, fast: bool = False
) -> Iterator[Finding]:
    """Check an open store, and everything that depends on it."""
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("store", lambda: _sound(store, fast)),
        ("clock", lambda: _clock(store, now)),
        ("index", lambda: _index(store, settings.dragoman_data / INDEX, fast)),
        ("queues", lambda: _queues(store, now)),
        ("facts", lambda: _facts(store, now)),
        ("feeds", lambda: _feeds(store, now)),
        ("articles", lambda: _articles(store, settings, now)),
    )
    for area, look in parts:
        try:
            yield from look()
        except DragomanError as error:
            yield _wrong(area, error.message, error.hint)


def _well(area: str, said: str) -> Finding:
    return Finding(area=area, level="well", said=said)


def _note(area: str, said: str, do: str = "") -> Finding:
    return Finding(area=area, level="note", said=said, do=do)


def _wrong(area: str, said: str, do: str = "") -> Finding:
    return Finding(area=area, level="wrong", said=said, do=do)


def _settings(settings: Settings) -> Iterator[Finding]:
    known = {name.upper() for name in type(settings).model_fields}
    unknown = [name for name in os.environ if name.startswith("DRAGOMAN_") and name not in known]
    for name in sorted(unknown):
        near = difflib.get_close_matches(name, known, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        yield _note(
            "settings",
            f"{name} is set, but is not a known setting.",
            f"{meant}deploy/README.md lists them all.",
        )
    if not unknown:
        yield _well("settings", "Every setting can be used.")


def _writer(settings: Settings) -> Iterator[Finding]:
    """Check the settings of the writer, if any, without calling it."""
    try:
        writer = Writer.from_settings(settings)
    except SettingsError as error:
        yield _wrong("writer", error.message, error.hint)
        return
    url = settings.dragoman_writer_url
    if writer is None or url is None:
        return
    sent = "private articles included" if writer.private else "private articles are not sent"
    said = f"{writer.model} at {url.host} chooses what briefs begin with; {sent}."
    if url.scheme == "https" or url.host in ("localhost", "127.0.0.1", "[::1]"):
        yield _well("writer", said)
    else:
        yield _note("writer", said, "Use https unless it is in your own network: others can read.")


def _disk(folder: Path) -> Iterator[Finding]:
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    if there is None or not os.access(there, os.W_OK | os.X_OK):
        yield _wrong(
            "disk",
            f"The data folder {folder} cannot be written.",
            "Give it to the user that runs this, or set DRAGOMAN_DATA to another.",
        )
        return
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:,.1f} GB are free for {folder}."
    if free < LOW_BYTES:
        yield Finding(
            area="disk",
            level="wrong" if free < EMPTY_BYTES else "note",
            said=said,
            do="Make room, or move the folder: nothing can be stored on a full disk.",
        )
    else:
        yield _well("disk", said)
    if readable := list(open_to_others(folder)):
        yield _note(
            "disk",
            f"Files of {folder} that other users of this machine may read: "
            f"{len(readable):,}, such as {readable[0].name}.",
            f"Run `chmod -R go= {folder}` as the owner, if nobody else is to read them.",
        )


def _sound(store: Store, fast: bool) -> Iterator[Finding]:
    store.maintenance.check_writable()
    damage = [] if fast else store.maintenance.damage()
    for one in damage:
        yield _wrong(
            "store",
            f"It is damaged: {one}.",
            "Stop Dragoman and restore the newest backup; keep the damaged store for a look.",
        )
    if not damage:
        looked = "" if fast else ", and is whole"
        yield _well("store", f"It can be read and written{looked}.")


def _clock(store: Store, now: datetime) -> Iterator[Finding]:
    server = store.maintenance.clock()
    if server is None:
        return
    yield apart(server, now, "the database server")


def apart(other: datetime, now: datetime, whose: str) -> Finding:
    """Report the difference between the clock of this machine and another."""
    off = abs(other - now)
    said = f"This clock and that of {whose} are {off.total_seconds():.0f} s apart."
    if off <= SKEW:
        return _well("clock", said)
    return _wrong("clock", said, "Have both set by NTP: leases and Slack's signatures rest on it.")


def _index(store: Store, folder: Path, fast: bool) -> Iterator[Finding]:
    if not (folder / f"v{VERSION}").exists():  # opening would delete one of another version
        yield _note(
            "index",
            f"There is no index of this version at {folder} yet.",
            "Nothing: it is built from the store by whatever asks first.",
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield _wrong(
            "index",
            f"The index folder {folder} cannot be written.",
            "Give it to the user that runs this; or delete it, and it is rebuilt.",
        )
        return
    passages = PassageIndex.open(folder)
    try:
        if what := passages.damage if fast else passages.check():
            yield _wrong(
                "index",
                f"It is damaged: {what}.",
                "Who serves builds it again from the store; else run `dragoman reindex`.",
            )
            return
        seq, size, last = passages.seq, passages.size, store.last_seq()
        served = not passages.writable
    finally:
        passages.close()
    if seq == last:
        yield _well("index", f"All {size:,} passages are in it.")
        return
    yield Finding(
        area="index",
        level="note" if served else "wrong",
        said=f"It is at change {seq:,}, the store at {last:,}.",
        do="Who serves follows within seconds; else run `dragoman reindex`.",
    )


def _queues(store: Store, now: datetime) -> Iterator[Finding]:
    counted = store.metrics.now(now)
    late = False
    for queue, what in ((counted.requests, "requests"), (counted.posts, "messages")):
        if queue.lag > LATE:
            late = True
            yield _wrong(
                "queues",
                f"Waiting {what}: {queue.waiting:,}, the first for {ago(now - queue.lag, now)}.",
                "Start `dragoman serve`; if it runs, its log says what it waits for.",
            )
    if not late:
        waiting = counted.requests.waiting + counted.posts.waiting
        yield _well("queues", f"Waiting requests and messages: {waiting:,}.")


def _facts(store: Store, now: datetime) -> Iterator[Finding]:
    from bot.curation.backlog import versions
    from bot.match.gazetteer import load

    waits = store.backlog.size(versions(load()))
    if not waits.facts and not waits.again:
        yield _well("facts", "Every article has been read for facts.")
        return
    said = []
    if waits.oldest is not None:
        said.append(
            f"Articles that wait for their facts: {waits.facts:,}, the first for"
            f" {ago(waits.oldest, now)}."
        )
    if waits.again:
        said.append(f"Articles to be read again by this version: {waits.again:,}.")
    yield _note(
        "facts",
        " ".join(said),
        "Nothing: `dragoman serve` reads them, the newest first. They are found meanwhile.",
    )


def _feeds(store: Store, now: datetime) -> Iterator[Finding]:
    feeds = [one for one in store.maintenance.feeds() if one.state == "active"]
    failing = [one for one in feeds if one.failures]
    late = [one for one in feeds if now - one.next_poll > LATE]
    for one in failing[:SHOWN]:
        yield Finding(
            area="feeds",
            level="wrong" if one.notified else "note",
            said=f"{one.url} {health(one)}",
            do=f"Look at it by `dragoman feeds test {one.url}`; `feeds pause` or `remove` it.",
        )
    if len(failing) > SHOWN:
        more = len(failing) - SHOWN
        yield _wrong("feeds", f"More that fail: {more:,}.", "`dragoman feeds list` has them all.")
    if late:
        first = min(one.next_poll for one in late)
        yield _wrong(
            "feeds",
            f"Feeds that should have been polled: {len(late):,}, the first {ago(first, now)} ago.",
            "Start `dragoman serve`, or poll them by `dragoman feeds poll`.",
        )
    if not failing and not late:
        yield _well("feeds", f"Followed feeds: {len(feeds):,}, and none fails.")


def _articles(store: Store, settings: Settings, now: datetime) -> Iterator[Finding]:
    newest = store.metrics.newest(now)
    for workspace, when in newest.items():
        if when is None:
            said = f"No article of {workspace} has a date."
            yield _note("articles", said)
            continue
        said = f"The newest article of {workspace} is from {ago(when, now)} ago."
        if not stale(when, now, settings.dragoman_stale_hours):
            yield _well("articles", said)
            continue
        yield Finding(
            area="articles",
            level="wrong" if store.metrics.follows(workspace) else "note",
            said=said,
            do="`dragoman feeds list` shows the state of its feeds; "
            "`dragoman ingest` takes in files.",
        )
    if not newest:
        yield _note(
            "articles",
            "No article is stored.",
            "`dragoman ingest PATH` takes in files, `dragoman feeds add URL` follows feeds.",
        )


SENT_FOR = timedelta(days=2)
"""How long to keep trying to send a notice."""


def stale(newest: datetime, now: datetime, hours: int) -> bool:
    """Whether the newest article is too old; never if ``hours`` is 0."""
    return hours > 0 and now - newest > timedelta(hours=hours)


class Staleness:
    """Notifies the admins of a workspace, once, that its feeds bring no articles."""

    def __init__(
        self,
        store: Store,
        recipients: Callable[[str], Sequence[str]],
        *,
        hours: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``recipients`` returns the people to notify in a workspace."""
        self._store = store
        self._recipients = recipients
        self._hours = hours
        self._now = now
        self._next: datetime | None = None

    def look(self) -> int:
        """Check once an hour and queue the notices; returns 0, since nothing is left to do."""
        now = self._now()
        if not self._hours or (self._next is not None and now < self._next):
            return 0
        self._next = now + timedelta(hours=1)
        for workspace, newest in self._store.metrics.newest(now).items():
            if newest is None or not stale(newest, now, self._hours):
                continue
            if self._store.metrics.follows(workspace):
                items = [
                    _notice(workspace, one, newest, now) for one in self._recipients(workspace)
                ]
                self._store.outbox.put(items, now)
        return 0


def _notice(workspace: str, person: str, newest: datetime, now: datetime) -> Outgoing:
    """Return a notice with the newest article's date in its key, so that each date gets one."""
    days = (now - newest).days
    age = f"{days} days" if days > 1 else f"{(now - newest).total_seconds() / 3600:.0f} hours"
    return Outgoing(
        workspace=workspace,
        key=f"stale:{newest.isoformat()}:{person}",
        kind="notice",
        place=person,
        content={
            "said": f"No article has come for {age}, though feeds are followed: my replies are"
            " no newer than that. `dragoman doctor` says what may be wrong."
        },
        due_at=now,
        expires_at=now + SENT_FOR,
    )
