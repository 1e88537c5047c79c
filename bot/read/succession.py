"""Read from a single sentence who takes, holds or leaves an office.

    Ada Orlok is sworn in as President of Peru     she takes it
    Peruvian President Ada Orlok, the pope         a name beside a title: they hold it
    Parliament removes President Ada Orlok         she leaves it

WordNet gives the verbs with these meanings. A planned, denied or only feared act keeps its status.
Deputies, offices of the same name elsewhere and former holders do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from bot.match.actors import ActorIndex
from bot.match.trie import Hit
from bot.models import Status
from bot.read.posts import Place, Post, may_own, names_title, owner_after, places
from bot.read.runs import BESIDE, NAME_PARTICLES, ROLES, UPPER, WEAK, personal_name, surname, token
from bot.text.english import (
    GIVEN_NAMES,
    bare_form,
    forms_of,
    is_common,
    is_participle,
    means,
    verb_of,
)
from bot.text.names import normalise

_INTENDED = re.compile(
    r"\b(?:will|shall|going to|plan(?:s|ned|ning)?|intend(?:s|ed)?|vow(?:s|ed)?|pledge[sd]?|"
    r"promise[sd]?|prepar(?:es?|ing|ed)|agree[sd]?|expect(?:s|ed)?|set|due|scheduled|slated|"
    r"threaten(?:s|ed)?|ready|about(?= to)|decide[sd]?)\b"
)
_WISHED = re.compile(r"\b(?:wants?|hop(?:es?|ing)|aims?|seeks?|try|tries|trying|attempts?)\b")
_UNABLE = re.compile(
    r"\b(?:can|refuse[sd]?|decline[sd]?|fail(?:s|ed)?|(?:would|could) (?:not|never) have)\b"
)
"""Ability, refusal or failure: the sentence does not report the act."""
_TRIED = re.compile(
    r"\b(?:wanted|hoped|aimed|sought|tried|attempted|"
    r"(?:would|could|should)(?: [a-z]+ly| not| never)? have)\b"
)
"""Attempts and hypotheticals: the sentence does not say that the act took place."""
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|would|willing|reportedly|allegedly|possibly|likely|appear(?:s|ed)?|"
    r"seem(?:s|ed)?|accused of|suspected of|blamed for|"
    r"(?:said|believed|understood|thought|reported|rumou?red|alleged|suspected|feared|presumed)"
    r"(?= to\b))"
)
_CALLED_FOR = re.compile(r"\b(?:should|must)\b")
_NEGATED = re.compile(r"\b(?:not|n't|never|den(?:y|ies|ied|ying))\b")
_ONGOING = re.compile(r"\b(?:continu(?:es?|ing)|ha(?:s|ve) continued|(?:is|are|still|been))\b")
_BEGUN = re.compile(r"\b(?:continu|beg[aiu]n|start)")
_BEFORE_ING = re.compile(r"\b(?:is|are|was|were|been|being|having|beg[aiu]n|start|continu)")
_BARE_TO = re.compile(r"(?:^|\s)to$")

# Around an act without a verb: "the resignation of", "his death".
_EXPECTED = re.compile(
    r"\b(?:will|plans? for|planned|upcoming|expected|scheduled|next (?:week|month|year)|coming|"
    r"set to|agreed to|later this)\b"
)
_TO_COME = re.compile(
    r"[^.,;]{0,30} (?:will|set to|scheduled|expected|in the coming|next (?:week|month|year)) "
)
_WANTED = re.compile(
    r"\b(?:call\w* for|urg\w+|demand\w*|need for|propos\w+|offer\w*|push\w* for|possib\w+|"
    r"potential|prospects?|could|may|might|would|hop\w+|seek\w*|want\w*|threat\w*|fears? of|"
    r"avoid|prevent|warn\w*|any|consider\w*|weigh\w*|mull\w*|try\w*|efforts?|apparent|suspected|"
    r"alleged|reported|presumed)\b"
)
_WOULD = re.compile(r"(?: [a-z]+){0,2} (?:could|may|might|would) ")
_NOT_DONE = re.compile(
    r"\b(?:no|not|without|cancel\w*|postpon\w*|call\w* off|suspend\w*|reject\w*|refus\w*|"
    r"rul\w+ out|den(?:y|ies|ied)|fail\w*|foil\w*|thwart\w*|put off)\b"
)
_NEAR_NOUN = 30
"""Characters before and after such an act that are examined."""

_CONDITION = re.compile(
    r"(?:^| )(?:if|unless|whether|in case|condition that|provided that|so long as|in the event|"
    r"should|as though) |(?:^|,|;|and|that) (?:had|were) $"
)
_NEAR_CONDITION = 80


def status_of(gap: str, verb: str) -> Status | None:
    """Read the status from the words between subject and verb; None if it is not reported.

    ``gap`` holds adverbs, auxiliaries and governing verbs; ``verb`` is the form in the sentence.
    """
    if _UNABLE.search(gap):
        return None
    if _NEGATED.search(gap):
        return Status.DENIED
    if _CALLED_FOR.search(gap):
        return Status.CALLED_FOR
    if _TRIED.search(gap):
        return None
    if _WISHED.search(gap):
        return Status.POSSIBLE if _BARE_TO.search(gap) else None
    if _POSSIBLE.search(gap):
        return Status.POSSIBLE
    if _INTENDED.search(gap):
        return Status.PLANNED
    if verb.endswith("ing"):
        if not _BEFORE_ING.search(gap):
            return None
        return Status.ONGOING if _ONGOING.search(gap) else Status.HAPPENED
    if _BARE_TO.search(gap):
        return Status.ONGOING if _BEGUN.search(gap) else Status.PLANNED
    return Status.HAPPENED


def nominal_status(before: str, after: str) -> Status | None:
    """Read the status of an act without a verb from its context; None if it is not reported.

    *Before* and *ahead of* such an act (a death, a resignation) do not make it a plan.
    """
    near = before[-_NEAR_NOUN:]
    if _NOT_DONE.search(near) or _NOT_DONE.search(after[:_NEAR_NOUN]):
        return None
    if _WANTED.search(near) or _WOULD.match(after):
        return None
    planned = _EXPECTED.search(near) or _TO_COME.match(after)
    return Status.PLANNED if planned else Status.HAPPENED


def conditional(before: str) -> bool:
    """Return whether what follows ``before`` is only hypothetical."""
    return _CONDITION.search(before[-_NEAR_CONDITION:]) is not None


# --- what a sentence leaves open: reportedly, it seems that, if confirmed ------------------------

_IN_CLAUSE = re.compile(
    r" (?:reportedly|allegedly|purportedly|supposedly|apparently|seemingly|presumably|probably|"
    r"perhaps|maybe|possibly|potentially) "
)
_HEDGE_OPENING = re.compile(
    r" (?:it|there|that|this) (?:is|was|are|were|has been|have been)(?: (?:also|still|even|"
    r"[a-z]+ly))?(?: an?| some| no)? (?:possible|likely|probable|unclear|thought|believed|feared|"
    r"said|reported|alleged|rumou?red|suspected|speculation|rumou?rs?|claims?|fears?|evidence)"
    r"(?: that)? "
    r"| it (?:also |now )?(?:seem|appear|look)(?:s|ed)(?: as if| as though| like)?(?: that)? "
    r"| (?:i|we|you|people|many|some|others) (?:think|thought|believed?|guess|suppose|suspect|"
    r"hope|fear)(?: that)? "
)
_UNCONFIRMED = re.compile(
    r" (?:, )?(?:if (?:[a-z]+ ){0,3}?(?:true|confirmed|verified|correct)|"
    r"(?:but|though|although) (?:[a-z]+ ){0,4}?(?:could not|cannot|has not been|have not been|"
    r"was not|were not)(?: [a-z]+){0,2} (?:confirmed|verified|confirm|verify)) "
)
_CLAUSE_END = re.compile(r" ; | : | , (?:but|while|whereas|although|though|and) ")
_OTHER_SUBJECT = re.compile(r"[,“”\":]| (?:that|who|which) ")
_OPENING_REACH, _ADVERB_REACH = 24, 18
"""Characters."""


def hedged(line: str, start: int, end: int) -> bool:
    """Return whether the clause of an act, ``start`` to ``end``, leaves open if it happened."""
    opens = 0
    for boundary in _CLAUSE_END.finditer(line, 0, start + 1):
        opens = boundary.end() - 1
    if _UNCONFIRMED.search(line, end - 1) or _IN_CLAUSE.match(line, end - 1):
        return True
    hedges = (
        (hedge.end(), reach)
        for pattern, reach in ((_HEDGE_OPENING, _OPENING_REACH), (_IN_CLAUSE, _ADVERB_REACH))
        for hedge in pattern.finditer(line, opens, start + 1)
    )
    return any(_governs(line[first:start].lstrip(" ,"), reach) for first, reach in hedges)


def _governs(between: str, reach: int) -> bool:
    """Return whether only the rest of a subject stands between a hedge and its act."""
    return len(between) <= reach and not _OTHER_SUBJECT.search(between)


# No word may match in two ways: the regex would try all combinations over a run of such words.
_ADVERBS = (
    r"also|again|later|now|then|already|even|still|first|both|all|each|once|earlier|just|together|"
    r"since|never|outright|(?!(?:early|family|only|likely)\b)[a-z]{3,}ly"
)
_AUXILIARY = (
    r"is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|shall|should|"
    r"may|might|can|could|must|to|going|not|n't"
)
_GOVERNORS = (
    r"plans?|planned|planning|intends?|intended|vows?|vowed|pledges?|pledged|promises?|promised|"
    r"threatens?|threatened|prepares?|preparing|prepared|agrees?|agreed|expects?|expected|set|"
    r"due|scheduled|slated|wants?|wanted|hopes?|hoped|hoping|aims?|aimed|seeks?|sought|tries|"
    r"tried|trying|attempted|attempts?|continues?|continued|continuing|begins?|began|begun|starts?|"
    r"started|refuses?|refused|declines?|declined|fails?|failed|appears?|appeared|seems?|seemed|"
    r"likely|ready|willing|about|decides?|decided|says? it|said it|says? they|said they|"
    r"denies|denied|denying|(?:said|believed|understood|thought|reported|rumou?red|alleged|suspected|"
    r"feared|presumed)(?= to )|(?:accused|suspected) of|blamed for"
)
_MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|aug|sept|oct|nov|dec"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?"
_SPAN = (
    r"(?:week|weekend|month|year|morning|evening|afternoon|night|day|spring|summer|fall|autumn|"
    r"winter)"
)
_WHEN = (
    rf"(?:early |late )?on {_DAY}|(?:early |late )?{_DAY}|yesterday|today|tonight|overnight|"
    r"(?:hours|days|weeks|months|years|a (?:day|week|month|year)) (?:later|earlier|ago)|"
    rf"(?:earlier |later )?(?:this|last|next|that|the same) {_SPAN}|"
    rf"(?:on|in) (?:{_MONTH})(?: \d{{1,2}})?(?: ,)?(?: \d{{4}})?|in \d{{4}}"
)

Kind = Literal["takes", "holds", "leaves"]


class OfficeReport(NamedTuple):
    """A sentence's report about an office: the name as printed, and its span in the sentence.

    ``name`` is empty if only the title identifies the person (*Peru's president resigned*).
    ``certain``: the sentence itself names the state of the office. ``verb`` is empty for a name
    beside a title.
    """

    kind: Kind
    name: str
    start: int
    end: int
    status: Status
    certain: bool
    verb: str = ""


@dataclass(frozen=True, slots=True)
class _Name:
    """A person's name in a sentence, as its first and last word, with the title before it."""

    first: int
    last: int
    upto: int
    """The last word of the state after it: *President Ada Orlok of Peru*."""
    place: Place | None


_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]\.(?=\s[^\W\d_])|\w+(?:[-’'.](?=\w)\w+)*|[^\w\s]")
_CAPITAL = re.compile(rf"(?:(?:al|el|ad|as|ash|an|ar|at|az|es)-)?[{UPPER}]")
_MEAN = re.compile(rf"(?:(?:{_ADVERBS}|{_AUXILIARY}|{_GOVERNORS}|{_WHEN}|who) )*")
"""Words allowed between a subject and its verb."""
_WILL = re.compile(r" (?:will|would|could|may|might|to) ")
_AUXILIARIES = frozenset("to did does do will shall would can could may might must should".split())
_BE = frozenset("is are was were be been being gets got get".split())
_TO_TITLE = frozenset("as the a an its his her him them their in new to be become".split())
_TO_OFFICE = _TO_TITLE | frozenset("office oath of secrecy and duties post position powers".split())
"""Words between a verb for taking office or swearing, and the title."""
_CLAUSE = frozenset("from after who which that against when if before than while".split())
_OTHERS = frozenset("of for by with".split())
_OF_PARTY = re.compile(
    r"^(?:of|from) (?:\S+ ){1,6}?(?=(?:is|was|has|will|would|could|may|might)(?: |$))"
)
"""Words allowed after a name: *Ada Orlok of the opposition is sworn in*."""
_AFTER_LEAVING = frozenset(
    """
    as from after amid following over in on at due because and to with by since during before
    while when effective under citing today yesterday less just hours days weeks months aged but
    ahead for without despite
""".split()
)
"""Before these words, *resigns* has no object, and *ousted* is a passive."""
_NOT_SUBJECT = frozenset("of to for with by from against between before until till once".split())
"""Before a name, these show that it is not a subject, or that the act is still to come."""
_NO_OBJECT = frozenset("resign step_down bow_out leave_office die pass_away".split())
_POST = frozenset(
    "office post power presidency premiership position job role throne duties".split()
)
_TENDER = frozenset("announce submit tender hand give confirm declare".split())
_DOUBT = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|refut\w+|dispel\w*|rumou?r\w*|false\w*|untrue|hoax|fake"
    r"|claim\w*|purport\w*|alleg\w+|speculat\w+)\b"
)
_DOUBTED = re.compile(
    r" (?:is|are|was|were) (?:false|untrue|fake|a hoax)\b"
    r"| , [^,]{0,40} (?:claim|alleg)(?:s|ed|es)\b"
    r"|\b(?:but|though|which|and) [^,]{0,40} den(?:y|ies|ied)\b"
)
_CALLS = re.compile(
    r"\b(?:call\w* for|demand\w*|urg\w+|wants?|seek\w*|plann?\w*|favou?r\w*|support\w*) [^.;]*$"
)
_MAKES = frozenset("appoint name become select choose confirm approve swear".split())
"""Verbs that give somebody a role, not necessarily an office."""
_NOT_FATAL = frozenset({"shoot", "poison"})
_UNDONE = frozenset(
    "attempt attempts attempted failed foiled planned possible plot plots bid bids threat".split()
)
_LONGEST = 600
_SHORT = 3
"""Maximum letters of a word that is not taken for a role inside a name."""
_OPENS = 4
"""A name after more words than this does not begin a sentence."""
_FURTHEST, _OBJECT = 30, 7
"""Maximum words back to the subject of a verb, and forward to its object."""


@lru_cache(maxsize=4096)
def act_of(verb: str) -> Literal["takes", "resigns", "dies", "removed"] | None:
    """Return what a verb, as from ``verb_of``, does to the holder of an office."""
    if means(verb, "resign", "step_down"):
        return "resigns"
    if verb in _NOT_FATAL:
        return None
    if means(verb, "kill", "assassinate") or means(verb, "remove", "unseat"):
        return "removed"
    if means(verb, "die", "perish"):
        return "dies"
    takes = (("elect", "reelect"), ("inaugurate", "swear_in"), ("install", "invest"))
    if verb in _MAKES or any(means(verb, *pair) for pair in takes):
        return "takes"
    return "takes" if _is_intransitive(verb) else None


def _is_intransitive(verb: str) -> bool:
    """Whether the subject of a verb is the one who takes office: *becomes*, *takes over*."""
    return (
        verb == "become"
        or means(verb, "take_over", "take_office")
        or means(verb, "succeed", "replace")
    )


def _lead_to_title(words: Sequence[str], verb: str, *, certain: bool) -> bool:
    """Whether words connect a verb, or a name after it, to the title that it gives."""
    if "as" in words:  # elected by the assembly as, sworn in for a second term as
        last = words[len(words) - list(reversed(words)).index("as") :]
        leads = (_CLAUSE | _OTHERS).isdisjoint(last) if certain else _TO_TITLE.issuperset(last)
        return leads and _CLAUSE.isdisjoint(words)
    if verb == "become":
        return (_CLAUSE | _OTHERS).isdisjoint(words)
    return (_TO_OFFICE if verb else _TO_TITLE).issuperset(words)


def _past(verb: str) -> tuple[str, ...]:
    forms = forms_of(verb)
    return forms.past if forms else ()


def office_reports(sentence: str, post: Post, index: ActorIndex) -> list[OfficeReport]:
    """Read the reports about an office in a sentence, in order."""
    if len(sentence) > _LONGEST or not names_title(sentence, post):
        return []
    hits = index.trie.scan(sentence)
    parsed = _Sentence(sentence, post, hits, index)
    found = [*parsed.named_with_title(), *parsed.done()]
    first: dict[tuple[str, int], OfficeReport] = {}
    for one in sorted(found, key=lambda one: one.start):
        first.setdefault((one.kind, one.start), one)
    return list(first.values())


class _Sentence:
    """A sentence as words, with its titles and the names of persons."""

    def __init__(self, text: str, post: Post, hits: list[Hit], index: ActorIndex) -> None:
        self.text = text
        self._after = partial(owner_after, text, post=post, hits=hits, index=index)
        found = places(text, post, hits, index)
        others = [hit for hit in hits if may_own(hit, index)]
        self.words = [token(text, m.start(), m.end()) for m in _WORD.finditer(text)]
        self.place_at: dict[int, Place] = {}
        self._nobody: set[int] = set()
        for n, word in enumerate(self.words):
            for place in found:
                if place.first <= word.start and word.end <= place.last:
                    self.place_at[n] = place
            if any(hit.start <= word.start < hit.end for hit in others):
                self._nobody.add(n)
        self.names = list(self._names())
        self.name_at = {n: name for name in self.names for n in range(name.first, name.upto + 1)}
        # As required by the status patterns: lower case, every word between blanks.
        self._at: list[int] = []
        line = " "
        for word in self.words:
            self._at.append(len(line) - 1)
            line += word.text.lower() + " "
        self.line = line

    # --- names ------------------------------------------------------------------------

    def _names(self) -> Iterator[_Name]:
        at = 0
        while at < len(self.words):
            run = self._run(at)
            if not run:
                at += 1
                continue
            place = self._title_before(run[0])
            some = [self.words[n] for n in run]
            alone = len(some) == 1 and (surname(some[0]) or place is not None)
            if alone or personal_name(some):
                yield self._with_owner(_Name(run[0], run[-1], run[-1], place))
            at = run[-1] + 1

    def _with_owner(self, name: _Name) -> _Name:
        """Return a name with the owner of its title that follows it."""
        after = self._after(self.words[name.last].end) if name.place else None
        if name.place is None or after is None:
            return name
        upto = max(n for n, word in enumerate(self.words) if word.start < after[0])
        certain = after[1] and name.place.possible
        place = name.place._replace(possible=certain, certain=certain)
        return replace(name, upto=upto, place=place)

    def _run(self, at: int) -> list[int]:
        """Return the words of a name that may begin here."""
        run: list[int] = []
        for n in range(at, len(self.words)):
            word = self.words[n]
            glued = bool(run) and word.low in NAME_PARTICLES and self._is_capital(n + 1)
            if not glued and not self._is_capital(n, inside=bool(run)):
                break
            run.append(n)
            if word.text.endswith(("'s", "’s")):
                break
        while run and self._no_name(run[0]):
            run = run[1:]
        return run

    def _is_capital(self, n: int, *, inside: bool = False) -> bool:
        if n >= len(self.words) or n in self.place_at or n in self._nobody:
            return False
        word = self.words[n]
        role = word.low in ROLES or word.low in WEAK
        short = inside and len(word.text) <= _SHORT  # Hun Sen is not a senator
        return bool(_CAPITAL.match(word.text)) and (short or not role)

    def _no_name(self, n: int) -> bool:
        """Whether a word is capitalised for another reason: *If*, *Minister of Labour Orlok*."""
        key = normalise(self.words[n].text)
        return is_common(key) and key not in GIVEN_NAMES and (n == 0 or self._is_capital(n + 1))

    def _title_before(self, n: int) -> Place | None:
        """Return the title of the office right before a name, possibly with a rank between them."""
        at = n - 1
        while at >= 0 and self.words[at].low in ROLES | WEAK and at not in self.place_at:
            at -= 1
        place = self.place_at.get(at)
        return place if place is not None and self.words[at].end == place.last else None

    def _called(self, name: _Name) -> tuple[str, int, int]:
        start, end = self.words[name.first].start, self.words[name.last].end
        shown = re.sub(r"['’]s?\Z", "", self.text[start:end])
        return shown, start, start + len(shown)

    # --- a name beside a title --------------------------------------------------------

    def named_with_title(self) -> Iterator[OfficeReport]:
        """Yield the people with the title: before the name, or after it between commas."""
        for name in self.names:
            place = name.place or self._apposed(name)
            if place is None or not place.possible or place.seat or place.coming:
                continue
            if place.counted and not place.past:
                continue
            kind: Kind = "leaves" if place.past else "holds"
            yield OfficeReport(kind, *self._called(name), Status.HAPPENED, place.certain)

    def _apposed(self, name: _Name) -> Place | None:
        """Return the title in *Ada Orlok, the president of Peru,* or *the president of Peru, Ada
        Orlok,*."""
        after = self.place_at.get(name.last + 2)
        if after is not None and self._is(name.last + 1, ",") and self._begins(name.last + 2):
            end = self._end(after)
            if end >= len(self.words) or self._is(end, *",.;:)") or self._is(end, "and", "who"):
                return after
        before = self.place_at.get(name.first - 2)
        if before is not None and self._is(name.first - 1, ",") and self._ends(name.first - 2):
            return before if self._is(name.last + 1, ",") else None
        return None

    def _is(self, n: int, *words: str) -> bool:
        return 0 <= n < len(self.words) and self.words[n].low in words

    def _begins(self, n: int) -> bool:
        return self.place_at[n].first == self.words[n].start

    def _ends(self, n: int) -> bool:
        return self.place_at[n].last == self.words[n].end

    def _end(self, place: Place) -> int:
        """Return the index of the word after a title."""
        return next(
            (n for n, word in enumerate(self.words) if word.start >= place.last), len(self.words)
        )

    # --- acts -------------------------------------------------------------------------

    def done(self) -> Iterator[OfficeReport]:
        """Yield the people who take the office, or leave it."""
        for n, word in enumerate(self.words):
            if n in self.place_at or n in self.name_at or not word.text[:1].islower():
                continue
            verb = self._verb(n)
            act = act_of(verb) if verb else None
            if verb is None or act is None:
                continue
            for one in self._act(n, verb, act):
                yield one._replace(verb=verb)

    def _verb(self, n: int) -> str | None:
        """Return the verb at a word, with a particle after it or hyphenated to it: *sworn-in*."""
        verb, hyphen, particle = self.words[n].low.partition("-")
        following = self.words[n + 1].low if n + 1 < len(self.words) else ""
        if self._is(n + 2, "oath") and bare_form(verb) == "take":
            return "take_office"
        return verb_of(verb, particle if hyphen else following)

    def _act(self, n: int, verb: str, act: str) -> Iterator[OfficeReport]:
        form = self.words[n].low.partition("-")[0]
        last = n + (verb.count("_") if form == self.words[n].low else 0)
        if bare_form(form) is None and not is_participle(form):
            return self._noun(n, act)
        if act == "takes":
            return self._takes(n, last, verb)
        return self._removed(n, last) if act == "removed" else self._goes(n, last, verb)

    def _subject(self, n: int) -> tuple[int, str] | None:
        """Return the last word of the subject of verb ``n``, and the words between the two."""
        between: list[str] = []
        at = self._reached(n, between)
        if at is None:
            return None
        gap = _OF_PARTY.sub("", " ".join(reversed(between)))
        name = self.name_at.get(at)
        if self._is(self._first(at) - 1, "of") and self._first(at) - 2 in self.name_at:
            at = self._first(at) - 2  # Ada Orlok of Forza Peru
        if self._is(self._first(at) - 1, *_NOT_SUBJECT):
            return None
        if name is not None and self._is(name.first - 1, "and") and {"are", "were"} & set(between):
            return None
        return (at, gap) if _MEAN.fullmatch(f"{gap} " if gap else "") else None

    def _reached(self, n: int, between: list[str]) -> int | None:
        """Return the nearest word before a verb that belongs to a name or title. Collects the words
        ``between``, the nearest to the verb first, without asides."""
        at = n - 1
        while at >= max(0, n - _FURTHEST):
            if at in self.name_at or at in self.place_at:
                return at
            if self._is(at, "he", "she") and (meant := self._meant(at)) is not None:
                return None if self._is(at - 1, *_NOT_SUBJECT) else meant
            if self._is(at, "and") and not between:
                return self._opener()
            if self._is(at, ",", "(", ")", "–", "—"):
                named = self.name_at.get(at - 1)
                if named is not None and between[-1:] == ["who"]:
                    return at - 1  # succeeds Bela Zembla, who was ousted
                opens = self._opening(at)
                if opens is None:
                    return None
                if named is not None and named.first - 1 == opens and opens - 1 in self.place_at:
                    return named.last  # the vice president, Ada Orlok, becomes
                at = opens
            else:
                between.append(self.words[at].low)
            at -= 1
        return None

    def _opener(self) -> int | None:
        """Return the subject that begins the sentence, which also does what follows an *and*."""
        begins = [name for name in self.names[:1] if name.first <= _OPENS]
        return begins[0].last if begins else None

    def _meant(self, at: int) -> int | None:
        """Return the antecedent of *he* or *she*: the only person named, and named before it."""
        if len(self.names) == 1 and self.names[0].upto < at:
            return self.names[0].last
        return None

    def _first(self, at: int) -> int:
        """Return the first word of a name with its title, or of a title."""
        name = self.name_at.get(at)
        place = name.place if name else self.place_at.get(at)
        start = place.first if place else self.words[name.first if name else at].start
        return next(n for n, word in enumerate(self.words) if word.end > start)

    def _opening(self, at: int) -> int | None:
        """Return where the aside that ends here begins."""
        mark = "(" if self._is(at, ")") else self.words[at].text
        for n in range(at - 1, max(-1, at - _FURTHEST), -1):
            if self.words[n].text == mark:
                return n
        return None

    def _status(self, n: int, gap: str) -> Status | None:
        """Return the status of the act at word ``n``; None if the sentence does not report it."""
        start = self._at[n]
        end = start + len(self.words[n].text) + 1
        before = self.line[: start + 1]
        if conditional(before) or hedged(self.line, start, end):
            return Status.POSSIBLE
        if self._is_doubted(n):
            return Status.DENIED
        form, found = self.words[n].low, set(gap.split())
        bare = bare_form(form) == form and form not in _past(form)
        if bare and not found & _AUXILIARIES and not self._is_of_many(n):
            return None
        if form.endswith("ing") and not gap and self._is(n - 1, ","):
            return None if _WILL.search(before) else Status.HAPPENED  # attacks, killing him
        return None if "temporarily" in found else status_of(gap, form)

    def _is_of_many(self, n: int) -> bool:
        """Whether the subject is a plural: *officers depose him*."""
        before = self.words[n - 1].low if n else ""
        return before.endswith("s") and not before.endswith(("'s", "ss"))

    def _is_doubted(self, n: int) -> bool:
        """Whether the act at word ``n`` is denied, or only claimed."""
        at = self._at[n]
        return bool(_DOUBT.search(self.line, 0, at) or _DOUBTED.search(self.line, at))

    def _of(
        self, kind: Kind, at: int, status: Status | None, *, certain: bool
    ) -> Iterator[OfficeReport]:
        """Yield the report about the name at a word, or about a title without a name."""
        if status is None:
            return
        name, place = self.name_at.get(at), self.place_at.get(at)
        if name is not None:
            called = name.place or self._apposed(name)
            if kind == "takes":  # a minister, or the head of the senate, becomes president
                called = None
            if called is not None and not called.current:
                return
            certain = certain or (called is not None and called.certain)
            yield OfficeReport(kind, *self._called(name), status, certain)
        elif place is not None and place.current and not place.seat:
            yield OfficeReport(kind, "", place.first, place.last, status, place.certain)

    def _takes(self, n: int, last: int, verb: str) -> Iterator[OfficeReport]:
        title = self._title_after(last, verb)
        if title is None:
            if means(verb, "succeed", "replace"):
                yield from self._succeeds(n, last)
            return
        place, named, article = title
        if place.counted and not place.certain and verb == "become":
            return  # becomes the first president in history to lose
        subject = self._subject(n)
        gap = subject[1] if subject else self._gap(n)
        status = self._status(n, gap)
        end = self._end(place)
        if named is None and place.indefinite and self._is(end, ",") and end + 1 in self.name_at:
            named = end + 1  # appoints a new prime minister, Ada Orlok
        if named is not None and not _is_intransitive(verb):
            yield from self._of("takes", named, status, certain=place.certain)
            return
        passive = bool(_BE & set(gap.split()))
        short = not article and not self.words[n].low.endswith("s")
        if subject is not None and (passive or short or _is_intransitive(verb)):
            yield from self._of("takes", subject[0], status, certain=place.certain)

    def _title_after(self, last: int, verb: str) -> tuple[Place, int | None, bool] | None:
        """Return the title given to a person, the name before it, and whether *a* precedes it."""
        named: int | None = None
        between: list[str] = []
        for n in range(last + 1, min(len(self.words), last + _OBJECT * 2)):
            place = self.place_at.get(n)
            if place is not None:
                fits = place.current
                links = named is not None or not _is_intransitive(verb)
                led_by = "" if links else verb
                fits = fits and _lead_to_title(between, led_by, certain=place.certain)
                article = place.indefinite or bool({"a", "an"} & set(between))
                return (place, named, article) if fits else None
            if n in self.name_at:
                if named is not None and self.name_at[named] is not self.name_at[n]:
                    return None
                # Words before a name describe the person: *elects former judge Ada Orlok*.
                named, between = None if self._is_agent(n) else n, []
            elif not self.words[n].text[0].isalnum():
                return None
            else:
                between.append(self.words[n].low)
        return None

    def _is_agent(self, n: int) -> bool:
        """Whether a name is the agent: *appointed by the king as*."""
        at = self._first(n) - 1
        while at > 0 and self.words[at].low in BESIDE | ROLES | {"the", "a"}:
            at -= 1
        return self._is(at, "by")

    def _succeeds(self, n: int, last: int) -> Iterator[OfficeReport]:
        """Read *Ada Orlok succeeds President Bela Zembla*."""
        subject, target = self._subject(n), self._object(last)
        if subject is None or target is None or target not in self.name_at:
            return
        place = self.name_at[target].place
        if place is None or not place.possible:
            return
        status = self._status(n, subject[1])
        yield from self._of("takes", subject[0], status, certain=place.certain)

    def _goes(self, n: int, last: int, verb: str) -> Iterator[OfficeReport]:
        """Yield the person who resigns or dies."""
        subject = self._subject(n)
        title = self._title_after(last + 1, verb) if self._is(last + 1, "as") else None
        if subject is None or not (title or self._ends_there(last + 1, verb)):
            return
        certain = title is not None and title[0].certain
        yield from self._of("leaves", subject[0], self._status(n, subject[1]), certain=certain)

    def _ends_there(self, after: int, verb: str) -> bool:
        """Whether no object or other office follows: *resigns*, not *resigns from a board*."""
        if self._is(after, "as"):
            return False
        if self._is(after, "from", "the", "his", "her"):
            return self._is_from_post(after + 1)
        return verb in _NO_OBJECT or self._is_free(after)

    def _is_from_post(self, n: int) -> bool:
        return any(word.low in _POST for word in self.words[n : n + 3])

    def _is_free(self, n: int) -> bool:
        """Whether there is no object here."""
        if n >= len(self.words):
            return True
        word = self.words[n]
        return not word.text[0].isalnum() or word.low in _AFTER_LEAVING or word.low.endswith("day")

    def _removed(self, n: int, last: int) -> Iterator[OfficeReport]:
        """Yield the person who is removed or killed."""
        subject = self._subject(n)
        gap = subject[1] if subject else self._gap(n)
        passive = bool(_BE & set(gap.split())) and not self.words[n].low.endswith("ing")
        target = None if passive else self._object(last)
        if self._is(last + 1, "from") and not self._is_from_post(last + 2):
            return
        if target is not None:
            yield from self._of("leaves", target, self._status(n, gap), certain=False)
        elif subject is not None and (passive or self._is_short(n, last)):
            yield from self._of("leaves", subject[0], self._status(n, gap), certain=False)

    def _is_short(self, n: int, last: int) -> bool:
        """Whether a headline omits *is*: *President Orlok ousted in a coup*."""
        form = self.words[n].low
        return (
            not form.endswith(("s", "ing")) and bare_form(form) != form and self._is_free(last + 1)
        )

    def _object(self, last: int) -> int | None:
        """Return the last word of a verb's object, right after the verb."""
        including = next((n for n in range(last, last + _OBJECT) if self._is(n, "including")), last)
        for n in range(including + 1, min(len(self.words), including + _OBJECT)):
            if n in self.name_at:
                return self._unless_possessive(self.name_at[n].last)
            place = self.place_at.get(n)
            if place is not None:
                if not self._ends(n):
                    continue
                named = self.name_at.get(n + 1)
                return self._unless_possessive(n if named is None else named.last)
            word = self.words[n].low
            if word not in _TO_TITLE and word not in ROLES and word not in ("then", "out", "down"):
                return None
        return None

    def _unless_possessive(self, n: int) -> int | None:
        """Return a word, unless it is a possessive: *Orlok's appeal*."""
        return None if self.words[n].text.endswith(("'s", "’s", "s'", "s’")) else n

    def _gap(self, n: int) -> str:
        """Return the auxiliaries right before a verb whose subject is not a name."""
        found: list[str] = []
        for word in reversed(self.words[max(0, n - 6) : n]):
            if not _MEAN.fullmatch(f"{word.low} "):
                break
            found.append(word.low)
        return " ".join(reversed(found))

    def _noun(self, n: int, act: str) -> Iterator[OfficeReport]:
        """Read *The death of President Orlok*, *Orlok's resignation*, *announces her
        resignation*."""
        if act == "takes" or self._is(n + 1, *_UNDONE) or self._is(n - 1, "a", "an", "any"):
            return
        of = self._is(n + 1, "of")
        at = self._object(n + 1) if of else self._possessor(n)
        if at is None and self._is(n - 1, "his", "her", "their"):
            yield from self._tenders(n)
            return
        if at is None:
            return
        start = self._at[n]
        before, after = self.line[: start + 1], self.line[start + len(self.words[n].text) + 1 :]
        doubted = self._is_doubted(n) or conditional(before) or _CALLS.search(before)
        anyone = self._is(n - 1, *_UNDONE) or self._is(n - 2, *_UNDONE)
        status = Status.POSSIBLE if doubted or anyone else nominal_status(before, after)
        yield from self._of("leaves", at, status, certain=False)

    def _possessor(self, n: int) -> int | None:
        """Return the possessor in *Orlok's resignation*, *the president's sudden death*."""
        for at in (n - 1, n - 2):
            found = at in self.name_at or at in self.place_at
            if found and self.words[at].low.endswith(("'s", "s'")):
                return at
        return None

    def _tenders(self, n: int) -> Iterator[OfficeReport]:
        """Read *Ada Orlok tenders her resignation*."""
        at = n - 2 if not self._is(n - 2, "in") else n - 3
        if at < 1 or verb_of(self.words[at].low) not in _TENDER:
            return
        subject = self._subject(at)
        if subject is not None:
            yield from self._of("leaves", subject[0], self._status(at, subject[1]), certain=False)
