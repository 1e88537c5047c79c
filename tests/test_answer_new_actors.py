"""A question may name whom an article introduced, before any list of actors knows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.export import actor_ids, export_rows, facts_about
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import Asker, Brief, DidYouMean, Draft, Merge, Nothing, Reply

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
TEXTS = {
    "one": "Iranian deputy envoy Arash Ruritani arrived in Doha. Ruritani praised Qatar.",
    "two": "The Ruritan Relief Agency, which feeds many, left Gaza. It was tired.",
    "three": "Turkish army spokesman Selim Zembla spoke. Polish lawyer Anna Zembla answered.",
    "four": "Nobody new came. Iran and Qatar met in Doha.",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk.open(tmp_path_factory.mktemp("desk"))
    take_in(desk, TEXTS)
    yield desk
    desk.close()


def take_in(desk: Desk, texts: dict[str, str], publisher: str = "one.example") -> None:
    items = [
        Draft(text=text, external_id=f"{publisher}/{key}", publisher=publisher, published=NOW)
        for key, text in texts.items()
    ]
    assert desk.ingest(items, now=NOW).new == len(items)


def brief(desk: Desk, query: str, place: str = "C1") -> Reply:
    return desk.brief(Asker(workspace="local", person="U1", place=place, tz="UTC", now=NOW), query)


@pytest.mark.parametrize(
    ("query", "name", "quote"),
    [
        ("Arash Ruritani", "Arash Ruritani", "arrived in Doha"),
        ("arash ruritani", "Arash Ruritani", "arrived in Doha"),
        ("Ruritani", "Arash Ruritani", "arrived in Doha"),
        ("the ruritan relief agency", "Ruritan Relief Agency", "left Gaza"),
        ("Selim Zembla", "Selim Zembla", "Selim Zembla spoke"),
        ("Arash Ruritanni", "Arash Ruritani", "arrived in Doha"),
        ("Ruritan Releif Agency", "Ruritan Relief Agency", "left Gaza"),
    ],
)
def test_a_brief_on_somebody_new(desk: Desk, query: str, name: str, quote: str) -> None:
    reply = brief(desk, query)
    assert isinstance(reply, Brief)
    assert [one.name for one in reply.subjects] == [name]
    assert reply.subjects[0].why.startswith("An article from 1 April 2026 introduces")
    lines = [*reply.in_short, *reply.happened, *reply.undated, *reply.more]
    assert any(quote in line.snippet.quote for line in lines)


def test_a_surname_of_two_is_asked_back(desk: Desk) -> None:
    reply = brief(desk, "Zembla")
    assert isinstance(reply, DidYouMean)
    assert {one.name for one in reply.candidates} == {"Selim Zembla", "Anna Zembla"}


def test_one_of_two_may_be_chosen(desk: Desk) -> None:
    asked = brief(desk, "Zembla")
    assert isinstance(asked, DidYouMean)
    chosen = asked.candidates[1]
    reply = desk.brief(
        Asker(workspace="local", person="U1", place="C1", tz="UTC", now=NOW),
        "Zembla",
        meant={"Zembla": chosen.actor},
    )
    assert isinstance(reply, Brief)
    assert [one.name for one in reply.subjects] == [chosen.name]


def test_a_pair_of_a_known_actor_and_a_new_one(desk: Desk) -> None:
    reply = brief(desk, "Ruritani Qatar")
    assert isinstance(reply, Brief)
    assert {one.name for one in reply.subjects} == {"Arash Ruritani", "Qatar"}


@pytest.mark.parametrize("query", ["ruritany", "Ruritania"])
def test_a_misspelt_surname_alone_is_asked_about(desk: Desk, query: str) -> None:
    reply = brief(desk, query)
    assert isinstance(reply, DidYouMean)
    assert [one.name for one in reply.candidates] == ["Arash Ruritani"]


@pytest.mark.parametrize("query", ["Arash", "Zenda", "Ruthenia", "relief"])
def test_what_names_nobody_stays_unknown(desk: Desk, query: str) -> None:
    reply = brief(desk, query)
    assert not isinstance(reply, Brief)
    assert not getattr(reply, "subjects", ())


def test_known_actors_stay_themselves(desk: Desk) -> None:
    reply = brief(desk, "Iran")
    assert isinstance(reply, Brief)
    assert [one.actor for one in reply.subjects] == ["state:irn"]


def test_whom_two_publishers_introduce_everybody_knows(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path)
    take_in(desk, {"one": TEXTS["one"]})
    assert desk.actors().named("Arash Ruritani") == []
    take_in(desk, {"one": TEXTS["one"] + " He left."}, "two.example")
    (known,) = desk.actors().named("Arash Ruritani")
    assert known.acts_for == "state:irn"
    # From now on he is found misspelt, too; what is read of him does not depend on it.
    text = "Iranian deputy envoy Arash Ruritani met Hakan Fidan on Monday."
    take_in(desk, {"two": text}, "three.example")
    reply = brief(desk, "arash ruritanni")
    assert isinstance(reply, Brief)
    assert [one.actor for one in reply.subjects] == [known.id]
    lines = [*reply.in_short, *reply.happened, *reply.more]
    assert ("Arash Ruritani", "Qatar") in {(one.actor, one.target) for one in lines}
    assert reply.articles == 3
    desk.close()


LEARNED = {
    "chart": "Kenyan envoy Tom Chart visited Oman. Chart praised Oman.",
    "began": "Omani spokeswoman Michelle Began visited Qatar. Began accused Kenya of spying.",
    "otter": "Peruvian ambassador Stephen Otter visited Kenya. Otter praised Kenya.",
    "lentil": "Kenyan ambassador Hugo Lentil visited Peru. The price of lentil soup rose in Lima.",
}


@pytest.fixture(scope="module", params=["one publisher", "two publishers"])
def learned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A desk that learned names of one publisher's articles, or promoted them after another's."""
    desk = Desk.open(tmp_path_factory.mktemp("learned"))
    take_in(desk, LEARNED)
    if request.param == "two publishers":
        take_in(desk, {key: f"{text} He left." for key, text in LEARNED.items()}, "two.example")
        assert desk.actors().named("Tom Chart")
    yield desk
    desk.close()


