"""Find the title of an office in a sentence, and whether it means that of one state.

Peru's new president, the president of Peru      it names the state
the president                                    depends on the article
the vice president, a party's president          another office
former president, president-elect                not its current holder
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.match.actors import ActorIndex
from bot.match.trie import Hit
from bot.models import Actor, ActorType, AliasKind
from bot.read.proper_names import title_of
from bot.text.english import bare_form, is_common, is_participle, means, verb_of


@dataclass(frozen=True, slots=True)
class Post:
    """An office as sentences name it: its owner, its titles, and the words for its seat."""

    office: str
    owner: str
    titles: frozenset[str]
    seats: frozenset[str]


class Place(NamedTuple):
    """A title in a sentence, from ``first`` to ``last``, including the owner.

    ``possible``: it may be the requested office; ``certain``: the sentence says so. ``past`` and
    ``coming``: of a former or future holder. ``seat``: the office itself, such as *the presidency*.
    ``indefinite``: *a president*. ``counted``: *the first president*, at any time.
    """

    first: int
    last: int
    possible: bool
    certain: bool
    past: bool = False
    coming: bool = False
    seat: bool = False
    indefinite: bool = False
    counted: bool = False

    @property
    def current(self) -> bool:
        """Whether it may be a title of the current holder."""
        return self.possible and not (self.past or self.coming)


_SEATS = {
    "president": ("presidency",),
    "prime minister": ("premiership",),
    "chancellor": ("chancellorship",),
    "king": ("throne",),
    "queen": ("throne",),
    "emperor": ("throne",),
    "emir": ("throne",),
    "pope": ("papacy", "papal throne"),
}
_ALONE = frozenset({"pope", "potus", "taoiseach"})
"""Titles that only one state has."""
_SHORT = {"prime minister": ("premier", "pm"), "vice president": ("vice-president",)}
_MAY_LEAD = frozenset(
    """
    the a an its new current incumbent acting interim caretaker transitional provisional sitting
    outgoing embattled long-time longtime female woman country nation republic country's nation's
    first second third newly re-elected reelected 's ’s s
""".split()
)
"""Words between owner and title that do not change the ownership."""
_UNKNOWN = "?"
"""Marks a word before a title that makes it another title, unless the state follows: *party
president*, *left-wing president of Peru*."""
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_LOWER = frozenset("vice deputy assistant under shadow opposition honorary ceremonial".split())
_PAST = frozenset("former ex late then previous one-time erstwhile emeritus".split())
_COMING = frozenset("next incoming future prospective would-be presumptive presumed likely".split())
_AFTER_COMING = re.compile(
    r"[- ](?:elect|designate|in-waiting|nominee|candidate|hopeful|contender|aspirant)s?\b", re.I
)
_BEFORE_COMING = re.compile(
    r"\b(?:candidates?|nominee|choice|pick|contender|bid|runs?|running|campaign|nominated) "
    r"(?:for|as|to be)(?: the)? \Z",
    re.IGNORECASE,
)
_AFTER_OTHER = re.compile(r"[ -]pro[ -]tem|-general\b", re.IGNORECASE)
_LEADS = frozenset(
    """
    as of to by for that and with when after before while if is was be become becomes became
    from against since where who or but between over under on in at
