"""Modals: opened by a trigger within three seconds, shown on the page, sent as Slack sends them.

After https://docs.slack.dev/reference/methods/views.open and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.blocks.limits import modal_problems
from handlers.workspace import payloads
from handlers.workspace.compose import Refused
from handlers.workspace.deliver import Deliverer, Delivery
from handlers.workspace.state import APP, BOT, TEAM, Messages, User, WorkspaceError

TRIGGER_SECONDS = 3.0

Json = dict[str, Any]

REQUIRED = "Please complete this required field."


@dataclass
class _Trigger:
    user: str
    until: float
    used: bool = False


class Views:
    """The modals that are open, one a person, and the triggers that may open them."""

    def __init__(
        self,
        *,
        messages: Messages,
        users: Mapping[str, User],
        deliverer: Deliverer,
        clock: Callable[[], float],
    ) -> None:
        self._messages = messages
        self._users = users
        self._deliverer = deliverer
        self._clock = clock
        self._triggers: dict[str, _Trigger] = {}
        self._open: dict[str, Json] = {}
        self.errors: dict[str, dict[str, str]] = {}
        """What the app found wrong with what was sent last, by person and block."""

    def trigger(self, user: str) -> str:
        """A new trigger, good once, for three seconds."""
        now = self._clock()
        self._triggers = {k: t for k, t in self._triggers.items() if t.until + 60 > now}
        key = f"{int(now * 1000)}.0.{secrets.token_hex(16)}"
        self._triggers[key] = _Trigger(user, now + TRIGGER_SECONDS)
        return key

    def open(self, args: Json) -> Json:
        """Answer ``views.open``; raises Refused in Slack's words."""
        trigger = self._triggers.get(str(args.get("trigger_id") or ""))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise Refused("expired_trigger_id")
        view = _view(args.get("view"))
        trigger.used = True
        return {"view": self._put(trigger.user, view, "V" + secrets.token_hex(5).upper())}

    def _put(self, user: str, view: Json, key: str) -> Json:
        whole = {
            **view,
            "id": key,
            "root_view_id": key,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "hash": f"{int(self._clock())}.{secrets.token_hex(4)}",
            "blocks": list(payloads.with_ids(view["blocks"], key)),
            "state": {"values": {}},
        }
        self._open[user] = whole
        self.errors.pop(user, None)
        self._messages.tell(VIEW)
        return whole

    def of(self, user: str) -> Json | None:
        """The modal that stands before somebody, or None."""
        return self._open.get(user)

    def close(self, user: str) -> None:
        """Take the modal away unsent."""
        if self._open.pop(user, None) is not None:
            self.errors.pop(user, None)
            self._messages.tell(VIEW)

    async def submit(self, user: str, view_id: str, said: Mapping[str, str]) -> Delivery | None:
        """Send the modal with what was filled in, by block; returns its delivery.

        None, and nothing is sent, where a needed input is empty: ``errors`` says which.
        Raises WorkspaceError where no such modal is open or an option is none of its own.
        """
        view = self._open.get(user)
        if view is None or view["id"] != view_id:
            raise WorkspaceError("This form is not open any more.", about=view_id)
        values, missing = _filled(view, said)
        if missing:
            self._wrong(user, dict.fromkeys(missing, REQUIRED))
            return None
        payload = payloads.view_submission(
            view, values, user=self._users[user], trigger_id=self.trigger(user)
        )
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        delivery = await self._deliverer.form("interactivity", fields)
        self._answered(user, view, delivery)
        return delivery

    def _answered(self, user: str, view: Json, delivery: Delivery) -> None:
        if not delivery.taken:
            self._wrong(user, {"": "We had some trouble connecting. Try again?"})
            return
        try:
            answer = json.loads(delivery.answer) if delivery.answer.strip() else {}
        except json.JSONDecodeError:
            answer = {"response_action": "not JSON"}
        action = answer.get("response_action") if isinstance(answer, dict) else "not an object"
        if action == "errors":
            self._wrong(user, {str(k): str(v) for k, v in answer.get("errors", {}).items()})
        elif action == "update":
            try:
                self._put(user, _view(answer.get("view")), view["id"])
            except Refused as refused:
                self._wrong(user, {"": f"Dragoman's answer was refused: {refused}"})
        elif action in (None, "clear"):
            self.close(user)
        else:
            self._wrong(user, {"": f"Dragoman answered {action!r}, which this workspace has not."})

    def _wrong(self, user: str, errors: dict[str, str]) -> None:
        self.errors[user] = errors
        self._messages.tell(VIEW)


VIEW = "view"
"""What watchers are told when a modal changed, in place of a channel."""


def initial(view: Json) -> dict[str, str]:
    """What stands in the inputs of a modal when it opens, by block."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        first = element.get("initial_value") or (element.get("initial_option") or {}).get("value")
        if first:
            found[block["block_id"]] = first
    return found


def _view(given: Any) -> Json:
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except json.JSONDecodeError as error:
            raise Refused("invalid_arguments", ("view is not JSON",)) from error
    if not isinstance(given, dict):
        raise Refused("invalid_arguments", ("view is missing",))
    if broken := modal_problems(given):
        raise Refused("invalid_arguments", tuple(broken))
    return given


def _filled(view: Json, said: Mapping[str, str]) -> tuple[Json, list[str]]:
    """The state of the inputs as Slack sends it, and the needed ones that are empty."""
    values: Json = {}
    missing: list[str] = []
    for block in view["blocks"]:
        if block.get("type") != "input":
            continue
        name, element = block["block_id"], block["element"]
        text = (said.get(name) or "").strip()
        if not text and not block.get("optional"):
            missing.append(name)
        if element["type"] == "plain_text_input":
            state = {"type": element["type"], "value": text or None}
        else:
            state = {"type": element["type"], "selected_option": _option(element, text)}
        values[name] = {element["action_id"]: state}
    return values, missing


def _option(element: Json, value: str) -> Json | None:
    if not value:
        return None
    for option in element["options"]:
        if option["value"] == value:
            return dict(option)
    raise WorkspaceError(f"The form has no option {value}.", about=value)
