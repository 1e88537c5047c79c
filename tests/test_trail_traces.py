"""Traces: what a request does, where the time goes, and not a word that anybody wrote."""

from __future__ import annotations

import asyncio
import builtins
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.desk import Desk
from bot.errors import SettingsError
from bot.telemetry.traces import span, spanned, traced
from tests.slack import DIRECT, answers, app_for, serving, settings
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

API = "https://slack.com/api/"


def kept() -> tuple[InMemorySpanExporter, SimpleSpanProcessor]:
    exporter = InMemorySpanExporter()
    return exporter, SimpleSpanProcessor(exporter)


def path(one: ReadableSpan, every: dict[int, ReadableSpan]) -> list[str]:
    above = every.get(one.parent.span_id) if one.parent else None
    return [*(path(above, every) if above else []), one.name]


async def test_a_question_is_one_trace_from_its_request_to_its_post(
    far: LocalWorkspace, desk: Desk
) -> None:
    exporter, processor = kept()
    with traced(settings(API), processor):
        async with serving(app_for(far, desk)) as url:
            far.connect(url)
            await far.say(DIRECT, "who moved to Turkey?")
            await answers(far, DIRECT)
    spans = exporter.get_finished_spans()
    every = {one.context.span_id: one for one in spans if one.context}
    paths = {"/".join(path(one, every)) for one in spans}
    wanted = {"request", "request/ask", "request/ask/match", "request/ask/answer", "request/post"}
    assert wanted <= paths
    assert any(one.endswith("/search") for one in paths)
    (top,) = [one for one in spans if one.name == "request"]
    assert dict(top.attributes or {}) == {"surface": "message"}
    assert top.resource.attributes["service.name"] == "dragoman"
    assert "Turkey" not in "".join(one.to_json() for one in spans)


def test_an_error_is_told_by_its_kind_alone() -> None:
    exporter, processor = kept()
    with (
        traced(settings(API), processor),
        pytest.raises(ValueError, match="swordfish"),
        span("ask", n=3),
    ):
        raise ValueError("swordfish")
    (one,) = exporter.get_finished_spans()
    assert one.status.description == "ValueError"
    assert "swordfish" not in one.to_json()


def test_off_there_is_nothing_to_trace() -> None:
    exporter, processor = kept()
    with traced(settings(API), processor):
        pass
    with traced(settings(API)), span("ask"):
        assert spanned("x")(lambda: 3)() == 3
    assert exporter.get_finished_spans() == ()


async def test_spans_go_to_the_endpoint() -> None:
    got: list[tuple[str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.path, await request.read()))
        return web.Response()

    face = web.Application()
    face.add_routes([web.post("/{path:.*}", take)])
    runner = web.AppRunner(face)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    given = settings(API, otel_exporter_otlp_endpoint=endpoint)

    def ask() -> None:
        with traced(given), span("ask", surface="message"):
            pass

    try:
        await asyncio.to_thread(ask)
    finally:
        await runner.cleanup()
    assert [one for one, _ in got] == ["/v1/traces"]
    assert b"dragoman" in got[0][1]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("opentelemetry.exporter"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    given = settings(API, otel_exporter_otlp_endpoint="http://localhost:4318")
    with pytest.raises(SettingsError, match=r"pip install 'dragoman\[otel\]'"), traced(given):
        pass
