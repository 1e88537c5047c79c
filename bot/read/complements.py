"""What an act is about, where nobody known suffers it: what is called for, promised, refused.

It is told in the words of the clause, whole, or not at all; and an act that says nothing
without ("refused") is then no fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import EventClass
from bot.read.clauses import clause_end, condition_after, is_bare
from bot.read.cuts import can_act
from bot.read.lexicon import forms
from bot.read.nouns import is_adverb
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Item, Phrase, word_at
from bot.read.shape import Shape
from bot.read.stretches import index, kept


@dataclass(frozen=True, slots=True)
class Complement:
    """What an act is about: offsets into the text, and the act with the word that leads there.

    ``led``: there is one, and a day told after it may be that of what it leads to.
    """

    act: str
    span: tuple[int, int]
    led: bool


def _leads(lines: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines.strip().splitlines():
        acts, _, leads = line.partition(":")
        found |= {act.strip(): frozenset(leads.split()) for act in acts.split(",")}
    return found


_LEADS = _leads(
    """
    refuse, decline: to object
    agree: to on upon object
    promise, commit to: to
    threaten: to with object
    vow: to object
    back down: from on
    ease restrictions: object
    warn: of
    call for: for object
    call on: for to on upon
    ask: for
    demand, request: object that
    urge: object
    seek, accept, accept demands, allow, pardon, negotiate, host: object
    ban, reject, oppose, rule out, turn down, block, boycott, defy: object
    back, welcome, commute a sentence: object
    apologise: for
    pay tribute: to
    crack down: on
    impose a curfew: for
    go back on its word: on
    investigate: into object
    """
)
"""What stands between an act and what it is about, ``object`` for nothing."""

_OBJECT = frozenset(("object",))

_AS_NAMED = frozenset(
    (
        "call for",
        "commit to",
        "pay tribute",
        "crack down",
        "impose a curfew",
        "go back on its word",
        "investigate",
    )
)
"""Acts in whose name that word is, or is understood."""

_BEGINS = {
    "will not": re.compile(r" (?:will not|won't|would not|wouldn't|does not|doesn't)(?= )"),
    "be committed to": re.compile(r" committed(?= )"),
    "be willing to": re.compile(r" (?:willing|prepared)(?= )"),
    "commitment of": re.compile(r" commitments?(?= )"),
    "refuse as a noun": re.compile(r" refusal(?= )"),
    "threat to do": re.compile(r" threats?(?= )"),
}
"""What the complement stands after, in patterns without a verb for it."""

TOLD_BY = {
    form: entry.partition(":")[0]
    for entry in (
        "sign", "reach", "ink", "conclude", "strike:struck", "finalize", "finalise", "ratify",
        "approve", "accept", "offer", "volunteer", "mediate", "broker", "negotiate", "appeal",
        "ease", "shorten", "lift", "relax", "suspend", "waive", "remove", "scrap:scrapped",
        "loosen", "end", "drop:dropped", "rescind", "revoke", "meet:met",
    )
    for form in forms(entry)
}  # fmt: skip
"""Verbs that an act of another name is told by, and that its words are told with."""

_IN_ITS_VERB = frozenset(
    ("agree", "promise", "negotiate", "call on", "ease restrictions", "accept demands")
)

_NOTHING = frozenset(
    "it them him her us me this that these those so one anything something everything".split()
)
_THEM = frozenset("them him us me you".split())
"""Whom they mean stands elsewhere."""
_WHAT_IS_MEANT = re.compile(r" (?:whom|which|what|whatever)(?: the)? $")
"""Before its subject an act may be about what stands before, and the rest says little."""

_WHOLE_DEEDS = frozenset(
    """
    resign testify concede cooperate negotiate apologize apologise participate comply talk leave
    quit retaliate respond vote debate intervene surrender withdraw retreat disarm compromise
    budge investigate help pay
    speak appear run settle join attend return retire plead answer resume meet
    """.split()
)
"""What may be promised or refused in one word."""

_WHOLE = frozenset(
    """
    resign protest flee leave surrender mobilize concede vow kill travel arrive
    """.split()
) | frozenset(
    (
        "step down", "drop out", "back down", "cease fire", "end war", "deploy forces",
        "hold exercises", "test a missile", "put on alert", "open fire", "commute a sentence",
        "ease restrictions", "impose a curfew", "declare an emergency", "apologise", "sue",
        "pay tribute", "investigate", "support", "fail to agree", "withdraw", "mobilize",
        "shoot down", "visit", "express anger", "accept demands", "deepen ties",
    )
)  # fmt: skip
"""Acts that say enough where nobody is told to whom they are done."""

_HAS_MORE = re.compile(
    r" (?:[“”‘’\"'] )?(?:on|for|to|with|over|against|into|towards?|from|about|at|of) "
)
_ENDS_WHOLE = frozenset(
    ("apologise", "concede", "investigate", "sue", "support", "withdraw", "express anger")
)
"""These only where nothing of theirs follows: "concedes on the debate"."""


def says_enough(pattern: Pattern, match: Found) -> bool:
    """Tell whether an act says something though nobody and nothing is told that it is done to."""
    if pattern.both:
        return True
    if pattern.act not in _WHOLE:
        return False
    return pattern.act not in _ENDS_WHOLE or not _HAS_MORE.match(match.line, match.end)


def complement_of(
    shaped: Shape, pattern: Pattern, match: Found, *, thing: bool = False
) -> Complement | None:
    """Return what an act is about, if that is told right after it; ``thing``: its object is."""
    leads = _LEADS.get(pattern.act, _OBJECT if thing else None)
    if leads is None or pattern.both or _WHAT_IS_MEANT.search(match.line[: match.start]):
        return None
    found = kept(shaped)
    at = after_act(pattern, match)
    if at is None:
        return None
    while at < len(found) and is_adverb(found[at]):
        at += 1
    word = word_at(found, at)
    if pattern.name == "will not":
        lead = "to"
    elif (word in leads and word != "that") or (word == "of" and pattern.act == "threaten"):
        lead, at = word, at + 1
    elif "object" in leads and not _follows_noun(pattern) and _begins_object(found, at):
        lead = ""
    else:
        return None
    end = _end(found, at, pattern, lead)
    if end == at or (pattern.act == "agree" and not lead and match.verb not in TOLD_BY):
        return None
    return Complement(named(pattern, match, lead), _bare_quote(found, at, end), bool(lead))


def _bare_quote(found: Sequence[Item | Phrase], at: int, end: int) -> tuple[int, int]:
    """Return where words begin and end; one quote that is all of them, without its marks."""
    marks = [n for n in range(at, end) if word_at(found, n) in _QUOTED]
    if marks == [at, end - 1] and end > at + 2:
        at, end = at + 1, end - 1
        end -= word_at(found, end - 1) in (",", ".")
    return found[at].start, found[end - 1].end


def after_act(pattern: Pattern, match: Found) -> int | None:
    """Return where what follows the act begins."""
    begins = _BEGINS.get(pattern.name)
    if begins is not None:
        stands = begins.search(match.line, match.start)
        return index(match.line, stands.end()) if stands else None
    if pattern.nominal:
        return None
    at = index(match.line, match.verb_end)
    if pattern.act in ("pay tribute", "impose a curfew") or pattern.name == "issue a threat":
        return index(match.line, match.end)
    if pattern.act == "investigate" and pattern.name != "investigate":
        return index(match.line, match.end)
    if pattern.act in ("rule out", "turn down", "crack down", "back down"):
        return at + 1
    return at


def _follows_noun(pattern: Pattern) -> bool:
    return pattern.nominal or pattern.name == "issue a threat"


def _begins_object(found: Sequence[Item | Phrase], at: int) -> bool:
    word = word_at(found, at)
    if at >= len(found) or (word and not word[0].isalnum() and word not in "“\"‘'$€£#@"):
        return False
    return word not in _NO_OBJECT


_UPON = frozenset("impose levy place put inflict slap".split())
_QUOTED = frozenset('“ ” " ‘ ’'.split())
_NO_OBJECT = frozenset(
    """
    to for on in at by with from of as and or but after before during over under about who which
    when while if because not until than through among off out up down back against into upon
    since amid despite said says is are was were has have had will would him himself themselves
