"""Read FollowTheMoney entities, one JSON object a line: people, bodies, offices and tenures.

Schemata and properties after https://followthemoney.tech (model, version 3): names are
``name``, ``alias``, ``previousName`` and ``weakAlias``; an ``Occupancy`` says that its
``holder`` has its ``post``. Ids are kept as ``ftm:<id>``. Entities of other schemata
(addresses, sanctions, ownerships, …) are not actors and are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.curation.rows import BadRow, Held, Row, Unfit, checked, day
from bot.models import Actor, ActorType, AliasKind

TYPES = {
    "Person": ActorType.PERSON,
    "Organization": ActorType.ORGANISATION,
    "Company": ActorType.ORGANISATION,
    "LegalEntity": ActorType.ORGANISATION,
    "PublicBody": ActorType.ORGANISATION,
    "Country": ActorType.STATE,
    "Position": ActorType.OFFICE,
}
"""The type of actor for each schema. ``Country`` is not part of FollowTheMoney, but used by lists
made from it."""

_OF_THE_STATE = {"PublicBody", "Position"}
"""Schemata whose entities act for their country; people and companies only come from theirs."""

_NAMES = ("name", "alias", "previousName", "abbreviation")
_COUNTRIES = ("country", "jurisdiction", "nationality", "citizenship")
_DESCRIPTIONS = ("position", "summary", "description")
_LONGEST = 200
_DESCRIPTION = 300


# Codes of rigour's territories (OpenSanctions, MIT), which follow ISO 3166-1.
_PAIRS = """
acASC adAND aeARE afAFG agATG aiAIA alALB amARM anANT aoAGO aqATA arARG asASM atAUT auAUS
awABW axALA azAZE baBIH bbBRB bdBGD beBEL bfBFA bgBGR bhBHR biBDI bjBEN blBLM bmBMU bnBRN
boBOL bqBES brBRA bsBHS btBTN bvBVT bwBWA byBLR bzBLZ caCAN ccCCK cdCOD cfCAF cgCOG chCHE
ciCIV ckCOK clCHL cmCMR cnCHN coCOL cpCPT cqCRQ crCRI cuCUB cvCPV cwCUW cxCXR cyCYP czCZE
ddDDR deDEU dgDGA djDJI dkDNK dmDMA doDOM dzDZA ecECU eeEST egEGY ehESH erERI esESP etETH
fiFIN fjFJI fkFLK fmFSM foFRO frFRA gaGAB gbGBR gdGRD geGEO gfGUF ggGGY ghGHA giGIB glGRL
gmGMB gnGIN gpGLP gqGNQ grGRC gsSGS gtGTM guGUM gwGNB gyGUY hkHKG hmHMD hnHND hrHRV htHTI
huHUN idIDN ieIRL ilISR imIMN inIND ioIOT ipCYB iqIRQ irIRN isISL itITA jeJEY jmJAM joJOR
jpJPN keKEN kgKGZ khKHM kiKIR kmCOM knKNA kpPRK krKOR kwKWT kyCYM kzKAZ laLAO lbLBN lcLCA
liLIE lkLKA lrLBR lsLSO ltLTU luLUX lvLVA lyLBY maMAR mcMCO mdMDA meMNE mfMAF mgMDG mhMHL
mkMKD mlMLI mmMMR mnMNG moMAC mpMNP mqMTQ mrMRT msMSR mtMLT muMUS mvMDV mwMWI mxMEX myMYS
mzMOZ naNAM ncNCL neNER nfNFK ngNGA niNIC nlNLD noNOR npNPL nrNRU nuNIU nzNZL omOMN paPAN
pePER pfPYF pgPNG phPHL pkPAK plPOL pmSPM pnPCN prPRI psPSE ptPRT pwPLW pyPRY qaQAT reREU
roROU rsSRB ruRUS rwRWA saSAU sbSLB scSYC sdSDN seSWE sgSGP shSHN siSVN sjSJM skSVK slSLE
smSMR snSEN soSOM srSUR ssSSD stSTP svSLV sxSXM sySYR szSWZ tcTCA tdTCD tfATF tgTGO thTHA
tjTJK tkTKL tlTLS tmTKM tnTUN toTON trTUR ttTTO tvTUV twTWN tzTZA uaUKR ugUGA umUMI usUSA
uyURY uzUZB vaVAT vcVCT veVEN vgVGB viVIR vnVNM vuVUT wfWLF wsWSM xkXKX yeYEM ytMYT zaZAF
zmZMB zrZAR zwZWE
"""

ISO3 = {pair[:2]: pair[2:] for pair in _PAIRS.split()} | {"uk": "GBR"}
"""Two-letter country codes, as FollowTheMoney has them, to three letters: ``qa`` to ``QAT``."""


def read(lines: Iterable[str], source: str) -> Iterator[Row | BadRow | None]:
    """Read entities line by line; None stands for one that is not an actor."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _entity(number, line, source)
        except Unfit as error:
            yield BadRow(number, str(error))


