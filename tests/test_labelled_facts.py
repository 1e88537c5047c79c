"""Whether a fact read is one that is labelled, and what the benchmark of them counts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from seeds.labelled_facts import agreement, read_labels, same_claimant, same_status
from tests.bench.facts_labelled import Prediction, by_class, score


def _fact(told: str, **more: Any) -> dict[str, Any]:
    """Return a fact told as *class: source > target / object*, several with commas."""
    kind, _, rest = told.partition(":")
    sides, _, about = rest.partition("/")
    source, _, target = sides.partition(">")
    return {
        "class": kind,
        "source": [one.strip() for one in source.split(",") if one.strip()],
        "target": [one.strip() for one in target.split(",") if one.strip()],
        "object": about.strip(),
        "status": "happened",
        **more,
    }


# --- agreement ------------------------------------------------------------------------------

# None contradicts, False leaves something out, True is complete.
AGREEMENT: list[tuple[str, str, bool | None]] = [
    ("ASSAULT: Iran > Oman", "ASSAULT: Iran > Oman", True),
    ("ASSAULT: Iran > Oman", "MOVE: Iran > Oman", None),
    # one word in common is enough, whatever its case, but not an article or a preposition
    ("ASSAULT: the Iranian navy > oman", "ASSAULT: Iranian forces > Oman's port", True),
    ("ASSAULT: the navy > Oman", "ASSAULT: the army > Oman", None),
    ("ASSAULT: the navy of Iran > Oman", "ASSAULT: Iran’s army > Oman", True),
    ("ASSAULT: Łódź > São Tomé", "ASSAULT: łódź > SÃO TOMÉ", True),
    # another's deed, and one done to another
    ("ASSAULT: Peru > Oman", "ASSAULT: Iran > Oman", None),
    ("ASSAULT: Iran > Peru", "ASSAULT: Iran > Oman", None),
    ("ASSAULT: Oman > Iran", "ASSAULT: Iran > Oman", None),
    # what the label lacks may not be told, but for what it is about
    ("ASSAULT: Iran > Oman", "ASSAULT: Iran >", None),
    ("ASSAULT: Iran > Oman", "ASSAULT: > Oman", None),
    ("ASSAULT: Iran > / the port", "ASSAULT: Iran >", True),
    # what is left out
    ("ASSAULT: Iran >", "ASSAULT: Iran > Oman", False),
    ("ASSAULT: > Oman", "ASSAULT: Iran > Oman", False),
    ("ASSAULT: >", "ASSAULT: Iran > Oman", None),
    ("ASSAULT: >", "ASSAULT: >", True),
    ("ASSAULT: > Oman", "ASSAULT: > Oman", True),
    ("ASSAULT: Iran >", "ASSAULT: Iran >", True),
    # one of several is enough
    ("ASSAULT: Iran > Oman", "ASSAULT: Iran, Peru > Oman, Kenya", True),
    ("ASSAULT: Iran, Peru > Oman", "ASSAULT: Iran > Oman", True),
    # the target of one may be what the other is about
    ("REQUEST: Iran > a truce", "REQUEST: Iran > / a truce", True),
    ("REQUEST: Iran > / a truce", "REQUEST: Iran > a truce", True),
    ("REQUEST: Iran > / a truce", "REQUEST: Iran > Oman / a truce", True),
    ("REQUEST: Iran > Oman / a truce", "REQUEST: Iran > Oman / a truce", True),
    ("REQUEST: Iran > Oman", "REQUEST: Iran > Oman / a truce", True),
    ("REQUEST: Iran > / a pardon", "REQUEST: Iran > / a truce", None),
    ("REQUEST: Iran > Oman / a pardon", "REQUEST: Iran > Oman / a truce", None),
    ("REQUEST: Iran > Oman / a pardon", "REQUEST: Iran > Oman", None),
    ("REQUEST: > / a truce", "REQUEST: Iran > / a truce", False),
]


@pytest.mark.parametrize(
    ("found", "label", "expected"), AGREEMENT, ids=[f"{one[0]} | {one[1]}" for one in AGREEMENT]
)
def test_agreement(found: str, label: str, expected: bool | None) -> None:
    assert agreement(_fact(found), _fact(label)) is expected


MUTUAL: list[tuple[str, str, bool | None]] = [
    ("CONSULT: Oman > Iran", "CONSULT: Iran > Oman", True),
    ("CONSULT: Iran > Oman", "CONSULT: Iran > Oman", True),
    # both are named on one side
    ("CONSULT: Iran > Oman", "CONSULT: Iran, Oman >", True),
    ("CONSULT: Oman > Iran", "CONSULT: Iran, Oman >", True),
    ("CONSULT: Iran, Oman >", "CONSULT: Iran > Oman", False),
    ("CONSULT: Iran >", "CONSULT: Iran, Oman >", True),
    ("CONSULT: Oman >", "CONSULT: Iran > Oman", False),
    ("AGREE: Oman > Iran / a pact", "AGREE: Iran > Oman / a pact", True),
    # a third
    ("CONSULT: Peru > Iran", "CONSULT: Iran > Oman", None),
    ("CONSULT: Iran > Peru", "CONSULT: Iran, Oman >", None),
    ("ASSAULT: Oman > Iran", "CONSULT: Iran > Oman", None),
]


@pytest.mark.parametrize(
    ("found", "label", "expected"), MUTUAL, ids=[f"{one[0]} | {one[1]}" for one in MUTUAL]
)
def test_those_who_act_with_each_other_may_change_places(
    found: str, label: str, expected: bool | None
) -> None:
    assert agreement(_fact(found), _fact(label, mutual=True)) is expected


def test_it_is_the_label_that_says_whether_they_may() -> None:
    found, label = _fact("CONSULT: Oman > Iran", mutual=True), _fact("CONSULT: Iran > Oman")
    assert agreement(found, label) is None


def test_what_both_agree_about_does_not_contradict_a_label_without_it() -> None:
    found = _fact("AGREE: Oman > Iran / a pact")
    assert agreement(found, _fact("AGREE: Iran, Oman >", mutual=True)) is True


def test_a_class_that_a_fair_reader_would_accept() -> None:
    found = _fact("MOVE: Iran > Oman")
    assert agreement(found, _fact("CONSULT: Iran > Oman", also=["MOVE", "AID"])) is True
    assert agreement(found, _fact("CONSULT: Iran > Oman", also=["AID"])) is None
    assert agreement({**found, "also": ["CONSULT"]}, _fact("CONSULT: Iran > Oman")) is True


def test_roles_may_be_words_lists_or_missing() -> None:
    found = {"class": "ASSAULT", "source": "Iran", "target": ["Oman"], "object": None}
    assert agreement(found, {"class": "ASSAULT", "source": ["Iran"], "target": "Oman"}) is True
    assert agreement({"class": "ASSAULT", "source": "Iran"}, _fact("ASSAULT: Iran > Oman")) is False


STATUSES = [
    ("happened", "happened", True),
    ("happened", "ongoing", True),
    ("ongoing", "happened", True),
    ("planned", "planned", True),
    ("planned", "possible", False),
    ("happened", "denied", False),
    ("ongoing", "planned", False),
    (None, "happened", False),
]


@pytest.mark.parametrize(("found", "label", "expected"), STATUSES)
def test_same_status(found: str | None, label: str, expected: bool) -> None:
    assert same_status(found, label) is expected


CLAIMANTS: list[tuple[str | list[str] | None, str | list[str] | None, bool]] = [
    (None, None, True),
    ("", [], True),
    ("Iran", "Iran", True),
    (["Iran"], "the Iran News", True),
    ("two officials", "officials of Oman", True),
    ("the king", "the queen", False),
    ("Iran", None, False),
    (None, "Iran", False),
]


@pytest.mark.parametrize(("found", "label", "expected"), CLAIMANTS)
def test_same_claimant(found: object, label: object, expected: bool) -> None:
    assert same_claimant({"claimant": found}, {"claimant": label}) is expected


def test_nobody_may_be_missing() -> None:
    assert same_claimant({}, {}) is True
    assert same_claimant({}, {"claimant": "Iran"}) is False


def test_labels_are_read_as_written(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "sentence": "Łódź 🙂", "facts": []},
        {"id": "b", "facts": [_fact("MOVE: Iran >")]},
    ]
    file = tmp_path / "labelled.jsonl.gz"
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    file.write_bytes(gzip.compress(lines.encode()))
    assert read_labels(file) == rows


# --- the benchmark --------------------------------------------------------------------------


def _row(*facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"facts": list(facts)}


def _said(told: str, probability: float = 0.9, **more: Any) -> Prediction:
    return Prediction(_fact(told, **more), probability)


STRUCK, MET = "ASSAULT: Iran > Oman", "CONSULT: Peru > Kenya"


def test_what_is_right_is_counted() -> None:
    rows = [_row(_fact(STRUCK), _fact(MET)), _row(), _row(_fact("AID: Oman > Chad"))]
    found = [[_said(STRUCK), _said("MOVE: Peru > Kenya")], [_said(MET)], []]
    told = score(rows, found)
    assert (told["labelled"], told["said"]) == (3, 3)
    assert (told["precision"], told["recall"], told["complete"]) == (0.333, 0.333, 0.333)


def test_what_leaves_something_out_is_right_and_not_complete() -> None:
    told = score([_row(_fact(STRUCK), _fact(MET))], [[_said("ASSAULT: Iran >"), _said(MET)]])
    assert (told["precision"], told["recall"], told["complete"]) == (1.0, 1.0, 0.5)


def test_what_is_said_twice_does_not_count() -> None:
    once = score([_row(_fact(STRUCK))], [[_said(STRUCK)]])
    again = [_said(STRUCK), _said(STRUCK, 0.5), _said("ASSAULT: Iran >", 0.4)]
    assert score([_row(_fact(STRUCK))], [again]) == once
    assert once["said"] == 1


def test_what_is_wrong_counts_however_often_it_is_said() -> None:
    wrong = [_said("ASSAULT: Peru > Oman"), _said("ASSAULT: Peru > Oman")]
    told = score([_row(_fact(STRUCK))], [[_said(STRUCK), *wrong]])
    assert (told["said"], told["precision"]) == (3, 0.333)


def test_what_is_labelled_twice_is_to_be_said_twice() -> None:
    rows = [_row(_fact(STRUCK), _fact(STRUCK))]
    assert score(rows, [[_said(STRUCK)]])["recall"] == 0.5
    assert score(rows, [[_said(STRUCK), _said(STRUCK)]])["recall"] == 1.0


def test_the_likeliest_is_taken_first_and_for_what_it_tells_whole() -> None:
    rows = [_row(_fact("ASSAULT: Iran > Oman, Peru / a port"), _fact("ASSAULT: Iran >"))]
    told = score(rows, [[_said("ASSAULT: Iran >")]])
    assert (told["recall"], told["complete"]) == (0.5, 0.5)
    # of two for one fact the likelier is compared
    rows = [_row(_fact(STRUCK))]
    told = score(rows, [[_said("ASSAULT: Iran >", 0.2), _said(STRUCK, 0.8)]])
    assert told["complete"] == 1.0
    told = score(rows, [[_said("ASSAULT: Iran >", 0.8), _said(STRUCK, 0.2)]])
    assert told["complete"] == 0.0


def test_facts_of_one_sentence_are_not_those_of_another() -> None:
    told = score([_row(_fact(STRUCK)), _row(_fact(MET))], [[_said(MET)], [_said(STRUCK)]])
    assert (told["precision"], told["recall"]) == (0.0, 0.0)


def test_status_and_claimant_are_of_what_is_right() -> None:
    rows = [_row(_fact(STRUCK, claimant="Chad"), _fact(MET, status="planned"))]
    found = [
        _said(STRUCK, status="ongoing", claimant=["the army of Chad"]),
        _said(MET, status="happened", claimant=["a baker"]),
        _said("MOVE: Chad >", status="denied"),
    ]
    told = score(rows, [found])
    assert (told["status"], told["claimant"]) == (0.5, 0.5)


def test_of_nothing_nothing_is_told() -> None:
    assert score([], []) == {
        "labelled": 0, "said": 0, "right": 0, "precision": 0.0, "interval": [0.0, 1.0], "recall": 0.0,
        "complete": 0.0, "status": 0.0, "claimant": 0.0,
    }  # fmt: skip


def test_sentences_and_what_is_found_go_together() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score([_row(), _row()], [[]])


# Wilson's, as published for these counts.
INTERVALS = [
    (0, 10, [0.0, 0.278]),
    (1, 10, [0.018, 0.404]),
    (5, 10, [0.237, 0.763]),
    (10, 10, [0.722, 1.0]),
    (80, 100, [0.711, 0.867]),
]


@pytest.mark.parametrize(("right", "said", "expected"), INTERVALS)
def test_the_interval_of_precision(right: int, said: int, expected: list[float]) -> None:
    rows = [_row(_fact(STRUCK))] * said
    found = [[_said(STRUCK)]] * right + [[_said(MET)]] * (said - right)
    told = score(rows, found)
    assert told["interval"] == expected
    assert told["precision"] == right / said


def test_each_class_by_itself() -> None:
    rows = [_row(_fact(STRUCK), _fact(MET)), _row(_fact(STRUCK))]
    found = [[_said(STRUCK), _said("CONSULT: Chad > Kenya")], []]
    assert by_class(rows, found) == {"ASSAULT": [2, 1, 1.0, 0.5], "CONSULT": [1, 1, 0.0, 0.0]}


def test_no_more_of_a_class_is_recalled_than_is_labelled() -> None:
    either = _fact("CONSULT: Iran > Oman", also=["MOVE"])
    rows = [_row(either), _row(_fact("MOVE: Peru > Chad"))]
    told = by_class(rows, [[_said("MOVE: Iran > Oman")], [_said("MOVE: Peru > Chad")]])
    assert told["MOVE"] == [1, 2, 1.0, 1.0]
    assert told["CONSULT"][3] == 1.0