""".split()
)


def _end(found: Sequence[Item | Phrase], at: int, pattern: Pattern, lead: str) -> int:
    """Return where the complement that begins at ``at`` ends; ``at`` where it says nothing."""
    deed = lead == "to" and is_bare(found, at)
    through = 0
    if pattern.act == "allow" or (pattern.act in ("call for", "call on") and _asks_to(found, at)):
        through = next((n for n in range(at, len(found)) if word_at(found, n) in ("to", "into")), 0)
        if not through:
            return at
    if not _begins_object(found, at) and not deed:
        return at
    end = clause_end(found, at, through=through, noun=_follows_noun(pattern))
    words = [word_at(found, n) for n in range(at, end)]
    if not words or words[0] in _THEM or (len(words) < 4 and words[-1] in _NOTHING):
        return at
    if deed and words[0] in _UPON and word_at(found, at + 1) in ("on", "upon"):
        return at  # "the tariffs that it threatened to impose on toys"
    if deed and len(words) == 1 and words[0] not in _WHOLE_DEEDS:
        return at
    bound = pattern.event_class is not EventClass.THREATEN and condition_after(found, end)
    return at if bound else end


def _asks_to(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether somebody is called on to do something: a *to* comes before another mark."""
    for n in range(at, min(at + 9, len(found))):
        word = word_at(found, n)
        if word == "to":
            deed = word_at(found, n + 1)
            return deed == "be" or (is_bare(found, n + 1) and _can_do(found, n - 1))
        if word in (",", "that", "who", "which", "in", "on", "against", "of", "for"):
            return False
    return False


def _can_do(found: Sequence[Item | Phrase], at: int) -> bool:
    item = found[at]
    named = isinstance(item, Phrase) or item.capital
    return named or can_act(found, at) or word_at(found, at).endswith(("one", "body"))


def named(pattern: Pattern, match: Found, lead: str) -> str:
    """Name the act with the word that leads to what it is about: "refuse to", "ask for"."""
    verb = TOLD_BY.get(match.verb)
    act = pattern.act
    if act == "commute a sentence":
        return "commute"  # the words have whose
    if act == "go back on its word":
        return f"renege {lead}"
    if act == "call on" and not verb:
        return "call for" if lead == "for" else act
    if pattern.name == "threat to do" and lead == "of":
        return act
    if act in _IN_ITS_VERB and verb:
        act = "negotiate over" if verb == "negotiate" else verb
    if act == "promise" and pattern.name == "commitment of":
        act = "commit"
    if lead == "upon":
        lead = "on"
    if act in _AS_NAMED or not lead:
        return act
    return f"{act} {lead}"