def _entity(number: int, line: str, source: str) -> Row | None:
    try:
        entity = json.loads(line)
        line.encode()
    except (ValueError, RecursionError) as error:
        raise Unfit("it is not a JSON object in UTF-8") from error
    if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
        raise Unfit("it is not an entity: {id, schema, properties} is expected")
    schema, key = entity.get("schema"), entity.get("id")
    if not isinstance(schema, str) or not isinstance(key, str) or not key.strip():
        raise Unfit("it has no schema or no id")
    properties = {name: _texts(value) for name, value in entity["properties"].items()}
    if schema == "Occupancy":
        return Row(number, _held(properties, source))
    if schema not in TYPES:
        return None
    return Row(number, _actor(schema, key, properties, source))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [" ".join(one.split()) for one in values if isinstance(one, str) and one.strip()]


def _held(properties: dict[str, list[str]], source: str) -> Held:
    holder, post = properties.get("holder", []), properties.get("post", [])
    if len(holder) != 1 or len(post) != 1:
        raise Unfit("an Occupancy needs one holder and one post")
    starts, ends = properties.get("startDate", []), properties.get("endDate", [])
    return Held(
        f"ftm:{post[0]}",
        f"ftm:{holder[0]}",
        day(min(starts, default=None), "start"),
        day(max(ends, default=None), "end"),
        source,
    )


def _actor(schema: str, key: str, properties: dict[str, list[str]], source: str) -> Actor:
    names = [text for name in _NAMES for text in properties.get(name, []) if len(text) <= _LONGEST]
    if not names:
        raise Unfit("it has no name of up to 200 characters")
    codes = [code.lower() for name in _COUNTRIES for code in properties.get(name, [])]
    iso3 = next((ISO3[code] for code in codes if code in ISO3), None)
    aliases = dict.fromkeys(names[1:], AliasKind.NAME)
    for text in properties.get("weakAlias", []):
        if len(text) <= _LONGEST:
            aliases.setdefault(text, _weak(text))
    descriptions = [text for name in _DESCRIPTIONS for text in properties.get(name, [])]
    return checked(
        Actor,
        {
            "id": f"ftm:{key.strip()}",
            "type": TYPES[schema],
            "name": names[0],
            "iso3": iso3,
            "acts_for": f"state:{iso3.lower()}" if iso3 and schema in _OF_THE_STATE else None,
            "description": descriptions[0][:_DESCRIPTION] if descriptions else None,
            "aliases": [
                {"text": text, "kind": kind, "source": source}
                for text, kind in aliases.items()
                if text != names[0]
            ],
            "source": source,
        },
    )


def _weak(text: str) -> AliasKind:
    """A single word counts like a surname, since many may share it."""
    if text.isupper():
        return AliasKind.ACRONYM
    return AliasKind.NAME if " " in text else AliasKind.SURNAME
