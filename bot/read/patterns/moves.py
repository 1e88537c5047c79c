"""Who leaves, arrives, relocates or hosts."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (  # fmt: skip
    ADVERBS,
    AUXILIARIES,
    FILL,
    GAP,
    GOING,
    LEAVING,
    NP,
    SHIFTING,
    O,
    S,
    forms,
    verb,
)
from bot.read.patterns.frames import does
from bot.read.patterns.pattern import pattern

PATTERNS = (
    # MOVE: leave, arrive, relocate, host
    pattern("leave", "leave", EventClass.MOVE, forms(*LEAVING),
        rf"{S}{GAP} {verb(*LEAVING)}(?: from)?(?: the)? <[np](?P<w>\d+)>(?: (?:for|to)(?: the)? <[np](?P<o>\d+)>)?", alone=True),
    pattern("leave for", "move", EventClass.MOVE, forms("leave:left", "depart", "head"),
        rf"{S}{GAP} {verb('leave:left', 'depart', 'head')} for(?: the)? {O}"),
    pattern("move to", "move", EventClass.MOVE, forms(*GOING),
        rf"{S}{GAP} {verb(*GOING)}(?: back)?(?: from(?: the)? <[np](?P<w>\d+)>)? (?:to|in|into)(?: the)? {O}"),
    pattern("move its own to", "move", EventClass.MOVE, forms(*SHIFTING),
        rf"{S}{GAP} {verb(*SHIFTING)} (?:its|their|his|her){FILL}{{0,3}}(?: from(?: the)? <[np](?P<w>\d+)>)? to(?: the)? {O}"),
    pattern("with it moving to", "move", EventClass.MOVE, "relocating moving shifting transferring leaving",
        r"(?:with|after|of|following) <p(?P<s>\d+)> (?P<v>relocating|moving|shifting|transferring)"
        rf"{FILL}{{0,4}} to(?: the)? <[np](?P<o>\d+)>", status=Status.HAPPENED),
    pattern("move of", "move", EventClass.MOVE, "relocation move shift departure transfer exodus return",
        r"(?:relocation|move|shift|departure|transfer|exodus|return) of(?: the)? <p(?P<s>\d+)>"
        r"(?: from(?: the)? <p(?P<w>\d+)>)? to(?: the)? <[np](?P<o>\d+)>", nominal=True),
    pattern("host", "host", EventClass.MOVE, forms("host"),
        rf"{S}(?P<g>(?:(?: (?:{ADVERBS}|{AUXILIARIES}))*| has a(?: long)? (?:track record|history|record) of)) {verb('host')}"
        rf"(?: [a-z]+){{0,3}}?(?: such as| including| like)?(?: the)? {O}", bodies=True),
    pattern("having hosted", "host", EventClass.MOVE, "hosted",
        rf"{S} (?:is|are|was|were|has|have) [^,;<]{{1,60}} , having (?P<v>hosted)"
        rf"(?: [a-z]+){{0,3}}?(?: such as| including| like)?(?: the)? {O}", status=Status.HAPPENED),
    does("travel", EventClass.MOVE, "travel:traveled/travelled fly:flew/flown head return", intransitive=True, persons=True, needs=r"(?: back| home)? to(?= (?!(?:the |his |her |their |its )?(?:work|court|power|office|campaign|form|normal|action|racing|politics|school|top|front|his|her|their|its|social|twitter|facebook|trail|stage|ballot|spotlight|theme|question|normalcy|air|fold|find|see|get|meet|watch|join|speak|attend|help|make|take|vote|give) )(?!the campaign)[a-z])", target=""),
    does("arrive", EventClass.MOVE, "arrive land", intransitive=True, persons=True, needs=r" (?:in|at)(?= (?!(?:(?:the|an?|this|that|his|her|their) (?:top|same|observation|conclusion|decision|agreement|deal|point|idea|answer|compromise|moment|time)|number|hot|trouble) )[a-z])", target=""),
    does("flee", EventClass.MOVE, "flee:fled", intransitive=True, needs=r"(?= (?:the country|to|from|into|abroad))", target=""),
    does("leave", EventClass.MOVE, "leave:left depart", intransitive=True, needs=r" (?:for(?! (?:good|him|her|dead))|the country|town)", target="", persons=True),
    does("host", EventClass.MOVE, "host", bodies=True, needs=rf"(?={NP}{{0,6}} (?:summit|talks|meeting|conference|forum|dinner|delegation|leaders|negotiations|ceremony|event|leader|president|minister|king|queen) )", target=""),
)  # fmt: skip
