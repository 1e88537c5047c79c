"""The trained reader: spans, marks and the order of its three passes, with a fake network.

The last section asks the network that comes along.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
import pytest

from bot.models import EventClass, Status
from bot.read import extraction
from bot.read.extraction import (
    CLASSES,
    LEAST_ACT,
    LEAST_TRIGGER,
    OUTPUTS,
    OUTSIDE_BIAS,
    ROLES,
    STATUSES,
    TOKENS,
    Act,
    Calibration,
    Encoded,
    Exits,
    Extracted,
    Floats,
    Ids,
    encode,
    extract,
    extract_stated,
    features_of,
    is_promising,
    marked,
    marked_act,
    pooled,
    read_acts,
    softmax,
    tagged,
)

OPEN, CLOSE = 2, 3
MOST_ROWS = 16


def _id(word: str) -> int:
    """Return the id of a word that is one token."""
    (found,) = encode(word).ids[1:-1]
    return found


def _words(sentence: Encoded) -> list[str]:
    return [sentence.text[start:end] for start, end in sentence.offsets]


def _act(**more: object) -> Act:
    values = {
        "event_class": EventClass.ASSAULT, "status": Status.HAPPENED, "mutual": False,
        "trigger": (2, 3), "roles": {}, "likely": 0.9, "weakest": 0.9,
        "class_probability": 0.9, "status_probability": 0.9, "right": 0.9,
    }  # fmt: skip
    return Act(**{**values, **more})  # type: ignore[arg-type]  # checked by what is read of it


# --- tags, tokens and marks -----------------------------------------------------------------

TAGS: list[tuple[list[int], list[tuple[int, int, int]]]] = [
    ([], []),
    ([0, 0, 0], []),
    ([0, 1, 2, 2, 0], [(1, 4, 0)]),
    ([1, 1, 2], [(0, 1, 0), (1, 3, 0)]),
    ([3, 4, 5, 6], [(0, 2, 1), (2, 4, 2)]),
    # one may begin with the tag for going on
    ([0, 4, 4, 0], [(1, 3, 1)]),
    # the tag for going on of another kind begins another
    ([1, 4, 4], [(0, 1, 0), (1, 3, 1)]),
    ([2, 1], [(0, 1, 0), (1, 2, 0)]),
]


@pytest.mark.parametrize(("tags", "spans"), TAGS)
def test_spans_of_tags(tags: list[int], spans: list[tuple[int, int, int]]) -> None:
    assert list(tagged(tags)) == spans
    assert list(tagged(np.array(tags, dtype=np.int64))) == spans


def test_probabilities_add_up_to_one_however_large_the_odds() -> None:
    found = softmax(np.array([[0.0, 0.0], [1000.0, -1000.0]]))
    assert found.tolist() == [[0.5, 0.5], [1.0, 0.0]]


NON_ASCII = [
    "München hit Bogotá’s port 🙂 in Łódź.",
    "👩‍🚀 Zoë hit Straße 🚢🚢 off Malmö.",
    unicodedata.normalize("NFD", "München hit Málaga."),
    "الرياض hit 東京 “today”.",
]


@pytest.mark.parametrize("text", NON_ASCII)
def test_offsets_are_code_points(text: str) -> None:
    sentence = encode(text)
    at = sentence.ids.index(_id("hit"))
    assert sentence.span((at, at + 1)) == (text.index("hit"), text.index("hit") + 3)
    assert sentence.words((at, at + 1)) == "hit"
    # all but spaces, and nothing twice
    whole = "".join(text.split())
    assert "".join(_words(sentence)) == whole


def test_a_name_of_several_tokens_is_one_span() -> None:
    sentence = encode("Then Borduria hit 🙂 Zoë.")
    assert sentence.words((2, sentence.ids.index(_id("hit")))) == "Borduria"


def test_what_is_longer_is_cut_off() -> None:
    sentence = encode("The port burned and " * 60)
    assert len(sentence.ids) == TOKENS
    assert (sentence.ids[0], sentence.ids[-1]) == (encode("").ids[0], encode("").ids[1])
    short = encode("The port burned.")
    assert len(short.ids) == 6


def test_a_trigger_is_marked() -> None:
    sentence = encode("Iran struck Israel .")
    begin, iran, struck, israel, stop, end = sentence.ids
    ids, at, places = marked(sentence, (2, 3))
    assert ids == [begin, iran, OPEN, struck, CLOSE, israel, stop, end]
    assert at == 2
    assert places == [0, 1, 3, 5, 6, 7]


@pytest.mark.parametrize("trigger", [(1, 2), (2, 4), (1, 5), (4, 5)])
def test_tokens_are_found_after_marking(trigger: tuple[int, int]) -> None:
    sentence = encode("Iran struck Israel .")
    ids, at, places = marked(sentence, trigger)
    assert [ids[place] for place in places] == sentence.ids
    assert ids[at] == OPEN
    assert at + 1 == places[trigger[0]]
    assert ids[places[trigger[1] - 1] + 1] == CLOSE


def test_an_act_is_marked_with_its_class_and_status_first() -> None:
    sentence = encode("Oman said Iran struck Israel over oil .")
    begin, oman, said, iran, struck, israel, over, oil, stop, end = sentence.ids
    act = _act(
        event_class=EventClass.ASSAULT, status=Status.DENIED, trigger=(4, 5),
        roles={"source": [(3, 4)], "target": [(5, 6)], "object": [(6, 8)], "claimant": [(1, 2)],
               "place": [(2, 3)], "when": [(2, 3)]},
    )  # fmt: skip
    ids, at, places = marked_act(sentence, act)
    kinds = [20 + CLASSES.index(EventClass.ASSAULT), 50 + STATUSES.index(Status.DENIED)]
    assert ids == [
        begin, *kinds, 10, oman, 11, said, 4, iran, 5, OPEN, struck, CLOSE, 6, israel, 7,
        8, over, oil, 9, stop, end,
    ]  # fmt: skip
    assert ids[at] == OPEN
    assert [ids[place] for place in places] == sentence.ids


def test_the_mark_of_the_trigger_is_found_where_it_is_a_target_too() -> None:
    sentence = encode("Iran struck Israel .")
    ids, at, places = marked_act(sentence, _act(trigger=(2, 3), roles={"target": [(2, 3), (3, 4)]}))
    assert ids[at] == OPEN
    assert [ids[place] for place in places] == sentence.ids


def test_marks_of_classes_and_statuses_do_not_meet() -> None:
    assert 20 + len(CLASSES) <= 50
    assert 50 + len(STATUSES) <= 99
    assert Status.CALLED_FOR not in STATUSES


# --- the three passes -----------------------------------------------------------------------


class FakeNetwork:
    """Tags words that it is told, and keeps the rows that it was given.

    Each of ``verbs`` is a trigger of its class; ``names`` before a trigger are its sources and
    those after it its targets. ``none`` are the log-odds that a trigger is none, by word; the
    log-odds that an act is right are the number of its sentence's last word.
    """

    def __init__(
        self,
        verbs: dict[str, EventClass],
        names: Sequence[str] = (),
        *,
        outside: float = 0.0,
        none: dict[str, float] | None = None,
        status: Status = Status.HAPPENED,
        mutual: bool = False,
    ) -> None:
        self.verbs = {_id(word): CLASSES.index(kind) for word, kind in verbs.items()}
        self.names = {_id(word) for word in names}
        self.none = {_id(word): odds for word, odds in (none or {}).items()}
        self.outside, self.status, self.mutual = outside, status, mutual
        self.batches: list[tuple[Ids, Ids, Ids]] = []

    def __call__(self, ids: Ids, mask: Ids, at: Ids) -> Sequence[Floats]:
        self.batches.append((ids.copy(), mask.copy(), at.copy()))
        found = [self._row(row[: int(few.sum())], len(row), int(place))
                 for row, few, place in zip(ids, mask, at, strict=True)]  # fmt: skip
        return [np.stack(one).astype(np.float32) for one in zip(*found, strict=True)]

    def _row(self, ids: Ids, length: int, at: int) -> list[Floats]:
        # What is said of padding is nonsense.
        triggers = np.full((length, 1 + 2 * len(CLASSES)), -20.0, dtype=np.float32)
        roles = np.full((length, 1 + 2 * len(ROLES)), -20.0, dtype=np.float32)
        triggers[len(ids) :, 1] = roles[len(ids) :, 1] = 9.0
        triggers[: len(ids), 0] = self.outside
        roles[: len(ids), 0] = 5.0
        classes = np.zeros(len(CLASSES) + 1, dtype=np.float32)
        for place, token in enumerate(ids.tolist()):
            if token in self.verbs:
                triggers[place, 1 + 2 * self.verbs[token]] = 4.0
            if token in self.names and at:
                roles[place, 1 + 2 * ROLES.index("source" if place < at else "target")] = 8.0
        if at:
            trigger = int(ids[at + 1])
            classes[:] = -20.0
            classes[self.verbs[trigger]] = 0.0
            classes[-1] = self.none.get(trigger, -20.0)
        statuses = np.zeros(len(STATUSES), dtype=np.float32)
        statuses[STATUSES.index(self.status)] = 3.0
        mutual = np.array([0.0, 1.0 if self.mutual else -1.0], dtype=np.float32)
        right = np.array([at / 4], dtype=np.float32)
        return [triggers, roles, classes, statuses, mutual, right]


VERBS = {"struck": EventClass.ASSAULT, "met": EventClass.CONSULT, "urged": EventClass.REQUEST}
COUNTRIES = ("iran", "israel", "oman", "kenya", "peru")


def _shown(sentence: Encoded, act: Act) -> tuple[str, str, dict[str, list[str]]]:
    roles = {role: [sentence.words(one) for one in spans] for role, spans in act.roles.items()}
    return sentence.words(act.trigger), str(act.event_class), roles


def test_the_acts_of_a_sentence() -> None:
    sentence = encode("🙂 Iran struck Israel, and Oman urged Kenya.")
    ((first, second),) = read_acts([sentence], FakeNetwork(VERBS, COUNTRIES))
    assert _shown(sentence, first) == (
        "struck", "ASSAULT", {"source": ["Iran"], "target": ["Israel", "Oman", "Kenya"]},
    )  # fmt: skip
    assert _shown(sentence, second) == (
        "urged", "REQUEST", {"source": ["Iran", "Israel", "Oman"], "target": ["Kenya"]},
    )  # fmt: skip


def test_what_the_second_pass_tells() -> None:
    network = FakeNetwork(VERBS, COUNTRIES, status=Status.PLANNED, mutual=True)
    ((act,),) = read_acts([encode("Iran met Oman.")], network)
    assert (act.status, act.mutual) == (Status.PLANNED, True)
    told = math.exp(3) / (math.exp(3) + len(STATUSES) - 1)
    assert act.status_probability == pytest.approx(told, abs=1e-4)
    assert act.class_probability == pytest.approx(1.0, abs=1e-4)
    assert act.weakest == pytest.approx(math.exp(8) / (math.exp(8) + math.exp(5)), abs=1e-4)
    ((other,),) = read_acts([encode("Iran met Oman.")], FakeNetwork(VERBS, COUNTRIES))
    assert (other.status, other.mutual) == (Status.HAPPENED, False)


def test_the_third_pass_is_given_what_the_second_told() -> None:
    network = FakeNetwork(VERBS, COUNTRIES)
    sentence = encode("Iran met Oman.")
    ((act,),) = read_acts([sentence], network)
    assert len(network.batches) == 3
    ids, _, at = network.batches[-1]
    wanted, place, _ = marked_act(sentence, act)
    assert (ids[0].tolist(), int(at[0])) == (wanted, place)
    assert act.right == pytest.approx(1 / (1 + math.exp(-place / 4)))


def test_sentences_keep_their_order_and_acts_theirs() -> None:
    verbs = sorted(VERBS)
    texts = [
        f"{'Then ' * (n * 7 % 23)}Iran {verbs[n % 3]} Oman{' and' * (n % 5)} {verbs[n % 2]} Kenya."
        for n in range(41)
    ]
    texts[5] = texts[30] = "Nothing came of it."
    encoded = [encode(one) for one in texts]
    found = read_acts(encoded, FakeNetwork(VERBS, COUNTRIES))
    for n, (sentence, acts) in enumerate(zip(encoded, found, strict=True)):
        triggers = [sentence.words(act.trigger) for act in acts]
        assert triggers == ([] if n in (5, 30) else [verbs[n % 3], verbs[n % 2]])
        assert acts == sorted(acts, key=lambda act: act.trigger)
        # what the third pass says of each is its own
        assert [act.right for act in acts] == [
            pytest.approx(1 / (1 + math.exp(-marked_act(sentence, act)[1] / 4))) for act in acts
        ]


def test_rows_are_run_one_by_one_so_that_none_changes_another() -> None:
    network = FakeNetwork(VERBS, COUNTRIES)
    texts = [f"Iran{' then' * (n % 9)} struck Oman." for n in range(40)]
    read_acts([encode(one) for one in texts], network)
    assert len(network.batches) == 3 * len(texts)
    for ids, mask, at in network.batches:
        assert ids.shape == mask.shape == (1, ids.shape[1])
        assert mask.all()
        assert at[0] == 0 or ids[0][at[0]] == OPEN


@pytest.mark.parametrize("number", [1, 3])
def test_the_network_that_comes_along_reads_a_sentence_alike_beside_others(number: int) -> None:
    text = "Turkey condemned Israel's attack on Syria."
    others = ["Norway will send medicine to Sudan next week, its ministry said on Monday."] * number
    assert extract([*others, text])[-1] == extract([text])[0]


def test_a_sentence_alone_is_read_as_among_others() -> None:
    texts = ["Iran struck Oman.", "Then " * 30 + "Iran met Peru.", "Oman urged Kenya."]
    together = read_acts([encode(one) for one in texts], FakeNetwork(VERBS, COUNTRIES))
    alone = [read_acts([encode(one)], FakeNetwork(VERBS, COUNTRIES))[0] for one in texts]
    assert together == alone


def test_nothing_is_asked_of_the_network_about_nothing() -> None:
    network = FakeNetwork(VERBS)
    assert read_acts([], network) == []
    assert read_acts([encode("It rained."), encode("")], network) == [[], []]
    assert len(network.batches) == 2


@pytest.mark.parametrize(("doubt", "count"), [(OUTSIDE_BIAS - 0.1, 1), (OUTSIDE_BIAS + 0.1, 0)])
def test_doubtful_triggers_are_read_too(doubt: float, count: int) -> None:
    network = FakeNetwork(VERBS, COUNTRIES, outside=4.0 + doubt)
    ((*acts,),) = read_acts([encode("Iran struck Oman.")], network)
    assert len(acts) == count
    for act in acts:
        # its probability is not raised with it
        assert act.likely == pytest.approx(1 / (1 + math.exp(doubt)), abs=1e-3)


def test_what_is_most_likely_no_act_is_not_read_on() -> None:
    odds = math.log(1 / LEAST_ACT - 1)
    network = FakeNetwork(
        VERBS, COUNTRIES, outside=-15.0, none={"struck": odds + 0.1, "met": odds - 0.1}
    )
    sentence = encode("Iran struck Oman, met Kenya and urged Peru.")
    (acts,) = read_acts([sentence], network)
    assert [sentence.words(act.trigger) for act in acts] == ["met", "urged"]
    assert acts[0].likely == pytest.approx(LEAST_ACT, rel=0.15)
    assert acts[0].event_class is EventClass.CONSULT
    # the third pass is not asked about it
    assert len(network.batches) == 1 + 3 + 2


def test_doubts_of_both_passes_count() -> None:
    network = FakeNetwork(VERBS, COUNTRIES, outside=4.0, none={"struck": 0.0})
    ((act,),) = read_acts([encode("Iran struck Oman.")], network)
    assert act.likely == pytest.approx(0.25, abs=1e-3)


def test_an_act_without_roles_is_read() -> None:
    ((act,),) = read_acts([encode("They struck it.")], FakeNetwork(VERBS))
    assert (act.roles, act.weakest) == ({}, 1.0)


def test_what_stands_after_the_cut_is_not_read() -> None:
    texts = ["Iran struck Oman" + " and then" * 100 + " met Kenya.", "Iran struck Oman."]
    found = read_acts([encode(one) for one in texts], FakeNetwork(VERBS, COUNTRIES))
    assert [[act.event_class for act in acts] for acts in found] == [[EventClass.ASSAULT]] * 2
    assert found[0][0].roles == found[1][0].roles


def test_special_tokens_are_no_part_of_a_span() -> None:
    def network(ids: Ids, mask: Ids, _at: Ids) -> Sequence[Floats]:
        rows, length = ids.shape
        triggers = np.zeros((rows, length, 1 + 2 * len(CLASSES)), dtype=np.float32)
        triggers[..., 0] = 5.0
        triggers[:, 0, 1] = triggers[:, mask[0].sum() - 1, 1] = 9.0
        empty = [np.zeros((rows, n), dtype=np.float32) for n in (len(CLASSES) + 1, 5, 2, 1)]
        return [triggers, np.zeros((rows, length, 1 + 2 * len(ROLES)), dtype=np.float32), *empty]

    assert read_acts([encode("Iran struck Oman.")], network) == [[]]


# --- how likely it is read right ------------------------------------------------------------

PLAIN = encode("Iran struck Israel on Monday.")
WEIGHTS = {
    "right": 0.8, "likely": 0.3, "weakest": 0.2, "class": 0.4, "status": 0.1,
    "source": 0.5, "target": 0.3, "object": 0.2, "bias": -1.0,
}  # fmt: skip
CALIBRATION = Calibration(WEIGHTS, state=0.7, keep=0.4)


def test_features_are_log_odds_and_what_there_is() -> None:
    act = _act(right=0.5, likely=0.9, weakest=0.1, class_probability=1.0, status_probability=0.0)
    found = features_of(PLAIN, act)
    assert found["right"] == 0.0
    assert found["likely"] == pytest.approx(math.log(9))
    assert found["weakest"] == pytest.approx(-math.log(9))
    # what is certain has no infinite odds
    assert found["class"] == pytest.approx(-found["status"])
    assert 9 < found["class"] < 10
    assert found[f"class {act.event_class}"] == found[f"status {act.status}"] == 1.0
    assert found["tokens"] == pytest.approx(math.log(len(PLAIN.ids)))
    none = ("source", "target", "object", "claimant", "quotation", "odd", "mutual with nobody")
    assert [found[name] for name in none] == [0.0] * len(none)


@pytest.mark.parametrize("role", ["source", "target", "object", "claimant"])
def test_each_role_and_each_further_span_of_it_is_a_feature(role: str) -> None:
    roles = {role: [(1, 2), (3, 4), (4, 5)], "place": [(5, 6)]}
    found = features_of(PLAIN, _act(trigger=(2, 3), roles=roles))
    for other in ("source", "target", "object", "claimant"):
        assert found[other] == float(other == role)
        assert found[f"more {other}"] == (2.0 if other == role else 0.0)


def test_distances_odd_spans_and_quotations_are_features() -> None:
    sentence = encode("“The - fleet will , he says , struck the port”")
    at = sentence.ids.index(_id("struck"))
    act = _act(trigger=(at, at + 1), roles={"source": [(2, 3)], "target": [(at + 1, at + 2)]})
    found = features_of(sentence, act)
    assert found["quotation"] == 1.0
    assert found["odd"] == 2.0
    assert found["to source"] == pytest.approx(math.log1p(at - 2))
    assert found["to target"] == 0.0
    lonely = features_of(sentence, act._replace(mutual=True, roles={"source": [(2, 3)]}))
    assert lonely["mutual with nobody"] == 1.0


@pytest.mark.parametrize(
    "field", ["right", "likely", "weakest", "class_probability", "status_probability"]
)
def test_the_surer_the_more_probable(field: str) -> None:
    found = [
        CALIBRATION.probability(features_of(PLAIN, _act(**{field: chance})))
        for chance in (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)
    ]
    assert all(one < other for one, other in pairwise(found))
    assert all(0 < one < 1 for one in found)


def test_every_feature_counts_by_its_weight() -> None:
    assert CALIBRATION.probability({"bias": 1.0}) == pytest.approx(1 / (1 + math.e))
    for name, weight in WEIGHTS.items():
        odds = weight if name == "bias" else weight - 1.0
        found = CALIBRATION.probability({"bias": 1.0, name: 1.0})
        assert found == pytest.approx(1 / (1 + math.exp(-odds)))
    assert CALIBRATION.probability({"bias": 1.0, "unknown": 9.0}) == pytest.approx(1 / (1 + math.e))


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget sentences before and after a test that reads them with another network."""
    extraction._stated.cache_clear()
    yield
    extraction._stated.cache_clear()


