"""Where a clause, or what belongs to an act in it, ends without saying something else.

What is longer than a reader takes in at a glance is cut where another phrase begins, and not
read at all where no such place is near.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.read.nouns import NOUNS_IN_ING, is_adverb, is_hyphen
from bot.read.phrases import Item, Phrase, word_at
from bot.read.quotes import quote_at, splits_quote
from bot.read.subjects import IRREGULAR
from bot.read.words import ABBREVIATED, DETERMINERS, PREPOSITIONS, TIME

MOST_WORDS = 14
"""A clause up to this length is taken whole ..."""
_CUT_WORDS = 12
"""... and a longer one up to a place where it may be cut within these."""
_SHORT_CLAUSE = 5
"""Before a comma a clause with *that*, which has no more words with it, is but a part of one."""

_MARKS = frozenset("; : ! ? – — ‒ ― − ( ) [ ] … | / • ► ◾".split())
_CLOSING = frozenset("“ ” \" ' ‘ ’ )".split())
_OPENING = frozenset('“ "'.split())
_OTHER_CLAUSE = frozenset(
    """
    while because although though but whereas said says saying say according amid amidst despite
    after since when once however yet nor so even like including plus per whether due
    afterwards instead anyway
""".split()
)
"""They begin another clause."""
_SAYING_SO = frozenset(
    """
    claiming saying adding arguing citing warning noting stating accusing blaming insisting telling
    writing alleging suggesting promising vowing pledging threatening describing explaining
    referring announcing declaring tweeting posting
""".split()
)
"""What begins what is said with the act, but after a preposition or an *and*."""
_WITH_CLAUSE = frozenset("as before until till".split())
"""They begin a clause, or a phrase that belongs to the act."""
_HE = frozenset("he she it they we i you that there".split())
_FINITE = frozenset("has have had is are was were will would could may might".split())
_CONDITION = frozenset("if unless provided condition".split())
_RELATIVE = frozenset("who whom which whose that what how why where".split())
_MAY_CUT = frozenset(
    """
    who whom which whose where in at during through over as before until by and or using for from
    without within across with if unless
""".split()
)
"""Before these a clause may be cut: what is left says no other thing."""
_TO_DO = frozenset(
    """
    allow permit let help force ask urge want need require order get invite encourage enable
    compel tell direct instruct persuade convince expect push press
""".split()
)
_ABLE = frozenset(
    """
    chance right opportunity ability way need refusal able authority power permission decision
    attempt try go come return lead due back
