"""A parsed question: kind, actors, period, event classes, filters and other words.

People ask in plainer words than articles use, so the event classes of a question come from a table
of words (*released*, *truce*, *sanctions*) and not from the trained reader."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from bot.answer.intents import asks_for_news
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import EventClass, Match, Period
from bot.store.ids import publisher_key
from bot.telemetry.traces import spanned
from bot.text.english import forms, is_past
from bot.text.names import normalise
from bot.text.periods import find_period, refuse_far_days, refuse_no_days

# --- event classes ------------------------------------------------------------------


_VERBS: dict[EventClass, str] = {
    EventClass.AGREE: "agree sign ratify reconcile accept",
    EventClass.CONSULT: "meet:met visit negotiate mediate travel phone confer consult discuss"
    " broker attend greet talk speak:spoke/spoken",
    EventClass.SUPPORT: "support endorse praise applaud recognise recognize congratulate commend"
    " hail laud thank defend welcome",
    EventClass.COOPERATE: "cooperate collaborate partner normalise normalize export import",
    EventClass.AID: "aid assist donate fund finance supply bail help rescue shelter",
    EventClass.CONCEDE: "concede release pardon ease relent resign apologise apologize",
    EventClass.RETREAT: "withdraw:withdrew/withdrawn retreat surrender evacuate demobilise disarm"
    " capitulate release resign",
    EventClass.REQUEST: "urge demand request invite appeal beg:begged propose implore lobby"
    " petition pressure encourage",
    EventClass.ACCUSE: "accuse blame criticise criticize condemn denounce slam:slammed allege sue"
    " rebuke castigate lambast decry deplore insult mock indict impeach prosecute investigate"
    " summon",
    EventClass.REJECT: "reject refuse veto deny dismiss decline rebuff oppose defy violate breach",
    EventClass.THREATEN: "threaten warn vow swear:swore/sworn",
    EventClass.PROTEST: "protest demonstrate riot rally march",
    EventClass.SANCTION: "sanction embargo boycott expel:expelled suspend ban:banned blacklist"
    " sever recall",
    EventClass.MOBILIZE: "mobilise mobilize deploy amass",
    EventClass.COERCE: "arrest detain seize jail imprison abduct kidnap blockade confiscate deport"
    " hijack execute besiege evict demolish sentence hack capture block",
    EventClass.ASSAULT: "attack strike:struck bomb kill assassinate shoot:shot shell raid invade"
    " murder torture massacre ambush assault bombard destroy wound injure annex occupy behead",
    EventClass.MOVE: "move leave:left relocate depart arrive flee:fled host return exit",
}
_NOUNS: dict[EventClass, str] = {
    EventClass.AGREE: "deal deals accord accords agreement agreements treaty treaties truce truces"
    " ceasefire ceasefires armistice pact pacts memorandum",
    EventClass.CONSULT: "talks meeting meetings summit summits visits trip negotiation"
    " negotiations mediation consultations dialogue met relations",
    EventClass.SUPPORT: "backing backed backs endorsement recognition",
    EventClass.COOPERATE: "cooperation partnership normalisation normalization",
    EventClass.AID: "assistance donation donations loan loans funding humanitarian",
    EventClass.CONCEDE: "concession concessions amnesty swap freed frees freeing",
    EventClass.RETREAT: "withdrawal pullout evacuation truce ceasefire freed frees freeing",
    EventClass.REQUEST: "demands invitation invitations calls",
    EventClass.ACCUSE: "accusation accusations condemnation criticism blame lawsuit",
    EventClass.REJECT: "rejection refusal denial",
    EventClass.THREATEN: "threat threats warning warnings ultimatum ultimatums",
    EventClass.PROTEST: "protests demonstration demonstrations riots unrest uprising",
    EventClass.SANCTION: "sanctions embargoes tariffs expulsion bans banning",
    EventClass.MOBILIZE: "mobilisation mobilization deployment buildup build-up",
    EventClass.COERCE: "arrests detention crackdown curfew kidnapped kidnapping kidnappings",
    EventClass.ASSAULT: "attacks strikes airstrike airstrikes bombing assassination invasion"
    " clashes killing killings fighting offensive war",
    EventClass.MOVE: "relocation departure exile exodus",
}
_PERSON_GOES = {"go", "went", "going", "goes", "travel"}
"""In questions, these words mean a visit: *when will the Emir go to Iran?*"""

_BASE = re.compile(r"[^a-z-]+")


@cache
def _table() -> dict[str, frozenset[EventClass]]:
    found: dict[str, set[EventClass]] = {}
    for event_class, verbs in _VERBS.items():
        for word in (*forms(*verbs.split()), *_NOUNS[event_class].split()):
            found.setdefault(word, set()).add(event_class)
    for word in _PERSON_GOES:
        found[word] = {EventClass.CONSULT}
    found["relations"] = {EventClass.CONSULT, EventClass.AGREE, EventClass.ACCUSE}
    return {word: frozenset(classes) for word, classes in found.items()}


def classes_of(words: Iterable[str]) -> frozenset[EventClass]:
    """Return the classes that these words, in lower case, ask for."""
    table = _table()
    return frozenset().union(*(table.get(word, frozenset()) for word in words))


@cache
def words_for(event_class: EventClass) -> frozenset[str]:
    """Return the words, in lower case, that ask for a class."""
    return frozenset(word for word, classes in _table().items() if event_class in classes)


def asks_for_acts(word: str) -> bool:
    """Return whether a word, in lower case, asks for acts of some class."""
    return word in _table()


@cache
def words_for_acts() -> tuple[str, ...]:
    """Return the words, in lower case, that ask for acts."""
    return tuple(_table())


def named_class(text: str) -> frozenset[EventClass]:
    """Parse the value of ``type:``, a class or a word of one; raise BadQuery."""
    word = _BASE.sub("", text.casefold())
    if word.upper() in EventClass.__members__:
        return frozenset({EventClass[word.upper()]})
    if found := classes_of([word]):
        return found
    known = ", ".join(one.value.lower() for one in EventClass)
    name = text[:40]
    raise BadQuery(f"type:{name} is not a kind of event: choose from {known}.", about=name)


# --- kinds --------------------------------------------------------------------------


Kind = Literal[
    "who",
    "what",
    "when",
    "where",
    "how many",
    "did",
    "statement",
    "why",
    "is it true",
    "who said",
    "said",
    "versus",
    "how often",
    "who has not",
    "planned",
    "still",
    "last",
    "new",
]
"""``said`` asks for statements, ``who said`` for the speaker of one; ``who has not`` asks for
actors without a report; ``last`` when something last happened; ``new`` for recent news."""

Tense = Literal["now", "past", "coming", "period"]
"""The time of a question: the current state, the past, the future, or the days it names."""

_AUXILIARY = (
    "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|shall|may|might|must"
)
_NOT = (
    r"(?:n['’]?t|\snot)\b|(?:has|have|is|are)\s(?:yet\sto|never|still\sto)\b|\bnever\b|\byet\sto\b"
)
_SPOKE = r"(?:say|says|said|saying|stated?|claim(?:s|ed)?|told|tell|think|thinks|thought)"
_ACTS = "meetings?|visits?|talks|calls?|attacks?|strikes?|summits?|airstrikes?|raids?|bombings?"
_ACT = rf"(?:{_ACTS})"

# The first pattern that matches is the kind.
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "why",
        r"(?:so\s|and\s|but\s)?(?:why\b|how\scome\b|what(?:['’]s|\s(?:is|was|are|were))\sthe\s"
        r"(?:reasons?|causes?|motives?)\b|what\s(?:made|caused|led|prompted)\b"
        r"|for\swhat\sreason\b|(?:the\s)?reasons?\s(?:for|why)\b)",
    ),
    (
        "is it true",
        r"(?:(?:is|was)\s(?:it|this|that)\s(?:really\s|actually\s)?(?:true|correct|confirmed|a\sfact"
        r"|the\scase)\b|(?:true|fact)\s?or\s?(?:false|fiction)\b|did\s.{1,60}?\s(?:really|actually)\b"
        r"|(?:can|could)\s(?:you|anyone)\s(?:confirm|verify)\b|(?:confirm|verify|fact[\s-]?check)\b"
        r"|is\sit\s(?:officially\s)?confirmed\b|has\sit\sbeen\sconfirmed\b)",
    ),
    (
        "who has not",
        rf"(?:(?:who|which\s\w+(?:\s\w+)?)\s(?:else\s)?(?:has|have|did|does|do|is|are|was|were)?"
        rf"\s?(?:{_NOT})|who\s(?:else\s)?(?:has|have|did|does|do|is)(?:{_NOT}))",
    ),
    (
        "who said",
        rf"(?:who(?:\selse)?\s(?:has\s|have\s)?{_SPOKE}\b"
        r"|according\sto\swho(?:m)?\b|who\s(?:is|was)\squoted\b)",
    ),
    (
        "said",
        rf"(?:what\s(?:did|does|do|has|have|had)\b.{{1,80}}?\s{_SPOKE}\b"
        rf"|what\s.{{1,80}}?\s(?:said|says)\b|how\s(?:did|does|has|have)\b.{{1,80}}?\s(?:react|respond|comment)"
        r"(?:ed)?\b|(?:any\s)?(?:statements?|quotes?|remarks?|comments?|reactions?)\s(?:by|from|of)\b)",
    ),
    (
        "how often",
        rf"(?:how\s(?:often|frequently|many\stimes)\b|how\smany\s(?:\w+\s)?{_ACT}\b"
        rf"|(?:the\s)?(?:number|count)\sof\s(?:times|{_ACT}))",
    ),
    (
        "last",
        r"(?:when\b.{0,80}?\blast\b|(?:when|what)\s(?:is|was|were)\sthe\s(?:last|latest|most\srecent)\s"
        r"|(?:the\s)?(?:last|latest|most\srecent)\s(?:time|" + _ACTS + r")\b)",
    ),
    (
        "still",
        r"(?:(?:is|are|was|were|does|do|has|have)\b.{0,80}?\bstill\b|still\s(?:true|valid|on|holding|there)\b"
        r"|(?:has|have)\s(?:that|this|it|things)\schanged\b|.{0,80}\bstill\s(?:true|valid|holds?|holding)\b)",
    ),
    (
        "planned",
        r"(?:what(?:['’]?s|\sis|\sare)?\s(?:is\s|are\s)?(?:coming|next|planned|scheduled|ahead|upcoming"
        r"|expected|on\sthe\s(?:agenda|calendar|schedule))\b|(?:what\s(?:are|is)\s)?(?:the\s)?(?:upcoming|planned|scheduled)\b"
        r"|coming\sup\b|what\s(?:does|do)\b.{1,60}?\s(?:plan|intend)\b|what\s(?:are|is)\b.{1,60}?\splans?\b"
        r"|(?:plans|agenda|schedule|calendar)\s(?:of|for)\b|.{1,60}\s(?:coming\sup|next)\W*$)",
    ),
    (
        "new",
        r"(?:what(?:['’]?s|\sis)\s(?:new|happening|going\son|up)\b|any\s(?:news|updates?)\b|any(?:thing)?\snew\b|(?:the\s)?latest\b"
        r"|updates?\s(?:on|about)\b|news\b|what\s(?:has\s)?(?:changed|happened|happens)\b"
        r"|what\sdid\si\smiss\b|what\s(?:should|must|do)\s(?:i|we)\s(?:need\sto\s)?know\b|what\smatters\b|catch\sme\sup\b|relations\s(?:between|of)\b)",
    ),
)  # fmt: skip
_PATTERNS = [(kind, re.compile(rf"\W*{pattern}", re.IGNORECASE)) for kind, pattern in _KINDS]
_VERSUS = re.compile(
    r"\b(?:vs\.?|versus|compared?\s(?:to|with)|differ(?:s|ed)?|disagree[sd]?)\b|^\W*compare\b"
    r"|\b(?:positions?|views?|stances?)\sof\b.{1,60}?\sand\b|^\W*where\sdo\b.{1,80}?\sstand\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"\W*(who|whom|whose|what|which|when|where|how many|how much|did|does|do|is|are|was|were"
    r"|has|have|had|will|can|could|should)(?:['’]?s)?\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|going to|plans? to|planned|upcoming|scheduled|next|coming|expected to)\b", re.I
)
_NEWEST = re.compile(
    r"\b(?:now|new|newest|latest|most recent|so far|still|yet|current(?:ly)?|today|to date"
    r"|these days|at (?:the moment|present)|any ?more)\b",
    re.IGNORECASE,
)
"""Words that ask for the newest state, whatever the tense of the verb."""
_PRESENT = re.compile(
    r"is|are|am|has|have|does|do|(?:who|what|where|when|how|why|it|that|there)['’]?(?:s|re)"
)
_PAST = frozenset("did was were had whod".split())
_KIND_WORD = re.compile(r"[\w'’]+")
_WHO = re.compile(
    rf"(?:[^:]{{0,30}}:)?\W*whom?\s+(?:(?:{_AUXILIARY})\s+)?(?:the\s+)?", re.IGNORECASE
)


def kind_of(text: str) -> Kind:
    """Return the kind of a question, after its period has been removed."""
    if _VERSUS.search(text):
        return "versus"
    for kind, pattern in _PATTERNS:
        if pattern.match(text):
            return kind
    match = _BEGINNING.match(text)
    return _plain_kind(match[1].lower() if match else "")


def _plain_kind(word: str) -> Kind:
    if word in ("who", "whom", "whose"):
        return "who"
    if word in ("what", "which"):
        return "what"
    if word == "when":
        return "when"
    if word == "where":
        return "where"
    if word.startswith("how"):
        return "how many"
    return "did" if word else "statement"


def looks_ahead(text: str) -> bool:
    """Return whether a question is about the future."""
    return bool(_AHEAD.search(text))


def tense_of(text: str, kind: Kind) -> Literal["now", "past"]:
    """Return whether a question without a period or a plan is about now or the past.

    The first verb decides, except for words such as *latest*, *so far* or *still*, which ask for
    the newest state. A text that is no question is about now.
    """
    if kind == "statement" or _NEWEST.search(text):
        return "now"
    for word in map(str.lower, _KIND_WORD.findall(text)):
        if _PRESENT.fullmatch(word):
            return "now"
        if word in _PAST or is_past(word):
            return "past"
    return "now"


def after_who(text: str) -> int | None:
    """Return where the words after *who did the* begin; None if no person is asked for."""
    match = _WHO.match(text)
    return match.end() if match else None


# --- words that are not searched for --------------------------------------------------

_SHORT = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$", re.IGNORECASE)

_FUNCTION = frozenset(
    """
    a about after again against all also am an and any are as at be because been before being
    between both but by can could did do does doing done down during each ever for from
    further get got had has have having he her here hers him his how i if in into is it its
    just last many me more most much must my no nor not now of off on once only or other our
    out over own per past please same she should show since so some such than that the their
    them then there these they this those through to too under until up us very was we were
    what when where which while who whom whose why will with would yes yet you your s t v vs versus
    whats whos whens wheres hows thats theres isn aren wasn weren don doesn didn hasn haven
    hadn won wouldn couldn shouldn isnt arent wasnt werent dont doesnt didnt hasnt havent
    abt ppl pls plz
    hadnt wont wouldnt couldnt shouldnt
    """.split()
)
_NO_TERMS = frozenset(
    """
    status overview summary summarise summarize recap background explain please quick stuff
    bullets timeline new news latest update updates happened happening happen happens brief tell
    about
    anything something any information info regarding concerning situation going event
    events thing things say said says report reported reports story stories involved
    involving relating related developments recent recently occur occurred place took take
    """.split()
)
# Words that only show the kind of a question: not searched for once the kind is known.
_OF_KIND: dict[Kind, str] = {
    "why": "why reason reasons cause causes caused motive motives made led prompted come",
    "is it true": "true false fact fiction confirmed confirm correct verify check really"
    " actually officially case anyone",
    "who said": "says said say claim claims claimed state stated states told tell think thinks"
    " thought quoted according else",
    "said": "says said say claim claims claimed state stated states told tell think thinks"
    " thought react reacted respond responded comment commented comments statement statements"
    " quote quotes remark remarks reaction reactions",
    "how often": "times time often frequently number count",
    "who has not": "respond responded never still yet else countries country state nations",
    "last": "last latest recent time",
    "still": "still true valid changed holding holds hold stand stands",
    "planned": "coming next planned scheduled ahead upcoming expected agenda calendar schedule"
    " plan plans planning intend intends up",
    "new": "new changed miss catch latest relations know need matters",
    "versus": "compare compared differ differs differed disagree disagrees disagreed position"
    " positions view views stance stances stand",
}


def is_function_word(word: str) -> bool:
    """Return whether a word is a function word of questions ("what", "with", "did")."""
    return normalise(_SHORT.sub("", word)) in _FUNCTION


def means_something(word: str, kind: Kind) -> bool:
    """Return whether a word, in lower case, is searched for in a question of this kind."""
    if len(word) < 2 or word in _NO_TERMS or word in _OF_KIND.get(kind, "").split():
        return False
    return asks_for_acts(word) or not is_function_word(word)


# --- filters --------------------------------------------------------------------------


class Filters(NamedTuple):
    """Filters keep only lines from ``publishers`` (published or cited), of ``classes``, with all of
    ``phrases`` and none of ``without``. Empty fields filter nothing."""

    publishers: tuple[str, ...] = ()
    classes: frozenset[EventClass] = frozenset()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


NO_FILTERS = Filters()

_OPTION = re.compile(
    r"(?<!\S)(?P<name>from|source|by|type|class|kind):\s?(?:[\"“](?P<quoted>[^\"”]+)[\"”]|(?P<word>[^\s\"“”]+))",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"(?<!\S)-(?:[\"“](?P<quoted>[^\"”]+)[\"”]|(?P<word>[^\W\d_][\w'’.-]*))")
_PHRASE = re.compile(r"[\"“](?P<phrase>[^\"“”]*\w[^\"“”]*)[\"”]")


def find_filters(text: str) -> tuple[Filters, str]:
    """Parse the filters of a question; raise BadQuery for an unknown ``type:``.

    The returned text has blanks in their place, so that offsets stay valid; an exact phrase only
    loses its quotation marks, because its words are searched for as well.
    """
    publishers: list[str] = []
    classes: frozenset[EventClass] = frozenset()
    for match in _OPTION.finditer(text):
        value = match["quoted"] or match["word"].rstrip(",;?!")
        if match["name"].lower() in ("type", "class", "kind"):
            classes |= named_class(value)
        else:
            publishers.append(publisher_key(value))
    rest = _OPTION.sub(_blank, text)
    without = tuple(m["quoted"] or m["word"].rstrip(".,") for m in _WITHOUT.finditer(rest))
    rest = _WITHOUT.sub(_blank, rest)
    phrases = tuple(" ".join(m["phrase"].split()) for m in _PHRASE.finditer(rest))
    rest = _PHRASE.sub(lambda m: f" {m['phrase']} ", rest)
    return Filters(tuple(publishers), classes, phrases, without), rest


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


# --- the question ---------------------------------------------------------------------

NO_QUESTION = "I see no question in that. Try: who moved to Turkey? or: Qatar since March."
LONGEST = 300
"""Characters of a query. Longer ones are pasted texts, not questions."""

MOST_BESIDE_EXACT = 3
"""With more words beside it, an exact phrase is a quotation and no filter."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DONE = re.compile(r"\b(?:did|does|do|done|doing)\b", re.IGNORECASE)
_GOING_ON = re.compile(r"\bgo(?:ing|es)? on\b", re.IGNORECASE)
_OF_THINGS: frozenset[Kind] = frozenset({"statement", "new", "versus"})
"""Kinds that ask about their actors in general, if nothing else is named."""

