"""The judge of lines: which lines of articles belong in a brief about whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from bot.answer import line_judge
from bot.answer.line_judge import Candidate, LineJudge
from bot.text.networks import Passage

TODAY = date(2026, 3, 28)
ATTACK = Candidate("Qatar expels the ambassador of Iran after a missile attack.", "", TODAY)
PASSING = Candidate("The striker, who once played in Qatar, opened a bakery in Leeds.", "", TODAY)


def test_what_an_actor_does_belongs_in_its_brief_more_than_a_place_name() -> None:
    attack, passing = LineJudge("Qatar", TODAY).verdicts([ATTACK, PASSING])
    assert attack > passing


def test_the_names_asked_about_count() -> None:
    about, beside = (LineJudge(name, TODAY).verdicts([ATTACK]) for name in ("Qatar", "Peru"))
    assert about > beside


def test_each_line_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Passage] = []

    def judged(_: str, lines: Sequence[Passage]) -> list[float]:
        asked.extend(lines)
        return [float(len(one.quote)) for one in lines]

    monkeypatch.setattr(line_judge, "judge_lines", judged)
    judge = LineJudge("Qatar", TODAY)
    wanted = [float(len(one.quote)) for one in (ATTACK, PASSING, ATTACK)]
    assert judge.verdicts([ATTACK, PASSING, ATTACK]) == wanted
    assert judge.verdicts([PASSING]) == wanted[1:2]
    assert [one.quote for one in asked] == [ATTACK.quote, PASSING.quote]
