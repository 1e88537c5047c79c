"""Decide edits of actors: from what is known to what to write.

``decide``, ``take_in`` and ``undo`` are pure; ``Store.change_actor`` and ``Store.undo_change``
apply their results. Seed rows are never written: a workspace keeps its own rows beside them, and
``whole`` combines the two. A list may share names with other actors, since an ambiguous query is
answered by a question. Importing the same list twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from bot.errors import BadEdit
from bot.models import (
    Actor,
    ActorChange,
    ActorType,
    AddActor,
    AddAlias,
    Alias,
    Edit,
    Merge,
    Own,
    RemoveAlias,
    Split,
    TakeIn,
    Tenure,
)
from bot.text.names import normalise

_ALIKE = {
    ActorType.ORGANISATION: {ActorType.ORGANISATION, ActorType.GROUP},
    ActorType.GROUP: {ActorType.ORGANISATION, ActorType.GROUP},
}
"""Sources disagree on organisation and group; all other types are distinct."""

Find = Callable[[str], Actor | None]


def final(actor: str, find: Find) -> str:
    """Return the id that an actor counts as, through any chain of merges."""
    seen = {actor}
    while (known := find(actor)) and known.merged_into and known.merged_into not in seen:
        actor = known.merged_into
        seen.add(actor)
    return actor


def check_same(actor: Actor, into: Actor, find: Find) -> None:
    """Raise BadEdit unless ``actor`` may be merged into ``into``."""
    if actor.id == into.id:
        raise BadEdit(f"{actor.name} ({actor.id}) is one actor already.", about=actor.id)
    if into.type not in _ALIKE.get(actor.type, {actor.type}):
        raise BadEdit(
            f"{actor.name} is of type {actor.type.value} and {into.name} of type "
            f"{into.type.value}: those two cannot be one and the same.",
            about=actor.id,
        )
    if actor.merged_into not in (None, into.id):
        raise BadEdit(
            f"{actor.name} ({actor.id}) counts as {actor.merged_into} already: "
            "split it from there first.",
            about=actor.id,
        )
    if final(into.id, find) == actor.id:
        raise BadEdit(
            f"{into.name} ({into.id}) counts as {actor.name} ({actor.id}) already: "
            "merging them the other way round would go in a circle.",
            about=actor.id,
        )


NOTHING = Own()


class OwnWords(NamedTuple):
    """A workspace's own data on actors, by id, beside the seeds; ``digest`` covers all of it."""

    said: Mapping[str, Own] = {}
    digest: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of actors while an edit is decided, looked up by id or name.

    ``owners`` returns the ids of actors with a text as name or alias, in any case. ``leaning``
    returns the actors merged into an actor, acting for it, or holding it.
    """

    workspace: str
    seed: Callable[[str], Actor | None]
    own: Callable[[str], Own]
    owners: Callable[[str], tuple[str, ...]]
    leaning: Callable[[str], tuple[str, ...]]

    def find(self, actor: str) -> Actor | None:
        """Return the actor as the workspace sees it."""
        return whole(self.seed(actor), self.own(actor))

    def get(self, actor: str) -> Actor:
        """Return the same; raises BadEdit if there is none."""
        found = self.find(actor)
        if found is None:
            raise BadEdit(
                f"There is no actor {actor}.",
                about=actor,
                hint="`dragoman match NAME` finds ids.",
            )
        return found


class Refusal(NamedTuple):
    """An invalid row of a batch: its field of TakeIn, its position there, and the reason."""

    field: str
    number: int
    why: str


@dataclass(frozen=True)
class Decided:
    """What to write: for each actor id, the workspace's new data on it.

    ``after`` is empty if nothing changes. ``said`` describes the change in one sentence; ``names``
    are the texts that now name another actor, ``actor`` is the edited actor, ``refused`` are the
    rejected rows of a batch.
    """

    op: str
    actor: str
    said: str
    after: Mapping[str, Own]
    names: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def with_own(
    actors: Sequence[Actor], tenures: Sequence[Tenure], said: Mapping[str, Own]
) -> tuple[tuple[Actor, ...], tuple[Tenure, ...]]:
    """Add a workspace's own data, by actor id, to the seed actors and their tenures."""
    seeds = {one.id for one in actors}
    ours = [whole(one, said.get(one.id, NOTHING)) for one in actors]
    ours += [own.actor for key, own in said.items() if key not in seeds]
    held = {
        (one.office, one.person, one.since): one for own in said.values() for one in own.tenures
    }
    kept = [one for one in tenures if (one.office, one.person, one.since) not in held]
    return tuple(one for one in ours if one is not None), (*kept, *held.values())


def whole(seed: Actor | None, own: Own) -> Actor | None:
    """Combine a seed with a workspace's own data on it; None if there is neither."""
    base = own.actor or seed
    if own == NOTHING or base is None:
        return seed
    kept = [one for one in seed.aliases if one.text not in own.hidden] if seed else []
    added = own.actor.aliases if own.actor else ()
    unique = {(one.text, one.kind): one for one in (*kept, *added)}
    members = base.members or (seed.members if seed else ())
    return base.model_copy(update={"aliases": tuple(unique.values()), "members": members})


