"""Closed word classes that the shape of a sentence is built from: lower case, our own lists."""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that name who acts for a state or body: "Qatari officials", "Hamas leaders".
ACTING = _set("""
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
TITLES = ACTING | _set("""
    prime foreign deputy vice junior assistant associate crown senior top outgoing acting
    interim caretaker new national
    security defense defence interior finance economy economic trade state political supreme
    chief sheikh shaikh sheik ayatollah imam rabbi mr mrs ms dr gen col lt sir lord lady sen rep
    presidential armed air ground naval revolutionary special high visiting newly elected
    re-elected ruling military former ex late exiled ousted ex-president ex-premier
    high-ranking high-level paramilitary oil energy health justice intelligence homeland
    republic's transitional de facto
""")

ABBREVIATED = _set("rep reps sen sens gov gen lt col sgt mr mrs ms dr st prof maj capt adm")

FORMER = _set("former ex late exiled ousted ex-president ex-premier")

# Things whose being hit is an act against their owner.
THINGS = _set("""
    embassy embassies consulate consulates base bases airbase positions ship ships
    vessel vessels tanker tankers frigate frigates warship warships territory territories city
    cities capital town towns village villages soldier soldiers civilian civilians airport
    airports port ports convoy convoys outpost outposts headquarters aircraft plane planes jet
    drone drones helicopter helicopters facility facilities site sites infrastructure oilfield
    oilfields refinery refineries hospital hospitals school schools targets target compound
    compounds checkpoint checkpoints stronghold strongholds commandos barracks airspace
""")

# Private people and opponents: a state or party is named before them, and does not act in them.
PRIVATE = _set("""
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

# What may stand between a state's name and such people.
PRIVATE_ADJECTIVE = re.compile(
    r"(?:anti|pro|far)-?[a-z-]*|[a-z]+(?:al|ic|ful|ive|ary)|young|old|elderly|female|male|angry|"
    r"hundred|thousand|university|college|school|factory|oil|tech|two|three|four|five|several|many"
)

ADJECTIVES = _set("""
    northwest northeast southwest southeast northwestern northeastern southwestern southeastern
    central upper lower rural
    new senior top foreign national major key several some two three four five many other
    military naval air nuclear southern northern western eastern alleged suspected
    commercial civilian diplomatic underground main largest biggest important influential
    regional large small local joint strategic cargo merchant oil
""")

COLLECTIVES = _set("""
    group groups team number dozens hundreds thousands coalition majority handful couple pair
    party delegation several some most many members all
""")
"""What may stand before "of" and whoever acts."""

REBELS = _set("""
    rebels militants insurgents gunmen rebel insurgent separatists militia militias fighters
    guerrillas guerillas
""")
"""Who act for a group, but never for the state whose name is before them."""

COUNTING = COLLECTIVES - {"all"} | _set("few more fewer other young older percent of ordinary")
"""Before "Germans", these make them people who are counted, not their state."""

PUBLICS = _set("americans britons canadians australians europeans")
"""Who are never their state, even uncounted: they are polled and advised."""

NATIONS = _set("palestinians israelis")
"""Whose name for people is commonly that of the side they are."""

ELECTED = _set("governor governors senator senators congressman congressmen president mayor mayors")
"""Who hold an office for all, and do not act for the party that is named before them."""

IN_PARTY = ELECTED | _set("leader lawmaker lawmakers")
"""Who are of a party, and each no more than one of it: "the GOP leader noted"."""

A_FEW = _set("""
    some several many few most two three four five six unnamed anonymous
""")
"""Before officials, these make them no more than some of those of their state."""

ONE_UNNAMED = _set("official diplomat aide adviser advisor")

LOCAL = _set("governor governors mayor mayors")
"""Who act for a region or a town of the state that is named before them."""

NEAR_OFFICE = _set("adviser advisers advisor advisors aide aides deputy envoy envoys")
"""Who work for whoever holds an office, and do not speak for it."""

HEADS = _set("chief head leader commander director chairman chairwoman president")
"""Who lead a body, and do as themselves what they do."""

HEADS_GOVERNMENT = _set("""
    president premier chancellor mayor governor executive minister gov gov. king sultan emir
    supervisor
""")
"""After whom a government is called."""

BODIES_OF_PERSONS = _set("administration government cabinet regime")
"""What a person acts through: "the Biden administration"."""

CAMPAIGNS = _set("campaign campaigns team camp aides allies lawyers attorneys")
"""Who work for a person, and are not that person."""

ONE_OF = _set("commissioner commissioners member members")
"""Titles of those of whom a body has many: none of them is the body."""

NAMED_AFTER = _set("climate agreement accord accords protocol treaty deal talks summit olympics")
"""What is called after the capital where it was made: "the Paris climate agreement"."""

MILITARY = _set("troops forces army military soldiers fighters marines warplanes jets")

GOING = _set("""
    left leave leaves leaving visit visits visited visiting toured entered entering go goes went
    gone going return returns returned returning travel travels traveled travelled traveling head
    heads headed heading arrive arrives arrived arriving move moves moved moving fly flies flew
    come comes came coming walk walked drive drove
""")
TOWARDS = _set("to at into in back from")
"""Before "Downing Street" or "the White House", these make it a house."""

DETERMINERS = _set("the a an its his her their our this that these those both all")

BEFORE_NOUN = DETERMINERS | ADJECTIVES | _set("former fellow visiting its' own")

PREPOSITIONS = _set("""
    of in from with against by to for at on near between over under than like into via onto
    including toward towards inside outside within across around among amid amidst through
    throughout about regarding concerning without upon despite off behind beyond along
    alongside during besides except unlike versus
""")

CONJUNCTIONS = _set("and & or")

NAME_PARTICLES = _set("bin ibn al el ul de da di van von der den la le al- abu")

TIME = _set("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec
""")
