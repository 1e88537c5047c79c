"""Find where an article names actors, and whether a name stands for its whole actor.

*The Ruritan administration* is the state that Ruritan heads, not he; *the House GOP* is not the
party; and *a White House spokeswoman* is not the holder of that office.

The context decides if a capital is its government (*Tehran said*) or a place. Parliaments, courts
and parties named without their state belong to the state that the article names by far the most
among those that have one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.match.actors import ActorIndex
from bot.match.trie import Hit, Named, Trie
from bot.models import AliasKind, Field_, Mention
from bot.read.proper_names import (
    AMERICAN_STATES,
    american_georgia,
    held,
    mention_of,
    overlap,
    part_of_other_name,
    state_titles,
    surnames,
    titles,
    without_namesakes,
    without_relatives,
)
from bot.read.runs import word_set
from bot.text.english import is_common

_GEORGIA = "state:geo"


@dataclass(frozen=True, slots=True)
class _Found:
    field: Field_
    hit: Hit


def find_mentions(
    title: str, text: str, index: ActorIndex, published: date | None = None
) -> list[Mention]:
    """Find where ``title`` and ``text`` name actors of ``index``.

    Spans are code points into the title or the text. Sorted by field (title first) and start;
    without overlap. ``published`` decides between namesakes, by who held an office then.
    """
    fields: tuple[tuple[Field_, str], ...] = (("title", title), ("text", text))
    trie = index.trie
    found = [
        _Found(field, hit) for field, words in fields if words for hit in _own_names(words, trie)
    ]
    if not found:
        return []
    if any(_GEORGIA in one.hit.actors for one in found) and american_georgia(f"{title}\n{text}"):
        found = [one for one in found if one.hit.actors != (_GEORGIA,)]
    named = _named_in_full(found)
    mentions = [
        mention_of(one.field, one.hit.start, one.hit.end, chosen)
        for one in found
        if (chosen := _choose(one.hit, named, index, published)) is not None
    ]
    taken: dict[Field_, list[tuple[int, int]]] = {"title": [], "text": []}
    for one in found:
        taken[one.field].append((one.hit.start, one.hit.end))
    mentions = without_relatives(fields, mentions, index)
    mentions += surnames(fields, mentions, taken, index)
    mentions = without_relatives(fields, mentions, index)
    mentions = without_namesakes(fields, mentions)
    mentions += houses(fields, mentions, index)
    return [
        mention
        for field, words in fields
        for mention in _in_place(field, words, mentions, index, published)
    ]


def _in_place(
    field: Field_,
    text: str,
    mentions: Sequence[Mention],
    index: ActorIndex,
    published: date | None,
) -> list[Mention]:
    """Return one field's mentions in order, with the offices that depend on context."""
    here = sorted((m for m in mentions if m.field == field), key=lambda m: m.start)
    here = state_titles(text, placed(text, here), index)
    here = [held(text, m, index, published) for m in here]
    if field == "text":
        here += titles(text, here, index, published)
        here.sort(key=lambda m: m.start)
    return here


def _own_names(text: str, trie: Trie) -> Iterator[Hit]:
    """Yield the hits that stand for their actor; for *former Qatari Prime Minister* and *vice
    president of Iran*, the state."""
    for hit in trie.scan(text):
        if not part_of_other_name(text, hit, trie.begins):
            yield hit
        elif hit.named[0].kind is AliasKind.OFFICE:
            # Its first word, then the others: the state is at one end or the other.
            middle = hit.start + len(text[hit.start : hit.end].split()[0])
            for start, end in ((hit.start, middle), (middle, hit.end)):
                for inner in trie.scan(text[start:end]):
                    yield replace(inner, start=inner.start + start, end=inner.end + start)


def _named_in_full(found: Iterable[_Found]) -> set[str]:
    """Return the actors that the article names by an unambiguous alias."""
    return {
        one.hit.named[0].actor
        for one in found
        if len(one.hit.actors) == 1 and one.hit.named[0].kind is not AliasKind.SURNAME
    }


