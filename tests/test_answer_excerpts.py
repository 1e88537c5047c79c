"""Excerpts: verbatim, as long as there is room, with what matters in any case."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer.formatting import excerpt, lead

LONG = " ".join(f"w{n}" for n in range(60)) + " Doha met Tehran " + " ".join("z" * 30)


def place(text: str, words: str) -> tuple[int, int]:
    return (at := text.index(words)), at + len(words)


def test_an_excerpt_stays_whole_when_it_fits() -> None:
    assert excerpt("Qatar met Iran.", 25) == "Qatar met Iran."


def test_an_excerpt_surrounds_what_matters() -> None:
    shown = excerpt(LONG, 10, focus=("Doha", "Tehran"))
    assert "Doha met Tehran" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown.strip("…") in LONG
    assert len(shown.split()) == 10


def test_without_a_focus_it_begins_at_the_beginning() -> None:
    assert excerpt(LONG, 3) == "w0 w1 w2…"


def test_what_is_kept_stands_in_one_piece_where_that_fits() -> None:
    text = "On Monday the mayor of Port Avon met, after a long delay, the old ferryman of Sand Key."
    keep = [place(text, "met"), place(text, "mayor of Port Avon"), place(text, "ferryman")]
    assert excerpt(text, 13, keep=keep) == (
        "…mayor of Port Avon met, after a long delay, the old ferryman of…"
    )
    assert excerpt(text, 15, keep=keep) == (
        "On Monday the mayor of Port Avon met, after a long delay, the old ferryman…"
    )


def test_what_is_kept_stands_in_pieces_where_it_lies_apart() -> None:
    text = f"The mayor {'x ' * 30}met {'y ' * 30}the ferryman."
    keep = [place(text, "met"), place(text, "The mayor"), place(text, "the ferryman.")]
    assert excerpt(text, 8, keep=keep) == "The mayor x x x … met … the ferryman."
    assert excerpt(text, 4, keep=keep) == "The mayor x … met…"
    assert excerpt(text, 1, keep=keep) == "…met…"


def test_of_many_words_those_that_fit_are_kept_from_the_first() -> None:
    text = f"{'x ' * 30}Oman called for an open inquiry into the loss of the ferry Marigold."
    keep = [place(text, "called for"), place(text, "an open inquiry into the loss of the ferry")]
    assert excerpt(text, 6, keep=keep) == "…called for an open inquiry into…"


def test_what_is_too_long_for_the_limit_is_left_out_after_the_first() -> None:
    text = f"{'a' * 30} {'b' * 30} met {'c' * 30} {'d' * 30}"
    keep = [place(text, "met"), place(text, "a" * 30), place(text, "d" * 30)]
    assert excerpt(text, 5, keep=keep, limit=60) == f"{'a' * 30} … met…"


def test_a_script_without_spaces_is_cut_by_characters() -> None:
    shown = excerpt("卡" * 400, 25, limit=100)
    assert shown == "卡" * 90 + "…"
    text = "卡" * 300 + "会见" + "塔" * 300
    assert "会见" in excerpt(text, 25, keep=[place(text, "会见")])


def test_a_text_without_an_end_is_cut_all_the_same() -> None:
    shown = excerpt("word " * 1_000_000, 25, focus=("absent",))
    assert shown == " ".join(["word"] * 25) + "…"
    assert excerpt("x" * 1_000_000) == "x" * 250 + "…"
    assert excerpt("") == ""


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_an_excerpt_is_verbatim(text: str, focus: list[str]) -> None:
    shown = excerpt(text, 4, focus=focus, limit=40)
    assert len(shown) <= 42
    assert shown.removeprefix("…").removesuffix("…") in text or shown in text


PLACES = st.tuples(st.integers(0, 400), st.integers(1, 12)).map(lambda one: (one[0], sum(one)))


@given(
    st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=60), min_size=1),
    st.lists(PLACES, min_size=1, max_size=4),
    st.integers(1, 25),
)
def test_the_first_place_is_shown_and_every_piece_is_verbatim(
    words: list[str], places: list[tuple[int, int]], most: int
) -> None:
    text = " ".join(words)
    shown = excerpt(text, most, keep=places)
    pieces = [piece.strip("…") for piece in shown.split(" … ")]
    at = 0
    for piece in pieces:
        at = text.index(piece, at) + len(piece)
    start, end = places[0]
    kept = text[start:end]
    if kept.strip():
        held = "".join(pieces)
        assert all(part in held or part in shown for part in re.findall(r"\S+", kept))


@pytest.mark.parametrize("most", range(1, 26))
def test_it_has_no_more_words_than_it_may(most: int) -> None:
    keep = [place(LONG, "met"), place(LONG, "w0"), place(LONG, "w30"), place(LONG, "Tehran")]
    shown = excerpt(LONG, most, keep=keep)
    assert len(re.findall(r"\w+", shown)) == most
    assert "met" in shown.replace("…", " ").split()


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Qatar met Iran, which is far away.", 30, "Qatar met Iran, which is far away."),
        ("Qatar met Iran in Doha, the ministry said on Monday.", 7, "Qatar met Iran in Doha…"),
        ("Qatar met Iran in Doha on Monday after talks", 6, "Qatar met Iran in Doha…"),
        ("Qatar hosts Iran for more of the talks on gas", 6, "Qatar hosts Iran…"),
        ("Doha, Qatar (CNN) — Iran met Qatar.", 30, "Iran met Qatar."),
        ("WASHINGTON – Congress met.", 30, "Congress met."),
        ("The U.N. (United Nations) met.", 30, "The U.N. (United Nations) met."),
    ],
)
def test_a_lead_ends_with_a_clause_and_begins_after_the_dateline(
    text: str, words: int, shown: str
) -> None:
    assert lead(text, words) == shown
    assert shown.removesuffix("…") in text
