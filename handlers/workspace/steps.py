"""Steps of workflows as Slack runs them: an event to the app, and its completion by a call.

After https://docs.slack.dev/reference/events/function_executed and
https://docs.slack.dev/reference/methods/functions.completeSuccess.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from handlers.workspace.state import Refused

Json = dict[str, Any]

STEP = "step"
"""What watchers get when an execution is completed, in place of a channel."""


class Steps:
    """Runs steps; ``outcomes`` holds what completed each execution, None while it runs."""

    def __init__(
        self, deliver: Callable[[Json], Awaitable[None]], changed: Callable[[str], None]
    ) -> None:
        self._deliver = deliver
        self._changed = changed
        self.outcomes: dict[str, Json | None] = {}

    async def run(
        self, callback_id: str, inputs: Mapping[str, Any], person: str | None = None
    ) -> str:
        """Run a step on behalf of a person, or of nobody; return the id of the execution."""
        execution = "Fx" + secrets.token_hex(5).upper()
        self.outcomes[execution] = None
        context = {"person": {"id": person, "secret": secrets.token_hex(16)}} if person else {}
        event = {
            "type": "function_executed",
            "function": {"id": "Fn0LOCAL", "callback_id": callback_id, "type": "app"},
            "inputs": {**inputs, **context},
            "function_execution_id": execution,
            "workflow_execution_id": "Wx" + secrets.token_hex(5).upper(),
            "event_ts": "1.000001",
            "bot_access_token": "xwfp-" + secrets.token_hex(8),
        }
        await self._deliver(event)
        return execution

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Return the Web API methods for steps."""
        return {
            "functions.completeSuccess": lambda args: self._complete(args, "outputs", dict),
            "functions.completeError": lambda args: self._complete(args, "error", str),
        }

    def _complete(self, args: Json, name: str, kind: type) -> Json:
        execution, given = str(args.get("function_execution_id")), args.get(name)
        if kind is dict and isinstance(given, str):  # JSON in a form
            given = json.loads(given)
        if not isinstance(given, kind):
            raise Refused("invalid_arguments", (f"{name} is needed",))
        if execution not in self.outcomes:
            raise Refused("function_execution_not_found")
        if self.outcomes[execution] is not None:
            raise Refused("execution_not_in_running_state")
        self.outcomes[execution] = {name: given}
        self._changed(STEP)
        return {}
