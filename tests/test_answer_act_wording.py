"""How acts read, in every status, with and without a source and a target."""

import pytest

from bot.answer.act_wording import Follows, act_in_words, sentence_of, who_did_what
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import EventClass, Fact, Status
from bot.read.linking import CLASS_ACTS


@pytest.mark.parametrize(
    ("act", "status", "follows", "words"),
    [
        ("meet", Status.HAPPENED, "actor", "met"),
        ("meet", Status.PLANNED, "actor", "plans to meet"),
        ("meet", Status.POSSIBLE, "actor", "may meet"),
        ("hold talks", Status.HAPPENED, "actor", "held talks with"),
        ("hold talks", Status.DENIED, "actor", "did not hold talks with"),
        ("hold talks", Status.HAPPENED, "nothing", "held talks"),
        ("visit", Status.CALLED_FOR, "actor", "is asked to visit"),
        ("kill", Status.ONGOING, "actor", "killed"),
        ("kill", Status.HAPPENED, "words", "killed"),
        ("kill", Status.HAPPENED, "nothing", "killed people"),
        ("kill people", Status.HAPPENED, "actor", "killed people of"),
        ("move", Status.HAPPENED, "actor", "moved to"),
        ("move", Status.HAPPENED, "nothing", "moved"),
        ("call for ties", Status.HAPPENED, "actor", "called for closer ties with"),
        ("call for ties", Status.PLANNED, "nothing", "plans to call for closer ties"),
        ("call names", Status.HAPPENED, "actor", "insulted"),
        ("call names", Status.HAPPENED, "nothing", "hurled insults"),
        ("hold", Status.HAPPENED, "words", "held"),
        ("agree", Status.HAPPENED, "actor", "reached an agreement with"),
        ("shoot down", Status.HAPPENED, "actor", "shot down aircraft of"),
        ("arrest", Status.HAPPENED, "actor", "arrested"),
        ("ban", Status.HAPPENED, "actor", "banned"),
        ("defy", Status.HAPPENED, "actor", "defied"),
        ("deploy forces", Status.HAPPENED, "nothing", "deployed forces"),
        ("deploy forces", Status.HAPPENED, "actor", "deployed forces towards"),
        ("criticize", Status.HAPPENED, "actor", "criticised"),
        ("impose sanctions", Status.PLANNED, "actor", "plans to impose sanctions on"),
        ("step down", Status.HAPPENED, "nothing", "stepped down"),
        ("commit to", Status.HAPPENED, "actor", "committed to"),
        ("deepen ties", Status.HAPPENED, "actor", "deepened ties with"),
        ("work together", Status.PLANNED, "actor", "plans to work together with"),
        ("protest", Status.HAPPENED, "nothing", "protested"),
        ("refuse to", Status.HAPPENED, "actor", "refused to"),
        ("ask for", Status.POSSIBLE, "actor", "may ask for"),
        ("agree on", Status.HAPPENED, "actor", "agreed on"),
        ("agree", Status.HAPPENED, "nothing", "agreed"),
        ("demand", Status.HAPPENED, "actor", "made a demand of"),
        ("demand", Status.HAPPENED, "words", "demanded"),
        ("demand", Status.HAPPENED, "nothing", "made demands"),
        ("seek", Status.HAPPENED, "words", "sought"),
        ("scrap", Status.HAPPENED, "actor", "scrapped"),
        ("strike", Status.HAPPENED, "actor", "struck"),
        ("back down from", Status.HAPPENED, "actor", "backed down from"),
        ("protest", Status.HAPPENED, "actor", "protested against"),
        ("accuse", Status.HAPPENED, "actor", "accused"),
        ("sentence people", Status.HAPPENED, "actor", "sentenced people of"),
        ("endorse", Status.HAPPENED, "actor", "endorsed"),
        ("thank", Status.PLANNED, "actor", "plans to thank"),
        ("offer condolences", Status.HAPPENED, "actor", "offered condolences to"),
        ("file a complaint against", Status.HAPPENED, "actor", "filed a complaint against"),
        ("express dismay", Status.HAPPENED, "actor", "expressed dismay at"),
        ("commute", Status.POSSIBLE, "actor", "may commute"),
        ("expel", Status.HAPPENED, "actor", "expelled"),
        ("expel diplomats", Status.HAPPENED, "actor", "expelled diplomats of"),
        ("raid", Status.HAPPENED, "actor", "raided"),
        ("travel", Status.HAPPENED, "nothing", "travelled"),
        ("beat", Status.HAPPENED, "actor", "beat"),
        ("torpedo", Status.HAPPENED, "actor", "torpedoed"),
        ("test-fire", Status.HAPPENED, "actor", "did test-fire"),
    ],
)
def test_an_act_reads_as_its_status_has_it(
    act: str, status: Status, follows: Follows, words: str
) -> None:
    assert act_in_words(act, status, follows) == words


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


