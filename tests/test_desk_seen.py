"""Who else reports a thing, and what is read: over a real desk, every line verbatim."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.claims import NOTHING_SAYS_SO
from bot.answer.cli_output import plain_text
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import EVERYWHERE, LOCAL, Answer, Asker, Draft, Nothing, Reply
from handlers.blocks.reply import answer_message
from tests.stocked import opened

pytestmark = pytest.mark.usefixtures("each_store")

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASKER = Asker(now=NOW)
LINK = "https://gazette.example/visit"
VISIT = (
    "Qatar's foreign minister met Iran's president in Tehran on Monday. The two spoke for three "
    "hours about the gas field that their countries share, and about a port in the Gulf which "
    "both want to widen. Neither side gave figures. A second round is to follow in the summer, "
    "when engineers have looked at the harbour and at what it would cost to make it deeper."
)
OTHER = (
    "Iran's president received Qatar's foreign minister in Tehran for talks on the shared gas "
    "field and on a port in the Gulf; engineers will look at the harbour before the summer."
)


def draft(publisher: str, text: str, day: int, **more: object) -> Draft:
    values: dict[str, object] = {
        "text": text,
        "publisher": publisher,
        "published": datetime(2026, 3, day, tzinfo=UTC),
        "published_precision": "day",
        "url": f"https://{publisher.lower()}.example/visit",
        "title": f"Talks in Tehran, by {publisher}",
    }
    return Draft.model_validate({**values, **more})


@pytest.fixture(scope="module")
def desk(each_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = opened(tmp_path_factory.mktemp(f"seen-{each_store}"))
    desk.ingest(
        [
            draft("Gazette", VISIT, 2),
            draft("Courier", f"A new beginning. {VISIT}", 3),
            draft("Herald", OTHER, 3),
            draft("Tribune", "Iran denied that its president met Qatar's foreign minister.", 4),
            draft("Mirror", "Rain fell on the harbour of Lamu, and the market was closed.", 4),
        ],
        now=NOW,
    )
    desk.ingest([draft("Secret", f"Read here. {OTHER}", 5)], now=NOW, audience="C1")
    yield desk
    desk.close()


def under(reply: Reply) -> dict[str, set[str | None]]:
    """Whose lines stand under each heading; every one of them verbatim."""
    assert isinstance(reply, Answer), reply
    found: dict[str, set[str | None]] = {}
    for line in reply.lines:
        found.setdefault(line.heading, set()).add(line.snippet.publisher)
    return found


def verbatim(desk: Desk, reply: Reply) -> bool:
    assert isinstance(reply, Answer)
    stored = desk.store.articles(LOCAL, {line.snippet.article for line in reply.lines})
    return all(
        stored[one.snippet.article].revision.text[one.snippet.start : one.snippet.end]
        == one.snippet.quote
        for one in reply.lines
    )


@pytest.mark.parametrize(
    "question",
    [LINK, f"seen {LINK}", f"anyone else reporting this? {LINK}", f"{LINK}?utm_source=feed"],
)
def test_a_link(desk: Desk, question: str) -> None:
    reply = desk.ask(ASKER, question)
    assert under(reply)["Independent"] == {"Gazette", "Herald"}
    assert under(reply)["Near-copies"] == {"Courier"}
    assert under(reply)["Denied"] == {"Tribune"}
    assert verbatim(desk, reply)
    assert isinstance(reply, Answer)
    assert reply.verdict == (
        "2 independent sources; one near-copy; first on 2 Mar 2026, Gazette; denied in one article."
    )
    head = answer_message(reply)["blocks"][0]["text"]["text"]
    assert head == reply.verdict


def test_the_link_of_a_copy_leads_to_the_same(desk: Desk) -> None:
    reply = desk.seen(ASKER, "https://courier.example/visit")
    assert under(reply)["Independent"] == {"Gazette", "Herald"}


def test_a_claim(desk: Desk) -> None:
    reply = desk.ask(ASKER, "anyone else reporting that Qatar met Iran?")
    found = under(reply)
    assert {"Gazette", "Herald"} & found["Independent"]
    assert "Tribune" not in found["Independent"]
    assert found["Near-copies"] == {"Courier"}
    assert found["Denied"] == {"Tribune"}
    assert verbatim(desk, reply)


def test_a_copy_is_quoted_once(desk: Desk) -> None:
    for question in ("Who met Iran's president in Tehran?", "a port in the Gulf, three hours"):
        reply = desk.ask(ASKER, question)
        told = [line.snippet.publisher for line in getattr(reply, "lines", ())]
        assert {"Gazette", "Courier"} - set(told), told


def test_what_few_may_see(desk: Desk) -> None:
    reply = desk.seen(ASKER.model_copy(update={"place": "C1"}), LINK)
    everybody = {name for names in under(reply).values() for name in names}
    assert "Secret" in everybody
    seen = desk.seen(ASKER, LINK)
    assert all(line.snippet.publisher != "Secret" for line in getattr(seen, "lines", ()))
    assert isinstance(desk.seen(ASKER, "https://secret.example/visit"), Nothing)


@pytest.mark.parametrize(
    ("what", "note"),
    [
        ("https://nowhere.example/x", "I have read no article at that link"),
        ("https://[::1/x", "I have read no article at that link"),
        ("anyone else reporting that Bolivia invaded Peru?", "none denies it"),
    ],
)
def test_nothing(desk: Desk, what: str, note: str) -> None:
    reply = desk.ask(ASKER, what)
    assert isinstance(reply, Nothing)
    assert note in " ".join(reply.notes)


def test_neither_a_link_nor_a_claim(desk: Desk) -> None:
    with pytest.raises(BadQuery, match="link or a claim"):
        desk.ask(ASKER, "anyone else reporting this?")


def test_as_of_the_past(desk: Desk) -> None:
    then = ASKER.model_copy(update={"as_of": datetime(2026, 3, 2, 12, tzinfo=UTC)})
    assert under(desk.seen(then, LINK)) == {"Independent": {"Gazette"}}


def test_what_is_read(desk: Desk) -> None:
    reply = desk.ask(ASKER, "What do you read?")
    assert isinstance(reply, Answer)
    assert verbatim(desk, reply)
    headings = [line.heading for line in reply.lines]
    assert "Gazette · one article, 100% its own, newest 2 Mar 2026" in headings
    assert "Courier · one article, 0% its own, newest 3 Mar 2026" in headings
    assert not any("Secret" in one for one in headings)
    assert reply.notes[0] == "5 publishers, 5 articles."


def test_what_is_distrusted_is_said(desk: Desk) -> None:
    desk.store.sources.trust(LOCAL, "Herald", "distrusted", "U1", NOW)
    desk.catch_up()
    try:
        reply = desk.ask(ASKER, "what are your sources?")
        assert isinstance(reply, Answer)
        assert "Distrusted, and not shown: Herald." in reply.notes
        assert all(line.snippet.publisher != "Herald" for line in reply.lines)
        assert under(desk.seen(ASKER, LINK))["Independent"] == {"Gazette"}
    finally:
        desk.store.sources.trust(LOCAL, "Herald", "normal", "U1", NOW)
        desk.catch_up()


def test_an_empty_store(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    try:
        reply = desk.ask(ASKER, "what do you read?")
        assert isinstance(reply, Nothing)
        assert "nothing yet" in reply.notes[0]
        assert desk.store.sources.all(LOCAL, [EVERYWHERE]) == []
    finally:
        desk.close()


def test_what_was_read_and_is_not_shown(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    try:
        desk.ingest([draft("Gazette", VISIT, 2), draft("Herald", OTHER, 3)], now=NOW)
        desk.ingest([draft("Secret", f"Here. {OTHER}", 5)], now=NOW, audience="C1")
        desk.store.sources.trust(LOCAL, "Herald", "distrusted", "U1", NOW)
        desk.store.sources.trust(LOCAL, "Secret", "distrusted", "U1", NOW)
        for name, said in (
            ("herald", "I cannot show what I read"),
            ("secret", "I have read no article"),
        ):
            reply = desk.seen(ASKER, f"https://{name}.example/visit")
            assert isinstance(reply, Nothing)
            assert said in reply.notes[0], name
    finally:
        desk.close()


def test_what_has_no_date_is_not_dated_by_when_it_came(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    try:
        bare: dict[str, object] = {"published": None, "published_precision": None}
        desk.ingest([draft("Gazette", VISIT, 2), draft("Herald", OTHER, 3, **bare)], now=NOW)
        late = draft("Gazette", "Oman met Iraq.", 2, url="https://gazette.example/2", **bare)
        desk.ingest([late], now=NOW)
        reply = desk.ask(ASKER, "what do you read?")
        assert isinstance(reply, Answer)
        told = {line.snippet.publisher: line for line in reply.lines}
        assert told["Gazette"].heading == "Gazette · 2 articles, 100% its own, newest 2 Mar 2026"
        assert told["Gazette"].snippet.published is not None
        assert told["Herald"].heading == "Herald · one article, 100% its own, undated"
    finally:
        desk.close()


def test_what_nothing_states_is_not_said_to_have_nothing_stored(desk: Desk) -> None:
    reply = desk.ask(ASKER, "anyone else reporting that Iran attacked Qatar?")
    assert isinstance(reply, Nothing)
    assert plain_text(reply, "UTC").startswith(f"{NOTHING_SAYS_SO} Nearest:\n")


def test_a_city_that_is_attacked_is_not_its_state(tmp_path: Path) -> None:
    """A village in Ukraine is not Kyiv, but a warning to Kyiv is one to Ukraine."""
    with closing(opened(tmp_path)) as desk:
        village = "Russian forces captured the village of Karpivka in Donetsk Oblast, Ukraine."
        desk.ingest(
            [
                draft("Gazette", village, 30, title="The front"),
                draft("Herald", "Israeli jets struck buildings in Tehran.", 30, title="Strikes"),
                draft("Tribune", "Russia warned Ukraine.", 30, title="A warning"),
            ],
            now=NOW,
        )
        for claim in ("Russia captured Kyiv", "Kyiv was captured by Russia"):
            assert isinstance(desk.seen(ASKER, claim), Nothing), claim
        for claim in ("Russia captured Karpivka", "Israel struck Tehran", "Russia warned Kyiv"):
            assert isinstance(desk.seen(ASKER, claim), Answer), claim
