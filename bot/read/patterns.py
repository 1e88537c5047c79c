"""What acts look like: patterns over the shape of a sentence, by event class.

The classes follow PLOVER (https://github.com/openeventdata/PLOVER); the patterns are ours.
A pattern is tried only where one of its trigger words stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.models import EventClass, Status
from bot.read.lexicon import (
    ACCUSING,
    ADVERBS,
    ANY,
    ATTACKING,
    AUXILIARIES,
    BLOW,
    BLOWS_WORDS,
    DEAL,
    DEALS_WORDS,
    DET,
    FILL,
    GAP,
    GOING,
    LEAVING,
    REQUESTING,
    SHIFTING,
    SPEAKING,
    STOP,
    TALKS,
    TALKS_WORDS,
    THING,
    O,
    S,
    forms,
    verb,
)  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """One way to tell an act. ``both``: the act is both sides' and told once.

    ``status`` overrides what the words between subject and verb would say. ``nominal``
    patterns have no verb of their own, so their surroundings are checked for plans.
    """

    name: str
    act: str
    event_class: EventClass
    triggers: frozenset[str]
    expression: str
    both: bool = False
    nominal: bool = False
    status: Status | None = None

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when first met: all of them together take a fifth of a second."""
        return re.compile(self.expression)


def _pattern(
    name: str,
    event_class: EventClass,
    triggers: list[str] | str,
    expression: str,
    *,
    both: bool = False,
    nominal: bool = False,
    status: Status | None = None,
) -> Pattern:
    words = triggers.split() if isinstance(triggers, str) else triggers
    return Pattern(
        name, _ACT[name], event_class, frozenset(words), expression, both, nominal, status
    )


# The act that each pattern tells, as a reader sees it.
_ACT = {
    "meet": "meet", "meet together": "meet", "say during a meeting": "meet",
    "hold talks with": "hold talks", "hold talks": "hold talks", "talks between": "hold talks",
    "speak with": "speak", "receive": "receive",
    "visit": "visit", "visit to": "visit", "visit by": "visit", "plans for a visit": "visit",
    "urge to": "urge", "call on": "call on", "extend an invitation": "invite",
    "call for ties with": "call for ties", "stress the need for ties": "call for ties",
    "demand from": "demand", "demand that": "demand",
    "accuse": "accuse", "accuse several": "accuse", "condemn an act of": "accuse",
    "which it accuses": "accuse", "be accused by": "accuse",
    "sign with": "agree", "sign together": "agree", "agree with": "agree",
    "agree together": "agree",
    "leave": "leave", "leave for": "move", "move to": "move", "move its own to": "move", "with it moving to": "move",
    "move of": "move", "host": "host", "having hosted": "host",
    "attack": "attack", "kill in": "attack", "kill": "kill", "launch strikes": "attack",
    "strikes on": "attack", "attack by": "attack", "be attacked by": "attack",
}  # fmt: skip


