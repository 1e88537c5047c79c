"""Whom of several that a message names to be briefed on."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.blocks import words
from handlers.blocks.layout import Page, Payload, button, fit
from handlers.blocks.notes import CHOOSE, OFFERED
from handlers.blocks.text import bold, joined, say


def whom(named: Sequence[tuple[str, str]]) -> Payload:
    """Offer names, each with the id of its actor: the first two together, then one each."""
    shown = named[:OFFERED]
    both = shown[:2]
    values = [(" and ".join(name for name, _ in both), " ".join(name for name, _ in both), both)]
    values += [(name, name, [(name, actor)]) for name, actor in shown]
    made = [
        button(label, f"{CHOOSE}:{n}", {"do": "brief", "q": query, "meant": meant})
        for n, (label, query, meant) in enumerate(values)
    ]
    listed = joined(", ", (bold(words.named(name)) for name, _ in shown))
    more = f" and {len(named) - len(shown)} more" if len(named) > len(shown) else ""
    head = say("This message names ", listed, f"{more}. Whom shall I brief you on?")
    return fit(Page(head=head, rows=[], buttons=[one for one in made if one is not None]), "UTC")
