"""Questions as people type them: which actors they name, where, and how surely."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


# question | what it names, in order: words=actor where sure, words? where not
CASES = """
whats irans plan | irans=state:irn
did iraqs pm resign | iraqs pm=office:prime-minister-of-iraq
kim jong uns sister | kim jong uns=person:kim-jong-un
trumps tariffs on chinas steel | trumps=person:donald-trump chinas=state:chn
netanyahus trial | netanyahus=person:benjamin-netanyahu
who is maduro | maduro=person:nicolas-maduro
did noboa win | noboa=person:daniel-noboa
sadiq khan london | london=state:gbr
who runs hamas now | hamas=group:hamas
yemens houthis | yemens=state:yem houthis=group:houthis
hamas leaving doha | hamas=group:hamas doha=state:qat
iran qatar | iran=state:irn qatar=state:qat
what did Fjii do | Fjii=state:fji
any news about quatar | quatar=state:qat
any news about quatar? | quatar=state:qat
pezeshkian pres | pezeshkian pres=person:masoud-pezeshkian
turkye | turkye=state:tur
who moved to Turkey? | Turkey=state:tur
WHO MOVED TO TURKEY? | TURKEY=state:tur
who moved to turkey | turkey=state:tur
when will the Emir visit Tehran? | Emir? Tehran=state:irn
when will the emir of qatar visit tehran | emir of qatar=office:emir-of-qatar tehran=state:irn
when will the qatari emir visit tehran | qatari emir=office:emir-of-qatar tehran=state:irn
emir of quatar in tehran | emir of quatar=office:emir-of-qatar tehran=state:irn
did the US tell us about chad? | US=state:usa chad=state:tcd
tell us about the talks |
any talks between us and iran? | us=state:usa iran=state:irn
what happened between iran and us | iran=state:irn us=state:usa
latest on us iran talks | us=state:usa iran=state:irn
tell us iran news | iran=state:irn
is marcos visiting china | marcos=person:bongbong-marcos china=state:chn
us vs china tariffs | us=state:usa china=state:chn
between you and us |
what did they tell us |
us | us=state:usa
US | US=state:usa
us? | us=state:usa
u.s. | u.s.=state:usa
"us" | us=state:usa
#qatar | qatar=state:qat
*Qatar*!! | Qatar=state:qat
u.s. sanctions on iran | u.s.=state:usa iran=state:irn
what did Niger do in 2023? | Niger=state:ner
what did niger do | niger=state:ner
niger and nigeria | niger=state:ner nigeria=state:nga
guinea bisau coup | guinea bisau=state:gnb
coup in guinea-bissau | guinea-bissau=state:gnb
south koera missile test | south koera=state:kor
north korea south korea talks | north korea=state:prk south korea=state:kor
news about sadui arabia and turkye | sadui arabia=state:sau turkye=state:tur
iran nuclear talks | iran=state:irn
korea summit | korea?
what happened in congo | congo?
turkey jordan chad georgia | turkey=state:tur jordan=state:jor chad=state:tcd georgia=state:geo
Isreal and hamass ceasefire | Isreal=state:isr hamass=group:hamas
did hezbolah attack isreal last week | hezbolah=group:hezbollah isreal=state:isr
uk france summit | uk=state:gbr france=state:fra
government of estonia | estonia=state:est
what is the estonian government doing | estonian=state:est
what about the untied nations | untied nations=org:un
what did the iaea say about iran | iaea=org:iaea iran=state:irn
what did the UN say | UN=org:un
nato summit | nato=org:nato
Iran's president in Qatar's capital | Iran's president=office:president-of-iran Qatar's=state:qat
polish president | polish president=office:president-of-poland
polish government resigns | polish=state:pol
us envoy in tehran | us=state:usa tehran=state:irn
is the us in nato | us=state:usa nato=org:nato
qatari pm in ankara | qatari pm=office:prime-minister-of-qatar ankara=state:tur
s. sudan war | s. sudan=state:ssd
n korea missile | n korea=state:prk
irans president | irans president=office:president-of-iran
iranian foreign minster | iranian foreign minster=office:foreign-minister-of-iran
hezbolla leader nasralla | hezbolla leader nasralla=person:hassan-nasrallah
Qatar-Iran talks | Qatar=state:qat Iran=state:irn
hamas/israel deal | hamas=group:hamas israel=state:isr
qater airways | qater airways=org:qatar-airways
what did sheikh mohammed say | sheikh mohammed?
is susan in town |
was it bidden |
women in yemen | yemen=state:yem
begin talks |
may visit |
hostage deal |
what's new in the middle east |
polish the silver |
wakanda forever |
male suspects |
who said that |
who? |
Who |
WHO | WHO=org:who
what did WHO say | WHO=org:who
what did the who say |
what did xi say | xi=person:xi-jinping
Kata'ib Hezbollah attacks | Kata'ib Hezbollah=group:kataib-hezbollah
kataib hezbollah strikes | kataib hezbollah=group:kataib-hezbollah
england vs scotland | england=place:england scotland=place:scotland
what is going on with it |
French President Emmanuel Macron | French President Emmanuel Macron=person:emmanuel-macron
french president emmanuel macron | french president emmanuel macron=person:emmanuel-macron
Emmanuel Macron, President of France | Emmanuel Macron, President of France=person:emmanuel-macron
Iran's president Masoud Pezeshkian and Qatar | Iran's president Masoud Pezeshkian=person:masoud-pezeshkian Qatar=state:qat
former French President Nicolas Sarkozy | former French President Nicolas Sarkozy=person:nicolas-sarkozy
Russian Vladimir Putin | Russian Vladimir Putin=person:vladimir-putin
French President Vladimir Putin | French President=office:president-of-france Vladimir Putin=person:vladimir-putin
Juan Carlos Jobet |
juan carlos jobet |
Chilean minister Juan Carlos Jobet | Chilean=state:chl
Juan Carlos abdication | Juan Carlos=person:juan-carlos-i
Donald Trump Jr. |
hello |
thanks a lot |
latest news |
what happened last week? |
chain of events |
serious talks |
many children died |
sudden death |
lose weight |
oil prices since monday |
give me a summary |
  |
