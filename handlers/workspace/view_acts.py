"""What people do with modals and Home, and what the app is told of it.

After https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload and
https://docs.slack.dev/surfaces/modals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlers.workspace import inputs, payloads
from handlers.workspace.compose import Refused
from handlers.workspace.deliver import Deliverer, Delivery
from handlers.workspace.elements import action, find, values
from handlers.workspace.state import Messages, User, WorkspaceError
from handlers.workspace.views import Views, checked

Json = dict[str, Any]
Filled = Mapping[str, object]
"""What stands in the inputs, by block: a text, or a list of them."""

REQUIRED = "Please complete this required field."
NOT_OPEN = "This form is not open any more."


class ViewActs:
    """Fills in, sends, clicks in and closes views as a person."""

    def __init__(
        self,
        *,
        views: Views,
        messages: Messages,
        users: Mapping[str, User],
        deliverer: Deliverer,
    ) -> None:
        self._views = views
        self._messages = messages
        self._users = users
        self._deliverer = deliverer
        self._chosen: dict[tuple[str, str, str], list[str]] = {}  # view, block, action

    async def submit(self, user: str, view_id: str, said: Filled) -> Delivery | None:
        """Send the modal with what was filled in; returns its delivery.

        None, and nothing is sent, where Slack itself finds something wrong: ``errors`` of the
        views say what. Raises WorkspaceError where no such modal is open or an option is none
        of its own.
        """
        view = self._views.of(user)
        if view is None or view["id"] != view_id:
            raise WorkspaceError(NOT_OPEN, about=view_id)
        if wrong := _wrong(view, said):
            self._views.wrong(user, wrong)
            return None
        payload = payloads.view_submission(
            view,
            self._state(view, said),
            user=self._users[user],
            trigger_id=self._views.trigger(user),
        )
        delivery = await self._deliver(payload)
        self._answered(user, view, delivery)
        return delivery

    async def click(
        self,
        user: str,
        view_id: str,
        block_id: str,
        action_id: str,
        chosen: object,
        said: Filled,
    ) -> Delivery:
        """Use an element of a modal or of Home; ``said`` is what stands in the inputs beside it.

        Raises WorkspaceError where there is no such element.
        """
        view = self._views.get(user, view_id)
        element = find(view["blocks"], block_id, action_id) if view else None
        if view is None or element is None:
            raise WorkspaceError("That was changed meanwhile: look again.", about=action_id)
        picked = inputs.listed(chosen)
        if element["type"] in inputs.STATEFUL:
            self._chosen[view_id, block_id, action_id] = picked
        payload = payloads.view_actions(
            action(element, block_id, picked, self._messages.next_ts()),
            view=view,
            values=self._state(view, said),
            user=self._users[user],
            trigger_id=self._views.trigger(user),
        )
        delivery = await self._deliver(payload)
        if not delivery.taken:
            trouble = "That did not get through. Is Dragoman's server running? Then try again."
            raise WorkspaceError(trouble, about=action_id)
        return delivery

    async def close(self, user: str, *, everything: bool = False) -> None:
        """Take the modal away unsent, and say so to an app that wants to know."""
        for view in self._views.close(user, everything=everything):
            if view.get("notify_on_close"):
                await self._deliver(
                    payloads.view_closed(view, user=self._users[user], cleared=everything)
                )

    def _state(self, view: Json, said: Filled) -> Json:
        """What is chosen and filled in, also beside inputs, where each click was sent alone."""
        inside = {b["block_id"] for b in view["blocks"] if b.get("type") == "input"}

        def chosen(block: str, element: Json) -> list[str] | None:
            if block in inside:
                return inputs.listed(said[block]) if block in said else None
            return self._chosen.get((view["id"], block, element["action_id"]))

        return values(view["blocks"], chosen)

    async def _deliver(self, payload: Json) -> Delivery:
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        return await self._deliverer.form("interactivity", fields)

    def _answered(self, user: str, view: Json, delivery: Delivery) -> None:
        if not delivery.taken:
            self._views.wrong(user, {"": "We had some trouble connecting. Try again?"})
            return
        try:
            answer = json.loads(delivery.answer) if delivery.answer.strip() else {}
        except json.JSONDecodeError:
            answer = {"response_action": "not JSON"}
        if not isinstance(answer, dict):
            answer = {"response_action": "not an object"}
        try:
            self._follow(user, view, answer)
        except Refused as refused:
            self._views.wrong(user, {"": f"Dragoman's answer was refused: {refused}"})

    def _follow(self, user: str, view: Json, answer: Json) -> None:
        """Do with the modal what the app answers."""
        match answer.get("response_action"):
            case "errors":
                errors = {str(k): str(v) for k, v in (answer.get("errors") or {}).items()}
                self._views.wrong(user, errors)
            case "update":
                self._views.replace(user, view, checked(answer.get("view"), "modal"))
            case "push":
                self._views.lay_over(user, checked(answer.get("view"), "modal"))
            case "clear":
                self._views.close(user, everything=True)
            case None:
                # The app may have put another over it while it was being sent.
                before = self._views.of(user)
                if before is not None and before["id"] == view["id"]:
                    self._views.close(user)
            case other:
                words = f"Dragoman answered {other!r}, which this workspace has not."
                self._views.wrong(user, {"": words})


def _wrong(view: Json, said: Filled) -> dict[str, str]:
    """What is missing or malformed, by block."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block.get("type") != "input":
            continue
        name = block["block_id"]
        text = inputs.listed(said.get(name))
        if not text and not block.get("optional"):
            found[name] = REQUIRED
        elif problem := inputs.wrong(block["element"], text):
            found[name] = problem
    return found