""".split()
)
"""Without the *to* after them they say too little."""
_SAYING = frozenset(
    "say believe ensure prove show admit acknowledge confirm know think find argue claim".split()
)
_GOVERNING = frozenset(
    "stop start keep begin avoid consider continue finish quit resume risk support oppose".split()
)
"""Verbs before another in *ing*."""
_PAIRED = frozenset("between both either neither".split())
_NO_END = (
    (PREPOSITIONS - frozenset("off behind down along about".split()))
    | (DETERMINERS - {"this", "that", "these", "those", "both", "all"})
    | _HE
    | frozenset(
        "and or not no be is are to my your who which what grounds condition conditions".split()
    )
)
_WHILE = frozenset("days weeks months years decades hours".split())
_INSTEAD = frozenset("order response exchange return retaliation light addition case".split())
_ADJECTIVE = ("ful", "ous", "able", "ible", "ic", "less", "ish")
_PERHAPS = (*_ADJECTIVE, "ive", "al", "ary", "ern", "ian")
"""How adjectives end, and nouns less often."""
_COMMON = frozenset(
    "full new big great good safe fair open free long short quick swift clear total complete final "
    "major small large strong tough tougher real deep wide better bold immediate".split()
)


def clause_end(
    found: Sequence[Item | Phrase],
    at: int,
    *,
    through: int = 0,
    noun: bool = False,
    short: bool = False,
) -> int:
    """Return where what begins at ``at`` may end, or ``at`` itself where no place is fit.

    ``through``: an item that has to be part of it; ``short``: as soon as may be, not as late.
    """
    end = _before_saying(found, at, _hard_end(found, at, noun=noun))
    broken = word_at(found, end) == "…" or word_at(found, end) == word_at(found, end + 1) == "."
    if not (short or broken) and end - at <= MOST_WORDS and not splits_quote(found, at, end):
        return end if _is_whole(found, at, end) and end > through else at
    last = min(end, at + _CUT_WORDS)
    last = next((n for n in range(at + 1, last) if word_at(found, n) in _RELATIVE), last)
    cuts = list(range(last, max(at, through), -1))
    # Of several that are named together none is left out, if that can be.
    apart = [cut for cut in cuts if word_at(found, cut) not in ("and", "or")]
    for cut in (apart + cuts)[:: -1 if short else 1]:
        if (cut < end or broken) and not _may_cut(found, at, cut):
            continue
        if _is_whole(found, at, cut) and not splits_quote(found, at, cut):
            return cut
    return at


def _may_cut(found: Sequence[Item | Phrase], at: int, cut: int) -> bool:
    """Tell whether what ends before ``cut`` says nothing else than the whole does."""
    word, before = word_at(found, cut), word_at(found, cut - 1)
    if cut < at + 2 or is_adverb(found[cut - 1]) or before.endswith("ed") or before in IRREGULAR:
        return False  # what was done, and to whom or by whom, belongs together
    if before.endswith("ing") and before not in NOUNS_IN_ING:
        return False
    within = {word_at(found, n) for n in range(at, cut)}
    if word == "to":
        return before not in _ABLE and not within & _TO_DO
    if word in ("and", "or"):
        return not within & _PAIRED and not before.endswith(_PERHAPS)
    if word == "that":
        return before not in _SAYING
    if word == "for" and within & {"and", "or"}:
        return False  # it may belong to the last of them only
    if word in ("“", '"'):
        return word_at(found, cut + 1) in _MAY_CUT
    if word.endswith("ing") and word not in NOUNS_IN_ING:
        return before not in PREPOSITIONS | _GOVERNING
    return word in _MAY_CUT


def _hard_end(found: Sequence[Item | Phrase], at: int, *, noun: bool) -> int:
    """Return where the clause ends for sure: at a mark, or where another begins.

    ``noun``: it follows a noun that a verb may follow in its turn ("their refusal to go led").
    """
    ends = _ends_noun if noun else _ends_clause
    open_marks: list[str] = []
    for n in range(at, len(found)):
        word = word_at(found, n)
        mark = quote_at(found, n, open_marks)
        if mark == "open":
            open_marks.append(word)
        elif mark == "close" and open_marks:
            open_marks.pop()
        elif mark or word in _MARKS or (n > at and not open_marks and ends(found, at, n)):
            return n
    return len(found)


def _before_saying(found: Sequence[Item | Phrase], at: int, end: int) -> int:
    """Leave out a clause with *that* which a comma cuts in two, and what would join more."""
    if word_at(found, end) == ",":
        whole = max(end - _SHORT_CLAUSE, at)
        end = next((n for n in range(max(at + 2, whole), end) if word_at(found, n) == "that"), end)
    while end > at and word_at(found, end - 1) in ("and", "or", "then", ","):
        end -= 1
    return end


def _ends_clause(found: Sequence[Item | Phrase], at: int, n: int) -> bool:
    word, after = word_at(found, n), word_at(found, n + 1)
    if word == ",":
        return not (_lists_adjectives(found, at, n) or _is_of_a_date(found, n))
    if word == "." and (after == "." or _begins_sentence(found, n + 1)):
        return True
    if word == ".":  # of an abbreviation, if the sentence goes on
        return all(word_at(found, m) in _CLOSING for m in range(n + 1, len(found)))
    if word in ("-", "‑"):
        return not is_hyphen(found, n)
    if word == "earlier" and after in ("this", "on", "in", "", ".", ","):
        return True
    if word in _OTHER_CLAUSE:  # "questions about whether" go on
        return word != "whether" or word_at(found, n - 1) not in PREPOSITIONS
    if word == "for" and after in _WHILE:
        return True
    if word in _SAYING_SO and (word not in NOUNS_IN_ING or after in ("that", "of", "the")):
        return word_at(found, n - 1) not in PREPOSITIONS | {"and", "or"}
    if word in _WITH_CLAUSE:
        if after in _HE or (word == "before" and after.endswith("ing")):
            return True
        return _is_done_by(found, n) or (word == "as" and _is_verb(found, n + 3))
    if word == "in" and after in _INSTEAD:
        return True
    return word in ("and", "or", "then") and _is_verb(found, n + 1)


def _ends_noun(found: Sequence[Item | Phrase], at: int, n: int) -> bool:
    word = word_at(found, n)
    verb = word.endswith("ed") or _is_verb(found, n)
    return verb or word in ("and", "or") or _ends_clause(found, at, n)


def _begins_sentence(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a full stop before ``at`` ends a sentence, and is not of an abbreviation."""
    before = word_at(found, at - 2)
    if at >= len(found) or len(before) < len("two") or before in ABBREVIATED | TIME:
        return False
    following = found[at]
    return isinstance(following, Phrase) or following.capital


