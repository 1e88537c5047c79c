"""Short replies: which one do you mean, nothing stored, how to ask, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.answer.words import NEAR, elsewhere
from bot.models import DidYouMean, Match, Nothing, Period
from handlers.blocks.layout import Page, Payload, Row, button, context, fit, message, section
from handlers.blocks.limits import problems
from handlers.blocks.mrkdwn import fitted, quote, spoken, trim
from handlers.blocks.words import NAME, left_out, named, period

Do = Literal["brief", "ask"]

CHOOSE = "choose"
"""The action of a name offered; its id is ``choose:0``, ``choose:1`` …, one a button."""

WRONG = "wrong"
"""The action that opens the form to say who was meant; it carries who was taken for what."""

OFFERED = 5

GUEST = (
    "You are a guest here: in direct messages I tell you only what you gave me. Ask me in a channel"
    " for what is read there."
)

_CLOSED = {
    "channel_not_found": "I am not a member there: `/invite` me",
    "not_in_channel": "I am not a member there: `/invite` me",
    "is_archived": "it is archived",
}

USAGE = (
    "Tell me whom or what to brief you on:\n"
    "• `/brief Qatar` · `/brief Qatar Iran` · `/brief Hamas since 2024`\n"
    "• `/brief Qatar public` shows the reply to everyone here\n"
    "• `@Dragoman who moved to Turkey?` or a direct message to me asks a question\n"
    "• _and Turkey?_ or _since May_, in the thread of an answer, asks on; edit a question, and its "
    "answer is edited\n"
    "• _Brief me on this_, among a message's actions, briefs you on whom it names\n"
    "• `/watch help` tells how to be told what is new, `/digest help` how to have it summed up\n"
    "• `/brief settings` sets what holds here: how dates are written, who sees replies"
)


def did_you_mean(reply: DidYouMean, *, do: Do = "brief") -> Payload:
    """Offer the actors that a query may mean; each button asks again with its name."""
    offered = once(reply.candidates)
    names = "\n".join(f"• {_name(match)}" for match in offered)
    page = Page(
        head=f"Which one do you mean by {_query(reply.query)}?\n{names}",
        rows=[],
        buttons=choices(do, reply.query, offered),
    )
    return fit(page, "UTC")


def nothing(reply: Nothing, *, do: Do = "brief", tz: str = "UTC") -> Payload:
    """Say honestly that nothing stored bears on a query, and what comes nearest."""
    head = nothing_stored(reply.query, reply.subjects, reply.period, question=do == "ask")
    if names := ", ".join(_name(match) for match in once(reply.nearest)):
        head += f"\nThe nearest names I know: {names}."
    page = Page(
        head=head,
        rows=[Row(NEAR, line) for line in reply.near],
        notes=[
            spoken(elsewhere(reply)),
            left_out(reply.undated_left_out, reply.period),
            *(spoken(note) for note in reply.notes),
        ],
        buttons=[
            *choices(do, reply.query, reply.nearest),
            *wrong(do, reply.query, reply.subjects),
        ],
    )
    return fit(page, tz)


def wrong(
    do: Do, query: str, subjects: Sequence[Match], as_of: datetime | None = None
) -> list[Payload]:
    """The button “Wrong actor?” of a reply that took words for actors; else none."""
    again = {
        "do": do,
        "q": query,
        "as_of": as_of.isoformat() if as_of else None,
        "meant": [[match.query, match.actor] for match in subjects],
    }
    made = button("Wrong actor?", WRONG, again) if subjects else None
    return [made] if made else []


def nothing_stored(
    query: str, subjects: Sequence[Match], asked: Period | None, *, question: bool
) -> str:
    """Say in mrkdwn that nothing was found: for whom, and in which days."""
    days = period(asked)
    # "last week (…)" and "1 May to 3 May" follow no verb by themselves; "since …" does.
    days = f"{' ' if days.startswith(('since ', 'until ')) else ', '}{days}" if days else ""
    if question:
        return f"Nothing stored answers {_query(query)}{days}."
    names = " and ".join(f"*{named(match.name)}*" for match in subjects)
    return f"Nothing stored about {names or _query(query)}{days}."


def once(matches: Sequence[Match]) -> list[Match]:
    """The first few of the matches, each actor once."""
    found: dict[str, Match] = {}
    for match in matches:
        found.setdefault(match.actor, match)
    return list(found.values())[:OFFERED]


def choices(do: Do, query: str, matches: Sequence[Match]) -> list[Payload]:
    """Buttons that ask again, with an actor's own name in place of what was typed for it."""
    offered = [
        button(trim(match.name, 60), f"{CHOOSE}:{n}", {"do": do, "q": _with(query, match, do)})
        for n, match in enumerate(once(matches))
    ]
    return [one for one in offered if one is not None]


def _with(query: str, match: Match, do: Do) -> str:
    at = query.casefold().find(match.query.casefold()) if match.query else -1
    if at < 0 or len(query.casefold()) != len(query):
        return f"{query} ({match.name})" if do == "ask" else match.name
    return query[:at] + match.name + query[at + len(match.query) :]


def usage() -> Payload:
    """Show how to ask."""
    return message(USAGE, [section(USAGE)])


def sentence(text: str, channel: str | None = None) -> Payload:
    """Say one sentence: what went wrong and what to do, in which channel if that is named."""
    text = fitted(text, 2500, spoken) + (f" (<#{channel}>)" if channel else "")
    return message(text, [section(text)])


def _name(match: Match) -> str:
    return f"*{named(match.name)}* ({match.type.value})"


def _query(query: str) -> str:
    return quote(trim(query, NAME))


def for_guest(payload: Payload) -> Payload:
    """A reply in a guest's direct messages, with a word on what they are told there."""
    blocks = list(payload.get("blocks") or [])
    at = len(blocks) - (bool(blocks) and blocks[-1].get("type") == "actions")
    noted = payload | {"blocks": [*blocks[:at], context([GUEST]), *blocks[at:]]}
    return payload if problems(noted) else noted


def instead(payload: Payload, place: str, word: str) -> Payload:
    """A message for one person in place of the one that a place refused, as it says first."""
    where = "in that conversation" if place.startswith("D") else f"in <#{place}>"
    why = _CLOSED.get(word, "Slack does not let me post there")
    said = f"I could not answer {where}, because {why}; here is what you asked for."
    blocks = [context([said]), *payload.get("blocks", [])] if payload.get("blocks") else []
    moved = payload | {"text": f"{payload['text']}\n{said}"}
    moved |= {"blocks": blocks} if blocks else {}
    return payload if problems(moved) else moved
