"""What taking in actors from elsewhere does: like an edit, but many at once, and lenient.

A name that others have as well is no error here: lists share names, and an ambiguous
query is asked back about. What is there already stays as it is, so that the same list
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.errors import BadEdit
from bot.match.edits import Decided, Known, Refusal, check_id, edited, with_aliases
from bot.match.merging import check_same
from bot.models import Actor, ActorType, Own, TakeIn, Tenure

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
