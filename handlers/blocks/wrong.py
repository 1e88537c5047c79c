"""The form to say who was meant: another actor for this once, a name for good, or a merge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.models import Match
from handlers.blocks import limits
from handlers.blocks.layout import Payload, button, context, message, section
from handlers.blocks.mrkdwn import trim
from handlers.blocks.text import bold, fitted, lines, plain, quote, say, spoken, text_of

CALLBACK = "correction"
UNDO = "undo"
"""The action that takes a correction back; it carries the correction's number in the log."""

WHICH, WHO, NAME, DO = "which", "who", "name", "do"
"""The inputs of the form; each is its own block and action."""

ONCE, ALIAS, MERGE = "once", "alias", "merge"
OTHER = "-"
"""The choice of somebody who is not offered, but named in words."""

OFFERED = limits.RADIO_OPTIONS - 1

SMALL_PRINT = (
    "Everybody here may correct this, for everybody here. Each correction is kept with the name "
    "of who made it, and can be undone."
)


def form(
    meant: Sequence[tuple[str, Match]], candidates: Sequence[Match], kept: Mapping[str, Any]
) -> Payload:
    """Make the modal: ``meant`` are the words typed with whom they were taken for.

    ``candidates`` are offered in this order, as far as there is room; ``kept`` comes back
    with the answer.
    """
    taken = [
        say(
            "I took ",
            quote(trim(typed, 80)),
            " for ",
            bold(trim(match.name, 80)),
            f" ({match.type.value}).",
        )
        for typed, match in meant
    ]
    blocks = [section(lines(*taken))]
    if len(meant) > 1:
        names = [_option(f"“{typed}”", str(n)) for n, (typed, _) in enumerate(meant)]
        blocks.append(_choice(WHICH, "Which one is wrong?", names, names[0]))
    people = [_person(match) for match in candidates[:OFFERED]]
    other = _option("Somebody else, named below" if people else "Named below", OTHER)
    # Nobody is chosen beforehand: a correction is made for everybody, and not by haste.
    who = _choice(WHO, "Who is meant?", [*people, other], None if people else other)
    blocks.append({**who, "optional": True})
    blocks += [_words(), _what(meant), context([say(SMALL_PRINT)])]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain("Wrong actor?"),
        "submit": plain("Correct"),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
        "blocks": blocks,
    }


def _what(meant: Sequence[tuple[str, Match]]) -> Payload:
    typed, match = meant[0]
    alone = len(meant) == 1
    words = f"“{trim(typed, 30)}”" if alone else "What was typed"
    it = trim(match.name, 24) if alone else "It"
    options = [
        _option("Only this time: brief me on them", ONCE),
        _option(trim(f"From now on: {words} is a name of theirs", 75), ALIAS),
        _option(trim(f"{it} and they are one and the same", 75), MERGE),
    ]
    return _choice(DO, "What shall I do?", options, options[0])


def _words() -> Payload:
    return {
        "type": "input",
        "block_id": NAME,
        "optional": True,
        "label": plain("Somebody else"),
        "hint": plain("A name, or an id such as state:qat."),
        "element": {"type": "plain_text_input", "action_id": NAME, "max_length": 200},
    }


def _choice(name: str, label: str, options: list[Payload], first: Payload | None) -> Payload:
    element: Payload = {"type": "radio_buttons", "action_id": name, "options": options}
    if first is not None:
        element["initial_option"] = first
    return {"type": "input", "block_id": name, "label": plain(label), "element": element}


def _person(match: Match) -> Payload:
    return _option(trim(f"{match.name} ({match.type.value})", limits.OPTION_TEXT), match.actor)


def _option(text: str, value: str) -> Payload:
    return {"text": plain(trim(text, limits.OPTION_TEXT)), "value": value}


def corrected(said: str, seq: int | None, brief: Payload) -> Payload:
    """Say what was done, with a button to undo it, above the brief on whoever was meant."""
    if not said:
        return brief
    done = fitted(said, 1000, spoken)
    undo = button("Undo", UNDO, {"n": seq}) if seq is not None else None
    head = section(done, undo)
    whole = message(lines(done, text_of(brief)), [head, *brief["blocks"]])
    # The brief alone may have used up what a message holds: then what was done goes first.
    return message(done, [head]) if limits.problems(whole) else whole
