"""Blame, criticism, condemnation, and what is brought to court."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (  # fmt: skip
    ACCUSING,
    ADVERBS,
    AUXILIARIES,
    BLOW,
    DET,
    FILL,
    GAP,
    NP,
    THEIRS,
    O,
    S,
    forms,
    verb,
)
from bot.read.patterns.frames import does, makes, noun, suffers
from bot.read.patterns.pattern import pattern

_A = EventClass.ACCUSE
_CRITICISING = "criticize criticise condemn denounce slam:slammed rebuke lambast lambaste decry deplore castigate fault chastise"
_SCORNING = "blast bash mock ridicule berate belittle scold disparage insult taunt skewer assail excoriate blame accuse"
_SNEER = "liar dictator criminal tyrant coward racist fascist disgrace threat loser murderer thug killer butcher terrorist traitor fool hypocrite"

_NOT_ITS_OWN = r"(?!(?:(?<=blamed)|(?<=blames)|(?<=blaming)|(?<=blame)) (?:his|her|its|their|my)(?: [a-z'-]+){1,6} on )"
"""Who blames his own delay on the rain accuses nobody."""
_NOBODYS = (
    r"outbreaks?|causes?|crash|crashes|incidents?|accidents?|deaths?|blasts?|explosions?|fires?|"
    r"collision|disease|sources?|cases?|reports?|circumstances|origins?|illness|illnesses|"
    r"infections?|derailment|shooting|shootings|feasibility|killings?|murders?|attacks?|bombings?|"
    r"stabbings?|disappearance|matter|scene"
)
"""Whoever looks into these accuses nobody yet."""

PATTERNS = (
    pattern("accuse", "accuse", _A, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{DET} {O}(?! (?:and|or) <)"),
    pattern("accuse several", "accuse", _A, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{DET} {O}(?= (?:and|or) <)"),
    pattern("condemn an act of", "accuse", _A, forms(*ACCUSING),
        rf"{S}{GAP} {verb(*ACCUSING)}{FILL}{{0,3}} <[da](?P<o>\d+)>{FILL}{{0,3}} (?:{BLOW}|actions?|moves?|decision|plans?|policy|policies)"),
    pattern("which it accuses", "accuse", _A, forms(*ACCUSING),
        rf"<[np](?P<o>\d+)>(?: ,)? (?:which|whom) {S}(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))*) {verb(*ACCUSING)}",
        status=Status.ONGOING),
    pattern("be accused by", "accuse", _A, forms(*ACCUSING),
        rf"<n(?P<o>\d+)>(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*) {verb(*ACCUSING)} by{DET} <p(?P<s>\d+)>"),
    does("criticize", _A, _CRITICISING),
    does("criticize", _A, _SCORNING, name="scorn", needs=_NOT_ITS_OWN),
    suffers("criticize", _A, f"{_CRITICISING} {_SCORNING}"),
    does("criticize", _A, "attack slam:slammed", name="attack in words", persons=True, alone=False,
        needs=rf"(?={DET} <[nd]\d+>)", target=rf"{DET} <[nd](?P<o>\d+)>(?= (?:for|over|on|as|in|during|,|\.) )"),
    does("lash out", _A, "lash rail", name="lash out", needs=r"(?: out)? (?:at|against)", target=rf"(?:{DET}{NP}{{0,2}}? <[pda](?P<o>\d+)>)?"),
    does("lash out", _A, "hit:hit fire", name="hit out", persons=True, needs=r" (?:out|back) at", target=rf"(?:{DET}{NP}{{0,2}}? <[pda](?P<o>\d+)>)?"),
    does("take aim", _A, "take:took/taken", name="take aim", needs=r" aim at", target=rf"(?:{DET}{NP}{{0,2}}? <[pda](?P<o>\d+)>)?"),
    does("call names", _A, "call", name="call names", alone=False, needs="(?= <n)",
        target=rf" <n(?P<o>\d+)>(?: [“\"‘'])?(?: an?| the)?{NP}{{0,3}}? (?:{'|'.join(_SNEER.split())}) "),
    makes("express anger", _A, "express voice", "outrage anger condemnation disappointment dissatisfaction dismay indignation fury criticism", "at|with|over|against|of", name="express anger"),
    makes("protest to", _A, "lodge file submit", "protest complaint", "with|against|to", name="lodge a protest"),
    does("protest to", _A, "protest", name="protest it", needs=r"(?= (?:<[nd]\d+>|the|a|an|its|his|her|their) )"),
    makes("summon the envoy", _A, "summon", "ambassador envoy charge diplomat", "of|from|to", name="summon"),
    does("summon the envoy", _A, "summon", name="summon theirs", alone=False, needs=r"(?=(?: the)? <[nda])",
        target=r"(?: the)? <[nda](?P<o>\d+)>"),
    # courts
    does("sue", _A, "sue indict impeach prosecute", target=THEIRS),
    suffers("sue", _A, "sue indict prosecute charge"),
    does("charge", _A, "charge", alone=False, needs=r"(?=(?: the)? <n)", target=r"(?: the)? <n(?P<o>\d+)>(?= with )"),
    makes("sue", _A, "file bring:brought", "lawsuit suit lawsuits charges", "against"),
    makes("investigate", _A, "launch open begin:began start announce order", "investigation probe inquiry", "into|against|of", beyond=rf"(?! into{DET}{NP}{{0,3}}? (?:{_NOBODYS}) )"),
    does("investigate", _A, "investigate probe", needs=rf"(?!{DET}{NP}{{0,3}}? (?:{_NOBODYS}) )(?= (?:the|a|an|<[nda]\d+>|its|his|her|their|alleged|possible|whether) )"),
    noun("criticize", _A, "criticism condemnation denunciation accusation accusations allegations", "of|against"),
    noun("sue", _A, "lawsuit suit", "against"),
    noun("investigate", _A, "investigation probe inquiry", "into|of"),
)  # fmt: skip
