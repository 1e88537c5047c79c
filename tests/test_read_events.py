"""Short items of one day: those on different events stay apart, those on the same join.

The sentences are invented. The first forty pairs were written before the rule, the others after.
"""

from __future__ import annotations

from datetime import date
from itertools import chain

import pytest

from bot.models import EVERYWHERE
from bot.read.stories import Dated, Shelf, place, retells
from bot.read.terms import terms_of

DAY = date(2026, 11, 30)

DIFFERENT = [
    (
        "Rebels seized the copper mine at Kolwezi on 30 November 2026.",
        "Customs officers in Rotterdam found cocaine in banana crates on 30 November 2026.",
    ),
    (
        "On Monday, 30 November 2026, a tram derailed in Zagreb.",
        "On Monday, 30 November 2026, the central bank of Chile cut its rate.",
    ),
    (
        "A wildfire reached the suburbs of Perth on Monday, 30 November 2026, officials said.",
        "A teachers' union in Lyon called off its strike on Monday, 30 November 2026, officials said.",
    ),
    (
        "NAIROBI, Nov 30 (Reuters) - Kenya raised the tax on fuel on Monday, the treasury said in a statement.",
        "NAIROBI, Nov 30 (Reuters) - Kenya deported four smugglers on Monday, the interior ministry said in a statement.",
    ),
    (
        "On 30 November 2026, police in Nairobi, Kenya, arrested two men over a bank robbery.",
        "On 30 November 2026, police in Nairobi, Kenya, said two men drowned in a flooded quarry.",
    ),
    (
        "Talks on a pipeline opened in Ankara, Turkey, on 30 November 2026.",
        "A bridge collapsed in Ankara, Turkey, on 30 November 2026.",
    ),
    (
        "The Associated Press reported on 30 November 2026 that Peru had suspended its ambassador.",
        "The Associated Press reported on 30 November 2026 that Norway had banned deep-sea mining.",
    ),
    (
        "LAGOS, Nov. 30 (AP) — Gunmen abducted a priest in Kaduna, Nigeria, authorities said Monday.",
        "LAGOS, Nov. 30 (AP) — Nigeria opened a refinery near Lagos, authorities said Monday.",
    ),
    (
        "A court in Madrid jailed a former mayor for fraud on 30 November 2026.",
        "A court in Madrid acquitted a surgeon of manslaughter on 30 November 2026.",
    ),
    (
        "Three people were killed in a landslide in Cauca, Colombia, on 30 November 2026.",
        "Three people were killed in a helicopter crash near Leticia, Colombia, on 30 November 2026.",
    ),
    (
        "At least five people were killed when a bus overturned in Punjab, Pakistan, on Monday.",
        "At least five people were killed when a gas cylinder exploded in Karachi, Pakistan, on Monday.",
    ),
    (
        "The prime minister of Japan said on 30 November 2026 that the budget would be revised.",
        "The prime minister of Japan said on 30 November 2026 that a whaling treaty would be signed.",
    ),
    (
        "According to a statement released on 30 November 2026, Boeing will close a factory in Wichita.",
        "According to a statement released on 30 November 2026, Nestlé will recall infant formula.",
    ),
    (
        "In Jakarta, Indonesia, on Monday 30 November, students marched against a labour law.",
        "In Jakarta, Indonesia, on Monday 30 November, a court upheld the verdict against a governor.",
    ),
    (
        "France's president met union leaders in Paris on Monday morning, the Elysee Palace said.",
        "France's president awarded a medal to firefighters in Paris on Monday morning, the Elysee Palace said.",
    ),
    (
        "The United Nations said on 30 November 2026 that cholera was spreading in Sudan.",
        "The United Nations said on 30 November 2026 that ivory smuggling was rising in Gabon.",
    ),
    (
        "Ukraine shot down drones over Odesa, the air force said on 30 November 2026.",
        "Ukraine dismissed the head of its railways, the government said on 30 November 2026.",
    ),
    (
        "Russia fined Google over banned videos on Monday, 30 November 2026.",
        "Russia launched a weather satellite from Vostochny on Monday, 30 November 2026.",
    ),
    (
        "BEIJING, Nov. 30 (Xinhua) -- China lowered tariffs on soybeans starting Monday.",
        "BEIJING, Nov. 30 (Xinhua) -- China evacuated villages along the Huai River on Monday.",
    ),
    (
        "Copyright 2026 The Wire. All rights reserved. Thieves stole a Vermeer from a gallery in Delft.",
        "Copyright 2026 The Wire. All rights reserved. Farmers blocked the port of Antwerp with tractors.",
    ),
    (
        "(Reporting by the Cairo bureau; editing by the London desk) Egypt devalued its pound on Monday.",
        "(Reporting by the Cairo bureau; editing by the London desk) Egypt reopened the Rafah crossing on Monday.",
    ),
    (
        "Two soldiers died in an ambush in northern Mali on 30 November 2026.",
        "Two soldiers were promoted to general in Mali on 30 November 2026.",
    ),
    (
        "Israel and Lebanon exchanged fire across the border on 30 November 2026.",
        "Israel and Lebanon settled a dispute over gas royalties on 30 November 2026.",
    ),
    (
        "The United States sanctioned a shipping firm in Dubai, United Arab Emirates, on 30 November 2026.",
        "The United States closed its consulate in Dubai, United Arab Emirates, on 30 November 2026.",
    ),
    (
        "An earthquake of magnitude 6.1 struck off Tonga on 30 November 2026, the USGS said.",
        "An earthquake of magnitude 6.1 struck Oaxaca, Mexico, on 30 November 2026, the USGS said.",
    ),
    (
        "An earthquake shook Gilgit, Pakistan, on Monday morning; no damage was reported.",
        "A vaccination drive began in Gilgit, Pakistan, on Monday morning; no trouble was reported.",
    ),
    (
        "Voters in Ghana elected a parliament on Monday, 30 November 2026.",
        "Voters in Moldova rejected a referendum on Monday, 30 November 2026.",
    ),
    (
        "Officials in Manila, Philippines, said Monday that a typhoon had destroyed rice harvests.",
        "Officials in Manila, Philippines, said Monday that a senator had resigned over a land deal.",
    ),
    (
        "India's Supreme Court struck down an electoral bonds scheme on 30 November 2026.",
        "India's Supreme Court stayed the demolition of a mosque on 30 November 2026.",
    ),
    (
        "The European Commission fined Meta over privacy in Brussels on 30 November 2026.",
        "The European Commission approved aid to cattle farmers in Brussels on 30 November 2026.",
    ),
    (
        "Germany's interior minister announced border checks on Monday, 30 November 2026, in Berlin.",
        "Germany's interior minister announced a ban on a neo-Nazi group on Monday, 30 November 2026, in Berlin.",
    ),
    (
        "A man was charged with arson in Glasgow, Scotland, on 30 November 2026, police said.",
        "A man was charged with espionage in Glasgow, Scotland, on 30 November 2026, police said.",
    ),
    (
        "An explosion at a fireworks plant in Hunan, China, injured 12 on 30 November 2026.",
        "A stampede at a concert in Chengdu, China, injured 12 on 30 November 2026.",
    ),
    (
        "The minister of health of Brazil told reporters on Monday that dengue was receding.",
        "The minister of health of Brazil told reporters on Monday that she would sue a drugmaker.",
    ),
    (
        "This is a developing story. Check back for updates. A dam burst near Derna, Libya.",
        "This is a developing story. Check back for updates. Militias blockaded the airport of Tripoli, Libya.",
    ),
    (
        "South Korea's parliament passed a bill on conscription on 30 November 2026 in Seoul.",
        "South Korea's parliament impeached a judge on 30 November 2026 in Seoul.",
    ),
    (
        "South Africa beat Wales 31-20 in Cardiff on Saturday, 28 November 2026.",
        "South Africa arrested a banker in Cape Town on Saturday, 28 November 2026.",
    ),
    (
        "The foreign minister of Iran arrived in Muscat, Oman, on 30 November 2026 for nuclear talks.",
        "The foreign minister of Oman opened a trade fair in Muscat on 30 November 2026.",
    ),
    (
        "A spokesman for the White House in Washington told reporters on Monday that Ohio would get flood aid.",
        "A spokesman for the White House in Washington told reporters on Monday that a judge had been nominated.",
    ),
    (
        "Shares in Tokyo rose for a third day on Monday, 30 November 2026.",
        "A gas leak in Tokyo forced hundreds to leave on Monday, 30 November 2026.",
    ),
]

