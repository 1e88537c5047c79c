"""Actors introduced by articles and unknown to the tables: identify and promote them.

Pure decisions; ``bot/store/introductions.py`` applies them. Two introductions are of the same actor
if the name is the same (apart from initials) and their states do not contradict; or if one is a
surname, the other a full name that ends with it, and role and state are the same. A person or body
introduced by two independent publishers is promoted: it enters the index used to read text, as one
of the workspace's own actors.
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
"""Independent publishers needed to promote an actor."""

MOST_PROMOTED = 5_000
"""Promoted actors of one workspace: their number slows down every reading."""

# Roles and heads by which a person or body acts for the state given with them.
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
    """An introduced actor. ``key`` is its normalised name, ``last`` a person's last word.

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
    """Return whether an id is of an actor that an article introduced."""
    return actor.startswith(tuple(_PREFIXES.values()))


def stand_in(number: int, new: Introduced) -> str:
    """Return the placeholder id for the ``number``-th actor that a reading introduces.

    Only the store can resolve it: other articles may have introduced the same actor.
    """
    return f"{_STANDINGS[new.type]}{number}"


def introduced_as(actor: str) -> int | None:
    """Return the index in a reading's ``introduced`` for a placeholder id; None for other ids."""
    kind, _, number = actor.partition(":new-")
    return int(number) if f"{kind}:new-" in _STANDINGS.values() and number.isdecimal() else None


def newcomers(introduced: Sequence[Introduced]) -> list[Actor]:
    """Convert the actors that a reading introduces, with their placeholder ids."""
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
    """Return whether typed words are ordinary words, and not the name of a learned actor.

    Lower-case words are, unless they are all of a person's name (*stephen otter*) or one of them is
    used only as a name. ``opens``: they open a sentence, where a capital means less. ``alone``:
    nothing else was typed except perhaps a title, so that a rare word is a name after all.
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
    """Whether a word is common, a verb form or, if ``listed``, in the news word counts.

    The counts include names, so they cannot be used for a capitalised word.
    """
    if is_common(word) or is_verb_form(word):
        return True
    return listed and all(stem in rarities()[0] for stem in stems(word))


def last_of(one: Introduced) -> str:
    """Return the last word of a person's name, normalised; empty for a body."""
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
    """Return the actor that ``new`` is: one of ``known``, updated, or a new one.

    The order of ``known`` does not matter. ``before`` is the id of the actor introduced by this
    name in the article's previous reading: it stays the same actor unless the states differ.
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
    updated = replace(same, role=same.role or new.role, state=same.state or new.state)
    if " " in key and " " not in same.key:
        return replace(updated, name=new.name, key=key)
    return updated


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
    """Return the one with this id, unless its state contradicts."""
    for one in alike:
        if one.id == before and (new.state is None or one.state in (None, new.state)):
            return one
    return None


def _same(new: Introduced, alike: Sequence[Provisional]) -> Provisional | None:
    """Return the one with the same name and state, or else the only compatible one."""
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


def without_mere_names(
    introduced: Sequence[Introduced], facts: Sequence[FoundFact]
) -> tuple[tuple[Introduced, ...], tuple[FoundFact, ...]]:
    """Leave out people whom an article only names, without a role or a fact.

    They were needed to resolve its pronouns and surnames; keeping them all would amount to a list
    of everybody in the news. The rest are renumbered, in the facts too.
    """
    acting = {introduced_as(one) for fact in facts for one in named(fact)}
    kept = [
        number
        for number, new in enumerate(introduced)
        if new.role is not None or new.type is not ActorType.PERSON or number in acting
    ]
    ids = {
        stand_in(old, introduced[old]): stand_in(new, introduced[old])
        for new, old in enumerate(kept)
    }
    return (
        tuple(introduced[number] for number in kept),
        tuple(_renamed(fact, ids) if acting - {None} else fact for fact in facts),
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
    """Return an arrival with placeholder ids in its facts replaced by the ids of ``who``."""
    if all(introduced_as(one) is None for fact in arrival.reading.facts for one in named(fact)):
        return arrival
    facts = tuple(_meant(fact, who) for fact in arrival.reading.facts)
    return arrival.model_copy(
        update={"reading": arrival.reading.model_copy(update={"facts": facts})}
    )


def named(fact: FoundFact) -> Iterator[str]:
    """Yield the ids of source, target and claimant."""
    yield from filter(None, (fact.source_actor, fact.target_actor, fact.claimant))


def _meant(fact: FoundFact, who: Sequence[Provisional]) -> FoundFact:
    def final(actor: str | None) -> str | None:
        number = introduced_as(actor) if actor else None
        return actor if number is None else who[number].id

    def side(acting: str) -> str:
        """Return the actor's state or body, perhaps known from another article, else its id."""
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
    """Return the state or body that an actor acts for by its role, or by a body's name."""
    role_or_name = one.role if one.type is ActorType.PERSON else one.name
    words = (role_or_name or "").lower().split()
    heads = words[-1:] if one.type is ActorType.PERSON else words
    return one.state if _ACTING.intersection(heads) and not _PAST.intersection(words) else None


def as_actor(one: Provisional, workspace: str) -> Actor:
    """Convert a provisional actor for the index.

    No surname is stored: alone it means this person only after an article gives the full name.
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