_MAY_BE_GENERAL: frozenset[Kind] = frozenset({"statement", "new", "what", "did"})
"""Kinds of which the words beside the actors may ask for the news in general."""


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed question.

    ``named`` are the actors found in it, in order, sure or not, with their offsets in
    ``text``; ``terms`` the content words beside them.
    """

    text: str
    kind: Kind
    named: tuple[QueryActor, ...]
    period: Period | None
    classes: frozenset[EventClass]
    terms: tuple[str, ...]
    ahead: bool
    doer: bool
    """Whether it asks for the doer (*who attacked Israel?*), not for the target."""
    filters: Filters = NO_FILTERS
    notes: tuple[str, ...] = ()
    """Notes for the reader on how the question was understood."""

    @property
    def subjects(self) -> tuple[Match, ...]:
        """The best match of each actor that is surely meant; each actor once."""
        best = {one.matches[0].actor: one.matches[0] for one in self.named if one.verdict == "sure"}
        return tuple(best.values())

    def meaning(self, name: QueryActor, match: Match) -> Question:
        """Return this question with ``name`` taken to mean ``match``."""
        meant = replace(name, matches=(match,), verdict="sure")
        return replace(self, named=tuple(meant if one == name else one for one in self.named))

    def taking(self, typed: str, match: Match) -> Question:
        """Return this question with a typed name taken to mean ``match``.

        Words that were not recognised as a name become one.
        """
        for one in self.named:
            if one.text.casefold() == typed.casefold():
                return self.meaning(one, match)
        start = self.text.casefold().find(typed.casefold())
        if start < 0:
            return self
        end = start + len(typed)
        words = {word.lower() for word in _WORD.findall(typed)}
        apart = [one for one in self.named if one.end <= start or end <= one.start]
        named = [*apart, QueryActor(start, end, self.text[start:end], (match,), "sure")]
        return replace(
            self,
            named=tuple(sorted(named, key=lambda one: one.start)),
            terms=tuple(term for term in self.terms if term not in words),
        )

    def without(self, names: Collection[QueryActor]) -> Question:
        """Return this question with ``names`` taken for ordinary words."""
        words = [word.lower() for one in names for word in _WORD.findall(one.text)]
        return replace(
            self,
            named=tuple(one for one in self.named if one not in names),
            terms=(*self.terms, *(word for word in words if not is_function_word(word))),
        )

    def about(self, names: Collection[QueryActor]) -> Question:
        """Return this question with no other actors than ``names``."""
        return replace(self, named=tuple(one for one in self.named if one in names))

    def noting(self, *notes: str) -> Question:
        """Return this question with more notes for the reader."""
        return replace(self, notes=(*self.notes, *notes))

    @property
    def general(self) -> bool:
        """Whether it only asks in general about its actors: a name alone, *who is he?*, *what is
        new with them?*"""
        if self.terms or not self.subjects or self.filters.classes or self.filters.phrases:
            return False
        if self.kind == "versus" and len(self.subjects) > 2:
            return False  # the third actor is the topic of the comparison
        if self.kind == "what":
            return not self.classes and not _DONE.search(self.text)
        return self.kind in _OF_THINGS or (self.kind == "who" and not self.doer)

    @property
    def tense(self) -> Tense:
        """The time it asks about, for ranking by age.

        ``now`` prefers the newest state (*still*, *so far*, *who runs it?*), ``past`` is
        for past events, recent ones unless the question says more, ``coming`` for plans,
        and ``period`` for events in the days of ``period``.
        """
        ahead = self.ahead and self.kind != "still"  # gas still going to Moldova
        if self.period is not None and not ahead:
            return "period"
        return "coming" if ahead else tense_of(self.text, self.kind)

    @property
    def unsure(self) -> tuple[QueryActor, ...]:
        """The names that fit several actors about equally well."""
        return tuple(one for one in self.named if one.verdict == "unsure")


@spanned("match")
def understand(
    text: str, actors: ActorIndex, today: date, period: Period | None = None
) -> Question:
    """Parse a question as of ``today``; raise BadQuery if it is empty, too long, or names an
    impossible day.

    ``period`` was given beside the text and replaces one in it.
    """
    plain = " ".join(text.replace("\x00", " ").split())  # no store accepts a NUL
    if not _WORD.search(plain):
        raise BadQuery(NO_QUESTION, about=plain[:80])
    if len(plain) > LONGEST:
        raise BadQuery(
            f"That is {len(plain)} characters long; a question may have at most {LONGEST}. Name"
            " an actor or ask one thing.",
            about=plain[:80],
        )
    filters, unfiltered = find_filters(plain)
    refuse_no_days(unfiltered)
    found = find_period(unfiltered, today)
    if found:
        refuse_far_days(found.period.label, (found.period.start, found.period.end))
    rest = blanked(unfiltered, found.start, found.end) if found else unfiltered
    named = tuple(actors.in_query(rest, today))
    words = [word.lower() for word in _words(rest, named)]
    kind = kind_of(rest)
    general = kind in _MAY_BE_GENERAL and not filters.phrases and asks_for_news(" ".join(words))
    if general and not named:
        kind = "new"
    asks = kind == "new" or not all(map(is_function_word, words))
    if not (found or period or named or any(filters) or asks):
        raise BadQuery(NO_QUESTION, about=plain[:80])
    asked = [] if _GOING_ON.search(rest) else words
    terms = tuple(word for word in ([] if general else words) if means_something(word, kind))
    return Question(
        text=plain,
        kind=kind,
        named=named,
        period=period or (found.period if found else None),
        classes=filters.classes or classes_of(asked),
        terms=terms,
        ahead=kind == "planned" or looks_ahead(rest),
        doer=_asks_doer(rest, named),
        filters=_as_meant(filters, terms),
    )


def _as_meant(filters: Filters, terms: Sequence[str]) -> Filters:
    """Drop phrases beside many other words: there they are quotations, not filters."""
    inside = {word.lower() for phrase in filters.phrases for word in _WORD.findall(phrase)}
    if len([term for term in terms if term not in inside]) > MOST_BESIDE_EXACT:
        return filters._replace(phrases=())
    return filters


def blanked(text: str, start: int, end: int) -> str:
    """Replace part of a text by blanks, so that offsets stay valid."""
    return text[:start] + " " * (end - start) + text[end:]


def _words(text: str, named: Sequence[QueryActor]) -> list[str]:
    """Return the words that are not part of a name."""
    return [
        match.group()
        for match in _WORD.finditer(text)
        if not any(one.start <= match.start() < one.end for one in named)
    ]


def _asks_doer(text: str, named: Sequence[QueryActor]) -> bool:
    """Return whether it asks for the doer: *who attacked Israel?*, not *who did Israel attack?*"""
    begin = after_who(text)
    return begin is not None and not any(one.start <= begin < one.end for one in named)
