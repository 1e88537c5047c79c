"""Parliaments, courts and parties named without their state: *Congress*, *the Supreme Court*.

Many states have one. It is that of the state which the article names by far the most among
those, and nobody's where it names none of them; where a region's own is near (*the Iowa
Senate*), nobody's. *Republicans* and *Democrats* are those of the United States.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.match.actors import ActorIndex
from bot.models import AliasKind, Field_, Mention
from bot.read.proper import AMERICAN_STATES
from bot.read.short import overlap
from bot.text.english import is_common


def _of(text: str) -> dict[str, str | None]:
    """Read ``usa=org:x gbr``: the actor by its state's code, None where the lists have none."""
    pairs = (part.partition("=") for part in text.split())
    return {iso3.upper(): actor or None for iso3, _, actor in pairs}


_COURTS = _of("""
    usa=org:supreme-court-of-the-united-states gbr=org:supreme-court-of-the-united-kingdom
    ind=org:supreme-court-of-india isr=org:supreme-court-of-israel can=org:supreme-court-of-canada
    pak=org:supreme-court-of-pakistan jpn=org:supreme-court-of-japan
    kor=org:supreme-court-of-south-korea rus=org:supreme-court-of-russia
    esp=org:supreme-court-of-spain nld=org:supreme-court-of-the-netherlands
    bra=org:supreme-federal-court ven=org:supreme-tribunal-of-justice
    ken uga zmb zwe gha nga phl
    lka bgd npl mdv mex arg col per chl pol hun rou ukr irl nor swe fin dnk fji
""")  # fmt: skip
_CONGRESSES = _of("""
    usa=org:united-states-congress ind=org:indian-national-congress esp=org:congress-of-deputies
    bra=org:national-congress-of-brazil mex per col chl arg bol ecu pry ury gtm hnd phl ven cub
    chn prk vnm
""")
_SENATES = _of("""
    usa=org:united-states-senate fra=org:french-senate ita=org:italian-senate
    phl=org:philippine-senate aus can mex bra arg chl col ury pry bol nga ken zaf pak pol rou cze
    bel nld esp irl kaz hti tha khm
""")
_HOUSES = _of(
    "usa=org:united-states-house-of-representatives jpn aus phl nld nga col bel lby nzl mar egy"
)

_BODIES = {
    "Congress": _CONGRESSES,
    "Senate": _SENATES,
    "House of Representatives": _HOUSES,
    "Supreme Court": _COURTS,
}
_PARTIES = {
    "Republicans": _of("usa=org:republican-party"),
    "Democrats": _of("usa=org:democratic-party-of-the-united-states"),
}
_NATIONAL = frozenset({"Congress", *_PARTIES})
"""What no region has of its own."""

_NAMED = re.compile(rf"(?<![\w-])(?:{'|'.join((*_BODIES, *_PARTIES))})(?![\w-])(?! \()")
_REGIONAL = re.compile(
    rf"(?:{AMERICAN_STATES})(?:'s|’s)?\ (?:[Ss]tate\ )?(?:Senate|Supreme\ Court|House|Legislature|"
    r"General\ Assembly)\b|\b[Ss]tate(?:'s|’s)?\ (?:Senate|Supreme\ Court|House|[Ll]egislature)",
    re.VERBOSE,
)
_BEFORE = re.compile(r"(?P<word>[^\W\d_][\w’'.-]*) \Z")
_CAPITAL = re.compile(r" [A-Z]")
_FIRST_OF_SENTENCE = re.compile(r"(?:\A|[.!?:]['\"”’)]*\s+|\n\s*)[“\"‘'(]*\Z")
_BESIDE_PARTY = frozenset({"House", "Senate", "Congressional", "American", "US", "U.S."})
_OFTENER = 2
"""How many times as often an article must name a state as any other that has such a body."""
_REACH = 40


def houses(
    fields: Sequence[tuple[Field_, str]], mentions: Sequence[Mention], index: ActorIndex
) -> list[Mention]:
    """Find the bodies and parties that only the article's state tells; ``mentions`` are all
    that were found in it."""
    places = [(field, words, list(_NAMED.finditer(words))) for field, words in fields]
    if not mentions or not any(found for _, _, found in places):
        return []
    named = Counter(iso3 for m in mentions if (iso3 := index.iso3(m.actor)) is not None)
    words_found = {match[0] for _, _, matches in places for match in matches}
    regional = not words_found <= _NATIONAL and any(_REGIONAL.search(text) for _, text in fields)
    found: list[Mention] = []
    for field, words, matches in places:
        overlaps = overlap([(m.start, m.end) for m in mentions if m.field == field])
        for match in matches:
            if overlaps(*match.span()) or not _alone(words, match):
                continue
            party = match[0] in _PARTIES
            actor = _whose(match[0], named, regional=regional)
            if actor is not None and index.get(actor) is not None:
                kind = AliasKind.DEMONYM if party else AliasKind.NAME
                found.append(_mention(field, match, actor, kind))
    return found


def _mention(field: Field_, match: re.Match[str], actor: str, kind: AliasKind) -> Mention:
    start, end = match.span()
    return Mention(field=field, start=start, end=end, actor=actor, alias=match[0], kind=kind)


def _whose(word: str, named: Counter[str], *, regional: bool) -> str | None:
    """Return the body of the state that is named by far the most of those that have one."""
    if word in _PARTIES:
        ours, actor = named["USA"], _PARTIES[word]["USA"]
        others = max((n for iso3, n in named.items() if iso3 != "USA"), default=0)
        return actor if ours and others < _OFTENER * ours else None
    if regional and word not in _NATIONAL:
        return None
    having = _BODIES[word]
    ranked = Counter({iso3: n for iso3, n in named.items() if iso3 in having}).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < _OFTENER * ranked[1][1]):
        return None
    return having[ranked[0][0]]


def _alone(words: str, match: re.Match[str]) -> bool:
    """Whether no capitalised word beside it makes another name: *Indian National Congress*."""
    start, end = match.span()
    if _CAPITAL.match(words, end):
        return False
    before = _BEFORE.search(words, max(0, start - _REACH), start)
    if before is None or not before["word"][0].isupper():
        return True
    word = before["word"]
    if match[0] in _PARTIES and word in _BESIDE_PARTY:
        return True
    return is_common(word.lower()) and (
        _FIRST_OF_SENTENCE.search(words, 0, before.start()) is not None
    )
