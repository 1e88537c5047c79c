"""Political parties and movements, and peoples: ``parties.csv``, ``peoples.csv``, with aliases.

The parties and peoples, their states and their other names are entered by hand below. The portal's
items show that they are in the news, in which spelling and until when. A party or people that no
item names is left out. A people is a group without a state of its own that lives in several; the
words for its members are its aliases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.text.names import normalise
from seeds.build_items import Item, fold_words, seen_with
from seeds.build_listed import Listed, Rows, listed_rows, slug, split

PARTIES = {
    "aut": "Freedom Party of Austria=FPÖ|Austrian Freedom Party; Austrian People's Party=ÖVP; "
    "Social Democratic Party of Austria=SPÖ",
    "aus": "Australian Labor Party=Labor Party of Australia; Liberal Party of Australia",
    "bgd": "Bangladesh Nationalist Party; Awami League",
    "bel": "New Flemish Alliance=N-VA; Vlaams Belang; Vlaams Blok",
    "bgr": "GERB; Ataka",
    "bra": "Workers' Party of Brazil=Brazilian Workers' Party",
    "can": "Liberal Party of Canada; Conservative Party of Canada; Bloc Québécois=Bloc Quebecois; "
    "Parti Québécois=Parti Quebecois",
    "che": "Swiss People's Party",
    "chn": "Chinese Communist Party=Communist Party of China|CCP; "
    "National People's Congress; Falun Gong",
    "cze": "ANO 2011; Civic Democratic Party of the Czech Republic",
    "deu": "Christian Democratic Union of Germany=Christian Democratic Union|CDU; "
    "Social Democratic Party of Germany=SPD; Alternative for Germany=AfD|"
    "Alternative für Deutschland; Christian Social Union in Bavaria=Christian Social Union; "
    "Die Linke",
    "dnk": "Danish People's Party",
    "dza": "Islamic Salvation Front=FIS; Armed Islamic Group of Algeria=Armed Islamic Group|GIA; "
    "National Liberation Front of Algeria",
    "egy": "Muslim Brotherhood=Ikhwan|جماعة الإخوان المسلمين|الإخوان المسلمون; "
    "Kefaya=Kifaya; Al-Gama'a al-Islamiyya=Gamaa Islamiya|al-Gamaa al-Islamiyya; "
    "National Democratic Party of Egypt; Wafd Party; Al-Nour Party=Nour Party",
    "esp": "Spanish Socialist Workers' Party=PSOE; Podemos; Batasuna; "
    "Herri Batasuna; Together for Catalonia=Junts; Republican Left of Catalonia",
    "est": "Estonian Centre Party; Estonian Reform Party",
    "eth": "Oromo Liberation Front; Prosperity Party of Ethiopia",
    "fin": "Finns Party=True Finns",
    "fra": "National Rally=Rassemblement National; National Front of France=French National Front; "
    "French Socialist Party; La France Insoumise=France Unbowed; New Popular Front; "
    "Union for a Popular Movement=UMP",
    "gbr": "UK Independence Party=UKIP; Reform UK; Scottish National Party=SNP; "
    "British Labour Party=UK Labour Party; British Conservative Party=UK Conservative Party|Tories;"
    " Liberal Democrats; Plaid Cymru; Democratic Unionist Party=DUP; "
    "Ulster Unionist Party; Social Democratic and Labour Party=SDLP; British National Party",
    "geo": "Georgian Dream; United National Movement of Georgia",
    "gha": "New Patriotic Party; National Democratic Congress of Ghana",
    "grc": "Syriza=SYRIZA; Golden Dawn; PASOK=Panhellenic Socialist Movement",
    "hrv": "Croatian Democratic Union=HDZ",
    "hti": "Fanmi Lavalas=Lavalas",
    "hun": "Fidesz; Jobbik; Hungarian Socialist Party; Tisza Party",
    "idn": "Golkar; Indonesian Democratic Party of Struggle",
    "ind": "Bharatiya Janata Party=BJP; Indian National Congress; Aam Aadmi Party; "
    "Shiv Sena; Trinamool Congress; Communist Party of India (Maoist)=CPI (Maoist); "
    "Rashtriya Swayamsevak Sangh=RSS; Khalistan movement",
    "irl": "Fianna Fáil=Fianna Fail; Fine Gael",
    "irq": "Kurdistan Democratic Party=KDP; Islamic Dawa Party=Dawa Party; "
    "Popular Mobilization Forces=Popular Mobilisation Forces|Hashd al-Shaabi|PMF; "
    "Supreme Council for Islamic Revolution in Iraq=SCIRI; Iraqi Accord Front; "
    "Sadrist Movement=Sadrists",
    "isr": "Likud=Likud Party; Yesh Atid; Kadima; Shas; Yisrael Beiteinu; Jewish Home; "
    "Israeli Labor Party; United Torah Judaism; Religious Zionist Party; Otzma Yehudit; "
    "Peace Now; Knesset",
    "ita": "Five Star Movement=M5S; Forza Italia; Lega Nord=Northern League; Brothers of Italy",
    "jam": "Jamaica Labour Party; People's National Party",
    "jpn": "Liberal Democratic Party of Japan=Japanese Liberal Democratic Party; "
    "Democratic Party of Japan; Komeito; Aum Shinrikyo",
    "ken": "Orange Democratic Movement; Kenya African National Union=KANU",
    "khm": "Cambodian People's Party; Cambodia National Rescue Party",
    "kor": "Saenuri Party; People Power Party; Grand National Party; Uri Party",
    "lbn": "Amal Movement; Lebanese Forces; Future Movement; Free Patriotic Movement; "
    "South Lebanon Army; Progressive Socialist Party of Lebanon; Kataeb Party=Phalange",
    "ltu": "Homeland Union=Lithuanian Conservatives",
    "mar": "Justice and Development Party of Morocco",
    "mex": "Institutional Revolutionary Party=PRI; National Action Party of Mexico; "
    "Zapatista Army of National Liberation=Zapatistas|EZLN",
    "mmr": "National League for Democracy; Union Solidarity and Development Party; "
    "Arakan Army; Kachin Independence Army; Shan State Army; Karen National Liberation Army; "
    "Three Brotherhood Alliance",
    "moz": "Frelimo=FRELIMO; RENAMO=Renamo|Mozambican National Resistance",
    "mys": "UMNO=United Malays National Organisation; Barisan Nasional; Pakatan Harapan",
    "nga": "People's Democratic Party of Nigeria; All Progressives Congress; "
    "Movement for the Emancipation of the Niger Delta=MEND; Indigenous People of Biafra=IPOB",
    "nic": "Sandinista National Liberation Front=Sandinistas|FSLN|Sandinista; Contras",
    "nld": "Party for Freedom; People's Party for Freedom and Democracy",
    "npl": "Communist Party of Nepal; Nepali Congress",
    "nzl": "New Zealand National Party; New Zealand Labour Party",
    "pak": "Pakistan Muslim League (N)=PML-N; Pakistan People's Party=Pakistan Peoples Party; "
    "Pakistan Tehreek-e-Insaf=PTI|Tehreek-e-Insaf; Muttahida Qaumi Movement; "
    "Tehreek-e-Labbaik Pakistan; Jamaat-e-Islami; Inter-Services Intelligence",
    "per": "Tupac Amaru Revolutionary Movement=MRTA; Popular Force of Peru",
    "phl": "Communist Party of the Philippines; Liberal Party of the Philippines",
    "pol": "Law and Justice; Civic Platform; Solidarity of Poland=Solidarność",
    "rus": "United Russia; Communist Party of the Russian Federation; Yabloko; State Duma",
    "rwa": "Rwandan Patriotic Front=RPF|Rwanda Patriotic Front; Interahamwe",
    "sdn": "Justice and Equality Movement; Sudan Liberation Movement=Sudan Liberation Army|"
    "SLM/A; Janjaweed; National Umma Party=Umma Party; National Congress Party of Sudan; "
    "Sudan People's Liberation Movement=SPLM|Sudan Peoples Liberation Movement; "
    "Sudan People's Liberation Army=SPLA",
    "sle": "Revolutionary United Front",
    "slv": "Farabundo Martí National Liberation Front=FMLN; Nuevas Ideas; "
    "Nationalist Republican Alliance=ARENA",
    "som": "Islamic Courts Union=Islamic Court Union",
    "srb": "Serbian Radical Party; Serbian Progressive Party; Democratic Party of Serbia",
    "swe": "Sweden Democrats; Swedish Social Democratic Party; Moderate Party",
    "syr": "Free Syrian Army=FSA; Syrian National Coalition; Syrian National Council; "
    "Al-Nusra Front=Jabhat al-Nusra|Nusra Front; Syrian National Army; Ahrar al-Sham",
    "tcd": "United Front for Democratic Change",
    "tha": "Pheu Thai Party=Pheu Thai; People's Alliance for Democracy; Move Forward Party; "
    "Thai Rak Thai; United Front for Democracy Against Dictatorship",
    "tls": "Fretilin=FRETILIN",
    "tun": "Ennahda Movement=Ennahda|Ennahda Party; Nidaa Tounes",
    "tur": "Justice and Development Party of Turkey=AK Party|AKP; "
    "Republican People's Party=CHP; Nationalist Movement Party; "
    "Peoples' Democratic Party=HDP; Kurdistan Freedom Falcons=TAK",
    "twn": "Kuomintang=KMT; Democratic Progressive Party; Pan-Blue Coalition",
    "uga": "National Resistance Movement of Uganda; Forum for Democratic Change",
    "ukr": "Party of Regions; Verkhovna Rada; Azov Brigade=Azov Battalion|Azov Regiment; "
    "Right Sector",
    "usa": "Republican Party=GOP; "
    "Democratic Party of the United States=US Democratic Party; Tea Party movement; "
    "United States Congress=US Congress|U.S. Congress; Ku Klux Klan; Proud Boys",
    "ven": "United Socialist Party of Venezuela; Democratic Unity Roundtable; Tren de Aragua",
    "xkx": "Kosovo Liberation Army=KLA",
    "yem": "Southern Transitional Council=STC; Southern Movement of Yemen; Al-Islah=Islah Party",
    "zaf": "African National Congress=ANC; Inkatha Freedom Party=Inkatha; "
    "Democratic Alliance of South Africa; Economic Freedom Fighters",
    "zwe": "ZANU-PF=Zanu-PF|ZANU–PF; Movement for Democratic Change",
}
"""By state: names, and after = other names. Names that parties of several states share, such as
*Labour Party* and *Green Party*, are given with their state or not at all."""

PEOPLES = {
    "Kurds": ("", "Kurdish|Kurd"), "Tamils": ("", "Tamil"), "Uyghurs": ("chn", "Uyghur|Uighur|"
    "Uighurs"), "Rohingya": ("mmr", "Rohingyas"), "Hutus": ("", "Hutu"), "Tutsis": ("", "Tutsi"),
    "Hazaras": ("afg", "Hazara"), "Pashtuns": ("", "Pashtun"), "Yazidis": ("irq", "Yazidi"),
    "Druze": ("", ""), "Maronites": ("lbn", "Maronite"), "Alawites": ("syr", "Alawite"),
    "Tuaregs": ("", "Tuareg"), "Igbo": ("nga", "Igbos|Ibo|Ibos"), "Yoruba": ("nga", "Yorubas"),
    "Hausa": ("nga", "Hausas"), "Zulus": ("zaf", "Zulu"), "Shona": ("zwe", "Shonas"),
    "Oromo": ("eth", "Oromos"), "Tigrayans": ("eth", "Tigrayan"), "Fulani": ("", "Fulanis"),
    "Copts": ("egy", "Coptic Christians|Coptic|Copt"), "Bosniaks": ("bih", "Bosniak|"
    "Bosnian Muslims|Bosnian Muslim"), "Bosnian Croats": ("bih", "Bosnian Croat"),
    "Croatian Serbs": ("hrv", "Croatian Serb|Krajina Serbs"),
    "Kosovar Albanians": ("xkx", "Kosovo Albanians|Kosovar Albanian|Kosovo Albanian"),
    "Kosovo Serbs": ("xkx", "Kosovo Serb"), "Sinhalese": ("lka", ""),
    "Iraqi Kurds": ("irq", "Iraqi Kurdish|Iraqi Kurd"),
    "Turkish Kurds": ("tur", "Turkish Kurdish|Turkish Kurd"),
    "Syrian Kurds": ("syr", "Syrian Kurdish|Syrian Kurd"),
    "Iranian Kurds": ("irn", "Iranian Kurdish|Iranian Kurd"),
    "Madhesis": ("npl", "Madhesi"), "Mapuche": ("chl", ""), "Acholi": ("uga", ""),
    "Baloch": ("pak", "Baluchis|Balochis"), "Crimean Tatars": ("ukr", "Crimean Tatar"),
    "Basques": ("esp", "Basque"), "Sikhs": ("ind", "Sikh"), "Moros": ("phl", "Moro"),
    "Israeli Arabs": ("isr", "Arab Israelis|Israeli Arab"),
}  # fmt: skip
"""Name: the state, if they live in one, and other names. The state of the others is the one that
most items name with them, if any is."""

MOSTLY = 0.6
"""The share of the items naming a people and any state that must name the same state."""

DWELLERS = {
    "place:chechnya": "Chechen|Chechens", "place:tibet": "Tibetan|Tibetans",
    "place:scotland": "Scottish|Scots", "place:catalonia": "Catalan|Catalans",
    "place:sicily": "Sicilian|Sicilians", "place:dagestan": "Dagestani|Dagestanis",
    "place:abkhazia": "Abkhaz|Abkhazian|Abkhazians", "place:south-ossetia": "South Ossetian|"
    "South Ossetians|Ossetian|Ossetians", "place:crimea": "Crimean|Crimeans",
    "place:darfur": "Darfuri|Darfuris", "place:aceh": "Acehnese", "place:quebec": "Québécois|"
    "Quebecois|Quebecer|Quebecers", "place:zanzibar": "Zanzibari|Zanzibaris",
    "place:somaliland": "Somalilander|Somalilanders", "place:sardinia": "Sardinian|Sardinians",
    "place:corsica": "Corsican|Corsicans", "place:england": "Englishman|Englishmen",
    "place:hawaii": "Hawaiian|Hawaiians", "place:texas": "Texan|Texans",
    "place:california": "Californian|Californians", "place:transnistria": "Transnistrian|"
    "Transnistrians", "place:ingushetia": "Ingush", "place:bavaria": "Bavarian|Bavarians",
    "place:sindh": "Sindhi|Sindhis", "place:siberia": "Siberian|Siberians",
    "place:tasmania": "Tasmanian|Tasmanians", "place:alaska": "Alaskan|Alaskans",
}  # fmt: skip
"""Words for the people of a place, if that place is in places.csv."""


def party_rows(
    items: Iterable[Item], names: Mapping[str, str], taken: set[str]
) -> tuple[Rows, Rows]:
    """Return the rows of parties.csv and parties_names.csv; ``names`` are the states' by code."""
    listed = [
        Listed(f"org:{slug(name)}", name, iso3, "", f"party or movement in {names[iso3]}", others)
        for iso3, text in sorted(PARTIES.items())
        for name, others in split(text)
    ]
    return listed_rows(listed, items, taken)


