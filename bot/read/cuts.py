"""Whether the words read for whom an act is done to are all of them, and may be that at all.

Words that are cut short mislead more than none do: what cannot be read to its end is not told.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.models import EventClass
from bot.read.nouns import NOUNS_IN_ING, end_of, is_adverb
from bot.read.patterns import Pattern
from bot.read.phrases import Item, Phrase, is_name, word_at
from bot.read.roles import ROLES
from bot.read.subjects import IRREGULAR
from bot.read.words import DETERMINERS, PREPOSITIONS

_GOES_ON = frozenset("/ ' - ’ *".split())
"""What holds two parts of a name together, without a blank before it."""

_OPENING = frozenset("“ \" ‘ '".split())
_CLOSING = frozenset("” \" ’ ' ) ]".split()) | {"“"}
_DESCRIBING = frozenset(
    """
    leading existing growing remaining living working ruling nursing shipping missing ongoing
    neighboring neighbouring developing outgoing incoming visiting opposing surviving sitting
    standing aging ageing fighting warring polling boarding closing coming commanding rising
    falling pending following exiling invading occupying advancing retreating striking protesting
    dying pressing sweeping looming leaning swing governing founding competing lasting
    far-reaching longstanding long-standing high-ranking
""".split()
)
_ABOUT = frozenset(
    """
    attack attacks strike strikes assault assaults ban bans crackdown sanctions tariff tariffs war
    restriction restrictions invasion violence vote tax taxes limit limits report reports
    investigation inquiry probe deal agreement talks curbs bill law laws rule rules allegations
    accusations claims statement remarks comments questions plot raid raids killings role influence
    interference involvement
""".split()
)
_ON = frozenset("on against between into".split())
_LAST = frozenset(
    "hardest worst best most more newly badly least heavily first monthly weekly daily".split()
)
_AMOUNTS = frozenset("% percent million billion trillion $ € £".split())
_NOBODY_ASKED = frozenset(
    """
    end action aid restraint calm caution patience flights help support change changes peace unity
    release removal return investigation ceasefire truce measures steps efforts
""".split()
)
"""What is urged, not who."""


_WHO_CAN = frozenset(
    """
    people police public world government governments countries nations states parties sides allies
    members officials citizens residents companies firms banks agencies schools employees parents
    authorities aides troops forces community legislature congress parliament council court courts
    businesses universities cities towns men women children americans palestinians israelis
    families colleagues churches hospitals airlines shops stores unions regulators
""".split()
)
"""Who can do what they are called on to do, as far as the noun tells."""

_PLACES = frozenset(
    """
    hall airport hotel palace capital city town border country island region scene courthouse
    embassy base camp port station venue summit site village hospital church school university
    cemetery airbase mosque temple stadium monument memorial area state continent
""".split()
)
_BEFORE_NOUN = frozenset("'s ' the a an its his her their our".split())
_NO_VERBS = frozenset("and or of in on at to who which that from with for by as than".split())
_ASKING = frozenset(("urge", "call on", "invite"))
_NO_DEED = frozenset("be the a an its his her their".split())
_REACH = 12


def extended(found: Sequence[Item | Phrase], at: int, end: int) -> int:
    """Return where a noun phrase ends with what belongs to it: "attacks on the press"."""
    if word_at(found, end - 1) in _ABOUT and word_at(found, end) in _ON:
        after = end_of(found, end + 1)
        return after if after > end + 1 else end
    while end > at + 1 and word_at(found, end - 1) in _LAST:
        end -= 1
    return end


def is_somewhere(found: Sequence[Item | Phrase], at: int, end: int) -> bool:
    """Tell whether one may go to what these words name."""
    return word_at(found, end - 1) in _PLACES or any(map(is_name, found[at:end]))


def is_cut(found: Sequence[Item | Phrase], at: int, end: int) -> bool:
    """Tell whether the words from ``at`` to ``end`` are only a part of a noun phrase, or none."""
    words = [word_at(found, n) for n in range(at, end)]
    if words[-1].endswith(("'s", "'")) or words[0] in ("'", "‘"):
        return True
    if any(word in _AMOUNTS for word in words):
        return True
    if all(word[:1].isdigit() for word in words) and not _ends(found, end):
        return True
    if any(word in IRREGULAR and len(words) == 1 for word in words):
        return True
    for n in range(at + 1, end):
        if _is_doing(word_at(found, n)) and not _before_noun(found[n - 1]):
            return True
    if len(words) > 1 and _is_doing(words[-1]):
        return True
    if _is_role(found, at, end) or _shares_noun(found, end) or _is_quote_cut(words):
        return True
    return end < len(found) - 1 and _goes_on(found, end)


def _is_role(found: Sequence[Item | Phrase], at: int, end: int) -> bool:
    """Tell whether the words are but the role of whoever is named after a comma."""
    first, last = found[at], found[end - 1]
    if word_at(found, end) != "," or end + 1 >= len(found):
        return False
    if isinstance(last, Phrase):  # "Senate candidate, Ada Ruritan"
        one_of_theirs = last.letter == "v" and not last.plural
        return one_of_theirs and is_name(found[end + 1])
    role = last.word in ROLES and not last.capital
    bare = not (isinstance(first, Item) and first.word in DETERMINERS)
    bare = bare and all(word_at(found, n) != "and" for n in range(at, end))
    return role and bare and is_name(found[end + 1])


def _is_quote_cut(words: Sequence[str]) -> bool:
    """Tell whether a quote begins or ends outside: "Ruritania 'bully"."""
    return words.count("'") % 2 == 1 or words.count('"') % 2 == 1


def _shares_noun(found: Sequence[Item | Phrase], end: int) -> bool:
    """Tell whether the noun stands after the last of several: "the Water, Roads and Parks
    committees", or whether examples follow: "shows like"."""
    if word_at(found, end) in ("like", "such") and word_at(found, end - 1).endswith("s"):
        return True
    at = end
    while word_at(found, at) == "," and at + 1 < len(found) and is_name(found[at + 1]):
        at += 1
        while at < len(found) and is_name(found[at]):
            at += 1
    if at == end or word_at(found, at) != "and":
        return False
    at += 1
    while at < len(found) and is_name(found[at]):
        at += 1
    return (
        word_at(found, at - 1) != "and"
        and word_at(found, at).endswith("s")
        and len(word_at(found, at)) > len("was")
    )


