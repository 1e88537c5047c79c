"""The index finds what the store holds, follows it through every mishap, and leaks nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.search.index import Hit, PassageIndex
from bot.search.schema import VERSION
from bot.store.store import Store
from tests.arrivals import EMIR, IRAN, NOW, QATAR, arrival, day, open_store

WHOLE = (EVERYWHERE,)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def index(tmp_path: Path) -> Iterator[PassageIndex]:
    opened = PassageIndex.open(tmp_path / "index")
    yield opened
    opened.close()


def _fill(store: Store, index: PassageIndex, arrivals: Sequence[Arrival]) -> None:
    store.commit(arrivals)
    index.catch_up(store)


def _search(index: PassageIndex, text: str | Sequence[str], **asked: Any) -> list[Hit]:
    return index.search(text, **{"workspace": LOCAL, "audiences": WHOLE, **asked})


def _found(index: PassageIndex, text: str | Sequence[str], **asked: Any) -> list[str]:
    return [hit.article for hit in _search(index, text, **asked)]


REPORTS = [
    arrival("meeting", "Qatar met Iran in Doha. The Émir spoke.", published=day("2026-03-27")),
    arrival("visit", "Officials visited Tehran for talks.", published=day("2026-03-28")),
    arrival("title", "Nothing else was said.", title="Qatar waits", published=day("2024-05-01")),
    arrival("undated", "Iran is visiting nobody."),
]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, PassageIndex]]:
    """REPORTS and a private article, for the tests that only ask."""
    folder = tmp_path_factory.mktemp("stocked")
    with open_store(folder) as store:
        index = PassageIndex.open(folder / "index")
        _fill(store, index, [*REPORTS, arrival("secret", "Qatar met Iran.", audience="C1")])
        yield store, index
        index.close()


@pytest.fixture(scope="module")
def reports(stocked: tuple[Store, PassageIndex]) -> PassageIndex:
    return stocked[1]


def test_a_hit_is_a_span_of_the_stored_text(stocked: tuple[Store, PassageIndex]) -> None:
    store, index = stocked
    [hit] = _search(index, "emir")
    text = store.articles(LOCAL, [hit.article])[hit.article].revision.text
    assert text[hit.start : hit.end] == "The Émir spoke."
    assert (hit.article, hit.revision, hit.published) == ("meeting", 1, day("2026-03-27"))
    assert hit.score > 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("VISIT", ["undated", "visit"]),
        ("émir", ["meeting"]),
        ("the émir's", ["meeting"]),
        ("Tehran doha", ["meeting", "visit"]),
        ("waits", ["title"]),
        ("wakanda", []),
        ("tehr", []),
    ],
)
def test_words_are_folded_and_stemmed(reports: PassageIndex, text: str, wanted: list[str]) -> None:
    assert sorted(_found(reports, text)) == wanted


def test_words_given_as_terms_are_not_stemmed_again(store: Store, index: PassageIndex) -> None:
    _fill(store, index, [arrival("statue", "A confederate statue fell.")])
    terms = index.terms("confederate")
    assert index.terms(terms[0]) != terms  # stemmed again it would be another word
    assert _found(index, terms) == ["statue"]


def test_the_passage_that_says_it_stands_before_the_one_whose_title_does(
    reports: PassageIndex,
) -> None:
    assert _found(reports, "Qatar") == ["meeting", "title"]


@pytest.mark.parametrize(
    ("typed", "workspace", "audiences", "expected", "count"),
    [
        ("zanzibra", LOCAL, WHOLE, "zanzibra", 0),
        ("zanzibra", LOCAL, (EVERYWHERE, "C1"), "zanzibar", 1),
        ("zanzibra", "T2", WHOLE, "zanzibra", 0),
        # What another workspace stores as a word is a misspelling here all the same.
        ("tehrann", LOCAL, WHOLE, "tehran", 1),
        ("tehrann", "T2", WHOLE, "tehrann", 1),
    ],
)
def test_words_are_corrected_and_counted_within_their_scope(
    store: Store,
    index: PassageIndex,
    typed: str,
    workspace: str,
    audiences: tuple[str, ...],
    expected: str,
    count: int,
) -> None:
    others = [
        arrival("secret", "Ships left Zanzibar.", audience="C1"),
        arrival("theirs", "Tehrann spoke.", workspace="T2"),
    ]
    _fill(store, index, [*REPORTS, *others])
    assert index.spelled(typed, workspace=workspace, audiences=audiences) == expected
    assert index.frequency(expected, workspace=workspace, audiences=audiences) == count
    assert index.frequency(None, workspace="T2", audiences=WHOLE) == 1


HOSTILE = [
    'body:"x" AND (',
    "scope:* OR key:local",
    '"unbalanced',
    "a" * 10_000,
    "+ - ^ ~ \\ / [ ] { }",
    "\0\x1f*",
    "😀" * 3000,
    "qatar " * 2000,
    "* ? /.*/",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_a_command(reports: PassageIndex, text: str) -> None:
    assert "secret" not in _found(reports, text)


ASKED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["visit", "meeting", "meeting", "title", "undated"]),
    ({"undated": False}, ["visit", "meeting", "meeting", "title"]),
    ({"since": date(2026, 3, 28)}, ["visit", "undated"]),
    ({"since": date(2026, 3, 28), "undated": False}, ["visit"]),
    ({"until": date(2026, 3, 27), "undated": False}, ["meeting", "meeting", "title"]),
    ({"since": date(2024, 5, 1), "until": date(2024, 5, 1), "undated": False}, ["title"]),
    ({"since": date(2024, 5, 2), "until": date(2026, 3, 26), "undated": False}, []),
    ({"as_of": day("2026-03-27")}, ["meeting", "meeting", "title"]),
    ({"as_of": day("2026-03-27") - timedelta(microseconds=1)}, ["title"]),
    ({"as_of": NOW}, ["visit", "meeting", "meeting", "title", "undated"]),
    ({"actors": [[QATAR]]}, ["meeting", "title"]),
    ({"actors": [[IRAN]]}, ["meeting", "undated"]),
    ({"actors": [[IRAN, "state:tur"]]}, ["meeting", "undated"]),
    ({"actors": [[QATAR], [IRAN]]}, ["meeting"]),
    ({"actors": [[EMIR]]}, []),
    ({"limit": 1}, ["visit"]),
    ({"limit": 0}, []),
    ({"audiences": ()}, []),
    ({"workspace": "T2"}, []),
]


@pytest.mark.parametrize(("asked", "wanted"), ASKED, ids=[str(asked) for asked, _ in ASKED])
def test_without_words_what_is_in_scope_comes_newest_first(
    reports: PassageIndex, asked: dict[str, Any], wanted: list[str]
) -> None:
    assert _found(reports, "", **asked) == wanted


def test_actors_raise_or_are_required(reports: PassageIndex) -> None:
    assert _found(reports, "visited")[0] == "undated"
    assert _found(reports, "talks visiting", actors=[[IRAN]])[0] == "undated"
    assert set(_found(reports, "talks visiting", actors=[[IRAN]])) == {"visit", "undated"}
    assert _found(reports, "talks visiting", actors=[[IRAN]], require_actor=True) == ["undated"]
    assert _found(reports, "talks", actors=[[IRAN]], require_actor=True) == []


def test_newest_first_with_words(reports: PassageIndex) -> None:
    asked = "visit qatar iran"
    assert _found(reports, asked, newest_first=True) == ["visit", "meeting", "title", "undated"]


def test_what_one_place_was_told_no_other_hears(store: Store, index: PassageIndex) -> None:
    text = "Qatar met Iran."
    _fill(
        store,
        index,
        [
            arrival("open", text),
            arrival("private", text, audience="C1"),
            arrival("other", text, audience="C2"),
            arrival("abroad", text, workspace="T2"),
            arrival("abroad-c1", text, workspace="T2", audience="C1"),
        ],
    )
    for asked in ({}, {"actors": [[QATAR]], "require_actor": True}):
        assert _found(index, "qatar", **asked) == ["open"]
        both = _found(index, "qatar", audiences=(EVERYWHERE, "C1"), **asked)
        assert sorted(both) == ["open", "private"]
        assert _found(index, "qatar", workspace="T2", **asked) == ["abroad"]


def test_a_revision_replaces_and_a_tombstone_removes(store: Store, index: PassageIndex) -> None:
    _fill(store, index, [arrival("a", "Qatar met Iran."), arrival("b", "Qatar waits.")])
    _fill(store, index, [arrival("a", "Qatar spoke.", n=2)])
    assert _found(index, "met") == []
    assert [(hit.article, hit.revision) for hit in _search(index, "spoke")] == [("a", 2)]
    store.tombstone(LOCAL, "a", NOW)
    assert index.catch_up(store) == 1
    assert _found(index, "qatar") == ["b"]
    assert index.catch_up(store) == 0
    assert index.seq == store.last_seq() == 4


def test_equal_passages_come_in_the_same_order_from_every_index(
    store: Store, index: PassageIndex, tmp_path: Path
) -> None:
    many = [arrival(f"a{number:03}", "Qatar met Iran.") for number in range(120)]
    for start in range(0, 120, 30):
        _fill(store, index, many[start : start + 30])
    fresh = PassageIndex.open(tmp_path / "fresh")
    fresh.catch_up(store)
    for asked in ({}, {"newest_first": True}):
        ten = _found(index, "qatar", limit=10, **asked)
        assert ten == _found(fresh, "qatar", limit=10, **asked)
        assert ten == _found(fresh, "qatar", limit=50, **asked)[:10]
    assert len(set(_found(fresh, "qatar", limit=500))) == 120
    fresh.close()


def test_small_batches_end_where_large_ones_do(
    store: Store, index: PassageIndex, tmp_path: Path
) -> None:
    store.commit(REPORTS)
    store.commit([arrival("visit", "They left.", n=2)])
    assert index.catch_up(store, batch=1) == 5
    fresh = PassageIndex.open(tmp_path / "fresh")
    fresh.catch_up(store)
    # Scores may differ: until segments merge, the deleted passage counts in word frequencies.
    assert (
        set(_found(index, "left qatar"))
        == set(_found(fresh, "left qatar"))
        == {
            "visit",
            "meeting",
            "title",
        }
    )
    fresh.close()


def _mark(folder: Path) -> Path:
    return folder / "index" / f"v{VERSION}" / "seq.json"


@pytest.mark.parametrize("mishap", ["older", "missing", "half"])
def test_dying_before_the_number_is_written_costs_nothing(
    store: Store, tmp_path: Path, mishap: str
) -> None:
    first = PassageIndex.open(tmp_path / "index")
    _fill(store, first, [arrival("a", "Qatar met Iran.")])
    older = _mark(tmp_path).read_text()
    _fill(store, first, [arrival("a", "Qatar met Iran twice.", n=2), *REPORTS])
    before = _search(first, "qatar")
    first.close()

    if mishap == "older":
        _mark(tmp_path).write_text(older)
    elif mishap == "missing":
        _mark(tmp_path).unlink()
    else:
        _mark(tmp_path).write_text('{"store": "')
    again = PassageIndex.open(tmp_path / "index")
    assert again.catch_up(store) > 0
    assert _search(again, "qatar") == before
    assert again.seq == store.last_seq()
    again.close()


def test_the_index_of_another_store_is_built_anew(
    store: Store, index: PassageIndex, tmp_path: Path
) -> None:
    _fill(store, index, REPORTS)
    with open_store(tmp_path, "other.db") as other:
        # More changes than the first store had: the number alone would not tell.
        other.commit([arrival(f"o{number}", "Qatar spoke.") for number in range(9)])
        assert index.catch_up(other) == 9
        assert {hit.article[0] for hit in _search(index, "qatar met")} == {"o"}
    with open_store(tmp_path, "empty.db") as empty:
        assert index.catch_up(empty) == 0
        assert _found(index, "qatar") == []


@pytest.mark.sqlite
@pytest.mark.parametrize("grown", [0, 3, 9])
def test_a_store_put_back_from_a_copy_is_followed_anew(
    store: Store, index: PassageIndex, tmp_path: Path, grown: int
) -> None:
    _fill(store, index, REPORTS[:1])
    store.close()
    shutil.copy(tmp_path / "dragoman.db", tmp_path / "copy.db")
    with open_store(tmp_path) as same:
        _fill(same, index, REPORTS[1:])
    with open_store(tmp_path, "copy.db") as copy:
        if grown:
            # Its log is as long as the one that was followed, and says something else.
            copy.commit([arrival(f"n{number}", "Qatar spoke.") for number in range(grown)])
        assert index.catch_up(copy) == 1 + grown
        expected = {"meeting", *(f"n{number}" for number in range(grown))}
        assert set(_found(index, "qatar visit")) == expected


def _damage(folder: Path, how: str) -> None:
    segments = folder / "passages"
    if how == "meta":
        (segments / "meta.json").write_text('{"segments": [')
    elif how == "gone":
        shutil.rmtree(segments)
    elif how == "emptied":
        for path in segments.iterdir():
            path.unlink()
    elif how == "cut":
        for path in segments.glob("*.idx"):
            path.write_bytes(path.read_bytes()[:10])
    else:
        (segments / "meta.json").write_bytes(b"\xff\xfe\0")


@pytest.mark.parametrize("how", ["meta", "gone", "emptied", "cut", "bytes"])
def test_a_damaged_folder_is_built_anew(store: Store, tmp_path: Path, how: str) -> None:
    first = PassageIndex.open(tmp_path / "index")
    _fill(store, first, REPORTS)
    before = _search(first, "qatar visit")
    first.close()
    _damage(tmp_path / "index" / f"v{VERSION}", how)
    again = PassageIndex.open(tmp_path / "index")
    assert again.writable
    again.catch_up(store)
    assert _search(again, "qatar visit") == before
    again.close()


def test_a_folder_deleted_while_in_use_is_built_anew(
    store: Store, index: PassageIndex, tmp_path: Path
) -> None:
    _fill(store, index, REPORTS)
    shutil.rmtree(tmp_path / "index")
    _fill(store, index, [arrival("new", "Qatar spoke.")])
    assert set(_found(index, "qatar")) == {"meeting", "title", "new"}
    assert index.seq == store.last_seq()


def test_rebuild_gives_the_same(store: Store, index: PassageIndex) -> None:
    _fill(store, index, REPORTS)
    before = _search(index, "qatar visit")
    assert index.rebuild(store) == len(REPORTS)
    assert _search(index, "qatar visit") == before


def test_another_schema_has_another_folder(store: Store, tmp_path: Path) -> None:
    old = tmp_path / "index" / "v0"
    old.mkdir(parents=True)
    (old / "meta.json").write_text("{}")
    (tmp_path / "index" / "notes.txt").write_text("not ours")
    index = PassageIndex.open(tmp_path / "index")
    _fill(store, index, REPORTS)
    assert _found(index, "tehran") == ["visit"]
    index.close()
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == [
        "notes.txt",
        f"v{VERSION}",
    ]


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"The index folder .* cannot be used"):
        PassageIndex.open(tmp_path / "index")


def test_a_second_index_on_the_folder_only_reads(
    store: Store, index: PassageIndex, tmp_path: Path
) -> None:
    second = PassageIndex.open(tmp_path / "index")
    assert (index.writable, second.writable) == (True, False)
    store.commit(REPORTS)
    assert second.catch_up(store) == 0
    assert _found(second, "tehran") == []
    index.catch_up(store)
    assert second.catch_up(store) == 0
    assert _found(second, "tehran") == ["visit"]
    assert second.seq == index.seq
    assert second.rebuild(store) == 0
    assert _found(second, "tehran") == ["visit"]

    # When the writer goes, whoever is left takes over.
    index.close()
    store.commit([arrival("new", "Tehran again.")])
    assert second.catch_up(store) == 1
    assert second.writable
    assert sorted(_found(second, "tehran")) == ["new", "visit"]
    second.close()


OTHER_PROCESS = """
import json, sys
from pathlib import Path
from bot.search.index import PassageIndex
from bot.store.store import Store
folder = Path(sys.argv[1])
with Store.open(f"sqlite:///{folder / 'dragoman.db'}") as store:
    index = PassageIndex.open(folder / "index")
    applied = index.catch_up(store)
    hits = index.search("tehran", workspace="local", audiences=["*"])
    print(json.dumps([index.writable, applied, [hit.article for hit in hits]]))
    index.close()
"""


@pytest.mark.sqlite
def test_another_process_reads_while_this_one_writes(store: Store, tmp_path: Path) -> None:
    def ask() -> Any:
        run = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path)]
        done = subprocess.run(run, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    index = PassageIndex.open(tmp_path / "index")
    _fill(store, index, REPORTS)
    store.commit([arrival("late", "Tehran waits.")])
    assert ask() == [False, 0, ["visit"]]
    index.close()
    writable, applied, hits = ask()
    assert (writable, applied, sorted(hits)) == (True, 1, ["late", "visit"])
    # What the other wrote is seen here.
    assert index.catch_up(store) == 0
    assert sorted(_found(index, "tehran")) == ["late", "visit"]
    index.close()


def test_a_folder_that_cannot_be_written_is_said_so(store: Store, tmp_path: Path) -> None:
    index = PassageIndex.open(tmp_path / "index")
    store.commit(REPORTS)
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"The index folder .* cannot be written"):
        index.catch_up(store)
    index.close()
