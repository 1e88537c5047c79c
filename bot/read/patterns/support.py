"""Support in words, aid in kind, and working together."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import DET, FILL, GAP, NP, THEIRS, O, S, forms, verb
from bot.read.patterns.frames import adding, does, makes, noun, suffers
from bot.read.patterns.pattern import pattern

_PRAISING = "praise hail applaud commend laud endorse congratulate salute thank compliment"
_THEIRS = THEIRS.removesuffix(")?") + rf"|{NP}{{1,4}} of{DET} <p(?P<ox>\d+)>)?"
_GOOD_NEWS = (
    r"(?:decision|move|news|agreements?|deal|ceasefire|truce|announcement|statement|release|vote|"
    r"ruling|verdict|proposal|plan|resolution|step|steps|report|offer|efforts?|support|initiative|"
    r"progress|commitment|investment|accord|pact|bid|result|results|outcome|appointment|arrest)"
)
_AIDS = (
    "aid assistance relief weapons weaponry arms ammunition munitions supplies vaccines medicines "
    "tanks howitzers equipment air_defense asylum refuge shelter "
    "food generators medicine ventilators"
)
_AID = _AIDS.replace(" ", "|").replace("_", " ") + "|funding|loans?|grants"
_GIVING = "provide give:gave/given send:sent deliver donate supply ship:shipped grant offer allocate approve announce"
_FOR = "for|to|with|in|over|towards?|behind"

PATTERNS = (
    # SUPPORT: praise, endorsement, solidarity, thanks
    does("praise", EventClass.SUPPORT, _PRAISING, target=_THEIRS),
    does("praise", EventClass.SUPPORT, "honor honour", name="honor", intransitive=True, alone=False, needs=rf"(?={DET} <[nd]\d+>)", target=rf"{DET} <[nd](?P<o>\d+)>"),
    does("defend", EventClass.SUPPORT, "defend", persons=True, target=_THEIRS,
        needs=rf"(?!{DET}{NP}{{0,2}}? (?:capitol|country|city|town|border|territory|homeland|nation|village|island|base|airport|kingdom) )"),
    does("defend their right", EventClass.SUPPORT, "defend", needs=r"(?= (?:the|its|his|her|their) (?:right|decision|policy|plan|move|deal|record|role|use|handling))", target=_THEIRS),
    does("back", EventClass.SUPPORT, "support back",
        needs=r"(?! (?:for|among|in|from|of|and|to|as|has|was|is|with|on|at|the idea|by|down|up|off|out|away|into) )"
        rf"(?={NP}|{DET} <[nda])"),
    does("welcome", EventClass.SUPPORT, "welcome", needs=rf"{DET}(?={NP}{{0,4}}? {_GOOD_NEWS} | <d\d+>{NP}{{0,3}} {_GOOD_NEWS} )"),
    does("stand with", EventClass.SUPPORT, "stand:stood side", intransitive=True, needs=r" (?:with|by|behind|alongside)",
        target=rf"(?:{DET} <p(?P<o>\d+)>)"),
    does("recognise", EventClass.SUPPORT, "recognize recognise", intransitive=True, needs=rf"(?={DET} <[np]\d+>(?: [a-z'-]+){{0,3}} as | <d\d+> (?:independence|sovereignty) )"),
    does("apologise", EventClass.SUPPORT, "apologize apologise", intransitive=True, needs=r"(?= (?:to|for) )",
        target=rf"(?: to{DET} <p(?P<o>\d+)>)?"),
    does("pay tribute", EventClass.SUPPORT, "pay:paid", intransitive=True, needs=r" (?:tribute|homage|respects?)", target=rf"(?: to{DET} <p(?P<o>\d+)>)?"),
    makes("support", EventClass.SUPPORT,
        "express voice offer pledge reaffirm reiterate show:showed declare extend convey send:sent signal throw:threw affirm give:gave/given",
        "support solidarity sympathy condolences sympathies gratitude thanks congratulations backing endorsement prayers", _FOR),
    adding("praise", EventClass.SUPPORT, _PRAISING),
    noun("support", EventClass.SUPPORT, "support backing endorsement praise solidarity", "for|of|to|with", status=Status.ONGOING),
    suffers("praise", EventClass.SUPPORT, _PRAISING + " back support"),
    pattern("backed by", "back", EventClass.SUPPORT, "backed endorsed supported",
        r"<n(?P<o>\d+)>(?: ,)? (?:backed|endorsed|supported) by(?: former| then| current)? <p(?P<s>\d+)>", status=Status.HAPPENED),
    pattern("restore ties", "restore ties", EventClass.SUPPORT, "ties relations",
        rf"{S}{GAP} {verb('restore', 'resume', 'establish', 'normalize', 'normalise', 'strengthen', 'deepen', 'improve', 'expand', 'renew', 'rebuild:rebuilt')}"
        rf"{FILL}{{0,3}} (?:ties|relations) with(?: and [^<.,;]{{1,40}} in)?{DET} {O}", both=True),
    pattern("restore ties together", "restore ties", EventClass.SUPPORT, "ties relations",
        rf"{S}{GAP} {verb('restore', 'resume', 'establish', 'normalize', 'normalise', 'renew')}{FILL}{{0,3}} (?:ties|relations)(?! with)", both=True),
    # AID: money, arms, relief
    makes("give aid", EventClass.AID, _GIVING, _AIDS, "for|to"),
    makes("give aid", EventClass.AID, _GIVING, "funding loans loan grants", "for|to", name="fund", alone=False),
    pattern("give them aid", "give aid", EventClass.AID, "aid assistance weapons arms weaponry ammunition tanks equipment asylum loans loan funding grant drones missiles billion million",
        rf"{S}{GAP} {verb('provide', 'give:gave/given', 'send:sent', 'supply', 'grant', 'offer', 'lend:lent')}{DET} <[np](?P<o>\d+)>"
        rf"(?: with)?{NP}{{0,5}} (?:{_AID}|drones|missiles|billion|million|grant)(?= )"),
    pattern("provide to", "give aid", EventClass.AID, forms("provide", "supply", "donate", "deliver"),
        rf"{S}{GAP} {verb('provide', 'supply', 'donate', 'deliver')}(?: (?!(?:that|which|who|but|as|by|then|after|before|while|speech|address|message|blow|remarks|-) )[a-z0-9,-]+){{1,10}}? to{DET} <p(?P<o>\d+)>(?= )"),
    pattern("give money to", "give aid", EventClass.AID, "billion million",
        rf"{S}{GAP} {verb('provide', 'give:gave/given', 'send:sent', 'donate', 'grant', 'pledge', 'allocate', 'commit:committed', 'lend:lent')}"
        rf"{NP}{{0,6}} (?:billion|million){NP}{{0,5}}(?: in{NP}{{1,4}})? (?:to|for){DET} <p(?P<o>\d+)>"),
    pattern("send arms to", "give aid", EventClass.AID, forms("send:sent", "supply", "deliver"),
        rf"{S}{GAP} {verb('send:sent', 'supply', 'deliver')}{NP}{{0,6}} (?:drones|missiles|jets|vehicles|systems|artillery|shells|rockets|grain|gas|oil|doctors|medics|firefighters|rescuers)"
        rf" to{DET} <p(?P<o>\d+)>"),
    does("help", EventClass.AID, "help assist arm", intransitive=True, needs=rf"(?={DET} <[nd]\d+>)", target=rf"{DET} <[nd](?P<o>\d+)>", alone=False),
    does("rescue", EventClass.AID, "rescue evacuate shelter", intransitive=True, needs=rf"(?<! rescue)(?<! shelter)(?! (?:his|her|their|its|from) )(?={NP}(?! team))",
        target=rf"(?:{DET} <[np](?P<o>\d+)>)?"),
    noun("give aid", EventClass.AID, "aid assistance weapons arms", "for|to", status=Status.ONGOING),
    # COOPERATE: working, sharing, trading together
    does("work with", EventClass.COOPERATE, "work cooperate collaborate partner team:teamed", intransitive=True, needs=r"(?: (?:closely|together|directly|up))* with",
        target=rf"(?:{DET}{NP}{{0,2}}? <p(?P<o>\d+)>|(?= (?!him|her|them|it|me|us)))"),
    pattern("work together", "work together", EventClass.COOPERATE, forms("work", "cooperate", "collaborate", "partner"),
        rf"{S}{GAP} {verb('work', 'cooperate', 'collaborate', 'partner')}(?: closely)? (?:together|on)(?= )", both=True),
    pattern("share with", "share", EventClass.COOPERATE, forms("share"),
        rf"{S}{GAP} {verb('share')}{NP}{{0,4}} (?:intelligence|information|data|technology|evidence) with{DET} {O}", both=True),
    pattern("buy from", "buy from", EventClass.COOPERATE, forms("buy:bought", "purchase", "import"),
        rf"{S}{GAP} {verb('buy:bought', 'purchase', 'import')}{NP}{{1,6}} from{DET} {O}"),
    pattern("sell to", "sell to", EventClass.COOPERATE, forms("sell:sold", "export"),
        rf"{S}{GAP} {verb('sell:sold', 'export')}(?! out ){NP}{{1,6}} to{DET} {O}"),
    makes("join in", EventClass.COOPERATE, "hold:held conduct stage", "joint_exercises joint_drills joint_patrols", "with"),
    pattern("extradite to", "hand over", EventClass.COOPERATE, forms("extradite", "hand", "turn"),
        rf"{S}{GAP} {verb('extradite', 'hand', 'turn')}(?: over)?{NP}{{1,6}}(?: over)? to{DET} <p(?P<o>\d+)>(?= )"),
)  # fmt: skip
