"""English words: common ones, first names, rarity in news, and the forms of verbs.

The list of common words tells what a typed word most likely is when it is no name: a fuzzy matcher
would otherwise take *chain* for China and *women* for Yemen. Forms and meanings of verbs come from
tables and never from a rule. The lists are in ``seeds/words``; their heads name the sources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import tantivy

_SUFFIXES = (
    ("ies", "y"), ("ied", "y"), ("ily", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""),
    ("ed", "e"),
    ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("ly", ""),
    ("ment", ""), ("ments", ""), ("ness", ""), ("al", ""), ("ive", "e"), ("ion", ""), ("ion", "e"),
    ("ions", ""), ("ions", "e"), ("ation", "e"), ("ations", "e"), ("ation", ""), ("able", ""),
    ("ful", ""), ("less", ""), ("or", ""), ("ors", ""), ("or", "e"), ("ors", "e"),
)  # fmt: skip


def _table_lines(name: str) -> list[str]:
    """Read the lines of a table of ``seeds/words``, without its comments."""
    text = resources.files("seeds").joinpath("words", name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _words_of(name: str) -> frozenset[str]:
    return frozenset(word for line in _table_lines(name) for word in line.split())


COMMON = _words_of("common.txt")
"""Common English words, lower case, uninflected where the ending is regular."""

GIVEN_NAMES = _words_of("given_names.txt")
"""Common first names: no misspelling of an actor's name (Susan is not Sudan)."""


@lru_cache(maxsize=65536)
def is_common(word: str) -> bool:
    """Whether a word, normalised, is a common English one in any regular form; digits are."""
    if word in COMMON or word.isdigit():
        return True
    for ending, stem in _SUFFIXES:
        if word.endswith(ending):
            root = word[: len(word) - len(ending)]
            if len(root) < 2:
                continue
            if root + stem in COMMON or (root[-1:] * 2 == root[-2:] and root[:-1] in COMMON):
                return True
    return False


_LONGEST = 40
_WORD = re.compile(r"[^\W_]+")


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def stems(text: str) -> list[str]:
    """The words of a text in order: lower case, accents folded, English stems, no stop words."""
    return [stem for word in _WORD.findall(text) if (stem := _stem(word))]


@lru_cache(maxsize=30_000)
def _stem(word: str) -> str:
    """The stem of a word, empty for a stop word: most words come again."""
    return next(iter(_analyzer().analyze(word)), "")


@cache
def rarities() -> tuple[Mapping[str, float], float]:
    """How rare each listed stem is, and any that is not listed.

    The natural logarithm of how many news items there are for one that has it, from the table
    ``seeds/words/rarity.txt``, whose head names its source.
    """
    found: dict[str, float] = {}
    for line in _table_lines("rarity.txt"):
        weight, _, listed = line.partition(" ")
        found.update(dict.fromkeys(listed.split(), float(weight)))
    return found, max(found.values())


class Forms(NamedTuple):
    """The forms of a verb, of several spellings the most usual first."""

    past: tuple[str, ...]
    ing: tuple[str, ...]
    participle: str = ""


@cache
def _verbs_table() -> Mapping[str, str]:
    """Return the rest of each line by its verb; it is split when the verb is asked for."""
    rows = (line.partition(" ") for line in _table_lines("verbs.txt"))
    return {verb: rest for verb, _, rest in rows}


def forms_of(verb: str) -> Forms | None:
    """Return the forms of a verb, given by its bare form; None where the table lacks it."""
    row = _verbs_table().get(verb)
    if row is None:
        return None
    past, ing, *participle = row.split()
    pasts = tuple(past.split("/"))
    return Forms(pasts, tuple(ing.split("/")), participle[0] if participle else pasts[0])


def past_tense(verb: str) -> str:
    """Return the past tense of a verb: ``expelled``; ``did VERB`` where the table lacks it."""
    found = forms_of(verb)
    return found.past[0] if found else f"did {verb}"


