"""The pages for probes and for Prometheus: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.errors import SettingsError
from bot.health.looking import Health
from bot.settings import Settings

_Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def healthz(_: web.Request) -> web.Response:
    """Answer, which says that this process lives."""
    return web.Response(text="ok")


def routes(health: Health, settings: Settings) -> list[web.RouteDef]:
    """What is served beside Slack's requests; metrics only where they have no port of their own."""
    found = [web.get("/readyz", _readyz(health))]
    if settings.metrics_port is None:
        found.append(web.get("/metrics", _metrics(health)))
    return found


@asynccontextmanager
async def measured(health: Health, settings: Settings) -> AsyncIterator[str]:
    """Serve all three on ``METRICS_PORT`` where it is set; yields the address, or nothing.

    Raises SettingsError where nothing can listen there.
    """
    if settings.metrics_port is None:
        yield ""
        return
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
        try:
            await web.TCPSite(runner, settings.host, settings.metrics_port).start()
        except OSError as error:
            raise SettingsError(
                f"Nothing can listen at {settings.host}, port {settings.metrics_port} "
                f"({error.strerror}): set METRICS_PORT to a port that is free.",
                about="METRICS_PORT",
            ) from error
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        yield f"http://{name}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


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
