"""How people write days and stretches of days: a table of them, and of words near them.

``data/periods.csv`` has each phrase with the days it means as of Wednesday, 25 March 2026, an
open end empty; ``data/no_periods.txt`` has phrases that name no time, one a line.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.text.periods import find_period

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 3, 25)
PHRASES = list(csv.reader((DATA / "periods.csv").read_text(encoding="utf-8").splitlines()))[1:]
NO_PHRASES = (DATA / "no_periods.txt").read_text(encoding="utf-8").splitlines()


def days(text: str) -> tuple[str, str] | None:
    found = find_period(text, TODAY)
    return (str(found.period.start or ""), str(found.period.end or "")) if found else None


@pytest.mark.parametrize(("text", "start", "end"), PHRASES)
def test_what_a_phrase_means_alone_and_in_a_sentence(text: str, start: str, end: str) -> None:
    assert days(text) == (start, end)
    assert days(f"Qatar {text}, talks") == (start, end)


@pytest.mark.parametrize("text", NO_PHRASES)
def test_words_that_name_no_time(text: str) -> None:
    assert days(text) is None
    assert days(f"Qatar: {text} talks") is None


def test_the_tables_are_whole() -> None:
    assert len(PHRASES) > 800
    assert len(NO_PHRASES) > 90
