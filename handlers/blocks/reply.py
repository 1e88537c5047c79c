"""Any reply of the desk as a message."""

from __future__ import annotations

from bot.models import Answer, Brief, DidYouMean, Line, Nothing, Reply
from handlers.blocks import answer, brief, notes
from handlers.blocks.answer import answer_message
from handlers.blocks.brief import brief_message
from handlers.blocks.layout import Payload


def reply_message(reply: Reply, *, do: notes.Do, tz: str = "UTC", whole: bool = False) -> Payload:
    """Lay out a reply; ``do`` is what was asked, so that a choice asks the same again."""
    if isinstance(reply, Brief):
        return brief_message(reply, tz=tz, whole=whole)
    if isinstance(reply, Answer):
        return answer_message(reply, tz=tz, whole=whole)
    if isinstance(reply, DidYouMean):
        return notes.did_you_mean(reply, do=do)
    return notes.nothing(reply, do=do, tz=tz)


def lines_shown(reply: Reply, *, whole: bool = False) -> list[Line]:
    """The lines of a reply that are shown as what answers it, as far as there is room."""
    if isinstance(reply, Brief):
        return brief.lines_shown(reply, whole=whole)
    return answer.lines_shown(reply, whole=whole) if isinstance(reply, Answer) else []


def tells_anything(reply: Reply) -> bool:
    """Whether a reply holds a line, which others may want to see or its reader to keep."""
    return isinstance(reply, Brief | Answer) or (isinstance(reply, Nothing) and bool(reply.near))
