"""👍 and 👎 under a reply, the thanks for them, and the form for a comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.models import Answer, Brief, Verdict
from handlers.blocks.buttons import carried
from handlers.blocks.forms import modal
from handlers.blocks.layout import Payload, button, message, section
from handlers.blocks.notes import Do
from handlers.blocks.text import clean, fitted, one_line, plain, say

GOOD, BAD = "good", "bad"
"""The actions that say whether a reply helped."""

COMMENT = "comment"
"""The action that opens the form for a comment; its form and its input are called so, too."""

MOST_COMMENT = 1000
"""Characters of a comment."""

_SHOWN = 1000
"""Characters of what was asked, above the form."""

SIGN: dict[Verdict, str] = {"up": "👍", "down": "👎"}


def thumbs(do: Do, reply: Brief | Answer) -> list[Payload]:
    """👍 and 👎, for the person who reads a reply; none where they would carry too much."""
    again = carried(do, reply)
    made = [button("👍", GOOD, again), button("👎", BAD, again)]
    words = ("This helped me", "This did not help me")
    return [
        one | {"accessibility_label": said}
        for one, said in zip(made, words, strict=True)
        if one is not None
    ]


def thanks(verdict: Verdict, before: Verdict | None, reply: str) -> Payload:
    """Say that it is kept, and in place of what; offers to say more."""
    if before is None:
        said = "Noted, thank you: whoever runs me reads it."
    elif before == verdict:
        said = "Noted already."
    else:
        said = f"Noted in place of {SIGN[before]}."
    text = say(f"{SIGN[verdict]} {said}")
    more = button("Add a comment", COMMENT, {"reply": reply})
    actions: Payload = {"type": "actions", "elements": [more]}
    return message(text, [section(text), *([actions] if more else [])])


def comment_form(of: str, verdict: Verdict, comment: str, kept: Mapping[str, Any]) -> Payload:
    """Make the modal for a comment on the reply to ``of``; ``kept`` comes back with it."""
    element: Payload = {
        "type": "plain_text_input",
        "action_id": COMMENT,
        "multiline": True,
        "max_length": MOST_COMMENT,
    }
    if one_line(comment):
        element["initial_value"] = "\n".join(map(clean, comment.splitlines()))
    asked = "What helped you?" if verdict == "up" else "What was wrong, or missing?"
    hint = "Whoever runs me reads it, with what you asked and your name."
    comment_input = {
        "type": "input",
        "block_id": COMMENT,
        "label": plain(asked),
        "hint": plain(hint),
        "element": element,
    }
    blocks = [section(say(f"{SIGN[verdict]} ", fitted(of, _SHOWN))), comment_input]
    return modal(COMMENT, "Your comment", "Send", blocks, kept)
