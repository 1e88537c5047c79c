"""Whether an article is about sports, where states attack and beat each other and mean nothing.

One word of sports says little; an article that has many of them, and of many kinds, is of a game.
"""

from __future__ import annotations

import re

from bot.match.provisional import introduced_as
from bot.models import EventClass, FoundFact

_WORDS = re.compile(
    r"\b(?:quarterbacks?|touchdowns?|linebackers?|cornerbacks?|coach(?:es|ed|ing)?|midfielders?|"
    r"goalkeepers?|goaltenders?|goals?|strikers?|innings?|pitchers?|home runs?|batting|shortstop|"
    r"rebounds|three-pointers?|free throws?|play-?offs?|preseason|postseason|rookies?|roster|"
    r"NFL|NBA|MLB|NHL|WNBA|NCAA|FIFA|UEFA|ATP|WTA|PGA|UFC|NASCAR|F1|Formula 1|Grand Prix|"
    r"Grand Slam|Wimbledon|(?:French|Australian|US|U\.S\.) Open|Premier League|La Liga|"
    r"(?:Champions|National|American) League|Super Bowl|World Cup|World Series|Stanley Cup|"
    r"Olympics?|championships?|tournaments?|(?:semi-?|quarter-?)?finals?|match(?:es)?|set point|"
    r"tie-?breaks?|wickets?|teammates?|scor(?:ed?|ing)|overtime|shutout|power play|laps?|podium|"
    r"pole position|(?:gold|silver|bronze) medals?|medalists?|sprinters?|gymnasts?|league|season|"
    r"stadium|fans?|players?|games?|team|puck|hockey|football|soccer|basketball|baseball|tennis|"
    r"golf(?:er)?|cricket|rugby)\b"
)
_FEWEST, _KINDS = 8, 6
_SHARE = 0.025
"""Of the words of an article. Half of all reports of games have .04; other news nearly all .01."""


_NO_PLAY = frozenset(
    {
        EventClass.ACCUSE,
        EventClass.AGREE,
        EventClass.AID,
        EventClass.COERCE,
        EventClass.COOPERATE,
        EventClass.REJECT,
        EventClass.REQUEST,
        EventClass.SANCTION,
        EventClass.SUPPORT,
    }
)
"""What no team does to another: they meet, attack, threaten, yield and visit."""


def in_earnest(fact: FoundFact) -> bool:
    """Whether a fact that such an article tells is of the world beside it: actors known to all,
    and an act that is no part of a game."""
    actors = (fact.source_actor, fact.target_actor)
    known = all(one is not None and introduced_as(one) is None for one in actors)
    return known and fact.event_class in _NO_PLAY


def is_sport(title: str, text: str) -> bool:
    """Whether an article is about a game, or those who play it."""
    found = [match[0].lower() for field in (title, text) for match in _WORDS.finditer(field)]
    if len(found) < _FEWEST or len(set(found)) < _KINDS:
        return False
    return len(found) > _SHARE * (text.count(" ") + title.count(" "))