IRAN, QATAR, FIDAN = "state:irn", "state:qat", "person:hakan-fidan"


def label(index: ActorIndex, event_class: EventClass, act: str, **changes: object) -> str:
    values = {"source_actor": IRAN, "target_actor": QATAR, "status": Status.HAPPENED} | changes
    fact = Fact.model_validate(
        {"workspace": "T", "id": "f", "reading": "r", "event_class": event_class, "act": act}
        | values
    )
    return sentence_of(*who_did_what(fact, index))


BY_CLASS = {
    EventClass.AGREE: (
        "Iran reached an agreement with Qatar", "Iran agreed", "Qatar was party to an agreement",
    ),
    EventClass.CONSULT: ("Iran held talks with Qatar", "Iran held talks", "Qatar was consulted"),
    EventClass.SUPPORT: ("Iran supported Qatar", "Iran offered support", "Qatar was supported"),
    EventClass.COOPERATE: (
        "Iran cooperated with Qatar", "Iran cooperated", "Qatar was offered cooperation",
    ),
    EventClass.AID: ("Iran helped Qatar", "Iran offered help", "Qatar was helped"),
    EventClass.CONCEDE: (
        "Iran yielded to Qatar", "Iran made concessions", "Qatar was granted concessions",
    ),
    EventClass.RETREAT: ("Iran withdrew from Qatar", "Iran withdrew", "Qatar was left"),
    EventClass.REQUEST: ("Iran made a demand of Qatar", "Iran made demands", "Qatar was asked"),
    EventClass.ACCUSE: ("Iran accused Qatar", "Iran made accusations", "Qatar was accused"),
    EventClass.REJECT: ("Iran rejected Qatar", "Iran refused", "Qatar was rejected"),
    EventClass.THREATEN: ("Iran threatened Qatar", "Iran made threats", "Qatar was threatened"),
    EventClass.PROTEST: (
        "Iran protested against Qatar", "Iran protested", "Qatar was the target of protests",
    ),
    EventClass.SANCTION: (
        "Iran sanctioned Qatar", "Iran imposed sanctions", "Qatar was sanctioned",
    ),
    EventClass.MOBILIZE: (
        "Iran mobilised against Qatar", "Iran mobilised", "Qatar was faced with mobilised forces",
    ),
    EventClass.COERCE: (
        "Iran detained people of Qatar", "Iran detained people", "Qatar had people detained",
    ),
    EventClass.ASSAULT: ("Iran attacked Qatar", "Iran attacked", "Qatar was attacked"),
    EventClass.MOVE: ("Iran moved to Qatar", "Iran moved", "Qatar was the destination of a move"),
}  # fmt: skip
"""With source and target, without target, and without source."""


@pytest.mark.parametrize("event_class", EventClass)
def test_every_class_reads_well_with_and_without_target_and_source(
    index: ActorIndex, event_class: EventClass
) -> None:
    act = CLASS_ACTS[event_class]
    labels = (
        label(index, event_class, act),
        label(index, event_class, act, target_actor=None),
        label(index, event_class, act, source_actor=""),
    )
    assert labels == BY_CLASS[event_class]


