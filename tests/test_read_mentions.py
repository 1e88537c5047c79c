"""Running text: where it names actors, to the code point, and where it only seems to."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Actor, ActorType, Alias, AliasKind
from bot.read.mentions import find_mentions


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


# [words|actor] is a mention; everything else is none.
TEXTS = """
[Qatar|state:qat] met [Hamas|group:hamas].
[Qatar|state:qat]’s capital, [Qatar|state:qat]'s gas and [QATAR|state:qat] itself.
Officials in [Doha|state:qat] and [Tehran|state:irn] spoke.
[Iran|state:irn] and [Iraq|state:irq], not iran or iraq.
The [Iranian|state:irn] delegation left.
[Iranian|state:irn]-made drones and [US|state:usa]-led talks.
The [Israel|state:isr]-[Hamas|group:hamas] war.
The [Israel|state:isr]–[Iran|state:irn] war.
[Guinea-Bissau|state:gnb] is not [Guinea|state:gin].
[Equatorial Guinea|state:gnq] and [Papua New Guinea|state:png].
[South Sudan|state:ssd] borders [Sudan|state:sdn].
[North Korea|state:prk] fired; [South Korea|state:kor] answered.
The [South Korean|state:kor] navy.
[South
Korea|state:kor] wraps a line.
[DR Congo|state:cod] accused [Rwanda|state:rwa].
The [Democratic Republic of the Congo|state:cod] and the [Republic of the Congo|state:cog].
[Niger|state:ner] and [Nigeria|state:nga] are neighbours.
The [United States|state:usa], the [US|state:usa] and the [U.S.|state:usa] agreed.
He told us about it, and it is us who pay.
The [UN|org:un] and the [IAEA|org:iaea] answered; un and iaea are no words.
[NATO|org:nato] and [Nato|org:nato] are one.
An important non-NATO ally.
The [International Atomic Energy Agency|org:iaea] reported.
They ate turkey in [Turkey|state:tur].
She had to polish the [Polish|state:pol] silver.
The chad and the jordan almonds of [Chad|state:tcd] and [Jordan|state:jor].
Cheap china from [China|state:chn].
[Côte d’Ivoire|state:civ], [Cote d'Ivoire|state:civ] and the [Ivory Coast|state:civ].
[Türkiye|state:tur] is [Turkey|state:tur].
[Bosnia and Herzegovina|state:bih] voted.
The [Kremlin|state:rus] denied it.
The [White House|state:usa] said.
Jordan Peterson spoke.
Michael Jordan scored.
Israel Adesanya won.
Paris Hilton danced in [Paris|state:fra].
Chad Smith drummed.
Georgia Meloni laughed.
India Arie sang in [India|state:ind].
Kathy Ireland designed; [Ireland|state:irl] exported.
Georgia Tech won the game.
They live in New Jersey and New Mexico.
The Panama Papers named him.
Turkish Airlines landed.
Qatar Airways flew on.
They swam in the Indian Ocean.
The Gulf of Oman and the Sea of Japan are wet.
The storm hit Lebanon, Pennsylvania.
[Lebanon|state:lbn], [Israel|state:isr] and [Jordan|state:jor] talked.
A fire in Paris, Texas.
Latin American leaders and South America.
George Washington slept here.
The Washington Post wrote it; [Washington|state:usa] denied it.
The University of Jordan opened.
In Port Sudan, the army held.
The [Paris Agreement|treaty:paris-agreement] holds.
[Jordan|state:jor] King Abdullah arrived.
[Israel|state:isr] Police said so.
“[Iran|state:irn] will answer,” he said.
([Hamas|group:hamas])
Said [Qatar|state:qat].
The [Palestinians|state:pse] and [Taliban|group:taliban] envoys.
A Qatarfoo and a fooQatar and Qatar_x are none.
[قطر|state:qat] و [إيران|state:irn]
[Россия|state:rus] и [Иран|state:irn]
😀 [Qatar|state:qat] 😀 [Iran|state:irn]
[Emir of Qatar|office:emir-of-qatar] and the [emir of Qatar|office:emir-of-qatar].
The [Qatari Prime Minister|office:prime-minister-of-qatar] and the [Qatari|state:qat] envoy.
Emir Kusturica made films.
[Pezeshkian|person:masoud-pezeshkian] spoke.
[Massoud Pezeshkian|person:masoud-pezeshkian] spoke. [Pezeshkian|person:masoud-pezeshkian] left.
[Khamenei|person:ali-khamenei] spoke.
Mojtaba Khamenei spoke.
Fidan spoke.
[Hakan Fidan|person:hakan-fidan] spoke, then [Fidan|person:hakan-fidan] left.
The [Emir of Qatar|office:emir-of-qatar] came; the [Emir|office:emir-of-qatar] left.
The [Emir of Kuwait|office:emir-of-kuwait] and the [Emir of Qatar|office:emir-of-qatar]; the Emir left.
The [Emir of Qatar|office:emir-of-qatar] met the Emir of Ruritania.
The [Russian President|office:president-of-russia] spoke; then the [president|office:president-of-russia] left.
The [Russian President|office:president-of-russia] met President Ruritan; then the president left.
A former [Qatari|state:qat] Prime Minister and a deputy [Iranian|state:irn] foreign minister came.
The vice president of [Iran|state:irn] came.
Korea was divided.
[North Korea|state:prk] fired, and [Korea|state:prk] rejoiced.
[North Korea|state:prk], [South Korea|state:kor] and one Korea.
Congo burned.
[President of Georgia|office:president-of-georgia] Mikheil Ruritan spoke.
The [President of France|office:president-of-france] Nicolas Exemplar spoke.
Hunter Biden spoke; President [Biden|person:joe-biden] did not.
In [Biden|person:joe-biden]'s view, President [Biden|person:joe-biden] won.
Then [Israel|state:isr]'s [Netanyahu|person:benjamin-netanyahu] left.
Sara Netanyahu left.
The Bank of America is no bank of [America|state:usa].
The Central Bank of [Peru|state:per] met.
[Xi Jinping|person:xi-jinping] spoke of Xi Zhongxun; [Xi|person:xi-jinping] said no more.
They live in Western Australia, not in [Australia|state:aus].
Real Madrid and Air France are not [France|state:fra].
"""


def _texts() -> list[str]:
    rows = re.split(r"\n(?!Korea\|)", TEXTS.strip())
    return [row for row in rows if row]


def _unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Take the marks out; return the text and ``(start, end, actor)`` of each."""
    text, spans, done = "", [], 0
    for mark in re.finditer(r"\[([^|\]]+)\|([^\]]+)\]", marked):
        text += marked[done : mark.start()]
        spans.append((len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        done = mark.end()
    return text + marked[done:], spans


@pytest.mark.parametrize("marked", _texts())
def test_mentions_in_text(index: ActorIndex, marked: str) -> None:
    text, wanted = _unmark(marked)
    known = {actor for _, _, actor in wanted} | {"org:qatar-airways"}
    found = find_mentions("", text, index, None)
    # Places, airlines and the like are actors too; these cases are about states and people.
    spans = [
        (m.start, m.end, m.actor)
        for m in found
        if not m.actor.startswith(("place:", "org:qatar-airways", "org:turkish-airlines"))
    ]
    assert spans == wanted, [text[m.start : m.end] for m in found if m.actor not in known]


def test_title_and_text_are_told_apart(index: ActorIndex) -> None:
    found = find_mentions("Qatar Hosts Hamas", "Doha did.", index, date(2024, 1, 1))
    assert [(m.field, m.start, m.end, m.actor) for m in found] == [
        ("title", 0, 5, "state:qat"),
        ("title", 12, 17, "group:hamas"),
        ("text", 0, 4, "state:qat"),
    ]


def test_a_headline_set_in_capitals_of_every_word(index: ActorIndex) -> None:
    found = find_mentions("Jordan Signs Deal With Israel", "", index, None)
    assert [m.actor for m in found] == ["state:jor", "state:isr"]


def test_a_headline_all_in_capitals(index: ActorIndex) -> None:
    found = find_mentions("JORDAN SIGNS DEAL WITH ISRAEL", "", index, None)
    assert [m.actor for m in found] == ["state:jor", "state:isr"]


def test_a_surname_in_the_title_is_whom_the_text_introduces(index: ActorIndex) -> None:
    found = find_mentions("Fidan in Doha", "Hakan Fidan came.", index, None)
    assert [(m.field, m.actor) for m in found] == [
        ("title", "person:hakan-fidan"),
        ("title", "state:qat"),
        ("text", "person:hakan-fidan"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A judge in Atlanta, Georgia, ruled.", []),
        ("Georgia and Florida voted.", ["place:florida"]),
        ("Georgia's parliament in Tbilisi voted.", ["state:geo", "state:geo"]),
        ("Georgia voted.", ["state:geo"]),
    ],
)
def test_georgia(index: ActorIndex, text: str, found: list[str]) -> None:
    assert [m.actor for m in find_mentions("", text, index, None)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kata'ib Hezbollah fired.", ["group:kataib-hezbollah"]),
        ("Kata’ib Hezbollah fired.", ["group:kataib-hezbollah"]),
        ("Hezbollah fired.", ["group:hezbollah"]),
        ("Xi met Putin.", ["person:xi-jinping", "person:vladimir-putin"]),
        ("Xi'an flooded, Xi’an’s mayor said.", []),
        ("Xi's aides said Xi'd go.", ["person:xi-jinping", "person:xi-jinping"]),
        ("The WHO warned; who listened?", ["org:who"]),
        ("Donald Trump Jr. spoke, and Trump, Jr. left.", []),
        ("Joe Biden Sr. sold cars.", []),
        ("Ferdinand Marcos Jr. spoke.", ["person:bongbong-marcos"]),
        ("Ferdinand Marcos Jr. spoke. Marcos Jr. left.", ["person:bongbong-marcos"] * 2),
        ("Ferdinand Marcos Sr. spoke.", []),
        ("Joseph R. Biden Jr. spoke. Biden, Jr. left.", ["person:joe-biden"] * 2),
        ("Donald J. Trump Jr. spoke.", []),
        ("England and Scotland voted.", ["place:england", "place:scotland"]),
    ],
)
def test_names_within_names_and_words(index: ActorIndex, text: str, found: list[str]) -> None:
    assert [m.actor for m in find_mentions("", text, index, None)] == found


def test_a_son_of_the_same_name_does_not_take_the_surname(index: ActorIndex) -> None:
    text = "Trump slept. Donald Trump Jr. rose. Trump Jr. ate, and Trump slept on."
    assert [m.start for m in find_mentions("", text, index, None)] == [0, text.rindex("Trump")]


def test_kinds_and_aliases(index: ActorIndex) -> None:
    text = "Iranian officials, Doha, the IAEA and Massoud Pezeshkian; Pezeshkian smiled."
    found = find_mentions("", text, index, None)
    assert [m.kind for m in found] == [
        AliasKind.DEMONYM,
        AliasKind.CAPITAL,
        AliasKind.ACRONYM,
        AliasKind.TRANSLITERATION,
        AliasKind.SURNAME,
    ]
    assert found[3].alias == "Massoud Pezeshkian"


def test_the_seed_sentence(index: ActorIndex) -> None:
    text = (
        "Iranian President Massoud Pezeshkian met Qatari Prime Minister and Foreign Minister "
        "Sheikh Mohammed bin Abdulrahman Al Thani; Al Thani answered."
    )
    found = find_mentions("", text, index, None)
    people = [(text[m.start : m.end], m.actor) for m in found if m.actor.startswith("person:")]
    assert people[0] == ("Massoud Pezeshkian", "person:masoud-pezeshkian")
    assert people[1][0].endswith("Mohammed bin Abdulrahman Al Thani")
    assert {actor for _, actor in people[1:]} == {"person:mohammed-bin-abdulrahman-al-thani"}


def test_namesakes_are_told_apart_by_the_date() -> None:
    from bot.models import Tenure

    def person(number: int) -> Actor:
        surname = Alias(text="Bush", kind=AliasKind.SURNAME)
        return Actor(
            id=f"person:{number}",
            type=ActorType.PERSON,
            name=f"George {'HW'[number]} Bush",
            source="test",
            aliases=(surname,),
        )

    office = Actor(id="office:p", type=ActorType.OFFICE, name="President of X", source="test")
    tenures = [
        Tenure(office="office:p", person="person:0", since=date(1989, 1, 20),
               until=date(1993, 1, 20), source="t"),
        Tenure(office="office:p", person="person:1", since=date(2001, 1, 20),
               until=date(2009, 1, 20), source="t"),
    ]  # fmt: skip
    index = ActorIndex([person(0), person(1), office], tenures)
    for day, wanted in (
        (date(1990, 1, 1), ["person:0"]),
        (date(2005, 1, 1), ["person:1"]),
        (date(1999, 1, 1), []),
        (None, []),
    ):
        assert [m.actor for m in find_mentions("", "Then Bush spoke.", index, day)] == wanted


def test_text_without_actors(index: ActorIndex) -> None:
    for text in ("", " ", "nothing here", "A B C D", "…", "\n\n\n", "x" * 5000):
        assert find_mentions(text, text, index, None) == []


def test_spans_are_in_order_and_apart(index: ActorIndex) -> None:
    text = "Qatar, Iran, Hamas and the Emir of Qatar in Doha. " * 50
    found = find_mentions("", text, index, None)
    assert len(found) == 250
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert {text[m.start : m.end] for m in found} == {
        "Qatar",
        "Iran",
        "Hamas",
        "Emir of Qatar",
        "Doha",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wales met.", ["place:wales"]),
        ("The Prince of Wales met.", []),
        ("New South Wales met.", ["place:new-south-wales"]),
        ("Wilma Wales met.", []),
    ],
)
def test_wales_is_a_place(index: ActorIndex, text: str, found: list[str]) -> None:
    assert [m.actor for m in find_mentions("", text, index)] == found
