"""Logs as lines of text or JSON, each with its request.

Secrets are redacted from the finished lines: values of settings, and anything that looks like a
secret. Our own lines never quote what people wrote or what articles say. Other packages log only
warnings; for errors of databases and parsers only the type is logged, because their messages quote
the input.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from pydantic import SecretStr
from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import Settings

OURS = frozenset({"bot", "dragoman", "handlers"})
"""Loggers whose lines never quote people or articles."""

REDACTED = "[secret]"

_SECRET = re.compile(
    r"\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]+"  # tokens of Slack
    r"|(?<=hooks\.slack\.com/)\S+"  # anybody with a response URL may post
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # a URL's user name and password
    r"|(?<=\bBearer )\S+"
)
_SHORTEST = 6
"""Shorter values occur in too many words to be redacted."""

_QUOTING = frozenset(
    {"json", "lxml", "psycopg", "pydantic", "pydantic_core", "sqlalchemy", "sqlite3"}
)


def about(**of: str) -> AbstractContextManager[None]:
    """Add fields such as ``request`` to each line logged here, and in tasks started here."""
    return bound_contextvars(**of)


@contextmanager
def written(settings: Settings, least: str | None = None) -> Iterator[None]:
    """Write the log to standard error while this is open, as configured in the settings.

    ``least`` is the level if the settings have none.
    """
    named = "dragoman_log_level" in settings.model_fields_set
    level = settings.dragoman_log_level if named or least is None else least
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(settings))
    handler.addFilter(_is_ours_or_matters)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level.upper())
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


def formatter(settings: Settings) -> logging.Formatter:
    """Return the formatter chosen by ``DRAGOMAN_LOG``."""
    as_json = settings.dragoman_log == "json"
    line: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else _as_text
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            _exception,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            line,
            _Redaction(settings),
        ],
    )


class _Redaction:
    """Redacts secrets in a finished line."""

    def __init__(self, settings: Settings) -> None:
        known = sorted(_secrets(settings), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _name: str, line: Any) -> str:
        text = str(line)
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return _SECRET.sub(REDACTED, text)


def _secrets(settings: Settings) -> Iterator[str]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            secret = value.get_secret_value().strip()
            words = [secret]
            if "://" in secret:
                password = urlsplit(secret).password or ""
                words = [password, unquote(password)]
            yield from (word for word in words if len(word) >= _SHORTEST)


def _is_ours_or_matters(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OURS


def _as_text(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    """Format ``time LEVEL logger: what happened [request=...]``, followed by any error."""
    rest = dict(event)
    when, level, who = rest.pop("timestamp"), rest.pop("level").upper(), rest.pop("logger")
    message, error = rest.pop("event"), rest.pop("exception", "")
    belongs = " ".join(f"{name}={value}" for name, value in rest.items())
    line = f"{when} {level} {who}: {message}" + (f" [{belongs}]" if belongs else "")
    return f"{line}\n{error}" if error else line


def _exception(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = in_lines(error)
    return event


def in_lines(error: BaseException) -> str:
    """Return an error with its traceback, after the errors that caused it."""
    parts: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        parts.append("".join(traceback.format_tb(one.__traceback__)) + _named(one))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nand so:\n".join(reversed(parts))


def _named(error: BaseException) -> str:
    kind = type(error)
    if kind.__module__.partition(".")[0] in _QUOTING:
        return f"{kind.__module__}.{kind.__qualname__}"
    return f"{kind.__qualname__}: {error}"
