"""Asking, urging, demanding and inviting."""

from __future__ import annotations

from bot.models import EventClass
from bot.read.lexicon import ANY, DET, FILL, GAP, NP, REQUESTING, O, S, forms, verb
from bot.read.patterns.frames import adding, does, noun, suffers
from bot.read.patterns.pattern import pattern

_SOMEBODY_TO = rf"(?=(?:{NP}|'s){{1,8}}? (?:to|not to|for|that) )"

_WARNED = (
    "be|have|get|prepare|brace|expect|beware|fear|worry|know|understand|remember|think|see|look|"
    "win|lose|feel"
)
"""What somebody should do who is warned, or of whom something is only held."""

PATTERNS = (
    # REQUEST: asking, urging, inviting
    pattern("urge to", "urge", EventClass.REQUEST, forms(*REQUESTING, "invite"),
        rf"{S}{GAP} {verb(*REQUESTING, 'invite', 'encourage', 'pressure')}{DET} {O}(?= (?:to|for|that|not|over|and|,|\.|on) )"),
    does("urge", EventClass.REQUEST, "urge implore beg:begged pressure petition lobby", intransitive=True, target="", needs=_SOMEBODY_TO),
    pattern("tell to", "urge", EventClass.REQUEST, "told tells",
        rf"{S}{GAP} (?P<v>told|tells){DET} {O}(?= (?:not )?to (?!(?:be|have|whom|what|which|that|the|a|an|his|her|its|their) )[a-z])"),
    does("urge", EventClass.REQUEST, "encourage", name="encourage", intransitive=True, target="", needs=rf"(?={DET}{NP}{{0,3}} (?:[a-z]+s|people|citizens|public|them|volunteers) to )"),
    does("ask", EventClass.REQUEST, "ask", intransitive=True, target="", needs=rf"(?=(?:{NP}|'s){{1,8}}? (?:to|not to|for) | for (?!forgiveness|it|me|a moment))"),
    does("request", EventClass.REQUEST, "request solicit", intransitive=True, needs=rf"(?={NP}|{DET} <[nda])", target=rf"(?:{DET} <n(?P<o>\d+)>(?= [a-z]+ )|{ANY}{{1,6}}? from{DET} <p(?P<op>\d+)>)?"),
    does("demand", EventClass.REQUEST, "demand", needs=rf"(?! (?:it|them) )(?={NP}|{DET} <[nda]| that )", target=rf"(?:(?: that)?{DET} <n(?P<o>\d+)>|{FILL}{{1,6}} (?:from|by){DET} <p(?P<op>\d+)>)?"),
    does("call for", EventClass.REQUEST, "call", needs=r" for(?! (?:comment|more information|details|help|backup) )",
        target=rf"(?:{DET} <[np](?P<o>\d+)> to |(?= [a-z]))"),
    pattern("call on", "call on", EventClass.REQUEST, "call calls called calling appeal appeals appealed",
        rf"{S}{GAP} (?P<v>calls?(?= (?:on|upon) )|call(?:ed|ing)(?= (?:on|upon) )|appeal(?:ed|ing)(?= to )) (?:on|upon|to)(?! the (?:date|way|phone|show|air) ){DET}(?: {O}|(?={NP}))", alone=True),
    pattern("call for ties with", "call for ties", EventClass.REQUEST, "call calls called calling",
        rf"{S}{GAP} {verb('call')} for{FILL}{{0,6}} with{DET} {O}"),
    pattern("call for it from", "call for", EventClass.REQUEST, "call calls called calling",
        rf"{S}{GAP} {verb('call')} for{FILL}{{0,6}} (?:from|by){DET} {O}"),
    pattern("stress the need for ties", "call for ties", EventClass.REQUEST, "need",
        rf"{S}{GAP} {verb('emphasize', 'emphasise', 'stress', 'underline')} the need"
        rf"(?: for| to){ANY}{{0,10}} (?:relations|ties|cooperation|links|partnership) with(?: the)? {O}"),
    pattern("extend an invitation", "invite", EventClass.REQUEST, "invitation invitations",
        rf"{S}{GAP} (?:[a-z]+ [^.;]{{0,120}}? and )?{verb('extend', 'issue', 'send:sent')}"
        rf"{FILL}{{0,3}} invitation (?:for|to){DET} {O}(?: to (?:visit|come to)(?: the)? <[np](?P<w>\d+)>)?"),
    pattern("say must", "demand", EventClass.REQUEST, "must should",
        rf"{S}{GAP} (?P<v>said|says|insisted|insists|stressed)(?: that)?{DET} <n(?P<o>\d+)>(?:{FILL}{{0,2}}| and(?: the| its| their)?(?: [a-z]+){{1,2}}(?: in <p\d+>)?) (?:must|should)(?! (?:[“\"‘'] )?(?:(?:not|also|now) )?(?:{_WARNED}) )"),
    pattern("demand from", "demand", EventClass.REQUEST, "demand demands",
        rf"{S}{GAP} {verb('reiterate', 'repeat', 'issue', 'renew', 'make:made')}(?: (?:a|an|its|his|her|their))?{NP}{{0,2}} demands?{FILL}{{0,3}} (?:that|on|for){DET} <[np](?P<o>\d+)>"),
    does("invite", EventClass.REQUEST, "invite", intransitive=True, target="", needs=rf"(?={NP}{{1,8}}? to )"),
    does("seek", EventClass.REQUEST, "seek:sought", intransitive=True, needs=rf"(?={FILL}{{0,5}} (?:help|support|assistance|aid|extradition|asylum|permission|approval|delay|meeting|information|documents|testimony|records) )",
        target=rf"(?:{FILL}{{1,6}} (?:from|of){DET} <p(?P<o>\d+)>)?"),
    noun("request", EventClass.REQUEST, "request appeal plea demand", "to|for", alone=False),
    adding("urge", EventClass.REQUEST, "urge ask press", needs=rf"(?:{_SOMEBODY_TO}|(?={DET} <n\d+> to ))"),
    adding("call on", EventClass.REQUEST, "call", needs=r" (?:on|upon|for)(?= )"),
    suffers("urge", EventClass.REQUEST, "urge ask request invite press pressure"),
)  # fmt: skip
