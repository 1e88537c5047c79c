"""What somebody says that a state means to do: the state's plan, and their claim."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import GAP, NP, verb
from bot.read.patterns.pattern import pattern

_SPEAKS = verb(
    "reiterate",
    "reaffirm",
    "express",
    "stress",
    "restate",
    "voice",
    "underline",
    "confirm",
    "repeat",
)
_CLOSER = (
    r"(?:deepen|strengthen|expand|boost|improve|enhance|develop|broaden)(?: [a-z-]+){0,3}? "
    r"(?:ties|relations|cooperation|links|partnership|relationship)"
)

PATTERNS = (
    pattern("commitment of", "promise", EventClass.AGREE, "commitment commitments",
        rf"<n(?P<c>\d+)>{GAP} {_SPEAKS} <d(?P<s>\d+)>{NP}{{0,2}}? commitments? to (?!<)(?:the )?(?P<k>[a-z]+)(?= )",
        alone=True, status=Status.HAPPENED),
    pattern("intention of closer ties", "deepen ties", EventClass.COOPERATE, "intention intentions willingness readiness desire determination",
        rf"<n(?P<c>\d+)>[^<;“”]{{0,60}}? {_SPEAKS} <d(?P<s>\d+)>{NP}{{0,2}}? (?:intentions?|willingness|readiness|desire|determination)"
        rf" to {_CLOSER} with(?: the)? <p(?P<o>\d+)>", status=Status.PLANNED),
    pattern("support that could help", "support", EventClass.SUPPORT, "support backing aid assistance",
        rf"<d(?P<s>\d+)>{NP}{{0,2}}? (?:support|backing|aid|assistance)(?: (?:through|via|from|with|by) [a-z-]+(?: [a-z-]+){{0,2}})?"
        rf" (?:could|may|might) (?:bolster|help|strengthen|boost|improve)(?: the)? <[nd](?P<o>\d+)>", status=Status.POSSIBLE),
)  # fmt: skip
