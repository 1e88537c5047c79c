"""The state that a piece of text names: PATH/plover-gsr/events.json, actor text to ISO 3166.

Wrong codes are corrected (JAP is JPN), and texts on bodies of no state (IGO, NGO, IMG and the
like) are left out. ``accuracy`` is over all texts, ``precision`` over those that get an answer.
rapidfuzz's scorers always choose the most similar alias of all states.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import process

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.lookup import SURE_MARGIN, verdict
from bot.match.query import in_phrase
from bot.models import ActorType
from tests.bench.actor_sets import half, plain
from tests.bench.common import Result, needed
from tests.bench.leave_one_out import SCORERS

EVENTS = Path("plover-gsr") / "events.json"
_CODES = {"JAP": "JPN", "ROM": "ROU", "ITL": "ITA", "VTN": "VNM"}


def run(path: Path) -> Result:
    """Return accuracy and precision by half, and rapidfuzz's accuracy on the test half."""
    gazetteer = load()
    index = ActorIndex(gazetteer.actors, gazetteer.tenures)
    states = {one.iso3 for one in gazetteer.actors if one.type is ActorType.STATE and one.iso3}
    texts = sorted({(text, code) for text, code in _texts(path) if code in states})
    result: Result = {}
    for which in ("dev", "test"):
        some = [(text, code) for text, code in texts if half(text) == which]
        told = [(state_of(index, text), code) for text, code in some]
        right = sum(found == code for found, code in told)
        answered = sum(found is not None for found, _ in told)
        result[which] = {
            "texts": len(some),
            "answered": answered,
            "accuracy": round(right / max(len(some), 1), 4),
            "precision": round(right / max(answered, 1), 4),
        }
    test = [(text, code) for text, code in texts if half(text) == "test"]
    result["rapidfuzz, test"] = _baselines(index, test)
    return result


def state_of(index: ActorIndex, text: str) -> str | None:
    """Return the state of the likeliest actor that ``text`` names, if that is sure: all equally
    good matches are of the same state."""
    found = in_phrase(index, text, None, 5)
    if not found or verdict(found[:1]) != "sure":
        return None
    near = [
        match
        for match in found
        if match.alias and match.score > found[0].score - SURE_MARGIN and match.how == found[0].how
    ]
    whole = found == index.match(text, None, 5)
    return None if whole and {match.iso3 for match in near} != {found[0].iso3} else found[0].iso3


def misses(path: Path) -> Iterator[str]:
    """Yield the errors in the dev half, for debugging."""
    gazetteer = load()
    index = ActorIndex(gazetteer.actors, gazetteer.tenures)
    states = {one.iso3 for one in gazetteer.actors if one.type is ActorType.STATE and one.iso3}
    for text, code in sorted(set(_texts(path))):
        if code in states and half(text) == "dev" and (got := state_of(index, text)) != code:
            yield f"{text!r} is {code}, not {got}"


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    for event in json.loads(needed(path, EVENTS).read_text("utf-8")):
        for side in ("source", "target"):
            actors = event.get(side) or []
            for actor in [actors] if isinstance(actors, dict) else actors:
                if isinstance(actor, dict) and actor.get("actorText") and actor.get("code"):
                    code = str(actor["code"])
                    yield str(actor["actorText"]).strip(), _CODES.get(code, code)


def _baselines(index: ActorIndex, texts: list[tuple[str, str]]) -> dict[str, float]:
    aliases = {
        plain(text): one.iso3
        for one in index.actors
        if one.type is ActorType.STATE and one.iso3
        for text in (one.name, *(alias.text for alias in one.aliases))
    }
    shares: dict[str, float] = {}
    for label, scorer in SCORERS.items():
        right = 0
        for text, code in texts:
            best, *_ = process.extractOne(plain(text), list(aliases), scorer=scorer)
            right += aliases[best] == code
        shares[label] = round(right / max(len(texts), 1), 4)
    return shares
