"""The roles of an act: who does it, to whom, and where, so far as its class can mean that."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.models import EventClass
from bot.read.fits import FOR_PLACES, ON_PEOPLE, PLACES, SOMEWHERE, fits, is_person, is_place
from bot.read.lexicon import NP, VERBS
from bot.read.objects import TARGETS
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Phrase
from bot.read.shape import Shape

_WORD = re.compile(r"[a-z][a-z'-]*")
_SOURCES = ("s", "sd", "sp")
_WHERE = re.compile(
    r"[^.,;:<”]{0,50}?(?:<[nda]\d+>[^.,;:<”]{0,30}?)?"
    r" (?:in|at|near|outside|inside|across|around|off)(?: the| a| an)?"
    rf"{NP}{{0,3}}? <p(?P<w>\d+)>(?= (?:[^a-z<]|in|on|at|after|before|during|for|to|with|and|as|"
    r"by|when|where|over|while|that|since|from) )"
)
_ON_HIMSELF = frozenset(
    (EventClass.ASSAULT, EventClass.COERCE, EventClass.AID, EventClass.CONCEDE, EventClass.CONSULT)
)
"""What is done to somebody himself, and not to what or whom he has."""

_FIGURATIVE = re.compile(
    r"[^.,;<]{0,30} with[^.,;<]{0,40} (?:tariffs?|sanctions?|duties|fines?|lawsuits?|injunctions?|"
    r"charges|measures|penalt(?:y|ies)|bans?|bill|subpoenas?|questions|criticism|curbs|restrictions|levies|tax|taxes|fees?|"
    r"ads?) "
)
"""To be hit with tariffs is no blow."""
_IN_WORDS = re.compile(
    r"(?: (?:heart|panic|asthma|charm|media|publicity|pr|ad|advertising|diplomatic|peace|verbal|"
    r"personal|political|rhetorical|twitter|legal|hunger|rail|train|labor|labour|general|postal|"
    r"transit|teachers?'?|nurses'?|workers'?) "
    r"(?:attacks?|offensives?|blitz|assaults?|wars?|strikes?)"
    r"| attack (?:ads?|lines?|dogs?)| war of words| ad(?:s|vert|verts)?)(?= )"
    r"| from (?:the|its|a|his|her)(?: [a-z]+)? (?:list|record|register|agenda|rolls) "
)
_LEFT = frozenset("left went came met died fled was were is are had won lost said".split())
_WAR_ON = re.compile(r" war(?: on(?! <))? $")
_BEYOND = 24
_LEFT_SO = re.compile(
    r" (?:out|behind|off|alone|without|isolated|vulnerable|exposed|open|unable|hanging|stunned|"
    r"divided|reeling|facing|wondering|[a-z]+less|with (?:no|little|few|only)|"
    r"in (?:tatters|ruins|chaos|turmoil|limbo|crisis|the (?:dark|dust|cold|lurch))) "
)
"""What or how somebody is left, who has not gone from there."""
_STRUCK_DOWN = re.compile(r"str[iu]\w+ (?:down|out|up|back|off) ")
_ROLLED_OUT = re.compile(r"roll\w* (?:out|up|in|over) ")
_OTHER_CLAUSE = re.compile(
    r" (?:to|on(?! the sidelines)|about|over|against|who|which|that|whose|where|while|after|before|"
    r"when|because|although|though|if|unless|said|says|but|as|since|until|war|than|interest|trust|"
    r"confidence|involved|role|(?:would|will|could|can|may|might|is|are|was|were|has|have|had)"
    r"(?! (?:be |been |being |also )*(?:held|taking|take|taken|hosted) )) "
)


def roles_of(
    shaped: Shape, pattern: Pattern, match: Found
) -> tuple[Phrase, Phrase | None, Phrase | None] | None:
    """Return who does it, to whom, and where; None where the class cannot mean that."""
    groups, phrases = match.groups, shaped.phrases
    who, whom = (
        next((groups[name] for name in names if groups.get(name)), None)
        for names in (_SOURCES, TARGETS)
    )
    source = phrases[int(who or 0)]
    target = phrases[int(whom)] if whom else None
    somewhere = groups.get("w")
    where = phrases[int(somewhere)] if somewhere else None
    if _is_figure(pattern, match) or (whom and _is_anothers(match, target)):
        return None
    if target is not None and len(target.actors) > 1 and _verb_follows(shaped.line, match.end):
        # "Israel bombed Gaza and Lebanon condemned it": only the first is surely bombed.
        target = replace(target, actors=target.actors[:1])
    if pattern.event_class is EventClass.MOVE:
        if where is not None and not all(actor.startswith(PLACES) for actor in where.actors):
            # Leaving counts only where what is left is a place: "left Qatar", not "left Hamas".
            return None
        if target is None:
            target, where = where, None
    elif where is None and pattern.event_class in SOMEWHERE:
        where = _place(shaped, match.end, source, target)
    return _as_they_may(pattern, source, target, where)


def _as_they_may(
    pattern: Pattern, source: Phrase, target: Phrase | None, where: Phrase | None
) -> tuple[Phrase, Phrase | None, Phrase | None] | None:
    """Leave out whom such an act is not done to; None where it is none of these parties'."""
    if target is not None and target.letter == "v" and pattern.event_class not in ON_PEOPLE:
        if not pattern.alone:
            return None
        target = None
    if target is not None and _is_of_his(pattern, target):
        target = None
    if target is None and where is None and _is_in_words(pattern, source):
        return None
    if target is not None and pattern.act == "attack" and pattern.bodies and is_person(target):
        return None  # words, whether or not their target is told
    if target is not None and is_place(target) and pattern.event_class in FOR_PLACES:
        # Aid to Gaza is for nobody in particular, and goes there.
        acts = fits(replace(pattern, alone=True, both=False), source, None)
        somewhere_else = target if pattern.event_class is EventClass.AID else None
        return (source, None, somewhere_else) if acts else None
    if target is not None and pattern.alone and not fits(pattern, source, target):
        # "Threatened to ban voting in East Jerusalem": a place suffers no threat.
        target = None
    return (source, target, where) if fits(pattern, source, target) else None


