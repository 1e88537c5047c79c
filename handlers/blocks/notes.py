"""Short messages: a choice of names, nothing stored, how to ask, what was read or went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.answer.formatting import (
    answers_nothing,
    capital,
    count,
    day,
    nearest_head,
    outside_period,
    small_notes,
    within,
    without_answer_mark,
)
from bot.gather.records import Rejected
from bot.models import DidYouMean, Learnt, Line, Match, Nothing, Period, Snippet
from bot.text.language import is_other, name_of
from handlers.blocks import layout
from handlers.blocks.layout import (
    NAME,
    Page,
    Payload,
    Row,
    attribution,
    button,
    context,
    fit,
    fullest,
    left_out,
    made,
    message,
    named,
    period,
    section,
    without_long_link,
)
from handlers.blocks.limits import problems
from handlers.blocks.text import (
    NOTHING,
    Text,
    bold,
    channel,
    code,
    fitted,
    italic,
    joined,
    lines,
    link,
    one_line,
    quote,
    say,
    spoken,
    text_of,
    trim,
)

Do = Literal["brief", "ask"]

CHOOSE = "choose"
"""The action of an offered name; the ids are ``choose:0``, ``choose:1`` …, one a button."""

WRONG = "wrong"
"""The action that opens the form to choose another actor; it carries the words and actors."""

OFFERED = 5

HEAD = 500
"""The most characters of the sentence that says what no line answers."""

GUEST = (
    "You are a guest here: in direct messages I use only what you gave me. Ask me in a channel for"
    " what I read there."
)

_NO_MEMBER = spoken("I am not a member there: `/invite` me")
_CLOSED = {
    "channel_not_found": _NO_MEMBER,
    "not_in_channel": _NO_MEMBER,
    "is_archived": say("it is archived"),
}

USAGE = lines(
    "Tell me who or what you want a brief on:",
    spoken("• `/brief Qatar` · `/brief Qatar Iran` · `/brief Hamas since 2024`"),
    spoken("• `/brief Qatar public` shows the reply to everyone here"),
    say("• ", code("@Dragoman who moved to Turkey?"), " or a direct message to me asks a question"),
    say(
        "• ", italic("and Turkey?"), " or ", italic("since May"),
        ", in the thread of an answer, follows up; edit a question, and I edit my answer",
    ),
    say(
        "• ", italic("Brief me on this"),
        ", in the menu of a message, briefs you on the actors it names",
    ),
    spoken("• `/watch help` explains alerts on what is new, `/digest help` digests at set times"),
    spoken("• `/brief settings` changes the settings here: date format, who sees replies"),
)  # fmt: skip


def did_you_mean(reply: DidYouMean, *, do: Do = "brief") -> Payload:
    """Offer the actors that a query may mean; each button asks again with its name."""
    offered = once(reply.candidates)
    names = [say("• ", _name(match)) for match in offered]
    page = Page(
        head=lines(say("Which one do you mean by ", _query(reply.query), "?"), *names),
        rows=[],
        buttons=choices(do, reply.query, offered),
    )
    return fit(page, "UTC")


def nothing(reply: Nothing, *, do: Do = "brief", tz: str = "UTC") -> Payload:
    """Say honestly that nothing stored answers a query; nearby lines are shown as such."""
    names = joined(", ", map(_name, once(reply.nearest)))
    named_so = say("The nearest names I know: ", names, ".") if names else NOTHING
    if reply.near:
        head = lead = fitted(nearest_head(reply, period(reply.period)), HEAD, spoken)
    else:
        question = answers_nothing(reply)
        stored = nothing_stored(reply.query, reply.subjects, reply.period, question=question)
        head = lines(say(stored, "."), named_so)
        lead = nothing_but(stored, reply.nearest)
    page = Page(
        head=head,
        lead=lead,
        rows=[Row("", without_answer_mark(line)) for line in reply.near],
        notes=[
            named_so if reply.near else NOTHING,
            layout.abroad(reply, tz),
            spoken(outside_period(reply)),
            say(left_out(reply.undated_left_out, reply.period)),
            *(spoken(note) for note in small_notes(reply)),
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
    """Return the button “Wrong actor?” of a reply that took words for actors; none otherwise."""
    again = {
        "do": do,
        "q": query,
        "as_of": as_of.isoformat() if as_of else None,
        "meant": [[match.query, match.actor] for match in subjects],
    }
    return made(button("Wrong actor?", WRONG, again) if subjects else None)


def nothing_stored(
    query: str, subjects: Sequence[Match], asked: Period | None, *, question: bool
) -> Text:
    """Say that nothing was found, without a full stop: about which actors, and in which days."""
    days = within(period(asked))
    if question:
        return say("Nothing stored answers ", _query(query), days)
    names = joined(" and ", (bold(named(match.name)) for match in subjects))
    return say("Nothing stored about ", names or _query(query), days)


def nothing_but(stored: Text, nearest: Sequence[Match]) -> Text:
    """Say that nothing is ``stored``, and which names come nearest."""
    names = joined(", ", map(_name, once(nearest)))
    return say(stored, "; nearest: ", names, ".") if names else say(stored, ".")


def once(matches: Sequence[Match]) -> list[Match]:
    """Return the first few of the matches, each actor once."""
    found: dict[str, Match] = {}
    for match in matches:
        found.setdefault(match.actor, match)
    return list(found.values())[:OFFERED]


def choices(do: Do, query: str, matches: Sequence[Match]) -> list[Payload]:
    """Return buttons that ask again, with an actor's own name in place of the typed words."""
    offered = [
        button(trim(match.name, 60), f"{CHOOSE}:{n}", {"do": do, "q": _with(query, match, do)})
        for n, match in enumerate(once(matches))
    ]
    return made(*offered)


