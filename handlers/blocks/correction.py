"""A correction as a message: which line it is about, what became of it, and the words of it."""

from __future__ import annotations

from bot.answer.words import capital, count, published, source
from bot.models import Corrected, Correction, Line, Outgoing, Snippet, Status
from handlers.blocks import limits
from handlers.blocks.digest import instant
from handlers.blocks.layout import Payload, Row, context, message, section, statement
from handlers.blocks.mrkdwn import escape, excerpt, link, quote, trim
from handlers.blocks.words import NAME, attribution

_TOLD_WORDS = 12
"""Words of a line that tell which one it was."""

_QUOTE_WORDS = 25
_LONG_LINK = 700
"""Characters of an address beyond which a source goes without its link."""

_ACT = 200


def render(item: Outgoing) -> Payload:
    """Lay a correction of the outbox out."""
    return correction_message(Correction.model_validate(item.content))


def correction_message(correction: Correction) -> Payload:
    """Lay a correction out; lines that do not fit a message are counted, the last ones first."""
    for shown in range(len(correction.parts), 0, -1):
        payload = _built(correction, shown)
        if not limits.problems(payload):
            break
    return payload


def _built(correction: Correction, shown: int) -> Payload:
    said = (_said(part, correction.tz) for part in correction.parts[:shown])
    texts = [trim(text, limits.SECTION_TEXT) for text in said]
    blocks = [section(_asked(correction))] if correction.query else []
    blocks += [section(text) for text in texts]
    if more := correction.more + len(correction.parts) - shown:
        blocks.append(context([f"{capital(count(more, 'more line'))} changed as well: ask again."]))
    return message(_fallback(correction), blocks)


def _asked(correction: Correction) -> str:
    """When and where somebody asked what, for who is written to directly."""
    where = f" in <#{correction.asked_in}>" if correction.asked_in.startswith(("C", "G")) else ""
    when = instant(correction.asked_at, correction.tz)
    return f"On {when} you asked me {quote(trim(correction.query, NAME))}{where}. Since then:"


def _said(part: Corrected, tz: str) -> str:
    """What became of a line, in a sentence that says no more than its source does."""
    told = _told(part.told)
    after = f" — {attribution(_short(part.told), tz)}"
    if part.turn == "edited":
        gone = f"*Edited:* {told} stands no longer in its article{after}."
        return f"{gone}\nIt says now: {_quoted(part.line, tz)}" if part.line else gone
    if part.turn == "retracted":
        said = f"\nIts publisher says: {_quoted(part.line, tz)}" if part.line else ""
        return f"*Taken back* by its publisher: {told}{after}.{said}"
    if part.turn in ("removed", "distrusted"):
        what = escape(trim(part.act, _ACT)) or "A line that I told"
        why = (
            "its article was taken out"
            if part.turn == "removed"
            else "its source does not count here any more"
        )
        return f"*No longer counted:* {what}{after}. {capital(why)}."
    if part.turn == "done":
        return f"*Reported as done:* {_quoted(part.line, tz)}\nTold here as planned: {told}{after}"
    denies = f"{escape(trim(part.who, NAME))} denies it" if part.who else "Denied"
    return f"*{denies}:* {_quoted(part.line, tz)}\nTold here: {told}{after}"


def _told(snippet: Snippet) -> str:
    return quote(excerpt(snippet.quote, _TOLD_WORDS))


def _quoted(line: Line | None, tz: str) -> str:
    """A line's words and source; that it denies, or was planned, is said already."""
    if line is None:
        return ""
    short = line.model_copy(update={"snippet": _short(line.snippet), "claimant": None})
    return statement(Row("", short, implied=Status.DENIED, plain=True), tz, _QUOTE_WORDS)


def _short(snippet: Snippet) -> Snippet:
    """A snippet without a link that is too long for a message of many.

    A source whose name no message takes is cut: a correction is said in any case.
    """
    url = snippet.url if len(link(snippet.url, "")) <= _LONG_LINK else None
    names = {
        "publisher": snippet.publisher and trim(snippet.publisher, _ACT),
        "original_source": snippet.original_source and trim(snippet.original_source, _ACT),
    }
    return snippet.model_copy(update={"url": url, **names})


def _fallback(correction: Correction) -> str:
    """The text beside the blocks: what notifications show, beginning with what is new."""
    first = correction.parts[0]
    said = {
        "edited": "Edited since I told it: it stands no longer in its article",
        "retracted": "Taken back by its publisher: what I told",
        "removed": "No longer counted: what I told",
        "distrusted": "No longer counted: what I told",
        "done": "Reported as done",
        "denied": f"{escape(trim(first.who, NAME))} denies it" if first.who else "Denied",
    }[first.turn]
    shown = _short(first.line.snippet) if first.line else None
    if shown is not None and first.turn == "edited":
        said = "Edited since I told it; its article says now"
    if shown is not None:
        words = quote(excerpt(shown.quote, _QUOTE_WORDS))
        told_by = escape(f"{source(shown)}, {published(shown, correction.tz)}")
        said = f"{said}: {words} — {told_by}"
    others = len(correction.parts) - 1 + correction.more
    return f"{said}, and {count(others, 'other line')}" if others else said
