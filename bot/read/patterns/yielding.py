"""Giving way: releases, eased restrictions, resignations; troops that go, fighting that stops."""

from __future__ import annotations

from bot.models import EventClass
from bot.read.lexicon import DET, GAP, NP, S, forms, verb
from bot.read.patterns.frames import does, makes, noun, suffers
from bot.read.patterns.pattern import pattern

_HELD = (
    r"(?:prisoners?|hostages?|detainees?|captives?|inmates|soldiers|sailors|pilots?|civilians|"
    r"dissidents|journalists?|activists?|americans|students|crew|bodies|citizens|people|women|children)"
)
_BURDENS = (
    "state_of_emergency martial_law sanctions restrictions restriction ban bans tariffs tariff embargo blockade curfew curbs limits lockdown "
    "lockdowns moratorium mandate mandates measures"
)
_LANDS = ("state:", "place:")
"""What troops withdraw from. Whoever leaves a treaty or a body gives no ground."""
_TROOPS = r"(?:troops|forces|soldiers|military|army|personnel|fighters|tanks|warships|units)"

PATTERNS = (
    # CONCEDE: release, ease, pardon
    does("release", EventClass.CONCEDE, "release free", needs=rf"(?=(?:{NP}| <d\d+>){{0,6}}? {_HELD} | <n\d+> (?:from|after|in|on|\.))",
        target=rf"(?:{NP}{{0,3}}? <[nd](?P<o>\d+)>)?"),
    does("pardon", EventClass.CONCEDE, "pardon", needs=r"(?![^,.;]{0,30} (?:turkeys?|birds?)(?= ))"),
    pattern("commute", "commute a sentence", EventClass.CONCEDE, forms("commute"),
        rf"{S}{GAP} {verb('commute')}(?:{NP}| <d\d+>){{0,6}} sentences?(?: of{DET} <p(?P<o>\d+)>)?", alone=True),
    does("accept demands", EventClass.CONCEDE, "accept meet:met", needs=rf"(?=(?:{NP}| <d\d+>){{0,3}} (?:demands|conditions) )"),
    does("allow", EventClass.CONCEDE, "allow permit:permitted", subject=S, needs=rf"(?<! allows)(?<! permits)(?={NP}{{1,8}}? (?:to|into) )", bodies=True),
    makes("ease restrictions", EventClass.CONCEDE, "ease shorten lift relax suspend waive remove scrap:scrapped loosen roll:rolled end drop:dropped rescind revoke", _BURDENS, "on|against|for|from|of"),
    does("resign", EventClass.RETREAT, "resign", intransitive=True, needs=r"(?= (?:as|from|on|in|after|over|amid|to|,|\.|and|following|effective|before|because|when) )", target=""),
    does("step down", EventClass.RETREAT, "step:stepped stand:stood", intransitive=True, needs=r" (?:down|aside)(?= (?:as|from|on|in|after|over|amid|to|,|\.|and|following|before|because|when) )", target=""),
    makes("resign", EventClass.RETREAT, "announce tender submit:submitted offer", "resignation"),
    pattern("concede", "concede", EventClass.CONCEDE, forms("concede"),
        rf"{S}{GAP} {verb('concede')}(?: to{DET} <p(?P<o>\d+)>|(?: the| an| this)? (?:election|race|defeat)|(?= (?:\.|,|on|in|after) ))", alone=True),
    pattern("drop out", "drop out", EventClass.RETREAT, forms("drop:dropped", "end", "suspend", "withdraw:withdrew/withdrawn", "exit", "quit:quit"),
        rf"{S}{GAP} {verb('drop:dropped', 'end', 'suspend', 'withdraw:withdrew/withdrawn', 'exit', 'quit:quit')}"
        rf"(?: out)?(?: of| from)? (?:his|her|the)(?: [a-z0-9-]+){{0,3}}? (?:race|campaign|candidacy|bid)(?! (?:headquarters|office|offices|bus|plane|site|venue|event|rally|stop|trail|speech|ad|promise))", alone=True),
    does("back down", EventClass.CONCEDE, "back", intransitive=True, needs=r" down(?= (?:from|on|after|and|,|\.) )", target=""),
    suffers("pardon", EventClass.CONCEDE, "pardon"),
    suffers("release", EventClass.CONCEDE, "release free"),
    # RETREAT: withdraw, cease fire, surrender, and, after PLOVER, resign and drop out (above)
    pattern("withdraw troops", "withdraw", EventClass.RETREAT, forms("withdraw:withdrew/withdrawn", "pull", "remove"),
        rf"{S}{GAP} {verb('withdraw:withdrew/withdrawn', 'pull', 'remove')}(?: out)?(?:{NP}| <[da]\d+>){{0,5}}? {_TROOPS}"
        rf"(?:(?: out)?(?:{NP}){{0,3}}? (?:from|of){DET}(?: [a-z]+){{0,2}}? <[np](?P<o>\d+)>)?", alone=True),
    pattern("withdraw from", "withdraw", EventClass.RETREAT, forms("withdraw:withdrew/withdrawn", "retreat", "pull"),
        rf"{S}{GAP} {verb('withdraw:withdrew/withdrawn', 'retreat', 'pull')}(?: (?:out|back))? (?:from|of){DET} <p(?P<o>\d+)>(?= )", onto=_LANDS),
    noun("withdraw", EventClass.RETREAT, "withdrawal pullout retreat", "from|of", onto=_LANDS),
    makes("cease fire", EventClass.RETREAT, "declare announce order begin:began observe", "ceasefire cease-fire truce", "with|in",
        beyond=r"(?! (?:deal|plan|proposal|agreement|talks|offer|terms|framework|negotiations|resolution) )"),
    does("surrender", EventClass.RETREAT, "surrender capitulate", intransitive=True, bodies=True, needs=r"(?= (?:to|in|after|on|,|\.) )", target=rf"(?: to{DET} <p(?P<o>\d+)>)?"),
    pattern("end war", "end war", EventClass.RETREAT, forms("end", "halt", "stop:stopped"),
        rf"{S}{GAP} {verb('end', 'halt', 'stop:stopped')}(?! up )(?: (?:the|its|their|his))?(?: <d\d+>)?(?: (?!war)[a-z]+){{0,2}} (?:war|offensive|siege|hostilities|occupation|blockade|bombardment|fighting)"
        rf"(?: (?:in|on|of|against|with){DET} <p(?P<o>\d+)>)?", alone=True),
)  # fmt: skip
