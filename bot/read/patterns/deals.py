"""Agreements, promises and offers."""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import (  # fmt: skip
    ADVERBS,
    AUXILIARIES,
    DEAL,
    DEALS_WORDS,
    DET,
    FILL,
    GAP,
    GOVERNORS,
    NP,
    O,
    S,
    forms,
    verb,
)
from bot.read.patterns.frames import does, makes, noun
from bot.read.patterns.pattern import pattern

_HOSTILE = (
    r"fight|veto|retaliate|respond|strike|attack|ban|sue|block|appeal|deport|impose|punish|crush|"
    r"destroy|end|repeal|cut|slash|fire|kill|avenge|oppose|resist|stop|never|challenge|"
    r"prosecute|investigate|jail|arrest|eliminate|dismantle|not|keep|win|run|be|use|never|"
    r"ramp|crack|round|raid|stand|go|defend|take|reduce|limit|phase|wean|target|hold|hunt|confront|counter|combat|eradicate"
)

_NO_BLOW = (
    r"(?! (?:[a-z]+ly )?(?:(?:attack|fight|destroy|kill|strik|bomb|invad|defeat|crush|eliminat|"
    r"punish|retaliat|seiz|annex|occupy|annihilat|eradicat|dismantl)ing|the destruction|war) )"
)
"""Who is committed to attacking somebody has agreed to nothing."""

_FOR_WHOM = (
    r"(?:(?: (?!(?:who|which|that|after|before|when|because|while|if|unless|as|by|said|says|reach|"
    r"following|despite|amid|against|in|at|over(?! to)|about|(?<!troops )(?<!forces )(?<!soldiers )(?<!withdraw )from|until|where|but) )[a-z0-9'-]+){0,8}? <[np](?P<o>\d+)>)?"
)
"""Whoever is named first in what is agreed or promised: mostly whom it is promised to."""

_NOT_OF_A_MIND = (
    r"(?! (?:on|upon)(?: [a-z]+){0,2} (?:much|most|many|little|few|everything|nothing|something|"
    r"anything|things?|points?|issues?|range|array|swath|matters|importance|need|facts?)(?= ))"
)
"""Who think alike on most things have agreed to nothing."""

_MADE = " ".join(word for word in DEALS_WORDS.split() if not word.startswith("treat"))
"""What "Iran's deal with Oman" tells was made. A treaty with one has mostly been there long."""

_SIGNED = (
    "agreement agreements deal deals pact pacts accord accords treaty treaties truce ceasefire"
)

PATTERNS = (
    # AGREE: agreements reached or signed
    pattern("sign with", "agree", EventClass.AGREE, DEALS_WORDS,
        rf"{S}{GAP} {verb('sign', 'reach', 'ink', 'conclude', 'strike:struck', 'finalize', 'finalise', 'agree', 'make:made')}"
        rf"(?: (?:on|to))?{FILL}{{0,7}} {DEAL}{FILL}{{0,5}} with{DET} {O}", both=True),
    pattern("sign together", "agree", EventClass.AGREE, DEALS_WORDS,
        rf"{S}{GAP} {verb('sign', 'reach', 'ink', 'conclude', 'strike:struck', 'finalize', 'finalise')}"
        rf"{FILL}{{0,7}} {DEAL}(?!{FILL}{{0,6}} with )", both=True),
    pattern("agree with", "agree", EventClass.AGREE, forms("agree"),
        rf"{S}{GAP} {verb('agree')} with(?: the)? {O}(?= (?:to|on|that) )", both=True),
    pattern("agree together", "agree", EventClass.AGREE, forms("agree"),
        rf"{S}{GAP} (?<! both )(?<! each ){verb('agree')}(?= (?:to|on|upon) | that [^,;.]{{0,60}} (?:should|will|would|must) ){_NOT_OF_A_MIND}", both=True),
    does("agree", EventClass.AGREE, "agree", intransitive=True, needs=rf"(?= (?:to|on|upon) (?!disagree)){_NOT_OF_A_MIND}", target=_FOR_WHOM),
    makes("agree", EventClass.AGREE, "sign:signed reach ink conclude strike:struck finalize finalise ratify approve accept", _SIGNED, "with|on"),
    does("promise", EventClass.AGREE, "promise pledge offer", intransitive=True, needs=rf" to(?! (?:{_HOSTILE}) )(?= [a-z])", target=_FOR_WHOM),
    does("commit to", EventClass.AGREE, "commit:committed", intransitive=True, needs=rf"(?: (?:itself|himself|herself|themselves))? to(?= ){_NO_BLOW}", target=_FOR_WHOM),
    pattern("be committed to", "commit to", EventClass.AGREE, ["committed"],
        rf"{S}(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}|{GOVERNORS}))*) (?P<v>is|are|was|were) (?:[a-z]+ly )?committed to{_NO_BLOW}{_FOR_WHOM}",
        alone=True),
    pattern("be willing to", "commit to", EventClass.AGREE, ["willing", "prepared"],
        rf"{S}(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}|{GOVERNORS}))*) (?P<v>is|are|was|were) (?:[a-z]+ly )?(?:willing|prepared) to(?! (?:{_HOSTILE}) )(?= [a-z]){_FOR_WHOM}",
        alone=True, status=Status.POSSIBLE),
    does("accept", EventClass.AGREE, "accept", needs=rf"(?=(?:{NP}| <d\d+>){{0,4}} (?:proposal|offer|invitation|terms|deal|plan|agreement|nomination|resignation|apology|results?) )"),
    pattern("deal between", "agree", EventClass.AGREE, DEALS_WORDS,
        rf"{DEAL}{FILL}{{0,3}} between{DET} <[npa](?P<s>\d+)>(?! [a-z]+ing )", both=True, nominal=True),
    noun("agree", EventClass.AGREE, _MADE, "with", alone=False),
)  # fmt: skip
