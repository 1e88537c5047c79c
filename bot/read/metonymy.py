"""Resolve capitals and institutions that stand for a government: *Tehran said*, *Congress*.

The context in the sentence decides if a capital is its government or a place. Parliaments, courts
and parties named without their state belong to the state that the article names by far the most
among those that have one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.match.actors import ActorIndex
from bot.models import AliasKind, Field_, Mention
from bot.read.proper_names import AMERICAN_STATES
from bot.read.short_names import overlap
from bot.text.english import is_common

_BEFORE = re.compile(r"([\w-]+)[ \u00a0]\Z")
_AFTER = re.compile(r"[ \u00a0]([\w’'-]+)")
_OWN = re.compile(r"(?:'s|’s|['’])[ \u00a0](?:[\w-]+[ \u00a0])??([\w-]+)")
_AND = re.compile(r",|,? (?:and|or|&) ")
_SIDED = re.compile(
    r"-(?:backed|led|controlled|friendly|appointed|installed|aligned|sponsored|imposed|funded"
    r"|allied|supported|brokered|supplied|occupied)\b"
)
_STATE = re.compile(r", [A-Z]")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a capital: the government as partner, as object or as agent.
_WITH = _set("""
    with between against by upon than urge urged urges urging accuse accused accuses accusing
    pressure pressured warn warned warns warning blame blamed blames told tell tells ask asked asks
    asking condemn condemned supports supported isolate punish sanctioned sanction threatened press
    pressed pushed allow allowed force forced aid aiding help helping arming arm deter deterring
    appease provoke provoking antagonize criticized criticised criticizing embarrass persuade
    convince that while but because if although whereas both as
""")
# Of these, the last are only conjunctions: a subject follows if a verb follows it.
_JOINING = _set("that while but because if although whereas both as")

# After a capital as subject: actions and descriptions of governments.
_DOES = _set("""
    said says say has have had will would may might could can cannot should must is was does did
    denies denied accused accuses wants wanted seeks sought announced announces warned warns agreed
    agrees rejected rejects refused refuses depends banned insisted insists fears feared hopes hoped
    views viewed considers considered expects expected called calls urged urges condemned condemns
    launched invaded claims claimed seemed seems believes believed responded reacted retaliated
    imposed imposes pledged vowed threatened threatens decided backs backed supports supported
    opposes opposed blames blamed hailed signed summoned expelled recognised recognized annexed
    maintains maintained plans planned hopes sees saw sent sends offered offers demanded demands
    describes described regards deployed tested fired appears appeared continues continued
""")

# Features of a place, as possessions or next to it.
_OF_A_PLACE = _set("""
    airport streets street residents suburb suburbs neighborhood neighbourhood hospital hospitals
    hotel hotels university mayor metro stadium zoo museum museums city police province region
    district skyline bureau time area marathon stock subway market markets school schools
    apartment embassy theatre theater theaters west east north south old central main largest
    biggest famous landmark population weather roads traffic underground bridge bridges river
    games olympics film festival fashion international
""")


def placed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Mark every capital in one field as the government or the place.

    ``mentions`` are the field's, in order; those of other kinds are returned unchanged.
    """
    found: list[Mention] = []
    for mention in mentions:
        acts = mention.kind is AliasKind.CAPITAL and _acts(text, mention, found)
        found.append(mention.model_copy(update={"kind": AliasKind.METONYM}) if acts else mention)
    return found


def _acts(text: str, mention: Mention, before: Sequence[Mention]) -> bool:
    start, end = mention.start, mention.end
    if _SIDED.match(text, end) or text[max(0, start - 5) : start].lower().endswith(
        ("pro-", "anti-")
    ):
        return True
    own = _OWN.match(text, end)
    if own is not None:
        return own[1].lower() not in _OF_A_PLACE and not own[1][0].isupper()
    after = _AFTER.match(text, end)
    if _STATE.match(text, end):
        return False
    if after is not None and (after[1].lower() in _OF_A_PLACE or after[1][0].isupper()):
        return False
    if before and before[-1].kind in (AliasKind.METONYM, AliasKind.CAPITAL):
        joined = _AND.fullmatch(text, before[-1].end, start)
        if joined is not None:  # "in Doha and Cairo": both are read alike
            return before[-1].kind is AliasKind.METONYM
    word = _BEFORE.search(text, max(0, start - _REACH), start)
    low = word[1].lower() if word is not None else ""
    if low in _WITH and low not in _JOINING:
        return True
    subject = low in _JOINING or _opens(text, start) or low == "and"
    return subject and after is not None and after[1].lower() in _DOES


def _opens(text: str, at: int) -> bool:
    """Whether a clause begins at ``at``."""
    before = text[max(0, at - 2) : at].rstrip(" \u00a0")
    return not before or before[-1] in ".!?:;,\n\"“”‘'—–("


def _of(text: str) -> dict[str, str | None]:
    """Parse ``usa=org:x gbr``: actors by the code of their state, None if not in the lists."""
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
"""Institutions that no region has."""

_NAMED = re.compile(rf"(?<![\w-])(?:{'|'.join((*_BODIES, *_PARTIES))})(?![\w-])(?! \()")
_REGIONAL = re.compile(
    rf"(?:{AMERICAN_STATES})(?:'s|’s)?\ (?:[Ss]tate\ )?(?:Senate|Supreme\ Court|House|Legislature|"
    r"General\ Assembly)\b|\b[Ss]tate(?:'s|’s)?\ (?:Senate|Supreme\ Court|House|[Ll]egislature)",
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"(?P<word>[^\W\d_][\w’'.-]*) \Z")
_CAPITAL = re.compile(r" [A-Z]")
_FIRST_OF_SENTENCE = re.compile(r"(?:\A|[.!?:]['\"”’)]*\s+|\n\s*)[“\"‘'(]*\Z")
_BESIDE_PARTY = frozenset({"House", "Senate", "Congressional", "American", "US", "U.S."})
_OFTENER = 2
"""How many times as often an article must name a state as any other that has such a body."""
_REACH = 40


def houses(
    fields: Sequence[tuple[Field_, str]], mentions: Sequence[Mention], index: ActorIndex
) -> list[Mention]:
    """Find bodies and parties that only the article's state identifies; ``mentions`` are all that
    were found in the article."""
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
    """Return the body of the state named by far the most among those that have one."""
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
    """Whether no adjacent capitalised word makes another name: *Indian National Congress*."""
    start, end = match.span()
    if _CAPITAL.match(words, end):
        return False
    before = _WORD_BEFORE.search(words, max(0, start - _REACH), start)
    if before is None or not before["word"][0].isupper():
        return True
    word = before["word"]
    if match[0] in _PARTIES and word in _BESIDE_PARTY:
        return True
    return is_common(word.lower()) and (
        _FIRST_OF_SENTENCE.search(words, 0, before.start()) is not None
    )