def _is_in_words(pattern: Pattern, source: Phrase) -> bool:
    """Tell whether somebody's attack is most likely in words: "his attack on the judges"."""
    return pattern.nominal and pattern.event_class is EventClass.ASSAULT and is_person(source)


def _is_anothers(match: Found, target: Phrase | None) -> bool:
    """Tell whether a verb of another stands before whom the words lead to: "the man they
    arrested left Ruritania"."""
    if target is None or not match.verb:
        return False
    between = match.line[match.verb_end : match.end].rpartition(f"<{target.letter}")[0]
    return any(word in _LEFT for word in between.split())


def _is_of_his(pattern: Pattern, target: Phrase) -> bool:
    """Tell whether only somebody's things or people are named: "seized her phones"."""
    his = target.letter == "d" and is_person(target) and pattern.alone
    return his and pattern.event_class in _ON_HIMSELF


def _is_figure(pattern: Pattern, match: Found) -> bool:
    """Tell whether a blow is one in words or by law: "hit with tariffs", "struck down".

    Tariffs that are rolled out are the contrary of eased.
    """
    ahead = match.verb_ahead
    if pattern.event_class is EventClass.MOVE:
        return _LEFT_SO.match(match.line, match.end) is not None
    if pattern.event_class is not EventClass.ASSAULT:
        return _ROLLED_OUT.match(ahead) is not None
    if _WAR_ON.search(f"{match.line[match.start : match.end].rstrip()} "):
        return True
    if _IN_WORDS.search(match.line, match.start, min(len(match.line), match.end + _BEYOND)):
        return True
    return bool(_FIGURATIVE.match(match.line, match.end) or _STRUCK_DOWN.match(ahead))


def _place(shaped: Shape, at: int, source: Phrase, target: Phrase | None) -> Phrase | None:
    """Return where the act took place, if the rest of its clause tells."""
    found = _WHERE.match(shaped.line, at)
    if found is None or _OTHER_CLAUSE.search(found.group()):
        return None
    where = shaped.phrases[int(found["w"])]
    if len(where.actors) != 1 or not where.actors[0].startswith(PLACES):
        return None
    taken = {*source.actors, *(target.actors if target else ())}
    return None if taken & set(where.actors) else where


def _verb_follows(line: str, at: int) -> bool:
    word = _WORD.match(line, at + 1)
    return word is not None and word.group() in VERBS
