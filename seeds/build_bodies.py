"""Bodies of states, international bodies, companies and persons in the news without an office.

The entries below are written by hand. Whether each is in the news, and until when, comes from the
portal's items: an entry that none of them names is left out. Phoenix (MIT) has most of them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seeds.build_items import Item
from seeds.build_listed import Listed, Rows, listed_rows, slug, split

BODIES = {
    "usa": "CIA=Central Intelligence Agency|C.I.A.; FBI=Federal Bureau of Investigation|F.B.I.; "
    "National Security Agency=NSA; Federal Reserve; United States Senate=US Senate|U.S. Senate; "
    "United States House of Representatives=US House of Representatives|"
    "U.S. House of Representatives; Department of Homeland Security=DHS; "
    "United States Department of Justice=US Justice Department|Justice Department; "
    "United States Department of the Treasury=US Treasury Department|US Treasury|U.S. Treasury; "
    "United States Navy=US Navy|U.S. Navy; United States Army=US Army|U.S. Army; "
    "United States Air Force=US Air Force|U.S. Air Force; US Coast Guard=U.S. Coast Guard; "
    "Immigration and Customs Enforcement; USAID; "
    "Supreme Court of the United States=United States Supreme Court|US Supreme Court|"
    "U.S. Supreme Court; United States Marine Corps=US Marine Corps|U.S. Marine Corps; "
    "United States Secret Service=US Secret Service|U.S. Secret Service; "
    "US Customs and Border Protection=U.S. Customs and Border Protection; "
    "Drug Enforcement Administration=DEA; Federal Aviation Administration=FAA; "
    "Food and Drug Administration=FDA|US Food and Drug Administration; "
    "Centers for Disease Control and Prevention=CDC|US Centers for Disease Control and Prevention; "
    "NASA=National Aeronautics and Space Administration; "
    "Environmental Protection Agency=EPA|US Environmental Protection Agency|"
    "United States Environmental Protection Agency; "
    "Securities and Exchange Commission=US Securities and Exchange Commission; "
    "Federal Trade Commission=FTC; Federal Communications Commission=FCC; "
    "National Transportation Safety Board=NTSB; Internal Revenue Service=IRS; "
    "US Joint Chiefs of Staff=U.S. Joint Chiefs of Staff; "
    "United States Central Command=US Central Command|CENTCOM; "
    "United States Geological Survey=US Geological Survey|USGS; "
    "United States Department of Defense=US Department of Defense; "
    "Nuclear Regulatory Commission",
    "gbr": "MI5; MI6=Secret Intelligence Service; House of Commons; House of Lords; "
    "Royal Navy; Royal Air Force; Scotland Yard=Metropolitan Police; Bank of England; "
    "British Army; Crown Prosecution Service; GCHQ; National Crime Agency; "
    "Supreme Court of the United Kingdom=UK Supreme Court; "
    "Parliament of the United Kingdom=UK Parliament|British Parliament",
    "rus": "FSB=Federal Security Service; GRU; KGB; Russian Ministry of Defence="
    "Russian Defence Ministry|Russian Defense Ministry|Минобороны России; Federation Council; "
    "Roscosmos; Russian Armed Forces=Armed Forces of Russia; Russian Navy; "
    "Russian Air Force; Roskomnadzor; Rosgvardia=National Guard of Russia; Black Sea Fleet; "
    "Central Bank of Russia=Bank of Russia; Supreme Court of Russia; Gazprom=Газпром; Rosneft; "
    "Rosatom; Russian Foreign Ministry=МИД России",
    "ukr": "Security Service of Ukraine=SBU; Naftogaz; Ukrainian Air Force; "
    "Armed Forces of Ukraine=Ukrainian Armed Forces; Energoatom; Ukrainian Navy; "
    "National Anti-Corruption Bureau of Ukraine=NABU",
    "isr": "Shin Bet=Shabak|Israel Security Agency|שב״כ; Israeli Navy; COGAT; "
    "Israeli Air Force; Supreme Court of Israel=Israeli Supreme Court; Bank of Israel",
    "irn": "Basij; Guardian Council; Assembly of Experts; Iranian Foreign Ministry; "
    "Atomic Energy Organization of Iran; Islamic Consultative Assembly=Majlis|Iranian Parliament",
    "chn": "People's Liberation Army=PLA; Politburo of the Chinese Communist Party; Huawei; "
    "State Council of China; Chinese Foreign Ministry; China Coast Guard; "
    "People's Bank of China; Supreme People's Court; China National Space Administration",
    "deu": "Bundestag; Bundeswehr; Bundesrat of Germany; Bundesbank; "
    "Federal Constitutional Court of Germany=Federal Constitutional Court",
    "fra": "National Assembly of France=French National Assembly; French Senate; "
    "Constitutional Council of France; French Navy; Bank of France",
    "aus": "Reserve Bank of Australia; Australian Federal Police; Australian Defence Force; "
    "High Court of Australia; Parliament of Australia=Australian Parliament",
    "can": "Royal Canadian Mounted Police=RCMP; Bank of Canada; Supreme Court of Canada; "
    "Parliament of Canada=Canadian Parliament",
    "ita": "Italian Senate; Italian Parliament", "esp": "Congress of Deputies; "
    "Constitutional Court of Spain; Civil Guard of Spain; Supreme Court of Spain",
    "grc": "Hellenic Parliament=Greek Parliament; Hellenic Coast Guard",
    "mex": "National Guard of Mexico=Mexican National Guard; Mexican Navy; Pemex",
    "phl": "Philippine Coast Guard; Philippine National Police; Philippine Navy; "
    "Armed Forces of the Philippines; Philippine Senate",
    "nga": "Nigerian Army; Nigerian Air Force", "zaf": "Constitutional Court of South Africa; "
    "National Assembly of South Africa", "col": "National Army of Colombia; Ecopetrol",
    "arg": "Central Bank of Argentina", "geo": "Parliament of Georgia=Georgian Parliament",
    "hun": "National Assembly of Hungary=Hungarian Parliament",
    "srb": "National Assembly of Serbia=Serbian Parliament",
    "nld": "Dutch Parliament; Supreme Court of the Netherlands", "swe": "Riksdag",
    "dnk": "Folketing", "nor": "Storting", "fin": "Eduskunta",
    "lka": "Central Bank of Sri Lanka; Sri Lanka Army; Sri Lanka Navy",
    "bgd": "Bangladesh Army; Rapid Action Battalion", "tha": "Royal Thai Army; "
    "Constitutional Court of Thailand; Royal Thai Police", "sgp": "Monetary Authority of Singapore",
    "pol": "Sejm", "ind": "Lok Sabha; Rajya Sabha; Indian Army; Indian Navy; Indian Air Force; "
    "Supreme Court of India=Indian Supreme Court; Reserve Bank of India; "
    "Central Bureau of Investigation; Election Commission of India; "
    "Indian Space Research Organisation=ISRO",
    "pak": "Pakistan Army; Pakistan Air Force; Supreme Court of Pakistan; "
    "Inter-Services Intelligence; National Assembly of Pakistan", "sau": "Saudi Aramco=Aramco; "
    "Saudi Press Agency", "egy": "Supreme Council of the Armed Forces",
    "tur": "National Intelligence Organization of Turkey; Grand National Assembly of Turkey; "
    "Turkish Armed Forces; "
    "Central Bank of Turkey=Central Bank of the Republic of Turkey; Turkish Air Force",
    "irq": "Iraqi Army; Iraqi Parliament=Council of Representatives of Iraq",
    "lbn": "Lebanese Army=Lebanese Armed Forces", "syr": "Syrian Army=Syrian Arab Army",
    "sdn": "Sudanese Armed Forces", "mmr": "Tatmadaw",
    "jpn": "National Diet; Japan Self-Defense Forces; Bank of Japan; Japan Coast Guard; "
    "Supreme Court of Japan; Japan Meteorological Agency", "ven": "PDVSA; "
    "Supreme Tribunal of Justice; National Assembly of Venezuela", "bra": "Petrobras; "
    "Supreme Federal Court=Supreme Federal Court of Brazil; National Congress of Brazil; "
    "Federal Police of Brazil=Brazilian Federal Police; Superior Electoral Court",
    "kor": "National Assembly of South Korea; Constitutional Court of Korea="
    "Constitutional Court of South Korea; Bank of Korea; Joint Chiefs of Staff of South Korea; "
    "Supreme Court of South Korea", "lby": "Libyan National Army=LNA; "
    "National Transitional Council; Government of National Accord",
    "yem": "Presidential Leadership Council", "afg": "Afghan National Army; Loya Jirga",
    "prk": "Korean Central News Agency=KCNA",
}  # fmt: skip
"""Bodies and state companies that act for a state, by its code."""

INTERNATIONAL = (
    "International Monetary Fund=IMF|صندوق النقد الدولي|МВФ; World Bank=البنك الدولي; "
    "World Trade Organization=WTO|World Trade Organisation; UNESCO; UNICEF=UNICEF; "
    "UNHCR=United Nations High Commissioner for Refugees|UN refugee agency; "
    "World Food Programme=WFP|World Food Program|UN World Food Programme; "
    "Food and Agriculture Organization=FAO; International Labour Organization=ILO; "
    "UN Human Rights Council=United Nations Human Rights Council; "
    "UN Human Rights Office=OHCHR; UNIFIL=United Nations Interim Force in Lebanon; "
    "United Nations Development Programme=UNDP; "
    "United Nations Office on Drugs and Crime=UNODC; "
    "United Nations Environment Programme=UNEP; World Meteorological Organization=WMO; "
    "International Maritime Organization; International Civil Aviation Organization=ICAO; "
    "International Organization for Migration; Special Tribunal for Lebanon; "
    "International Federation of Red Cross and Red Crescent Societies=IFRC; "
    "Inter-American Court of Human Rights; European Investment Bank; European Medicines Agency; "
    "European Space Agency; Court of Arbitration for Sport; MONUSCO; MINUSMA; UNAMID; "
    "European Parliament; European Central Bank=ECB; "
    "European Court of Human Rights; European Court of Justice; Council of Europe; "
    "Europol; Frontex; Interpol; Eurogroup; "
    "Organization for Security and Co-operation in Europe=OSCE|"
    "Organization for Security and Cooperation in Europe; "
    "Organisation for the Prohibition of Chemical Weapons=OPCW|"
    "Organization for the Prohibition of Chemical Weapons; ECOWAS="
    "Economic Community of West African States; Organization of American States=OAS; "
    "Southern African Development Community=SADC; East African Community; "
    "Intergovernmental Authority on Development=IGAD; Pacific Islands Forum; CARICOM="
    "Caribbean Community; Commonwealth of Nations; Commonwealth of Independent States=CIS; "
    "International Energy Agency; Asia-Pacific Economic Cooperation=APEC; "
    "Asian Development Bank; African Development Bank; Financial Action Task Force=FATF; "
    "World Economic Forum; Intergovernmental Panel on Climate Change=IPCC; "
    "International Criminal Tribunal for the former Yugoslavia=ICTY; "
    "International Olympic Committee=IOC; FIFA; UEFA; World Anti-Doping Agency; "
    "Amnesty International; Human Rights Watch=HRW; Médecins Sans Frontières=MSF|"
    "Medecins Sans Frontieres|Doctors Without Borders; Greenpeace; Oxfam; "
    "Save the Children; Reporters Without Borders; Committee to Protect Journalists; "
    "Transparency International; Red Crescent; World Central Kitchen; "
    "Syrian Observatory for Human Rights; Gaza Humanitarian Foundation; WikiLeaks; "
    "Middle East Quartet=Quartet on the Middle East; Permanent Court of Arbitration"
)
"""Bodies that act for no state."""

COMPANIES = {
    "usa": "Boeing; Google; Microsoft; Meta Platforms; Lockheed Martin; ExxonMobil=Exxon Mobil; "
    "SpaceX; Pfizer; OpenAI; Nvidia; Blackwater; Twitter; Walt Disney Company; Goldman Sachs; "
    "JPMorgan Chase; General Motors; Moderna; Chevron Corporation; Raytheon; Northrop Grumman; "
    "Walmart; Netflix; IBM; Citigroup; Halliburton; Johnson & Johnson",
    "fra": "TotalEnergies; Airbus",
    "nld": "Royal Dutch Shell; ASML", "gbr": "AstraZeneca", "chn": "TikTok; Alibaba; ZTE",
    "deu": "Volkswagen; Rheinmetall; Lufthansa", "rus": "Aeroflot", "kor": "Samsung; Hyundai",
}  # fmt: skip
"""Private companies, by the state of their seat."""

PERSONS = {
    "group:al-qaeda": (
        "", "Osama bin Laden=Usama bin Laden|Osama bin Ladin|أسامة بن لادن; "
        "Ayman al-Zawahiri=Ayman al-Zawahri|أيمن الظواهري; Saif al-Adel",
    ),
    "group:al-qaeda-in-iraq": ("irq", "Abu Musab al-Zarqawi; Abu Ayyub al-Masri"),
    "group:aqap": ("yem", "Anwar al-Awlaki; Nasir al-Wuhayshi"),
    "group:islamic-state": ("", "Abu Bakr al-Baghdadi; Abu Mohammad al-Adnani"),
    "group:hamas": (
        "pse", "Khaled Meshaal=Khaled Mashal|Khalid Mishal|Khaled Mashaal|خالد مشعل; Ahmed Yassin="
        "Sheikh Ahmed Yassin; Abdel Aziz al-Rantisi="
        "Abdel Aziz Rantisi; Saleh al-Arouri; Mousa Abu Marzook; Mahmoud al-Zahar; "
        "Mohammed Sinwar; Marwan Issa; Osama Hamdan",
    ),
    "group:palestinian-islamic-jihad": ("pse", "Ziyad al-Nakhalah; Ramadan Shalah"),
    "group:fatah": ("pse", "Marwan Barghouti"),
    "group:hezbollah": ("lbn", "Imad Mughniyeh=Imad Mugniyah; Hashem Safieddine; Fuad Shukr"),
    "org:quds-force": ("irn", "Qasem Soleimani=Qassem Soleimani|Ghasem Soleimani; Esmail Qaani"),
    "group:lords-resistance-army": ("uga", "Joseph Kony; Dominic Ongwen; Vincent Otti"),
    "group:tamil-tigers": ("lka", "Velupillai Prabhakaran"),
    "group:pkk": ("tur", "Abdullah Öcalan=Abdullah Ocalan"),
    "group:sdf": ("syr", "Mazloum Abdi"),
    "group:taliban": ("afg", "Mullah Omar; Akhtar Mansour; "
                      "Abdul Ghani Baradar; Amir Khan Muttaqi; Zabihullah Mujahid"),
    "group:haqqani-network": ("afg", "Sirajuddin Haqqani; Jalaluddin Haqqani"),
    "group:pakistani-taliban": ("pak", "Baitullah Mehsud; Hakimullah Mehsud; Maulana Fazlullah"),
    "group:lashkar-e-taiba": ("pak", "Hafiz Saeed=Hafiz Muhammad Saeed"),
    "group:jaish-e-mohammed": ("pak", "Masood Azhar"),
    "group:mahdi-army": ("irq", "Muqtada al-Sadr=Moqtada al-Sadr|Moqtada Sadr|مقتدى الصدر"),
    "group:boko-haram": ("nga", "Abubakar Shekau"),
    "group:al-shabaab": ("som", "Ahmed Abdi Godane"),
    "group:wagner-group": ("rus", "Yevgeny Prigozhin=Evgeny Prigozhin|Евгений Пригожин"),
    "group:shining-path": ("per", "Abimael Guzmán=Abimael Guzman"),
    "group:farc": ("col", "Manuel Marulanda; Rodrigo Londoño=Timochenko; Iván Márquez"),
    "group:plo": ("pse", "Yasser Arafat=Yasir Arafat|ياسر عرفات; Saeb Erekat; Hanan Ashrawi"),
    "state:lby": ("lby", "Khalifa Haftar=Khalifa Hifter|خليفة حفتر; Saif al-Islam Gaddafi"),
    "state:irn": ("irn", "Mojtaba Khamenei; Mohammad Bagher Ghalibaf"),
    "state:rus": ("rus", "Ramzan Kadyrov; Aslan Maskhadov; Shamil Basayev"),
    "state:chn": ("chn", "Carrie Lam; John Lee Ka-chiu"),
    "state:isr": ("isr", "Itamar Ben-Gvir=Itamar Ben Gvir; Bezalel Smotrich; Yoav Gallant"),
    "state:usa": ("usa", "Jared Kushner; Robert Mueller; Nancy Pelosi; Mike Johnson; "
                  "Elon Musk; John Bolton; David Petraeus; Paul Bremer; Keith Kellogg"),
}  # fmt: skip
"""Persons who lead or speak for a group or serve a state, by the id of that group or state."""

OPPOSITION = {
    "rus": "Alexei Navalny=Alexey Navalny|Алексей Навальный; Boris Nemtsov; "
    "Mikhail Khodorkovsky; Garry Kasparov",
    "ven": "Juan Guaidó=Juan Guaido; María Corina Machado=Maria Corina Machado; "
    "Leopoldo López=Leopoldo Lopez; Henrique Capriles; Edmundo González",
    "mmr": "Aung San Suu Kyi=Suu Kyi", "chn": "Dalai Lama; Liu Xiaobo; Ai Weiwei; Joshua Wong; "
    "Jimmy Lai", "zwe": "Morgan Tsvangirai; Nelson Chamisa", "ken": "Raila Odinga",
    "uga": "Kizza Besigye; Bobi Wine", "blr": "Sviatlana Tsikhanouskaya=Svetlana Tikhanovskaya",
    "ind": "Rahul Gandhi; Sonia Gandhi; Mamata Banerjee; Arvind Kejriwal",
    "pak": "Bilawal Bhutto Zardari; Abdul Qadeer Khan", "irn": "Mir-Hossein Mousavi="
    "Mir Hossein Mousavi; Mehdi Karroubi; Reza Pahlavi; Maryam Rajavi",
    "khm": "Sam Rainsy", "rwa": "Paul Rusesabagina", "fra": "Marine Le Pen; "
    "Jean-Marie Le Pen; Jean-Luc Mélenchon=Jean-Luc Melenchon; Jordan Bardella",
    "gbr": "Nigel Farage; Jeremy Corbyn; Kemi Badenoch; Nicola Sturgeon; Gerry Adams; Ian Paisley",
    "usa": "Hillary Clinton; Bernie Sanders; John McCain; Mitt Romney; Ron DeSantis",
    "nld": "Geert Wilders", "deu": "Alice Weidel", "tur": "Fethullah Gülen=Fethullah Gulen; "
    "Ekrem İmamoğlu=Ekrem Imamoglu; Kemal Kılıçdaroğlu=Kemal Kilicdaroglu; Selahattin Demirtaş",
    "lbn": "Samir Geagea; Walid Jumblatt; Nabih Berri", "isr": "Benny Gantz; Avigdor Lieberman; "
    "Tzipi Livni", "irq": "Ahmed Chalabi; Ali al-Sistani=Grand Ayatollah Ali al-Sistani",
    "afg": "Abdul Rashid Dostum; Gulbuddin Hekmatyar; Ahmad Massoud; Abdullah Abdullah",
    "sdn": "Hassan al-Turabi; John Garang", "ago": "Jonas Savimbi", "sle": "Foday Sankoh",
    "mex": "Subcomandante Marcos; Joaquín Guzmán=Joaquin Guzman|El Chapo",
    "bih": "Radovan Karadžić=Radovan Karadzic; Ratko Mladić=Ratko Mladic; Milorad Dodik",
    "esp": "Carles Puigdemont; Pablo Iglesias; Santiago Abascal",
    "col": "Íngrid Betancourt=Ingrid Betancourt", "geo": "Bidzina Ivanishvili",
}  # fmt: skip
"""Persons who act for nobody else: opposition, dissidents, candidates; by state."""


def body_rows(
    items: Iterable[Item], names: Mapping[str, str], taken: set[str]
) -> tuple[Rows, Rows]:
    """Return the rows of bodies.csv and bodies_names.csv; ``names`` are the states' by code."""
    listed = [
        Listed(f"org:{slug(name)}", name, iso3, f"state:{iso3}", f"body of {names[iso3]}", others)
        for iso3, text in sorted(BODIES.items())
        for name, others in split(text)
    ]
    listed += [
        Listed(f"org:{slug(name)}", name, "", "", "international body", others)
        for name, others in split(INTERNATIONAL)
    ]
    listed += [
        Listed(f"org:{slug(name)}", name, iso3, "", f"company of {names[iso3]}", others)
        for iso3, text in sorted(COMPANIES.items())
        for name, others in split(text)
    ]
    return listed_rows(listed, items, taken)


def person_rows(
    items: Iterable[Item], names: Mapping[str, str], actors: Mapping[str, str], taken: set[str]
) -> tuple[Rows, Rows]:
    """Return the rows of persons.csv and persons_names.csv; ``actors`` are names by id."""
    listed = [
        Listed(f"person:{slug(name)}", name, iso3, of, f"of {actors[of]}", others)
        for of, (iso3, text) in sorted(PERSONS.items())
        if of in actors
        for name, others in split(text)
    ]
    listed += [
        Listed(f"person:{slug(name)}", name, iso3, "", f"politics of {names[iso3]}", others)
        for iso3, text in sorted(OPPOSITION.items())
        for name, others in split(text)
    ]
    return listed_rows(listed, items, taken)