def _choose(hit: Hit, named: set[str], index: ActorIndex, published: date | None) -> Named | None:
    """Return the actor of a hit: the only one, or the only one that the article supports."""
    actors = hit.actors
    if len(actors) == 1:
        return hit.named[0]
    likely = [actor for actor in actors if actor in named]
    if not likely:
        likely = [a for a in actors if a.startswith("person:") and index.offices(a, published)]
    if len(likely) != 1:
        return None
    return next(one for one in hit.named if one.actor == likely[0])


_GOVERNMENT = re.compile(r"(?:’s|'s)? (?:administration|government|White House)\b(?!-)")
_IN_A_HOUSE = re.compile(r"(?<![\w’'-])(?:House|Senate) \Z")
_ONE_OF_SOME = re.compile(r"(?<![\w’'-])(?:[Aa]n?|[Aa]nother|[Oo]ne) \Z")
_SPEAKS = re.compile(r" spokes\w+\Z")
_REACH = 12


def in_scope(
    fields: Mapping[Field_, str], mentions: Sequence[Mention], index: ActorIndex, on: date | None
) -> list[Mention]:
    """Return the mentions used to read facts, each with the actor that it stands for on the day."""
    found: list[Mention] = []
    last: tuple[Field_, int] | None = None
    for one in mentions:
        if last is not None and last[0] == one.field and one.start < last[1]:
            continue  # "White House" in "the Ruritan White House"
        for whole in _whole(fields[one.field], one, index, on):
            found.append(whole)
            last = (whole.field, whole.end)
    return found


def _whole(text: str, one: Mention, index: ActorIndex, on: date | None) -> Iterator[Mention]:
    before = text[max(0, one.start - _REACH) : one.start]
    if one.alias == "GOP" and _IN_A_HOUSE.search(before):
        return
    if one.actor.startswith("person:") and (after := _GOVERNMENT.match(text, one.end)):
        iso3 = index.iso3(one.actor, on)
        yield _as(text, one, f"state:{iso3.lower()}", after.end()) if iso3 else one
        return
    speaks = _SPEAKS.search(text, one.start, one.end) if one.actor.startswith("office:") else None
    state = index.iso3(one.actor, on) if speaks and _ONE_OF_SOME.search(before) else None
    yield _as(text, one, f"state:{state.lower()}", speaks.start()) if speaks and state else one


def _as(text: str, one: Mention, actor: str, end: int) -> Mention:
    return one.model_copy(
        update={
            "actor": actor,
            "end": end,
            "alias": text[one.start : end],
            "kind": AliasKind.METONYM,
        }
    )


_BEFORE = re.compile(r"([\w-]+)[ \u00a0]\Z")
_AFTER = re.compile(r"[ \u00a0]([\w’'-]+)")
_OWN = re.compile(r"(?:'s|’s|['’])[ \u00a0](?:[\w-]+[ \u00a0])??([\w-]+)")
_AND = re.compile(r",|,? (?:and|or|&) ")
_SIDED = re.compile(
    r"-(?:backed|led|controlled|friendly|appointed|installed|aligned|sponsored|imposed|funded"
    r"|allied|supported|brokered|supplied|occupied)\b"
)
_STATE = re.compile(r", [A-Z]")

# Before a capital: the government as partner, as object or as agent.
_WITH = word_set("""
    with between against by upon than urge urged urges urging accuse accused accuses accusing
    pressure pressured warn warned warns warning blame blamed blames told tell tells ask asked asks
    asking condemn condemned supports supported isolate punish sanctioned sanction threatened press
    pressed pushed allow allowed force forced aid aiding help helping arming arm deter deterring
    appease provoke provoking antagonize criticized criticised criticizing embarrass persuade
    convince that while but because if although whereas both as
""")
# Of these, the last are only conjunctions: a subject follows if a verb follows it.
_JOINING = word_set("that while but because if although whereas both as")

