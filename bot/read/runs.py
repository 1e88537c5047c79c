"""Find runs of capitalised words, which may contain names unknown to the tables.

The word lists, in lower case, show who acts for a state, a body or a person, and what a new person
or body is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import FILLERS, normalise


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that lists them."""
    return frozenset(text.split())


# Words for people and bodies that act for a state or body: "Qatari officials", "Hamas leaders".
ACTING = word_set("""
    president premier minister ministry chancellor secretary secretary-general emir king queen
    prince sultan caliph pope chief head leader leaders leadership spokesman spokeswoman
    spokesperson spokespeople envoy envoys ambassador ambassadors official officials diplomat
    diplomats government governments cabinet parliament senate army military militaries forces
    troops navy police authorities administration delegation delegations negotiator negotiators
    mediator mediators militants fighters gunmen rebels militia militias insurgents regime
    commander commanders representative representatives counterpart counterparts
    ministers presidents general marshal admiral colonel director directors-general
    director-general commissioner governor vice-president junta guard guards
    judiciary coastguard prosecutors investigators regulators
    adviser advisers advisor advisors aide aides fighter airmen marines sailors agents
    warships warplanes jets side sides chairman chairwoman members politburo bureau
""")

# Words that may stand between a demonym and the acting word, or before a name.
TITLES = ACTING | word_set("""
    prime foreign deputy vice junior assistant associate crown senior top outgoing acting
    interim caretaker new national
    security defense defence interior finance economy economic trade state political supreme
    chief sheikh shaikh sheik ayatollah imam rabbi mr mrs ms dr gen col lt sir lord lady sen rep
    presidential armed air ground naval revolutionary special high visiting newly elected
    re-elected ruling military former ex late exiled ousted ex-president ex-premier
    high-ranking high-level paramilitary oil energy health justice intelligence homeland
    republic's transitional de facto
""")


FORMER = word_set("former ex late exiled ousted ex-president ex-premier")


# Private people and opponents: a state or party before them does not act through them.
PRIVATE = word_set("""
    protester protesters demonstrator demonstrators activist activists student students worker
    workers farmer farmers citizen citizens national nationals civilian civilians resident
    residents woman women man men child children girl girls boy boys teacher teachers nurse
    nurses doctor doctors refugee refugees migrant migrants immigrant immigrants prisoner prisoners
    detainee detainees hostage hostages supporter supporters miner miners driver drivers union
    unions crowd crowds landowner landowners opposition dissident dissidents youth youths voter
    voters donor donors fan fans player players athlete athletes team teams family families tourist
    tourists traveler travelers passenger passengers settler settlers hacker hackers businessman
    businessmen businesswoman journalist journalists reporter reporters media outlet outlets
    newspaper newspapers academic academics scholar scholars scientist scientists expert experts
    analyst analysts economist economists historian historians lawyer lawyers attorney attorneys
    critic critics rival rivals opponent opponents ally allies candidate candidates nominee
    nominees contender contenders hopeful hopefuls loyalist loyalists appointee appointees
    megadonor operative operatives surrogate surrogates wife husband widow son sons daughter
    daughters brother sister father mother parents relatives consumer consumers customer customers
    investor investors company companies firm firms bank banks oligarch oligarchs billionaire
    tycoon celebrity actor actress actors singer musician artist artists author writer filmmaker
    veteran veterans volunteer volunteers mercenary mercenaries expatriates exile exiles
    lawmakers senators congressmen
    judge judges taxpayers patients pilgrims believers christians muslims jews catholics
""")


LEADERS = word_set("chief head leader commander director chairman chairwoman president")
"""Leaders of a body, who also act in their own right."""

HEADS_GOVERNMENT = word_set("""
    president premier chancellor mayor governor executive minister gov gov. king sultan emir
    supervisor
""")
"""Roles by whose holder a government is named."""

BODIES_OF_PERSONS = word_set("administration government cabinet regime")
"""Bodies through which a person acts: "the Biden administration"."""