@pytest.mark.parametrize("probability", [0.54, 0.56, 0.69, 0.71])
@pytest.mark.parametrize("status", STATUSES)
def test_denials_are_stated_from_a_lower_probability(status: Status, probability: float) -> None:
    least = 0.55 if status is Status.DENIED else 0.7
    assert CALIBRATION.states(status, probability) is (probability >= least)


@pytest.mark.usefixtures("forgotten")
def test_only_what_is_probable_enough_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    right = dict.fromkeys(WEIGHTS, 0.0)
    for status, probability, count in [
        (Status.DENIED, 0.6, 1), (Status.HAPPENED, 0.6, 0), (Status.HAPPENED, 0.8, 1),
        (Status.DENIED, 0.5, 0),
    ]:  # fmt: skip
        weights = right | {"bias": math.log(probability / (1 - probability))}
        network = FakeNetwork(VERBS, COUNTRIES, status=status)
        calibration = Calibration(weights, state=0.7, keep=0.4)
        with monkeypatch.context() as patched:
            patched.setattr(extraction, "network", lambda network=network: network)
            patched.setattr(extraction, "calibration", lambda chosen=calibration, **_: chosen)
            patched.setattr(extraction, "exits", lambda: _exits(-1.0))
            patched.setattr(extraction, "is_promising", lambda _: True)
            (found,) = extract_stated(["Iran struck Oman."])
        assert len(found) == count
        extraction._stated.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_a_sentence_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    network = FakeNetwork(VERBS, COUNTRIES)
    monkeypatch.setattr(extraction, "network", lambda: network)
    monkeypatch.setattr(extraction, "exits", lambda: _exits(-1.0))
    monkeypatch.setattr(extraction, "is_promising", lambda _: True)
    first = extract_stated(["Iran struck Oman."])
    rows = len(network.batches)
    assert extract_stated(["Iran struck Oman."] * 2) == first * 2
    assert len(network.batches) == rows


