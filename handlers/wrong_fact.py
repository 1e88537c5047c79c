"""“Wrong fact?”: the facts of a reply, each with a menu that marks it wrong for the workspace.

Like every correction a mark is made by any member, logged with who made it, and taken back by
its Undo button or ``dragoman actors undo``. Facts are shown and marked by whoever clicks, in the
place where they click: nobody can mark what they could not see there.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.models import Asker, Fault, Line, Request, SentReply
from handlers import clicks
from handlers.asking import Asked, Said, lines_of
from handlers.blocks import wrong as blocks
from handlers.blocks.notes import sentence
from handlers.blocks.reply import lines_shown
from handlers.crew import Crew

SURFACE = "wrong_fact"

GUESTS = "Corrections hold for everybody here, so guests cannot make them: ask a member."


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take in clicks on the button, and what is picked in the menu beside a fact."""
    click = clicks.listener(crew, SURFACE)

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        option = body["actions"][0].get("selected_option") or {}
        chosen = {"action_id": blocks.FAULT, "value": option.get("value") or ""}
        await click(ack, body | {"actions": [chosen]})

    app.action(blocks.WRONG_FACT)(click)
    app.action(blocks.FAULT)(pick)


async def answer(crew: Crew, request: Request) -> SentReply:
    """List the facts of a reply, or mark one wrong, and tell whoever clicked, alone."""
    click = request.payload
    # What is said here answers no question that may be asked on.
    asked = clicks.nothing_asked(click)
    if await crew.asking.is_guest(request.workspace, click["person"]):
        said = Said(sentence(GUESTS), "", crew.now())
    elif click["action"] == blocks.FAULT:
        said = await _marked(crew, request, asked)
    else:
        said = await _listed(crew, request)
    ts = await clicks.beside(crew, request, said)
    return crew.sent(request, asked, said, ts)


async def _listed(crew: Crew, request: Request) -> Said:
    """Work the reply out again, and offer its facts."""
    click = request.payload
    if (value := clicks.read(click)) is None:
        return clicks.outdated(crew.now())
    about = clicks.asked(click, value)

    def work(asker: Asker) -> Said:
        facts = _facts(crew, asker, about)
        if facts:
            return Said(blocks.facts_message(facts, tz=asker.tz), "", asker.now)
        words = "No fact was read in these lines: they are sentences quoted as they stand."
        return Said(sentence(words), "", asker.now)

    return await crew.asking.work(request, about, work)


def _facts(crew: Crew, asker: Asker, about: Asked) -> list[Line]:
    """The lines of a reply in which a fact was read, each fact once, those shown first."""
    desk = crew.asking.desk
    put = desk.brief if about.do == "brief" else desk.ask
    reply = put(asker, about.query, meant=about.meant)
    facts: dict[str, Line] = {}
    for line in (*lines_shown(reply), *lines_shown(reply, whole=True), *lines_of(reply)):
        if line.fact:
            facts.setdefault(line.fact, line)
    return list(facts.values())


async def _marked(crew: Crew, request: Request, asked: Asked) -> Said:
    picked = blocks.picked(request.payload["value"])
    if picked is None:
        return clicks.outdated(crew.now())
    fault, fact = picked
    return await crew.asking.work(request, asked, lambda asker: _mark(crew, asker, fault, fact))


def _mark(crew: Crew, asker: Asker, fault: Fault, fact: str) -> Said:
    done = crew.asking.desk.care.mark_wrong(asker, fact, fault)
    payload = blocks.marked(done.said, done.change.seq if done.change else None)
    return Said(payload, "", asker.now)