def canonical(own: Own, seed: Actor | None) -> Own:
    """Normalise a workspace's data: sorted, and without rows that repeat the seed."""
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
    """Give an actor another name, taken from other actors if requested."""
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
    """Merge an actor into another."""
    actor, into = known.get(edit.actor), known.get(edit.into)
    check_same(actor, into, known.find)
    said = f"{actor.name} ({actor.id}) now counts as {into.name} ({into.id})."
    own = edited(known, actor.id)
    assert own.actor is not None  # noqa: S101 - edited gives a row
    merged = own.actor.model_copy(update={"merged_into": into.id})
    after = {actor.id: own.model_copy(update={"actor": merged})}
    return Decided("merge", actor.id, said, after)


def split(edit: Split, known: Known) -> Decided:
    """Undo a merge, or split an actor in two."""
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
    """Return the workspace's data on an actor, with a row copied from the seed if needed."""
    own, seed = known.own(key), known.seed(key)
    if own.actor is not None or seed is None:
        return own
    return own.model_copy(update={"actor": _row(seed, known.workspace)})


def with_aliases(known: Known, actor: Actor, aliases: Iterable[Alias]) -> Own:
    """Return the workspace's data on an actor with these names added."""
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
    """Return the workspace's data on an actor without these names, in any case."""
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
    """Return the part of an id made from a name: ``masoud-pezeshkian``."""
    return normalise(name).replace(" ", "-")[:80]


def check_id(key: str) -> None:
    """Raise BadEdit unless this is a valid actor id: a type, a colon, and no blanks."""
    if not re.fullmatch(r"[^\s:*|]{1,30}:[^\s*|]{1,88}", key):
        raise BadEdit(
            f"{key!r} is no id: write it as type:name, such as person:masoud-pezeshkian, "
            "without blanks and up to 120 characters.",
            about=key,
        )


_SCALARS = ("name", "iso3", "acts_for", "description", "as_of")


def take_in(batch: TakeIn, known: Known) -> Decided:
    """Decide on a batch; invalid rows are left out with the reason."""
    after: dict[str, Own] = {}
    # Later rows see the effect of earlier ones in the batch.
    ahead = Known(
        known.workspace,
        known.seed,
        lambda key: after[key] if key in after else known.own(key),
        known.owners,
        known.leaning,
    )
    names: list[str] = []
    refused: list[Refusal] = []

    def each(field: str, say: Callable[[Any], tuple[str, Own]]) -> None:
        for number, row in enumerate(getattr(batch, field)):
            try:
                key, own = say(row)
            except BadEdit as error:
                refused.append(Refusal(field, number, error.message))
            else:
                names.extend(_new_names(row, ahead) if field == "actors" else ())
                after[key] = own

    each("actors", lambda row: (row.id, _actor(row, ahead)))
    each("aliases", lambda row: (row[0], with_aliases(ahead, ahead.get(row[0]), [row[1]])))
    each("hidden", lambda row: (row[0], _hidden(row, ahead)))
    each("tenures", lambda row: (row.office, _tenure(row, ahead)))
    each("merged", lambda row: (row[0], _merged(ahead.get(row[0]), ahead.get(row[1]), ahead)))
    names += [alias.text for _, alias in batch.aliases]
    names += [text for _, text in batch.hidden]
    counted = sum(1 for key, own in after.items() if own != known.own(key))
    said = f"Took in {counted:,} actor{'' if counted == 1 else 's'}."
    only = next(iter(after)) if len(after) == 1 else "*"
    return Decided("import", only, said, after, tuple(dict.fromkeys(names)), tuple(refused))


def _new_names(row: Actor, known: Known) -> list[str]:
    """Return the names in a row that are new to its actor."""
    there = known.find(row.id)
    had = {there.name, *(alias.text for alias in there.aliases)} if there else set()
    given = (row.name, *(alias.text for alias in row.aliases))
    return [text for text in given if text not in had]


def _hidden(row: tuple[str, str], known: Known) -> Own:
    key, text = row
    own = known.own(known.get(key).id)
    return own.model_copy(update={"hidden": tuple(sorted({*own.hidden, text}))})


def _actor(row: Actor, known: Known) -> Own:
    check_id(row.id)
    there = known.find(row.id)
    if there is None:
        ours = {"workspace": known.workspace, "aliases": _distinct(row), "merged_into": None}
        return known.own(row.id).model_copy(update={"actor": row.model_copy(update=ours)})
    if there.type is not row.type:
        raise BadEdit(
            f"{row.id} is of type {there.type.value} here, and {row.type.value} in the row.",
            about=row.id,
        )
    own = with_aliases(known, there, row.aliases)
    given = {key: getattr(row, key) for key in _SCALARS if getattr(row, key) is not None}
    if all(getattr(there, key) == value for key, value in given.items()):
        return own
    base = own.actor or edited(known, row.id).actor
    assert base is not None  # noqa: S101 - there is an actor, so there is a row
    return own.model_copy(update={"actor": base.model_copy(update=given)})