# After a capital as subject: actions and descriptions of governments.
_DOES = word_set("""
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
_OF_A_PLACE = word_set("""
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
        acts = mention.kind is AliasKind.CAPITAL and _is_government(text, mention, found)
        found.append(mention.model_copy(update={"kind": AliasKind.METONYM}) if acts else mention)
    return found


def _is_government(text: str, mention: Mention, before: Sequence[Mention]) -> bool:
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
    word = _BEFORE.search(text, max(0, start - _BODY_REACH), start)
    low = word[1].lower() if word is not None else ""
    if low in _WITH and low not in _JOINING:
        return True
    subject = low in _JOINING or _opens(text, start) or low == "and"
    return subject and after is not None and after[1].lower() in _DOES


def _opens(text: str, at: int) -> bool:
    """Whether a clause begins at ``at``."""
    before = text[max(0, at - 2) : at].rstrip(" \u00a0")
    return not before or before[-1] in ".!?:;,\n\"“”‘'—–("


def _by_state(text: str) -> dict[str, str | None]:
    """Parse ``usa=org:x gbr``: actors by the code of their state, None if not in the lists."""
    pairs = (part.partition("=") for part in text.split())
    return {iso3.upper(): actor or None for iso3, _, actor in pairs}


_COURTS = _by_state("""
    usa=org:supreme-court-of-the-united-states gbr=org:supreme-court-of-the-united-kingdom
    ind=org:supreme-court-of-india isr=org:supreme-court-of-israel can=org:supreme-court-of-canada
    pak=org:supreme-court-of-pakistan jpn=org:supreme-court-of-japan
    kor=org:supreme-court-of-south-korea rus=org:supreme-court-of-russia
    esp=org:supreme-court-of-spain nld=org:supreme-court-of-the-netherlands
    bra=org:supreme-federal-court ven=org:supreme-tribunal-of-justice
    ken uga zmb zwe gha nga phl
    lka bgd npl mdv mex arg col per chl pol hun rou ukr irl nor swe fin dnk fji
""")  # fmt: skip
_CONGRESSES = _by_state("""
    usa=org:united-states-congress ind=org:indian-national-congress esp=org:congress-of-deputies
    bra=org:national-congress-of-brazil mex per col chl arg bol ecu pry ury gtm hnd phl ven cub
    chn prk vnm
""")
_SENATES = _by_state("""
    usa=org:united-states-senate fra=org:french-senate ita=org:italian-senate
    phl=org:philippine-senate aus can mex bra arg chl col ury pry bol nga ken zaf pak pol rou cze
    bel nld esp irl kaz hti tha khm
""")
_HOUSES = _by_state(
    "usa=org:united-states-house-of-representatives jpn aus phl nld nga col bel lby nzl mar egy"
)

_BODIES = {
    "Congress": _CONGRESSES,
    "Senate": _SENATES,
    "House of Representatives": _HOUSES,
    "Supreme Court": _COURTS,
}
_PARTIES = {
    "Republicans": _by_state("usa=org:republican-party"),
    "Democrats": _by_state("usa=org:democratic-party-of-the-united-states"),
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
_BODY_REACH = 40


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
            if overlaps(*match.span()) or not _is_alone(words, match):
                continue
            party = match[0] in _PARTIES
            actor = _body_of(match[0], named, regional=regional)
            if actor is not None and index.get(actor) is not None:
                kind = AliasKind.DEMONYM if party else AliasKind.NAME
                found.append(_body_mention(field, match, actor, kind))
    return found


def _body_mention(field: Field_, match: re.Match[str], actor: str, kind: AliasKind) -> Mention:
    start, end = match.span()
    return Mention(field=field, start=start, end=end, actor=actor, alias=match[0], kind=kind)


def _body_of(word: str, named: Counter[str], *, regional: bool) -> str | None:
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


def _is_alone(words: str, match: re.Match[str]) -> bool:
    """Whether no adjacent capitalised word makes another name: *Indian National Congress*."""
    start, end = match.span()
    if _CAPITAL.match(words, end):
        return False
    before = _WORD_BEFORE.search(words, max(0, start - _BODY_REACH), start)
    if before is None or not before["word"][0].isupper():
        return True
    word = before["word"]
    if match[0] in _PARTIES and word in _BESIDE_PARTY:
        return True
    return is_common(word.lower()) and (
        _FIRST_OF_SENTENCE.search(words, 0, before.start()) is not None
    )