# --- where reading stops --------------------------------------------------------------------


def test_triggers_and_acts_without_a_chance_are_not_read_on() -> None:
    odds = math.log(1 / LEAST_TRIGGER - 1)
    network = FakeNetwork(VERBS, COUNTRIES, outside=4.0 + odds - 0.1)
    sentence = encode("Iran struck Oman.")
    assert [len(one) for one in read_acts([sentence], network, _exits(-1.0))] == [1]
    assert len(network.batches) == 3
    # the act has no chance: the third pass is not asked
    assert read_acts([sentence], network, _exits(1.0)) == [[]]
    assert len(network.batches) == 3 + 2
    doubtful = FakeNetwork(VERBS, COUNTRIES, outside=4.0 + odds + 0.1)
    assert read_acts([sentence], doubtful, _exits(-1.0)) == [[]]
    assert len(doubtful.batches) == 1
    assert [len(one) for one in read_acts([sentence], doubtful)] == [1]


def _exits(least_act: float) -> Exits:
    return Exits(np.zeros(3), 0.0, {"target": 0.5, "bias": -0.5}, least_act)


def test_a_sentence_passes_by_the_mean_and_the_maximum_of_its_states() -> None:
    states = np.array([[0.0, 2.0], [1.0, -2.0]], dtype=np.float32)
    assert pooled(states).tolist() == [0.5, 0.0, 1.0, 2.0]
    weights = np.array([2.0, 1.0, 0.0, -1.0, 0.5])  # the last is the bias
    assert Exits(weights, -0.5, {}, 0.0).passes(states)
    assert not Exits(weights, -0.4, {}, 0.0).passes(states)


