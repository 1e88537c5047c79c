"""Vectors of articles: they follow the store, are made where they are missing, survive damage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import StoreUnavailable
from bot.models import LOCAL
from bot.search.vectors import CHARACTERS, FILE, Vectors
from bot.store.store import Store
from bot.text.networks import DIMENSIONS, encode
from tests.arrivals import NOW, arrival, open_store

TEXTS = {
    "quake": "A tremor was felt in the north.",
    "talks": "Qatar met Iran.",
    "grain": "The harvest was poor.",
}


class Counting:
    """The encoder, and the texts that it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return encode(texts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        opened.commit([arrival(key, text) for key, text in TEXTS.items()])
        yield opened


def _nearest(vectors: Vectors, store: Store, question: str) -> str:
    found = vectors.of(store, LOCAL, list(TEXTS))
    [asked] = encode([question])
    return max(found, key=lambda key: float(found[key] @ asked))


def test_a_vector_is_what_a_text_means() -> None:
    one, same, other = encode(
        ["The army shelled the town.", "Troops bombarded the city.", "Wheat prices fell."]
    )
    assert one.shape == (DIMENSIONS,)
    assert float(one @ one) == pytest.approx(1.0, abs=1e-3)
    assert one @ same > 0.5 > 0.3 > one @ other


def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    [alone] = encode(["Qatar met Iran."])
    beside = encode(["Qatar met Iran.", "A much longer sentence stands beside it, " * 5])[0]
    assert np.allclose(alone, beside, atol=1e-4)
    assert encode([]).shape == (0, DIMENSIONS)


def test_articles_are_compared_by_what_they_mean(store: Store, tmp_path: Path) -> None:
    vectors = Vectors(tmp_path)
    assert vectors.catch_up(store) == 3
    assert vectors.size == 3
    assert _nearest(vectors, store, "Did the ground shake?") == "quake"
    assert _nearest(vectors, store, "Was there enough wheat?") == "grain"
    assert _nearest(vectors, store, "Who negotiated with Tehran?") == "talks"


def test_what_is_missing_is_made_once_and_kept(store: Store, tmp_path: Path) -> None:
    encoder = Counting()
    vectors = Vectors(tmp_path, encoder)
    assert set(vectors.of(store, LOCAL, ["talks", "unknown"])) == {"talks"}
    assert encoder.texts == ["Qatar met Iran."]
    vectors.of(store, LOCAL, ["talks"])
    again = Vectors(tmp_path, encoder)
    again.of(store, LOCAL, ["talks"])
    assert vectors.of(store, "T2", ["talks"]) == {}
    again.catch_up(store)
    assert sorted(encoder.texts) == sorted(TEXTS.values())


def test_few_are_taken_in_at_a_time(store: Store, tmp_path: Path) -> None:
    vectors = Vectors(tmp_path)
    assert [vectors.catch_up(store, most=2) for _ in range(3)] == [2, 1, 0]
    assert [Vectors(tmp_path).catch_up(store), Vectors(tmp_path).size] == [0, 3]


def test_words_that_did_not_change_are_not_encoded_again(store: Store, tmp_path: Path) -> None:
    encoder = Counting()
    vectors = Vectors(tmp_path, encoder)
    vectors.catch_up(store)
    store.commit([arrival("quake", TEXTS["quake"], publisher="JPost")])
    assert vectors.catch_up(store) == 1
    assert len(encoder.texts) == 3
    store.commit([arrival("quake", "Talks went on.", n=2)])
    assert vectors.catch_up(store) == 1
    assert encoder.texts[3:] == ["Talks went on."]
    assert vectors.size == 3


def test_deleted_articles_have_no_vector(store: Store, tmp_path: Path) -> None:
    vectors = Vectors(tmp_path)
    vectors.catch_up(store)
    store.tombstone(LOCAL, "grain", NOW)
    vectors.catch_up(store)
    assert vectors.size == 2
    assert vectors.of(store, LOCAL, ["grain"]) == {}


def test_only_the_first_words_are_encoded(store: Store, tmp_path: Path) -> None:
    encoder = Counting()
    store.commit([arrival("other", "Words and " * 100 + "wheat.", title="Title")])
    Vectors(tmp_path, encoder).catch_up(store)
    [long] = [text for text in encoder.texts if text.startswith("Title\nWords and Words")]
    assert len(long) <= CHARACTERS


def test_the_vectors_of_another_store_are_forgotten(store: Store, tmp_path: Path) -> None:
    vectors = Vectors(tmp_path)
    vectors.catch_up(store)
    with open_store(tmp_path, "other.db") as other:
        other.commit([arrival("other", "Wheat.")])
        assert vectors.catch_up(other) == 1
        assert vectors.size == 1


def test_a_file_that_was_deleted_is_made_again(store: Store, tmp_path: Path) -> None:
    first = Vectors(tmp_path)
    first.catch_up(store)
    first.close()
    (tmp_path / FILE).unlink()
    vectors = Vectors(tmp_path)
    assert vectors.size == 0
    assert vectors.catch_up(store) == 3
    assert vectors.size == 3


def test_a_damaged_file_is_made_again(store: Store, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    vectors = Vectors(tmp_path)
    with pytest.raises(StoreUnavailable, match="ask again"):
        vectors.catch_up(store)
    assert vectors.catch_up(store) == 3


def test_a_second_process_sees_what_the_first_wrote(store: Store, tmp_path: Path) -> None:
    reader, writer = Vectors(tmp_path), Vectors(tmp_path)
    assert reader.size == 0
    writer.catch_up(store)
    assert reader.size == 3


def test_without_a_folder_vectors_are_kept_in_memory(store: Store) -> None:
    vectors = Vectors()
    assert vectors.catch_up(store) == 3
    assert vectors.size == 3


def test_a_folder_that_cannot_be_written_is_an_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be read or written"):
        Vectors(tmp_path / "file").catch_up(store)
