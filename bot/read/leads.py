"""Which words lead from an act to whom it is done to, act by act.

``direct``: the object of the verb is whom; ``by`` are the prepositions before whom. An act that
is not here names nobody whom the words alone would tell ("resigned", "called for a truce").
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lead:
    """How whom an act is done to stands after it."""

    direct: bool = False
    by: frozenset[str] = frozenset()


def _leads(direct: str, by: str) -> dict[str, Lead]:
    found = {act.strip(): Lead(direct=True) for act in direct.split(",")}
    for line in by.strip().splitlines():
        act, _, prepositions = line.partition(":")
        known = found.get(act.strip(), Lead())
        found[act.strip()] = Lead(known.direct, frozenset(prepositions.split()))
    return found


LEADS = _leads(
    "accuse, criticize, sue, charge, investigate, protest to, praise, defend, back, welcome, "
    "recognise, stand with, help, rescue, release, pardon, reject, dismiss, rule out, turn down, "
    "boycott, oppose, defy, block, threaten, vow, sanction, ban, protest, arrest, order, shut, "
    "seize, raid, blockade, demolish, hack, attack, kill, jail, abduct, deport, wound, torture, "
    "occupy, shoot down, lash out, take aim, speak, meet, visit, receive, attend, urge, ask, "
    "call on, invite, work with, travel, arrive, call for",
    """
    threaten: on against at
    vow: on against
    sue: against
    investigate: into
    take aim: at
    lash out: at against
    express anger: at with over against
    protest to: with against to
    support: for to with in over towards toward behind
    pay tribute: to
    apologise: to
    stand with: with by behind alongside
    give aid: to for
    work with: with
    ease restrictions: on against for
    withdraw: from
    surrender: to
    cease fire: with
    impose sanctions: on against targeting
    impose tariffs: on against
    restrict: on against
    freeze assets: of
    expel diplomats: of from
    cut ties: with to from
    crack down: on
    protest: against at over
    deploy forces: to
    hold exercises: with
    open fire: on at
    attack: on against
    make war: on against
    meet: with
    speak: with to
    hold talks: with
    visit: to
    negotiate: with
    agree: with
    demand: from of
    flee: to into
    seek: from of
    request: from
    refuse: with against
    decline: with against
    """,
)

HARMING = frozenset(
    """
    kill attack sue fire arrest jail punish destroy bomb shoot expel invade strike sanction hit
    target deport prosecute evict harm hurt beat ban boycott impeach annihilate avenge defund
    execute murder assassinate extradite release recognise recognize support back endorse meet
    hunt fight block veto retake censure
""".split()
)
"""What one threatens to do, or refuses, to whoever is named right after it."""

INSTRUMENTS = frozenset(
    """
    tariff tariffs sanction sanctions action actions war strike strikes attack attacks force fee
    fees tax taxes duty duties levy levies lawsuit measures ban bans restrictions troops charges
""".split()
)
"""What one threatens with: whom it would hit is told after it."""