DIFFERENT_TOO = [
    (
        "WASHINGTON (AP) — A senator would not say on Tuesday whether she could still back the farm bill.",
        "WASHINGTON (AP) — A judge would not say on Tuesday whether he could still hear the patent case.",
    ),
    (
        "The company told investors last week that its profit had fallen.",
        "The company told investors last week that its founder had died.",
    ),
    (
        "Late on Tuesday night in Lima, Peru, a market burned down.",
        "Late on Tuesday night in Lima, Peru, a curfew was lifted.",
    ),
    (
        "Here is what we know now about the volcano in Iceland.",
        "Here is what we know now about the strike in Belgium.",
    ),
    (
        "Police in Cairo, Egypt, said on 4 May 2026 that they were looking for a missing tourist.",
        "Police in Cairo, Egypt, said on 4 May 2026 that they had seized forged passports.",
    ),
    (
        "A ship ran aground off Denmark early on Tuesday morning, the coast guard said.",
        "A swimmer was rescued off Denmark early on Tuesday morning, the coast guard said.",
    ),
    (
        "The king of Jordan visited Berlin on 4 May 2026 for talks on water.",
        "The king of Jordan pardoned prisoners on 4 May 2026, his court said.",
    ),
    (
        "Floods killed 12 people in Assam, India, on Tuesday.",
        "Lightning killed 12 people in Bihar, India, on Tuesday.",
    ),
    (
        "Subscribe to our newsletter. Sign up here. The mayor of Oslo resigned.",
        "Subscribe to our newsletter. Sign up here. A ski lift in Austria stopped.",
    ),
    (
        "Protesters gathered in Tbilisi, Georgia, on Tuesday over an election.",
        "Protesters gathered in Nairobi, Kenya, on Tuesday over a tax.",
    ),
    (
        "Two planes collided on a runway in Osaka, Japan, on 4 May 2026.",
        "Two companies merged in Osaka, Japan, on 4 May 2026.",
    ),
]

