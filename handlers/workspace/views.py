"""Modals, one over another, Home, and the agent panel: what the app opened and published.

After https://docs.slack.dev/reference/methods/views.open, views.push, views.update, views.publish,
assistant.threads.setSuggestedPrompts and assistant.threads.setStatus; in the agent view prompts
belong to no thread.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.blocks.limits import home_problems, modal_problems
from handlers.workspace import inputs, payloads
from handlers.workspace.calls import OF_SLACK, Refused
from handlers.workspace.inputs import elements, stand_in
from handlers.workspace.state import APP, BOT, TEAM, Messages

# --- the agent panel ---------------------------------------------------------------------


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


# --- modals and Home ---------------------------------------------------------------------


TRIGGER_SECONDS = 3.0
STACK = 3
"""How many modals may lie one over another."""

VIEW = "view"
"""What watchers are told when a modal or a Home changed, in place of a channel."""

Json = dict[str, Any]


@dataclass
class _Trigger:
    user: str
    until: float
    used: bool = False


class Views:
    """The modals and the Home of each person, and the triggers that may open modals."""

    def __init__(self, *, messages: Messages, clock: Callable[[], float]) -> None:
        self._messages = messages
        self._clock = clock
        self._triggers: dict[str, _Trigger] = {}
        self._stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        """What the app published last for each person."""
        self.errors: dict[str, dict[str, str]] = {}
        """What was wrong with what was sent last, by person and block."""

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """What the Web API has of it."""
        return {
            "views.open": self.open,
            "views.push": self.push,
            "views.update": self.update,
            "views.publish": self.publish,
        }

    def trigger(self, user: str) -> str:
        """A new trigger, good once, for three seconds."""
        now = self._clock()
        self._triggers = {k: t for k, t in self._triggers.items() if t.until + 60 > now}
        key = f"{int(now * 1000)}.0.{secrets.token_hex(16)}"
        self._triggers[key] = _Trigger(user, now + TRIGGER_SECONDS)
        return key

    def open(self, args: Json) -> Json:
        """Answer ``views.open``; raises Refused in Slack's words."""
        trigger, view = self._pulled(args), checked(args.get("view"), "modal")
        trigger.used = True
        whole = self._whole(view, _new_id())
        self._stacks[trigger.user] = [whole]
        self._changed(trigger.user)
        return {"view": whole}

    def push(self, args: Json) -> Json:
        """Answer ``views.push``; raises Refused."""
        trigger, view = self._pulled(args), checked(args.get("view"), "modal")
        if not self._stacks.get(trigger.user):
            raise Refused("not_found")
        trigger.used = True
        return {"view": self.lay_over(trigger.user, view)}

    def update(self, args: Json) -> Json:
        """Answer ``views.update``; raises Refused."""
        view = checked(args.get("view"), None)
        found = self._named(args)
        if found is None:
            raise Refused("not_found")
        user, old = found
        if args.get("hash") and args["hash"] != old["hash"]:
            raise Refused("hash_conflict")
        if view["type"] != old["type"]:
            raise Refused("invalid_arguments", ("the type of a view cannot change",))
        return {"view": self.replace(user, old, view)}

    def publish(self, args: Json) -> Json:
        """Answer ``views.publish``; raises Refused."""
        user, view = str(args.get("user_id") or ""), checked(args.get("view"), "home")
        if not user:
            raise Refused("invalid_arguments", ("user_id is missing",))
        old = self.homes.get(user)
        if args.get("hash") and (old is None or args["hash"] != old["hash"]):
            raise Refused("hash_conflict")
        whole = self._whole(view, old["id"] if old else _new_id())
        self.homes[user] = whole
        self._messages.tell(VIEW)
        return {"view": whole}

    def of(self, user: str) -> Json | None:
        """The modal open before somebody, or None."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def get(self, user: str, view_id: str) -> Json | None:
        """The modal before somebody, or their Home, if it has that id."""
        for view in (self.of(user), self.homes.get(user)):
            if view is not None and view["id"] == view_id:
                return view
        return None

    def lay_over(self, user: str, view: Json) -> Json:
        """Put a modal over the one that is open; raises Refused where there are too many."""
        stack = self._stacks[user]
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        whole = self._whole(view, _new_id(), stack[0]["id"], stack[-1]["id"])
        stack.append(whole)
        self._changed(user)
        return whole

    def replace(self, user: str, old: Json, view: Json) -> Json:
        """Put another view in the place of one that is open."""
        whole = self._whole(view, old["id"], old["root_view_id"], old["previous_view_id"])
        if old["type"] == "home":
            self.homes[user] = whole
        else:
            stack = self._stacks[user]
            stack[[one["id"] for one in stack].index(old["id"])] = whole
        self._changed(user)
        return whole

    def close(self, user: str, *, everything: bool = False) -> list[Json]:
        """Take the modal away, or all of them; returns what was taken, the uppermost first."""
        stack = self._stacks.get(user, [])
        gone = [stack.pop() for _ in range(len(stack) if everything else min(1, len(stack)))]
        if gone:
            self._changed(user)
        return gone

    def wrong(self, user: str, errors: dict[str, str]) -> None:
        """Say what is wrong with what was filled in, by block; the empty one is the whole."""
        self.errors[user] = errors
        self._messages.tell(VIEW)

    def _pulled(self, args: Json) -> _Trigger:
        trigger = self._triggers.get(str(args.get("trigger_id") or ""))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise Refused("expired_trigger_id")
        return trigger

    def _named(self, args: Json) -> tuple[str, Json] | None:
        key, external = args.get("view_id"), args.get("external_id")
        everything = [(user, one) for user, stack in self._stacks.items() for one in stack]
        for user, view in [*everything, *self.homes.items()]:
            if (key and view["id"] == key) or (external and view.get("external_id") == external):
                return user, view
        return None

    def _whole(self, view: Json, key: str, root: str = "", before: str | None = None) -> Json:
        return {
            **view,
            "id": key,
            "root_view_id": root or key,
            "previous_view_id": before,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "hash": f"{int(self._clock())}.{secrets.token_hex(4)}",
            "blocks": list(payloads.with_ids(view["blocks"], key)),
            "state": {"values": {}},
        }

    def _changed(self, user: str) -> None:
        self.errors.pop(user, None)
        self._messages.tell(VIEW)


def initial(view: Json) -> dict[str, list[str]]:
    """The values of the inputs of a modal when it opens, by block."""
    shown = ((name, inputs.initial(element)) for name, element in _inputs(view))
    return {name: first for name, first in shown if first}


def _inputs(view: Json) -> list[tuple[str, Json]]:
    return list(elements([b for b in view["blocks"] if b.get("type") == "input"]))


def checked(given: Any, kind: str | None) -> Json:
    """A view as the app sent it; raises Refused where Slack would not show it."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except json.JSONDecodeError as error:
            raise Refused("invalid_arguments", ("view is not JSON",)) from error
    if not isinstance(given, dict):
        raise Refused("invalid_arguments", ("view is missing",))
    if kind is not None and given.get("type") != kind:
        raise Refused("invalid_arguments", (f"type is {given.get('type')!r}, not {kind!r}",))
    blocks = given.get("blocks")
    if isinstance(blocks, list) and all(isinstance(one, dict) for one in blocks):
        alike = {**given, "blocks": [one if _unknown(one) else stand_in(one) for one in blocks]}
    else:
        alike = given
    if broken := view_problems(alike):
        raise Refused("invalid_arguments", tuple(broken))
    return given


def _unknown(block: Json) -> bool:
    return block.get("type") not in OF_SLACK


def view_problems(view: Json) -> list[str]:
    """Every limit of Slack's that a modal or a Home breaks, in words."""
    return home_problems(view) if view.get("type") == "home" else modal_problems(view)


def _new_id() -> str:
    return "V" + secrets.token_hex(5).upper()
