"""Words of a question that are not searched for: they hold it together, or say its kind."""

from __future__ import annotations

import re

from bot.answer.asked.classes import asks_for_acts
from bot.answer.asked.kinds import Kind
from bot.text.names import normalise

_SHORT = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$", re.IGNORECASE)

_FUNCTION = frozenset(
    """
    a about after again against all also am an and any are as at be because been before being
    between both but by can could did do does doing done down during each ever for from
    further get got had has have having he her here hers him his how i if in into is it its
    just last many me more most much must my no nor not now of off on once only or other our
    out over own per past please same she should show since so some such than that the their
    them then there these they this those through to too under until up us very was we were
    what when where which while who whom whose why will with would yes yet you your s t v vs versus
    whats whos whens wheres hows thats theres isn aren wasn weren don doesn didn hasn haven
    hadn won wouldn couldn shouldn isnt arent wasnt werent dont doesnt didnt hasnt havent
    wat wht wot whn wen wher whre abt ppl pls plz
    hadnt wont wouldnt couldnt shouldnt
    """.split()
)
_NO_TERMS = frozenset(
    """
    status overview summary background explain please
    happend happned hapened happed hapenning happeing lates latst recnt recenly
    new news latest update updates happened happening happen happens brief tell about
    anything something any information info regarding concerning situation going event
    events thing things say said says report reported reports story stories involved
    involving relating related developments recent recently occur occurred place took take
    """.split()
)
# What tells only which kind of question it is, once that is known.
_OF_KIND: dict[Kind, str] = {
    "why": "why reason reasons cause causes caused motive motives made led prompted come",
    "is it true": "true false fact fiction confirmed confirm correct verify check really"
    " actually officially case anyone",
    "who said": "says said say claim claims claimed state stated states told tell think thinks"
    " thought quoted according else",
    "said": "says said say claim claims claimed state stated states told tell think thinks"
    " thought react reacted respond responded comment commented comments statement statements"
    " quote quotes remark remarks reaction reactions",
    "how often": "times time often frequently number count",
    "who has not": "respond responded never still yet else countries country state nations",
    "last": "last latest recent time",
    "still": "still true valid changed holding holds hold stand stands",
    "planned": "coming next planned scheduled ahead upcoming expected agenda calendar schedule"
    " plan plans planning intend intends up",
    "new": "new changed miss catch latest",
    "versus": "compare compared differ differs differed disagree disagrees disagreed position"
    " positions view views stance stances stand",
    "between": "relations",
}


def is_function_word(word: str) -> bool:
    """Tell whether a word only holds a question together ("what", "with", "did")."""
    return normalise(_SHORT.sub("", word)) in _FUNCTION


def means_something(word: str, kind: Kind) -> bool:
    """Tell whether a word, in lower case, is searched for in a question of this kind."""
    if len(word) < 2 or word in _NO_TERMS or word in _OF_KIND.get(kind, "").split():
        return False
    return asks_for_acts(word) or not is_function_word(word)
