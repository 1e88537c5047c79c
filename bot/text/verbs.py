"""Past tenses and -ing forms of English verbs, from a table and never from a rule.

The table is ``seeds/words/verbs.txt``, whose head names its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

_TABLE = ("words", "verbs.txt")


class Forms(NamedTuple):
    """The forms of a verb, of several spellings the most usual first."""

    past: tuple[str, ...]
    ing: tuple[str, ...]


@cache
def _table() -> Mapping[str, str]:
    """Return the rest of each line by its verb; it is split when the verb is asked for."""
    text = resources.files("seeds").joinpath(*_TABLE).read_text("utf-8")
    rows = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {verb: rest for verb, _, rest in rows}


def forms_of(verb: str) -> Forms | None:
    """Return the forms of a verb, given by its bare form; None where the table lacks it."""
    row = _table().get(verb)
    if row is None:
        return None
    past, ing = row.split()
    return Forms(tuple(past.split("/")), tuple(ing.split("/")))


def past_tense(verb: str) -> str:
    """Return the past tense of a verb: ``expelled``; ``did VERB`` where the table lacks it."""
    found = forms_of(verb)
    return found.past[0] if found else f"did {verb}"


def is_verb_form(word: str) -> bool:
    """Tell whether a word, in lower case, is any form of a verb of the table: *charts*, *began*."""
    return word in _every_form()


def bare_form(word: str) -> str | None:
    """Return the verb that a word, in lower case, is a form of: ``fly`` of *flew*; else None."""
    return _bare_forms().get(word)


def is_past(word: str) -> bool:
    """Tell whether a word, in lower case, can be a past tense and no bare verb: not *hit*."""
    return word in _other_forms(word).past


def is_ing(word: str) -> bool:
    """Tell whether a word, in lower case, is the -ing form of a verb: *visiting*, not *king*."""
    return word in _other_forms(word).ing


def _other_forms(word: str) -> Forms:
    """The forms of the verb that a word is a form of and not itself; of another word none."""
    bare = bare_form(word)
    return (forms_of(bare) if bare and bare != word else None) or Forms((), ())


@cache
def _bare_forms() -> Mapping[str, str]:
    """Verbs by their forms; of two verbs that share one, that whose own form it is."""
    found: dict[str, str] = {}
    for verb, row in _table().items():
        ending = "es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"
        third = (
            f"{verb[:-1]}ies" if verb[-1:] == "y" and verb[-2:-1] not in "aeiou" else verb + ending
        )
        for form in (*row.replace("/", " ").split(), third):
            found.setdefault(form, verb)
    return {**found, **{verb: verb for verb in _table() if verb not in found}}


@cache
def _every_form() -> frozenset[str]:
    found = {form for row in _table().values() for form in row.replace("/", " ").split()}
    bare = set(_table())
    return frozenset(found | bare | {f"{verb}s" for verb in bare})


def forms(*entries: str) -> list[str]:
    """Return every form of some verbs, the longest first.

    An entry is a bare verb (``accuse``), whose past tenses are in the table of verbs, or a verb
    with the past tense and participles that count (``go:went/gone``). Raises ValueError for a
    bare verb that the table lacks.
    """
    found: list[str] = []
    for entry in entries:
        lemma, _, past = entry.partition(":")
        known = forms_of(lemma)
        if known is None and not past:
            raise ValueError(f"the table of verbs lacks {lemma!r}: write it with its past tense")
        found += [lemma, _third_person(lemma)]
        found += past.split("/") if past else known.past if known else ()
        found += known.ing if known else (lemma.removesuffix("e") + "ing",)
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _third_person(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
