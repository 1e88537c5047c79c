"""Attacks, strikes and killings."""

from __future__ import annotations

from bot.models import EventClass
from bot.read.lexicon import (
    ADVERBS,
    ANY,
    ATTACKING,
    AUXILIARIES,
    BLOW,
    BLOWS_WORDS,
    DEAL,
    DET,
    FILL,
    GAP,
    STOP,
    THING,
    S,
    forms,
    verb,
)  # fmt: skip
from bot.read.patterns.pattern import pattern

PATTERNS = (
    # ASSAULT: attacks, strikes, killings
    pattern("attack", "attack", EventClass.ASSAULT, forms(*ATTACKING),
        rf"{S}{GAP} {verb(*ATTACKING)}(?!(?: [a-z-]+){{0,4}} {DEAL} )(?: (?!(?:{STOP}|in|at) )[a-z0-9'-]+){{0,3}}? {THING}"),
    pattern("kill in", "attack", EventClass.ASSAULT, forms("kill"),
        rf"{S}{GAP} {verb('kill')}{FILL}{{1,6}} (?:in|across)(?: the)?(?: [a-z]+){{0,2}} <p(?P<o>\d+)>"),
    pattern("kill", "kill", EventClass.ASSAULT, forms("kill", "assassinate"),
        rf"{S}{GAP} {verb('kill', 'assassinate')}{FILL}{{0,2}} <[na](?P<o>\d+)>"),
    pattern("launch strikes", "attack", EventClass.ASSAULT, BLOWS_WORDS,
        rf"{S}{GAP} {verb('launch', 'conduct', 'carry:carried', 'fire', 'unleash', 'drop:dropped')}(?: out)?"
        rf"{ANY}{{0,6}} {BLOW}{ANY}{{0,3}} (?:on|at|against|into|towards?|in|across|targeting)"
        rf"(?: [a-z]+){{0,3}}? {THING}"),
    pattern("strikes on", "attack", EventClass.ASSAULT, BLOWS_WORDS,
        rf"<d(?P<s>\d+)>(?: (?!(?:{STOP}) )[a-z-]+){{0,2}} {BLOW}{FILL}{{0,3}}? (?:on|against|targeting|in|hits?|struck|across)"
        rf"(?: (?!(?:{STOP}|retaliation|response) )[a-z-]+){{0,3}}? {THING}", nominal=True),
    pattern("attack by", "attack", EventClass.ASSAULT, BLOWS_WORDS,
        rf"{BLOW}(?: on(?: the)? <[pa](?P<o>\d+)>)? by{DET} <p(?P<s>\d+)>"
        rf"(?: on(?: the)? <[pa](?P<w>\d+)>)?", nominal=True),
    pattern("be attacked by", "attack", EventClass.ASSAULT, [*forms(*ATTACKING), "killed", "assassinated"],
        rf"<[na](?P<o>\d+)>(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*)"
        rf" {verb(*ATTACKING, 'kill')}{FILL}{{0,4}} (?:by|in){DET}(?: [a-z]+){{0,2}} <[pdna](?P<s>\d+)>"),
)  # fmt: skip
