"""A chat endpoint on this machine that answers as a test has it, over a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """What a model is asked: whom it is about, and the numbered sentences."""

    about: str
    sentences: list[str]


class Raw(NamedTuple):
    """A whole response; the body comes ``parts`` at a time, each after ``pause`` is over."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    pause: Callable[[], object] = lambda: None
    parts: int = 1


Answer = Callable[[Asked], str | Raw]


def completion(content: Any) -> bytes:
    """A response whose message has this content."""
    return json.dumps(
        {"choices": [{"message": {"role": "assistant", "content": content}}]}
    ).encode()


def chosen(asked: Asked, *numbers: int) -> str:
    """An honest choice, as the model is told to give it."""
    return json.dumps([{"text": asked.sentences[n - 1], "ids": [n]} for n in numbers])


@dataclass
class Chat:
    """The endpoint: ``answer`` is what it answers from now on, ``requests`` what it was sent."""

    url: str
    answer: Answer
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def asked(self, n: int = -1) -> Asked:
        """What a request asked."""
        data = json.loads(self.requests[n]["messages"][-1]["content"])
        numbers = [one["id"] for one in data["sentences"]]
        assert numbers == list(range(1, len(numbers) + 1))
        return Asked(data["about"], [one["text"] for one in data["sentences"]])


@contextmanager
def chat(answer: Answer) -> Iterator[Chat]:
    """Serve an endpoint on a free port."""
    found = Chat("", answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            found.requests.append(json.loads(self.rfile.read(length)))
            found.headers.append({**self.headers, "path": self.path})
            said = found.answer(found.asked())
            raw = said if isinstance(said, Raw) else Raw(completion(said))
            try:
                self._send(raw)
            except OSError:  # the client hung up, as it may
                self.close_connection = True

        def _send(self, raw: Raw) -> None:
            self.send_response(raw.status)
            for name, value in (("Content-Length", str(len(raw.body))), *raw.headers):
                self.send_header(name, value)
            self.end_headers()
            size = -(-len(raw.body) // raw.parts)
            for start in range(0, len(raw.body), size):
                raw.pause()
                self.wfile.write(raw.body[start : start + size])
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
