"""Workflows of the local workspace: each is one step of the app, whose outputs it posts.

Steps after https://docs.slack.dev/reference/events/function_executed and
https://docs.slack.dev/reference/methods/functions.completeSuccess.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from handlers.workspace import payloads
from handlers.workspace.conversation import Conversation
from handlers.workspace.state import HOUSE, YOU, Args, Message, Refused, WorkspaceError

COMMAND = "/workflow"
STEP = "step"
"""What watchers get when an execution is completed, in place of a channel."""

_INPUTS = {"brief_on_actor": "about", "check_claim": "claim", "watch_event": "topic"}
"""The steps of the app by callback id, with the input that is typed after it."""

_MOST = 2_500
"""Characters of an output that are shown; a section may have 3,000, with its escapes."""

_LINK = re.compile(r"&lt;(https?://[^\s&|]+)&gt;")
"""A link of an output, escaped."""


class Workflows:
    """Runs steps; ``outcomes`` holds what completed each execution, None while it runs."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._messages = conversation.messages
        self._places: dict[str, tuple[str, str]] = {}
        self.outcomes: dict[str, Args | None] = {}

    async def command(self, channel: str, text: str, *, user: str = YOU) -> None:
        """Run the step that is typed first, with the rest as its input; post its outputs."""
        room, author = self._conversation.room(channel), self._conversation.person(user)
        step, _, given = text.partition(" ")
        if step not in _INPUTS or not given.strip():
            usage = ", ".join(f"{COMMAND} {name} {taken}" for name, taken in _INPUTS.items())
            raise WorkspaceError(f"Type a step and its input: {usage}.", about=step)
        typed = f"{COMMAND} {text}"
        self._conversation.note(room.id, typed, only_for=author.id, echo=author.id)
        inputs = {_INPUTS[step]: given.strip()}
        if step == "watch_event" and not room.is_im:
            inputs["channel"] = room.id
        await self.run(step, inputs, author.id, place=(room.id, step))

    async def run(
        self,
        callback_id: str,
        inputs: Mapping[str, Any],
        person: str | None = None,
        *,
        place: tuple[str, str] | None = None,
    ) -> str:
        """Run a step on behalf of a person, or of nobody; return the id of the execution.

        ``place`` is the channel where its outputs are posted, and under which name.
        """
        execution = "Fx" + secrets.token_hex(5).upper()
        self.outcomes[execution] = None
        if place is not None:
            self._places[execution] = place
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
        await self._conversation.event(event)
        return execution

    def methods(self) -> dict[str, Callable[[Args], Args]]:
        """Return the Web API methods for steps."""
        return {
            "functions.completeSuccess": lambda args: self._complete(args, "outputs", dict),
            "functions.completeError": lambda args: self._complete(args, "error", str),
        }

    def _complete(self, args: Args, name: str, kind: type) -> Args:
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
        self._messages.tell(STEP)
        if (place := self._places.pop(execution, None)) is not None:
            self._post(*place, given if isinstance(given, dict) else {name: given})
        return {}

    def _post(self, channel: str, step: str, values: Args) -> None:
        """Post the outputs of a step, or its error, as a workflow with a message would."""
        title = f"Workflow with the step {step}"
        ts = self._messages.next_ts()
        blocks: list[Args] = [_section(f"*{title}*")]
        blocks += [_section(f"*{name}*\n{_shown(value)}") for name, value in values.items()]
        self._messages.put(
            Message(
                channel=channel,
                ts=ts,
                user=HOUSE,
                text=title,
                blocks=payloads.with_ids(blocks, ts),
            )
        )


def _section(text: str) -> Args:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).strip()
    shown = payloads.escaped(text[:_MOST] + "…" if len(text) > _MOST else text)
    return _LINK.sub(r"<\1>", shown) or "(empty)"
