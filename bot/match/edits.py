"""Edits of actors, one a function: what is known goes in, what to write comes out.

Seed rows are never among what is written: a workspace says its own beside them, and
``whole`` puts the two together. ``care.decide`` is the way in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import BadEdit
from bot.match.merging import check_same, final
from bot.models import Actor, AddActor, AddAlias, Alias, Merge, Own, RemoveAlias, Split, Tenure
from bot.text.names import normalise

NOTHING = Own()


class OwnWords(NamedTuple):
    """What a workspace says of actors beside the seeds, by id; ``digest`` is of all of it."""

    said: Mapping[str, Own] = {}
    digest: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of actors while an edit is decided, looked up by id or name.

    ``owners`` gives the ids of whoever has a text for a name or alias, whatever its case;
    ``leaning`` those that were merged into an actor, act for it, or hold it.
    """

    workspace: str
    seed: Callable[[str], Actor | None]
    own: Callable[[str], Own]
    owners: Callable[[str], tuple[str, ...]]
    leaning: Callable[[str], tuple[str, ...]]

    def find(self, actor: str) -> Actor | None:
        """The actor as the workspace sees it."""
        return whole(self.seed(actor), self.own(actor))

    def get(self, actor: str) -> Actor:
        """The same; raises BadEdit where there is none."""
        found = self.find(actor)
        if found is None:
            raise BadEdit(
                f"There is no actor {actor}.",
                about=actor,
                hint="`dragoman actors search` finds ids by name.",
            )
        return found


class Refusal(NamedTuple):
    """A row of a batch that cannot be: which field of TakeIn, which in it, and why."""

    field: str
    number: int
    why: str


@dataclass(frozen=True)
class Decided:
    """What to write: for each actor id, what the workspace says of it from now on.

    ``after`` is empty where nothing changes. ``said`` tells it in one sentence; ``names``
    are the texts that name somebody else than before, ``actor`` is whom it is about,
    ``refused`` what of a batch was left out.
    """

    op: str
    actor: str
    said: str
    after: Mapping[str, Own]
    names: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def beside(
    actors: Sequence[Actor], tenures: Sequence[Tenure], said: Mapping[str, Own]
) -> tuple[tuple[Actor, ...], tuple[Tenure, ...]]:
    """Put a workspace's own words, by actor id, beside the seed actors and their tenures."""
    seeds = {one.id for one in actors}
    ours = [whole(one, said.get(one.id, NOTHING)) for one in actors]
    ours += [own.actor for key, own in said.items() if key not in seeds]
    held = {
        (one.office, one.person, one.since): one for own in said.values() for one in own.tenures
    }
    kept = [one for one in tenures if (one.office, one.person, one.since) not in held]
    return tuple(one for one in ours if one is not None), (*kept, *held.values())


def whole(seed: Actor | None, own: Own) -> Actor | None:
    """Put a seed and a workspace's own words about it together; None where there is neither."""
    base = own.actor or seed
    if own == NOTHING or base is None:
        return seed
    kept = [one for one in seed.aliases if one.text not in own.hidden] if seed else []
    added = own.actor.aliases if own.actor else ()
    unique = {(one.text, one.kind): one for one in (*kept, *added)}
    members = base.members or (seed.members if seed else ())
    return base.model_copy(update={"aliases": tuple(unique.values()), "members": members})


def canonical(own: Own, seed: Actor | None) -> Own:
    """The one way to write what a workspace says: in order, and nothing that says nothing."""
    row = own.actor
    if row is not None:
        row = row.model_copy(
            update={"aliases": tuple(sorted(row.aliases, key=lambda one: (one.text, one.kind)))}
        )
        if seed is not None and row == _row(seed, row.workspace):
            row = None
    tenures = sorted(own.tenures, key=lambda one: (one.person, str(one.since or "")))
    return Own(actor=row, hidden=tuple(sorted(set(own.hidden))), tenures=tuple(tenures))


def _row(seed: Actor, workspace: str) -> Actor:
    return seed.model_copy(update={"workspace": workspace, "aliases": ()})


# --- one edit a function ------------------------------------------------------------


