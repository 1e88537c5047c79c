"""Messages that nobody asked for: claimed, laid out, sent once.

Code that has something to send puts an ``Outgoing`` into ``Store.outbox``, in the same write that
gave rise to it. The first free process claims it with a lease and posts it with its key as
metadata. If a worker dies

- before posting, the next one claims the message, looks for it, does not find it and posts it;
- after posting, with or without Slack's answer, the next one finds the message and stores that it
  is sent.

Only where the app may not read the place is it posted again: better twice than never.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answer.formatting import written_as
from bot.errors import StoreError
from bot.models import Alert, Correction, Outgoing, OutgoingKind
from bot.store.installations import LEFT
from bot.store.store import Store
from bot.telemetry import counts, logs
from bot.telemetry.traces import span
from bot.watches.alerts import still_followed
from handlers.auth import Tokens, acting_for
from handlers.blocks import correction, digest, watch
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.errors import (
    TOKEN_REFUSED,
    NotNow,
    Undeliverable,
    in_log,
    outgoing_reference,
    within_lease,
)
from handlers.inbox import Claims
from handlers.sender import OUTGOING_EVENT, DeliveryMark, Sender, is_person

log = logging.getLogger(__name__)

Render = Callable[[Outgoing], Payload | None]
"""Lays out a message; None where there is nothing left to send."""

LEASE = timedelta(seconds=60)
TRIED_FOR = timedelta(days=1)
"""How long to keep trying to send a message that does not expire sooner."""

_AT_ONCE = 16
_SKEW = timedelta(minutes=2)  # between our clock and that of Slack's timestamps
_LOCKED_OUT_WAIT = timedelta(minutes=5)
_GONE = frozenset({"thread_not_found", "message_not_found"})
"""The parent message was deleted, so nobody misses the reply."""


def _notice(item: Outgoing) -> Payload:
    """Lay out a notice: ``said`` is plain text, ``channel`` the channel that it is about."""
    return sentence(item.content["said"], item.content.get("channel"))


RENDER: dict[OutgoingKind, Render] = {
    "alert": watch.render_alert,
    "correction": correction.render_correction,
    "digest": digest.render_digest,
    "notice": _notice,
}


class Outbox:
    """Sends the messages in the store's outbox, one at a time in each place."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        tokens: Tokens | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        poll_seconds: float = 2.0,
    ) -> None:
        """``tokens`` are the tokens of the installed workspaces, if there may be many."""
        self._store = store
        self._tokens = tokens
        self._sender = sender
        self._now = now
        self.claims = Claims(
            "what is to be posted",
            lambda most: asyncio.to_thread(store.outbox.claim, now(), LEASE, most),
            self._one,
            lambda left: asyncio.to_thread(store.outbox.give_back, left, now()),
            most=_AT_ONCE,
            first=_AT_ONCE,
            poll_seconds=poll_seconds,
        )

    def start(self) -> None:
        """Start sending, including messages left over from before."""
        self.claims.start()

    async def stop(self) -> None:
        """Finish the messages being sent; the rest wait for their leases."""
        await self.claims.stop()

    async def _one(self, item: Outgoing) -> None:
        try:
            with (
                acting_for(item.workspace),
                logs.about(outgoing=outgoing_reference(item)),
                span("outgoing", kind=item.kind),
            ):
                await self._send(item)
        except StoreError as error:
            log.error("outgoing %s stays open. %s", outgoing_reference(item), error)  # noqa: TRY400
        except Exception:
            log.exception("outgoing %s failed", outgoing_reference(item))
            await self._give_up(item, "an error that is in the log")

    async def _send(self, item: Outgoing) -> None:
        if self._tokens is not None and not await self._tokens.is_installed(item.workspace):
            await self._end(item, LEFT)
            return
        late = item.expires_at or item.due_at + TRIED_FOR
        if self._now() >= late:
            await self._give_up(item, "it is too late to send it")
            return
        payload = await asyncio.to_thread(self._rendered, item)
        if payload is None:
            await asyncio.to_thread(
                self._store.outbox.failed, item, "nothing to say any more", self._now()
            )
            return
        until = item.lease_until or self._now() + LEASE
        try:
            async with within_lease(LEASE):
                ts = await self._sender.post(item.place, payload, until, item.thread, _mark(item))
        except NotNow as error:
            await self._postpone(item, error.again_at or self._now() + _backoff(item), error)
        except Undeliverable as error:
            gone = item.thread is not None and error.about in _GONE
            if gone or (error.about in TOKEN_REFUSED and self._tokens is not None):
                await self._end(item, error.message)
            elif error.about in TOKEN_REFUSED:
                await self._postpone(item, self._now() + _LOCKED_OUT_WAIT, error)
            else:
                await self._give_up(item, error.message)
        else:
            if item.kind == "correction":
                await self._mark_corrected(item, until)
            await self._sent(item, ts)

    async def _mark_corrected(self, item: Outgoing, until: datetime) -> None:
        """Mark the message that a correction is about as corrected.

        Where Slack does not let the bot read or edit that message, the correction stands alone.
        """
        said = Correction.model_validate(item.content)
        if not said.ts:
            return
        original = await self._sender.message(item.place, said.ts, item.thread or "")
        noted = await asyncio.to_thread(self._noted, item, said, original)
        if noted is None:
            return
        try:
            async with within_lease(LEASE):
                await self._sender.update(item.place, said.ts, noted, until)
        except (NotNow, Undeliverable) as error:
            log.info("a message that was corrected is not marked: %s", error)

    def _noted(self, item: Outgoing, said: Correction, original: Payload) -> Payload | None:
        preferences, place = self._store.preferences, item.place
        person = is_person(place)
        reader = (preferences.person if person else preferences.place)(item.workspace, place)
        today = self._now().astimezone(ZoneInfo(said.tz)).date()
        with written_as(reader.dates):
            return correction.marked_corrected(said, original, today)

    def _rendered(self, item: Outgoing) -> Payload | None:
        """Render a message, with its dates as its person or place wants them.

        None where there is nothing left to send.
        """
        if item.kind == "alert":
            # It may have waited: for other posts there, for Slack, or for a worker that died.
            watches = self._store.watches.at_place(item.workspace, item.place)
            alert = still_followed(Alert.model_validate(item.content), watches, self._now())
            if alert is None:
                return None
            item = item.model_copy(update={"content": alert.model_dump(mode="json")})
        preferences = self._store.preferences
        if not is_person(item.place):
            with written_as(preferences.place(item.workspace, item.place).dates):
                return RENDER[item.kind](item)
        reader = preferences.person(item.workspace, item.place)
        # A digest names its own time zone; everything else uses the reader's.
        if reader.tz and item.kind != "digest" and "tz" in item.content:
            item = item.model_copy(update={"content": item.content | {"tz": reader.tz}})
        with written_as(reader.dates):
            return RENDER[item.kind](item)

    async def _end(self, item: Outgoing, why: str) -> None:
        """Close a message that nobody can receive, when nobody can be notified either."""
        counts.POSTED.labels(item.kind, "ended").inc()
        log.info("outgoing %s ends: %s", outgoing_reference(item), why)
        await asyncio.to_thread(self._store.outbox.failed, item, why, self._now())

    async def _sent(self, item: Outgoing, ts: str | None) -> None:
        counts.POSTED.labels(item.kind, "sent").inc()
        log.info("%s: posted", item.kind)
        if not await asyncio.to_thread(self._store.outbox.sent, item, ts, self._now()):
            log.error(
                "outgoing %s outlived its lease: it may be sent twice", outgoing_reference(item)
            )

    async def _postpone(self, item: Outgoing, then: datetime, why: Exception) -> None:
        counts.POSTED.labels(item.kind, "later").inc()
        log.warning("outgoing %s waits until %s: %s", outgoing_reference(item), then, why)
        await asyncio.to_thread(self._store.outbox.give_back, item, then)

    async def _give_up(self, item: Outgoing, why: str) -> None:
        """Close a message that cannot be sent, and notify its owner, if that is somebody else."""
        counts.POSTED.labels(item.kind, "failed").inc()
        log.error(
            "outgoing %s (%s to %s) is given up: %s",
            outgoing_reference(item),
            item.kind,
            item.place,
            why,
        )
        now = self._now()
        if item.owner and item.owner != item.place:
            note = _failure_notice(item, why, now)
            await asyncio.to_thread(self._store.outbox.put, [note], now)
        await asyncio.to_thread(self._store.outbox.failed, item, why, now)


def _mark(item: Outgoing) -> DeliveryMark:
    after = f"{(item.due_at - _SKEW).timestamp():.6f}"
    return DeliveryMark(item.key, after, doubted=item.attempts > 1, event=OUTGOING_EVENT)


def _backoff(item: Outgoing) -> timedelta:
    return timedelta(seconds=min(2 ** min(item.attempts, 10), 600))


def _failure_notice(item: Outgoing, why: str, now: datetime) -> Outgoing:
    said = (
        f"I could not post your {item.kind}: {why.rstrip('.')}. {in_log(outgoing_reference(item))}"
    )
    place = {"channel": item.place} if item.place.startswith(("C", "G")) else {}
    return Outgoing(
        workspace=item.workspace,
        key=f"{item.key}:undelivered",
        kind="notice",
        place=item.owner or "",
        content={"said": said, **place},
        due_at=now,
    )