def test_plain_sentences_of_acts_are_promising_and_others_are_not() -> None:
    act = "Iran struck Israel on Monday with dozens of missiles, the army said in a statement."
    other = "The museum in Paris opens at nine on most days of the week, and at ten on Sundays."
    assert [is_promising(encode(one)) for one in (act, other)] == [True, False]
    # a short one is always read
    assert is_promising(encode("She likes long walks."))


def test_the_two_parts_of_the_network_fit_together() -> None:
    ids = np.array([encode("Iran struck Israel.").ids], dtype=np.int64)
    mask, at = np.ones_like(ids), np.zeros(1, dtype=np.int64)
    trained = extraction.network()
    assert trained.lower(ids, mask).shape == (*ids.shape, 384)
    outputs = trained(ids, mask, at)
    assert [one.shape[0] for one in outputs] == [1] * len(OUTPUTS)
    assert outputs[0].shape == (*ids.shape, 1 + 2 * len(CLASSES))


def test_what_is_extracted_has_its_spans_in_code_points(monkeypatch: pytest.MonkeyPatch) -> None:
    network = FakeNetwork(VERBS, COUNTRIES)
    monkeypatch.setattr(extraction, "network", lambda: network)
    monkeypatch.setattr(extraction, "calibration", lambda **_: CALIBRATION)
    texts = ["München 🙂: Iran struck Peru.", "It rained.", "Zoë’s Oman 👩‍🚀 met Kenya."]
    (first,), nothing, (third,) = extract(texts)
    assert nothing == []
    assert texts[0][slice(*first.trigger)] == "struck"
    assert [texts[0][slice(*one)] for one in first.roles["source"]] == ["Iran"]
    assert [texts[0][slice(*one)] for one in first.roles["target"]] == ["Peru"]
    assert texts[2][slice(*third.trigger)] == "met"
    assert [texts[2][slice(*one)] for one in third.roles["source"]] == ["Oman"]
    (act,) = read_acts([encode(texts[0])], network)[0]
    assert first.probability == pytest.approx(
        CALIBRATION.probability(features_of(encode(texts[0]), act))
    )
    assert (first.event_class, first.status, first.mutual) == (
        EventClass.ASSAULT,
        Status.HAPPENED,
        False,
    )


