"""Who holds an office: the reference list first, and what newer articles say against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.cli_output import plain_text
from bot.answer.office_holders import NO_CHANGE
from bot.desk import Desk
from bot.models import Answer, Asker, Brief, Draft, Reply
from handlers.blocks.reply import reply_message
from tests.replies import texts
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)

# Invented news. The seeds' list of holders ends in the first months of 2026.
TEXTS = (
    # somebody else is sworn in
    ("2026-07-28", "Ada Orlok is sworn in as President of Peru in a ceremony in Lima."),
    ("2026-08-12", "Peruvian President Ada Orlok named four new ministers."),
    # the holder resigned, nobody follows
    ("2026-08-03", "Japan's prime minister, Sanae Takaichi, resigned after losing a vote."),
    # the holder is dead
    ("2026-08-05", "Naim Qassem, the leader of Hezbollah, was killed in an airstrike on Beirut."),
    # only a plan
    ("2026-08-06", "German Chancellor Friedrich Merz will resign in December, his party said."),
    ("2026-08-07", "Bela Zembla is expected to be sworn in as Chancellor of Germany in December."),
    # a denial
    ("2026-08-06", "Keir Starmer denied that he had resigned as prime minister of the United Kingdom."),
    ("2026-08-08", "Lawmakers urged British Prime Minister Keir Starmer to resign."),
    # another country's same office
    ("2026-08-09", "Carlo Morvane is sworn in as President of Malta after a visit to France."),
    # a region's same office
    ("2026-08-09", "Georgia's coast was calm. Hugo Zembla of Abkhazia was sworn in as president."),
    # an ex-holder
    ("2026-08-09", "Former French President Nicolas Sarkozy died in Paris, his family said."),
    # a deputy
    ("2026-08-10", "Dora Kestrelin is sworn in as Vice President of Brazil."),
    ("2026-08-10", "Brazil's vice president resigned on Monday."),
    # elected, and not yet in office
    ("2026-08-20", "Emil Ruritan was elected president of Colombia on Sunday."),
    # the head of something else in the country
    ("2026-08-11", "Franz Orlok was elected president of the Egyptian Football Association."),
    ("2026-08-11", "Egypt's party president Gerda Zembla resigned."),
    # another country's head is removed by this one's
    ("2026-08-12", "Kenyan President William Ruto dismissed his interior minister Hugo Morvane."),
    # claims and fears
    ("2026-08-13", "Rebels claimed that Syrian President Ahmed al-Sharaa was killed on Sunday."),
    ("2026-08-14", "An attempted assassination of Mexican President Claudia Sheinbaum was foiled."),
    # confirmed again after it was said that he was removed
    ("2026-05-02", "Bolivian President Rodrigo Paz was removed from office by the army."),
    ("2026-08-15", "President Rodrigo Paz of Bolivia opened a railway line."),
    # an earlier holder, told of an earlier time
    ("2026-08-16", "Canadian Prime Minister Justin Trudeau took the same view in 2019."),
    # the same person in another spelling
    ("2026-08-17", "Ukrainian President Volodymyr Zelensky met envoys in Kyiv."),
    # a sentence from before the list's last day
    ("2010-03-03", "Ada Orlok is sworn in as Prime Minister of Spain."),
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = desk_at(Path(tmp_path_factory.mktemp("holders")))
    drafts = [
        Draft(
            title="",
            text=text,
            publisher="Harbour Post",
            published=datetime.fromisoformat(f"{day}T08:00:00+00:00"),
            published_precision="day",
            external_id=f"holder-{n}",
        )
        for n, (day, text) in enumerate(TEXTS)
    ]
    desk.ingest(drafts, now=NOW, workspace=TEAM)
    yield desk
    desk.close()


def answered(reply: Reply) -> Answer:
    assert isinstance(reply, Answer), plain_text(reply, "UTC")
    return reply


def contradicted(reply: Answer) -> bool:
    return any("a newer article says:" in line for line in reply.reference)


# question, what the first line of reference data names, and the sentence that says otherwise
CONTRADICTED = [
    ("who is president of peru", "José Jerí", "Ada Orlok is sworn in"),
    ("who runs peru now", "José Jerí", "Ada Orlok is sworn in"),
    ("current head of state of peru", "José Jerí", "Ada Orlok is sworn in"),
    ("is jose jeri still president of peru", "José Jerí", "Ada Orlok is sworn in"),
    ("who became president of peru", "José Jerí", "Ada Orlok is sworn in"),
    ("whos pm of japan", "Sanae Takaichi", "Sanae Takaichi, resigned"),
    ("has the japanese pm resigned", "Sanae Takaichi", "Sanae Takaichi, resigned"),
    ("who leads hezbollah", "Naim Qassem", "was killed in an airstrike"),
]


@pytest.mark.parametrize(("text", "name", "quote"), CONTRADICTED, ids=[r[0] for r in CONTRADICTED])
def test_a_newer_sentence_against_the_list_comes_first(
    desk: Desk, text: str, name: str, quote: str
) -> None:
    reply = answered(desk.ask(ASKER, text))
    assert reply.reference[-1].startswith(f"The reference list names {name} as ")
    assert reply.reference[-1].endswith("; a newer article says:")
    assert quote in reply.lines[0].snippet.quote


def test_only_the_name_of_who_takes_office_is_an_answer(desk: Desk) -> None:
    left = answered(desk.ask(ASKER, "whos pm of japan"))
    assert left.lines[0].snippet.answer is None
    snippet = answered(desk.ask(ASKER, "who is president of peru")).lines[0].snippet
    assert snippet.answer is not None
    assert snippet.quote[slice(*snippet.answer)] == "Ada Orlok"


# what looks like a contradiction, and is none: question, holder, a sentence that is told all the same
AGREED = [
    ("who is the german chancellor", "Friedrich Merz", "will resign in December"),
    ("is starmer still uk prime minister?", "Keir Starmer", "denied that he had resigned"),
    ("who is pm of the uk", "Keir Starmer", "urged British Prime Minister"),
    ("who is frances president", "Emmanuel Macron", ""),
    ("who is the president of brazil", "Lula", ""),
    ("who is president of georgia", "Kavelashvili", ""),
    ("who is president of colombia", "Gustavo Petro", "was elected president of Colombia"),
    ("whos the president of egypt", "Abdel", ""),
    ("who is kenyas president", "William Ruto", ""),
    ("who runs syria", "Ahmed al-Sharaa", "was killed on Sunday"),
    ("who is president of mexico", "Claudia Sheinbaum", ""),
    ("is rodrigo paz still president", "Rodrigo Paz", "was removed from office"),
    ("who is the canadian prime minister", "Mark Carney", ""),
    ("who leads ukraine", "Volodymyr Zelenskyy", ""),
    ("who is prime minister of spain", "Pedro Sánchez", ""),
]


@pytest.mark.parametrize(("text", "name", "quote"), AGREED, ids=[row[0] for row in AGREED])
def test_what_is_no_contradiction_is_not_taken_for_one(
    desk: Desk, text: str, name: str, quote: str
) -> None:
    reply = answered(desk.ask(ASKER, text))
    assert not contradicted(reply), reply.reference
    assert name in reply.reference[0]
    assert "reference list" in reply.reference[0]
    assert not quote or any(quote in line.snippet.quote for line in reply.lines)


def test_an_election_is_told_first_and_is_no_contradiction(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who is president of colombia"))
    assert reply.reference[0].endswith("an election is reported here:")
    assert "Emil Ruritan was elected" in reply.lines[0].snippet.quote
    later = Asker(workspace=TEAM, now=datetime(2027, 3, 1, tzinfo=UTC))
    told = answered(desk.ask(later, "who is president of colombia"))
    assert "Emil Ruritan was elected" in told.lines[0].snippet.quote


def test_a_plan_and_a_denial_are_shown_as_what_they_are(desk: Desk) -> None:
    merz = answered(desk.ask(ASKER, "who is the german chancellor"))
    starmer = answered(desk.ask(ASKER, "who is the prime minister of the uk"))
    assert {line.status for line in merz.lines} == {"planned"}
    assert "denied" in {line.status for line in starmer.lines}
    assert "(planned)" in plain_text(merz, "UTC")


def test_the_list_is_named_with_its_day_on_every_surface(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who is prime minister of iceland"))
    (told,) = reply.reference
    assert told.startswith("Prime Minister of Iceland: ")
    assert "(reference list, as of " in told
    assert NO_CHANGE in reply.notes
    assert told in plain_text(reply, "UTC")
    message = reply_message(reply, do="ask")
    assert told in texts(message)
    assert str(message["text"]).startswith(told)


def test_a_contradiction_stands_above_its_sentence_on_every_surface(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who is the president of peru"))
    written = plain_text(reply, "UTC")
    assert written.index("a newer article says:") < written.index("Ada Orlok")
    message = reply_message(reply, do="ask")
    shown = texts(message)
    assert shown.index("a newer article says:") < shown.index("Ada Orlok")
    assert str(message["text"]).startswith("The reference list names José Jerí")


def test_a_period_has_all_who_held_the_office_in_it(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who was pm of uk in 2019"))
    assert [line.split(": ")[1].split(" from")[0] for line in reply.reference] == [
        "Theresa May",
        "Boris Johnson",
    ]
    assert not contradicted(reply)


def test_an_earlier_day_is_answered_as_of_then(desk: Desk) -> None:
    then = Asker(workspace=TEAM, now=NOW, as_of=datetime(2023, 5, 1, tzinfo=UTC))
    reply = answered(desk.ask(then, "who is the prime minister of the uk"))
    assert "Rishi Sunak" in reply.reference[0]


def test_an_office_that_nobody_holds_by_the_list(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who is the new supreme leader of Iran"))
    assert reply.reference[0].startswith("Supreme Leader of Iran: Ali Khamenei until 28 Feb 2026")
    assert "nobody since" in reply.reference[0]


def test_somebody_who_held_it_is_told_with_his_days(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "is maduro still president"))
    assert "Nicolás Maduro from 19 Apr 2013 to 5 Jan 2026" in reply.reference[0]
    assert "Delcy Rodríguez" in reply.reference[1]


def test_a_state_with_two_heads_has_both(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who is in charge of the uk"))
    assert ["King" in reply.reference[0], "Keir Starmer" in reply.reference[1]] == [True, True]


def test_a_brief_on_an_office_says_that_the_list_is_contradicted(desk: Desk) -> None:
    reply = desk.brief(ASKER, "president of peru")
    assert isinstance(reply, Brief)
    assert reply.reference[0].startswith("President of Peru: José Jerí since ")
    assert reply.reference[0].endswith("; a newer article says otherwise")


@pytest.mark.parametrize(
    "text",
    [
        "who killed the president of haiti",
        "who did the pm of japan meet",
        "when was the president of iran killed",
        "why did the prime minister of japan resign",
        "who will be the next president of peru",
        "who leads the talks on ukraine",
    ],
)
def test_other_questions_about_a_holder_are_answered_as_before(desk: Desk, text: str) -> None:
    reply = desk.ask(ASKER, text)
    assert not getattr(reply, "reference", ())
