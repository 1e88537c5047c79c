"""Labelled facts: sentences with every fact they state, and whether a read fact is one of them.

The labels follow ``GUIDE.md`` of the data set. Comparing follows the data set's ``score.py``.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.read.extraction import ROLES, Act, Encoded

Labelled = Mapping[str, Any]
"""A fact by its words: class, also, trigger, source, target, object, place, when, status,
claimant, mutual."""

_STOP = frozenset(
    "the a an of in and for to by on at with from his her their its two some us".split()
)


def read_labels(file: Path) -> list[dict[str, Any]]:
    """Read the sentences of ``labelled.jsonl.gz``."""
    with gzip.open(file, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def our_labels(file: Path, news: Path) -> list[dict[str, Any]]:
    """Return our own labels of news in the form of the data set's: words in place of offsets."""
    texts = {one["id"]: one["text"] for one in read_labels(news)}
    found = []
    for line in file.read_text("utf-8").splitlines():
        label = json.loads(line)
        sentence = texts[label["article"]][slice(*label["sentence"])]
        facts = [
            {key: _worded(sentence, key, one) for key, one in fact.items()}
            for fact in label["facts"]
        ]
        found.append({"article": label["article"], "sentence": sentence, "facts": facts})
    return found


def _worded(sentence: str, key: str, value: Any) -> Any:
    if key in ("source", "target"):
        return [sentence[slice(*span)] for span in value]
    return sentence[slice(*value)] if key in ("trigger", *ROLES) else value


def words_of(sentence: Encoded, act: Act) -> dict[str, Any]:
    """Return an act by its words, as labels give them."""
    words = {role: [sentence.words(one) for one in spans] for role, spans in act.roles.items()}
    several = {role: words.get(role, []) for role in ("source", "target")}
    single = {role: " ".join(words.get(role, [])) for role in ROLES[2:]}
    return {
        "trigger": sentence.words(act.trigger),
        "class": str(act.event_class),
        "status": str(act.status),
        "mutual": act.mutual,
        **several,
        **single,
    }


def agreement(found: Labelled, labelled: Labelled) -> bool | None:
    """Return None if a read fact contradicts a labelled one, else whether it is complete.

    It contradicts it if the label does not accept its class, if both name a source, a target or an
    object and share no word of it, or if no role agrees.
    """
    kinds = {found["class"], *found.get("also", ())}
    if not kinds & {labelled["class"], *labelled.get("also", ())}:
        return None
    mine = [_words(found.get(role)) for role in ("source", "target", "object")]
    theirs = [_words(labelled.get(role)) for role in ("source", "target", "object")]
    if not labelled.get("mutual"):
        return _sides(mine, theirs, None)
    everyone = theirs[0] | theirs[1]
    straight = _sides(mine, theirs, everyone)
    if straight is not None:
        return straight
    return _sides(mine, [theirs[1], theirs[0], theirs[2]], everyone)


def _sides(mine: list[set[str]], theirs: list[set[str]], everyone: set[str] | None) -> bool | None:
    source, target, about = mine
    true_source, true_target, true_about = theirs
    objects = true_target | true_about
    both_source = source & (everyone or true_source)
    both_target = target & ((everyone or true_target) | true_about)
    both_about = about & objects
    if (source and not both_source) or (target and not both_target):
        return None
    if about and objects and not both_about:
        return None
    if not (both_source or both_target or both_about) and (true_source or objects):
        return None
    return bool((both_source or not true_source) and (both_target or both_about or not objects))


def same_status(found: str | None, labelled: str) -> bool:
    """Return whether two statuses agree; past and ongoing events count as one."""
    return found == labelled or {found, labelled} == {"happened", "ongoing"}


def same_claimant(found: Labelled, labelled: Labelled) -> bool:
    """Return whether both name the same claimant, or neither names one."""
    one, other = _words(found.get("claimant")), _words(labelled.get("claimant"))
    return bool(one & other) or not (one or other)


def _words(part: str | Iterable[str] | None) -> set[str]:
    text = (part if isinstance(part, str) else " ".join(part or ())).lower()
    return set(re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text))) - _STOP
