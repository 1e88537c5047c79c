"""Whether an article is about sports, where states attack and beat each other and mean nothing.

One word of sports says little; an article that has many of them, and of many kinds, is of a game.
"""

from __future__ import annotations

import re

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


def is_sport(title: str, text: str) -> bool:
    """Whether an article is about a game, or those who play it."""
    found = [match[0].lower() for field in (title, text) for match in _WORDS.finditer(field)]
    if len(found) < _FEWEST or len(set(found)) < _KINDS:
        return False
    return len(found) > _SHARE * (text.count(" ") + title.count(" "))