SAME = [
    (
        "Rebels seized the copper mine at Kolwezi on 30 November 2026.",
        "The copper mine at Kolwezi fell to rebels, its owner said.",
    ),
    (
        "A tram derailed in Zagreb on Monday, injuring nine passengers.",
        "Nine passengers were injured when a tram derailed in Zagreb.",
    ),
    (
        "Gunmen abducted a priest from his parish in Kaduna, Nigeria, on Monday.",
        "A priest was abducted by gunmen in Kaduna, the Nigerian police confirmed.",
    ),
    (
        "A court in Madrid jailed the former mayor Pilar Ordaz for fraud.",
        "Pilar Ordaz, a former mayor, was sent to prison for fraud by a court in Madrid.",
    ),
    (
        "A landslide in Cauca, Colombia, buried a school bus and killed three children.",
        "Three children died as a landslide buried their school bus in Cauca.",
    ),
    (
        "The central bank of Chile cut its benchmark rate to 4 percent on Monday.",
        "Chile's central bank lowered the benchmark rate, a cut that markets had expected.",
    ),
    (
        "Boeing will close a factory in Wichita and dismiss 900 workers.",
        "900 workers lose their jobs as Boeing closes its Wichita factory.",
    ),
    (
        "Thieves stole a Vermeer from a gallery in Delft overnight.",
        "A Vermeer was stolen from a gallery in Delft, Dutch police said.",
    ),
    (
        "Farmers blocked the port of Antwerp with tractors on Monday.",
        "Tractors of angry farmers blocked the port of Antwerp.",
    ),
    (
        "A dam burst near Derna, Libya, and flooded two villages.",
        "Two villages near Derna were flooded when a dam burst.",
    ),
    (
        "Ukraine shot down drones over Odesa, the air force said.",
        "Drones were shot down over Odesa overnight, according to Ukraine's air force.",
    ),
    (
        "Peru suspended its ambassador to Bolivia over leaked cables.",
        "Over leaked cables, Peru has suspended the ambassador that it sent to Bolivia.",
    ),
    (
        "Norway banned deep-sea mining in the Arctic.",
        "The Norwegian parliament banned deep-sea mining in Arctic waters.",
    ),
    (
        "A typhoon destroyed rice harvests in Luzon, Philippines.",
        "Rice harvests in Luzon were destroyed by the typhoon, Philippine officials said.",
    ),
    (
        "A stampede at a concert in Chengdu, China, injured 12 fans.",
        "Twelve fans were hurt in a stampede at a concert in Chengdu.",
    ),
    (
        "Russia launched a weather satellite from Vostochny.",
        "A Russian weather satellite was launched from the Vostochny cosmodrome.",
    ),
    (
        "India's Supreme Court struck down an electoral bonds scheme.",
        "The electoral bonds scheme was struck down by the Supreme Court of India.",
    ),
    (
        "The European Commission fined Meta 300 million euros over privacy breaches.",
        "Meta was fined 300 million euros by the European Commission for breaches of privacy.",
    ),
    (
        "South Korea's parliament impeached judge Han Seo-yeon on Monday.",
        "Judge Han Seo-yeon was impeached by lawmakers in South Korea.",
    ),
    (
        "Cholera is spreading in camps around Kassala, Sudan, the United Nations said.",
        "The United Nations warned that cholera was spreading in the camps of Kassala.",
    ),
    (
        "A bridge collapsed in Ankara, and two lorries plunged into the river.",
        "Two lorries plunged into a river when a bridge in Ankara collapsed.",
    ),
    (
        "Germany announced a ban on the neo-Nazi group Nordkreis, whose offices police searched.",
        "Police searched offices of Nordkreis, a neo-Nazi group that Germany banned.",
    ),
    (
        "Kenya's coast guard pulled forty passengers from a ferry that sank off Lamu.",
        "A ferry sank off Lamu, Kenya; forty passengers were rescued by the coast guard.",
    ),
    (
        "The mayor of Oslo resigned over a scandal about taxi vouchers.",
        "Oslo's mayor steps down: taxi vouchers scandal forces her to resign.",
    ),
    (
        "Two planes collided on a runway in Osaka, Japan.",
        "A runway in Osaka was closed after two planes collided.",
    ),
    (
        "Iran met Turkey in Ankara to discuss gas prices, the ministry said.",
        "In Ankara, Iran and Turkey discussed gas prices.",
    ),
    (
        "A ship ran aground off Denmark with 30 containers.",
        "Containers fell off a ship that ran aground near Denmark.",
    ),
    (
        "The king of Jordan pardoned 200 prisoners.",
        "Jordan's king has pardoned 200 prisoners, among them a poet.",
    ),
]


