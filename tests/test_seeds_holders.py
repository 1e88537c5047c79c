"""The build of offices: names and titles cleaned, sightings read, terms put together."""

from __future__ import annotations

from datetime import date

import pytest

from bot.curation.lists import Held, Row, read_csv
from bot.models import Actor
from seeds.build_groupings import memberships
from seeds.build_holders import Glimpse, Stay, Tenure, end_by_successors, runs, stays, tenures
from seeds.build_items import Item, find, fold_words
from seeds.build_leaders import Holder
from seeds.build_more import held_back
from seeds.build_names import clean_name, forms, pretty
from seeds.build_offices import hold_back
from seeds.build_people import Person, alike, same_name
from seeds.build_roles import sightings

STATES = {"Ruritania": "rur", "Nordland": "nor"}
PEOPLES = {"Ruritanian": "rur", "Nordish": "nor"}


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Andrzej EXEMPLAR", "Andrzej EXEMPLAR"),
        ("Lt. Col. Paul EXEMPLAR", "Paul EXEMPLAR"),
        ("General Sir Peter EXEMPLAR", "Peter EXEMPLAR"),
        ('Mohamed EXEMPLAR "Byname"', "Mohamed EXEMPLAR"),
        ("Joseph R. EXEMPLAR, Jr.", "Joseph R. EXEMPLAR"),
        ("Ann EXEMPLAR and Ben SAMPLE", ""),
        ("Ann EXEMPLAR, Ben SAMPLE", ""),
        ("Ann EXEMPLAR is the caretaker", ""),
        ("President-elect Ann EXEMPLAR", ""),
        ("New Zealand is", ""),
        ("October 2017) Hugo EXEMPLAR", ""),
    ],
)
def test_clean_name(cell: str, name: str) -> None:
    assert clean_name(cell) == name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Wladyslaw KOSINIAK-KAMYSZ", "Wladyslaw Kosiniak-Kamysz"),
        ("Abdel Fattah EL-SISI", "Abdel Fattah el-Sisi"),
        ("TAMIM bin Hamad Al Thani", "Tamim bin Hamad Al Thani"),
        ("ELIZABETH II", "Elizabeth II"),
        ("Ursula VON DER LEYEN", "Ursula von der Leyen"),
    ],
)
def test_pretty(name: str, written: str) -> None:
    assert pretty(name) == written


@pytest.mark.parametrize(
    ("name", "also", "never"),
    [
        ("Joao Manuel Goncalves LOURENCO", "Joao Lourenco", "Joao Manuel"),
        ("Barack H. OBAMA", "Barack Obama", "Obama"),
        ("Luis Rodolfo ABINADER Corona", "Luis Abinader", "Luis Corona"),
        ("Mohammad Nawaz SHARIF", "Nawaz Sharif", "Mohammad Sharif"),
        ("TAMIM bin Hamad Al Thani", "Tamim bin Hamad Al Thani", "Tamim"),
    ],
)
def test_forms(name: str, also: str, never: str) -> None:
    assert also in forms(name)
    assert never not in forms(name)


