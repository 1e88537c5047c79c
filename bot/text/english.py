"""Common English words: what a typed word most likely is when it is no name.

The list is our own: function words, the vocabulary of news and of questions about it, and
everyday words that lie within a letter or two of an actor's name (*chain* and China,
*begin* and Benin, *women* and Yemen), which a fuzzy matcher would otherwise take for it.
Regular endings are taken off, so that the list holds stems.
"""

from __future__ import annotations

from functools import lru_cache

_FUNCTION = """
a about above across after again against ago all almost along already also although always am
among an and another any anybody anyone anything april are around as aside at august autumn away
back be became because been before behind being below beneath beside besides best better between
beyond billion both but by came can cannot century could day decade december did didnt do does
doesnt doing done dont down during each eight either eleven else enough even evening ever every
everybody everyone everything except far february few fewer fifth fifty first five for former
formerly forty four fourth friday from further gave get gets getting given gives go goes going
gone got had half has have having he hello hence her here hers herself hey hi him himself his hour
how however hundred i if im in indeed inside instead into is isnt it its itself january july june
just last late lately later latest latter least less lest let like likely little long longer lot
lots made mainly make makes making many march may maybe me meanwhile might million mine minute
monday month more moreover morning most mostly much must my myself near nearby nearly neither
never nevertheless new news next night nine no nobody none noon nor not nothing november now
nowhere october of off often oh ok okay old on once one ones only onto or other others otherwise
ought our ours ourselves out outside over own per perhaps please quite rather real really recent
said same saturday saw say says season second see seem seen september seven several shall she
should since six so some somebody someone something sometimes somewhere soon spring still such
summer sunday sure take taken takes taking tell ten than thank thanks that the their theirs them
themselves then there therefore these they thing things third thirty this those though thousand
three through throughout thursday thus till to today together told tomorrow tonight too took
toward towards tuesday twelve twenty twice two under unless unlike until up upon us use used uses
using usually very via was way ways we wednesday week weekend well went were what whatever when
whenever where whereas wherever whether which while who whoever whole whom whose why will winter
with within without wont would year yes yesterday yet you your yours yourself zero
"""

