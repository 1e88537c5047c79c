"""Names in their context: parts of other names, surnames, and titles that stand for a person.

An actor's name may be part of another name: *Michael Jordan*, *Panama Papers*. The rules are
general: they look at the words beside the name and at their capitals. The tables list names that
are also personal names, and words that turn a name before or after them into something else.

A surname means the person whom the article introduced with it. *The president* means the person
named before with that title, or somebody known to hold such an office that day. If two have the
title, the one named in the same paragraph; if they still cannot be told apart, or an unknown person
has it, nobody. *Qatar's new prime minister* is the office, or its holder if the reference list is
reliable for that day: the start of the tenure is known, and either its end or a later day for which
the list is valid.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.match.actors import ActorIndex
from bot.match.trie import Hit, Named
from bot.models import Actor, ActorType, AliasKind, Field_, Mention
from bot.read.runs import word_set
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import FILLERS, HONORIFICS, normalise, strip_honorifics

# Names of states and capitals that are also first names or last names.
GIVEN = word_set("""
    jordan chad israel georgia india china kenya cuba ireland holland paris london victoria austin
    santiago sofia florence sydney lima havana asia america geneva milan
""")
FAMILY = word_set("""
    jordan chad israel georgia ireland holland england france paris london washington victoria
    austin santiago sydney kingston hamilton wellington lincoln wales scotland britain rome vienna
    brazil milan
""")

# Before a name, these make it a place other than the state: New Jersey, Port Sudan.
BEFORE = word_set("""
    new little lake fort port san santa saint st mount mt cape rio el los las air real atletico
    inter sporting dynamo copa
""")

# After a name, these make it something else: an airline, a newspaper, a contest, a place.
AFTER = word_set("""
    airlines airways papers delta tech university college open cup grand marathon derby times post
    herald tribune journal telegraph gazette street avenue road square ocean sea gulf valley
    peninsula bay beach county express fc idol championship championships masters prix
    heights pavilion city bulldogs institute
""")

# After a capital city, these make it a treaty.
AFTER_CAPITAL = word_set("""
    agreement agreements accord accords protocol convention conference declaration process summit
    communique club clubs treaty regulation
