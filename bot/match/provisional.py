"""Actors that no table knows, as articles introduce them: who is the same, who is promoted.

Pure decisions; ``bot/store/introductions.py`` applies them. Two introductions are of the same
actor where the name is the same (initials apart) and nothing told of their states
contradicts; or where one is a surname, the other a full name that ends with it, and role
and state are the same. A person or body that two independent publishers introduced is
promoted: it enters the index that text is read by, as an actor of the workspace's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.models import Actor, ActorType, Arrival, FoundFact, Introduced
from bot.text.english import is_common, is_verb_form, rarities, stems
from bot.text.names import HONORIFICS, normalise

_PREFIXES = {
    ActorType.PERSON: "person:prov-",
    ActorType.GROUP: "group:prov-",
    ActorType.ORGANISATION: "org:prov-",
}

_STANDINGS = {kind: prefix.replace("prov-", "new-") for kind, prefix in _PREFIXES.items()}

PUBLISHERS = 2
"""Independent publishers that make an actor of whom they introduce."""

MOST_PROMOTED = 5_000
"""Promoted actors of one workspace: more would slow down every reading by their number."""

# Roles and heads by which a person or body acts for the state that is told with them.
_ACTING = frozenset(
    """
    president premier minister chancellor secretary secretary-general emir king queen prince
    princess sultan spokesman spokeswoman spokesperson envoy ambassador diplomat negotiator
    commander general admiral governor prosecutor representative commissioner speaker chief
    official director-general undersecretary ministry army navy parliament department police
    court bureau directorate command guard guards corps assembly senate
    """.split()
)
_PAST = frozenset({"former", "ex", "late", "exiled", "ousted", "retired", "then"})


@dataclass(frozen=True, slots=True)
class Provisional:
    """One such actor. ``key`` is its name made comparable, ``last`` a person's last word.

    ``source`` is the id of the article that first introduced it, ``as_of`` that article's day.
    """

    id: str
    audience: str
    name: str
    key: str
    last: str
    type: ActorType
    role: str | None
    state: str | None
    source: str
    as_of: date | None
    promoted: bool = False


def provisional(actor: str) -> bool:
    """Tell whether an id is of an actor that an article introduced."""
    return actor.startswith(tuple(_PREFIXES.values()))


def stand_in(number: int, new: Introduced) -> str:
    """Return the id by which a reading's facts name the ``number``-th that it introduces.

    Only the store can tell who that is: other articles may have introduced the same.
    """
    return f"{_STANDINGS[new.type]}{number}"


def introduced_as(actor: str) -> int | None:
    """Return which of a reading's ``introduced`` an id stands for; None for any other id."""
    kind, _, number = actor.partition(":new-")
    return int(number) if f"{kind}:new-" in _STANDINGS.values() and number.isdecimal() else None


def newcomers(introduced: Sequence[Introduced]) -> list[Actor]:
    """Write those whom a reading introduces as actors, by the ids that stand in for them."""
    return [
        Actor(
            id=stand_in(number, new),
            type=new.type,
            name=new.name,
            acts_for=acting_for(new),
            description=new.role,
            source="article",
        )
        for number, new in enumerate(introduced)
    ]


def key_of(name: str) -> str:
    """Return the name without its initials, normalised: *George W. Bush* is *george bush*."""
    words = normalise(name).split()
    return " ".join(word for word in words if len(word) > 1) or " ".join(words)


def only_words(
    typed: str, name: str, kind: ActorType, *, opens: bool = False, alone: bool = False
) -> bool:
    """Tell whether typed words are ordinary ones, and not the name of somebody learned.

    Words in small letters are, unless they are all of a person's name (*stephen otter*) or one
    of them is in use only as a name. ``opens`` says that they open a sentence, where a capital
    tells less; ``alone`` that nothing else was typed but a title at most, so that a rare word
    is a name after all.
    """
    small = typed == typed.lower()
    if not (small or opens):
        return False
    words = key_of(typed).split()
    if kind is ActorType.PERSON and len(words) > 1 and set(key_of(name).split()) <= set(words):
        return all(map(is_common, words))
    bare = [word for word in words if word not in HONORIFICS]
    surely = alone or len(bare) < len(words)
    return all(_ordinary(word, listed=small and not surely) for word in bare)


def _ordinary(word: str, *, listed: bool) -> bool:
    """Whether a word is common, a form of a verb or, if ``listed``, one that is counted in news.

    Names are counted there, too, so that it tells nothing of a word with a capital.
    """
    if is_common(word) or is_verb_form(word):
        return True
    return listed and all(stem in rarities()[0] for stem in stems(word))


def last_of(one: Introduced) -> str:
    """Return the last word of a person's name, normalised; of a body nothing."""
    return key_of(one.name).rsplit(" ", 1)[-1] if one.type is ActorType.PERSON else ""


def settled(
    new: Introduced,
    known: Iterable[Provisional],
    *,
    article: str,
    audience: str,
    day: date | None,
    before: str | None = None,
) -> Provisional:
    """Return whom ``new`` is: one of ``known`` with what is told now, or somebody new.

    The order of ``known`` does not matter. ``before`` is the id of whom the article introduced
    by this name when it was read before: it stays the same actor unless the states differ.
    """
    key = key_of(new.name)
    alike = sorted(
        (
            one
            for one in known
            if one.audience == audience and (one.type is ActorType.PERSON) == _person(new)
        ),
        key=lambda one: (one.as_of or date.max, one.id),
    )
    same = (
        _kept(new, before, alike)
        or _same(new, [one for one in alike if one.key == key])
        or _by_surname(new, key, alike)
    )
    if same is None:
        return _somebody_new(new, article, audience, day)
    told = replace(same, role=same.role or new.role, state=same.state or new.state)
    if " " in key and " " not in same.key:
        return replace(told, name=new.name, key=key)
    return told


