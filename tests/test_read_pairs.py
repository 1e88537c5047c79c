"""Whom *the two countries* and *both sides* mean, beside where nobody is meant."""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.read.reading import read


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


CASES = [
    ("Iran is a neighbour of Turkey. The two countries signed a pact.", ["state:irn AGREE state:tur"]),
    ("Iran is a neighbour of Turkey. Rain fell. Both countries agreed on a ceasefire.", ["state:irn AGREE state:tur"]),
    ("Iran fears Hamas. Both sides signed a truce.", ["state:irn AGREE group:hamas"]),
    ("Iran fears Hamas. Both sides signed an agreement in Doha.", ["state:irn AGREE group:hamas at state:qat"]),
    ("Hakan Fidan likes Vladimir Putin. The two leaders met in Oman.",
     ["person:hakan-fidan CONSULT person:vladimir-putin at state:omn"]),
    ("Iran is a neighbour of Turkey. Qatar urged both countries to sign the treaty.",
     ["state:qat REQUEST state:irn", "state:qat REQUEST state:tur"]),
    # three may be meant, or one, or nobody of that kind
    ("Iran and Turkey are neighbours of Iraq. The two countries signed a pact.", []),
    ("Iran is large. The two countries signed a pact.", []),
    ("Iran is a neighbour of Turkey. The two leaders met in Oman.", ["The two leaders CONSULT - at state:omn"]),
    # another paragraph, and another's
    ("Iran is a neighbour of Turkey.\n\nThe two countries signed a pact.", []),
    ("Iran is a neighbour of Turkey. The two countries' firms signed a pact.", []),
    ("Iran is a neighbour of Turkey. Two countries signed a pact.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_both(index: ActorIndex, text: str, expected: list[str]) -> None:
    told = [
        f"{fact.source_actor or fact.source_words} {fact.event_class.value} {fact.target_actor or '-'}"
        + (f" at {fact.place}" if fact.place else "")
        for fact in read("", text, None, index, "test").facts
    ]
    assert sorted(told) == sorted(expected)


def test_the_sentence_that_names_them_is_evidence(index: ActorIndex) -> None:
    text = "Iran is a neighbour of Turkey. The two countries signed a pact."
    (fact,) = read("", text, None, index, "test").facts
    assert [quote.quote for quote in fact.evidence] == [
        "The two countries signed a pact.",
        "Iran is a neighbour of Turkey.",
    ]