""")

# X of NAME is water or land, not the state.
_WATERS = word_set("gulf sea bay strait straits isthmus horn cape university voice")

# Before these, they make it another people or region.
_OTHERS = {
    "america": word_set("latin south north central feeding captain miss corporate"),
    "american": word_set("latin south north central african native asian pan"),
    "americans": word_set("latin south north central african native asian"),
    "indian": word_set("west east american"),
    "indians": word_set("west east american cleveland"),
    "irish": word_set("northern"),
    "ireland": word_set("northern"),
    "mongolia": word_set("inner"),
    "mongolian": word_set("inner"),
    "ossetia": word_set("south north"),
    "guinea": word_set("new papua equatorial"),
    "sudan": word_set("south"),
    "sudanese": word_set("south"),
    "korea": word_set("north south"),
    "korean": word_set("north south"),
    "timor": word_set("east west"),
    "australia": word_set("western south"),
    "jerusalem": word_set("east"),
}

# After these, they make it a state of the USA, or its schools.
_AFTER_THESE = {
    "washington": word_set("state wizards nationals redskins dulles"),
    "georgia": word_set("state"),
}

# The Prince of Wales is not a place.
_ROYAL = word_set("prince princess princes")

# Surnames that precede the given name: Xi Zhongxun is not Xi Jinping.
_FIRST = word_set("xi kim park moon lee yoon wang zhang li ho tran nguyen")

# Banks that belong to no state: Bank of America.
_BANK_OF = word_set("america")

# Towns in these are named after countries and capitals: Lebanon, Pennsylvania.
AMERICAN_STATES = r"""Alabama|Alaska|Arizona|Arkansas|Colorado|Connecticut|Delaware|Florida|Idaho
|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota
|Mississippi|Missouri|Montana|Nebraska|Nevada|New\ (?:Hampshire|Jersey|Mexico|York)|Ohio
|(?:North|South)\ (?:Carolina|Dakota)|Oklahoma|Oregon|Pennsylvania|Rhode\ Island|Tennessee|Texas
|Utah|Vermont|Virginia|West\ Virginia|Wisconsin|Wyoming|Pa\.|Tex\.|Ill\.|Ind\.|Mo\.|Ohio"""
"""The states of the USA, for a regular expression with re.VERBOSE."""
_IN_AMERICA = re.compile(rf",\ (?:{AMERICAN_STATES})(?!\w)", re.VERBOSE)

_GEORGIA_OF_AMERICA = re.compile(
    r"\b(?:Atlanta|Fulton County|Savannah|Augusta|Brian Kemp|Raffensperger|"
    r"Alabama|Tennessee|South Carolina|North Carolina|Florida|Georgia Tech|"
    r"University of Georgia|Georgia Bulldogs|U\.?S\.? state of Georgia)\b"
)
_GEORGIA = re.compile(
    r"\b(?:Tbilisi|Georgians?|Abkhazia|Ossetia|Saakashvili|Batumi|Caucasus|Kobakhidze|"
    r"Ivanishvili|Zourabichvili|Russian?|Armenia|Azerbaijan|Moldova|Ukraine)\b"
)

_OF_WORD = re.compile(r"(\w+) of (?:the )?\Z")
_NATIONAL_SOCIETY = re.compile(r"Red (?:Cross|Crescent)\b")
_OF_A_STATE = re.compile(
    r"\b(?:[A-Z][a-z]+(?:an|ese|ish|i)|French|German|Greek) Red (?:Cross|Crescent)\b"
)
_AFTER_WORD = re.compile(r"(?: |\u00a0)([^\W_][\w’'-]*\.?)")
# A vice president is not the president, and a former one holds no office.
_NOT_IN_OFFICE = re.compile(
    r"\b(?:vice|deputy|assistant|former|ex|late|ousted|exiled|then)[ -]\Z", re.IGNORECASE
)
_HYPHENED = re.compile(r"(\w+)-\Z")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:]['\"”’)]*\s+|\n\s*)[“\"‘'(]*\Z")
_TITLED_NAME = re.compile(r"\b(?:Rep|Sen|Gov|Mr|Mrs|Ms|Dr)\. [A-Z][a-z]+ \Z")
_GENERATION = re.compile(r",? (?P<suffix>Jr|Sr)\b")
_REACH = 40
_ABBREVIATION = 3

Begins = Callable[[str], bool]
"""Whether a word begins a name that the index knows."""


def part_of_other_name(text: str, hit: Hit, begins: Begins) -> bool:
    """Whether the words around ``hit`` make it another name."""
    kind = hit.named[0].kind
    if _NATIONAL_SOCIETY.match(text, hit.start) and _societies(text):
        return True
    if kind is AliasKind.OFFICE:
        return former(text, hit.start)
    if kind in (AliasKind.METONYM, AliasKind.ACRONYM):
        return _denied(text, hit)
    if any(len(named.needs) > 1 for named in hit.named):
        return kind is AliasKind.CAPITAL and _after(text, hit) in AFTER_CAPITAL
    before = text[max(0, hit.start - _REACH) : hit.start]
    if kind is not AliasKind.CAPITAL and _stands_alone(text, hit, before):
        return False
    key = normalise(text[hit.start : hit.end])
    return (
        _denied(text, hit)
        or _joined(before, kind)
        or _made_other(text, hit, key, before)
        or _in_person(text, hit, key, before, begins)
        or (kind is AliasKind.CAPITAL and _plain_word(text, key, before))
    )


def _societies(text: str) -> bool:
    """Whether an article names a state's Red Cross, so that it may mean that one later."""
    return _OF_A_STATE.search(text) is not None


def generation(text: str, end: int) -> str | None:
    """Return *Jr* or *Sr* if it follows a name, else None."""
    found = _GENERATION.match(text, end)
    return found["suffix"] if found else None


def former(text: str, at: int) -> bool:
    """Whether the word before ``at`` makes a title a lower or a former one."""
    return _NOT_IN_OFFICE.search(text, max(0, at - _REACH), at) is not None


