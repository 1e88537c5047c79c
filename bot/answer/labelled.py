"""Facts marked wrong as labels, in the format that the reader is trained with.

A label is a sentence with its article, where it stands there, and the one or two sentences
before it; ``wrong`` has the facts that were read in it and are wrong, with the words of the
sentence for every role, and the reason. It says nothing of other facts in that sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from bot.answer.acts import OF_THINGS
from bot.answer.lines import Places, named_in, places_in, proofs_of
from bot.answer.triggers import Place
from bot.match.actors import ActorIndex
from bot.models import Evidence, WrongFact
from bot.text.sentences import sentences

_BEFORE = 2
"""Sentences before one that are kept with it, to say who *he* is."""

Label = dict[str, Any]


class _Stands(NamedTuple):
    """A sentence, where it begins in its text, and those before it."""

    words: str
    start: int
    before: tuple[str, ...] = ()


def labels(found: Sequence[WrongFact], actors: Callable[[str], ActorIndex]) -> Iterator[Label]:
    """A label for each sentence in which facts were marked wrong, in the order given.

    ``actors`` are those that a workspace knows.
    """
    made: dict[tuple[str, str, int, str, int], Label] = {}
    for one in found:
        index = actors(one.fact.workspace)
        for proof in proofs_of(one.fact, index):
            stands = _sentence(one, proof)
            key = (one.fact.workspace, proof.article, proof.revision, proof.field, stands.start)
            label = made.setdefault(key, _label(one, proof, stands))
            label["wrong"].append(_wrong(one, index, label["sentence"]))
    yield from made.values()


def _sentence(one: WrongFact, proof: Evidence) -> _Stands:
    """The whole sentence that evidence is of; of a thinned text only what is quoted is left."""
    if proof.field == "title":
        return _Stands(one.title or proof.quote, 0)
    if one.text[proof.start : proof.end] != proof.quote:
        return _Stands(proof.quote, proof.start)
    spans = sentences(one.text)
    within = [n for n, (start, end) in enumerate(spans) if start < proof.end and proof.start < end]
    if not within:
        return _Stands(proof.quote, proof.start)
    first, last = within[0], within[-1]
    start = spans[first][0]
    before = [one.text[begin:end] for begin, end in spans[max(first - _BEFORE, 0) : first]]
    return _Stands(one.text[start : spans[last][1]], start, tuple(before))


def _label(one: WrongFact, proof: Evidence, stands: _Stands) -> Label:
    return {
        "id": f"{proof.article}.{proof.revision}.{proof.field}.{stands.start}",
        "corpus": "feedback",
        "workspace": one.fact.workspace,
        "article": one.external_id or proof.article,
        "date": one.published.date().isoformat() if one.published else "",
        "before": list(stands.before),
        "sentence": stands.words,
        "field": proof.field,
        "revision": proof.revision,
        "start": stands.start,
        "end": stands.start + len(stands.words),
        "wrong": [],
    }


def _wrong(one: WrongFact, actors: ActorIndex, sentence: str) -> Label:
    """Describe a fact by words of its sentence; roles without words there are left out."""
    fact = one.fact
    places = places_in(sentence, fact, actors)
    target = _words(sentence, places.target)
    # Words for what an act is about are no party to it.
    is_thing = bool(fact.target_words) and (bool(fact.target_actor) or fact.act in OF_THINGS)
    if is_thing:
        party = named_in(sentence, actors.get(fact.target_actor or ""))
        target, thing = _words(sentence, party[:1]), fact.target_words or ""
    else:
        thing = ""
    words = {
        "trigger": _trigger(sentence, places),
        "class": fact.event_class.value,
        "source": _words(sentence, places.source),
        "target": target,
        "object": thing,
        "place": "".join(_words(sentence, _named(sentence, actors, fact.place))),
        "status": fact.status.value,
        "claimant": fact.claimant_words
        or "".join(_words(sentence, _named(sentence, actors, fact.claimant))),
    }
    read = fact.model_dump(mode="json", exclude_none=True, include=_READ)
    kept = {name: value for name, value in words.items() if value}
    return {**kept, "reason": one.fault, "read": read}


_READ = {
    "act",
    "source_actor",
    "target_actor",
    "target_words",
    "claimant",
    "event_date",
    "date_precision",
    "place",
}
"""What was read beside the words: who is meant by them, and when it was."""


def _named(sentence: str, actors: ActorIndex, actor: str | None) -> list[Place]:
    return named_in(sentence, actors.get(actor or ""))[:1]


def _words(sentence: str, places: Sequence[Place]) -> list[str]:
    return [sentence[start:end] for start, end in places]


def _trigger(sentence: str, places: Places) -> str:
    """The trigger as the sentence has it; the noun where a verb and a noun name the act."""
    return "".join(_words(sentence, places.act[:1]))
