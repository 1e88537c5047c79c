"""The seeds as shipped: well-formed, sourced, and true to what they must not say."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import seeds
from bot.models import ActorType, AliasKind
from seeds import build_states, build_tables, check

HERE = Path(seeds.__file__).parent
TABLES = sorted(path.name for path in (HERE / "actors").iterdir())
ARTICLES = sorted((HERE / "articles").iterdir())
FIRST = next(path for path in ARTICLES if path.name.startswith("0001-"))
ID = re.compile(r"(state:[a-z]{3}|(org|group|person|office|place|treaty):[a-z0-9]+(-[a-z0-9]+)*)")
PREFIX = {"organisation": "org"}


def table(name: str) -> list[dict[str, str]]:
    lines = (HERE / "actors" / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


STATES = table("states.csv")
ALIASES = table("state_aliases.csv")
CURATED: list[dict[str, Any]] = [
    entry
    for name in ("curated.yaml", "institutions.yaml")
    for entry in yaml.safe_load((HERE / "actors" / name).read_text("utf-8"))
]
DEFINED = [entry for entry in CURATED if set(entry) != {"id", "aliases"}]
KNOWN = {row["id"] for row in STATES} | {entry["id"] for entry in DEFINED}


def holders(text: str) -> set[str]:
    return {row["actor"].removeprefix("state:") for row in ALIASES if row["text"] == text}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_names_source_and_licence(name: str) -> None:
    head = (HERE / "actors" / name).read_text("utf-8")[:1200]
    comment = " ".join(line for line in head.splitlines() if line.startswith("#"))
    assert re.search(r"CC0|public domain", comment)
    assert re.search(r"MIT|CC BY-SA", comment)


def test_states_are_the_members_of_the_un_and_four_more() -> None:
    standing = [row["description"].partition(",")[0] for row in STATES]
    assert standing.count("UN member state") == build_states.MEMBERS == 193
    assert {row["name"] for row in STATES if not row["description"].startswith("UN member")} == {
        "Holy See",
        "Palestine",
        "Taiwan",
        "Kosovo",
    }
    for row in STATES:
        assert row["id"] == f"state:{row['iso3'].lower()}"
        assert row["name"]
        assert row["source"]
        assert not row["as_of"] or date.fromisoformat(row["as_of"]) <= date.today()  # noqa: DTZ011


def test_ids_are_well_formed_and_unique() -> None:
    ids = [row["id"] for row in STATES] + [entry["id"] for entry in DEFINED]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not ID.fullmatch(one)] == []
    for entry in DEFINED:
        kind = ActorType(entry["type"]).value
        assert entry["id"].startswith(PREFIX.get(kind, kind) + ":")


def test_every_curated_entry_is_complete_and_resolves() -> None:
    known = KNOWN | {
        row["id"]
        for name in ("groups.csv", "people.csv", "organisations.csv")
        for row in table(name)
    }
    for entry in DEFINED:
        assert {"id", "type", "name", "description", "source", "as_of"} <= set(entry), entry["id"]
        assert entry["as_of"] <= date.today(), entry["id"]  # noqa: DTZ011
        assert re.search(r"wce-\d{4}-\d\d-\d\d-\d+|factbook \(\w\w\)", entry["source"]), entry["id"]
        assert entry.get("acts_for") in known | {None}, entry["id"]
        assert ("tenures" in entry) == (entry["type"] == "office"), entry["id"]
    for entry in CURATED:
        assert entry["id"] in KNOWN
        texts = [alias["text"] for alias in entry.get("aliases", [])]
        assert len(set(texts)) == len(texts), entry["id"]
        for alias in entry.get("aliases", []):
            assert AliasKind(alias.get("kind", "name"))
            assert alias["text"].strip() == alias["text"] != ""


def test_tenures_name_persons_in_order_of_time() -> None:
    for entry in DEFINED:
        last: date | None = None
        for tenure in entry.get("tenures", []):
            assert tenure["person"] in KNOWN
            assert tenure["person"].startswith("person:")
            assert tenure["source"]
            since, until = tenure.get("since"), tenure.get("until")
            assert since is None or last is None or since >= last, entry["id"]
            assert until is None or since is None or until >= since, entry["id"]
            last = until or since or last


@pytest.mark.parametrize(
    ("office", "day", "person"),
    [
        ("emir-of-qatar", date(2013, 6, 24), "hamad-bin-khalifa-al-thani"),
        ("emir-of-qatar", date(2013, 6, 26), "tamim-bin-hamad-al-thani"),
        ("emir-of-kuwait", date(2023, 12, 15), "nawaf-al-ahmad-al-sabah"),
        ("emir-of-kuwait", date(2024, 5, 10), "mishal-al-ahmad-al-sabah"),
        ("president-of-iran", date(2024, 5, 18), "ebrahim-raisi"),
        ("president-of-iran", date(2024, 6, 1), "mohammad-mokhber"),
        ("president-of-iran", date(2025, 1, 1), "masoud-pezeshkian"),
        ("prime-minister-of-israel", date(2022, 8, 1), "yair-lapid"),
        ("prime-minister-of-israel", date(2023, 10, 7), "benjamin-netanyahu"),
        ("president-of-the-united-states", date(2025, 1, 19), "joe-biden"),
        ("president-of-the-united-states", date(2025, 1, 21), "donald-trump"),
        ("prime-minister-of-qatar", date(2024, 1, 1), "mohammed-bin-abdulrahman-al-thani"),
        ("supreme-leader-of-iran", date(2026, 3, 15), None),
    ],
)
def test_who_held_an_office_on_a_day(office: str, day: date, person: str | None) -> None:
    (entry,) = [entry for entry in DEFINED if entry["id"] == f"office:{office}"]
    found = [
        tenure["person"]
        for tenure in entry["tenures"]
        if (tenure.get("since") or date.min) <= day <= (tenure.get("until") or date.max)
    ]
    assert found == ([f"person:{person}"] if person else [])


def test_aliases_are_clean() -> None:
    assert len({(row["actor"], row["text"]) for row in ALIASES}) == len(ALIASES)
    for row in ALIASES:
        assert row["actor"] in KNOWN
        assert row["text"].strip() == row["text"] != ""
        assert AliasKind(row["kind"])
        assert re.fullmatch(r"([a-z]{2})?", row["lang"])
        assert row["source"] in {"rigour", "factbook", "hand"}


@pytest.mark.parametrize(("text", "owners"), build_tables.NEAR_MISSES.items())
def test_near_misses_are_told_apart(text: str, owners: set[str]) -> None:
    assert holders(text) == owners


def test_only_the_ambiguous_names_belong_to_two_states() -> None:
    shared = {row["text"]: holders(row["text"]) for row in ALIASES if len(holders(row["text"])) > 1}
    assert shared == {text: set(codes) for text, codes in build_tables.AMBIGUOUS.items()}


@pytest.mark.parametrize(
    ("text", "kind", "owner"),
    [
        ("Qatari", "demonym", "qat"),
        ("Qataris", "demonym", "qat"),
        ("Doha", "capital", "qat"),
        ("Iranians", "demonym", "irn"),
        ("Tehran", "capital", "irn"),
        ("Turkish", "demonym", "tur"),
        ("Turks", "demonym", "tur"),
        ("Türkiye", "name", "tur"),
        ("Ankara", "capital", "tur"),
        ("Burma", "name", "mmr"),
        ("Ivory Coast", "name", "civ"),
        ("Frenchmen", "demonym", "fra"),
        ("U.S.", "acronym", "usa"),
        ("UAE", "acronym", "are"),
        ("PRC", "acronym", "chn"),
        ("DPRK", "acronym", "prk"),
        ("ROK", "acronym", "kor"),
        ("قطر", "name", "qat"),
        ("Россия", "name", "rus"),
        ("以色列", "name", "isr"),
    ],
)
def test_names_that_news_uses(text: str, kind: str, owner: str) -> None:
    assert [(row["kind"], row["actor"]) for row in ALIASES if row["text"] == text] == [
        (kind, f"state:{owner}")
    ]


def test_articles_are_enough_and_numbered() -> None:
    assert len(ARTICLES) >= 25
    assert [int(path.name[:4]) for path in ARTICLES] == list(range(1, len(ARTICLES) + 1))
    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name) for path in ARTICLES)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_an_article_says_whence_it_is(path: Path) -> None:
    head, text = check.article(path)
    assert {"title", "publisher", "original_source", "sources", "origin", "licence"} <= set(head)
    assert head["publisher"] == "Dragoman note"
    assert head["original_source"] in head["sources"]
    if path == FIRST:
        return
    assert 15 <= len(text.split()) <= 120
    assert "CC BY-SA" in head["licence"]
    assert re.fullmatch(rf"wce-{head['date']}-\d+", head["origin"])
    assert date(2023, 1, 1) <= head["date"] <= date(2026, 3, 31)
    for written in re.findall(r"\d{1,2} [A-Z][a-z]+ 20\d\d", text):
        day = datetime.strptime(written, "%d %B %Y").date()  # noqa: DTZ007
        assert timedelta(0) <= head["date"] - day <= timedelta(days=2), written


def test_one_happening_is_told_by_independent_sources() -> None:
    told = [check.article(path) for path in ARTICLES if "sinwar" in path.name]
    first, second = (set(head["sources"]) for head, _ in told)
    assert not first & second


def test_the_first_article_is_undated_and_cites_its_original() -> None:
    head, text = check.article(FIRST)
    assert "date" not in head
    assert text.endswith("\nOriginal Source: www.jpost.com")
    assert set(re.findall(r"\b(?:19|20)\d\d\b", text)) == {"2023"}
    assert "On Wednesday" in text


@pytest.mark.parametrize(
    "fact",
    [
        "Iranian President Masoud Pezeshkian met Qatari Prime Minister and Foreign Minister "
        "Sheikh Mohammed bin Abdulrahman Al Thani",
        "Pezeshkian invited the Emir of Qatar to visit Tehran",
        "the Emir of Qatar planned to visit Tehran in the coming year",
        "Hamas leaders left Qatar for Turkey",
        "Qatar hosted the Taliban and Hamas",
        "said to have helped with the funding of Hamas",
        "seems to have lost ground",
        "Iran criticises the United Nations and the International Atomic Energy Agency",
        "Western powers and international organisations criticise Iran",
    ],
)
def test_the_first_article_says(fact: str) -> None:
    assert fact in check.article(FIRST)[1]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(in|at) (Doha|Tehran|Ankara)\b",  # a place for the meeting
        r"\b(January|February|March|April|June|July|August|October|November)\b|\d{1,2} \w+ 20\d\d",
        r"Emir[^.]*\b(met|accepted|travelled|traveled|arrived|visited)\b",
        r"\b(expel|evict|oust|banish)",
        r"fund[^.]*Taliban|Taliban[^.]*fund",
        r"\bsign(s|ed|ing)?\b",
        r"Hezbollah|Houthi|Islamic Jihad",
        r"Israel|Egypt|Cairo",
        r"[\"“”]",  # no quote that nobody gave
    ],
)
def test_the_first_article_never_says(pattern: str) -> None:
    head, text = check.article(FIRST)
    assert not re.search(pattern, f"{head['title']}. {text}")


@pytest.mark.parametrize(
    ("ours", "theirs", "length"),
    [
        ("The envoy left before the talks had begun.", "He left before the talks began.", 4),
        ("Iran told the United Nations.", "Yesterday Iran told the United Nations.", 2),
        ("It fell on 12 May 2024 there.", "That fell on 12 May 2024 again.", 2),
        ("Nothing in common.", "Wholly different words", 0),
    ],
)
def test_longest_run_counts_no_names_and_numbers(ours: str, theirs: str, length: int) -> None:
    assert check.longest_run(ours, theirs)[0] == length


@pytest.mark.parametrize("name", ["past_people.csv", "treaties.csv", "parties.csv", "places.csv"])
def test_the_check_reads_every_table(name: str) -> None:
    cited = [row for row in table(name) if "wce-" in row["source"]]
    wrong = list(check.check_rows({}, {}))
    assert [row["id"] for row in cited if not any(row["id"] in one for one in wrong)] == []
    assert cited
