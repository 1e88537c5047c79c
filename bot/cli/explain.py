"""dragoman explain: how a question is understood, before anything is looked up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.common import in_words, of_workspace, open_desk
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.answer.question import Question


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--as-of", help="Understand as on this day of the past.")
@click.option("--after", help="A question asked before, which this one follows in a thread.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@of_workspace
@in_words
def explain(
    question: tuple[str, ...], as_of: str | None, after: str | None, as_json: bool, workspace: str
) -> None:
    """Say how QUESTION is understood: kind, actors and why, period, classes, filters, words."""
    from bot.models import Asker
    from bot.text.periods import parse_day

    settings = load_settings()
    local, now, text = ZoneInfo(settings.dragoman_tz), datetime.now(UTC), " ".join(question)
    asker = Asker(workspace=workspace, operator=True, tz=settings.dragoman_tz, now=now)
    if as_of is not None:
        day = parse_day(as_of, now.astimezone(local).date(), edge="end")
        asker = asker.model_copy(update={"as_of": datetime.combine(day, time.max, local)})
    with open_desk(settings) as desk:
        desk.catch_up()
        if after is not None:
            text = desk.follow_up(asker, after, text)
        told = _told(desk.understood(asker, text))
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_lines(told)))


def _told(question: Question) -> dict[str, Any]:
    period, filters = question.period, question.filters
    return {
        "question": question.text,
        "kind": question.kind,
        "actors": [
            {
                "typed": one.text,
                "verdict": one.verdict,
                "candidates": [
                    match.model_dump(mode="json", include={"actor", "name", "type", "score", "why"})
                    for match in one.matches[: 1 if one.verdict == "sure" else 5]
                ],
            }
            for one in question.named
        ],
        "period": period.model_dump(mode="json") if period else None,
        "classes": sorted(question.classes),
        "terms": list(question.terms),
        "filters": {
            "from": list(filters.publishers),
            "type": sorted(filters.classes),
            "phrases": list(filters.phrases),
            "without": list(filters.without),
        },
        "briefed": question.general,
        "notes": list(question.notes),
    }


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"“{told['question']}”", f"  kind: {told['kind']}{_briefed(told)}"]
    for actor in told["actors"]:
        sure = actor["verdict"] == "sure"
        lines.append(f"  actor: “{actor['typed']}”{'' if sure else ' may be'}")
        lines += [f"    {one['name']} ({one['type']}): {one['why']}" for one in actor["candidates"]]
    if (period := told["period"]) is not None:
        days = f"{period['start'] or '…'} to {period['end'] or '…'}"
        lines.append(f"  period: {days}" + (f" (“{period['label']}”)" if period["label"] else ""))
    for name in ("classes", "terms"):
        if told[name]:
            lines.append(f"  {name}: {', '.join(told[name])}")
    for name, values in told["filters"].items():
        if values:
            lines.append(f"  filter {name}: {', '.join(values)}")
    return lines + [f"  {note}" for note in told["notes"]]


def _briefed(told: dict[str, Any]) -> str:
    return " (names only actors: answered by a brief)" if told["briefed"] else ""
