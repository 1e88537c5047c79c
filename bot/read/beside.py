"""What stands beside a mention, and makes something else of it than its actor."""

from __future__ import annotations

from bot.models import AliasKind, Mention
from bot.read import words
from bot.read.phrases import Item, Phrase


def in_compound(items: list[Item], at: int) -> bool:
    """Tell whether a mention is half of a compound: "Iran-backed", "anti-Iran", "US-China"."""
    last = len(items) - 1
    return (
        at < last
        and _hyphen(items[at + 1])
        and items[at].end == items[at + 1].start
        and at + 1 < last
        and items[at + 1].end == items[at + 2].start
    ) or (
        at > 1
        and _hyphen(items[at - 1])
        and items[at - 1].end == items[at].start
        and items[at - 2].end == items[at - 1].start
    )


def names_a_club(items: list[Item], at: int) -> bool:
    """Tell whether the USA end another name: "Turning Point USA"."""
    mention = items[at].mention
    if mention is None or mention.alias != "USA" or at < len(("Team", "USA")):
        return False
    before = items[at - 1]
    return before.mention is None and before.capital and before.word not in words.TITLES


def elected(items: list[Item], at: int, after: int, actor: str) -> bool:
    """Tell whether the titles after a party or a state are of an office of somebody else's.

    "A GOP governor" holds it for all, "a Russian governor" for a region, and one commissioner is
    not the commission.
    """
    titles = {item.word for item in items[at:after]}
    if actor.startswith("org:") and titles & words.ONE_OF:
        return True
    local = words.IN_PARTY if actor.endswith("-party") else words.LOCAL
    return actor.startswith(("org:", "state:")) and bool(titles & local)


def envoy(items: list[Item], at: int) -> bool:
    """Tell whether a body and its envoy's title stand at ``at``: "Ukraine's UN ambassador"."""
    mention = items[at].mention if at < len(items) else None
    return (
        mention is not None
        and mention.actor.startswith("org:")
        and stands(items, at + 1, "ambassador", "envoy", "representative", "mission")
    )


def _hyphen(item: Item) -> bool:
    return item.mention is None and item.word in ("-", "‑")


def former_before(items: list[Item], first: int) -> bool:
    """Tell whether what is named before says "former": "former Trump White House adviser"."""
    for item in reversed(items[max(0, first - 3) : first]):
        if item.mention is None and item.word in words.FORMER:
            return True
        if item.mention is None and item.word not in words.TITLES:
            return False
    return False


def private_people(items: list[Item], at: int) -> int:
    """Return where private people end whose state, party or leader stands before ``at``, or 0."""
    for end in range(at, min(at + 3, len(items))):
        item = items[end]
        if item.mention is not None or item.capital:
            return 0
        if item.word in words.PRIVATE:
            return end + 1
        if item.word not in words.ADJECTIVES and not words.PRIVATE_ADJECTIVE.fullmatch(item.word):
            return 0
    return 0


def is_only_a_place(items: list[Item], first: int, at: int, mention: Mention) -> bool:
    """Tell whether a capital or a seat of power is a house, or part of a treaty's name."""
    if mention.kind not in (AliasKind.CAPITAL, AliasKind.METONYM):
        return False
    before = [item.word for item in items[max(0, first - 5) : first]]
    if before and before[-1] in words.DETERMINERS:
        before.pop()
    while before and before[-1] in words.TOWARDS:
        before.pop()
    left = bool(before) and before[-1] in words.GOING and mention.kind is AliasKind.METONYM
    return left or stands(items, at, *words.NAMED_AFTER)


def is_plural(demonym: str) -> bool:
    """Tell whether a demonym names people: "Palestinians blamed", not "Palestinian talks"."""
    return demonym.endswith("s") and not demonym.endswith("ss")


def are_some(items: list[Item], first: int, at: int, demonym: str) -> bool:
    """Tell whether a plural demonym counts people: "most Germans", and "Germans", are not Germany.

    "The Germans" may be.
    """
    if demonym.lower() in words.PUBLICS or stands(items, at + stands(items, at, ","), "who"):
        return True  # "the Afghans, who worked here"
    before = items[first - 1] if first else None
    if before is not None and (before.word in words.COUNTING or before.word.isdigit()):
        return True
    return demonym.lower() not in words.NATIONS and (before is None or before.word != "the")


def are_a_few(items: list[Item], first: int, last: str) -> bool:
    """Tell whether officials are counted, or left unnamed: "some Afghan officials", and "an
    Afghan official", are not their state."""
    before = items[first - 1] if first else None
    if before is None:
        return False
    if last in words.ONE_UNNAMED:
        return before.word in ("a", "an", "one", "another")
    return last.endswith("s") and (before.word in words.A_FEW or before.word.isdigit())


def stands(items: list[Item], at: int, *options: str) -> bool:
    """Tell whether one of these words stands at ``at``."""
    return at < len(items) and items[at].mention is None and items[at].word in options


def only_some(head: Item, phrase: Phrase) -> bool:
    """Tell whether members do not act for their body: of Hamas they may, of Congress not."""
    return head.word in words.ONE_OF and not phrase.actors[0].startswith("group:")


def person_at(items: list[Item], at: int) -> str:
    """Return the person whose mention stands at ``at``, or nothing."""
    mention = items[at].mention if at < len(items) else None
    return mention.actor if mention and mention.actor.startswith("person:") else ""
