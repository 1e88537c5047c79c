"""How acts read, in every status, with and without a source and a target."""

import pytest

from bot.answer.act_wording import Follows, act_in_words, sentence_of, who_did_what
from bot.curation.corrections import fact_in_words
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import EventClass, Evidence, Fact, Status
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
    EventClass.AGREE: ("Iran reached an agreement with Qatar", "Iran agreed"),
    EventClass.CONSULT: ("Iran held talks with Qatar", "Iran held talks"),
    EventClass.SUPPORT: ("Iran supported Qatar", "Iran offered support"),
    EventClass.COOPERATE: ("Iran cooperated with Qatar", "Iran cooperated"),
    EventClass.AID: ("Iran helped Qatar", "Iran offered help"),
    EventClass.CONCEDE: ("Iran yielded to Qatar", "Iran made concessions"),
    EventClass.RETREAT: ("Iran withdrew from Qatar", "Iran withdrew"),
    EventClass.REQUEST: ("Iran made a demand of Qatar", "Iran made demands"),
    EventClass.ACCUSE: ("Iran accused Qatar", "Iran made accusations"),
    EventClass.REJECT: ("Iran rejected Qatar", "Iran refused"),
    EventClass.THREATEN: ("Iran threatened Qatar", "Iran made threats"),
    EventClass.PROTEST: ("Iran protested against Qatar", "Iran protested"),
    EventClass.SANCTION: ("Iran sanctioned Qatar", "Iran imposed sanctions"),
    EventClass.MOBILIZE: ("Iran mobilised against Qatar", "Iran mobilised"),
    EventClass.COERCE: ("Iran detained people of Qatar", "Iran detained people"),
    EventClass.ASSAULT: ("Iran attacked Qatar", "Iran attacked"),
    EventClass.MOVE: ("Iran moved to Qatar", "Iran moved"),
}  # fmt: skip
"""With source and target, and without target."""


@pytest.mark.parametrize("event_class", EventClass)
def test_every_class_reads_well_with_and_without_target(
    index: ActorIndex, event_class: EventClass
) -> None:
    act = CLASS_ACTS[event_class]
    labels = (
        label(index, event_class, act),
        label(index, event_class, act, target_actor=None),
    )
    assert labels == BY_CLASS[event_class]


NOBODY = {"source_actor": ""}
OFFICERS = {"target_actor": None, "target_words": "two officers"}
LABELS = [
    (EventClass.ASSAULT, "attack", NOBODY, "Somebody attacked Qatar"),
    (EventClass.ASSAULT, "strike", {**NOBODY, "status": Status.PLANNED}, "Somebody plans to strike Qatar"),
    (EventClass.COERCE, "hold", {**OFFICERS, **NOBODY}, "Somebody detained “two officers”"),
    (EventClass.ASSAULT, "kill", {**NOBODY, "target_actor": None}, "Somebody killed people"),
    (EventClass.COERCE, "hold", {}, "Iran detained people of Qatar"),
    (EventClass.COERCE, "hold", {"target_actor": None}, "Iran detained people"),
    (EventClass.COERCE, "hold", OFFICERS, "Iran detained “two officers”"),
    (EventClass.COERCE, "arrest", {"target_actor": FIDAN}, "Iran arrested Hakan Fidan"),
    (EventClass.COERCE, "arrest", {"target_words": "three Qatari boys"}, "Iran arrested “three Qatari boys”"),
    (EventClass.CONSULT, "hold", {}, "Iran held talks with Qatar"),
    (EventClass.CONSULT, "hold", {"target_actor": None}, "Iran held talks"),
    (EventClass.CONSULT, "meet with", {"target_actor": None}, "Iran met"),
    (EventClass.ASSAULT, "kill", {}, "Iran killed people of Qatar"),
    (EventClass.ASSAULT, "kill", {"target_actor": None}, "Iran killed people"),
    (EventClass.ASSAULT, "kill", {"target_actor": FIDAN}, "Iran killed Hakan Fidan"),
    (EventClass.ASSAULT, "shoot down", {}, "Iran shot down aircraft of Qatar"),
    (EventClass.MOVE, "move", {"target_actor": None}, "Iran moved"),
    (EventClass.MOVE, "move", {"target_words": "the embassy"}, "Iran moved “the embassy”"),
    (EventClass.REQUEST, "call for ties", {}, "Iran called for closer ties with Qatar"),
    (EventClass.REQUEST, "call for ties", {"target_actor": None}, "Iran called for closer ties"),
    (EventClass.ACCUSE, "call names", {}, "Iran insulted Qatar"),
    (EventClass.ACCUSE, "call names", {"target_actor": None}, "Iran hurled insults"),
    (EventClass.ACCUSE, "criticize", {}, "Iran criticised Qatar"),
    (EventClass.ACCUSE, "criticize", {"target_actor": None}, "Iran voiced criticism"),
    (EventClass.AGREE, "agree", {"target_words": "a truce", "target_actor": None}, "Iran agreed on “a truce”"),
    (EventClass.ASSAULT, "retaliate", {}, "Iran retaliated against Qatar"),
    (EventClass.ASSAULT, "spy", {}, "Iran spied on Qatar"),
]  # fmt: skip


@pytest.mark.parametrize(("event_class", "act", "changes", "words"), LABELS)
def test_acts_that_need_words_of_their_own(
    index: ActorIndex, event_class: EventClass, act: str, changes: dict[str, object], words: str
) -> None:
    assert label(index, event_class, act, **changes) == words


def test_a_fact_marked_wrong_names_a_source_that_is_only_words(index: ActorIndex) -> None:
    sentence = "Two gunmen attacked Qatar on Monday."
    proof = Evidence(start=0, end=len(sentence), quote=sentence, article="a", revision=1)
    fact = Fact(
        workspace="T",
        id="f",
        reading="r",
        source_actor="",
        source_words="Two gunmen",
        event_class=EventClass.ASSAULT,
        act="attack",
        target_actor=QATAR,
        status=Status.HAPPENED,
        evidence=(proof,),
    )
    assert fact_in_words(index, fact) == f"Two gunmen attacked Qatar – “{sentence}”"