""".split()
)
"""Words before a title that are not part of its name."""
_OPEN = frozenset("the a an of by with for to from against and its their".split())
"""Words after which a participle describes the person named: *by the ousted president*."""
_BEFORE = re.compile(r"([\w’'-]+|[^\w\s])\s*\Z")
_OF = re.compile(r"\s+of\s+(?:the\s+)?", re.IGNORECASE)
_STATE = re.compile(r"\s(?:republic|confederation|federation|union|nation)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"['’]s\b|\s([A-Z][a-z]+)")
_POSSESSIVE = re.compile(r"['’]s?\s+")


@lru_cache(maxsize=1024)
def post_of(index: ActorIndex, office: str) -> Post | None:
    """Return an office as sentences name it; None if it has no owner or no title."""
    known = index.get(office)
    owner = index.get(known.acts_for) if known and known.acts_for else None
    if known is None or owner is None:
        return None
    owners = {owner.name.lower(), *(one.text.lower() for one in owner.aliases)}
    names = [known.name, *(one.text for one in known.aliases if one.lang in (None, "en"))]
    titles = {title for name in names if (title := _without(name.lower(), owners))}
    titles |= {short for title in titles for short in _SHORT.get(title_of(title), ())}
    seats = {seat for title in titles for seat in _SEATS.get(title, ())}
    return Post(office, owner.id, frozenset(titles), frozenset(seats)) if titles else None


def _without(name: str, owners: set[str]) -> str:
    """Return the title in the name of an office, without its owner."""
    title, of, owner = name.partition(" of ")
    if of and owner.removeprefix("the ") in owners:
        return title
    title, of, owner = name.rpartition(" of ")
    if of and owner.removeprefix("the ") in owners:
        return title
    for owner in owners:
        for lead in (f"{owner}'s ", f"{owner}’s ", f"{owner}' ", f"{owner} "):
            if name.startswith(lead):
                return name.removeprefix(lead)
    return "" if of else name


def names_title(sentence: str, post: Post) -> bool:
    """Return cheaply whether a sentence has a title like this office's, even of another office."""
    return _titles(post).search(sentence) is not None


def places(sentence: str, post: Post, hits: list[Hit], index: ActorIndex) -> list[Place]:
    """Find the titles of an office in a sentence, in order; ``hits`` are the names in it."""
    found = _titles(post).finditer(sentence)
    return [_place(sentence, match, post, hits, index) for match in found]


@lru_cache(maxsize=1024)
def _titles(post: Post) -> re.Pattern[str]:
    some = sorted((*post.titles, *post.seats), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, some))})(?!\w)", re.IGNORECASE)


def _place(
    sentence: str, match: re.Match[str], post: Post, hits: list[Hit], index: ActorIndex
) -> Place:
    first, last, certain = _named(match, post, hits, index)
    first, flags, certain = _before(sentence, first, certain, post, hits, index)
    covered = last > match.end()
    after = None if covered else owner_after(sentence, last, post, hits, index)
    if after is not None:
        last, certain = after[0], after[1] if certain is not False else False
    elif covered and _POSSESSIVE.match(sentence, last):
        certain = False  # the president of Peru's league
    follows = sentence[last:]
    coming = bool(flags & _COMING) or _AFTER_COMING.match(follows) is not None
    coming = coming or _BEFORE_COMING.search(sentence, 0, first) is not None
    possessed = _POSSESSIVE.match(follows) is not None
    return Place(
        first,
        last,
        possible=_may_be(certain, flags) and not _AFTER_OTHER.match(follows),
        certain=certain is True,
        past=bool(flags & _PAST) or any(map(_is_ousted, flags)),
        coming=coming,
        seat=match[0].lower() in post.seats or (possessed and certain is None),
        indefinite=bool(flags & {"a", "an"}),
        counted=bool(flags & {"first", "second", "third"}),
    )


def _may_be(certain: bool | None, flags: set[str]) -> bool:
    """Whether a title may be the office's, by its owner and the words before it."""
    if flags & _LOWER or certain is False:
        return False
    return certain is True or _UNKNOWN not in flags


def _named(
    match: re.Match[str], post: Post, hits: list[Hit], index: ActorIndex
) -> tuple[int, int, bool | None]:
    """Return a title's span, with the state's name if both are one name, and its ownership."""
    start, end = match.span()
    alone = match[0].lower() in _ALONE or None
    for hit in hits:
        if not (hit.start <= start and end <= hit.end):
            continue
        if post.office in hit.actors:
            longer = (hit.start, hit.end) != (start, end) or None
            return hit.start, hit.end, alone or longer
        if may_own(hit, index) and (hit.start, hit.end) != (start, end):
            return start, end, False
    return start, end, alone