TIME = word_set("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec
""")


# Holders of these roles act for the state or body of the role.
OFFICIAL = word_set("""
    president premier minister chancellor secretary secretary-general emir king queen prince
    princess sultan pope chief head leader spokesman spokeswoman spokesperson envoy ambassador
    official diplomat negotiator mediator commander representative general marshal admiral
    colonel brigadier director director-general commissioner governor vice-president chairman
    chairwoman chairperson chair speaker prosecutor attorney inspector coordinator rapporteur
    adviser advisor delegate undersecretary under-secretary undersecretary-general
    under-secretary-general mufti ombudsman consul comptroller
""")

# Any other role only marks its bearer as a person.
OTHER = word_set("""
    senator sen congressman congresswoman lawmaker legislator mp mayor judge justice sheriff officer
    captain major lieutenant sergeant capt lt maj sgt gen col adm brig gov rep amb politician
    candidate nominee councillor councilman councilwoman counsellor aide sheikh shaikh sheik
    ayatollah imam cleric rabbi cardinal archbishop bishop priest pastor reverend rev monk
    patriarch metropolitan dr prof professor mr mrs ms sir dame lord lady
    journalist reporter correspondent editor columnist author writer novelist poet playwright
    activist dissident lawyer barrister analyst economist researcher scientist historian expert
    academic scholar strategist physicist biologist epidemiologist virologist physician surgeon
    ceo cfo coo executive founder co-founder cofounder co-chair owner entrepreneur businessman
    businesswoman billionaire investor banker manager magnate tycoon industrialist philanthropist
    coach footballer striker midfielder goalkeeper winger quarterback pitcher cricketer boxer
    swimmer sprinter golfer cyclist skier wrestler gymnast athlete
    singer rapper musician composer conductor actor actress filmmaker comedian artist painter
    photographer presenter broadcaster astronaut cosmonaut engineer warlord militant gunman
    suspect fugitive kingpin oligarch hacker whistleblower whistle-blower cofounder trainer
    campaigner pollster publisher blogger sociologist anthropologist psychologist
""")

ROLES = OFFICIAL | OTHER

# Words allowed in a role, before its head.
BESIDE = (
    TITLES
    | OTHER
    | word_set("""
    assistant associate general chief vice senior junior permanent principal regional national
    international local provincial state federal human rights press public affairs development
    trade education culture tourism environment climate agriculture transport labour labor
    planning information communications telecommunications women's children's science sports
    police army military navy force forces special independent main lead longtime long-time
    veteran prominent renowned famous well-known award-winning nobel peace prize laureate
    opposition party parliamentary presidential district county city
    cabinet treasury commerce attorney relief refugee aid peacekeeping nuclear war
    investigative political economic financial market research defence-industry club team
    republican democratic democrat conservative labour liberal socialist communist
    social left-wing right-wing far-right far-left centrist pro-government reformist hardline
    hard-line jailed imprisoned detained slain incumbent then then-president outgoing
    first second third deputy pop rock film television tv radio video football basketball
    baseball tennis hockey cricket rugby soccer olympic world champion gold
    lieutenant major brigadier rear staff sergeant squadron wing commander-in-chief
    retired former ex acting interim caretaker designate -elect president-elect
    aviation maritime shipping railway banking tax cyber cybersecurity counterterrorism
""")
)

# A name follows these, but they are too weak to identify a role.
WEAK = word_set("mr mrs ms dr sir dame lord lady prof")

NAME_PARTICLES = word_set(
    "bin ibn al el ul de da di van von der den la le al- abu "
    "bint ben del della dos das ter ten y e zu af"
)

# Armed groups, movements and parties.
GROUP_HEADS = word_set("""
    Front Brigade Brigades Militia Militias Movement Party Jihad Cartel Battalion Battalions
    Resistance Insurgency Tigers Fronts Gang
""")

# Bodies, public or private.
BODY_HEADS = word_set("""
    Ministry Army Union Bank Agency Council Committee Commission Authority Association
    Federation Foundation Institute Organization Organisation Corps Forces Alliance Coalition
    Court Parliament Assembly Department Bureau Directorate Command Regiment Guard Guards
    Police Society Syndicate Observatory Fund Corporation Company Corp Corp. Inc Inc. Ltd
    Holdings University Secretariat Tribunal Confederation Navy Service Services Administration
    Airlines Airways Group Network Board Exchange
""")

HEADS = GROUP_HEADS | BODY_HEADS

# "Ministry of ...", "Bank of ...": the heads that a name may begin with.
LEADING = HEADS - word_set("""
    Holdings Corp Corp. Inc Inc. Ltd Exchange Group Services Service Airlines Airways Police
    Navy Guards Guard Forces Network Gang Company Command Resistance Tigers Fronts Militias
    Court Army
""")

# A name with one of these is a street, a building, a club or a newspaper, not a person.
NO_PERSON = word_set("""
    league baseball football basketball motors electric hospital airport stadium street avenue
    road park river lake mountain mount island islands bay beach county city town village school
    college university church cathedral hall house tower bridge square theatre theater museum club
    fc united award awards cup championship day week festival act bill law plan amendment news
    times post journal today radio tv channel series show report reports arena plaza center centre
    valley hills heights springs district state states nations republic council committee
    department ministry office airlines station prison jail camp base fort palace castle temple
    mosque hotel restaurant games olympics world new north south east west saint san
    instagram twitter facebook telegram youtube google associated press reuters
    christmas easter ramadan election elections conference summit war revolution covid
    white house capitol pentagon kremlin congress senate parliament republican democrat democrats
    republicans democratic photo image images video credit file getty caption
""")

# Words that alone make no name with a head: "the Foreign Ministry", "the Central Bank".
GENERIC = word_set("""
    foreign interior defence defense health finance justice education energy oil trade economy
    economic culture tourism agriculture transport labour labor environment industry planning
    central supreme national federal state high constitutional criminal appeals appeal district
    county city local provincial regional general military army naval navy air armed ground
    security police public human rights election electoral elections central executive political
    ruling opposition democratic republican labour conservative liberal communist socialist
    revolutionary special royal people's peoples joint chief first second third new old main
    international world global united presidential transitional intelligence investigation
    the and of for on in to a an great grand
    social media affairs foreign external internal home development information technology
    science research medical emergency emergencies treasury commerce homeland veterans
    coast border customs tax revenue prison immigration water power nuclear statistics
    editorial advisory school psychology history
    district circuit magistrates magistrate superior family juvenile cabinet war peace
""") | frozenset(head.lower() for head in HEADS)

# Names that look like organisations but are not.
NO_BODIES = word_set("""
    west_bank south_bank left_bank right_bank east_bank north_bank outer_banks western_front
    eastern_front home_front soviet_union tea_party boston_tea_party air_force_one
    third_party european_union credit_union civil_union trade_union labor_union
    world_service civil_service national_service public_service
    working_group focus_group stock_exchange
    rights_group food_network social_network tennis_court food_court cold_front warm_front
""")


UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŘŚŞŠŤŢŪŮŰŲŹŻŽȘȚḤṢṬẒ"
_PARTICLE = "|".join(sorted(NAME_PARTICLES - {"al-"}, key=len, reverse=True))
_SHORT = "Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Sgt|Adm|Brig|Dr|Mr|Mrs|Ms|Prof|Rev|St|Hon|Sec"
_APOSTROPHES = rf"(?:['’](?!s\b)[\w-]+)*(?:(?<=s)['’](?= [{UPPER}]))?"
_WORD = rf"(?:(?:{_SHORT})\.|(?:[{UPPER}]\.)+|[{UPPER}][\w-]*{_APOSTROPHES})"
_GLUE = rf" (?:(?:{_PARTICLE})[ -](?:(?:{_PARTICLE})[ -])?)?"
_RUN = re.compile(rf"(?<![\w’'.-]){_WORD}(?:{_GLUE}{_WORD})*")
_ROLES = {f"{role.capitalize()}{stop}" for role in ROLES for stop in ("", ".")}
_ROLES |= {"-".join(part.capitalize() for part in role.split("-")) for role in ROLES}
_ROLES |= {role.upper() for role in ("ceo", "cfo", "coo", "mp")}
_ANY = re.compile(r"[^ ]+")
_LONGEST_NAME = 6
_TWO_NAMES = 4
_SHORTEST_SURNAME = 3
_FEWEST, _MOST = 4, 30
"""Minimum and maximum words of a headline."""
_CAPITALS = 0.7
_LINE = re.compile(r"[^\n]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a run; offsets are those of the text."""

    text: str
    start: int
    end: int
    low: str
    """The word in the form of the word lists."""


def runs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of capitalised words, including the particles of names between them.

    Only runs that may contain a name, by their own or adjacent words. Yields the start, the end,
    and whether a word of the run is a head of organisation names.
    """
    for match in _RUN.finditer(text):
        start, end = match.span()
        words = match[0].split(" ")
        if not HEADS.isdisjoint(words):
            yield start, end, True
        elif (
            not _ROLES.isdisjoint(words)
            or text[text.rfind(" ", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)] in ROLES
            or (len(words) > 1 and (text[end : end + 2] == ", " or text[start - 2 : start] == ", "))
        ):
            yield start, end, False


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Split a run into its words."""
    return [token(text, m.start(), m.end()) for m in _ANY.finditer(text, start, end)]


def token(text: str, start: int, end: int) -> Token:
    """Create a token for ``text[start:end]``."""
    word = text[start:end]
    return Token(word, start, end, word.lower().rstrip(".").replace("’", "'"))


def words_before(text: str, at: int, most: int = 9) -> Iterator[Token]:
    """Yield the words before ``at``, nearest first, as long as only single blanks separate them."""
    for _ in range(most):
        if at < 1 or text[at - 1] != " ":
            return
        end = at - 1
        start = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
        if start >= end:
            return
        yield token(text, start, end)
        at = start


def personal_name(words: list[Token]) -> bool:
    """Whether words look like the full name of a person: two to six words, no ordinary ones."""
    solid = [word for word in words if word.low not in NAME_PARTICLES]
    if not 2 <= len(solid) <= len(words) <= _LONGEST_NAME:
        return False
    if any(word.low in NO_PERSON or _acronym(word) or _abbreviated(word) for word in solid[:-1]):
        return False
    if solid[-1].low in NO_PERSON or _acronym(solid[-1]):
        return False
    if not any(len(word.low) >= _SHORTEST_SURNAME for word in islice(solid, 1, None)):
        return False
    given = normalise(solid[0].text) in GIVEN_NAMES
    if given and _are_two(solid):
        return False
    # Brown, Long and King are surnames, too: accept them after a given name.
    return all(
        not _ordinary(word) or (number > 0 and given) for number, word in enumerate(solid)
    ) or (given and len(solid) == 2)


def _are_two(words: list[Token]) -> bool:
    """Whether a second name begins where the first ends: a byline, then the article's subject."""
    if len(words) != _TWO_NAMES:
        return False
    _, surname_, given, _ = (normalise(word.text) in GIVEN_NAMES for word in words)
    return given and not surname_


def _abbreviated(word: Token) -> bool:
    """Whether an abbreviation such as *Gov.* separates two names."""
    return (
        word.text.endswith(".")
        and word.text.count(".") == 1
        and word.low not in ("st",)
        and (len(word.low) > 1)
    )


def _acronym(word: Token) -> bool:
    return word.text.isupper() and len(word.low) > 2


def surname(word: Token) -> bool:
    """Whether a word can be a surname on its own."""
    return (
        len(word.text) > _SHORTEST_SURNAME
        and not word.text.isupper()
        and word.text.replace("-", "").replace("'", "").replace("’", "").isalpha()
        and not _ordinary(word)
        and word.low not in NO_PERSON
        and normalise(word.text) not in GIVEN_NAMES
    )


def _ordinary(word: Token) -> bool:
    key = normalise(word.text)
    if len(word.text.rstrip(".")) == 1:
        return False
    return key in FILLERS or is_common(key)


def headline(text: str, at: int) -> bool:
    """Whether the line around ``at`` is capitalised throughout, so that capitals mean nothing."""
    start = text.rfind("\n", 0, at) + 1
    line = _LINE.match(text, start)
    words = line[0].split() if line else []
    if words and words[-1].rstrip("\"'”’)").endswith((".", "!", "?")):
        return False
    if not _FEWEST <= len(words) <= _MOST:
        return False
    long = [word for word in words if len(word) > len("the")]
    return sum(word[0].isupper() for word in long) > _CAPITALS * len(long)