_NEWS = """
abandon abduct ability able absence accept access accident accord account accuse act action active
activist actor actual add address admit advance advice advise aerospace affair affect afraid
africa african age agency agenda agent aggression agree agreement ahead aid aim air aircraft
airline airport airspace airstrike alarm alert alike alive allege allergen alliance allow ally
alone alter ambassador ambush amend amid amount anger angry animal announce annual answer anti
apart apology appeal appear apply appoint approach approve arab arabic arabs area argue arm army
arrange arrest arrival arrive article asia asian ask assassinate assault assembly assess asset
assist assume assure atlantic atom atomic attack attempt attend attention attitude author
authority avoid await award aware bad balance ballot ban band bank bar bargain barge barrel
barrier base basic battle bear beat begin begun behalf belief believe belong benefit bid bidden
big bilateral bill bird black blame blast block blockade blood blow blue board boat body bold bomb
bond book border born boss bother boy brain branch brave breach bread break bridge brief bring
broad broadcast broken brother brought brown budget build built bureau burn bus business busy buy
cabinet call calm camp campaign cancel candidate capital captive capture car card care career
cargo carry case cash cast catch cause caution cease ceasefire cede cell central ceremony certain
chain chair chairman challenge chance change channel charge charter chase cheap check cheese
chemical chief child children choice choose christian christianity church circle citizen city
civil civilian claim clash class clean clear clerk climate close closer cloud club coach coal
coast code cold collapse colleague collect colony come command comment commerce commit committee
common communique community company compare compete complain complete comply concede concern
conclude condemn condition conduct confer conference confirm conflict confront congress connect
consider constitution consult contact contain content contest continue contract control convention
convict convince convoy cooperate cooperation cope copy coronation corps corridor corrupt cost
council count counter country coup couple courage course court cover crack create credit crew
crime criminal crisis critic critical crook cross crowd crude cruise cry culture currency current
cut cyber daily damage danger dare dark data date daughter dead deadline deal dear death debate
debt decide decision deck declare decline deep defeat defence defend defense defer deficit define
degree delay delegate delegation deliver demand democracy democrat demonstrate deny depart
department depend deploy deport deputy describe desert design desk destroy detail detain determine
develop device dialogue dictator die diet differ difference difficult dinner diplomacy diplomat
diplomatic direct direction director dirty disagree disaster discuss discussion disease dismiss
display dispute dissident distance district divide doctor document dollar dominate donate donor
door double doubt downed draft dragoman drain draw dream dress drill drink drive drone drop
drought drug dry due duty eager early earn earth earthquake ease east eastern easy economic
economy edge editor education effect effort elect election electric element embargo embassy emerge
emergency emperor empire employ empty end endorse enemy energy enforce engage engine engineer
enjoy enrich enrichment ensure enter entire entry envision envoy equal era error eruption escalate
escape especially essential establish estimate european eve event evidence evil exact examine
example exchange execute executive exercise exile exist exit expand expect expel expensive expert
explain explode explosion export expose express extend extent extra extreme eye face fact factor
fail failure fair faith fall false family famous fan farm fast fatal father fault favor favour
fear federal feel fellow fence field fierce fight figure file fill film final finance find fine
finish fire firm fish fit fix flag flat flee fleet flight flood floor flow fly focus follow food
foot football forbid forbidden force foreign forest forge forget form formal forum forward found
foundation fraud free freedom freeze fresh freshman friend front frontier fuel full fund funeral
future gain game gang gap gas gate gather gaze general genocide girl give glad global goal god
gold good goods government governor grab grade grain grand grant grave gray grease great green
greet grey grief gross ground group grow growth guard guerrilla guess guest guide guilty guitar
gulf gun guy habit hair hall halt hand handle hang happen happy harbor harbour hard harm hate head
headline heal health hear heart heat heavy height held help hero hide high hill hint hire hit hold
hole holiday holy home honest honor honour hope horse hospital host hostage hostile hot hotel
house huge human humanitarian hunger hunt hurt husband ice idea identify ignore ill illegal image
imagine immediate immigrant impact impeach implement import important impose improve incident
include income increase independent individual industry infant inflation influence inform initial
injure injury innocent inquiry insist inspect inspector install institute intelligence intend
intense intensify interest interim interior internal international internet interview invade
invasion invest investigate invite involve iron islam islamic island isle issue item jail jet jew
jewish job join joint joke journal journalist journey joy judge jump junta jury justice justify
keep key kid kidnap kill kind king kingdom know known labor labour lack lady laid lake land
language large latin laugh launch law lawmaker lawyer lay lead leader leadership leaf leak lean
learn leave led left leg legal legislature lend length lesson letter level liar libel liberal
liberate library lie life lift light limit line link list listen live loan local lock lone look
loose lord lose loss lost loud love low loyal luck lunch mad magazine magnitude mail main maintain
major male man manage manager manner mantle map marine mark market martial mass massacre massive
master match mate matter mayor meal mean meaning means measure meat media mediate mediator medical
meet member memorial memory men mental mention mercenary merchant mere merge mess message met
metal method middle migrant mild mile militant military militia mill mind miner minister
ministerial ministry minor minority miss missile mission mistake mix mob mobilise mobilize model
moderate modern moment money monitor monk mood moon moral mother motion motive mount mountain
mouth move movement movie multiple murder museum music muslim mutual naked name narrow nation
national native natural nature naval navy necessary neck need negotiate neighbor neighbour net
network neutral nice noise nominate normal north northern note notice novel nuclear number nurse
oath obey object observe obtain obvious occupy occur ocean offence offend offense offensive offer
office officer official oil open operate operation opinion oppose opposition option order ordinary
organ organise organize origin original oust outbreak outcome overthrow owe owner pacific pact
page paid pain paint pair palace panda panel panic paper pardon parent park parliament part
partial particular partner party pass passenger passport past path patient patrol pattern pause
pay peace peaceful peak penalty people percent perfect perform period permanent permit persecute
person personal petrol phase phone photo physical pick picture piece pilot pipe pipeline place
plain plan plane planet plant plate play plea plead pledge plenary plot plus pocket poem point
poison police policy polio polish politic political politician poll pollute poor pop pope popular
port position positive possess possible post postpone potential pound poverty power practice
praise pray prefer prepare presence present preserve president presidential press pressure pretend
prevent previous price priest prime prince principle print prior prison prisoner private prize pro
probable probe problem process produce product profit program programme progress project promise
promote proof proper property proposal propose prosecute protect protest proud prove provide
province provision provoke proxy public publish pull pump punish purchase pure purpose pursue push
put quake quality quarter queen query quest question quick quiet quit quote race radar radio raid
rail rain raise rally ran range rank rape rapid rare rate ratify raw reach react read ready reason
rebel rebuild recall receive reckon recognise recognize record recover recruit red reduce refer
referendum reform refuge refugee refuse regard regime region regional regret regular reject relate
relation relative release relevant relief relieve religion reluctant rely remain remark remember
remind remote remove renew rent repair repeat replace reply report represent republic republican
request require rescue research reserve reshuffle resident resign resist resolution resolve resort
resource respect respond response responsible rest restore restrict result resume retain retake
retire retreat return reveal revenge review revolt revolution reward rice rich rid ride rifle
right riot rise risk rival river road rob rock rocket role roll roof room root rose rough round
route row royal ruin rule rumor rumour run rural rush sack sad safe sail sale salt sanction sand
save scale scandal scare scene schedule scheme school science scope score sea seal search seat
secret secretary section sector secure security seek seize select sell senate senator send senior
sense separate series serious serve service session set settle settlement severe sex shadow shake
shape share sharp shelf shell shelter shift ship shock shoot shop shore short shot show shut sick
side siege sign signal silence silent similar simple sin sing single sink sister sit site
situation size sky slain slam slay slow small smart smarter smoke smooth soccer social society
soft soil soldier sole solid solution solve son song sort soul sound source south southern space
spark speak speaker special specific speech speed spend sphere spill spin spirit split spoke
spokesman spokeswoman sport spot sprain spread spy square stability stable staff stage stake stall
stamp stand standard star start state statement station status stay steady steal steel stem step
stick stock stone stood stop storage store storm story straight strait strange strategy stream
street strength stress strike strip strong structure struggle student study stuff style subject
submit succeed success sudden suffer sugar suggest suicide suit summit summon sun super supply
support supporter supreme surge surprise surrender surround survey survive suspect suspend sustain
swear sweep sweet swift swing switch sword symbol sympathy syrup system table tactic tail talk
tall tank tanker tapped target tariff task tax tea teach team tear technology telephone television
temple tend tense tension term terror terrorism terrorist test text theory thick thin threat
threaten threw thrilled throw thrown ticket tie tiger tight time tire title tone tong tool top
topic torture total touch tough tour tower town toy trace track trade tradition traffic train
traitor transfer transform transit translate transport trap travel treasury treat treaty tree
trend trial tribe tribute trick trigger trip troop trouble troubled truce truck true trust truth
try turn twin type typhoon ugly ultimatum umbrella unable uncle understand undo unfair unilateral
union unique unit unite universe unknown unrest update upper uprising uranium urban urge urgent
usual vacate vaccine vain valley value van various vast vehicle venue verdict verify version
vessel veteran veto vice victim victory video view village violate violence violent virus visa
visible visit visitor vital voice volcano volume volunteer vote voter vow voyage wage wait wake
walk wall want war warn warrant warship wartime wash waste watch water wave weak wealth weapon
wear weather weigh weight welcome welfare west western wheat wheel white wide wife wild win wind
window wine wing winner wish withdraw withdrawal witness woman women wonder wood word work worker
world worry worse worst worth wound wreck write wrong yard yellow yield young youth zone
"""