def _distinct(row: Actor) -> tuple[object, ...]:
    unique = {(alias.text, alias.kind): alias for alias in row.aliases if alias.text != row.name}
    return tuple(unique.values())


def _tenure(row: Tenure, known: Known) -> Own:
    office, person = known.get(row.office), known.get(row.person)
    if office.type is not ActorType.OFFICE:
        raise BadEdit(f"{office.id} is no office, so nobody holds it.", about=office.id)
    if person.type is not ActorType.PERSON:
        raise BadEdit(f"{person.id} is no person, so holds no office.", about=person.id)
    if row.since and row.until and row.since > row.until:
        raise BadEdit(f"{person.id} leaves {office.id} before taking it.", about=office.id)
    own = known.own(row.office)
    unique = {(one.person, one.since): one for one in own.tenures}
    there = unique.get((row.person, row.since))
    if there is not None and there.until == row.until:
        return own
    unique[row.person, row.since] = row
    return own.model_copy(update={"tenures": tuple(unique.values())})


def _merged(actor: Actor, into: Actor, known: Known) -> Own:
    if actor.merged_into == into.id:
        return known.own(actor.id)
    check_same(actor, into, known.find)
    own = edited(known, actor.id)
    assert own.actor is not None  # noqa: S101 - edited gives a row
    return own.model_copy(update={"actor": own.actor.model_copy(update={"merged_into": into.id})})


def decide(edit: Edit, known: Known) -> Decided:
    """Decide on ``edit``; raises BadEdit with a sentence if it is impossible."""
    decided = _decide(edit, known)
    said = {key: canonical(own, known.seed(key)) for key, own in decided.after.items()}
    after = {key: own for key, own in said.items() if own != known.own(key)}
    words = decided.said if after else f"Nothing to change: {decided.said}"
    return replace(decided, said=words, after=after)


def _decide(edit: Edit, known: Known) -> Decided:
    match edit:
        case AddActor():
            return add(edit, known)
        case AddAlias():
            return alias(edit, known)
        case RemoveAlias():
            return remove(edit, known)
        case Merge():
            return merge(edit, known)
        case Split():
            return split(edit, known)
        case TakeIn():
            return take_in(edit, known)


def undo(change: ActorChange, known: Known) -> Decided:
    """Decide how to undo a change; raises BadEdit if later changes build on it."""
    number = f"#{change.seq}"
    if change.undone:
        raise BadEdit(f"Change {number} is undone already.", about=number)
    for key, own in change.after.items():
        seed = known.seed(key)
        if _apart(known.own(key), seed) != _apart(own, seed):
            raise BadEdit(
                f"Change {number} cannot be undone: {key} was changed again since. Undo the "
                "later change first.",
                about=number,
                hint=f"`dragoman actors log {key}` lists them.",
            )
        if own.actor and not seed and change.before.get(key, NOTHING).actor is None:
            _check_alone(key, number, set(change.after), known)
    after = {key: _restored(key, change, known) for key in change.after}
    named = {*_names(change.after, known), *_names(change.before, known)}
    said = f"Undid {number}: {change.said}"
    return Decided("undo", change.actor, said, after, tuple(sorted(named)))


def _apart(own: Own, seed: Actor | None) -> Own:
    """Return the data apart from the seed: its row follows the seeds from version to version."""
    if own.actor is None or seed is None:
        return own
    row = seed.model_copy(
        update={"aliases": own.actor.aliases, "merged_into": own.actor.merged_into}
    )
    return own.model_copy(update={"actor": row})


def _restored(key: str, change: ActorChange, known: Known) -> Own:
    before, after, seed = change.before.get(key, NOTHING), change.after[key], known.seed(key)
    if before.actor is None or after.actor is None or seed is None:
        return before
    if _scalars(before) != _scalars(after):
        return before
    now = known.own(key).actor or seed
    row = now.model_copy(
        update={
            "workspace": known.workspace,
            "aliases": before.actor.aliases,
            "merged_into": before.actor.merged_into,
        }
    )
    return canonical(before.model_copy(update={"actor": row}), seed)


def _scalars(own: Own) -> object:
    return own.actor and own.actor.model_dump(exclude={"aliases", "merged_into"})


def _check_alone(key: str, number: str, together: set[str], known: Known) -> None:
    leaning = [other for other in known.leaning(key) if other not in together]
    if leaning:
        raise BadEdit(
            f"Change {number} cannot be undone: {', '.join(leaning[:3])} rests on {key}, which "
            "it added. Undo what was changed about those first.",
            about=number,
        )


def _names(states: Mapping[str, Own], known: Known) -> set[str]:
    found: set[str] = set()
    for own in states.values():
        found.update(own.hidden)
        if own.actor is not None:
            found.update(alias.text for alias in own.actor.aliases)
            found.add(own.actor.name)
    # The name of a seed is the same before and after.
    return found - {seed.name for key in states if (seed := known.seed(key))}
