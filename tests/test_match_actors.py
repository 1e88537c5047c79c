"""Typed names against the seed actors: who is meant, or that it is not clear, or nobody."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.lookup import verdict
from bot.models import Actor, ActorType
from tests.shared import unshared


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


SURE = """
Qatar                         state:qat  exact
quatar                        state:qat  typo
Quatar                        state:qat  typo
QATAR                         state:qat  exact
Qatar's                       state:qat  exact
Qatar’s                       state:qat  exact
State of Qatar                state:qat  -
Qatari                        state:qat  demonym
qataris                       state:qat  demonym
Doha                          state:qat  capital
قطر                           state:qat  exact
Катар                         state:qat  exact
Iran                          state:irn  exact
Iarn                          state:irn  typo
Katar                         state:qat  exact
irak                          state:irq  exact
Chnia                         state:chn  typo
iran                          state:irn  exact
Iranian                       state:irn  demonym
Tehran                        state:irn  capital
Islamic Republic of Iran      state:irn  exact
iranian government            state:irn  partial
the Iranian regime            state:irn  partial
Iraq                          state:irq  exact
Turkey                        state:tur  exact
turkey                        state:tur  exact
turkye                        state:tur  typo
Türkiye                       state:tur  exact
turkiye                       state:tur  exact
ankara                        state:tur  capital
Turkmenistan                  state:tkm  exact
Niger                         state:ner  exact
niger                         state:ner  exact
Nigeria                       state:nga  exact
Nigerien                      state:ner  demonym
Nigerian                      state:nga  demonym
Austria                       state:aut  exact
Australia                     state:aus  exact
austraila                     state:aus  typo
Austrian                      state:aut  demonym
Georgia                       state:geo  exact
georgia                       state:geo  exact
Guinea                        state:gin  exact
Guinea-Bissau                 state:gnb  exact
guinea bissau                 state:gnb  exact
guinea bisau                  state:gnb  typo
Equatorial Guinea             state:gnq  exact
Papua New Guinea              state:png  exact
Dominica                      state:dma  exact
Dominican Republic            state:dom  exact
dominican republc             state:dom  typo
Sudan                         state:sdn  exact
South Sudan                   state:ssd  exact
s sudan                       state:ssd  -
North Korea                   state:prk  exact
n. korea                      state:prk  -
DPRK                          state:prk  exact
South Korea                   state:kor  exact
south koera                   state:kor  typo
Republic of Korea             state:kor  exact
DR Congo                      state:cod  exact
drc                           state:cod  exact
congo kinshasa                state:cod  exact
Congo-Brazzaville             state:cog  exact
Republic of the Congo         state:cog  exact
Government of Estonia         state:est  partial
estonian government           state:est  partial
Ethiopia                      state:eth  exact
ethopia                       state:eth  typo
Fjii                          state:fji  typo
Chad                          state:tcd  exact
Jordan                        state:jor  exact
Mali                          state:mli  exact
Malawi                        state:mwi  exact
Oman                          state:omn  exact
China                         state:chn  exact
Taiwan                        state:twn  exact
Ivory Coast                   state:civ  exact
cote d'ivoire                 state:civ  exact
Côte d’Ivoire                 state:civ  exact
cote divoire                  state:civ  -
saudi arabia                  state:sau  exact
sadui arabia                  state:sau  typo
saudiarabia                   state:sau  typo
UAE                           state:are  exact
United Arab Emirates          state:are  exact
united arb emirates           state:are  typo
US                            state:usa  exact
us                            state:usa  exact
U.S.                          state:usa  exact
USA                           state:usa  exact
united states                 state:usa  exact
untied states                 state:usa  typo
United States of America      state:usa  exact
US government                 state:usa  partial
American                      state:usa  demonym
White House                   state:usa  exact
the Kremlin                   state:rus  exact
UK                            state:gbr  exact
Britian                       state:gbr  typo
Isreal                        state:isr  typo
Israeli                       state:isr  demonym
Lybia                         state:lby  typo
Philipines                    state:phl  typo
Columbia                      state:col  typo
Kyrgystan                     state:kgz  typo
Afganistan                    state:afg  -
Ukrain                        state:ukr  typo
Burma                         state:mmr  exact
Swaziland                     state:swz  exact
Hamas                         group:hamas  exact
hamass                        group:hamas  typo
Hezbollah                     group:hezbollah  exact
hizbullah                     group:hezbollah  -
hez bollah                    group:hezbollah  typo
Taliban                       group:taliban  exact
the taliban                   group:taliban  exact
talibans                      group:taliban  typo
Houthis                       group:houthis  exact
IAEA                          org:iaea  exact
iaea                          org:iaea  exact
I.A.E.A.                      org:iaea  exact
international atomic agency   org:iaea  partial
International Atomic Energy Agency  org:iaea  exact
intl atomic energy agency     org:iaea  -
UN                            org:un  exact
united nations                org:un  exact
untied nations                org:un  typo
NATO                          org:nato  exact
Masoud Pezeshkian             person:masoud-pezeshkian  exact
Massoud Pezeshkian            person:masoud-pezeshkian  exact
pezeshkian                    person:masoud-pezeshkian  exact
pezeshkian pres               person:masoud-pezeshkian  exact
President Pezeshkian          person:masoud-pezeshkian  exact
Pezeshkian, Masoud            person:masoud-pezeshkian  reordered
M. Pezeshkian                 person:masoud-pezeshkian  -
pezeshkyan                    person:masoud-pezeshkian  typo
masud pezeshkian              person:masoud-pezeshkian  exact
mohammed al thani             person:mohammed-bin-abdulrahman-al-thani  -
Sheikh Mohammed bin Abdulrahman Al Thani  person:mohammed-bin-abdulrahman-al-thani  exact
Mohammed bin Abdulrahman al-Thani         person:mohammed-bin-abdulrahman-al-thani  exact
mohamed ibn abdulrahman al thani          person:mohammed-bin-abdulrahman-al-thani  -
Sheikh Tamim                  person:tamim-bin-hamad-al-thani  exact
tamim al thani                person:tamim-bin-hamad-al-thani  exact
john major                    person:john-major  exact
tamim                         person:tamim-bin-hamad-al-thani  -
Netanyahu                     person:benjamin-netanyahu  exact
netanyahoo                    person:benjamin-netanyahu  typo
bibi netanyahu                person:benjamin-netanyahu  exact
Khamenei                      person:ali-khamenei  exact
Ayatollah Khamenei            person:ali-khamenei  exact
biden                         person:joe-biden  exact
joe biden                     person:joe-biden  exact
Erdoğan                       person:recep-tayyip-erdogan  exact
erdogan                       person:recep-tayyip-erdogan  exact
el-Sisi                       person:abdel-fattah-el-sisi  exact
al Sisi                       person:abdel-fattah-el-sisi  exact
Putin                         person:vladimir-putin  exact
Путин                         person:vladimir-putin  exact
MBS                           person:mohammed-bin-salman  exact
Emir of Qatar                 office:emir-of-qatar  exact
emir of qatar                 office:emir-of-qatar  exact
emir of quatar                office:emir-of-qatar  typo
emir qatar                    office:emir-of-qatar  -
qatar emir                    office:emir-of-qatar  -
Qatari emir                   office:emir-of-qatar  exact
emir of kuwait                office:emir-of-kuwait  exact
iranian president             office:president-of-iran  exact
president of iran             office:president-of-iran  exact
iran president                office:president-of-iran  exact
"""

UNSURE = """
Korea         state:kor state:prk
Korean        state:kor state:prk
Congo         state:cod state:cog
Congolese     state:cod state:cog
Nigera        state:ner state:nga
the emir      office:emir-of-qatar office:emir-of-kuwait
emir          office:emir-of-qatar office:emir-of-kuwait
al thani      person:mohammed-bin-abdulrahman-al-thani person:tamim-bin-hamad-al-thani
thani         person:mohammed-bin-abdulrahman-al-thani person:tamim-bin-hamad-al-thani
mohammed      person:mohammed-bin-salman
Sheikh Mohammed  person:mohammed-bin-abdulrahman-al-thani
"""

ENGLISH = "bidden susan begin grease island chain child tiger women sudden angle many main panda"

UNKNOWN = """
Wakanda
hello
asdf
what
xyzzy
who
the
visit
talks
moved
Peterson
Atlantis
Narnia
zzzzzz qqqq
lorem ipsum
weather tomorrow
women
serious
john smith
42
!!!
🙂🙂
Gondor
"""


def _rows(table: str) -> list[list[str]]:
    return [row.split() for row in table.strip().splitlines()]


@pytest.mark.parametrize("row", SURE.strip().splitlines(), ids=lambda row: row.split("  ")[0])
def test_sure(index: ActorIndex, row: str) -> None:
    left, how = row.rsplit(None, 1)
    query, actor = left.rsplit(None, 1)
    matches = index.match(query.strip())
    assert verdict(matches) == "sure", matches[:3]
    assert matches[0].actor == actor
    assert how in ("-", matches[0].how)
    assert matches[0].query == query.strip()
    assert matches[0].why.endswith(".")


@pytest.mark.parametrize("row", _rows(UNSURE), ids=lambda row: row[0])
def test_unsure_proposes_its_candidates(index: ActorIndex, row: list[str]) -> None:
    wanted = [word for word in row if ":" in word]
    query = " ".join(word for word in row if ":" not in word)
    matches = index.match(query)
    assert verdict(matches) == "unsure", matches[:3]
    assert set(wanted) <= {match.actor for match in matches}


@pytest.mark.parametrize("query", UNKNOWN.strip().splitlines())
def test_unknown(index: ActorIndex, query: str) -> None:
    assert verdict(index.match(query)) == "unknown", index.match(query)[:3]


@pytest.mark.parametrize("word", ENGLISH.split())
def test_an_english_word_is_never_surely_an_actor(index: ActorIndex, word: str) -> None:
    assert verdict(index.match(word)) != "sure", index.match(word)[:3]


def test_an_unknown_name_still_has_nearest_names(index: ActorIndex) -> None:
    nearest = index.nearest("Wakanda", 3)
    assert len(nearest) == 3
    assert "Rwanda" in [match.name for match in nearest]
    assert [m.score for m in nearest] == sorted((m.score for m in nearest), reverse=True)
    assert verdict(nearest) == "unknown"


def test_nothing_is_nearest_to_nothing(index: ActorIndex) -> None:
    assert index.nearest("", 3) == []
    assert index.match("") == []
    assert verdict([]) == "unknown"


@pytest.mark.parametrize(
    ("query", "never"),
    [
        ("mohammed al thani", "state:tha"),
        ("Government of Estonia", "state:eth"),
        ("Niger", "state:nga"),
        ("Austria", "state:aus"),
        ("South Sudan", "state:sdn"),
        ("Khomeini", "state:com"),
        ("Kosovo", "state:rus"),
    ],
)
def test_the_first_match_is_never(index: ActorIndex, query: str, never: str) -> None:
    matches = index.match(query)
    assert not matches or matches[0].actor != never


@pytest.mark.parametrize(
    ("on", "holder"),
    [
        (date(2012, 5, 1), "person:hamad-bin-khalifa-al-thani"),
        (date(2024, 5, 1), "person:tamim-bin-hamad-al-thani"),
        (None, "person:tamim-bin-hamad-al-thani"),
    ],
)
def test_an_office_is_followed_by_its_holder_at_the_date(
    index: ActorIndex, on: date | None, holder: str
) -> None:
    office, person = index.match("Emir of Qatar", on)[:2]
    assert office.actor == "office:emir-of-qatar"
    assert (person.actor, person.how) == (holder, "office at date")
    assert index.holder("office:emir-of-qatar", on) == holder


def test_a_match_says_what_it_beat(index: ActorIndex) -> None:
    (first, *_) = index.match("Nigeria")
    assert "Niger" in first.why
    (first, *_) = index.match("quatar")
    assert "1 letter away from “Qatar”" in first.why


def test_scores_fall_and_stay_in_bounds(index: ActorIndex) -> None:
    for query in ("guinea", "mohammed al thani", "united", "Emir of Qatar", "korea"):
        matches = index.match(query, limit=10)
        scores = [m.score for m in matches if m.how != "office at date"]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert len({m.actor for m in matches}) == len(matches)


def test_the_same_query_has_the_same_answer(index: ActorIndex) -> None:
    gazetteer = load()
    other = ActorIndex(gazetteer.actors, gazetteer.tenures)
    with unshared():
        assert other.lookup is not index.lookup
    for query in ("quatar", "korea", "al thani", "Wakanda"):
        assert index.match(query) == other.match(query)
        assert index.nearest(query) == other.nearest(query)


def test_an_index_crosses_process_borders(index: ActorIndex) -> None:
    copy = pickle.loads(pickle.dumps(index))  # noqa: S301 - our own bytes
    assert copy.match("quatar") == index.match("quatar")
    assert copy.trie.scan("Qatar and Iran") == index.trie.scan("Qatar and Iran")


def test_look_ups(index: ActorIndex) -> None:
    qatar = index.get("state:qat")
    assert qatar is not None
    assert qatar.iso3 == "QAT"
    assert index.get("state:nowhere") is None
    assert index.name("state:qat") == "Qatar"
    assert index.name("state:nowhere") == "state:nowhere"


def test_what_is_built_for_an_index_serves_its_copies() -> None:
    qatar = Actor(id="state:qat", type=ActorType.STATE, name="Qatar", source="test")
    newcomer = Actor(id="person:prov-1", type=ActorType.PERSON, name="Ada Ruritan", source="test")
    index = ActorIndex([qatar])
    asking = index.asking({newcomer.id: newcomer}.get).with_others([])
    assert asking.trie is index.trie
    assert (asking.name("state:qat"), asking.name("person:prov-1")) == ("Qatar", "Ada Ruritan")
    assert (asking.get("person:prov-2"), asking.name("person:prov-2")) == (None, "person:prov-2")
    assert index.get("person:prov-1") is None
