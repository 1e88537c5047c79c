"""Meetings, talks, calls and visits."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (  # fmt: skip
    DET,
    FILL,
    GAP,
    NP,
    SPEAKING,
    TALKS,
    TALKS_WORDS,
    O,
    S,
    forms,
    verb,
)
from bot.read.patterns.frames import NOT_PERFECT, does, makes, noun, suffers
from bot.read.patterns.pattern import pattern

_NEGOTIATED = (
    r"(?:deals?|agreements?|accords?|pacts?|treaty|treaties|truce|ceasefire|cease-fire|peace|"
    r"settlements?|compromise|package|release)"
)
"""What is brokered or negotiated: who negotiates a bend, or a changing world, talks to nobody."""

PATTERNS = (
    # CONSULT: meetings, talks, visits, calls
    pattern("meet", "meet", EventClass.CONSULT, forms("meet:met"),
        rf"{S}{GAP} {verb('meet:met')}(?: separately| again| privately| up| face to face)?"
        rf"(?: with)?{DET} {O}", both=True),
    pattern("meet together", "meet", EventClass.CONSULT, forms("meet:met"),
        rf"{S}{GAP} {verb('meet:met')}(?= (?:in|at|on|for|to|\.|,|again|face) )", both=True),
    pattern("hold talks with", "hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb('hold:held', 'have:had', 'begin:began', 'start', 'resume', 'conduct', 'open', 'conclude')}{NOT_PERFECT}"
        rf"{FILL}{{0,4}} {TALKS}{FILL}{{0,4}} (?:with|between){DET} {O}", both=True),
    pattern("hold talks", "hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb('hold:held', 'begin:began', 'start', 'resume', 'conduct', 'conclude')}"
        rf"{FILL}{{0,4}} {TALKS}(?! (?:with|between))", both=True),
    pattern("speak with", "speak", EventClass.CONSULT, forms("speak:spoke/spoken", "confer:conferred"),
        rf"{S}{GAP} {verb('speak:spoke/spoken', 'confer:conferred')}"
        rf"(?: by (?:tele)?phone| on the phone)? (?:with|to){DET} {O}", both=True),
    pattern("say during a meeting", "meet", EventClass.CONSULT, TALKS_WORDS,
        rf"{S}{GAP} {verb(*SPEAKING)} (?:(?! (?:will|would|could|may|might|who|which|whose) )[^.;]){{0,140}}? (?:during|in|at|after|following)"
        rf"(?: a| an| the| his| her| their| its){FILL}{{0,3}} {TALKS} with{DET} {O}",
        both=True, status=Status.HAPPENED),
    pattern("talks between", "hold talks", EventClass.CONSULT, TALKS_WORDS,
        rf"{TALKS}{FILL}{{0,2}} between{DET} <[npa](?P<s>\d+)>(?! [a-z]+ing )", both=True, nominal=True),
    pattern("visit", "visit", EventClass.CONSULT, forms("visit:visited"),
        rf"{S}{GAP} {verb('visit:visited')}(?: the)? {O}"),
    pattern("visit to", "visit", EventClass.CONSULT, "visit visits trip",
        rf"<d(?P<s>\d+)>{FILL}{{0,3}} (?:visit|trip) to(?: the)? <p(?P<o>\d+)>", nominal=True),
    pattern("visit by", "visit", EventClass.CONSULT, "visit",
        rf"visit (?:to(?: the)? <p(?P<o>\d+)> )?by{DET} <p(?P<s>\d+)>(?: to(?: the)? <p(?P<ow>\d+)>)?",
        nominal=True, alone=True),
    pattern("plans for a visit", "visit", EventClass.CONSULT, "visit",
        r"plans? for(?: the| a| an)? <[dp](?P<s>\d+)>(?: 's)?(?: upcoming| planned)? (?:to )?visit"
        r"(?: to)?(?: <[np](?P<o>\d+)>)?",
        nominal=True, status=Status.PLANNED, alone=True),
    pattern("receive", "receive", EventClass.CONSULT, forms("receive", "welcome", "host", "greet"),
        rf"{S}{GAP} {verb('receive', 'welcome', 'host', 'greet')}{DET} <n(?P<o>\d+)>(?= (?:in|at|on|for|,|\.) )",
        both=True),
    does("meet", EventClass.CONSULT, "meet:met", intransitive=True, needs=r"(?: privately| separately| again)? with(?! (?:success|criticism|resistance|skepticism|mixed|applause|backlash|opposition|him|her|them|it|me|us) )", target=""),
    does("speak", EventClass.CONSULT, "speak:spoke/spoken talk confer:conferred", intransitive=True, persons=True,
        needs=r"(?: (?:by phone|on the phone|by telephone|directly|privately))? with(?! (?:reporters|the press|him|her|them|it|me|us) )", target=""),
    makes("hold talks", EventClass.CONSULT, "hold:held have:had host convene chair begin:began resume",
        "talks negotiations summit meeting meetings", "with"),
    pattern("discuss together", "hold talks", EventClass.CONSULT, forms("discuss"), rf"{S}{GAP} {verb('discuss')}(?= )", both=True),
    pattern("discuss with", "hold talks", EventClass.CONSULT, forms("discuss"), rf"{S}{GAP} {verb('discuss')}{FILL}{{1,8}} with{DET} {O}", both=True),
    does("attend", EventClass.CONSULT, "attend join", needs=rf"(?={NP}{{0,6}} (?:summit|talks|meeting|conference|forum|g7|g20|session|assembly|negotiations|funeral|inauguration|ceremony) )", target=""),
    does("visit", EventClass.CONSULT, "visit tour", persons=True, target="",
        needs=rf"(?! (?:[a-z]+ )?[a-z]+s who (?:were|are|could|can|had|have|needed|need|wanted|want) )(?!{DET}{NP}{{0,3}}? (?:beach(?:es)?|museums?|parks?|zoo|malls?|stores?|shops?|restaurants?|hotels?|resorts?|casinos?|bars?|salon|website|page|library|son|daughter|mother|father|family|parents|grandparents|friends?|relatives|sister|brother) )"),
    does("receive", EventClass.CONSULT, "host greet", persons=True, target="",
        needs=rf"(?={NP}{{0,6}}? (?:leaders?|presidents?|ministers?|king|queen|delegations?|members?|families|officials|governors?|lawmakers|talkers|players|champions|soldiers|troops|veterans|survivors|crowds?|supporters|visitors|guests|activists|ambassadors?|executives|senators?) )"),
    does("negotiate", EventClass.CONSULT, "negotiate mediate broker", intransitive=True, target=rf"(?: with{DET} <p(?P<o>\d+)>)?",
        needs=rf"(?= with | between |{NP}{{0,4}} {_NEGOTIATED} )"),
    noun("meet", EventClass.CONSULT, "meeting meetings talks summit negotiations call", "with"),
    noun("visit", EventClass.CONSULT, "trip visit", "to"),
    suffers("receive", EventClass.CONSULT, "host receive greet welcome"),
)  # fmt: skip