def _with(query: str, match: Match, do: Do) -> str:
    at = query.casefold().find(match.query.casefold()) if match.query else -1
    if at < 0 or len(query.casefold()) != len(query):
        return f"{query} ({match.name})" if do == "ask" else match.name
    return query[:at] + match.name + query[at + len(match.query) :]


def usage() -> Payload:
    """Show how to ask."""
    return message(USAGE, [section(USAGE)])


def sentence(text: str, place: str | None = None) -> Payload:
    """Return one sentence: what went wrong and what to do, with the channel if it is named."""
    said = fitted(text, 2500, spoken)
    said = say(said, " (", channel(place), ")") if place else said
    return message(said, [section(said)])


def _name(match: Match) -> Text:
    return say(bold(named(match.name)), f" ({match.type.value})")


def _query(query: str) -> Text:
    return quote(trim(query, NAME))


def for_guest(payload: Payload) -> Payload:
    """Add to a reply in a guest's direct messages a note on what guests can see there."""
    blocks = list(payload.get("blocks") or [])
    at = len(blocks) - (bool(blocks) and blocks[-1].get("type") == "actions")
    noted = payload | {"blocks": [*blocks[:at], context([say(GUEST)]), *blocks[at:]]}
    return payload if problems(noted) else noted


def asked_by(payload: Payload, name: str) -> Payload:
    """Add to a public reply a line that names who asked for it.

    It is a display name: a mention, even in a context block, would notify that person.
    """
    blocks = list(payload.get("blocks") or [])
    at = len(blocks) - (bool(blocks) and blocks[-1].get("type") == "actions")
    line = context([say("Asked by ", trim(one_line(name), NAME))])
    noted = payload | {"blocks": [*blocks[:at], line, *blocks[at:]]}
    return payload if problems(noted) else noted


def instead(payload: Payload, place: str, word: str) -> Payload:
    """Return a message for one person that a place refused; it first says so."""
    where = say("that conversation") if place.startswith("D") else channel(place)
    why = _CLOSED.get(word, say("Slack does not let me post there"))
    said = say("I could not answer in ", where, ", because ", why, "; here is what you asked for.")
    blocks = [context([said]), *payload.get("blocks", [])] if payload.get("blocks") else []
    moved = payload | {"text": lines(text_of(payload), said).mrkdwn}
    moved |= {"blocks": blocks} if blocks else {}
    return payload if problems(moved) else moved


# --- several actors in a message ---------------------------------------------------------


