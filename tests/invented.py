"""Invented articles, dense enough that identities meet: made of few names, offices and acts.

The same people come with and without a state, by surname alone, in other roles and for other
states; texts are published again by others, whole or cut; articles are edited; one event is
told by several articles on neighbouring days.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.models import Draft

_FIRST = ("Ada", "Bela", "Carlo", "Dora", "Emil", "Franz", "Gerda", "Hugo")
_LAST = ("Ruritan", "Zembla", "Orlok", "Vantongeren", "Kestrelin", "Morvane")
_STATES = (
    ("Qatari", "Qatar"), ("Iranian", "Iran"), ("Omani", "Oman"), ("Kenyan", "Kenya"),
    ("Turkish", "Turkey"), ("Peruvian", "Peru"),
)  # fmt: skip
_ROLES = ("envoy", "spokeswoman", "ambassador", "defence minister", "opposition leader", "banker")
_BODIES = ("Revenue Authority", "Dredging Ministry", "Glacier Bureau", "Harbour Police")
_PLACES = ("Doha", "Muscat", "Nairobi", "Lima", "Ankara")
_PUBLISHERS = ("Borduria Post", "Syldavia Times", "The Zenda Wire", "Freedonia Today")
_MATTERS = (
    "the harbour dues of the northern ferries and the dredging of the old canal",
    "a glacier that slid on the mountain road and cut off three valleys",
    "the price of lentils, which doubled after the drought in the highlands",
    "a stolen collection of copper masks that surfaced at an auction",
    "prisoners who have been held in the desert fort since last winter",
)
_FILLING = (
    "The talks had been put off twice because of a storm, officials at the airport said, and the "
    "delegations travelled with fewer advisers than planned. Interpreters worked through the night "
    "on the second draft, while caterers complained that nobody had told them how many guests "
    "would stay for breakfast. A further round is expected once both sides have read the tables "
    "that were attached to the last paper, which runs to some four hundred pages."
)
_FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)


def invented(many: int, seed: int) -> list[Draft]:
    """Return so many drafts, the older first; the same for the same ``seed``."""
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    found: list[Draft] = []
    for n in range(many):
        roll = chance.random()
        if roll < 0.1 and found:
            found.append(_copied(chance, chance.choice(found[-30:]), n))
        elif roll < 0.15 and found:
            found.append(_edited(chance, chance.choice(found[-30:])))
        else:
            found.append(_article(chance, n, many))
    return found


def _article(chance: random.Random, n: int, many: int) -> Draft:
    day = _FIRST_DAY + timedelta(days=n * 30 // many)
    sentences = [_sentence(chance, day) for _ in range(chance.randint(1, 3))]
    sentences.append(f"They spoke about {chance.choice(_MATTERS)}.")
    if chance.random() < 0.2:
        sentences.append(_FILLING)
    return Draft(
        external_id=f"n{n}",
        title=sentences[0].rstrip(".") if chance.random() < 0.3 else "",
        text=" ".join(sentences),
        published=day,
        published_precision="day",
        publisher=chance.choice(_PUBLISHERS),
    )


def _copied(chance: random.Random, whose: Draft, n: int) -> Draft:
    text = whose.text if chance.random() < 0.7 else f"{whose.text} Our reporters contributed."
    later = (whose.published or _FIRST_DAY) + timedelta(days=chance.randint(0, 1))
    return whose.model_copy(
        update={
            "external_id": f"n{n}",
            "text": text,
            "published": later,
            "publisher": chance.choice(_PUBLISHERS),
        }
    )


def _edited(chance: random.Random, whose: Draft) -> Draft:
    day = whose.published or _FIRST_DAY
    return whose.model_copy(update={"text": f"{whose.text} {_sentence(chance, day)}"})


def _sentence(chance: random.Random, day: datetime) -> str:
    person, other = _person(chance), _person(chance)
    demonym, state = chance.choice(_STATES)
    place = chance.choice(_PLACES)
    when = _when(chance, day)
    surname = person.split()[-1]
    return chance.choice(
        (
            f"{person} met {other} in {place}{when}.",
            f"{person} met {state}'s foreign minister in {place}{when}.",
            f"{state} accused {person} of spying{when}.",
            f"{person} visited {state}{when}. {surname} said the visit went well.",
            f"{demonym} troops attacked {chance.choice(_STATES)[1]}{when}.",
            f"The {demonym} {chance.choice(_BODIES)} arrested {person}{when}.",
            f"{state} and {chance.choice(_STATES)[1]} signed an agreement in {place}{when}.",
            f"{person} threatened {state} with sanctions{when}. {surname} spoke in {place}.",
        )
    )


def _when(chance: random.Random, day: datetime) -> str:
    told = day - timedelta(days=chance.randint(0, 2))
    return chance.choice(("", "", f" on {told.day} {told:%B %Y}", f" on {told:%A}"))


def _person(chance: random.Random) -> str:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    demonym, _ = chance.choice(_STATES)
    role = chance.choice(_ROLES)
    return chance.choice(
        (
            f"{demonym} {role} {first} {last}",
            f"{demonym} {role} {first} {last}",
            f"{role.capitalize()} {first} {last}",
            f"{demonym} {role} {last}",
            f"{first} {last}",
        )
    )


def goes(drafts: Sequence[Draft], at: Sequence[int]) -> list[list[Draft]]:
    """Cut drafts at these places, in order."""
    edges = [0, *sorted(at), len(drafts)]
    return [list(drafts[start:end]) for start, end in itertools.pairwise(edges)]