def people_rows(
    items: list[Item], names: Mapping[str, str], owners: Mapping[str, str], taken: set[str]
) -> tuple[Rows, Rows]:
    """Return the rows of peoples.csv and peoples_names.csv; ``owners`` are names and demonyms of
    states with their codes."""
    spelt = {
        fold_words(text): name
        for name, (_, others) in PEOPLES.items()
        for text in (name, *filter(None, others.split("|")))
    }
    near = seen_with(spelt, items, owners)
    listed = []
    for name, (one, others) in sorted(PEOPLES.items()):
        iso3 = one or _mostly(near.get(name, {}))
        said = f"people in {names[iso3]}" if iso3 else "people"
        listed.append(Listed(f"group:{slug(name)}", name, iso3, "", said, others, "demonym"))
    return listed_rows(listed, items, taken)


def _mostly(near: Mapping[str, list[Item]]) -> str:
    every = {item.id for items in near.values() for item in items}
    iso3 = max(near, key=lambda code: (len(near[code]), code), default="")
    return iso3 if iso3 and len(near[iso3]) >= MOSTLY * len(every) else ""


def dweller_rows(places: Iterable[str], taken: set[str]) -> Rows:
    """Return the rows of places_names.csv for the ids among ``places``."""
    here = set(places)
    return [
        (key, text, "demonym", "en", "hand")
        for key, texts in sorted(DWELLERS.items())
        if key in here
        for text in texts.split("|")
        if normalise(text) not in taken
    ]