def _stands_alone(text: str, hit: Hit, before: str) -> bool:
    """Whether no adjacent capitalised word can be part of the name: usually true, and fast."""
    after = text[hit.end : hit.end + 3]
    if after[:1] in (" ", "\u00a0", ",") and after[1:].lstrip()[:1].isupper():
        return False
    return not before.endswith(("-", " of ", " of the ")) and not _before(before)


def _denied(text: str, hit: Hit) -> bool:
    """Whether a name is only excluded: *non-NATO ally*."""
    return text[max(0, hit.start - 4) : hit.start].lower() == "non-"


def _joined(before: str, kind: AliasKind) -> bool:
    """Whether a name is the second half of a capitalised compound: *Trans-Jordan*."""
    hyphened = _HYPHENED.search(before) if before.endswith("-") else None
    return (
        hyphened is not None
        and kind is AliasKind.NAME
        and hyphened[1][0].isupper()
        and normalise(hyphened[1]) in ("trans", "cis", "jean", "port", "new", "afro", "anglo")
    )


def _made_other(text: str, hit: Hit, key: str, before: str) -> bool:
    after = _after(text, hit)
    if after in AFTER and not text[hit.start : hit.end].isupper():
        return True
    if after in _AFTER_THESE.get(key, ()):
        return True
    if hit.named[0].kind is AliasKind.CAPITAL and after in AFTER_CAPITAL:
        return True
    if _IN_AMERICA.match(text, hit.end):
        return True
    low = normalise(_before(before))
    if low in BEFORE or low in _OTHERS.get(key, ()):
        return True
    of = _OF_WORD.search(before) if before.endswith((" of ", " the ")) else None
    if of is None or not of[1][0].isupper():
        return False
    low = of[1].lower()
    return (
        low in _WATERS
        or (of[1] == "Bank" and key in _BANK_OF)
        or (low in _ROYAL and key == "wales")
    )


def _after(text: str, hit: Hit) -> str:
    """Return the capitalised word after the hit, in lower case, or ""."""
    word = _AFTER_WORD.match(text, hit.end)
    return word[1].lower() if word is not None and word[1][0].isupper() else ""


def _before(before: str) -> str:
    """Return the capitalised word that ends ``before``, or "". A full stop, comma or other sign
    separates it from the name, except after *St.* and initials."""
    if not before.endswith((" ", "\u00a0")):
        return ""
    words = before.rsplit(None, 1)
    if not words or "\n" in before[-2:]:
        return ""
    word = words[-1].lstrip("'\"‘“(")
    if not word[:1].isupper() or (word.endswith(".") and len(word) > _ABBREVIATION):
        return ""
    return word if word[-1].isalnum() or word[-1] == "." else ""


def _in_person(text: str, hit: Hit, key: str, before: str, begins: Begins) -> bool:
    """Whether a name is part of a person's: *Jordan Peterson*, *Michael Jordan*, or *Mojtaba
    Khamenei* if only Ali is known."""
    surname = hit.named[0].kind is AliasKind.SURNAME
    if text[hit.start : hit.end].isupper() and len(key) > 1:
        return False
    if key in GIVEN and not surname and not _ruled(before):
        after = _AFTER_WORD.match(text, hit.end)
        if after is not None and _personal(after[1], begins):
            return True
    if surname and key in _FIRST:
        after = _AFTER_WORD.match(text, hit.end)
        if after is not None and _personal(after[1], begins):
            return True
    if key not in FAMILY and not surname:
        return False
    word = _before(before)
    if _personal(word, begins) or (surname and _TITLED_NAME.search(before)):
        return True
    # Hunter Biden: in mid-sentence, a capital also makes a common word a name.
    return (
        surname
        and word != ""
        and normalise(word) not in HONORIFICS
        and not begins(_without_possessive(word))
        and _SENTENCE_START.search(before[: -len(word) - 1]) is None
        and not _titled(text)
    )


def _ruled(before: str) -> bool:
    """Whether *of* after a title makes a name the state: *President of Georgia Mikheil ...*."""
    of = _OF_WORD.search(before) if before.endswith((" of ", " the ")) else None
    return of is not None and normalise(of[1]) in HONORIFICS