def test_forms_are_not_shortened_where_the_surname_stands_first() -> None:
    assert forms("Nguyen Tan DUNG", short=False) == ["Nguyen Tan Dung"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ruritanian Foreign Minister Ann Exemplar resigns.", ("foreign-minister", "Ann Exemplar")),
        ("Ruritania's prime minister Bo al-Sample spoke.", ("prime-minister", "Bo al-Sample")),
        ("President of Ruritania Ann Exemplar's plan", ("president", "Ann Exemplar")),
        ("Ruritanian Defence Minister Sheikh Ann bin Bo Sample", ("defence-minister",
                                                                  "Ann bin Bo Sample")),
        ("Ruritanian President Ann May resigns.", ("president", "Ann May")),
        ("Ruritanian President Ann Exemplar May 5", ("president", "Ann Exemplar")),
        ("Ruritanian President May Day", None),
        ("Former Ruritanian President Ann Exemplar dies.", None),
        ("Deputy Ruritanian Prime Minister Ann Exemplar", None),
        ("Ruritanian President Ann", None),
        ("Ruritanian Secretary of State Ann Exemplar", None),
        ("Ruritanian President House Speaker", None),
        ("the Ruritanian president Ann Exemplar-elect", ("president", "Ann Exemplar-elect")),
    ],
)  # fmt: skip
def test_sightings(text: str, found: tuple[str, str] | None) -> None:
    seen = sightings([Item("wce-1", day("2020-01-02"), text)], STATES, PEOPLES)
    assert [(one.role, one.name) for one in seen] == ([found] if found else [])
    assert all(one.iso3 == "rur" for one in seen)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("shehbaz sharif", "shahbaz sharif", True),
        ("shehbaz sharif", "nawaz sharif", False),
        ("hun sen", "hun manet", False),
        ("kim jong il", "kim jong un", False),
        ("mohammed bin salman", "muhammad bin salman bin abd al aziz al saud", True),
        ("hamad bin khalifa al thani", "hamad bin jassim al thani", False),
        ("michel aoun", "joseph aoun", False),
    ],
)
def test_same_name(left: str, right: str, same: bool) -> None:
    assert same_name(left, right) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("hasan fereidun rohani", "hassan rouhani", True),
        ("arif alvi", "asif ali zardari", False),
        ("mohamed abdullahi mohamed", "hassan sheikh mohamud", False),
        ("ahmad nawaf al sabah", "jabir al mubarak al sabah", False),
    ],
)
def test_alike_in_one_office_at_one_time(left: str, right: str, same: bool) -> None:
    assert alike(left, right) is same


def stay(person: str, since: str, seen: str) -> Stay:
    return Stay(person, day(since), day(seen), "factbook (xx)")


def spans(rows: list[Stay], glimpses: list[Glimpse] | None = None) -> list[tuple[str, str, str]]:
    dated = stays(rows)
    sighted, longer = runs(glimpses or [], dated)
    dated = [longer.get(i, one) for i, one in enumerate(dated)]
    return [
        (t.person, str(t.since), str(t.until or "")) for t in tenures("office:x", dated, sighted)
    ]


def test_a_term_ends_where_the_next_begins() -> None:
    assert spans(
        [stay("a", "2021-01-01", "2022-12-20"), stay("b", "2023-01-05", "2026-01-20")]
    ) == [
        ("a", "2021-01-01", "2023-01-05"),
        ("b", "2023-01-05", ""),
    ]


def test_a_term_ends_when_last_seen_if_another_may_have_come_between() -> None:
    rows = [stay("a", "2010-01-01", "2022-01-01"), stay("c", "2024-07-05", "2024-09-01")]
    assert spans(rows) == [("a", "2010-01-01", "2022-01-01"), ("c", "2024-07-05", "2024-09-01")]


def test_what_was_not_read_is_taken_to_have_gone_on() -> None:
    rows = [stay("a", "2016-01-01", "2017-03-28"), stay("b", "2018-06-01", "2021-01-01")]
    assert spans(rows)[0] == ("a", "2016-01-01", "2018-06-01")


def test_rows_of_one_person_join_and_a_return_does_not() -> None:
    rows = [
        stay("a", "2020-01-10", "2020-12-01"),
        stay("a", "2020-01-16", "2021-06-01"),  # the day mended
        stay("b", "2021-07-01", "2022-11-10"),
        stay("a", "2022-12-29", "2026-01-20"),
    ]
    assert spans(rows) == [
        ("a", "2020-01-16", "2021-07-01"),
        ("b", "2021-07-01", "2022-12-29"),
        ("a", "2022-12-29", ""),
    ]