def subjects(desk: Desk, query: str) -> list[str]:
    asker = Asker(workspace="local", person="U1", place="C1", tz="UTC", now=NOW)
    named = desk.understood(asker, query).named
    return [match.name for one in named for match in one.matches[:1]]


@pytest.mark.parametrize(
    "query",
    [
        "chart of oil prices",
        "Chart of oil prices",
        "CHART OF OIL PRICES",
        "who began the talks",
        "what began in march?",
        "sea otter population",
        "price of lentil soup",
        "chart",
        "charts",
        "otters",
    ],
)
def test_a_name_learned_from_articles_is_no_ordinary_word(learned: Desk, query: str) -> None:
    assert subjects(learned, query) == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Tom Chart", "Tom Chart"),
        ("tom chart", "Tom Chart"),
        ("stephen otter", "Stephen Otter"),
        ("what did stephen otter say", "Stephen Otter"),
        ("WHAT DID STEPHEN OTTER SAY", "Stephen Otter"),
        ("what did Otter say", "Stephen Otter"),
        ("what did Began say", "Michelle Began"),
        ("otter", "Stephen Otter"),
        ("what did ambassador otter say", "Stephen Otter"),
    ],
)
def test_a_name_learned_from_articles_is_found_as_one(learned: Desk, query: str, name: str) -> None:
    assert subjects(learned, query) == [name]


def test_what_one_channel_was_told_another_does_not_know(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path)
    item = Draft(text=TEXTS["one"], external_id="x", publisher="one.example", published=NOW)
    desk.ingest([item], now=NOW, audience="C1")
    assert isinstance(brief(desk, "Arash Ruritani", "C1"), Brief)
    assert isinstance(brief(desk, "Arash Ruritani", "C2"), Nothing)
    desk.close()


def test_facts_of_somebody_new_are_told_and_exported_by_name(desk: Desk) -> None:
    reply = brief(desk, "Arash Ruritani")
    assert isinstance(reply, Brief)
    lines = [*reply.in_short, *reply.happened, *reply.more]
    assert ("Arash Ruritani", "Qatar") in {(one.actor, one.target) for one in lines}
    reply = brief(desk, "Qatar")
    assert isinstance(reply, Brief)
    asker = Asker(workspace="local", person="U1", place="C1", tz="UTC", now=NOW)
    library = desk.library(asker)
    (group,) = [library.expand("state:qat")]
    rows = export_rows(library, facts_about(library, [group]))
    (row,) = [one for one in rows if one.quote == "Ruritani praised Qatar."]
    assert (row.source, row.target) == ("Arash Ruritani", "Qatar")
    # Asked for by name, by surname or by id; not where two bear it.
    for name in ("arash ruritani", "Ruritani", row.source_actor):
        assert row in export_rows(library, facts_about(library, [actor_ids(library, name)]))
    with pytest.raises(BadQuery, match=r"may be several.*Nearest: (Selim|Anna) Zembla"):
        actor_ids(library, "Zembla")


def test_facts_stay_with_whom_they_are_about_when_he_becomes_known(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path)
    asker = Asker(workspace="local", person="U1", place="C1", tz="UTC", now=NOW)

    def told(actor: str) -> set[tuple[str, str]]:
        library = desk.library(asker)
        rows = export_rows(library, facts_about(library, [library.expand(actor)]))
        return {(row.source, row.quote) for row in rows}

    praise = ("Arash Ruritani", "Ruritani praised Qatar.")
    take_in(desk, {"one": TEXTS["one"]})
    assert praise in told("state:qat")
    assert praise not in told("state:irn")
    take_in(desk, {"one": TEXTS["one"] + " He left."}, "two.example")
    (known,) = desk.actors().named("Arash Ruritani")
    assert praise in told(known.id)
    assert praise in told("state:irn")  # whose envoy he is
    before = told(known.id)
    assert desk.care.read_again("local", None, NOW, most=9).articles == 2
    assert praise in told(known.id) >= before - {praise}
    desk.care.change(asker, Merge(actor=known.id, into="person:hakan-fidan"))
    assert any(quote == praise[1] for _, quote in told("person:hakan-fidan"))
    desk.care.undo(asker)
    assert told("person:hakan-fidan") == set()
    desk.close()
