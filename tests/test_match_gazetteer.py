"""The actor tables: what a right one gives, and what a wrong one says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.errors import BadTable
from bot.match import gazetteer
from bot.match.gazetteer import load
from bot.models import ActorType, AliasKind

STATES = """\
# Source: test; licence: none
id,name,iso3,description,as_of,source
state:one,Oneland,ONE,"A state, for tests",2026-01-01,test
state:two,Twoland,,,,test
"""
ALIASES = """\
# Source: test
actor,text,kind,lang,source
state:one,Onelander,demonym,en,test
state:one,Onetown,capital,,test
state:one,Onetown,capital,,other
"""
CURATED = """\
# Source: test
- id: state:two
  aliases: [{text: Deuxland, lang: fr}]
- id: person:ana
  type: person
  name: Ana First
  acts_for: state:one
  source: test
  as_of: 2026-02-03
  aliases:
    - {text: First, kind: surname}
- id: office:head
  type: office
  name: President of Oneland
  acts_for: state:one
  source: test
  tenures:
    - {person: person:ana, since: 2020-01-02}
"""


def _write(folder: Path, **texts: str) -> Path:
    files = {"states.csv": STATES, "state_aliases.csv": ALIASES, "curated.yaml": CURATED}
    for name, text in files.items():
        (folder / name).write_text(texts.get(name.split(".")[0], text), encoding="utf-8")
    return folder


def test_load(tmp_path: Path) -> None:
    gazetteer = load(_write(tmp_path))
    actors = {actor.id: actor for actor in gazetteer.actors}
    assert list(actors) == ["state:one", "state:two", "person:ana", "office:head"]
    one, two, ana = actors["state:one"], actors["state:two"], actors["person:ana"]
    assert (one.type, one.iso3, one.as_of) == (ActorType.STATE, "ONE", date(2026, 1, 1))
    assert one.description == "A state, for tests"
    assert [(a.text, a.kind) for a in one.aliases] == [
        ("Onelander", AliasKind.DEMONYM),
        ("Onetown", AliasKind.CAPITAL),
    ]
    assert two.iso3 is None
    assert [(a.text, a.lang) for a in two.aliases] == [("Deuxland", "fr")]
    assert ana.acts_for == "state:one"
    assert ana.aliases[0].kind is AliasKind.SURNAME
    assert ana.aliases[0].source == "test"
    (tenure,) = gazetteer.tenures
    assert (tenure.office, tenure.person) == ("office:head", "person:ana")
    assert (tenure.since, tenure.until, tenure.source) == (date(2020, 1, 2), None, "test")


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    first = load(_write(tmp_path)).version
    assert load(_write(tmp_path)).version == first
    assert load(_write(tmp_path, curated=CURATED + "# more\n")).version != first


def test_an_empty_list_of_curated_actors_is_fine(tmp_path: Path) -> None:
    assert len(load(_write(tmp_path, curated="# none yet\n")).actors) == 2


@pytest.mark.parametrize(
    ("file", "text", "where", "says"),
    [
        ("states", STATES + "state:one,Again,,,,t\n", "states.csv:5", "already defined"),
        ("states", STATES + "state:three,Three\n", "states.csv:5", "2 cells"),
        ("states", STATES + "state:x,X,,,soon,t\n", "states.csv:5", "soon"),
        ("states", STATES.replace("iso3", "iso"), "states.csv:2", "expected id,name,iso3"),
        ("states", STATES + "state:x,,,,,t\n", "states.csv:5", "name"),
        ("state_aliases", ALIASES + "state:no,No,name,,t\n", "state_aliases.csv:6", "state:no"),
        ("state_aliases", ALIASES + "state:one,O,nick,,t\n", "state_aliases.csv:6", "nick"),
        ("state_aliases", ALIASES + "state:one,,name,,t\n", "state_aliases.csv:6", "text"),
        ("curated", CURATED + "- name: x\n", "curated.yaml:19", "needs an id"),
        ("curated", CURATED + "- just text\n", "curated.yaml:19", "needs an id"),
        ("curated", CURATED + "- id: [\n", "curated.yaml:", "not YAML"),
        ("curated", "a: mapping\n", "curated.yaml", "a list of actors"),
        ("curated", CURATED.replace("acts_for", "act_for"), "curated.yaml:4", "act_for"),
        ("curated", CURATED.replace("acts_for: state:one", "acts_for: state:x", 1),
         "curated.yaml:4", "state:x"),
        ("curated", CURATED.replace("person: person:ana", "person: person:bob"),
         "curated.yaml:12", "person:bob"),
        ("curated", CURATED.replace("since: 2020-01-02", "since: 2020-01-02, until: 2019-01-01"),
         "curated.yaml:12", "before taking it"),
        ("curated", CURATED.replace("since: 2020", "from: 2020"), "curated.yaml:12", "from"),
        ("curated", CURATED.replace("type: office", "type: person"), "curated.yaml:12",
         "is no office"),
        ("curated", CURATED.replace("type: person", "type: hero"), "curated.yaml:4", "hero"),
        ("curated", CURATED + "- {id: state:nine, aliases: [{text: Nine}]}\n",
         "curated.yaml:19", "state:nine"),
        ("curated", CURATED.replace("aliases: [{text: Deuxland, lang: fr}]", "aliases: Deuxland"),
         "curated.yaml:2", "must be a list"),
    ],
)  # fmt: skip
def test_errors_name_file_and_line(
    tmp_path: Path, file: str, text: str, where: str, says: str
) -> None:
    with pytest.raises(BadTable) as caught:
        load(_write(tmp_path, **{file: text}))
    assert where in caught.value.message
    assert says in caught.value.message
    assert caught.value.about.startswith(where.split(":")[0])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / "curated.yaml").unlink()
    with pytest.raises(BadTable, match=r"curated\.yaml is missing"):
        load(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / "states.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadTable, match=r"states\.csv cannot be read as UTF-8"):
        load(tmp_path)


def test_the_seed_tables_load() -> None:
    gazetteer = load()
    ids = [actor.id for actor in gazetteer.actors]
    assert len(ids) == len(set(ids))
    assert {"state:qat", "group:hamas", "org:iaea", "office:emir-of-qatar"} <= set(ids)
    assert gazetteer.tenures
    assert all(actor.source for actor in gazetteer.actors)


PEOPLE = """\
# Source: test
id,name,iso3,acts_for,description,as_of,source
person:ben,Ben Second,ONE,state:one,a minister,2026-01-02,test
office:second,Minister of Oneland,ONE,state:one,,,test
org:both,Both Lands,,,,,test
"""
OTHERS = {
    "people.csv": PEOPLE,
    "people_aliases.csv": "actor,text,kind,lang,source\nperson:ben,Benny Second,name,en,test\n",
    "tenures.csv": "office,person,since,until,source\noffice:second,person:ben,2021-05-06,,test\n",
    "groupings.csv": "grouping,member,as_of,source\n"
    "org:both,state:one,2026-01-01,test\norg:both,state:two,2026-01-01,test\n",
    "more.yaml": "- {id: 'org:more', type: organisation, name: More, source: test}\n",
}


def _write_all(folder: Path, **changed: str) -> Path:
    for name, text in OTHERS.items():
        (folder / name).write_text(changed.get(name.split(".")[0], text), encoding="utf-8")
    return _write(folder)


def test_other_tables_are_known_by_their_columns(tmp_path: Path) -> None:
    gazetteer = load(_write_all(tmp_path))
    actors = {actor.id: actor for actor in gazetteer.actors}
    assert list(actors)[-4:] == ["org:more", "person:ben", "office:second", "org:both"]
    ben = actors["person:ben"]
    assert (ben.type, ben.acts_for, ben.as_of) == ("person", "state:one", date(2026, 1, 2))
    assert [(a.text, a.lang, a.source) for a in ben.aliases] == [("Benny Second", "en", "test")]
    assert actors["org:both"].members == ("state:one", "state:two")
    assert actors["org:more"].members == ()
    last = gazetteer.tenures[-1]
    assert (last.office, last.person, last.since, last.until) == (
        "office:second", "person:ben", date(2021, 5, 6), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "where", "says"),
    [
        ("people", PEOPLE + "hero:x,X,,,,,t\n", "people.csv:6", "'hero:x' is no id"),
        ("people", PEOPLE + "person:x,X,,state:no,,,t\n", "people.csv:6", "state:no"),
        ("people", PEOPLE + "state:one,X,,,,,t\n", "people.csv:6", "already defined at states"),
        ("people", "who,what\n", "people.csv:1", "expected id,name,iso3,"),
        ("tenures", OTHERS["tenures.csv"] + "office:second,person:no,,,t\n", "tenures.csv:3",
         "person:no"),
        ("tenures", OTHERS["tenures.csv"] + "office:no,person:ben,,,t\n", "tenures.csv:3",
         "office:no"),
        ("tenures", OTHERS["tenures.csv"] + "person:ben,person:ben,,,t\n", "tenures.csv:3",
         "is no office"),
        ("tenures", OTHERS["tenures.csv"] + "office:second,person:ben,2021,,t\n", "tenures.csv:3",
         "since"),
        ("tenures", OTHERS["tenures.csv"] + "office:second,person:ben,,,\n", "tenures.csv:3",
         "source"),
        ("groupings", OTHERS["groupings.csv"] + "org:both,state:no,,t\n", "groupings.csv:4",
         "state:no"),
        ("groupings", OTHERS["groupings.csv"] + "org:no,state:one,,t\n", "groupings.csv:4",
         "org:no"),
        ("more", "- {id: 'org:more', type: organisation, name: More, source: t, a: b}\n",
         "more.yaml:1", "unknown keys a"),
    ],
)  # fmt: skip
def test_errors_in_other_tables_name_file_and_line(
    tmp_path: Path, file: str, text: str, where: str, says: str
) -> None:
    with pytest.raises(BadTable) as caught:
        load(_write_all(tmp_path, **{file: text}))
    assert where in caught.value.message
    assert says in caught.value.message


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [None, _cut, _flip, _empty])
def test_the_gazetteer_is_kept(tmp_path: Path, damage: Callable[[Path], None] | None) -> None:
    whole = load()
    (tmp_path / "0123456789abcdef").mkdir()
    (tmp_path / "0123456789abcdef" / "actors.map").write_bytes(b"of an earlier version")
    first = load(kept=tmp_path)
    assert (first.version, first.actors, first.tenures) == (
        whole.version,
        whole.actors,
        whole.tenures,
    )
    (path,) = tmp_path.iterdir()
    if damage:
        damage(path)
    gazetteer._own.cache_clear()
    again = load(kept=tmp_path)
    assert (again.actors, again.tenures) == (whole.actors, whole.tenures)
    assert gazetteer._read_kept(path) == (whole.actors, whole.tenures)  # written again


def test_no_folder_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where the folder would be")
    assert load(kept=tmp_path / "taken").actors == load().actors
