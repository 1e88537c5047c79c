"""Noun phrases in the words of a sentence: where one that begins at a word ends.

There is no parse behind it. Words that cannot stand inside a noun phrase end it, and so does a
past form after a noun; where that leaves no noun, nothing was read.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.read import words
from bot.read.phrases import Item, Phrase, is_name, word_at
from bot.read.subjects import IRREGULAR

MOST_WORDS = 12
"""Longer than a reader takes for the name of something, and mostly read too far."""

_SMALL = frozenset(
    """
    i he she they we it him them us me you himself herself themselves itself this that these those
    who whom whose which what where when why how while whether if unless because although though
    since until till as than but so yet nor either neither not n't never to there here then now
    is are was were be been being am has have had having do does did will would shall should may
    might can could must said says say saying told tells according again also too instead together
    ahead ago already away apart later earlier once twice soon back alone anyway though however
    rather due before after following amid given per and or , . ; : ! ( ) [ ] – — ‒ ― / & …
    directly privately publicly wants want want's become becomes remain remains
""".split()
)
_ENDING = (_SMALL | words.PREPOSITIONS) - {"of"}
_QUOTES = frozenset('“ ” "'.split())
COUNTS = words.DETERMINERS | frozenset(
    """
    some any no every each several many few more most other another both all half two three four
    five six seven eight nine ten eleven twelve dozen hundred thousand million billion about
    nearly almost dozens hundreds thousands such least than up
""".split()
)
_PEOPLE = frozenset("people men women children police media public".split())
_TIMES = frozenset(
    "week month year day night weekend morning afternoon evening time decade century".split()
)
_WHICH = frozenset("last next this every each earlier later that late early".split())
_CLAUSE = frozenset("what how whether which whom why where not".split())
_AFTER_LIST = words.PREPOSITIONS | frozenset(
    ", . ; ! ) – — to who after before during while as when because".split()
)
NOUNS_IN_ING = frozenset(
    """
    filing briefing building hearing meeting ruling housing warning recording reporting finding
    booking training crossing wedding funding spending offering wing king ring spring string thing
    nothing something anything everything morning evening bombing shooting killing stabbing
    ceiling drilling banking shipping advertising lobbying clothing earning listing pricing
    staffing trafficking smuggling gambling gathering opening being sibling ending policing
    planning voting engineering manufacturing farming fishing mining nursing parking racing
    broadcasting beijing flooding shelling fighting looting rioting uprising sentencing vaping
    dealing dumping logging fracking cooking timing sinking peacekeeping fundraising warming
    understanding
""".split()
)
"""Nouns that look like a form of a verb."""
_NO_ADVERB = frozenset(
    "family ally rally italy july supply assembly monopoly anomaly elderly "
    "likely deadly early friendly unfriendly lonely costly orderly scholarly bully".split()
)
_NO_VERB = frozenset(
    "red need bed seed speed feed bleed creed shed sacred hundred wicked embed united".split()
)

_SUFFERING = _NO_VERB | frozenset("wounded injured displaced retired disabled unemployed".split())


def end_of(found: Sequence[Item | Phrase], at: int, *, place: bool = False) -> int:
    """Return where the noun phrase at ``at`` ends, or ``at`` itself where there is none.

    With ``place`` an *in* or *near* with a name is part of it: "a hospital in Ruritania".
    """
    end = _simple(found, at, at + MOST_WORDS)
    if end == at or word_at(found, end) in ("ago", "later", "earlier"):
        return at
    if place:
        end = _with_place(found, end, at + MOST_WORDS)
    return _with_others(found, end, at + MOST_WORDS)


def ends_here(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a word cannot stand inside a noun phrase, but as its *of*."""
    item = found[at]
    if isinstance(item, Phrase):
        return False
    if item.word == "-":
        return not is_hyphen(found, at)
    if item.word == "." and word_at(found, at - 1) in words.ABBREVIATED:
        return at + 1 >= len(found)  # "Gov. Ada Ruritan"
    if item.word == "'":
        return not _is_plural(found[at - 1])  # "the banks' rules"
    return item.word in _ENDING


def is_adverb(item: Item | Phrase | None) -> bool:
    """Tell whether a word is an adverb, as far as its end tells; a name is none."""
    if not isinstance(item, Item) or item.capital:
        return False
    word = item.word
    return word.endswith("ly") and len(word) > len("only") and word not in _NO_ADVERB