_SUFFIXES = (
    ("ies", "y"), ("ied", "y"), ("ily", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""),
    ("ed", "e"),
    ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("ly", ""),
    ("ment", ""), ("ments", ""), ("ness", ""), ("al", ""), ("ive", "e"), ("ion", ""), ("ion", "e"),
    ("ions", ""), ("ions", "e"), ("ation", "e"), ("ations", "e"), ("ation", ""), ("able", ""),
    ("ful", ""), ("less", ""), ("or", ""), ("ors", ""), ("or", "e"), ("ors", "e"),
)  # fmt: skip

COMMON = frozenset((_FUNCTION + _NEWS).split())
"""Common English words, lower case, uninflected where the ending is regular."""

_GIVEN = """
aaron adam adrian alan albert alex alice amanda amy andrea andrew angela anna anne anthony arthur
ashley asma barbara barron beau benjamin betty bill bob brandon brian bruce bryan carl carol
catherine charles charlie chase chris christian christine cindy claire cliff craig cynthia dale
damar dan daniel danny darren dave david dean deborah debra denise dennis derek diana diane donna
doris dorothy doug douglas drew dylan edward elena elizabeth ellen emily emma eric erica eugene
eva evan frank fred gary gene george gerald gina glen gloria gordon grant greg hannah harold harry
heather helen henry howard hunter irene ivan ivanka jack jacob james jamie jan jane janet janice
jason jean jeff jennifer jenny jeremy jerry jessica jill jim joan joe joel john johnny jon
jonathan jose joseph josh joyce juan judith julia julie justin kamala karen karl kate katherine
kathy katie keith kelly ken kenneth kevin kim kyle lara larry laura lauren lebron lee leo leon
leslie lewis linda lisa liz lloyd louis lucy luis lynn malcolm malia marcus margaret maria marie
marilyn
mario marion mark martha martin marvin mary matthew maurice megan melania melissa michael michelle
miguel mike mohammed mojtaba molly monica nancy naomi natalie nathan neil nicholas nicole nina
norman oliver olivia oscar pamela patricia patrick paul pedro peter philip phillip rachel ralph
raymond rebecca ricardo richard rick rita rob robert roberta robin rodney roger ron ronald rosa
roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean selena serena sharon
shawn sheila shirley sidney simon sonia stanley stella stephanie stephen steve steven stuart susan
suzanne sylvia tara ted teresa terry thelma theresa thomas tim timothy tina todd tom tony tracy
tyler valerie vanessa vera vernon veronica vincent virginia walter wanda wayne wendy wesley will
william willie yvonne zoe
"""
GIVEN_NAMES = frozenset(_GIVEN.split())
"""Common first names: no misspelling of an actor's name (Susan is not Sudan)."""


@lru_cache(maxsize=65536)
def is_common(word: str) -> bool:
    """Whether a word, normalised, is a common English one in any regular form; digits are."""
    if word in COMMON or word.isdigit():
        return True
    for ending, stem in _SUFFIXES:
        if word.endswith(ending):
            root = word[: len(word) - len(ending)]
            if len(root) < 2:
                continue
            if root + stem in COMMON or (root[-1:] * 2 == root[-2:] and root[:-1] in COMMON):
                return True
    return False