# --- the network that comes along -----------------------------------------------------------

ACTUAL = [
    # class, status and trigger of one of its acts, its sources and its targets or objects
    ("Iran struck Israel on Monday.", "ASSAULT", "happened", "struck", ["Iran"], ["Israel"]),
    ("Iran strikes Israel", "ASSAULT", "happened", "strikes", ["Iran"], ["Israel"]),
    ("Turkey condemned Israel's attack on Syria.", "ACCUSE", "happened", "condemned", ["Turkey"], ["Israel", "attack on Syria"]),
    ("Turkey condemned Israel's attack on Syria.", "ASSAULT", "happened", "attack", ["Israel"], ["Syria"]),
    ("Police in Peru arrested two officials of the opposition.", "COERCE", "happened", "arrested", ["Police in Peru"], ["two officials of the opposition"]),
    ("Russia threatened to cut gas to Moldova.", "THREATEN", "happened", "threatened", ["Russia"], ["Moldova", "cut gas"]),
    ("France denied that it had sent arms to Kenya.", "AID", "denied", "sent", ["it"], ["Kenya", "arms"]),
    ("Norway will send medicine to Sudan next week.", "AID", "planned", "send", ["Norway"], ["Sudan", "medicine"]),
    ("The foreign ministers of Oman and Qatar met in Muscat.", "CONSULT", "happened", "met", ["The foreign ministers of Oman", "Qatar"], []),
    ("Japan imposed sanctions on Belarus.", "SANCTION", "happened", "imposed sanctions", ["Japan"], ["Belarus"]),
    ("Chad withdrew its troops from Mali.", "RETREAT", "happened", "withdrew", ["Chad"], ["its troops"]),
    ("Canada urged Serbia to release the journalists.", "REQUEST", "happened", "urged", ["Canada"], ["Serbia", "release the journalists"]),
    ("Brazil and Chile signed a trade agreement in Santiago on Friday.", "AGREE", "happened", "signed a trade agreement", ["Brazil", "Chile"], []),
    ("China may deploy ships near Vietnam.", "MOBILIZE", "possible", "deploy ships", ["China"], []),
    ("Thousands of students protested in Athens against the government.", "PROTEST", "happened", "protested", ["Thousands of students"], ["the government"]),
    ("The parliament of Greece rejected the offer of Albania.", "REJECT", "happened", "rejected", ["The parliament of Greece"], ["Albania", "the offer"]),
]  # fmt: skip

