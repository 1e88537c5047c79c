"""Blame, criticism and condemnation."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (
    ACCUSING,
    ADVERBS,
    AUXILIARIES,
    BLOW,
    DET,
    FILL,
    GAP,
    O,
    S,
    forms,
    verb,
)  # fmt: skip
from bot.read.patterns.pattern import pattern

PATTERNS = (
    # ACCUSE: blame, criticism, condemnation
    pattern("accuse", "accuse", EventClass.ACCUSE, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{DET} {O}(?! (?:and|or) <)"),
    pattern("accuse several", "accuse", EventClass.ACCUSE, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{DET} {O}(?= (?:and|or) <)"),
    pattern("condemn an act of", "accuse", EventClass.ACCUSE, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{FILL}{{0,3}} <[da](?P<o>\d+)>{FILL}{{0,3}} (?:{BLOW}|actions?|moves?|decision|plans?|policy|policies)"),
    pattern("which it accuses", "accuse", EventClass.ACCUSE, forms(*ACCUSING),
        rf"<[np](?P<o>\d+)>(?: ,)? (?:which|whom) {S}(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))*) {verb(*ACCUSING)}",
        status=Status.ONGOING),
    pattern("be accused by", "accuse", EventClass.ACCUSE, forms(*ACCUSING),
        rf"<n(?P<o>\d+)>(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*) {verb(*ACCUSING)} by{DET} <p(?P<s>\d+)>"),
)  # fmt: skip
