"""The agent panel of the local workspace: prompts to begin with, and a status in a thread.

After https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts and
assistant.threads.setStatus; in the agent view prompts belong to no thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.workspace.compose import Refused
from handlers.workspace.state import TEAM

PROMPTS = 4


class Panel:
    """What the bot put into the panel.

    ``prompts`` are those of the messages with it, ``prompts_in`` of a thread by its ts;
    ``statuses`` say by thread what it is doing there. ``changed`` hears the channel concerned.
    """

    def __init__(self, changed: Callable[[str], None] = lambda _channel: None) -> None:
        self._changed = changed
        self.prompts: list[dict[str, str]] = []
        self.prompts_in: dict[str, list[dict[str, str]]] = {}
        self.statuses: dict[str, str] = {}

    def methods(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """What the Web API has of it."""
        return {
            "assistant.threads.setStatus": self.set_status,
            "assistant.threads.setSuggestedPrompts": self.set_prompts,
        }

    def set_prompts(self, args: dict[str, Any]) -> dict[str, Any]:
        """Answer ``assistant.threads.setSuggestedPrompts``; raises Refused."""
        prompts = args.get("prompts")
        if not isinstance(prompts, list) or not 0 < len(prompts) <= PROMPTS:
            raise Refused("invalid_arguments", (f"prompts must be 1 to {PROMPTS}",))
        if any(not one.get("title") or not one.get("message") for one in prompts):
            raise Refused("invalid_arguments", ("a prompt needs a title and a message",))
        shown = [dict(one) for one in prompts]
        if thread := args.get("thread_ts"):
            self.prompts_in[str(thread)] = shown
        else:
            self.prompts = shown
        self._tell(args)
        return {}

    def set_status(self, args: dict[str, Any]) -> dict[str, Any]:
        """Answer ``assistant.threads.setStatus``; raises Refused."""
        thread, status = args.get("thread_ts"), args.get("status")
        if not thread or not isinstance(status, str):
            raise Refused("invalid_arguments", ("thread_ts and status are needed",))
        self.statuses[str(thread)] = status
        self._tell(args)
        return {}

    def _tell(self, args: dict[str, Any]) -> None:
        if channel := args.get("channel_id"):
            self._changed(str(channel))

    def answered(self, thread: str) -> None:
        """Take the status of a thread away, as an answer in it does."""
        self.statuses.pop(thread, None)


def opened_event(user: str, channel: str, ts: str, tab: str = "messages") -> dict[str, Any]:
    """The event of somebody who opens the messages with the bot, or with ``home`` its Home."""
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": tab,
        "event_ts": ts,
    }


def started_event(user: str, channel: str, thread: str, ts: str) -> dict[str, Any]:
    """The event of somebody who begins a new chat in the panel of the older assistant view."""
    return {
        "type": "assistant_thread_started",
        "assistant_thread": {
            "user_id": user,
            "context": {"channel_id": channel, "team_id": TEAM, "enterprise_id": None},
            "channel_id": channel,
            "thread_ts": thread,
        },
        "event_ts": ts,
    }