def choose_actor(named: Sequence[tuple[str, str]], where: str = "This message") -> Payload:
    """Offer names, each with the id of its actor: the first two together, then one each.

    ``where`` is what names them.
    """
    shown = named[:OFFERED]
    both = shown[:2]
    values = [(" and ".join(name for name, _ in both), " ".join(name for name, _ in both), both)]
    values += [(name, name, [(name, actor)]) for name, actor in shown]
    offered = made(
        *(
            button(label, f"{CHOOSE}:{n}", {"do": "brief", "q": query, "meant": meant})
            for n, (label, query, meant) in enumerate(values)
        )
    )
    listed = joined(", ", (bold(layout.named(name)) for name, _ in shown))
    more = f" and {len(named) - len(shown)} more" if len(named) > len(shown) else ""
    head = say(f"{where} names ", listed, f"{more}. Who should I brief you on?")
    return fit(Page(head=head, rows=[], buttons=offered), "UTC")


# --- what was read -----------------------------------------------------------------------


ACTORS = 4
"""The most names of actors listed for an article; the others are counted."""

_TITLE = 150
_REASON = 400


def learnt_message(
    learnt: Sequence[Learnt], refused: Sequence[Rejected], *, notes: Sequence[str], tz: str
) -> Payload:
    """Report for each article what it is and what was read from it, then what was refused.

    ``notes`` are sentences for below, such as who sees what was stored.
    """
    rows = [_learnt_line(one, tz) for one in learnt]
    rows += [
        say("Not read: ", named(one.origin), " — ", fitted(one.reason, _REASON, spoken), ".")
        for one in refused
    ]
    rows = rows or [say("I found nothing in it that I can read.")]
    below = [fits for note in notes if (fits := fitted(note, _REASON, spoken))]
    return fullest(lambda shown: _learnt(rows, shown, below), len(rows))


def _learnt(rows: Sequence[Text], shown: int, below: Sequence[Text]) -> Payload:
    """Return the first of the lines, and count the others."""
    more = f"{capital(count(len(rows) - shown, 'more line'))}."
    notes = [*([say(more)] if shown < len(rows) else []), *below]
    blocks = [section(line) for line in rows[:shown]]
    return message(lines(*rows[:shown]), [*blocks, *([context(notes)] if notes else [])])


def _learnt_line(one: Learnt, tz: str) -> Text:
    snippet = without_long_link(Line(snippet=_snippet(one))).snippet
    title = link(snippet.url, trim(one.title, _TITLE)) if one.title else NOTHING
    who = attribution(snippet.model_copy(update={"url": None}) if title else snippet, tz)
    about = say(bold(title), " — ", who) if title else who
    return lines(about, _what_was_read(one, tz))


def _snippet(one: Learnt) -> Snippet:
    return Snippet(
        start=0,
        end=1,
        quote=one.title or "-",
        article=one.article,
        revision=1,
        title=one.title,
        publisher=trim(one.publisher, NAME) if one.publisher else None,
        published=one.published,
        published_precision=one.published_precision,
        url=one.url,
    )


def _what_was_read(one: Learnt, tz: str) -> Text:
    """Report what was read: ``12 facts about Iran, Qatar and Hamas; a near-copy of …``."""
    read, about = _facts(one)
    if one.revised:
        read = f"It has changed since I read it: {read}"
    elif one.before is not None:
        read = f"I read it already, on {_on(one.before, tz)}: {read}"
    text = say(capital(read), about)
    if one.copy_of:
        title = fitted(trim(one.copy_of, _TITLE), 2 * _TITLE)
        text = say(text, "; a near-copy of “", title, "”")
    return say(text, ".")


def _on(when: datetime, tz: str) -> str:
    return day(when.astimezone(ZoneInfo(tz)).date())


def _facts(one: Learnt) -> tuple[str, Text]:
    """Return how many facts were read, and which actors they are about."""
    if one.language is not None and is_other(one.language):
        name = name_of(one.language)
        return f"{name} text, in which I do not find facts yet: it can be searched", NOTHING
    if not one.facts:
        return "no facts found; its text can be searched", NOTHING
    about = say(" about ", _names(one.actors)) if one.actors else NOTHING
    return count(one.facts, "fact"), about


def _names(actors: Sequence[str]) -> Text:
    shown = [fitted(trim(name, NAME), NAME) for name in actors[:ACTORS]]
    if more := len(actors) - len(shown):
        return say(joined(", ", shown), f" and {count(more, 'other')}")
    if len(shown) == 1:
        return shown[0]
    return say(joined(", ", shown[:-1]), " and ", shown[-1])
