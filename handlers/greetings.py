"""What is said to us and asks for nothing: greetings, thanks, and how to ask."""

from __future__ import annotations

from handlers.blocks.layout import Payload
from handlers.blocks.notes import Do, sentence, usage

HELP = {
    "", "help", "hi", "hello", "hey", "hi there", "hello there", "good morning",
    "what can you do", "wat can u do", "what can i ask", "how does this work", "how do you work",
}  # fmt: skip
"""What asks how to ask, or greets: it names nobody, and nothing is looked for."""

THANKS = {"thanks", "thank you", "thx", "ty", "cheers", "ok", "okay", "great", "thanks a lot"}

WELCOME = "You are welcome. Ask on, or type help."


def small_talk(query: str, do: Do) -> Payload | None:
    """What to say where nothing was asked; None where something may have been.

    A brief on *thanks* is looked for; the command alone, and a greeting, show how to ask.
    """
    words = query.casefold().strip(" \n\t?!.,:)")
    if words in HELP:
        return usage()
    return sentence(WELCOME) if words in THANKS and do == "ask" else None
