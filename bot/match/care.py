"""What an edit of actors, taking one back, or taking in a list comes to: decided here, purely.

``Store.change_actor`` and ``Store.undo_change`` apply it: the one place that does. When actors are
taken in from a list, a name that others have as well is no error: lists share names, and an
ambiguous query is asked back about. What is there already stays as it is, so that the same list
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import BadEdit
from bot.match import edits
from bot.match.edits import (
    NOTHING,
    Decided,
    Known,
    Refusal,
    canonical,
    check_id,
    edited,
    with_aliases,
)
from bot.match.merging import check_same
from bot.models import (
    Actor,
    ActorChange,
    ActorType,
    AddActor,
    AddAlias,
    Edit,
    Merge,
    Own,
    RemoveAlias,
    Split,
    TakeIn,
    Tenure,
)

_SCALARS = ("name", "iso3", "acts_for", "description", "as_of")


def take_in(batch: TakeIn, known: Known) -> Decided:
    """Say what a batch comes to; rows that cannot be are left out, and said why."""
    after: dict[str, Own] = {}
    # Later rows see what earlier ones of the batch said.
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
                names.extend(_news(row, ahead) if field == "actors" else ())
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


def _news(row: Actor, known: Known) -> list[str]:
    """The names in a row that its actor had not yet."""
    there = known.find(row.id)
    had = {there.name, *(alias.text for alias in there.aliases)} if there else set()
    told = (row.name, *(alias.text for alias in row.aliases))
    return [text for text in told if text not in had]


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
    told = {key: getattr(row, key) for key in _SCALARS if getattr(row, key) is not None}
    if all(getattr(there, key) == value for key, value in told.items()):
        return own
    base = own.actor or edited(known, row.id).actor
    assert base is not None  # noqa: S101 - there is an actor, so there is a row
    return own.model_copy(update={"actor": base.model_copy(update=told)})


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
    """Say what ``edit`` comes to; raises BadEdit with a sentence where it cannot be."""
    decided = _decide(edit, known)
    said = {key: canonical(own, known.seed(key)) for key, own in decided.after.items()}
    after = {key: own for key, own in said.items() if own != known.own(key)}
    words = decided.said if after else f"Nothing to change: {decided.said}"
    return replace(decided, said=words, after=after)


def _decide(edit: Edit, known: Known) -> Decided:
    match edit:
        case AddActor():
            return edits.add(edit, known)
        case AddAlias():
            return edits.alias(edit, known)
        case RemoveAlias():
            return edits.remove(edit, known)
        case Merge():
            return edits.merge(edit, known)
        case Split():
            return edits.split(edit, known)
        case TakeIn():
            return take_in(edit, known)


def undo(change: ActorChange, known: Known) -> Decided:
    """Say what takes a change back; raises BadEdit where something was built on it since."""
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
    """What is said beside the seed: its row follows the seeds from version to version."""
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
    # The name of a seed says the same before and after.
    return found - {seed.name for key in states if (seed := known.seed(key))}