?? |
"""


def _cases() -> list[tuple[str, str]]:
    rows = [row for row in CASES.splitlines() if "|" in row]
    return [(row.split("|")[0].strip(), row.split("|")[1].strip()) for row in rows]


@pytest.mark.parametrize(("question", "wanted"), _cases())
def test_actors_of_a_question(index: ActorIndex, question: str, wanted: str) -> None:
    found = index.in_query(question)
    shown = " ".join(f"{q.text}={q.actor}" if q.actor else f"{q.text}?" for q in found)
    assert shown.replace("'s=", "=") == wanted.replace("'s=", "=")
    for q in found:
        assert question[q.start : q.end] == q.text
        assert q.matches
        assert q.verdict in ("sure", "unsure")
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_an_ambiguous_name_brings_its_candidates(index: ActorIndex) -> None:
    (korea,) = index.in_query("korea summit")
    assert korea.actor is None
    assert {m.actor for m in korea.matches} >= {"state:kor", "state:prk"}


def test_a_bare_title_brings_the_offices_that_have_it(index: ActorIndex) -> None:
    emir, _ = index.in_query("when will the Emir visit Tehran?")
    offices = {m.actor for m in emir.matches if m.type == "office"}
    assert offices == {"office:emir-of-qatar", "office:emir-of-kuwait"}


def test_a_title_that_every_state_has_says_nothing(index: ActorIndex) -> None:
    assert index.in_query("what did the president say") == []


def test_holders_follow_the_date_asked(index: ActorIndex) -> None:
    (emir,) = index.in_query("emir of qatar", date(2012, 5, 1))
    assert emir.matches[1].actor == "person:hamad-bin-khalifa-al-thani"
