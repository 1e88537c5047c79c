"""Closed word classes that the shape of a sentence is built from: lower case, our own lists."""

from __future__ import annotations


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


FORMER = _set("former ex late exiled ousted ex-president ex-premier")


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


LOCAL = _set("governor governors mayor mayors")
"""Who act for a region or a town of the state that is named before them."""


HEADS = _set("chief head leader commander director chairman chairwoman president")
"""Who lead a body, and do as themselves what they do."""

HEADS_GOVERNMENT = _set("""
    president premier chancellor mayor governor executive minister gov gov. king sultan emir
    supervisor
""")
"""After whom a government is called."""

BODIES_OF_PERSONS = _set("administration government cabinet regime")
"""What a person acts through: "the Biden administration"."""


NAME_PARTICLES = _set("bin ibn al el ul de da di van von der den la le al- abu")

TIME = _set("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec
""")