def _personal(word: str, begins: Begins) -> bool:
    """Whether a word beside a name may be the other half of a person's name."""
    if not word or not word[0].isupper():
        return False
    if len(word) == len("B.") and word.endswith("."):
        return True
    if word.isupper() and len(word) > 1:
        return False
    key = normalise(word)
    if key in GIVEN_NAMES:
        return True
    return not (is_common(key) or key in HONORIFICS or begins(_without_possessive(word)))


def _without_possessive(word: str) -> str:
    return word.split("’")[0].split("'")[0]


def _plain_word(text: str, key: str, before: str) -> bool:
    """Whether an English word has its capital only from its sentence: *Male suspects*."""
    return is_common(key) and (
        _SENTENCE_START.search(before) is not None or _titled(text) or key == "nice"
    )


def _titled(text: str) -> bool:
    """Whether a line is capitalised like a headline: most of its words begin with a capital."""
    words = text.split()
    return len(words) < 25 and sum(w[0].isupper() for w in words) * 2 > len(words)


def american_georgia(text: str) -> bool:
    """Whether an article that names Georgia means the US state."""
    return _GEORGIA_OF_AMERICA.search(text) is not None and _GEORGIA.search(text) is None


_SAME = {
    "premier": "prime minister",
    "amir": "emir",
    "secretary general": "secretary-general",
    "director general": "director-general",
    "defense minister": "defence minister",
    "minister of foreign affairs": "foreign minister",
    "minister for foreign affairs": "foreign minister",
    "minister of defence": "defence minister",
    "minister of defense": "defence minister",
}
TITLES = (
    "prime minister|premier|president|chancellor|foreign minister|foreign secretary|"
    "defen[cs]e minister|interior minister|finance minister|supreme leader|crown prince|"
    "king|queen|emir|amir|sultan|pope|secretary[- ]general|director[- ]general|"
    "secretary of state"
)
"""Titles rare enough at any time to identify the owner, as a regular expression."""

