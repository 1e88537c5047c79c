"""Rejection, threats and sanctions."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import DET, GAP, NP, THEIRS, S, forms, verb
from bot.read.patterns.frames import does, makes, noun, suffers
from bot.read.patterns.pattern import Pattern, pattern

_R, _T, _S = EventClass.REJECT, EventClass.THREATEN, EventClass.SANCTION

_TO_DO = r" to (?!comment|say|answer|discuss|elaborate|be |have |name |identify|specify|speculate|expand|provide|give|take questions|rule|endorse|let|believe|go |get |do |share|confirm|speak|respond|work )[a-z]+"
_TO_WHOM = (
    rf"(?: (?:with|to|for))?(?: (?:the|a|an|its|his|her|their))?{NP}{{0,2}}? <[npda](?P<o>\d+)>"
)
_NOT_BLAMED = r"(?<!condemn)(?<!criticize)(?<!criticise)(?<!blame)(?<!denounce)(?<!sanction)"
"""Whom somebody declines to condemn is not whom he turns down."""
_AT_WHOM = (
    rf"(?:{_TO_WHOM}|(?: [a-z'-]+){{1,9}}? (?:with|against|on)(?: the)? <[pda](?P<op>\d+)>|"
    r"(?: [a-z'-]+){1,14}? (?:if|unless)(?: the)? <n(?P<ow>\d+)>)?"
)
"""Near the threat: "threatened to break relations with", "to launch an offensive against"."""
_TO_WHOM_MAYBE = rf"(?:{_TO_WHOM})?"
_OFFERED = THEIRS.removesuffix(")?") + rf"|{NP}{{1,4}} with{DET} <p(?P<ox>\d+)>)?"
"""Whose it is, or with whom it would have been: "rejected a pact with"."""
_FIGURES = (
    "detract|overshadow|derail|undermine|engulf|spill|spiral|upend|unravel|widen|worsen|drag|push|"
    "turn|overwhelm|become|be|eclipse|swamp|erode|plunge|tear|trigger|spark"
)
"""What a thing threatens to do, and nobody means."""
_ASKED = (
    "claim claims allegation allegations accusation accusations charge charges idea notion "
    "suggestion suggestions criticism criticisms concern concerns report reports call calls demand "
    "demands request requests offer offers proposal proposals bid plan plans appeal appeals warning "
    "warnings threat threats"
)
_HOSTILE = (
    "retaliate respond strike attack destroy avenge punish annihilate retake invade bomb kill "
    "hunt withdraw block impose shut sue fire veto ban expel boycott withhold "
    "deploy seize jail prosecute"
)
_HARM = (
    "retaliation consequences war strikes action response escalation revenge sanctions tariffs "
    "force attacks measures catastrophe reprisals"
)
_TIES = (
    "ties relations talks negotiations cooperation aid contacts mediation assistance trade "
    "exports imports deliveries"
)


_BODIES = ("state:", "org:", "group:")
_LAYING = "impose announce introduce place issue enact tighten"
_ON_TRADE = (
    "travel_ban travel_bans visa_ban visa_bans import_ban import_bans export_ban export_bans "
    "visa_restrictions import_restrictions export_restrictions trade_restrictions export_controls "
    "export_curbs"
)
_GOODS = r" (?:on|against)(?: (?:[a-z]+|<[a-z]\d+>)){0,3} (?:imports?|exports?|sales?|trade) "
_NOT_TRADE = "".join(
    rf"(?<! {word.replace('_', ' ')})" for word in _ON_TRADE.split() if "control" not in word
)
"""What a state forbids at home is no sanction: it coerces whoever lives there."""


_FROM = r" (?:(?:the|all|most|some) )?<[nda]\d+>(?: [a-z]+){0,2} from (?!(?:the )?<)"
_NOT_FROM = f"(?!{_FROM})"
"""Whoever is banned *from* something is kept from it at home."""


def _or(words: str) -> str:
    return "|".join(words.split())


PATTERNS: tuple[Pattern, ...] = (
    does("reject", _R, "reject rebuff spurn veto", needs=r"(?!(?: [a-z]+){0,3} (?:movements?|attacks?|assaults?|advances?|troops|forces) )", target=_OFFERED),
    suffers("reject", _R, "reject rebuff veto oppose"),
    does("dismiss", _R, "dismiss", needs=rf"(?={NP}{{0,3}}? (?:<[da]\d+>{NP}{{0,2}}? )?(?:{_or(_ASKED)}) )"),
    does("rule out", _R, "rule", needs=r" out"),
    does("turn down", _R, "turn", needs=r" down"),
    does("refuse", _R, "refuse", needs=_TO_DO, target=rf"(?:{_NOT_BLAMED}{_TO_WHOM})?"),
    does("decline", _R, "decline", needs=_TO_DO, target=rf"(?:{_NOT_BLAMED}{_TO_WHOM})?"),
    does("refuse", _R, "refuse", name="refuse it", needs=r"(?= (?:the|a|an|his|her|its|their|any|entry|permission|access|admittance|<[da]\d+>) )"),
    does("boycott", _R, "boycott"),
    does("go back on its word", _R, "renege", needs=r" on", target=rf"(?:{NP}{{0,3}}? (?:to|with)(?: the)? <[pda](?P<o>\d+)>)?"),
    pattern("fail to agree together", "fail to agree", _R, forms("fail"),
        r"<n(?P<s>\d+)>(?: (?:has|have|had|again|also))* fail(?:ed|s)? to (?:reach|strike|conclude|agree)(?= )(?![^.;]{0,40} with )", both=True),
    pattern("fail to agree", "fail to agree", _R, forms("fail"),
        rf"<n(?P<s>\d+)>(?: (?:has|have|had|again|also))* fail(?:ed|s)? to (?:reach|strike|conclude|agree)(?= ){NP}{{0,3}}(?: (?:with)(?: the)? <p(?P<o>\d+)>)?", alone=True),
    pattern("will not", "refuse", _R, "not won't wouldn't",
        rf"{S}{GAP} (?:will not|won't|would not|wouldn't) (?:accept|allow|recogni[sz]e|negotiate|join|tolerate|cooperate|meet)(?= ){_TO_WHOM_MAYBE}", alone=True, status=Status.HAPPENED),
    does("oppose", _R, "oppose"),
    does("defy", _R, "defy violate breach flout", needs=r"(?= (?:the|a|an|its|his|her|their|international|<[nda]\d+>|ceasefire|truce|sanctions|court) )"),
    does("block", _R, "block", needs=rf"(?={NP}{{0,4}}? (?:bill|resolution|vote|nomination|proposal|deal|move|effort|efforts|attempt|plan|request|aid|statement|law|ruling|sale) )"),
    noun("refuse", _R, "refusal", "to [a-z]+|of|by", alone=True),
    noun("reject", _R, "rejection veto", "of|by"),
    # threats
    does("threaten", _T, "threaten", target=_AT_WHOM, needs=r"(?= (?:<[nda]\d+>|the|a|an|its|his|her|their|new|further|more|military|legal|[a-z]+ with) )"),
    does("threaten", _T, "threaten", name="threaten to", needs=rf" (?:to|with) (?!(?:{_FIGURES}) )[a-z]+", target=_AT_WHOM),
    suffers("threaten", _T, "threaten"),
    does("warn", _T, "warn", needs=rf" of{NP}{{0,2}} (?:{_or(_HARM)})", name="warn of", target=rf"(?:{NP}{{0,2}}? (?:against|on|for|if){NP}{{0,2}}? <[npda](?P<o>\d+)>)?"),
    does("warn", _T, "warn", name="warn against", needs="(?= (?:the )?<n)", target=r"(?: the)? <n(?P<o>\d+)>(?= (?:against|not|of|over|about|,) )", alone=False, onto=_BODIES),
    does("vow", _T, "vow swear:swore/sworn", needs=rf" to (?:[a-z]+ly )?(?:{_or(_HOSTILE)})", target=rf"(?:{_TO_WHOM})?"),
    does("vow", _T, "vow swear:swore/sworn promise pledge", name="vow revenge", needs=r"(?: (?:a|to take))?(?: (?!to )[a-z]+){0,2}? (?:revenge|retaliation|vengeance|retribution|reprisals)", target=r"(?: (?:against|on|for)(?: the)? <[pda](?P<o>\d+)>)?"),
    makes("threaten", _T, "issue make:made give:gave/given deliver repeat", "threat threats ultimatum", "to|against|of|towards?|for", name="issue a threat"),
    makes("threaten", _T, "threaten", "tariff tariffs duties levies sanctions", "on|against", name="threaten tariffs"),
    noun("threaten", _T, "threat threats ultimatum", "against"),
    pattern("threat to do", "threaten", _T, "threat threats",
        rf"(?<!- )<d(?P<s>\d+)>{NP}{{0,2}}? threats? (?:to (?:{_or(_HOSTILE)})|of (?:{_or(_HARM)}))(?= ){_AT_WHOM}", nominal=True, alone=True),
    # sanctions
    makes("impose sanctions", _S, "impose slap:slapped announce unveil tighten expand introduce approve adopt place extend issue level levy enact", "sanctions embargo", "on|against|targeting"),
    makes("impose tariffs", _S, "impose slap:slapped announce unveil raise introduce place hike put:put levy increase double", "tariff tariffs duties levies", "on|against|targeting", name="impose tariffs"),
    makes("restrict", _S, _LAYING, "ban bans restrictions curbs blacklist", "on|against|from|to", alone=False, onto=_BODIES),
    makes("restrict", _S, _LAYING, _ON_TRADE, "on|against|from|to", name="restrict trade"),
    makes("restrict", _S, _LAYING, "ban bans restrictions curbs", name="restrict imports", beyond=rf"(?={_GOODS})"),
    makes("restrict", EventClass.COERCE, _LAYING, "ban bans restrictions curbs", name="restrict people",
        beyond=rf"{_NOT_TRADE}(?= (?:on|against) )(?!{_GOODS})(?! (?:on|against){DET}{NP}{{0,3}}? <)"),
    pattern("hit with tariffs", "impose tariffs", _S, forms("hit:hit", "slap:slapped", "target", "strike:struck"),
        rf"{S}{GAP} {verb('hit:hit', 'slap:slapped', 'target', 'strike:struck')}{NP}{{0,2}}? <[npd](?P<o>\d+)>{NP}{{0,3}} with{NP}{{0,4}} (?:tariffs?|duties|levies)(?= )"),
    pattern("hit with sanctions", "impose sanctions", _S, forms("hit:hit", "slap:slapped", "target"),
        rf"{S}{GAP} {verb('hit:hit', 'slap:slapped', 'target')}{NP}{{0,2}}? <[npd](?P<o>\d+)>{NP}{{0,3}} with{NP}{{0,4}} (?:sanctions?|embargo)(?= )"),
    does("sanction", _S, "sanction blacklist", needs=r"(?! (?:lead|expert|package|list|regime|relief|policy|on|against|were|are|will|have|that|would) )"),
    does("ban", _S, "ban:banned/banning", needs=rf"(?= (?:(?:the|all|most|some) )?(?:imports?|exports?|<[nda]\d+>) ){_NOT_FROM}"),
    does("ban", EventClass.COERCE, "ban:banned/banning", name="ban at home", needs=r"(?= (?:the|all|most|public|mass|travel|flights) )(?! (?:(?:the|all|most) )?(?:imports?|exports?|<[nda]\d+>) )"),
    does("ban", EventClass.COERCE, "ban:banned/banning", name="ban from", needs=rf"(?={_FROM})"),
    suffers("sanction", _S, "sanction blacklist ban:banned"),
    makes("expel diplomats", _S, "expel:expelled/expelling recall withdraw:withdrew/withdrawn", "diplomat diplomats ambassador ambassadors envoy envoys inspectors", "of|from|to", name="expel diplomats"),
    does("expel", _S, "expel:expelled/expelling", name="expel theirs", needs=r"(?=(?: [a-z0-9]+){0,2}? <[ndav])"),
    makes("cut ties", _S, "cut:cut sever suspend halt end freeze:froze/frozen break:broke/broken cancel downgrade stop:stopped", _TIES, "with|to|from|for|between|in", name="cut ties"),
    makes("cut ties", _S, "cut:cut suspend halt end freeze:froze/frozen stop:stopped", "funding", "to|for", name="cut funding", alone=False),
    makes("freeze assets", _S, "freeze:froze/frozen block", "assets accounts", "of|belonging to", name="freeze assets"),
    noun("sanction", _S, "sanctions embargo blockade", "on|against|of"),
    makes("cut ties", _S, "announce order", "suspension severing cancellation expulsion freeze halt", "with|to|from|of", name="announce a suspension", alone=False),
    noun("impose tariffs", _S, "tariff tariffs", "on|against"),
    noun("ban", _S, "ban", "on"),
)  # fmt: skip