def is_hyphen(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a dash holds two words together: "Ruritania-backed"."""
    item = found[at]
    return (
        isinstance(item, Item)
        and item.word in ("-", "‑")
        and 0 < at < len(found) - 1
        and found[at - 1].end == item.start
        and item.end == found[at + 1].start
    )


def _simple(found: Sequence[Item | Phrase], first: int, most: int) -> int:
    at, head, opened = first, False, False
    last = min(len(found), most)
    while at < last:
        quote = word_at(found, at) in _QUOTES
        if _stops(found, at, first, head=head, opened=opened):
            break
        opened = opened is not quote
        head = head if quote else _heads(found, at, head=head)
        at += 1
    if at == most < len(found) and not _is_end(found, at):
        return first  # longer than may be, and cut anywhere it would mislead
    while at > first and word_at(found, at - 1) in ("of", "“"):
        at -= 1
    if at < len(found) and word_at(found, at) == "." and len(word_at(found, at - 1)) == 1:
        return first  # an abbreviation is cut in two
    whole = head and not (opened and _quotes(found, first, at))
    return at if whole or _is_number(found, first, at) else first


def _stops(
    found: Sequence[Item | Phrase], at: int, first: int, *, head: bool, opened: bool
) -> bool:
    word = word_at(found, at)
    if word in _QUOTES:
        return head and not opened
    if word == "of":
        return not head or not _noun_follows(found, at + 1)
    if (
        at == first
        and word.endswith("ing")
        and word not in NOUNS_IN_ING
        and not (_ends(found, at + 1) or word_at(found, at + 1) == "of")
    ):
        return True  # "ruled out imposing a tax"
    return _breaks(found, at, head)


def _heads(found: Sequence[Item | Phrase], at: int, *, head: bool) -> bool:
    """Tell whether the noun phrase has its noun with the word at ``at``."""
    item = found[at]
    if isinstance(item, Phrase):
        return item.letter not in "xd"
    if item.word == "of" or item.word.endswith(("'s", "'")) or is_hyphen(found, at):
        return False
    count = item.word in COUNTS or item.word[0].isdigit()
    return head or not (count or is_adverb(item))


def _quotes(found: Sequence[Item | Phrase], first: int, end: int) -> bool:
    return any(isinstance(one, Item) and one.word in _QUOTES for one in found[first:end])


def _is_number(found: Sequence[Item | Phrase], first: int, end: int) -> bool:
    last = found[end - 1] if end > first else None
    return isinstance(last, Item) and last.word[0].isdigit()


def _breaks(found: Sequence[Item | Phrase], at: int, head: bool) -> bool:
    item = found[at]
    if not isinstance(item, Item):
        return False
    word = item.word
    if ends_here(found, at):
        return word != "than" or head
    following = found[at + 1] if at + 1 < len(found) else None
    if head and word in _WHICH | COUNTS and word_at(found, at + 1).removesuffix("s") in _TIMES:
        return True
    if not head:
        return False
    if word in words.DETERMINERS and word not in ("its", "their"):
        return True
    if is_adverb(item):
        return True
    if word in IRREGULAR or (word.endswith("ed") and word not in _NO_VERB and "-" not in word):
        return True
    if word.endswith("ing") and word not in NOUNS_IN_ING:
        return _is_plural(found[at - 1]) or following is None or _is_end(found, at + 1)
    return False


def _is_plural(item: Item | Phrase) -> bool:
    if isinstance(item, Phrase):
        return item.letter in "nap"
    return item.word in _PEOPLE or (
        item.word.endswith("s") and not item.word.endswith(("ss", "'s"))
    )


def _is_end(found: Sequence[Item | Phrase], at: int) -> bool:
    if at >= len(found):
        return True
    item = found[at]
    return isinstance(item, Item) and (
        ends_here(found, at) or item.word == "of" or item.word in words.DETERMINERS
    )


def _ends(found: Sequence[Item | Phrase], at: int) -> bool:
    return at >= len(found) or ends_here(found, at)


def _noun_follows(found: Sequence[Item | Phrase], at: int) -> bool:
    if at >= len(found):
        return False
    item = found[at]
    if isinstance(item, Phrase):
        return True
    verb = item.word.endswith("ing") and item.word not in NOUNS_IN_ING
    return not (item.word in _CLAUSE or verb or ends_here(found, at))


def _with_place(found: Sequence[Item | Phrase], end: int, most: int) -> int:
    if end + 1 >= min(len(found), most):
        return end
    item = found[end]
    if not (isinstance(item, Item) and item.word in ("in", "near", "outside")):
        return end
    at = end + 1
    while at < min(len(found), most) and (is_name(found[at]) or _joins(found, at)):
        at += 1
    while at > end + 1 and not is_name(found[at - 1]):
        at -= 1
    return at if at > end + 1 else end


def _joins(found: Sequence[Item | Phrase], at: int) -> bool:
    item = found[at]
    return isinstance(item, Item) and item.word in ("the", "'s") and at + 1 < len(found)


def _with_others(found: Sequence[Item | Phrase], end: int, most: int) -> int:
    """Read on over "and a school", or ", a school and a market", if nothing is done by these."""
    at, closed = end, False
    while not closed and at < min(len(found), most):
        sep = at
        while sep < len(found) and sep < at + 2 and word_at(found, sep) in (",", "and", "or"):
            closed = closed or word_at(found, sep) != ","
            sep += 1
        if sep == at or (sep > at + 1 and at == end):
            return end  # ", and" after the first begins a clause
        after = _simple(found, sep, most)
        if after == sep or _is_no_other(found, sep):
            return end
        at = after
    return at if closed and _stands_alone(found, at) else end


def _is_no_other(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether what stands after an "and" begins another clause, or is a date."""
    word = word_at(found, at)
    past = word in IRREGULAR or (word.endswith("ed") and word not in _SUFFERING and "-" not in word)
    part = word[:1].isdigit() and word_at(found, at + 1) in ("%", "percent")
    return past or part or word in words.TIME


def _stands_alone(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether what follows a list is no verb of its last member."""
    return at >= len(found) or word_at(found, at) in _AFTER_LIST
