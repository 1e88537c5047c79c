"""Feedback on a reply: thumbs, comments, which actor was meant, which facts are wrong.

The form offers another actor just this time, a name from now on, or a merge. Each fact that a reply
draws on is shown with a menu, in which a reader picks what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from bot.answer.act_wording import UNNAMED
from bot.answer.formatting import capital, count, event_day, excerpt, marks
from bot.models import Answer, Brief, Fault, Line, Match, Verdict
from handlers.blocks import limits
from handlers.blocks.buttons import carried
from handlers.blocks.forms import modal, option, radio, text_line
from handlers.blocks.layout import (
    Payload,
    attribution,
    button,
    context,
    made,
    message,
    named,
    row,
    section,
    without_long_link,
)
from handlers.blocks.native import BAD, GOOD
from handlers.blocks.notes import Do
from handlers.blocks.text import (
    Text,
    bold,
    clean,
    cut,
    fitted,
    italic,
    joined,
    lines,
    one_line,
    quote,
    quoted,
    say,
    spoken,
    text_of,
    trim,
)

CALLBACK = "correction"
UNDO = "undo"
"""The action that undoes a correction; it carries the correction's number in the log."""

WRONG_FACT, FAULT = "wrong_fact", "fault"
"""The action that lists the facts of a reply, and the menu next to each of them."""

WHICH, WHO, NAME, DO = "which", "who", "name", "do"
"""The inputs of the form; each is its own block and action."""

ONCE, ALIAS, MERGE = "once", "alias", "merge"
OTHER = "-"
"""The choice of an actor that is not offered, but named in words."""

OFFERED = limits.RADIO_OPTIONS - 1

ACTOR_PRINT = (
    "Every member can make a correction, and it applies to everybody here. Each one is logged with"
    " the name of the person who made it, and can be undone."
)


FAULTS: dict[Fault, str] = {
    "who": "Who: the actor or the target is wrong",
    "what": "What: they did something else",
    "status": "Status: it is not done, planned or denied as shown",
    "not said": "Not said: the sentence does not say this",
}
"""The faults of a fact, as the menu next to it lists them."""

FACTS = 12
"""The most facts offered to be marked wrong; the others are counted."""

FACTS_PRINT = (
    "A fact marked wrong is left out for everybody here: in briefs, answers, counts, alerts and"
    " digests. Its sentence may still be quoted. Each mark is logged with the name of the person"
    " who made it, and can be undone."
)

_FACT_WORDS = 20