NOTHING = [
    "The recipe needs two eggs and a cup of flour.",
    "It was sunny in Lisbon, with a light breeze from the sea.",
    "The town has about nine thousand inhabitants.",
]


def test_spans_of_one_role_that_touch_are_one() -> None:
    sure = np.full((6, 1 + 2 * len(ROLES)), 0.01)
    begins = 1 + 2 * ROLES.index("when")
    for token, tag in ((1, begins), (2, begins), (4, begins)):
        sure[token, tag] = 0.9
    for token in (0, 3, 5):
        sure[token, 0] = 0.9
    assert extraction._roles(encode("it rains here now"), sure)[0] == {"when": [(1, 3), (4, 5)]}


EXACTLY_READ = 11
"""Of the 16 acts of plain sentences. Of the others a span is too long or too short (*the* for *the
government*), or the source is missing (*it had sent*)."""


def test_what_plain_sentences_state() -> None:
    read = [row for row in ACTUAL if row[1:] in _exactly(row[0])]
    assert len(read) >= EXACTLY_READ, [_exactly(row[0]) for row in ACTUAL if row not in read]


def _exactly(text: str) -> list[tuple[str, str, str, list[str], list[str]]]:
    """Return the acts of a sentence that are probable enough, in the form of ``ACTUAL``."""
    (found,) = extract([text])
    rows = []
    for act in found:
        if act.probability >= extraction.calibration().keep:
            words = {role: [text[slice(*one)] for one in act.roles.get(role, [])] for role in ROLES}
            others = [*words["target"], *words["object"]]
            trigger = text[slice(*act.trigger)]
            rows.append((str(act.event_class), str(act.status), trigger, words["source"], others))
    return rows