NOBODY = {"source_actor": ""}
OFFICERS = {"target_actor": None, "target_words": "two officers"}
LABELS = [
    (EventClass.COERCE, "hold", {}, "Iran detained people of Qatar"),
    (EventClass.COERCE, "hold", {"target_actor": None}, "Iran detained people"),
    (EventClass.COERCE, "hold", OFFICERS, "Iran detained “two officers”"),
    (EventClass.COERCE, "hold", {**OFFICERS, **NOBODY}, "“two officers” were detained"),
    (EventClass.COERCE, "arrest", {"target_actor": FIDAN}, "Iran arrested Hakan Fidan"),
    (EventClass.COERCE, "arrest", {"target_actor": FIDAN, **NOBODY}, "Hakan Fidan was arrested"),
    (EventClass.COERCE, "arrest", {"target_words": "three Qatari boys"}, "Iran arrested “three Qatari boys”"),
    (EventClass.CONSULT, "hold", {}, "Iran held talks with Qatar"),
    (EventClass.CONSULT, "hold", {"target_actor": None}, "Iran held talks"),
    (EventClass.CONSULT, "meet with", {"target_actor": None}, "Iran met"),
    (EventClass.ASSAULT, "kill", {}, "Iran killed people of Qatar"),
    (EventClass.ASSAULT, "kill", {"target_actor": None}, "Iran killed people"),
    (EventClass.ASSAULT, "kill", {"target_actor": FIDAN}, "Iran killed Hakan Fidan"),
    (EventClass.ASSAULT, "kill", NOBODY, "Qatar had people killed"),
    (EventClass.ASSAULT, "kill", {**OFFICERS, **NOBODY}, "“two officers” were killed"),
    (EventClass.ASSAULT, "kill", {**NOBODY, "target_actor": None}, "killed people"),
    (EventClass.ASSAULT, "beat", {**NOBODY, "target_actor": FIDAN}, "Hakan Fidan was beaten"),
    (EventClass.ASSAULT, "strike", NOBODY, "Qatar was struck"),
    (EventClass.ASSAULT, "strike", {**NOBODY, "status": Status.PLANNED}, "Qatar is to be struck"),
    (EventClass.ASSAULT, "strike", {**NOBODY, "status": Status.POSSIBLE}, "Qatar may be struck"),
    (EventClass.ASSAULT, "strike", {**NOBODY, "status": Status.DENIED}, "Qatar was not struck"),
    (EventClass.ASSAULT, "shoot down", {}, "Iran shot down aircraft of Qatar"),
    (EventClass.ASSAULT, "shoot down",
     {**NOBODY, "target_words": "a drone", "target_actor": None}, "“a drone” was shot down"),
    (EventClass.MOVE, "move", {"target_actor": None}, "Iran moved"),
    (EventClass.MOVE, "move", {"target_words": "the embassy"}, "Iran moved “the embassy”"),
    (EventClass.REQUEST, "call for ties", {}, "Iran called for closer ties with Qatar"),
    (EventClass.REQUEST, "call for ties", {"target_actor": None}, "Iran called for closer ties"),
    (EventClass.REQUEST, "call on", NOBODY, "Qatar was called on"),
    (EventClass.ACCUSE, "call names", {}, "Iran insulted Qatar"),
    (EventClass.ACCUSE, "call names", {"target_actor": None}, "Iran hurled insults"),
    (EventClass.ACCUSE, "call names", NOBODY, "Qatar was insulted"),
    (EventClass.ACCUSE, "criticize", {}, "Iran criticised Qatar"),
    (EventClass.ACCUSE, "criticize", {"target_actor": None}, "Iran voiced criticism"),
    (EventClass.AGREE, "agree", {"target_words": "a truce", "target_actor": None}, "Iran agreed on “a truce”"),
    # no passive of a verb without one, nor of an unknown verb
    (EventClass.ASSAULT, "test-fire", NOBODY, "Qatar was attacked"),
    (EventClass.ASSAULT, "lash out", NOBODY, "Qatar was attacked"),
    (EventClass.COERCE, "crack down", NOBODY, "Qatar was coerced"),
    (EventClass.RETREAT, "step down", NOBODY, "Qatar was left"),
    (EventClass.RETREAT, "pull out", NOBODY, "Qatar was left"),
    (EventClass.RETREAT, "pull out", {**NOBODY, "target_words": "two brigades", "target_actor": None},
     "“two brigades” were pulled out"),
    (EventClass.REJECT, "walk out", NOBODY, "Qatar was rejected"),
    (EventClass.REQUEST, "appeal", NOBODY, "Qatar was asked"),
    (EventClass.ASSAULT, "run down", {**NOBODY, "target_actor": FIDAN}, "Hakan Fidan was run down"),
    (EventClass.ASSAULT, "overrun", NOBODY, "Qatar was overrun"),
    (EventClass.ASSAULT, "drive out", NOBODY, "Qatar was driven out"),
    (EventClass.REJECT, "rule out", {**OFFICERS, **NOBODY, "target_words": "talks"}, "“talks” were ruled out"),
    # only of a verb that takes the target as its object
    *((EventClass.ASSAULT, act, NOBODY, "Qatar was attacked") for act in (
        "apologise", "apologize", "riot", "rebel", "object", "complain", "insist", "escape", "die",
        "storm out", "rise up", "run away", "dine", "retaliate", "spy", "hold out", "hit back",
        "redeem itself", "meet",
    )),
    (EventClass.ASSAULT, "invade", NOBODY, "Qatar was invaded"),
    (EventClass.CONSULT, "visit", NOBODY, "Qatar was visited"),
    (EventClass.ACCUSE, "criticise", NOBODY, "Qatar was criticised"),
    (EventClass.AGREE, "negotiate", {**NOBODY, "target_words": "a truce", "target_actor": None},
     "“a truce” was negotiated"),
    (EventClass.RETREAT, "evacuate", {**OFFICERS, **NOBODY}, "“two officers” were evacuated"),
    (EventClass.ASSAULT, "retaliate", {}, "Iran retaliated against Qatar"),
    (EventClass.ASSAULT, "spy", {}, "Iran spied on Qatar"),
    (EventClass.COERCE, "crack down", {**OFFICERS, **NOBODY}, "“two officers” were detained"),
    # a name in s is one, but for a group's or forces
    (EventClass.COERCE, "arrest", {**NOBODY, "target_actor": "person:mahmoud-abbas"}, "Mahmoud Abbas was arrested"),
    (EventClass.ASSAULT, "attack", {**NOBODY, "target_actor": "state:hnd"}, "Honduras was attacked"),
    (EventClass.ASSAULT, "attack", {**NOBODY, "target_actor": "state:tto"}, "Trinidad and Tobago was attacked"),
    (EventClass.ASSAULT, "attack", {**NOBODY, "target_actor": "group:hamas"}, "Hamas was attacked"),
    (EventClass.ASSAULT, "attack", {**NOBODY, "target_actor": "group:houthis"}, "Houthis were attacked"),
    (EventClass.ASSAULT, "attack", {**NOBODY, "target_actor": "group:sdf"}, "Syrian Democratic Forces were attacked"),
    (EventClass.AGREE, "sign", {**NOBODY, "target_words": "a pact", "target_actor": None}, "“a pact” was signed"),
]  # fmt: skip


@pytest.mark.parametrize(("event_class", "act", "changes", "words"), LABELS)
def test_acts_that_need_words_of_their_own(
    index: ActorIndex, event_class: EventClass, act: str, changes: dict[str, object], words: str
) -> None:
    assert label(index, event_class, act, **changes) == words
