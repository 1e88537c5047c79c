"""What an edit of actors, or taking one back, comes to: decided here, purely.

``Store.change_actor`` and ``Store.undo_change`` apply it: the one place that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.errors import BadEdit
from bot.match import edits
from bot.match.edits import NOTHING, Decided, Known, canonical
from bot.match.takein import take_in
from bot.models import (
    Actor,
    ActorChange,
    AddActor,
    AddAlias,
    Edit,
    Merge,
    Own,
    RemoveAlias,
    Split,
    TakeIn,
)


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
