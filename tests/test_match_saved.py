"""A kept index answers like a built one, and is built anew where it is not as it was kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.desk import Desk
from bot.match import gazetteer, mapped
from bot.match.lookup import Lookup
from bot.match.saved import load, saved
from bot.models import Actor, ActorType, Alias

ACTORS = (
    Actor(id="state:rur", type=ActorType.STATE, name="Ruritania", source="made up",
          aliases=(Alias(text="Руритания", lang="ru"), Alias(text="Kingdom of Ruritania"))),
    Actor(id="org:wid", type=ActorType.ORGANISATION, name="Northern Widget Company", source="made up"),
    Actor(id="person:o", type=ActorType.PERSON, name="Octavio Exemplar", source="made up"),
)  # fmt: skip
QUERIES = ("Ruritania", "ruritanai", "руритания", "NWC", "exemplar", "O. Exemplar", "xyz")


class Builder:
    def __init__(self) -> None:
        self.built = 0

    def __call__(self) -> Lookup:
        self.built += 1
        return Lookup.build(ACTORS)


def test_it_answers_as_when_it_was_built(tmp_path: Path) -> None:
    build = Builder()
    first, second = (saved(tmp_path, "v1", build) for _ in range(2))
    assert build.built == 1
    for query in QUERIES:
        assert second.find(query) == first.find(query)
        assert second.nearest(query, 3) == first.nearest(query, 3)
    assert second.knows("widget")


def test_another_version_takes_the_place(tmp_path: Path) -> None:
    build = Builder()
    saved(tmp_path, "v1", build)
    saved(tmp_path, "v2", build)
    assert build.built == 2
    assert len(list(tmp_path.iterdir())) == 1


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other(path: Path) -> None:
    mapped.write(path, {"a": np.zeros(3)}, "actors-")


def _pickled(path: Path) -> None:
    with path.open("wb") as stream:
        np.savez(stream, a=np.array([{"x": 1}], dtype=object))


@pytest.mark.parametrize("damage", [_cut, _flip, _empty, _other, _pickled])
def test_what_is_damaged_is_built_anew(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    build = Builder()
    saved(tmp_path, "v1", build)
    (path,) = tmp_path.iterdir()
    damage(path)
    assert load(path) is None
    assert saved(tmp_path, "v1", build).find("Ruritania")
    assert build.built == 2
    saved(tmp_path, "v1", build)
    assert build.built == 2


def test_no_folder_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where the folder would be")
    build = Builder()
    for _ in range(2):
        assert saved(tmp_path / "taken", "v1", build).find("Ruritania")
    assert build.built == 2


def test_the_desk_keeps_its_index(tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        desk = Desk.open(tmp_path)
        try:
            answers.append(desk.actors().match("quatar"))
        finally:
            desk.close()
    assert answers[0] == answers[1]
    assert answers[0][0].actor == "state:qat"
    kept = sorted(path.name.partition("-")[0] for path in (tmp_path / "match").iterdir())
    assert kept == ["actors", "gazetteer"]


@pytest.mark.parametrize("damage", [None, _cut, _flip, _empty, _other, _pickled])
def test_the_gazetteer_is_kept(tmp_path: Path, damage: Callable[[Path], None] | None) -> None:
    whole = gazetteer.load()
    first = gazetteer.load(kept=tmp_path)
    assert (first.version, first.actors, first.tenures) == (
        whole.version,
        whole.actors,
        whole.tenures,
    )
    (path,) = tmp_path.iterdir()
    if damage:
        damage(path)
    gazetteer._own.cache_clear()
    again = gazetteer.load(kept=tmp_path)
    assert (again.actors, again.tenures) == (whole.actors, whole.tenures)
    assert mapped.read(path) is not None  # written again