def add(edit: AddActor, known: Known) -> Decided:
    """Add an actor."""
    key = edit.id or f"{edit.type.value}:{slug(edit.name)}"
    check_id(key)
    if (there := known.find(key)) is not None:
        raise BadEdit(
            f"{key} already exists: it is {there.name}.",
            about=key,
            hint="Give it another name with `dragoman actors alias`, or the new one another --id.",
        )
    if edit.acts_for is not None:
        known.get(edit.acts_for)
    actor = Actor(
        id=key,
        workspace=known.workspace,
        type=edit.type,
        name=" ".join(edit.name.split()),
        iso3=edit.iso3,
        acts_for=edit.acts_for,
        description=edit.description,
        source=edit.source,
        aliases=edit.aliases,
    )
    names = (actor.name, *(alias.text for alias in edit.aliases))
    said = f"Added {actor.name} ({actor.type.value}) as {key}."
    if others := known.owners(actor.name):
        said += f" {', '.join(others[:3])} has that name too: asked for it, I ask back."
    return Decided("add", key, said, {key: Own(actor=actor)}, names)


def alias(edit: AddAlias, known: Known) -> Decided:
    """Give an actor another name, taken from others where that is wanted."""
    actor = known.get(edit.actor)
    text = " ".join(edit.text.split())
    if not normalise(text):
        raise BadEdit("A name needs a letter or a digit.", about=actor.id)
    after: dict[str, Own] = {}
    for other in known.owners(text):
        if other != actor.id and final(other, known.find) != final(actor.id, known.find):
            after[other] = _moved(edit, text, known.get(other), actor, known)
    if text in (actor.name, *(alias.text for alias in actor.aliases)) and not after:
        return Decided("alias", actor.id, f"“{text}” is a name of {actor.name}.", {})
    alias = Alias(text=text, kind=edit.kind, lang=edit.lang, source=edit.source)
    after[actor.id] = with_aliases(known, actor, [alias])
    taken = ", ".join(known.get(key).name for key in after if key != actor.id)
    said = f"“{text}” is now a name of {actor.name}" + (f", and not of {taken}." if taken else ".")
    return Decided("alias", actor.id, said, after, (text,))


def _moved(edit: AddAlias, text: str, owner: Actor, actor: Actor, known: Known) -> Own:
    if owner.name.casefold() == text.casefold():
        raise BadEdit(
            f"“{text}” is the name of {owner.name} ({owner.id}) itself: it cannot be "
            f"{actor.name}'s. If the two are one and the same, merge them.",
            about=owner.id,
        )
    if not edit.move:
        raise BadEdit(
            f"“{text}” is a name of {owner.name} ({owner.id}) already: take it from there "
            "with --move, or merge the two if they are one and the same.",
            about=owner.id,
        )
    return without_alias(known, owner, text)


def remove(edit: RemoveAlias, known: Known) -> Decided:
    """Take a name from an actor."""
    actor = known.get(edit.actor)
    text = " ".join(edit.text.split())
    if not any(alias.text.casefold() == text.casefold() for alias in actor.aliases):
        its_name = actor.name.casefold() == text.casefold()
        why = "it is the actor's own name" if its_name else "no alias of it reads so"
        raise BadEdit(f"“{text}” cannot be taken from {actor.name}: {why}.", about=actor.id)
    said = f"“{text}” is no longer a name of {actor.name}."
    return Decided("remove", actor.id, said, {actor.id: without_alias(known, actor, text)}, (text,))


def merge(edit: Merge, known: Known) -> Decided:
    """Count an actor as another."""
    actor, into = known.get(edit.actor), known.get(edit.into)
    check_same(actor, into, known.find)
    said = f"{actor.name} ({actor.id}) now counts as {into.name} ({into.id})."
    own = edited(known, actor.id)
    assert own.actor is not None  # noqa: S101 - edited gives a row
    merged = own.actor.model_copy(update={"merged_into": into.id})
    after = {actor.id: own.model_copy(update={"actor": merged})}
    return Decided("merge", actor.id, said, after)