def _is_doing(word: str) -> bool:
    return (
        word.endswith("ing")
        and len(word) > len("bring")
        and "-" not in word
        and word not in NOUNS_IN_ING
        and word not in _DESCRIBING
    )


def _before_noun(item: Item | Phrase) -> bool:
    if isinstance(item, Phrase):
        return False
    return item.word in _BEFORE_NOUN or item.word.endswith("'s") or is_adverb(item)


def _goes_on(found: Sequence[Item | Phrase], end: int) -> bool:
    """Tell whether what follows a noun phrase is more of it."""
    word, item = word_at(found, end), found[end]
    apart = found[end - 1].end < item.start
    if word in _OPENING:
        closes = any(
            word_at(found, at) in _CLOSING for at in range(end + 2, min(end + 5, len(found)))
        )
        return apart and (closes or is_name(found[end + 1]))
    if word == ".":  # of an abbreviation, if the sentence goes on
        return not all(word_at(found, at) in _CLOSING for at in range(end + 1, len(found)))
    return word in _GOES_ON and not apart


def asked_to(found: Sequence[Item | Phrase], at: int, end: int) -> bool:
    """Tell whether a noun phrase is whom one asks: what follows is what he is to do."""
    if word_at(found, end - 1) in _NOBODY_ASKED or word_at(found, at) in _NOBODY_ASKED:
        return False
    for n in range(end, min(end + _REACH, len(found))):
        word = word_at(found, n)
        if word in ("that", "not", "whether", "if") or (word in ("for", "about") and n == end):
            return True
        if word == "to":
            return word_at(found, n + 1) not in _NO_DEED
        if word in (",", ".", ";", "who", "which"):
            return False
    return False


def is_doing_it(found: Sequence[Item | Phrase], end: int, pattern: Pattern) -> bool:
    """Tell whether it is not these who are backed, but what they do: "backs clerks
    getting more"."""
    classes = (EventClass.SUPPORT, EventClass.REJECT)
    doing = _is_doing(word_at(found, end)) and word_at(found, end) not in PREPOSITIONS
    return pattern.event_class in classes and doing and can_act(found, end - 1)


def fits_class(found: Sequence[Item | Phrase], at: int, end: int, pattern: Pattern) -> bool:
    """Tell whether such an act is done to what these words name; if not, they are left out."""
    if pattern.event_class is EventClass.REQUEST and pattern.act in _ASKING:
        return asked_to(found, at, end)
    if pattern.act == "call for":
        called = word_at(found, end) == "to" and asked_to(found, at, end)
        return called and (can_act(found, end - 1) or any(map(is_name, found[at:end])))
    return True


def demanded(found: Sequence[Item | Phrase], at: int) -> int:
    """Return where the name of those ends of whom it is demanded that they do something.

    ``at`` itself where that is not told: a bare verb is known by the plural before it only
    ("that the clerks leave").
    """
    end = end_of(found, at)
    for n in range(at + 1, end + 1):
        if word_at(found, n - 1).endswith("s") and can_act(found, n - 1) and _may_be_bare(found, n):
            return n
    return at


def can_act(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether it is somebody who can do something, as far as the noun tells."""
    word = word_at(found, at)
    return word in _WHO_CAN or word.endswith(("ers", "ors", "ists", "ians"))


def _may_be_bare(found: Sequence[Item | Phrase], at: int) -> bool:
    item = found[at] if at < len(found) else None
    if not isinstance(item, Item) or item.capital or not item.word.isalpha():
        return False
    return not item.word.endswith(("ed", "s", "ing")) and item.word not in _NO_VERBS


def _ends(found: Sequence[Item | Phrase], at: int) -> bool:
    return at >= len(found) or word_at(found, at) in (
        ",",
        ".",
        ";",
        "in",
        "at",
        "after",
        "on",
        "over",
    )