_AFTER_STATE = re.compile(
    rf"(?:['’]s?)?(?: (?:new|current|long-time|longtime|powerful|beleaguered|embattled))? "
    rf"(?P<title>{TITLES})(?![\w-])",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s? ")
# Followed by the name of the present or a former holder: a name beside an office is more reliable
# than the list.
_NAMED = re.compile(r"(?:,? (?:and|&))?,? [A-Z]|,? (?:sheikh|prince) ")
_NOT_NOW = re.compile(
    r"\b(?:then|next|first|future|incoming|new|outgoing|previous|another|every|no|any|be|become"
    r"|becomes|became|for|as)[ -](?:the )?\Z",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"(?<!\w)[A-Z][\w’'-]*, (?:the )?\Z")
_TITLE_REACH = 24


def title_of(words: str) -> str:
    """Return the canonical form of a title: *Premier* is *prime minister*."""
    low = words.lower()
    return _SAME.get(low, low)


def state_titles(text: str, mentions: Sequence[Mention], index: ActorIndex) -> list[Mention]:
    """Find offices named by a state and a title after it; each includes its state.

    ``mentions`` are those of one field; those that become part of an office are left out.
    """
    offices = _offices(index)
    kept: list[Mention] = []
    for mention, following in zip(mentions, [*mentions, None][1:], strict=True):
        match = (
            _AFTER_STATE.match(text, mention.end, following.start if following else len(text))
            if mention.kind is AliasKind.DEMONYM or _POSSESSIVE.match(text, mention.end)
            else None
        )
        office = offices.get((mention.actor, title_of(match["title"]))) if match else None
        if match is None or office is None or former(text, mention.start):
            kept.append(mention)
            continue
        named = {"actor": office, "alias": index.name(office), "kind": AliasKind.OFFICE}
        kept.append(mention.model_copy(update={"end": match.end(), **named}))
    return kept


def held(text: str, mention: Mention, index: ActorIndex, published: date | None) -> Mention:
    """Return an office mention as one of its holder on the day, if that is sure."""
    if (
        published is None
        or not mention.actor.startswith("office:")
        or not _definite(text, mention)
        or _NAMED.match(text, mention.end)
        or _NOT_NOW.search(text, max(0, mention.start - _TITLE_REACH), mention.start)
        or _AFTER_NAME.search(text, max(0, mention.start - _TITLE_REACH), mention.start)
    ):
        return mention
    person = _sure_holder(index, mention.actor, published)
    return mention if person is None else mention.model_copy(update={"actor": person})


def _definite(text: str, mention: Mention) -> bool:
    """Whether a phrase is about one holder: *the Emir of Qatar*, *Iran's president*, but not
    *elected President of Iran* or *a senator and US secretary of state*."""
    before = text[max(0, mention.start - len("the ")) : mention.start]
    return (
        before.lower() == "the " or _POSSESSIVE.search(text, mention.start, mention.end) is not None
    )


@lru_cache(maxsize=4096)
def _sure_holder(index: ActorIndex, office: str, on: date) -> str | None:
    tenure, known = index.tenure(office, on), index.get(office)
    if tenure is None or known is None or tenure.since is None:
        return None
    person = index.get(tenure.person)
    if person is None or person.acts_for != known.acts_for:
        return None
    spoken = max((one.as_of for one in (known, person) if one.as_of), default=None)
    sure = tenure.until is not None or (spoken is not None and on <= spoken)
    return person.id if sure else None


@lru_cache(maxsize=8)
def _offices(index: ActorIndex) -> dict[tuple[str, str], str]:
    """Return the offices of an index by owner and title."""
    found: dict[tuple[str, str], str] = {}
    for actor in index.actors:
        if actor.type is not ActorType.OFFICE or actor.acts_for is None:
            continue
        for name in (actor.name, *(alias.text for alias in actor.aliases)):
            title, of, _ = name.rpartition(" of ")
            if of:
                found.setdefault((actor.acts_for, title_of(title)), actor.id)
    return found


_SHORTEST_SURNAME = 3
GOVERNMENT = re.compile(r"(?:’s|'s)? (?:administration|government|cabinet)\b")
_MUCH_OFTENER = 3
_TITLE = re.compile(rf"(?<![\w-])(?P<title>{TITLES})(?![\w-])", re.IGNORECASE)
# *The president of*, *the King James*, *the president-elect*: another person's title, or a name.
_GOES_ON = re.compile(r" (?:of|for|at|emeritus) |-| [A-Z]| (?:and|or) (?:[\w’'-]+ ){1,3}of ")
_NAME_AFTER = re.compile(r"(?:,? and (?:[A-Z][\w-]+ )+)?,? ?(?:[Ss]he?ikh |[Pp]rince )?(?=[A-Z])")
_AFTER_COMMA = r", (?:the |a |an )?(?!and |but |who |which )(?:[\w’'-]+ ){0,3}?"
_APPOSED = re.compile(rf"{_AFTER_COMMA}(?P<title>{TITLES})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Bearer:
    """The bearer of a title from ``at`` on; ``actor`` is None if unknown."""

    at: int
    title: str
    actor: str | None


def surnames(
    fields: Sequence[tuple[Field_, str]],
    mentions: Sequence[Mention],
    taken: dict[Field_, list[tuple[int, int]]],
    index: ActorIndex,
) -> list[Mention]:
    """Find the surnames of people named in full in the article, outside of other mentions."""
    known = _surnames_of(mentions, index)
    if not known:
        return []
    pattern = _any_of(tuple(sorted(known)))
    short: list[Mention] = []
    for field, text in fields:
        overlaps = overlap(taken[field])
        for match in pattern.finditer(text):
            hit = Hit(*match.span(), (known[match[0]],))
            if overlaps(*match.span()) or part_of_other_name(text, hit, index.trie.begins):
                continue
            if GOVERNMENT.match(text, match.end()) and not index.iso3(known[match[0]].actor):
                continue  # "the Ruritan administration", when only his wife was named
            short.append(mention_of(field, hit.start, hit.end, known[match[0]]))
    return short


def without_relatives(
    fields: Sequence[tuple[Field_, str]], mentions: Sequence[Mention], index: ActorIndex
) -> list[Mention]:
    """Return the mentions without names before *Jr.* or *Sr.* that belong to a relative.

    If a person's full name before *Jr.* has another given name than their usual one, they are the
    junior: *Joseph R. Biden Jr.* is Joe Biden, and so is *Biden Jr.* after that.
    """
    texts = dict(fields)
    suffixes = [generation(texts[m.field], m.end) for m in mentions]
    juniors = {
        m.actor
        for m, suffix in zip(mentions, suffixes, strict=True)
        if suffix == "Jr"
        and m.kind is not AliasKind.SURNAME
        and m.alias.split()[0] != index.name(m.actor).split()[0]
    }
    return [
        m
        for m, suffix in zip(mentions, suffixes, strict=True)
        if suffix is None
        or not m.actor.startswith("person:")
        or (suffix == "Jr" and m.actor in juniors)
    ]


def without_namesakes(
    fields: Sequence[tuple[Field_, str]], mentions: Sequence[Mention]
) -> list[Mention]:
    """Return the mentions without surnames that mean a namesake named in the article.

    After *Liz Cheney*, *Cheney* is no longer Dick. A person named in full much more often than all
    namesakes gives way only in the paragraph that names one.
    """
    words = {m.alias for m in mentions if m.kind is AliasKind.SURNAME}
    if not words:
        return list(mentions)
    pattern, kept = _any_of(tuple(sorted(words))), []
    for field, text in fields:
        here = [m for m in mentions if m.field == field]
        overlaps = overlap([(m.start, m.end) for m in here])
        others = [
            (match.start(), match[0])
            for match in pattern.finditer(text)
            if not overlaps(*match.span())
            and _FIRST_NAME.search(text, 0, match.start())
            and generation(text, match.end()) is None  # always named with it
        ]
        kept += [m for m in here if not (others and _is_namesake(text, m, here, others))]
    return kept


_FIRST_NAME = re.compile(r"(?<![\w’'-])[A-Z][a-z]+ \Z")


def _is_namesake(
    text: str, one: Mention, here: Sequence[Mention], others: Sequence[tuple[int, str]]
) -> bool:
    """Whether the last person named in full before a surname is a namesake."""
    if one.kind is not AliasKind.SURNAME or text.endswith("President ", 0, one.start):
        return False
    bearing = [at for at, word in others if word == one.alias]
    before = [at for at in bearing if at < one.start]
    if not before:
        return False
    own = [m.start for m in here if m.actor == one.actor and m.kind is not AliasKind.SURNAME]
    last = max([at for at in own if at < one.start], default=-1)
    if last > before[-1]:
        return False
    often = len(own) >= _MUCH_OFTENER * len(bearing)
    return not often or "\n" not in text[before[-1] : one.start]


@lru_cache(maxsize=4096)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a pattern of names, cached: the same people recur."""
    longest = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])")


def titles(
    text: str,
    mentions: Sequence[Mention],
    index: ActorIndex,
    published: date | None,
) -> list[Mention]:
    """Find *the president* and the like in one field; ``mentions`` are the field's, in order."""
    if not any(m.actor.startswith(("person:", "office:")) for m in mentions):
        return []
    bearers: list[_Bearer] = []
    shorts: list[re.Match[str]] = []
    overlaps = overlap([(m.start, m.end) for m in mentions])
    people = {m.start: m for m in mentions if m.actor.startswith("person:")}
    for match in _TITLE.finditer(text):
        if former(text, match.start()):
            continue
        name = _NAME_AFTER.match(text, match.end())
        if name is not None and name.end() > match.end():
            person = people.get(name.end())
            bearers.append(
                _Bearer(match.start(), title_of(match["title"]), person.actor if person else None)
            )
        elif _alone(text, match) and not overlaps(*match.span()):
            shorts.append(match)
    if not shorts:
        return []
    bearers += _known_bearers(text, mentions, index, published)
    found = []
    for match in shorts:
        actor = _meant(bearers, text, match.start(), title_of(match["title"]))
        if actor is not None:
            named = Named(actor, index.name(actor), AliasKind.OFFICE, (1,))
            found.append(mention_of("text", match.start(), match.end(), named))
    return found


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether a title is just *the president*."""
    before = text[max(0, match.start() - len("the ")) : match.start()]
    return before.lower() == "the " and not _GOES_ON.match(text, match.end())


def _known_bearers(
    text: str, mentions: Sequence[Mention], index: ActorIndex, published: date | None
) -> Iterator[_Bearer]:
    """Yield the mentions of offices, and of people with their titles."""
    for mention in mentions:
        if mention.kind is AliasKind.OFFICE:
            named = _NAME_AFTER.match(text, mention.end)
            if named is not None and named.end() > mention.end:
                continue  # its holder is named beside it, and was found there
            last = _TITLE.search(text, mention.start, mention.end)
            if last is not None and not former(text, last.start()):
                yield _Bearer(mention.start, title_of(last["title"]), mention.actor)
        elif mention.actor.startswith("person:"):
            apposed = _APPOSED.match(text, mention.end)
            if apposed is not None and not former(text, apposed.start("title")):
                yield _Bearer(mention.start, title_of(apposed["title"]), mention.actor)
            for title in _titles_held(index, mention.actor, published):
                yield _Bearer(mention.start, title, mention.actor)


@lru_cache(maxsize=4096)
def _titles_held(index: ActorIndex, person: str, on: date | None) -> frozenset[str]:
    """Return the titles of the offices that a person holds on a day."""
    names = [index.name(office) for office in index.offices(person, on)]
    return frozenset(
        title_of(match["title"])
        for name in names
        if (match := _TITLE.search(name)) is not None and not former(name, match.start())
    )


def _meant(bearers: Sequence[_Bearer], text: str, at: int, title: str) -> str | None:
    """Return the bearer of a title: the only one named before, or before in this paragraph."""
    before = [one for one in bearers if one.title == title and one.at < at]
    if len({one.actor for one in before}) > 1:
        paragraph = text.rfind("\n", 0, at)
        before = [one for one in before if one.at > paragraph]
    actors = {one.actor for one in before}
    return actors.pop() if len(actors) == 1 else None


def overlap(spans: Sequence[tuple[int, int]]) -> Callable[[int, int], bool]:
    """Return a test whether a stretch overlaps any of these disjoint spans."""
    ordered = sorted(spans)

    def overlaps(start: int, end: int) -> bool:
        at = bisect_left(ordered, (end,)) - 1
        return at >= 0 and ordered[at][1] > start

    return overlaps


def mention_of(field: Field_, start: int, end: int, named: Named) -> Mention:
    """Return a mention of a named actor at a span."""
    return Mention(
        field=field, start=start, end=end, actor=named.actor, alias=named.alias, kind=named.kind
    )


def _surnames_of(mentions: Sequence[Mention], index: ActorIndex) -> dict[str, Named]:
    """Return the surnames that identify one person whom the article names in full."""
    found: dict[str, set[Named]] = {}
    for actor_id in dict.fromkeys(m.actor for m in mentions if m.kind is not AliasKind.SURNAME):
        actor = index.get(actor_id)
        if actor is not None and actor.type is ActorType.PERSON:
            for word in _surnames(actor):
                named = Named(actor_id, word, AliasKind.SURNAME, (1,))
                found.setdefault(word, set()).add(named)
    return {word: next(iter(named)) for word, named in found.items() if len(named) == 1}


def _surnames(actor: Actor) -> set[str]:
    """Return the surnames as stored, else the last word of the name and its spellings."""
    stored = {alias.text for alias in actor.aliases if alias.kind is AliasKind.SURNAME}
    if stored:
        return stored
    kinds = (AliasKind.NAME, AliasKind.TRANSLITERATION)
    names = [actor.name, *(a.text for a in actor.aliases if a.kind in kinds)]
    last = {_last_word(name) for name in names if " " in name}
    return {
        word
        for word in last
        if len(word) >= _SHORTEST_SURNAME and word[0].isupper() and word.lower() not in FILLERS
    }


@lru_cache(maxsize=8192)
def _last_word(name: str) -> str:
    return strip_honorifics(name)[0].split()[-1]