def split(edit: Split, known: Known) -> Decided:
    """Undo a merge, or make two actors of one."""
    actor = known.get(edit.actor)
    if edit.aliases:
        return _split_off(edit, actor, known)
    if actor.merged_into is None:
        raise BadEdit(
            f"{actor.name} ({actor.id}) was not merged into another. To make two actors of it, "
            "name the new one with --name and what belongs to it with --alias.",
            about=actor.id,
        )
    own = edited(known, actor.id)
    assert own.actor is not None  # noqa: S101 - edited gives a row
    free = own.actor.model_copy(update={"merged_into": None})
    said = f"{actor.name} ({actor.id}) counts by itself again."
    return Decided("split", actor.id, said, {actor.id: own.model_copy(update={"actor": free})})


def _split_off(edit: Split, actor: Actor, known: Known) -> Decided:
    if not edit.name:
        raise BadEdit("Name the new actor with --name.", about=actor.id)
    moved: list[Alias] = []
    for text in edit.aliases:
        found = [one for one in actor.aliases if one.text.casefold() == text.casefold()]
        if not found:
            raise BadEdit(f"{actor.name} has no alias “{text}”.", about=actor.id)
        moved += found
    new = AddActor(
        type=edit.type or actor.type,
        name=edit.name,
        iso3=actor.iso3,
        acts_for=actor.acts_for,
        source=edit.source,
        aliases=tuple(one for one in moved if one.text != edit.name),
    )
    added = add(new, known)
    after = {**added.after, actor.id: without_alias(known, actor, *edit.aliases)}
    said = f"{edit.name} ({added.actor}) is now an actor apart from {actor.name}."
    return Decided("split", actor.id, said, after, (edit.name, *(one.text for one in moved)))


# --- pieces -------------------------------------------------------------------------


def edited(known: Known, key: str) -> Own:
    """What the workspace says of an actor, with a row of its own: the seed's where it had none."""
    own, seed = known.own(key), known.seed(key)
    if own.actor is not None or seed is None:
        return own
    return own.model_copy(update={"actor": _row(seed, known.workspace)})


def with_aliases(known: Known, actor: Actor, aliases: Iterable[Alias]) -> Own:
    """What the workspace says of an actor once it has these names too."""
    own, seed = edited(known, actor.id), known.seed(actor.id)
    assert own.actor is not None  # noqa: S101 - edited gives a row
    wanted = list(aliases)
    texts = {alias.text for alias in wanted}
    hidden = tuple(text for text in own.hidden if text not in texts)
    of_seed = {(a.text, a.kind) for a in seed.aliases if a.text not in hidden} if seed else set()
    there = of_seed | {(alias.text, alias.kind) for alias in own.actor.aliases}
    new = {
        (alias.text, alias.kind): alias
        for alias in wanted
        if (alias.text, alias.kind) not in there and alias.text != actor.name
    }
    if not new and hidden == own.hidden:
        return known.own(actor.id)
    row = own.actor.model_copy(update={"aliases": (*own.actor.aliases, *new.values())})
    return own.model_copy(
        update={"actor": row if new else known.own(actor.id).actor, "hidden": hidden}
    )


def without_alias(known: Known, actor: Actor, *texts: str) -> Own:
    """What the workspace says of an actor once it has these names no more, in any case."""
    own, seed = known.own(actor.id), known.seed(actor.id)
    gone = {text.casefold() for text in texts}
    hidden = set(own.hidden)
    if seed is not None:
        hidden |= {alias.text for alias in seed.aliases if alias.text.casefold() in gone}
    row = own.actor
    if row is not None:
        kept = tuple(alias for alias in row.aliases if alias.text.casefold() not in gone)
        row = row.model_copy(update={"aliases": kept})
    return own.model_copy(update={"actor": row, "hidden": tuple(sorted(hidden))})


def slug(name: str) -> str:
    """The part of an id that is made of a name: ``masoud-pezeshkian``."""
    return normalise(name).replace(" ", "-")[:80]


def check_id(key: str) -> None:
    """Raise BadEdit unless this can be an actor's id: a kind, a colon, and no blanks."""
    if not re.fullmatch(r"[^\s:*|]{1,30}:[^\s*|]{1,88}", key):
        raise BadEdit(
            f"{key!r} is no id: write it as type:name, such as person:masoud-pezeshkian, "
            "without blanks and up to 120 characters.",
            about=key,
        )
