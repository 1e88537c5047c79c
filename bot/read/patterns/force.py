"""Attacks, strikes and killings."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (  # fmt: skip
    ADVERBS,
    ANY,
    ATTACKING,
    AUXILIARIES,
    BLOW,
    BLOWS_WORDS,
    DEAL,
    DET,
    FILL,
    GAP,
    NP,
    SOME,
    STOP,
    THEIRS,
    THING,
    S,
    forms,
    verb,
)
from bot.read.patterns.frames import ARMED, does, makes, noun, suffers, undergoes
from bot.read.patterns.pattern import pattern

_A = EventClass.ASSAULT
_OUTRIGHT = ("invade", "bomb", "shell", "bombard", "storm")
_BLOWS = tuple(verb for verb in ATTACKING if verb != "target")
"""To target can also be meant of tariffs, and of readers."""

_BODY = (
    "hospital hospitals school schools building buildings house houses home homes church mosque "
    "market camp camps town towns village villages city cities airport airports base bases port "
    "ports bridge bridges plant plants station stations ship ships tanker tankers convoy convoys "
    "vehicle vehicles positions targets facility facilities infrastructure depot depots "
    "headquarters civilians people soldiers troops militants fighters children journalists "
    "workers apartment apartments complex neighborhood neighbourhood embassy refinery shelter grid"
)
_PEOPLE = (
    "people civilians children soldiers troops militants fighters women journalists men residents "
    "protesters demonstrators members officers police workers refugees leader leaders commander "
    "commanders others dozens hundreds thousands palestinians israelis ukrainians americans"
)
_HAVOC = (
    "hit hits hitting struck strikes striking kill kills killed killing destroy destroys destroyed "
    "wound wounded injure injured damage damaged target targets targeted pound pounded rock rocked"
)


def _has(words: str, *, marks: bool = True) -> str:
    """Look ahead for a noun phrase with one of these words, or with an actor in it."""
    found = "|".join(words.split())
    return rf"(?={SOME}{NP}{{0,4}}? (?:(?:{found}) {'|<[ndav]' if marks else ''}))"


PATTERNS = (
    # whom or what it hits need not be an actor
    does("attack", _A, "attack bomb shell bombard invade storm ambush airstrike:airstriked", name="attack it", bodies=True),
    does("attack", _A, "strike:struck hit:hit target pound destroy damage", name="hit it", needs=_has(_BODY, marks=False), bodies=True),
    does("kill", _A, "kill massacre execute murder slaughter behead", name="kill some", needs=_has(_PEOPLE), bodies=True),
    does("wound", _A, "wound injure shoot:shot", needs=_has(_PEOPLE), bodies=True),
    does("beat", _A, "beat:beat/beaten", needs=r" up", target=rf"{NP}{{0,2}}? <[ndav](?P<o>\d+)>", bodies=True, alone=False),
    does("open fire", _A, "open", needs=" fire(?= )", target=r"(?: (?:on|at)(?: [a-z]+){0,2}? <[pdav](?P<o>\d+)>)?", bodies=True),
    does("torture", _A, "torture", bodies=True),
    makes("attack", _A, "launch mount begin:began/begun start stage wage continue resume intensify", "invasion offensive assault incursion bombardment war", "of|on|against|in|into", name="mount an offensive", bodies=True),
    does("occupy", _A, "annex occupy capture overrun:overran retake:retook/retaken", bodies=True,
        needs=r"(?= (?:<[ndav]|the (?:city|town|village|region|peninsula|capital|territory|area|port|airport|island)|parts of|[a-z]+ (?:village|town|city|region)s? ))"),
    pattern("be accused of an attack", "attack", _A, "attacking striking bombing shelling invading killing",
        rf"<n(?P<c>\d+)>{GAP} (?:accus(?:es?|ed|ing)|blam(?:es?|ed|ing)){DET} <n(?P<s>\d+)> (?:of|for)(?: [a-z]+ly)? "
        rf"(?:attacking|striking|bombing|shelling|invading|killing)(?= ){THEIRS}", alone=True, status=Status.HAPPENED),
    does("shoot down", _A, "shoot:shot", name="shoot down", needs=r" down", bodies=True),
    undergoes("attack", _A, "attack bomb shell hit:hit strike:struck destroy kill wound", bodies=True),
    suffers("occupy", _A, "annex occupy capture"),
    pattern("its blow hits", "attack", _A, _HAVOC,
        rf"<[da](?P<s>\d+)>{NP}{{0,2}}? {BLOW}(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))*) (?P<v>{'|'.join(_HAVOC.split())})(?! (?:by|back|out) ){THEIRS}", alone=True),
    noun("attack", _A, "invasion annexation bombardment shelling bombing siege assault", "of|on|against|in"),
    noun("make war", _A, "war", "on|against|in|with", status=Status.ONGOING),
    pattern("fighting between", "fight", _A, "fighting clashes battles",
        rf"(?:fighting|clashes|battles) between{DET} <[npda](?P<s>\d+)>", both=True, nominal=True),

    # ASSAULT: attacks, strikes, killings
    pattern("attack", "attack", EventClass.ASSAULT, forms(*_OUTRIGHT),
        rf"{S}{GAP} {verb(*_OUTRIGHT)}(?: (?!(?:{STOP}|in|at) )[a-z0-9'-]+){{0,3}}? {THING}"),
    pattern("hit", "attack", EventClass.ASSAULT, forms(*_BLOWS),
        rf"{S}{GAP} {verb(*_BLOWS)}(?!(?: [a-z-]+){{0,4}} {DEAL} )(?: (?!(?:{STOP}|in|at) )[a-z0-9'-]+){{0,3}}? {THING}", bodies=True),
    pattern("kill in", "attack", EventClass.ASSAULT, forms("kill"),
        rf"{S}{GAP} {verb('kill')}{FILL}{{1,6}} (?:in|across)(?: the)?(?: [a-z]+){{0,2}} <p(?P<w>\d+)>", alone=True),
    pattern("kill", "kill", EventClass.ASSAULT, forms("kill", "assassinate"),
        rf"{S}{GAP} {verb('kill', 'assassinate')}{FILL}{{0,2}} <[nav](?P<o>\d+)>"),
    pattern("launch strikes", "attack", EventClass.ASSAULT, BLOWS_WORDS,
        rf"{ARMED}{GAP} {verb('launch', 'conduct', 'carry:carried', 'fire', 'unleash', 'drop:dropped')}(?: out)?"
        rf"{ANY}{{0,6}} {BLOW}{ANY}{{0,3}} (?:(?:on|at|against|into|towards?|targeting)(?!(?: the)? (?:waters|sea|direction|skies|airspace) )"
        rf"{DET}{NP}{{0,3}}? {THING}|(?:in|across){DET}{NP}{{0,3}}? <p(?P<w>\d+)>)", alone=True),
    pattern("strikes on", "attack", EventClass.ASSAULT, BLOWS_WORDS,
        rf"<d(?P<s>\d+)>(?: (?!(?:{STOP}) )[a-z-]+){{0,2}} {BLOW}(?:(?! (?:has|have|had|is|are|was|were|be|being|arriv\w+|deployed|stationed|made|sold|produced|based) ){FILL}){{0,3}}? (?:(?:on|against|targeting|hits?|struck)"
        rf"(?: (?!(?:{STOP}|retaliation|response|in) )[a-z-]+){{0,3}}? {THING}|(?:in|across)(?: (?!(?:{STOP}|retaliation|response) )[a-z-]+){{0,3}}? <p(?P<w>\d+)>)", nominal=True, alone=True),
    pattern("attack by", "attack", EventClass.ASSAULT, BLOWS_WORDS,
        rf"{BLOW}(?: on(?: the)? <[pa](?P<o>\d+)>)? by{DET} <p(?P<s>\d+)>"
        rf"(?: on(?: the)? <[pa](?P<w>\d+)>)?", nominal=True),
    pattern("be attacked by", "attack", EventClass.ASSAULT, [*forms(*ATTACKING), "killed", "assassinated"],
        rf"<[nav](?P<o>\d+)>(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*)"
        rf" {verb(*ATTACKING, 'kill')}(?:{FILL}{{0,4}} by{DET}(?: (?!(?:from|in|of|at|near|with|for|to|on|and) )[a-z]+){{0,2}} <[pdna](?P<s>\d+)>|{FILL}{{0,4}} in{DET}(?: [a-z]+){{0,2}} <d(?P<sd>\d+)>{NP}{{0,2}} {BLOW})"),
)  # fmt: skip
