"""Two-letter country codes, as FollowTheMoney has them, and the three letters that we keep.

Codes after rigour's territories (OpenSanctions, MIT), which follow ISO 3166-1.
"""

from __future__ import annotations

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
"""``qa`` to ``QAT``."""