def _somebody_new(new: Introduced, article: str, audience: str, day: date | None) -> Provisional:
    key = key_of(new.name)
    digest = hashlib.sha256(f"{audience}\x1f{key}\x1f{article}".encode()).hexdigest()
    return Provisional(
        id=f"{_PREFIXES[new.type]}{digest[:16]}",
        audience=audience,
        name=new.name,
        key=key,
        last=last_of(new),
        type=new.type,
        role=new.role,
        state=new.state,
        source=article,
        as_of=day,
    )


def _person(one: Introduced) -> bool:
    return one.type is ActorType.PERSON


def _kept(new: Introduced, before: str | None, alike: Sequence[Provisional]) -> Provisional | None:
    """Return the one of this id, unless its state contradicts."""
    for one in alike:
        if one.id == before and (new.state is None or one.state in (None, new.state)):
            return one
    return None


def _same(new: Introduced, alike: Sequence[Provisional]) -> Provisional | None:
    """Return the one of this very name whose state is the same, or the only one that may be."""
    equal = [one for one in alike if one.state == new.state]
    if equal:
        return equal[0]
    open_ = [one for one in alike if one.state is None or new.state is None]
    return open_[0] if len(open_) == 1 else None


def _by_surname(new: Introduced, key: str, alike: Sequence[Provisional]) -> Provisional | None:
    if not _person(new) or new.state is None or new.role is None:
        return None
    short = " " not in key
    found = [
        one
        for one in alike
        if one.state == new.state
        and one.role is not None
        and _head(one.role) == _head(new.role)
        and one.last == last_of(new)
        and (" " in one.key) is short
    ]
    return found[0] if len(found) == 1 else None


def _head(role: str) -> str:
    return role.split()[-1].lower().rstrip(".")


def telling(
    introduced: Sequence[Introduced], facts: Sequence[FoundFact]
) -> tuple[tuple[Introduced, ...], tuple[FoundFact, ...]]:
    """Leave out whom an article only names, without a role, and tells no fact of.

    They had a part in reading its pronouns and surnames; to keep them all would be to keep a
    list of everybody in the news. Those left are numbered anew, and the facts name them so.
    """
    told = {introduced_as(one) for fact in facts for one in named(fact)}
    kept = [
        number
        for number, new in enumerate(introduced)
        if new.role is not None or new.type is not ActorType.PERSON or number in told
    ]
    ids = {
        stand_in(old, introduced[old]): stand_in(new, introduced[old])
        for new, old in enumerate(kept)
    }
    return (
        tuple(introduced[number] for number in kept),
        tuple(_renamed(fact, ids) if told - {None} else fact for fact in facts),
    )


def _renamed(fact: FoundFact, ids: Mapping[str, str]) -> FoundFact:
    fields = ("source_actor", "target_actor", "claimant", "source_for", "target_for")
    changed = {
        field: ids[old]
        for field in fields
        if (old := getattr(fact, field)) in ids and ids[old] != old
    }
    return fact.model_copy(update=changed) if changed else fact


def meaning(arrival: Arrival, who: Sequence[Provisional]) -> Arrival:
    """Return an arrival whose facts name those introduced by the ids of ``who`` they are."""
    if all(introduced_as(one) is None for fact in arrival.reading.facts for one in named(fact)):
        return arrival
    facts = tuple(_meant(fact, who) for fact in arrival.reading.facts)
    return arrival.model_copy(
        update={"reading": arrival.reading.model_copy(update={"facts": facts})}
    )


def named(fact: FoundFact) -> Iterator[str]:
    """Yield the ids of who acts, on whom, and who says so."""
    yield from filter(None, (fact.source_actor, fact.target_actor, fact.claimant))


def _meant(fact: FoundFact, who: Sequence[Provisional]) -> FoundFact:
    def final(actor: str | None) -> str | None:
        number = introduced_as(actor) if actor else None
        return actor if number is None else who[number].id

    def side(acting: str) -> str:
        """Whom somebody acts for whom this article leaves alone, another may have told."""
        number = introduced_as(acting)
        return acting if number is None else acting_for(who[number]) or who[number].id

    return fact.model_copy(
        update={
            "source_actor": final(fact.source_actor),
            "target_actor": final(fact.target_actor),
            "claimant": final(fact.claimant),
            "source_for": side(fact.source_for),
            "target_for": side(fact.target_for),
        }
    )


def acting_for(one: Introduced | Provisional) -> str | None:
    """Return the state or body that a role, or a body's name, makes one act for."""
    telling = one.role if one.type is ActorType.PERSON else one.name
    words = (telling or "").lower().split()
    heads = words[-1:] if one.type is ActorType.PERSON else words
    return one.state if _ACTING.intersection(heads) and not _PAST.intersection(words) else None


def as_actor(one: Provisional, workspace: str) -> Actor:
    """Write a provisional actor as the index takes it.

    No surname is stored: alone it means this person only where an article says so first.
    """
    state = one.state if one.state is not None and one.state.startswith("state:") else None
    acts_for = acting_for(one)
    return Actor(
        id=one.id,
        workspace=workspace,
        type=one.type,
        name=one.name,
        iso3=state.removeprefix("state:").upper() if state and acts_for else None,
        acts_for=acts_for,
        description=one.role,
        source=one.source,
        as_of=one.as_of,
    )
