"""Which articles join a story: likeness to those that founded it, days, audiences."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.models import EVERYWHERE
from bot.read.stories import FOUNDERS, FOUNDING, WITHIN, Dated, Shelf, Story, place
from bot.read.terms import TERMS, pack, terms_of, unpack
from bot.text.english import rarities, stems

DAY = date(2026, 4, 1)
FERRY = "A ferry sank off Lamu in Kenya on Tuesday; the coast guard pulled forty passengers out."
FERRY_TOO = "Divers searched the ferry that sank off Lamu, Kenya; forty passengers were saved."
FERRY_LATE = "Kenya's coast guard ended its search for the ferry sunk off Lamu with passengers."
VOTE = "Voters in Bolivia chose a new president on Sunday; turnout was high in La Paz."


def dated(key: str, text: str, days: int = 0, audience: str = EVERYWHERE) -> Dated:
    return Dated(key, audience, DAY + timedelta(days=days), terms_of("", text))


def new_shelf() -> Shelf:
    return Shelf(lambda article, n: f"part {article} {n}")


def shelved(*articles: Dated) -> dict[str, str]:
    """Place articles one after another; returns the story of each."""
    shelf = new_shelf()
    found: dict[str, str] = {}
    for one in articles:
        placed = place(shelf, one, f"story {one.article}")
        found |= {each.one.article: each.story for each in placed}
    return found


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (dated("a", FERRY), dated("b", FERRY_TOO), True),
        (dated("a", FERRY), dated("b", VOTE), False),
        (dated("a", FERRY), dated("b", FERRY_TOO, WITHIN.days), True),
        (dated("a", FERRY), dated("b", FERRY_TOO, WITHIN.days + 1), False),
        # Late articles join: what appeared earlier may come later.
        (dated("a", FERRY), dated("b", FERRY_TOO, -3), True),
        # A country and its capital are no happening.
        (
            dated("a", "Talks went on in Nairobi, Kenya."),
            dated("b", "A fire closed a market in Nairobi, Kenya."),
            False,
        ),
        (dated("a", "War in Kenya"), dated("b", "War in Kenya", 1), False),
        (dated("a", ""), dated("b", ""), False),
        # Who sees one must see the other.
        (dated("a", FERRY), dated("b", FERRY_TOO, audience="C1"), True),
        (dated("a", FERRY, audience="C1"), dated("b", FERRY_TOO, audience="C1"), True),
        (dated("a", FERRY, audience="C1"), dated("b", FERRY_TOO), False),
        (dated("a", FERRY, audience="C1"), dated("b", FERRY_TOO, audience="C2"), False),
    ],
)
def test_two(first: Dated, second: Dated, together: bool) -> None:
    found = shelved(first, second)
    assert (found["a"] == found["b"]) is together


def test_a_story_is_named_by_what_began_it() -> None:
    assert shelved(dated("a", FERRY), dated("b", FERRY_TOO), dated("c", VOTE)) == {
        "a": "story a",
        "b": "story a",
        "c": "story c",
    }


def test_what_joins_late_moves_nothing() -> None:
    """A chain of articles, each much like the one before, does not lead from one to the other."""
    words = [f"zubrow{chr(97 + n)} kelmar{chr(97 + n)}" for n in range(26)]
    chain = [
        dated(f"c{n:02}", " ".join(f"the {word} met" for word in words[n : n + 6]), n // 4)
        for n in range(20)
    ]
    found = shelved(*chain)
    assert found["c00"] == found["c01"]
    assert found["c00"] != found["c19"]


def test_only_the_first_few_of_the_first_days_found() -> None:
    story = Story("s")
    for n in range(FOUNDERS):
        one = dated(f"a{n}", FERRY, n % 2)
        assert story.founded_by(one)
        story.take(one, founds=True)
    assert not story.founded_by(dated("more", FERRY))
    young = Story("s")
    young.take(dated("a", FERRY), founds=True)
    assert not young.founded_by(dated("b", FERRY, FOUNDING.days + 1))
    assert not young.founded_by(dated("b", FERRY, audience="C1"))


def test_what_stood_alone_is_judged_again() -> None:
    brief = dated("brief", "The coast guard of Kenya looked for divers.")
    shelf = new_shelf()
    assert place(shelf, brief, "one") == [(brief, "one", True)]
    assert place(shelf, dated("a", FERRY), "two")[0].story == "two"
    more = dated("b", f"{FERRY_TOO} The coast guard of Kenya sent divers and looked for more.")
    assert place(shelf, more, "three") == [(more, "two", True), (brief, "two", True)]
    assert "one" not in shelf.stories
    assert place(shelf, dated("c", FERRY_LATE), "four")[0].story == "two"


def test_a_story_that_is_two_parts() -> None:
    both = "The coast guard of Kenya said that a ferry and its passengers were in need off Lamu."
    one = "The Zubrow, a ferry from Kelmar, had forty aboard; owner Tanvik was fined by Orwell."
    other = "The Mirelle, of Dashwood, ran aground at Pellan with Ustinov, Harlow and Quist aboard."
    articles = [dated("a0", both)]
    for n in range(1, 5):
        articles.append(dated(f"a{n}", f"{both} {one}", n % 2))
        articles.append(dated(f"b{n}", f"{both} {other}", n % 2))
    found = shelved(*articles)
    assert len({found[f"a{n}"] for n in range(1, 5)}) == 1
    assert len({found[f"b{n}"] for n in range(1, 5)}) == 1
    assert found["a1"] != found["b1"]
    assert "story a0" in found.values()
    assert (
        len(set(shelved(*(dated(f"c{n}", f"{both} {one}", n % 2) for n in range(9))).values())) == 1
    )


def test_terms_are_kept_as_they_were() -> None:
    terms = terms_of("A ferry sinks", FERRY)
    assert unpack(pack(terms)) == terms
    assert sum(weight**2 for weight in terms.values()) == pytest.approx(1, abs=1e-5)
    assert len(terms_of("", " ".join(f"word{n}" for n in range(5_000)))) == TERMS
    assert list(terms.values()) == sorted(terms.values(), key=abs, reverse=True)


def test_names_and_rare_words_weigh_more() -> None:
    listed, rarest = rarities()
    assert listed["kill"] < listed["ferri"] < rarest
    assert stems("The ferries of Zürich, killed") == ["ferri", "zurich", "kill"]
    plain, named = terms_of("", "we saw the lamu boat"), terms_of("", "we saw the Lamu boat")
    assert max(map(abs, named.values())) > max(plain.values())
    assert [min(terms.values()) < 0 for terms in (plain, named)] == [False, True]
