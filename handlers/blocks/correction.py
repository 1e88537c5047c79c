"""A correction as a message: which line it is about, what happened to it, and its words."""

from __future__ import annotations

import re
from datetime import date

from bot.answer.formatting import capital, count, day, excerpt, published, source
from bot.models import Corrected, Correction, Line, Outgoing, Snippet, Status
from handlers.blocks import limits
from handlers.blocks.digest import instant
from handlers.blocks.layout import (
    NAME,
    Payload,
    Row,
    attribution,
    context,
    fullest,
    message,
    section,
    statement,
)
from handlers.blocks.text import (
    NOTHING,
    Text,
    bold,
    channel,
    cut,
    lines,
    link,
    one_line,
    quote,
    quoted,
    say,
    text_of,
    trim,
)

_SHOWN_WORDS = 12
"""Words of a line that identify it."""

_QUOTE_WORDS = 25
_LONG_LINK = 700
"""Characters of an address beyond which a source has no link."""

_ACT = 200
_NOTE = "corrected"
"""The id of the block that marks a message as corrected."""

_NOTED = re.compile(r"^(?:Updated|Corrected) on [\w ,-]+: see (?:below|the thread)\.\n")


def render_correction(item: Outgoing) -> Payload:
    """Lay out a correction of the outbox."""
    return correction_message(Correction.model_validate(item.content))


def correction_message(correction: Correction) -> Payload:
    """Lay out a correction; lines that do not fit a message are counted, the last ones first."""
    return fullest(lambda shown: _built(correction, shown), len(correction.parts))


def _built(correction: Correction, shown: int) -> Payload:
    said = (_part(part, correction.tz) for part in correction.parts[:shown])
    texts = [cut(text, limits.SECTION_TEXT) for text in said]
    blocks = [section(_asked(correction))] if correction.query else []
    blocks += [section(text) for text in texts]
    if more := correction.more + len(correction.parts) - shown:
        blocks.append(
            context([say(f"{capital(count(more, 'more line'))} changed as well: ask again.")])
        )
    return message(_fallback(correction), blocks)


def _asked(correction: Correction) -> Text:
    """Return when, where and what somebody asked, for a direct message to them."""
    place = correction.asked_in
    where = say(" in ", channel(place)) if place.startswith(("C", "G")) else NOTHING
    when = instant(correction.asked_at, correction.tz)
    query = quote(trim(correction.query, NAME))
    return say(f"On {when} you asked me ", query, where, ". Since then:")


def _part(part: Corrected, tz: str) -> Text:
    """Report what happened to a line, in a sentence that claims no more than its source does."""
    shown = _shown_quote(part.shown)
    after = say(" — ", attribution(_short(part.shown), tz))
    if part.turn == "edited":
        gone = say(bold("Edited:"), " ", shown, " is no longer in its article", after, ".")
        now = "The article now begins" if part.opening else "The article now says"
        return lines(gone, say(f"{now}: ", _quoted(part.line, tz))) if part.line else gone
    if part.turn == "retracted":
        gone = say(bold("Retracted"), " by its publisher: ", shown, after, ".")
        said = say("Its publisher says: ", _quoted(part.line, tz)) if part.line else NOTHING
        return lines(gone, said)
    if part.turn in ("removed", "distrusted"):
        what = say(trim(part.act, _ACT)) or say("A line that I showed")
        why = (
            "its article was removed"
            if part.turn == "removed"
            else "its source is no longer trusted here"
        )
        return say(bold("No longer counted:"), " ", what, after, f". {capital(why)}.")
    if part.turn == "done":
        done = say(bold("Reported as done:"), " ", _quoted(part.line, tz))
        return lines(done, say("Shown here as planned: ", shown, after))
    denied = say(bold(say(_denies(part), ":")), " ", _quoted(part.line, tz))
    return lines(denied, say("Shown here: ", shown, after))


def _denies(part: Corrected) -> str:
    return f"{trim(part.who, NAME)} denies it" if part.who else "Denied"


def _shown_quote(snippet: Snippet) -> Text:
    return quoted(excerpt(snippet.quote, _SHOWN_WORDS, keep=snippet.key_spans))


def _quoted(line: Line | None, tz: str) -> Text:
    """Return a line's words and source; the text before already says if it denies or is planned."""
    if line is None:
        return NOTHING
    short = line.model_copy(update={"snippet": _short(line.snippet), "claimant": None})
    return statement(Row("", short, implied=Status.DENIED, plain=True), tz, _QUOTE_WORDS)


def _short(snippet: Snippet) -> Snippet:
    """Return a snippet without a link that is too long for a message of many.

    A source whose name fits no message is cut: a correction is sent in any case.
    """
    url = snippet.url if len(link(snippet.url, "…")) <= _LONG_LINK else None
    names = {
        "publisher": snippet.publisher and trim(snippet.publisher, _ACT),
        "original_source": snippet.original_source and trim(snippet.original_source, _ACT),
    }
    return snippet.model_copy(update={"url": url, **names})


def _fallback(correction: Correction) -> Text:
    """Return the text for notifications: what is corrected, and what is new."""
    first = correction.parts[0]
    shown = _short(first.line.snippet) if first.line else None
    now = NOTHING
    if shown is not None:
        words = quoted(excerpt(shown.quote, _QUOTE_WORDS, keep=shown.key_spans))
        now = say(words, f" — {source(shown)}, {published(shown, correction.tz)}")
    said = say("Update: " if first.turn == "done" else "Correction: ", _outcome(first, now))
    others = len(correction.parts) - 1 + correction.more
    return say(said, f", and {count(others, 'other line')}") if others else said


def _outcome(part: Corrected, now: Text) -> Text:
    """Report briefly what happened to a line; ``now`` is the quote for it, with its source."""
    act = say(one_line(trim(part.act, _ACT)))
    if part.turn in ("removed", "distrusted"):
        why = (
            "its article was removed"
            if part.turn == "removed"
            else "its source is no longer trusted"
        )
        return say(act or "a line that I showed", f" is no longer counted: {why}")
    what = act or _shown_quote(part.shown)
    if part.turn == "edited":
        begins = "begins" if part.opening else "says"
        gone = say(what, " is no longer in its article")
        return say(gone, f", which now {begins} ", now) if now else gone
    if part.turn == "retracted":
        return say(what, " was retracted by its publisher", say(": ", now) if now else "")
    if part.turn == "done":
        return say(what, " is reported as done: ", now)
    by = one_line(trim(part.who, NAME))
    return say(what, f" is denied{f' by {by}' if by else ''}: ", now)


def marked_corrected(correction: Correction, original: Payload, today: date) -> Payload | None:
    """Return the corrected message with a note above it that marks it as corrected.

    ``original`` is the message as Slack has it, ``today`` the reader's date. An existing note is
    replaced. None if Slack shows no blocks of the message, or it has no room for one more.
    """
    blocks = [one for one in original.get("blocks") or [] if one.get("block_id") != _NOTE]
    if not 0 < len(blocks) < limits.BLOCKS:
        return None
    done = all(part.turn == "done" for part in correction.parts)
    in_thread = original.get("thread_ts") not in (None, original.get("ts"))
    where = "below" if in_thread else "the thread"
    said = f"{'Updated' if done else 'Corrected'} on {day(today)}: see {where}."
    note = context([bold(said)]) | {"block_id": _NOTE}
    before = text_of(original, without=_NOTED)
    return message(cut(lines(said, before), limits.MESSAGE_TEXT_ADVISED), [note, *blocks])
