"""Lines that name an original, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.read.attributed import attributed

BODY = "The ferry sank on Tuesday. Forty people were saved.\nThe search goes on."


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Original Source: www.jpost.com", "jpost.com"),
        ("Original source : The Harbour Times.", "The Harbour Times"),
        ("This article first appeared on harbour.example.", "harbour.example"),
        ("This story was originally published by The Harbour Times.", "The Harbour Times"),
        ("The article originally appeared in Harbour Review of Books", "Harbour Review of Books"),
        ("Originally published by Harbour Times on March 3, 2026", "Harbour Times"),
        (
            "This piece was first published in Harbour Times and is republished with permission.",
            "Harbour Times",
        ),
        ("(Originally published at https://www.harbour.example/2026/ferry)", "harbour.example"),
        ("Republished with permission from Harbour Times.", "Harbour Times"),
        ("Reported by Reuters", "Reuters"),
        ("As first reported by the Associated Press.", "AP"),
        ("Source: AFP", "AFP"),
        ("Source: harbour.example", "harbour.example"),
        ("© 2026 Agence France-Presse", "AFP"),
        ("Copyright 2026 The Associated Press. All rights reserved.", "AP"),
    ],
)
def test_lines(line: str, name: str) -> None:
    for text in (f"{BODY}\n\n{line}\n", f"{line}\n{BODY}"):
        found = attributed(text)
        assert found is not None, text
        assert found.name == name
        assert found.line is not None
        assert text[slice(*found.line)].strip() == line


@pytest.mark.parametrize(
    ("begin", "name"),
    [
        ("LONDON (AP) — A ferry sank.", "AP"),
        ("NAIROBI, March 3 (Reuters) - A ferry sank.", "Reuters"),
        ("  Nairobi (AFP) – A ferry sank.", "AFP"),
        ("(Reuters) - A ferry sank.", "Reuters"),
        ("ROME (ANSA): A ferry sank.", "ANSA"),
    ],
)
def test_datelines(begin: str, name: str) -> None:
    found = attributed(f"{begin}\n{BODY}")
    assert found is not None
    assert found == (name, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        BODY,
        "The virus first appeared in Harbour City.",
        "Originally published in 1952, the novel was a success.",
        "First published in London, the book sold well.",
        "As reported by Reuters, the minister resigned.",
        "The strike was reported by Reuters on Tuesday.",
        "The attack was reported by residents",
        "Reported by residents of the harbour",
        "Source: the ministry of transport",
        "The Atlantic Partnership (AP) - a club - met.\n" * 2 + "x" * 400,
        "The Agency (Water) — a board — met.",
        f"{'x ' * 80}(Reuters) - A ferry sank.",
        "The photographer (Reuters) took it.",
        "Reporting by A. Writer; editing by B. Editor",
        "By A. Writer",
        f"{BODY}\nThis article first appeared on a rainy day.",
        f"{BODY}\nSource: who knows (ap)",
        "\n".join(["line"] * 5 + ["Original Source: harbour.example"] + ["line"] * 9),
    ],
)
def test_near_misses(text: str) -> None:
    assert attributed(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Originally published by " + "A " * 90,
        ("This article first appeared on " + "a." * 80 + "\n") * 3,
        "(" * 100_000,
        "\n" * 1_000_000 + "x",
        ("Source: " + "www." * 45 + "\n") * 20,
    ],
)
def test_hostile_texts_name_nobody(text: str) -> None:
    assert attributed(text) is None
