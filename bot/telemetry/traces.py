"""Traces with OpenTelemetry, if the extra ``otel`` is installed and an endpoint is set.

A span has a name, a few attributes and a duration; it never quotes people or articles. Without an
endpoint, a span costs one check of a variable.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from bot import __version__
from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer

P = ParamSpec("P")
T = TypeVar("T")

MISSING = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed: "
    "pip install 'dragoman[otel]', or leave the setting out."
)
_tracer: Tracer | None = None


@contextmanager
def traced(settings: Settings, processor: SpanProcessor | None = None) -> Iterator[None]:
    """Send spans to the endpoint in the settings, if any, while this is open.

    ``processor`` replaces the endpoint. Raises SettingsError if the extra is missing.
    """
    global _tracer  # noqa: PLW0603 - one per process
    endpoint = settings.otel_exporter_otlp_endpoint.rstrip("/")
    if not endpoint and processor is None:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(MISSING, about="OTEL_EXPORTER_OTLP_ENDPOINT") from error
    name = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "dragoman"}
    provider = TracerProvider(
        resource=Resource.create({**name, "service.version": __version__}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(
        processor or BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces"))
    )
    before, _tracer = _tracer, provider.get_tracer("dragoman", __version__)
    try:
        yield
    finally:
        _tracer = before
        provider.shutdown()


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """Trace the block as a span with these attributes."""
    if _tracer is None:
        yield
        return
    from opentelemetry.trace import Status, StatusCode

    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except BaseException as error:
            # Its message may contain quotes, so only its type is recorded.
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def spanned(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Trace each call of a function as a span."""

    def around(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if _tracer is None:
                return function(*args, **kwargs)
            with span(name):
                return function(*args, **kwargs)

        return call

    return around