PATTERNS: tuple[Pattern, ...] = (
    # CONSULT: meetings, talks, visits, calls
    _pattern("meet", EventClass.CONSULT, forms("meet:met"),
        rf"{S}{GAP} {verb('meet:met')}(?: separately| again| privately| up| face to face)?"
        rf"(?: with)?{DET} {O}", both=True),
    _pattern("meet together", EventClass.CONSULT, forms("meet:met"),
        rf"{S}{GAP} {verb('meet:met')}(?= (?:in|at|on|for|to|\.|,|again|face) )", both=True),
    _pattern("hold talks with", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb('hold:held', 'have:had', 'begin:began', 'start', 'resume', 'conduct', 'open', 'conclude')}"
        rf"{FILL}{{0,4}} {TALKS}{FILL}{{0,4}} (?:with|between){DET} {O}", both=True),
    _pattern("hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb('hold:held', 'begin:began', 'start', 'resume', 'conduct', 'conclude')}"
        rf"{FILL}{{0,4}} {TALKS}(?! (?:with|between))", both=True),
    _pattern("speak with", EventClass.CONSULT, forms("speak:spoke/spoken", "confer:conferred"),
        rf"{S}{GAP} {verb('speak:spoke/spoken', 'confer:conferred')}"
        rf"(?: by (?:tele)?phone| on the phone)? (?:with|to){DET} {O}", both=True),
    _pattern("say during a meeting", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb(*SPEAKING)} [^.;]{{0,140}}? (?:during|in|at|after|following)"
        rf"(?: a| an| the| his| her| their| its){FILL}{{0,3}} {TALKS} with{DET} {O}",
        both=True, status=Status.HAPPENED),
    _pattern("talks between", EventClass.CONSULT, TALKS_WORDS,
        rf"{TALKS}{FILL}{{0,2}} between{DET} <[npa](?P<s>\d+)>(?! [a-z]+ing )", both=True, nominal=True),
    _pattern("visit", EventClass.CONSULT, forms("visit:visited"),
        rf"{S}{GAP} {verb('visit:visited')}(?: the)? {O}"),
    _pattern("visit to", EventClass.CONSULT, "visit visits trip",
        rf"<d(?P<s>\d+)>{FILL}{{0,3}} (?:visit|trip) to(?: the)? <p(?P<o>\d+)>", nominal=True),
    _pattern("visit by", EventClass.CONSULT, "visit",
        rf"visit (?:to(?: the)? <p(?P<o>\d+)> )?by{DET} <p(?P<s>\d+)>(?: to(?: the)? <p(?P<w>\d+)>)?",
        nominal=True),
    _pattern("plans for a visit", EventClass.CONSULT, "visit",
        r"plans? for(?: the| a| an)? <[dp](?P<s>\d+)>(?: 's)?(?: upcoming| planned)? (?:to )?visit"
        r"(?: to)?(?: <[np](?P<o>\d+)>)?",
        nominal=True, status=Status.PLANNED),
    _pattern("receive", EventClass.CONSULT, forms("receive", "welcome"),
        rf"{S}{GAP} {verb('receive', 'welcome')}{DET} <n(?P<o>\d+)>(?= (?:in|at|on|for|,|\.) )",
        both=True),
    # REQUEST: asking, urging, inviting
    _pattern("urge to", EventClass.REQUEST, forms(*REQUESTING, "invite"),
        rf"{S}{GAP} {verb(*REQUESTING, 'invite')}{DET} {O}(?= (?:to|for|that|not|over|and|,|\.) )"),
    _pattern("call on", EventClass.REQUEST, "call calls called calling appeal appeals appealed",
        rf"{S}{GAP} {verb('call', 'appeal')} (?:on|upon|to)(?: the)? {O}"),
    _pattern("call for ties with", EventClass.REQUEST, "call calls called calling",
        rf"{S}{GAP} {verb('call')} for{FILL}{{0,6}} (?:with|from|by){DET} {O}"),
    _pattern("stress the need for ties", EventClass.REQUEST, "need",
        rf"{S}{GAP} {verb('emphasize', 'emphasise', 'stress', 'underline')} the need"
        rf"(?: for| to){ANY}{{0,10}} (?:relations|ties|cooperation|links|partnership) with(?: the)? {O}"),
    _pattern("demand from", EventClass.REQUEST, forms("demand"),
        rf"{S}{GAP} {verb('demand')}{FILL}{{0,6}} from(?: the)? {O}"),
    _pattern("demand that", EventClass.REQUEST, forms("demand"),
        rf"{S}{GAP} {verb('demand')} that(?: the)? {O}"),
    _pattern("extend an invitation", EventClass.REQUEST, "invitation invitations",
        rf"{S}{GAP} (?:[a-z]+ [^.;]{{0,120}}? and )?{verb('extend', 'issue', 'send:sent')}"
        rf"{FILL}{{0,3}} invitation (?:for|to){DET} {O}(?: to (?:visit|come to)(?: the)? <[np](?P<w>\d+)>)?"),
    # ACCUSE: blame, criticism, condemnation
    _pattern("accuse", EventClass.ACCUSE, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{DET} {O}(?! (?:and|or) <)"),
    _pattern("accuse several", EventClass.ACCUSE, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{DET} {O}(?= (?:and|or) <)"),
    _pattern("condemn an act of", EventClass.ACCUSE, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{FILL}{{0,3}} <[da](?P<o>\d+)>{FILL}{{0,3}} (?:{BLOW}|actions?|moves?|decision|plans?|policy|policies)"),
    _pattern("which it accuses", EventClass.ACCUSE, forms(*ACCUSING),
        rf"<[np](?P<o>\d+)>(?: ,)? (?:which|whom) {S}(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))*) {verb(*ACCUSING)}",
        status=Status.ONGOING),
    _pattern("be accused by", EventClass.ACCUSE, forms(*ACCUSING),
        rf"<n(?P<o>\d+)>(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*) {verb(*ACCUSING)} by{DET} <p(?P<s>\d+)>"),
    # AGREE: agreements reached or signed
    _pattern("sign with", EventClass.AGREE, DEALS_WORDS,
        rf"{S}{GAP} {verb('sign', 'reach', 'ink', 'conclude', 'strike:struck', 'finalize', 'finalise', 'agree', 'make:made')}"
        rf"(?: (?:on|to))?{FILL}{{0,7}} {DEAL}{FILL}{{0,5}} with{DET} {O}", both=True),
    _pattern("sign together", EventClass.AGREE, DEALS_WORDS,
        rf"{S}{GAP} {verb('sign', 'reach', 'ink', 'conclude', 'strike:struck', 'finalize', 'finalise')}"
        rf"{FILL}{{0,7}} {DEAL}(?![^.;]{{0,60}} with )", both=True),
    _pattern("agree with", EventClass.AGREE, forms("agree"),
        rf"{S}{GAP} {verb('agree')} with(?: the)? {O}(?= (?:to|on|that) )", both=True),
    _pattern("agree together", EventClass.AGREE, forms("agree"),
        rf"{S}{GAP} {verb('agree')}(?= (?:to|on|that|in) )", both=True),
    # MOVE: leave, arrive, relocate, host
    _pattern("leave", EventClass.MOVE, forms(*LEAVING),
        rf"{S}{GAP} {verb(*LEAVING)}(?: from)?(?: the)? <[np](?P<w>\d+)>(?: (?:for|to)(?: the)? <[np](?P<o>\d+)>)?"),
    _pattern("leave for", EventClass.MOVE, forms("leave:left", "depart", "head"),
        rf"{S}{GAP} {verb('leave:left', 'depart', 'head')} for(?: the)? {O}"),
    _pattern("move to", EventClass.MOVE, forms(*GOING),
        rf"{S}{GAP} {verb(*GOING)}(?: back)?(?: from(?: the)? <[np](?P<w>\d+)>)? (?:to|in|into)(?: the)? {O}"),
    _pattern("move its own to", EventClass.MOVE, forms(*SHIFTING),
        rf"{S}{GAP} {verb(*SHIFTING)} (?:its|their|his|her){FILL}{{0,3}}(?: from(?: the)? <[np](?P<w>\d+)>)? to(?: the)? {O}"),
    _pattern("with it moving to", EventClass.MOVE, "relocating moving shifting transferring leaving",
        r"(?:with|after|of|following) <p(?P<s>\d+)> (?P<v>relocating|moving|shifting|transferring)"
        rf"{FILL}{{0,4}} to(?: the)? <[np](?P<o>\d+)>", status=Status.HAPPENED),
    _pattern("move of", EventClass.MOVE, "relocation move shift departure transfer exodus return",
        r"(?:relocation|move|shift|departure|transfer|exodus|return) of(?: the)? <p(?P<s>\d+)>"
        r"(?: from(?: the)? <p(?P<w>\d+)>)? to(?: the)? <[np](?P<o>\d+)>", nominal=True),
    _pattern("host", EventClass.MOVE, forms("host"),
        rf"{S}(?P<g>(?:(?: (?:{ADVERBS}|{AUXILIARIES}))*| has a(?: long)? (?:track record|history|record) of)) {verb('host')}"
        rf"(?: [a-z]+){{0,3}}?(?: such as| including| like)?(?: the)? {O}"),
    _pattern("having hosted", EventClass.MOVE, "hosted",
        rf"{S} (?:is|are|was|were|has|have) [^,;<]{{1,60}} , having (?P<v>hosted)"
        rf"(?: [a-z]+){{0,3}}?(?: such as| including| like)?(?: the)? {O}", status=Status.HAPPENED),
    # ASSAULT: attacks, strikes, killings
    _pattern("attack", EventClass.ASSAULT, forms(*ATTACKING),
        rf"{S}{GAP} {verb(*ATTACKING)}(?!(?: [a-z-]+){{0,4}} {DEAL} )(?: (?!(?:{STOP}|in|at) )[a-z0-9'-]+){{0,3}}? {THING}"),
    _pattern("kill in", EventClass.ASSAULT, forms("kill"),
        rf"{S}{GAP} {verb('kill')}{FILL}{{1,6}} (?:in|across)(?: the)?(?: [a-z]+){{0,2}} <p(?P<o>\d+)>"),
    _pattern("kill", EventClass.ASSAULT, forms("kill", "assassinate"),
        rf"{S}{GAP} {verb('kill', 'assassinate')}{FILL}{{0,2}} <[na](?P<o>\d+)>"),
    _pattern("launch strikes", EventClass.ASSAULT, BLOWS_WORDS,
        rf"{S}{GAP} {verb('launch', 'conduct', 'carry:carried', 'fire', 'unleash', 'drop:dropped')}(?: out)?"
        rf"{ANY}{{0,6}} {BLOW}{ANY}{{0,3}} (?:on|at|against|into|towards?|in|across|targeting)"
        rf"(?: [a-z]+){{0,3}}? {THING}"),
    _pattern("strikes on", EventClass.ASSAULT, BLOWS_WORDS,
        rf"<d(?P<s>\d+)>(?: (?!(?:{STOP}) )[a-z-]+){{0,2}} {BLOW}{FILL}{{0,3}}? (?:on|against|targeting|in|hits?|struck|across)"
        rf"(?: (?!(?:{STOP}|retaliation|response) )[a-z-]+){{0,3}}? {THING}", nominal=True),
    _pattern("attack by", EventClass.ASSAULT, BLOWS_WORDS,
        rf"{BLOW}(?: on(?: the)? <[pa](?P<o>\d+)>)? by{DET} <p(?P<s>\d+)>"
        rf"(?: on(?: the)? <[pa](?P<w>\d+)>)?", nominal=True),
    _pattern("be attacked by", EventClass.ASSAULT, [*forms(*ATTACKING), "killed", "assassinated"],
        rf"<[na](?P<o>\d+)>(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*)"
        rf" {verb(*ATTACKING, 'kill')}{FILL}{{0,4}} (?:by|in){DET}(?: [a-z]+){{0,2}} <[pdna](?P<s>\d+)>"),
)  # fmt: skip

BY_TRIGGER: dict[str, tuple[Pattern, ...]] = {}
for _one in PATTERNS:
    for _word in _one.triggers:
        BY_TRIGGER[_word] = (*BY_TRIGGER.get(_word, ()), _one)