def actor_form(
    meant: Sequence[tuple[str, Match]], candidates: Sequence[Match], kept: Mapping[str, Any]
) -> Payload:
    """Make the modal: ``meant`` are the typed words with the actors they were taken for.

    ``candidates`` are offered in this order, as far as there is room; ``kept`` comes back with
    the submission.
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
        names = [(f"“{typed}”", str(n)) for n, (typed, _) in enumerate(meant)]
        blocks.append(radio(WHICH, "Which one is wrong?", names, "0"))
    people = [(f"{one.name} ({one.type.value})", one.actor) for one in candidates[:OFFERED]]
    other = ("Somebody else, entered below" if people else "Entered below", OTHER)
    # No choice is preset: a correction applies to everybody, and nobody should make it in haste.
    who = radio(WHO, "Who is meant?", [*people, other], None if people else OTHER)
    hint = "A name, or an id such as state:qat."
    blocks += [
        {**who, "optional": True},
        text_line(NAME, "Somebody else", "", hint, optional=True, most=200),
        _what(meant),
        context([say(ACTOR_PRINT)]),
    ]
    return modal(CALLBACK, "Wrong actor?", "Correct", blocks, kept)


def _what(meant: Sequence[tuple[str, Match]]) -> Payload:
    typed, match = meant[0]
    alone = len(meant) == 1
    words = f"“{trim(typed, 30)}”" if alone else "What was typed"
    it = trim(match.name, 24) if alone else "it"
    options = [
        ("Only this time: brief me on them", ONCE),
        (f"From now on: {words} is one of their names", ALIAS),
        (f"Merge the two: {it} is the same actor", MERGE),
    ]
    return radio(DO, "What should I do?", options, ONCE)


def corrected(said: str, seq: int | None, brief: Payload) -> Payload:
    """Report the correction, with an Undo button, above the brief on the actor who was meant."""
    if not said:
        return brief
    done = fitted(said, 1000, spoken)
    undo = button("Undo", UNDO, {"n": seq}) if seq is not None else None
    head = section(done, undo)
    whole = message(lines(done, text_of(brief)), [head, *brief["blocks"]])
    # The brief alone may have used up the message: then the report goes first.
    return message(done, [head]) if limits.problems(whole) else whole


# --- wrong facts ----------------------------------------------------------------------


def wrong_fact(do: Do, reply: Brief | Answer, shown: Sequence[Line]) -> list[Payload]:
    """Return the button “Wrong fact?” of a reply whose lines hold facts; none otherwise."""
    has_facts = any(line.fact for line in shown)
    return made(button("Wrong fact?", WRONG_FACT, carried(do, reply)) if has_facts else None)


def facts_message(facts: Sequence[Line], *, tz: str = "UTC", most: int = FACTS) -> Payload:
    """List the facts of a reply, each with the menu that marks it wrong."""
    head = say("Which fact is wrong? Use the menu next to it to say what is wrong.")
    shown, hidden = facts[:most], len(facts[most:])
    rows = [section(_fact_text(line, tz), _menu(line.fact or "")) for line in shown]
    more = say(f"{capital(count(hidden, 'more fact'))}: ask a narrower question to see them.")
    small = [more, say(FACTS_PRINT)] if hidden else [say(FACTS_PRINT)]
    payload = message(head, [section(head), *rows, context(small)])
    if limits.problems(payload) and most > 1:
        return facts_message(facts, tz=tz, most=most - 1)
    return payload


def _fact_text(line: Line, tz: str) -> Text:
    """Return a fact in words, with its day and status, and the sentence it was read from."""
    line = without_long_link(line)
    actor = named(line.actor or UNNAMED)
    act = joined(" ", (actor, bold(named(line.act)), named(line.target)))
    standing = [italic(named(words)) for words in marks(line)]
    words = excerpt(line.snippet.quote, _FACT_WORDS, keep=line.snippet.key_spans)
    fact = joined(" · ", [event_day(line), act, *standing])
    text = lines(fact, say(quoted(words), " — ", attribution(line.snippet, tz)))
    # A source too long for a paragraph cannot be trimmed, so its quote goes with it.
    return text if len(text) < limits.SECTION_TEXT else cut(fact, limits.SECTION_TEXT)


def _menu(fact: str) -> Payload:
    options = [option(words, f"{fault}:{fact}") for fault, words in FAULTS.items()]
    return {"type": "overflow", "action_id": FAULT, "options": options}


def picked(value: str) -> tuple[Fault, str] | None:
    """Parse an option of the menu: the fault and the fact's id; None for an unknown option."""
    chosen, _, fact = value.partition(":")
    fault = next((one for one in get_args(Fault) if one == chosen), None)
    return (fault, fact) if fault and fact else None


def marked_wrong(said: str, seq: int | None) -> Payload:
    """Report that a fact is marked wrong, with an Undo button."""
    done = fitted(said, 1000, spoken)
    undo = button("Undo", UNDO, {"n": seq}) if seq is not None else None
    return message(done, [section(done, undo)])


# --- thumbs and comments -----------------------------------------------------------------


COMMENT = "comment"
"""The action that opens the form for a comment; the form and its input have this name, too."""

MOST_COMMENT = 1000
"""The most characters of a comment."""

_ASKED_SHOWN = 1000
"""Characters of the question shown above the form."""

SIGN: dict[Verdict, str] = {"up": "👍", "down": "👎"}


def thumbs(do: Do, reply: Brief | Answer) -> list[Payload]:
    """Return 👍 and 👎 for the reader of a reply; none if they would carry too much."""
    again = carried(do, reply)
    shown = (("👍", GOOD, "This helped me"), ("👎", BAD, "This did not help me"))
    return [
        one | {"accessibility_label": said}
        for sign, action, said in shown
        if (one := button(sign, action, again)) is not None
    ]


def thanks(verdict: Verdict, before: Verdict | None, reply: str) -> Payload:
    """Confirm the verdict, and which one it replaces; offer a comment."""
    if before is None:
        said = "Thank you. The person who runs Dragoman can read your feedback."
    elif before == verdict:
        said = "You have already said so."
    else:
        said = f"This replaces your {SIGN[before]}."
    text = say(f"{SIGN[verdict]} {said}")
    more = button("Add a comment", COMMENT, {"reply": reply})
    return message(text, [section(text), *row(more)])


def comment_form(of: str, verdict: Verdict, comment: str, kept: Mapping[str, Any]) -> Payload:
    """Make the modal for a comment on the reply to ``of``; ``kept`` comes back with it."""
    typed = "\n".join(map(clean, comment.splitlines())) if one_line(comment) else ""
    asked = "What helped you?" if verdict == "up" else "What was wrong, or missing?"
    hint = "The person who runs Dragoman can read it, with your question and your name."
    blocks = [
        section(say(f"{SIGN[verdict]} ", fitted(of, _ASKED_SHOWN))),
        text_line(COMMENT, asked, typed, hint, multiline=True, most=MOST_COMMENT),
    ]
    return modal(COMMENT, "Your comment", "Send", blocks, kept)
