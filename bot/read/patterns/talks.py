"""Meetings, visits, requests and agreements: what actors do with words."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (
    ANY,
    DEAL,
    DEALS_WORDS,
    DET,
    FILL,
    GAP,
    REQUESTING,
    SPEAKING,
    TALKS,
    TALKS_WORDS,
    O,
    S,
    forms,
    verb,
)  # fmt: skip
from bot.read.patterns.pattern import pattern

PATTERNS = (
    # CONSULT: meetings, talks, visits, calls
    pattern("meet", "meet", EventClass.CONSULT, forms("meet:met"),
        rf"{S}{GAP} {verb('meet:met')}(?: separately| again| privately| up| face to face)?"
        rf"(?: with)?{DET} {O}", both=True),
    pattern("meet together", "meet", EventClass.CONSULT, forms("meet:met"),
        rf"{S}{GAP} {verb('meet:met')}(?= (?:in|at|on|for|to|\.|,|again|face) )", both=True),
    pattern("hold talks with", "hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb('hold:held', 'have:had', 'begin:began', 'start', 'resume', 'conduct', 'open', 'conclude')}"
        rf"{FILL}{{0,4}} {TALKS}{FILL}{{0,4}} (?:with|between){DET} {O}", both=True),
    pattern("hold talks", "hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb('hold:held', 'begin:began', 'start', 'resume', 'conduct', 'conclude')}"
        rf"{FILL}{{0,4}} {TALKS}(?! (?:with|between))", both=True),
    pattern("speak with", "speak", EventClass.CONSULT, forms("speak:spoke/spoken", "confer:conferred"),
        rf"{S}{GAP} {verb('speak:spoke/spoken', 'confer:conferred')}"
        rf"(?: by (?:tele)?phone| on the phone)? (?:with|to){DET} {O}", both=True),
    pattern("say during a meeting", "meet", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb(*SPEAKING)} [^.;]{{0,140}}? (?:during|in|at|after|following)"
        rf"(?: a| an| the| his| her| their| its){FILL}{{0,3}} {TALKS} with{DET} {O}",
        both=True, status=Status.HAPPENED),
    pattern("talks between", "hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{TALKS}{FILL}{{0,2}} between{DET} <[npa](?P<s>\d+)>(?! [a-z]+ing )", both=True, nominal=True),
    pattern("visit", "visit", EventClass.CONSULT, forms("visit:visited"),
        rf"{S}{GAP} {verb('visit:visited')}(?: the)? {O}"),
    pattern("visit to", "visit", EventClass.CONSULT, "visit visits trip",
        rf"<d(?P<s>\d+)>{FILL}{{0,3}} (?:visit|trip) to(?: the)? <p(?P<o>\d+)>", nominal=True),
    pattern("visit by", "visit", EventClass.CONSULT, "visit",
        rf"visit (?:to(?: the)? <p(?P<o>\d+)> )?by{DET} <p(?P<s>\d+)>(?: to(?: the)? <p(?P<w>\d+)>)?",
        nominal=True, alone=True),
    pattern("plans for a visit", "visit", EventClass.CONSULT, "visit",
        r"plans? for(?: the| a| an)? <[dp](?P<s>\d+)>(?: 's)?(?: upcoming| planned)? (?:to )?visit"
        r"(?: to)?(?: <[np](?P<o>\d+)>)?",
        nominal=True, status=Status.PLANNED, alone=True),
    pattern("receive", "receive", EventClass.CONSULT, forms("receive", "welcome"),
        rf"{S}{GAP} {verb('receive', 'welcome')}{DET} <n(?P<o>\d+)>(?= (?:in|at|on|for|,|\.) )",
        both=True),
    # REQUEST: asking, urging, inviting
    pattern("urge to", "urge", EventClass.REQUEST, forms(*REQUESTING, "invite"),
        rf"{S}{GAP} {verb(*REQUESTING, 'invite')}{DET} {O}(?= (?:to|for|that|not|over|and|,|\.) )"),
    pattern("call on", "call on", EventClass.REQUEST, "call calls called calling appeal appeals appealed",
        rf"{S}{GAP} {verb('call', 'appeal')} (?:on|upon|to)(?: the)? {O}"),
    pattern("call for ties with", "call for ties", EventClass.REQUEST, "call calls called calling",
        rf"{S}{GAP} {verb('call')} for{FILL}{{0,6}} (?:with|from|by){DET} {O}"),
    pattern("stress the need for ties", "call for ties", EventClass.REQUEST, "need",
        rf"{S}{GAP} {verb('emphasize', 'emphasise', 'stress', 'underline')} the need"
        rf"(?: for| to){ANY}{{0,10}} (?:relations|ties|cooperation|links|partnership) with(?: the)? {O}"),
    pattern("demand from", "demand", EventClass.REQUEST, forms("demand"),
        rf"{S}{GAP} {verb('demand')}{FILL}{{0,6}} from(?: the)? {O}"),
    pattern("demand that", "demand", EventClass.REQUEST, forms("demand"),
        rf"{S}{GAP} {verb('demand')} that(?: the)? {O}"),
    pattern("extend an invitation", "invite", EventClass.REQUEST, "invitation invitations",
        rf"{S}{GAP} (?:[a-z]+ [^.;]{{0,120}}? and )?{verb('extend', 'issue', 'send:sent')}"
        rf"{FILL}{{0,3}} invitation (?:for|to){DET} {O}(?: to (?:visit|come to)(?: the)? <[np](?P<w>\d+)>)?"),
    # AGREE: agreements reached or signed
    pattern("sign with", "agree", EventClass.AGREE, DEALS_WORDS,
        rf"{S}{GAP} {verb('sign', 'reach', 'ink', 'conclude', 'strike:struck', 'finalize', 'finalise', 'agree', 'make:made')}"
        rf"(?: (?:on|to))?{FILL}{{0,7}} {DEAL}{FILL}{{0,5}} with{DET} {O}", both=True),
    pattern("sign together", "agree", EventClass.AGREE, DEALS_WORDS,
        rf"{S}{GAP} {verb('sign', 'reach', 'ink', 'conclude', 'strike:struck', 'finalize', 'finalise')}"
        rf"{FILL}{{0,7}} {DEAL}(?![^.;]{{0,60}} with )", both=True),
    pattern("agree with", "agree", EventClass.AGREE, forms("agree"),
        rf"{S}{GAP} {verb('agree')} with(?: the)? {O}(?= (?:to|on|that) )", both=True),
    pattern("agree together", "agree", EventClass.AGREE, forms("agree"),
        rf"{S}{GAP} {verb('agree')}(?= (?:to|on|that|in) )", both=True),
)  # fmt: skip
