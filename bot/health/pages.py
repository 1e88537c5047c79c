"""The pages for probes and for Prometheus: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.errors import SettingsError
from bot.health.looking import Health
from bot.settings import Settings

log = logging.getLogger(__name__)

_Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def healthz(_: web.Request) -> web.Response:
    """Answer, which says that this process lives."""
    return web.Response(text="ok")


@asynccontextmanager
async def measured(health: Health, settings: Settings) -> AsyncIterator[str]:
    """Serve all three on ``METRICS_PORT``; yields the address.

    Where nothing can listen there it raises SettingsError if the port was asked for. The default
    may be another Dragoman's on the same machine: then it yields "", and a warning says so.
    """
    face = web.Application()
    face.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", _readyz(health)),
            web.get("/metrics", _metrics(health)),
        ]
    )
    runner = web.AppRunner(face, access_log=None)
    await runner.setup()
    try:
        yield await _listen(runner, settings)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    host, port = settings.metrics_host, settings.metrics_port
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        said = f"Nothing can listen at {host}, port {port} ({error.strerror})"
        if "metrics_port" in settings.model_fields_set:
            raise SettingsError(
                f"{said}: set METRICS_HOST and METRICS_PORT to an address that is free.",
                about="METRICS_PORT",
            ) from error
        log.warning(
            "%s: this process serves no /metrics and no /readyz. Set METRICS_PORT to a port"
            " of its own.",
            said,
        )
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{runner.addresses[0][1]}"


def _readyz(health: Health) -> _Page:
    async def ready(_: web.Request) -> web.Response:
        wrong = await health.unready()
        return web.Response(text="\n".join(wrong) or "ready", status=503 if wrong else 200)

    return ready


def _metrics(health: Health) -> _Page:
    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=await health.metrics(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    return metrics