def test_sightings_fill_what_is_not_dated_and_nothing_else() -> None:
    rows = [stay("a", "2010-05-11", "2015-11-29"), stay("c", "2024-07-05", "2026-01-20")]
    glimpses = [
        Glimpse("z", day("2012-01-01"), "wce-0"),  # within a's term: a slip
        Glimpse("a", day("2016-04-10"), "wce-1"),  # seen longer
        Glimpse("b", day("2019-08-28"), "wce-2"),
        Glimpse("b", day("2022-05-11"), "wce-3"),
        Glimpse("a", day("2023-01-01"), "wce-4"),  # between two of b: a slip
        Glimpse("b", day("2023-02-01"), "wce-5"),
        Glimpse("a", day("2025-01-01"), "wce-6"),  # former by then
    ]
    assert spans(rows, glimpses) == [
        ("a", "2010-05-11", "2016-04-10"),
        ("b", "2019-08-28", "2023-02-01"),
        ("c", "2024-07-05", ""),
    ]


def test_a_crown_ends_when_another_title_takes_it() -> None:
    queen = tenures("office:q", stays([stay("m", "1972-01-14", "2023-12-14")]), [])
    king = tenures("office:k", stays([stay("f", "2024-01-14", "2026-01-20")]), [])
    assert end_by_successors(queen, king)[0].until == day("2024-01-14")
    assert end_by_successors(king, queen)[0].until is None


def test_names_are_found_where_they_are_written_as_names() -> None:
    items = [
        Item("wce-1", day("2020-01-01"), "The Rapid Exemplar Forces withdrew."),
        Item("wce-2", day("2020-01-02"), "rapid exemplar forces; Rapid exemplar forces"),
        Item("wce-3", day("2020-01-03"), "Rapid Exemplar. Forces gathered."),
    ]
    seen = find([fold_words("RAPID EXEMPLAR FORCES")], items)
    (one,) = seen.values()
    assert (one.count, one.spelling) == (1, "Rapid Exemplar Forces")
    assert one.last is not None
    assert one.last.id == "wce-1"


def test_memberships_keep_commas_inside_brackets() -> None:
    assert memberships("EU, NATO,\xa0OAS (observer), CIS (member, not ratified)") == [
        "EU", "NATO", "OAS (observer)", "CIS (member, not ratified)",
    ]  # fmt: skip


def test_what_is_held_back_is_what_the_import_reads() -> None:
    ann = Person("rur")
    ann.id, ann.name = "person:ann-exemplar", "Ann Exemplar"
    ann.take(["Ann Exemplar", "Anne Exemplar"], "factbook (ru)", day("2022-01-01"))
    term = Tenure("office:x", ann.id, day("2020-01-02"), None, "factbook (ru)")
    rows = list(read_csv(held_back([term], {ann.id: ann}).splitlines(keepends=True), "test"))
    actor, held = (row.content for row in rows if isinstance(row, Row))
    assert isinstance(actor, Actor)
    assert (actor.id, actor.type, actor.acts_for) == (ann.id, "person", "state:rur")
    assert [alias.text for alias in actor.aliases] == ["Anne Exemplar"]
    assert isinstance(held, Held)
    assert (held.office, held.person, held.since, held.until) == (
        "office:x", ann.id, day("2020-01-02"), None,
    )  # fmt: skip


def test_the_same_states_are_held_back_for_the_same_seed() -> None:
    rows = [
        Holder("xx", iso3, "president", f"P{n} EXEMPLAR", day(f"201{n}-01-01"), day("2015-01-01"),
               day("2016-01-01"))
        for iso3 in ("aaa", "bbb", "ccc", "ddd")
        for n in range(2)
    ]  # fmt: skip
    curated = [{"id": "office:x", "acts_for": "state:bbb", "tenures": [{"person": "p"}]}]
    assert hold_back(rows, curated, 2, 7) == hold_back(rows, curated, 2, 7)
    assert hold_back(rows, curated, 9, 7) == ["aaa", "ccc", "ddd"]  # none entered by hand
