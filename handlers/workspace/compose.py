"""What a bot may post: its arguments checked as Slack checks them, refused in Slack's words.

Error words after https://docs.slack.dev/reference/methods/chat.postMessage, "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from slack_sdk.models.blocks import Block

from bot.errors import DragomanError
from handlers.blocks.limits import MESSAGE_TEXT, problems
from handlers.workspace.standing import stand_in

OF_SLACK = {vars(kind).get("type") for kind in Block.__subclasses__()}


class Refused(DragomanError):
    """A call that Slack would refuse: ``word`` is Slack's for it, ``details`` its messages."""

    def __init__(self, word: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(": ".join((word, "; ".join(details))) if details else word, about=word)
        self.word = word
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        return (Refused, (self.word, self.details))

    def answer(self) -> dict[str, Any]:
        """The JSON that the Web API answers with."""
        if not self.details:
            return {"ok": False, "error": self.word}
        return {
            "ok": False,
            "error": self.word,
            "errors": list(self.details),
            "response_metadata": {"messages": [f"[ERROR] {detail}" for detail in self.details]},
        }


class Content(NamedTuple):
    """What a message says."""

    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None


def content(args: Mapping[str, Any]) -> Content:
    """The content of a post, checked; raises Refused as Slack would.

    ``blocks`` and ``metadata`` may be JSON text, as a form has them.
    """
    text = args.get("text") or ""
    if not isinstance(text, str):
        raise Refused("invalid_arguments", ("text must be a string",))
    blocks = _parsed(args.get("blocks"), list, "invalid_blocks_format") or []
    metadata = _parsed(args.get("metadata"), dict, "invalid_metadata_format")
    if not all(isinstance(block, dict) for block in blocks):
        raise Refused("invalid_blocks_format")
    if not text.strip() and not blocks:
        raise Refused("no_text")
    if len(text) > MESSAGE_TEXT:
        raise Refused("msg_too_long")
    if broken := _broken(blocks):
        raise Refused("invalid_blocks", tuple(broken))
    return Content(text, blocks, metadata)


def _broken(blocks: list[dict[str, Any]]) -> list[str]:
    unknown = [
        f"block {n}: unsupported type: {block.get('type')}"
        for n, block in enumerate(blocks, start=1)
        if block.get("type") not in OF_SLACK
    ]
    # Numbers stay right, for each block has one that stands in. Text beside blocks is advised,
    # not required: its absence is shown, and refuses nothing.
    return unknown + problems({"text": "present", "blocks": [stand_in(one) for one in blocks]})


def _parsed(value: Any, kind: type, word: str) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise Refused(word) from error
    if not isinstance(value, kind):
        raise Refused(word)
    return value
