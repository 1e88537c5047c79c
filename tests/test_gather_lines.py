"""Which lines of an extracted page are not its article's."""

from __future__ import annotations

import pytest

from bot.gather.boilerplate import article_lines

FIRST = "The delegation arrived on Monday."
LAST = "It is to leave on Friday."


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement", "ADVERTISEMENT", "Story continues below advertisement", "Share this article",
        "Print", "Reprints", "12 comments", "Leave a comment", "Tags: talks, capital, delegation",
        "Most read in World", "Related articles", "Read more", "Don't miss", "Sign up now",
        "https://news.example.org/talks", "READ MORE: The delegation arrives", "See also: another one",
        "Related: who is who at the talks", "Another headline [VIDEO]", "Follow us on Facebook",
        "Follow @example on Twitter for the latest news", "Sign up for our newsletter",
        "Subscribe to our channel for more", "Click here to read the rest", "© 2026 Example News",
        "(c) 2026 Example News", "Copyright by Example News 2026",
        "Share via e-mail", "Share this with friends", "Tags", "Tags: talks", "Copyright 2026 Example News. All rights reserved.", "Image credit: Jo Example",
        "This material may not be published, broadcast or rewritten.", "Write to Jo at jo@example.org",
        "Have a news tip?", "***", "|",
    ],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert article_lines(f"{FIRST}\n{line}\n{LAST}", ["A title"]) == [FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "Print runs fell.", "Share prices rose on Monday.", "Save the date, it said.",
        "Next, the delegation went home.", "Related groups were invited, too.",
        "Read more widely, the minister told them.", "Comments by the minister were brief.",
        "Follow-up talks are planned.", "Subscribe they did not.", "More on this was not said.",
        "Click it did, at last.", "Copyright law is to be one of the subjects.", "Tagging is not allowed.",
        "Watch out, he said.", "“Watch: it will fail,” he said." , "Thank you, he said.",
        "The photo: a door.", "He added: see also the second page.", "Previous talks failed.",
        "Tags are sold at the gate.", "Tag sales fell.", "Categories were added.", "Share this burden, he said.",
        "Copyright law was passed in 2024.", "(c) the parties agreed to it in 2015.",
        "Share on the market fell to nothing in the end.",
    ],
)  # fmt: skip
def test_near_misses(line: str) -> None:
    assert article_lines(f"{FIRST}\n{line}\n{LAST}", ["A title"]) == [FIRST, line, LAST]


@pytest.mark.parametrize(
    ("text", "titles", "kept"),
    [
        (f"A title\n{FIRST}", ["A title"], [FIRST]),
        (f"A Title!\n{FIRST}", ["A title"], [FIRST]),
        (f"World\nA title\nA title\n{FIRST}", ["A title"], [FIRST]),
        (
            f"A title of another article\n{FIRST}",
            ["A title"],
            ["A title of another article", FIRST],
        ),
        (f"{FIRST}\n{LAST}\nOne.\nA title", ["A title"], [FIRST, LAST, "One.", "A title"]),
        (f"| {FIRST} |", [], [FIRST]),
        (FIRST, [], [FIRST]),
        ("A title", ["A title"], []),
        ("", ["A title"], []),
    ],
)
def test_the_title_again(text: str, titles: list[str], kept: list[str]) -> None:
    assert article_lines(text, titles) == kept


def test_a_long_paragraph_that_begins_like_a_teaser_is_kept() -> None:
    line = "Read more: " + "the delegation said a word. " * 30
    assert article_lines(line, []) == [line.strip()]