def test_what_is_told_of_an_act() -> None:
    text = "On Monday Iran struck a port in Yemen, according to Oman."
    (found,) = extract([text])
    act = _likeliest(found)
    words = {role: [text[slice(*one)] for one in spans] for role, spans in act.roles.items()}
    assert words == {
        "when": ["On Monday"], "source": ["Iran"], "object": ["a port"], "target": ["Yemen"],
        "claimant": ["Oman"],
    }  # fmt: skip


def test_those_who_meet_do_so_with_each_other() -> None:
    together, other = extract(["Leaders of Oman and Qatar met in Muscat.", "Iran struck Israel."])
    assert _likeliest(together).mutual
    assert not _likeliest(other).mutual


def _likeliest(acts: Sequence[Extracted]) -> Extracted:
    return max(acts, key=lambda one: one.probability)


@pytest.mark.parametrize("text", NOTHING)
def test_what_states_no_act(text: str) -> None:
    (found,) = extract([text])
    assert all(one.probability < extraction.calibration().state for one in found)


def test_texts_beyond_ascii_are_read_in_code_points() -> None:
    text = "🙂 São Tomé: “Iran struck Israel on Monday,” said Łukasz Żak."
    (found,) = extract([text])
    act = next(one for one in found if text[slice(*one.trigger)] == "struck")
    assert [text[slice(*one)] for one in act.roles["target"]] == ["Israel"]


