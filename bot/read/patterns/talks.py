"""Meetings, visits, requests and agreements: what actors do with words."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (
    DEAL,
    DEALS_WORDS,
    DET,
    FILL,
    GAP,
    SPEAKING,
    TALKS,
    TALKS_WORDS,
    O,
    S,
    forms,
    verb,
)  # fmt: skip
from bot.read.patterns.frames import NP, does, makes, noun, suffers
from bot.read.patterns.pattern import pattern

_HOSTILE = (
    r"fight|veto|retaliate|respond|strike|attack|ban|sue|block|appeal|deport|impose|punish|crush|"
    r"destroy|continue|end|repeal|cut|slash|fire|kill|avenge|oppose|resist|stop|never|challenge|"
    r"prosecute|investigate|jail|arrest|eliminate|dismantle|not|keep|win|run|be|use|never"
)

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
    does("meet", EventClass.CONSULT, "meet:met", needs=r"(?: privately| separately| again)? with(?! (?:success|criticism|resistance|skepticism|mixed|applause|backlash|opposition|him|her|them|it|me|us) )", target=""),
    does("speak", EventClass.CONSULT, "speak:spoke/spoken talk confer:conferred", persons=True,
        needs=r"(?: (?:by phone|on the phone|by telephone|directly|privately))? with(?! (?:reporters|the press|him|her|them|it|me|us) )", target=""),
    makes("hold talks", EventClass.CONSULT, "hold:held have:had host attend convene chair join begin:began resume",
        "talks negotiations summit meeting meetings", "with"),
    does("visit", EventClass.CONSULT, "visit tour", persons=True, target=""),
    does("negotiate", EventClass.CONSULT, "negotiate mediate broker", target=rf"(?: with{DET} <p(?P<o>\d+)>)?", needs=rf"(?= with | {NP}| between )"),
    noun("meet", EventClass.CONSULT, "meeting meetings talks summit negotiations call", "with"),
    noun("visit", EventClass.CONSULT, "trip visit", "to"),
    suffers("receive", EventClass.CONSULT, "host receive greet welcome"),
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
    does("agree", EventClass.AGREE, "agree", needs=r" (?:to|on)(?! disagree)", target=""),
    makes("agree", EventClass.AGREE, "sign:signed reach ink conclude strike:struck finalize finalise ratify approve accept", DEALS_WORDS.replace("contracts contract declaration", ""), "with|on"),
    does("promise", EventClass.AGREE, "promise pledge", needs=rf" to(?! (?:{_HOSTILE}) )(?= [a-z])", target=""),
    does("accept", EventClass.AGREE, "accept", needs=rf"(?={NP}{{0,4}} (?:proposal|offer|invitation|terms|deal|plan|agreement|nomination) )", target=""),
    pattern("deal between", "agree", EventClass.AGREE, DEALS_WORDS,
        rf"{DEAL}{FILL}{{0,3}} between{DET} <[npa](?P<s>\d+)>(?! [a-z]+ing )", both=True, nominal=True),
    noun("agree", EventClass.AGREE, DEALS_WORDS, "with", alone=False),
)  # fmt: skip
