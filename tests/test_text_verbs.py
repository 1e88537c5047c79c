"""Past tenses and -ing forms, and the table that they are from."""

import pytest

from bot.text.english import (
    alike,
    bare_form,
    forms,
    forms_of,
    past_tense,
)
from seeds.build_verbs import HERE, table


@pytest.mark.parametrize(
    ("verb", "past"),
    [
        ("expel", "expelled"), ("raid", "raided"), ("bomb", "bombed"), ("visit", "visited"),
        ("offer", "offered"), ("transfer", "transferred"), ("veto", "vetoed"), ("panic", "panicked"),
        ("overthrow", "overthrew"), ("bid", "bid"), ("quit", "quit"), ("defy", "defied"),
        ("employ", "employed"), ("flee", "fled"), ("tie", "tied"), ("rebut", "rebutted"),
    ],
)  # fmt: skip
def test_the_past_tense_of_a_verb(verb: str, past: str) -> None:
    assert past_tense(verb) == past


def test_a_participle_is_no_form_of_a_verb_unless_it_is_a_past_tense() -> None:
    assert forms_of("throw") == (("threw",), ("throwing",), "thrown")
    assert bare_form("thrown") is None
    assert bare_form("threw") == "throw"


def test_the_verb_form_has_meanings_as_any_other() -> None:
    assert alike("form", "establish")


def test_a_verb_that_the_table_lacks_is_told_without_a_guess() -> None:
    assert forms_of("zorp") is None
    assert past_tense("zorp") == "did zorp"


def test_a_reader_looks_for_every_spelling() -> None:
    assert {"cancelled", "canceled", "cancelling", "cancels"} <= set(forms("cancel"))
    assert {"raid", "raids", "raided", "raiding"} == set(forms("raid"))
    assert {"go", "goes", "went", "gone", "going"} == set(forms("go:went/gone"))
    with pytest.raises(ValueError, match="zorp"):
        forms("zorp")


def test_the_table_has_the_most_usual_spelling_first() -> None:
    rows = [
        "travel,verb,traveled/travelled,traveled,traveling/travelling,travels\n",
        "plead,verb,pleaded/plead,pleaded,pleading,pleads\n",
        "torpedo,verb,torpedoes,torpedoed,torpedoing,torpedo\n",
        "bid,verb,bade/bid,bid,bidding,bids\n",
        "rebuild,verb,re-built/rebuilt,rebuilt,rebuilding,rebuilds\n",
        "run,verb,ran,ran,running,runs\n",
        "slay,verb,slew,slain,slaying,slays\n",
        "sew,verb,sewed,sewn,sewing,sews\n",
        "wake,verb,woke/waked,waked/woken,waking,wakes\n",
        "Paris,noun,Paris\n",
    ]
    made = table(rows, {"travelled": 3, "traveled": 1, "plead": 9, "pleaded": 2, "bade": 4})
    assert [line for line in made.splitlines() if not line.startswith("#")] == [
        "bid bid bidding",
        "plead pleaded/plead pleading",
        "rebuild rebuilt rebuilding",
        "run ran running run",
        "sew sewed sewing",
        "slay slew slaying slain",
        "torpedo torpedoed torpedoing",
        "travel travelled/traveled traveling/travelling",
        "wake woke/waked waking woken",
    ]


def test_every_line_of_the_table_is_a_verb_with_its_forms() -> None:
    lines = [line for line in HERE.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == sorted(lines, key=lambda line: line.partition(" ")[0])
    assert all(len(line.split()) in (3, 4) for line in lines)
    assert len({line.partition(" ")[0] for line in lines}) == len(lines) > 6000