def is_verb_form(word: str) -> bool:
    """Tell whether a word, in lower case, is any form of a verb of the table: *charts*, *began*."""
    return word in _bare_forms()


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
    """Verbs by their forms; of two verbs that share one, that whose own form it is.

    Left out are participles that are no past tense, which are in the table of senses.
    """
    found: dict[str, str] = {}
    for verb, row in _verbs_table().items():
        past, ing = row.split()[:2]
        for form in (*past.split("/"), *ing.split("/"), _third_person(verb)):
            found.setdefault(form, verb)
    return {**found, **{verb: verb for verb in _verbs_table() if verb not in found}}


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


_CLIMB = 5
"""How far up a verb is looked for among those that it is a kind of."""

SAME, KIND_OF, SISTERS = 1.0, 0.8, 0.5
"""How alike are two verbs that share a meaning; of which one is a kind of the other; which are
kinds of one other."""


class _Senses(NamedTuple):
    of: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]
    opposites: Mapping[str, frozenset[str]]
    nouns: Mapping[str, str]
    participles: Mapping[str, str]


@cache
def _senses_table() -> _Senses:
    rows: dict[str, dict[str, frozenset[str]]] = {kind: {} for kind in ("", "parents", "opposites")}
    words: dict[str, dict[str, str]] = {"noun": {}, "participle": {}}
    for line in _table_lines("senses.txt"):
        first, *rest = line.split()
        if first in words:
            words[first][rest[0]] = rest[1]
        elif first in rows:
            rows[first][rest[0]] = frozenset(rest[1:])
        else:
            rows[""][first] = frozenset(rest)
    return _Senses(
        of=rows[""],
        parents=rows["parents"],
        opposites=rows["opposites"],
        nouns=words["noun"],
        participles=words["participle"],
    )


def verb_of(word: str, after: str = "") -> str | None:
    """Return the verb that a word, in lower case, is a form of or a noun made from; else None.

    ``after`` is the word that follows: *step down* is a verb of its own.
    """
    table = _senses_table()
    verb = bare_form(word) or table.participles.get(word)
    if verb is None:
        singular = word[:-1] if word.endswith("s") else word
        return table.nouns.get(word) or table.nouns.get(singular)
    phrase = f"{verb}_{after}"
    return phrase if after != "to" and phrase in table.of else verb


def is_participle(word: str) -> bool:
    """Whether a word is a participle that is no past tense: *thrown*, *fallen*."""
    return word in _senses_table().participles


def alike(one: str, other: str) -> float:
    """How alike two verbs are, as of ``verb_of``: 0, or ``SISTERS`` to ``SAME``."""
    if one == other:
        return SAME
    senses, others = _senses(one), _senses(other)
    if senses & others:
        return SAME
    above, beyond = _above(senses), _above(others)
    if senses & beyond or others & above:
        return KIND_OF
    return SISTERS if above & beyond else 0.0


def opposed(one: str, other: str) -> bool:
    """Whether a verb means the opposite of another, or of one that means the same."""
    opposites = _senses_table().opposites
    senses, others = _senses_also_again(one), _senses_also_again(other)
    return any(opposites.get(sense, frozenset()) & others for sense in senses) or any(
        opposites.get(sense, frozenset()) & senses for sense in others
    )


def means(verb: str, one: str, other: str) -> bool:
    """Whether a verb means, or is a kind of, what another does in the sense that a third is near.

    *sack* is what *remove* is where *unseat* is a kind of it, and *extract* is not.
    """
    senses, others = _senses(one), _senses(other)
    meant = senses & (others | _above(others)) | others & _above(senses)
    found = _senses(verb)
    for _ in range(_CLIMB):
        if found & meant:
            return True
        found = _above(found)
    return False


def _senses_also_again(verb: str) -> frozenset[str]:
    """Return the senses of a verb, with those of the verb that it repeats: *reopen*, *open*."""
    senses = _senses(verb)
    repeated = _senses(verb[2:]) if verb.startswith("re") else frozenset()
    return senses | repeated if _above(senses) & repeated else senses


def _senses(verb: str) -> frozenset[str]:
    return _senses_table().of.get(verb, frozenset())


def _above(senses: frozenset[str]) -> frozenset[str]:
    parents = _senses_table().parents
    return frozenset().union(*(parents.get(sense, frozenset()) for sense in senses))