def _before(
    sentence: str,
    start: int,
    certain: bool | None,
    post: Post,
    hits: list[Hit],
    index: ActorIndex,
) -> tuple[int, set[str], bool | None]:
    """Return where a title's phrase begins, its leading words, and the ownership they show."""
    flags: set[str] = set()
    at = start
    ends = {hit.end: hit for hit in hits}
    while match := _BEFORE.search(sentence, 0, at):
        word = match[1].lower()
        if word.startswith("ex-"):
            flags.add("ex")
            word = word.removeprefix("ex-")
        end = match.end(1)
        bare = match.start(1) + len(re.sub(r"['’]s?\Z", "", match[1]))
        hit = ends.get(end) or ends.get(bare)
        if hit is not None and certain is None and may_own(hit, index):
            certain, at = _is_of(hit, post), hit.start
            certain = certain if len(hit.actors) == 1 or not certain else None
            continue
        if not _leads(sentence, match, word, certain):
            if certain is None and not _is_before(word, match[1]):
                flags.add(_UNKNOWN)
            break
        flags.add(word)
        at = match.start(1)
    return at, flags, certain


def _leads(sentence: str, match: re.Match[str], word: str, certain: bool | None) -> bool:
    """Whether a word belongs to the phrase of the title after it."""
    if word in _MAY_LEAD | _LOWER | _PAST | _COMING or _ORDINAL.fullmatch(word):
        return True
    if word != "elected" and not _is_ousted(word):
        return False
    # "The ousted president", but "parliament ousted the president"; "newly elected".
    before = _BEFORE.search(sentence, 0, match.start(1))
    led = before[1].lower() if before else ""
    if word == "elected":
        return led.endswith("ly")
    return certain is None and (led in _OPEN or not led[:1].isalnum() or led.endswith(("'s", "’s")))


def _is_ousted(word: str) -> bool:
    """Whether a participle says that somebody lost office: *ousted*, *deposed*, *slain*."""
    verb = verb_of(word) if word.endswith(("ed", "n")) else None
    return verb is not None and (means(verb, "remove", "unseat") or means(verb, "kill", "murder"))


def _is_before(word: str, printed: str) -> bool:
    """Whether a word before a title is not part of it: *named president*, not *party president*."""
    if not word[0].isalnum() or word in _LEADS:
        return True
    form = bare_form(word)
    inflected = (form is not None and form != word) or is_participle(word)
    return printed[:1].islower() and inflected


def owner_after(
    sentence: str, end: int, post: Post, hits: list[Hit], index: ActorIndex
) -> tuple[int, bool] | None:
    """Return where *of Peru* ends after a title, and whether it is the owner; None if absent."""
    of = _OF.match(sentence, end)
    if of is None:
        return None
    hit = next((hit for hit in hits if hit.start <= of.end() < hit.end), None)
    if hit is None or not may_own(hit, index):
        return (of.end(), False)
    # The president of the Peruvian congress, of Peru's congress, of the Peru Conference.
    part = hit.named[0].kind is AliasKind.DEMONYM and not _STATE.match(sentence, hit.end)
    more = _GOES_ON.match(sentence, hit.end)
    part = part or bool(more and (more[1] is None or is_common(more[1].lower())))
    return hit.end, not part and _is_of(hit, post)


def may_own(hit: Hit, index: ActorIndex) -> bool:
    """Whether a name may be the owner of an office; a person may not."""
    return any(_kind(index, actor) not in (None, ActorType.PERSON) for actor in hit.actors)


def _kind(index: ActorIndex, actor: str) -> ActorType | None:
    known: Actor | None = index.get(actor)
    return known.type if known else None


def _is_of(hit: Hit, post: Post) -> bool:
    """Whether a name beside a title is that of its owner, or of the office itself."""
    return post.owner in hit.actors or post.office in hit.actors


def owners(sentence: str, index: ActorIndex) -> set[str]:
    """Return the states, bodies and places that a sentence names, and the owners of offices in it;
    if there are none, the states of the people in it."""
    named: set[str] = set()
    of_people: set[str] = set()
    for hit in index.trie.scan(sentence):
        for actor in hit.actors:
            known = index.get(actor)
            if known is None:
                continue
            if known.type is ActorType.PERSON:
                of_people |= {known.acts_for} if known.acts_for else set()
            else:
                owned = known.type is ActorType.OFFICE and known.acts_for
                named.add(owned or actor)
    return named or of_people
