"""Whether an article or a sentence is of sports: states that attack there mean nothing by it.

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
IN_A_GAME = re.compile(
    r"\b\d{1,3}[-–]\d{1,3}\b.*\b(?:wins?|won|goals?|match|cup|league|coach|season|game|finals?|set)\b|"
    r"\b(?:beats?|wins?|won|lost|goals?|match|cup|league|coach|season|game)\b.*\b\d{1,3}[-–]\d{1,3}\b|"
    r"\b(?:rall(?:y|ied|ying) (?:from|to beat|past)|"
    r"World Cup (?:match|game|qualif\w+|semi\w*|final)|"
    r"midfielder|goalkeeper|quarterback|linebackers?|touchdowns?|home runs?|head coach|"
    r"(?:offensive|defensive) coordinator|"
    r"(?:first|second) half|half-?time|stoppage time|extra time|penalty shoot-?out|hat-trick|"
    r"play-?offs?|Super Bowl|Grand Prix|semi-?finals?|quarter-?finals?|(?:group|knockout) stage|"
    r"innings|wickets?|whistle|kick-?off|qualifiers?|teammates?|"
    r"Premier League|Champions League|friendly match|"
    r"hosts?\b.{0,40}\bStadium)\b",
    re.DOTALL,
)
"""What tells of a game in one sentence, whatever its article is about."""

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