def test_the_network_reads_many_as_it_reads_each() -> None:
    texts = [row[0] for row in ACTUAL] + NOTHING
    together = extract(texts)
    for text, acts in zip(texts, together, strict=True):
        (alone,) = extract([text])
        assert [(one.event_class, one.trigger) for one in alone] == [
            (one.event_class, one.trigger) for one in acts
        ]
        for one, other in zip(alone, acts, strict=True):
            assert one.probability == pytest.approx(other.probability, abs=0.05)
    assert extract([]) == []


def test_whatever_it_is_given_it_reads() -> None:
    texts = ["", " ", "\n", "?!", "🙂" * 500, "a" * 5000, "Iran " * 400, "\u200b\u00ad"]
    for text, acts in zip(texts, extract(texts), strict=True):
        spans = [one for act in acts for one in (act.trigger, *chain(*act.roles.values()))]
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("article", [False, True])
def test_the_thresholds_are_in_order(article: bool) -> None:
    found = extraction.calibration(article=article)
    assert 0 < found.keep < found.state < 1
    assert {"right", "likely", "weakest", "class", "source", "bias"} <= set(found.weights)
    assert "right" not in extraction.exits().act


def test_articles_have_probabilities_of_their_own() -> None:
    (act,) = read_acts([PLAIN], extraction.network())[0]
    of_item, of_article = (
        extraction.calibration(article=article).probability(features_of(PLAIN, act))
        for article in (False, True)
    )
    assert of_item != of_article
    ((item,),) = extract_stated([PLAIN.text])
    ((one,),) = extract_stated([PLAIN.text], article=True)
    assert (item.probability, one.probability) == (of_item, of_article)
