"""Protest, and what states do with their police and soldiers short of an attack."""

from __future__ import annotations

from bot.models import EventClass
from bot.read.lexicon import ADVERBS, AUXILIARIES, NP, SOME, forms, verb
from bot.read.patterns.frames import does, makes, noun, suffers, undergoes
from bot.read.patterns.pattern import Pattern, pattern

_P, _C, _M = EventClass.PROTEST, EventClass.COERCE, EventClass.MOBILIZE

_PROTEST = (
    "protest protests protested protesting demonstrate demonstrated demonstrating march marched "
    "marching rally rallied rallying riot rioted rioting"
)
_ACTED = (
    r"(?P<v>protest|protests|protested|protesting|demonstrate|demonstrated|demonstrating|march|marched|"
    r"marching|rally|rallied|rallying|rioted|rioting|took to the streets|have taken to the streets|"
    r"went on strike|walked out|(?:staged|held|began|continued)(?: [a-z]+){0,3} (?:protests?|demonstrations?|strike|sit-in|rally))(?= )(?! (?:their|its|his|her|a|an|the|that|how|strong|great|clear|with|around|behind) )"
)
_AGAINST = r"(?:(?: (?!and |but |who )[a-z0-9'-]+){0,8}? (?:against|outside|resignation of|independence from|removal of|reforms by|rule of)(?: the)?(?: [a-z]+){0,2}? <[pdav](?P<o>\d+)>)?"
_G = rf"(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))*)"
_FORCE = (
    "troops forces soldiers warships warship ships navy army aircraft jets bombers fighters "
    "submarine submarines missiles tanks reservists battalion battalions brigade brigades carrier "
    "guard personnel paratroopers marines drones artillery"
)
_ARRESTED, _JAILED = "arrest detain apprehend", "jail imprison sentence"
_ABDUCTED, _DEPORTED = "kidnap abduct", "deport evict"
_HELD = "(?= (?!her |his |to |[a-z]+ing )(?:[a-z0-9'’-]+|<[ndav]\\d+>) )"
_SEIZED = f"(?={NP}{{0,4}}? (?:<a[0-9]+>|ship|ships|tanker|tankers|vessel|vessels|assets|property|land|weapons|documents|hostages?|drugs|oil|yacht|yachts|equipment|territory|funds|buildings?|passports?|newspapers?|cargo|aid|phones?) )"
_SHUT = f"(?={NP}{{0,4}}? (?:<a[0-9]+>|border|borders|crossing|crossings|airspace|embassy|media|newspapers?|internet|website|channel|broadcaster|consulate) )"
"""Not what is shut before a storm, or for lack of money: airports, schools, offices, roads."""
_BLOCKED = f"(?={NP}{{0,4}}? (?:<a[0-9]+>|border|borders|crossing|crossings|airspace|embassy|media|newspapers?|internet|airports?|ports?|website|channel|broadcaster|consulate|road|roads|bridge) )"

PATTERNS: tuple[Pattern, ...] = (
    # protest
    pattern("protest", "protest", _P, f"{_PROTEST} streets strike protests demonstrations demonstration walked",
        rf"<n(?P<s>\d+)>{_G} {_ACTED}{_AGAINST}", bodies=True, alone=True),
    pattern("hunger strike", "protest", _P, "strike",
        rf"<n(?P<s>\d+)>{_G} (?P<v>began|begin|continued|staged|launched|held|ended|started|are continuing) (?:a|their|an)(?: [a-z-]+)? (?:strike|sit-in)(?= )",
        alone=True, bodies=True),
    pattern("police arrest in", "arrest", _C, forms("arrest", "detain"),
        rf"^ (?:the )?(?:police|authorities|prosecutors|security forces|security services){_G} {verb('arrest', 'detain')}{_HELD}{SOME}{NP}{{0,4}} (?:in|across)(?: the)? <p(?P<s>\d+)>", alone=True),
    # coercion
    does("arrest", _C, _ARRESTED, needs=_HELD),
    does("jail", _C, _JAILED, needs=_HELD),
    does("abduct", _C, _ABDUCTED, needs=_HELD),
    does("deport", _C, _DEPORTED, needs=_HELD),
    does("order", _C, "order force compel", needs=r"(?= (?:the )?(?:opposition|newspaper|arrest|detention|deportation|seizure))"),
    does("destroy property", _C, "blow:blew/blown", name="blow up", needs=" up"),
    suffers("arrest", _C, _ARRESTED),
    suffers("jail", _C, _JAILED),
    suffers("abduct", _C, _ABDUCTED),
    suffers("deport", _C, _DEPORTED),
    undergoes("arrest", _C, _ARRESTED),
    undergoes("jail", _C, _JAILED),
    undergoes("abduct", _C, _ABDUCTED),
    undergoes("deport", _C, _DEPORTED),
    does("seize", _C, "seize confiscate", needs=_SEIZED),
    suffers("seize", _C, "seize confiscate"),
    does("shut", _C, "close shut:shut suspend", needs=_SHUT, name="shut"),
    does("block", _C, "block", needs=_BLOCKED, name="block it"),
    does("raid", _C, "raid ransack", bodies=True),
    does("blockade", _C, "blockade besiege"),
    does("demolish", _C, "demolish bulldoze", needs=rf"(?={SOME}{NP}{{0,4}}? (?:<[ndav]\d+>|homes?|houses?|villages?|mosques?|church|churches|camps?|neighborhoods?|neighbourhoods?) )"),
    makes("impose a curfew", _C, "impose declare announce extend", "curfew", "in|on|across"),
    makes("declare an emergency", _C, "impose declare announce extend", "emergency_rule martial_law", "in|on|across"),
    makes("declare an emergency", _C, "impose", "state_of_emergency", "in|on|across", name="impose an emergency"),
    does("crack down", _C, "crack", needs=r" down on", name="crack down"),
    noun("crack down", _C, "crackdown", "on|against|in", alone=True),
    does("hack", _C, "hack", needs=r"(?: into)?(?= (?:the|a|<[ndav]\d+>|its|their) )"),
    noun("attack computers", _C, "cyberattack cyberattacks", "on|against|of|targeting", alone=True),
    noun("hold", _C, "arrest detention imprisonment jailing", "of"),
    # mobilization
    makes("deploy forces", _M, "deploy mass mobilize mobilise station amass position", _FORCE, "to|in|near|along|towards?|on|into|around|off", name="deploy forces"),
    makes("deploy forces", _M, "send:sent dispatch move", "troops forces soldiers warships navy battalion marines paratroopers reservists reinforcements", "to|in|near|along|towards?|on|into|around|off", name="send forces"),
    makes("put on alert", _M, "put:put place", "alert", "against|near", name="put on alert"),
    makes("hold exercises", _M, "hold:held conduct stage begin:began launch start carry:carried", "drills exercises drill wargames", "near|with|around|off|in", name="hold exercises"),
    makes("test a missile", _M, "test-fire:test-fired test fire launch conduct", "ballistic_missile ballistic_missiles intercontinental cruise_missile missile_test nuclear_test icbm", name="test a missile", beyond=r"(?! (?:at|on|into|toward|towards|against) )"),
    makes("mobilize", _M, "order declare announce", "mobilization mobilisation draft conscription", name="mobilize"),
    noun("deploy forces", _M, "deployment buildup build-up mobilization mobilisation", "to|in|near|along|on|of"),
)  # fmt: skip