def stories_of(*texts: str) -> list[set[str]]:
    """Place texts of one day, in order; returns those of each story."""
    shelf = Shelf(lambda article, n: f"{article} {n}")
    for number, text in enumerate(texts):
        one = Dated(str(number), EVERYWHERE, DAY, terms_of("", text))
        place(shelf, one, f"story {number}")
    return [{texts[int(one.article)] for one in story.members} for story in shelf.stories.values()]


def test_there_are_as_many_pairs_as_promised() -> None:
    assert len(DIFFERENT) == 40
    assert len(SAME) >= 20


@pytest.mark.parametrize(("one", "other"), [*DIFFERENT, *DIFFERENT_TOO])
def test_items_on_different_events_stay_apart(one: str, other: str) -> None:
    assert len(stories_of(one, other)) == 2
    assert len(stories_of(other, one)) == 2


@pytest.mark.parametrize(("one", "other"), SAME)
def test_items_on_one_event_join(one: str, other: str) -> None:
    assert len(stories_of(one, other)) == 1
    assert len(stories_of(other, one)) == 1


def test_a_day_of_items_makes_no_story_of_different_events() -> None:
    pairs = [*DIFFERENT, *DIFFERENT_TOO]
    assert all(len(story) == 1 for story in stories_of(*chain(*pairs)))


def test_items_find_their_story_on_a_day_full_of_others() -> None:
    others = [*chain(*DIFFERENT_TOO)]
    for one, other in SAME:
        assert any({one, other} <= story for story in stories_of(one, *others, other))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Weather. Divers searched the ferry sunk off Lamu for forty passengers.", True),
        ("A FERRY SINKS OFF LAMU, FORTY PASSENGERS DROWN", True),
        ("Divers searched the ferry. Forty people were on a bus. Lamu is an island.", False),
        ("On Tuesday the ministry in Nairobi, Kenya, said that it would look into fares.", False),
        ("", False),
    ],
)
def test_whether_a_text_says_what_is_quoted(text: str, told: bool) -> None:
    assert retells(text, "On Tuesday a ferry sank off Lamu with forty passengers.") is told


def test_words_of_all_news_say_nothing() -> None:
    assert not retells("He said so on Monday.", "He said so on Monday.")