def _is_done_by(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether an actor and a verb follow: "as Ruritania attacked"."""
    following = found[at + 1] if at + 1 < len(found) else None
    if not isinstance(following, Phrase) or following.letter not in "nap":
        return False
    verb = word_at(found, at + 2)
    return _is_verb(found, at + 2) or (verb.endswith("s") and not verb.endswith(("ss", "'s")))


def _is_verb(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a verb stands there that has a subject before it, as far as its end tells."""
    while at < len(found) and is_adverb(found[at]):
        at += 1
    word = word_at(found, at)
    if word in _HE | _FINITE:
        return True
    if word.endswith("s") and word_at(found, at + 1) in _HE | DETERMINERS | {"him", "them"}:
        return True
    noun = at + 1 < len(found) and _is_noun_after(found, at)
    return (word in IRREGULAR or (word.endswith("ed") and len(word) > 4)) and not noun


def _is_noun_after(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a form in *ed* stands before its noun: "wounded soldiers"."""
    after = found[at + 1]
    if isinstance(after, Phrase):
        return False
    small = after.word in PREPOSITIONS | DETERMINERS or not after.word[0].isalpha()
    return not small and after.word.endswith("s") and not after.capital


def _is_of_a_date(found: Sequence[Item | Phrase], comma: int) -> bool:
    """Tell whether a comma belongs to a date, or to a place: "the march of May 6, 2021, in"."""
    before, after = word_at(found, comma - 1), word_at(found, comma + 1)
    year = len("2021")
    if before.isdigit() and len(before) == year and word_at(found, comma - 2) == ",":
        return after.isalpha() and after not in _OTHER_CLAUSE | _HE | _RELATIVE | {"and", "but"}
    return before.isdigit() and after.isdigit() and len(after) == year


def _lists_adjectives(found: Sequence[Item | Phrase], at: int, comma: int) -> bool:
    """Tell whether a comma stands between adjectives: "a fair, open vote"."""
    before = found[comma - 1]
    if not isinstance(before, Item) or is_adverb(found[min(comma + 1, len(found) - 1)]):
        return False
    like = before.word.endswith(_ADJECTIVE) or before.word in _COMMON
    begins = comma - 1 == at or word_at(found, comma - 2) in DETERMINERS | {"for", "of", "more"}
    nouns = [word_at(found, n) for n in (comma + 1, comma + 2)]
    small = PREPOSITIONS | DETERMINERS | _OTHER_CLAUSE | _MAY_CUT | _HE | {"to"}
    return like and begins and all(one.isalpha() and one not in small for one in nouns)


def _is_whole(found: Sequence[Item | Phrase], at: int, end: int) -> bool:
    """Tell whether the last word can be one."""
    if end <= at:
        return False
    last = found[end - 1]
    if word_at(found, end) == "like":
        return False  # what it is like belongs to it
    if isinstance(last, Phrase):
        return last.letter != "d" or last.plural
    if word_at(found, end) == "," and word_at(found, end + 1) in _OPENING:
        return not last.word.endswith(_PERHAPS)  # "an alternative, “green” roof"
    return not (last.word in _NO_END | ABBREVIATED or last.word.endswith("'s"))


_BARE_ANYWAY = frozenset(
    "bring sing ring swing cling fling sting need feed proceed succeed embed shed discuss address "
    "pass press impress express assess focus process access possess dismiss suppress oppress guess "
    "bless cross witness harness confess".split()
)
"""Bare verbs that end like another form of one."""


def is_bare(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a bare verb may stand there."""
    item = found[at] if at < len(found) else None
    if not isinstance(item, Item) or item.capital or not item.word.isalpha():
        return False
    bare = item.word in _BARE_ANYWAY or not item.word.endswith(("ing", "s", "ed"))
    return bare and item.word not in PREPOSITIONS | DETERMINERS


def condition_after(found: Sequence[Item | Phrase], end: int) -> bool:
    """Tell whether what ends there holds on a condition that is told after it."""
    for n in range(end, len(found)):
        word = word_at(found, n)
        if word in _CONDITION:
            return True
        if word in _MARKS or word == "." or (word == "," and n > end):
            return False
    return False
