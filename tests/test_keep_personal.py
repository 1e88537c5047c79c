"""What is kept of a workspace or a person: taken along whole, and forgotten without a trace."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import (
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
)

from bot.cli import main
from bot.desk import DATABASE, Desk
from bot.errors import BadWorkspace
from bot.models import Draft
from bot.retention import of_person, of_workspace
from bot.store.feeds import feed_notice, feed_notice_sent
from bot.store.inbox import reply, request
from bot.store.installations import installed
from bot.store.outbox import shown_line, shown_message
from bot.store.retention import LEFT_OUT, RULES, SHARED, without_person
from bot.store.store import Store
from bot.store.tables import Utc, article, metadata
from bot.store.watches import watch
from tests import databases
from tests.arrivals import open_store
from tests.slack import DIRECT, YOU, answers, app_for, far_side, serving
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
ADA, BO = "U0ADA", "U0BO"
THEIRS = "D0ADA"


@pytest.fixture
def store(tmp_path: Path, both: databases.Kind) -> Iterator[Store]:  # noqa: ARG001
    with open_store(tmp_path) as opened:
        yield opened


PARTS = ("told_line", "digested")
"""Tables of parts, deleted with the rows that they belong to."""

IMPERSONAL = (
    "actor alias hidden_alias tenure provisional introduction article article_name article_source "
    "revision thinned reading mention fact evidence wrong_fact shingle near_copy folded "
    "story_article feed_entry feed_notice source_trust withheld change"
).split()
"""Tables about articles, the actors they name, and feeds: none holds who asks."""


def test_every_table_is_decided_about() -> None:
    """Who adds a table says whether anything of people is in it: by a rule, or here."""
    ruled = {one.table.name for one in RULES}
    shared = [one.name for one in SHARED if one.name not in ruled]
    names = [*ruled, *shared, *PARTS, *IMPERSONAL]
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(metadata.tables)


def value(table: Table, name: str, n: int) -> Any:
    column = table.c[name]
    kinds: tuple[tuple[type, Any], ...] = (
        (Utc, NOW),
        (Date, date(2026, 4, 1)),
        (Boolean, False),
        (Integer, n),
        (Float, 0.5),
        (LargeBinary, b"x"),
    )
    return next((one for kind, one in kinds if isinstance(column.type, kind)), f"{name}{n}")


def row(table: Table, n: int, **more: object) -> dict[str, Any]:
    made = {c.name: value(table, c.name, n) for c in table.columns if not c.nullable}
    if "installed_at" in table.c:
        made["installed_at"] = NOW.replace(tzinfo=None)
    for name in ("workspace", "team"):
        if name in table.c:
            made[name] = TEAM
    return made | more


def fill(store: Store, person: str, places: tuple[str, str], base: int) -> None:
    """A row of theirs in each table: one for each column that may hold them or their places."""
    n = base
    with store._write() as connection:
        for rule in RULES:
            plain = dict.fromkeys(rule.columns, '{"x": 1}')
            wanted: list[dict[str, object]] = [{one: person} for one in rule.who]
            wanted += [{one: place} for one in rule.where for place in places]
            wanted += [{one: json.dumps({"a": [person], "b": person})} for one in rule.columns]
            wanted += [dict.fromkeys(rule.typed, "said")] if rule.typed else []
            for one in wanted:
                n += 1
                plain |= dict.fromkeys(rule.where, f"C{n}")
                if rule.typed:
                    one = {**dict.fromkeys(rule.typed, "said"), **one}  # noqa: PLW2901
                if rule.table is feed_notice_sent:
                    connection.execute(insert(feed_notice), row(feed_notice, n, id=f"notice{n}"))
                if rule.table is installed:  # each workspace once
                    one = {**one, "workspace": f"T{n}"}  # noqa: PLW2901
                connection.execute(insert(rule.table), row(rule.table, n, **{**plain, **one}))
        connection.execute(
            insert(reply), row(reply, n + 1, person=person, place=places[1], period=None)
        )
        connection.execute(
            insert(shown_message), row(shown_message, n + 2, place=places[1], id=f"m{base}")
        )
        of = {"message": f"m{base}", "article": f"a{base}"}
        connection.execute(insert(shown_line), row(shown_line, n + 3, **of))


def holding(store: Store, *words: str) -> dict[str, int]:
    """How many values of each table have one of these words in them, anywhere."""
    found: dict[str, int] = {}
    with store._read() as connection:
        for table in metadata.sorted_tables:
            for one in connection.execute(select(table)):
                hits = sum(any(word in str(cell) for word in words) for cell in one)
                if hits:
                    found[table.name] = found.get(table.name, 0) + hits
    return found


def rows_in(store: Store) -> int:
    with store._read() as connection:
        every = [select(func.count()).select_from(table) for table in metadata.sorted_tables]
        return sum(connection.execute(one).scalar_one() for one in every)


def test_of_who_is_forgotten_there_is_no_trace_and_all_of_the_others(store: Store) -> None:
    fill(store, BO, ("U0BO", "D0BO"), 1000)
    others = holding(store, BO, "D0BO")
    fill(store, ADA, (ADA, THEIRS), 5000)
    kept = holding(store, ADA, THEIRS)
    assert {rule.table.name for rule in RULES} <= set(kept)
    named = dict(store.personal_data.of(ADA))
    assert {rule.table.name for rule in RULES} == set(named)
    assert "user_token" not in named["slack_installations"][0]
    assert BO not in json.dumps(named, default=str)
    touched = store.personal_data.forget(ADA, NOW)
    assert set(touched) >= {rule.table.name for rule in RULES}
    assert holding(store, ADA, THEIRS) == {}
    assert holding(store, BO, "D0BO") == others
    assert dict(store.personal_data.of(ADA)) == {}
    assert store.personal_data.forget(ADA, NOW) == {}


def test_what_a_channel_follows_stays(store: Store) -> None:
    with store._write() as connection:
        for n, place in ((1, "C1"), (2, ADA)):
            connection.execute(insert(watch), row(watch, n, person=ADA, place=place, room=None))
    store.personal_data.forget(ADA, NOW)
    with store._read() as connection:
        (left,) = connection.execute(select(watch)).all()
    assert (left.place, left.person) == ("C1", "")


def test_one_workspace_alone(store: Store) -> None:
    with store._write() as connection:
        for n, team in ((1, TEAM), (2, "T0OTHER")):
            made = {"person": ADA, "workspace": team, "place": "C1", "period": None}
            connection.execute(insert(reply), row(reply, n, **made))
            asked = {"workspace": team, "surface": f"surface{n}", "key": f"request{n}"}
            connection.execute(insert(request), row(request, n, **{**asked, "payload": "{}"}))
    assert store.personal_data.forget(ADA, NOW, TEAM) == {"reply": 1, "request": 1}
    assert [name for name, _ in store.personal_data.of(ADA)] == ["reply"]


def test_somebody_is_taken_out_of_a_value() -> None:
    held = {"people": [ADA, BO], "by": ADA, "said": f"{ADA} said", "n": [1, {"x": ADA}]}
    assert without_person(held, ADA) == {
        "people": [BO],
        "by": "",
        "said": f"{ADA} said",
        "n": [1, {"x": ""}],
    }


@pytest.fixture
def desk(tmp_path: Path, both: databases.Kind) -> Iterator[Desk]:  # noqa: ARG001
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


async def test_what_somebody_really_asked_and_gave_is_forgotten(desk: Desk) -> None:
    async with far_side() as far, serving(app_for(far, desk)) as url:
        far.connect(url)
        await far.say(DIRECT, "who moved to Turkey?")
        await answers(far, DIRECT)
    text = "The quince ministry of Qatar met Iran in Doha on Monday."
    given = Draft(text=text, title="Mine", url="https://news.example.org/mine")
    desk.ingest([given], now=NOW, workspace=TEAM, audience=DIRECT)
    with desk.store._read() as connection:
        mine = article.c.audience == DIRECT
        key = connection.execute(select(article.c.id).where(mine)).scalar_one()
    assert {"reply", "article"} <= {name for name, _ in desk.store.personal_data.of(YOU)}
    touched = desk.store.personal_data.forget(YOU, NOW)
    desk.catch_up()
    assert touched["article"] == 1
    assert holding(desk.store, YOU, "quince", "who moved to Turkey") == {}
    left = holding(desk.store, key)
    assert set(left) == {"change"}  # by which indexes learn that it went
    assert not desk.passages.search("quince", workspace=TEAM, audiences=[DIRECT], limit=5)


def test_a_workspace_is_taken_along_whole(desk: Desk, tmp_path: Path) -> None:
    fill(desk.store, ADA, (ADA, THEIRS), 5000)
    with desk.store._write() as connection:
        connection.execute(insert(reply), row(reply, 1, workspace="T0OTHER", query="theirs"))
    rows = of_workspace(desk.store, TEAM, tmp_path / "out" / "all", NOW)
    folder = tmp_path / "out" / "all"
    told_of = json.loads((folder / "manifest.json").read_text())
    assert told_of["rows"] == rows
    assert {"article", "fact", "evidence", "watch", "digest", "preference", "reply"} <= set(rows)
    assert not {one.name for one in LEFT_OUT} & set(rows)
    assert "slack_bots" not in rows
    for name, number in rows.items():
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert len([json.loads(line) for line in lines]) == number
    every = "".join(one.read_text(encoding="utf-8") for one in folder.iterdir())
    assert "theirs" not in every
    assert list((tmp_path / "out").iterdir()) == [folder]
    with pytest.raises(BadWorkspace, match="already exists"):
        of_workspace(desk.store, TEAM, folder, NOW)
    with pytest.raises(BadWorkspace, match="Nothing is stored of T0NOBODY"):
        of_workspace(desk.store, "T0NOBODY", tmp_path / "none", NOW)
    packed = tmp_path / "person.tar.gz"
    found = of_person(desk.store, ADA, None, packed, NOW)
    assert packed.stat().st_mode & 0o077 == 0
    with tarfile.open(packed) as archive:
        names = archive.getnames()
    assert "person/manifest.json" in names
    assert {f"person/{name}.jsonl" for name in found} < set(names)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk_at(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    with Store.open(f"sqlite:///{tmp_path / DATABASE}") as store, store._write() as connection:
        connection.execute(insert(reply), row(reply, 1, person=ADA, place="C1"))

    def run(*args: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, list(args))
        return result.exit_code, result.output

    assert run("export") == (1, "Error: Say whose data: --workspace ID, --person ID, or both.\n")
    assert run("export", "--workspace", "local", "--out", "all")[0] == 0  # all there is: one team
    assert (tmp_path / "all" / "article.jsonl").exists()
    code, said = run("export", "--person", ADA, "--out", "ada.tar.gz")
    assert (code, said.splitlines()[-1]) == (0, "Written to ada.tar.gz.")
    code, said = run("forget", "--person", ADA)
    assert (code, "--yes" in said) == (1, True)
    code, said = run("forget", "--person", ADA, "--yes")
    assert (code, said) == (0, f"        1  reply\nNothing about {ADA} is kept any more.\n")
    assert "Nothing is stored of U0ADA" in run("export", "--person", ADA)[1]
