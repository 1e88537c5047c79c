"""Treaties and agreements in the news: people discuss, join and leave them; they never act.

The treaties and their other names are entered by hand. The portal's items show that each is in the
news, and until when: one that no item names is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from seeds.build_items import Item
from seeds.build_listed import Listed, Rows, listed_rows, slug, split

TREATIES = (
    "Nuclear Non-Proliferation Treaty=NPT|Treaty on the Non-Proliferation of Nuclear Weapons|"
    "Non-Proliferation Treaty|nuclear Non-Proliferation Treaty; "
    "Joint Comprehensive Plan of Action=JCPOA|Iran nuclear deal|Iran nuclear agreement|"
    "2015 nuclear deal|برجام; Abraham Accords; Paris Agreement=Paris climate agreement|"
    "Paris climate accord|Paris Climate Agreement; Kyoto Protocol; New START=New START treaty; "
    "Intermediate-Range Nuclear Forces Treaty=INF Treaty|INF treaty; START I; "
    "Oslo Accords=Oslo Agreement; Camp David Accords; Minsk agreements=Minsk agreement|"
    "Minsk Protocol|Minsk accords; Comprehensive Nuclear-Test-Ban Treaty=CTBT|"
    "Comprehensive Test Ban Treaty; Treaty on the Prohibition of Nuclear Weapons; "
    "Chemical Weapons Convention; Biological Weapons Convention; "
    "Anti-Ballistic Missile Treaty=ABM Treaty; Treaty on Conventional Armed Forces in Europe; "
    "Open Skies Treaty=Treaty on Open Skies; Ottawa Treaty=Mine Ban Treaty; "
    "Convention on Cluster Munitions; Arms Trade Treaty; "
    "United Nations Convention on the Law of the Sea=UNCLOS; Schengen Agreement; "
    "Treaty of Lisbon=Lisbon Treaty; Rome Statute; Geneva Conventions=Geneva Convention; "
    "Good Friday Agreement=Belfast Agreement; Northern Ireland Protocol; Windsor Framework; "
    "Dayton Agreement=Dayton Accords|Dayton Peace Agreement; Budapest Memorandum; "
    "Black Sea Grain Initiative=Black Sea grain deal; North American Free Trade Agreement=NAFTA; "
    "United States–Mexico–Canada Agreement=USMCA; Trans-Pacific Partnership=TPP; "
    "Regional Comprehensive Economic Partnership=RCEP; Montreal Protocol; Indus Waters Treaty; "
    "Montreux Convention; Simla Agreement; Doha Agreement; Istanbul Convention; "
    "Sykes–Picot Agreement; Prespa agreement=Prespa Agreement; Convention against Torture; "
    "Comprehensive Peace Agreement; Arab Peace Initiative; Outer Space Treaty; Antarctic Treaty; "
    "High Seas Treaty; Joint Declaration on Hong Kong=Sino-British Joint Declaration"
)
"""Name=Other name|Another."""


def treaty_rows(items: Iterable[Item], taken: set[str]) -> tuple[Rows, Rows]:
    """Return the rows of treaties.csv and treaties_names.csv."""
    listed = [
        Listed(f"treaty:{slug(name)}", name, "", "", "treaty or agreement", others)
        for name, others in split(TREATIES)
    ]
    return listed_rows(listed, items, taken)
