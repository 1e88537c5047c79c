"""What is understood of questions as people type them, near misses among them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answer.question import LONGEST, Question, understand
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import EventClass, Period

TODAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def actors() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def names(question: Question) -> str:
    """The actors found, ``?`` for one that is not sure."""
    return " ".join(one.matches[0].name if one.verdict == "sure" else "?" for one in question.named)


# question, kind, actors, event classes, words that are left
ROWS = [
    ("what did putin say abt nato", "said", "Vladimir Putin NATO", "", ""),
    ("when did hamas flee doha", "when", "Hamas Qatar", "MOVE", "flee"),
    ("why did qatar expel hamas", "why", "Qatar Hamas", "SANCTION", "expel"),
    ("why did us strike iran", "why", "United States Iran", "ASSAULT", "strike"),
    ("did they tell us the truth", "did", "", "", "truth"),
    ("who attacked Israel?", "who", "Israel", "ASSAULT", "attacked"),
    ("who did Israel attack", "who", "Israel", "ASSAULT", "attack"),
    ("whom did erdogan meet", "who", "Recep Tayyip Erdoğan", "CONSULT", "meet"),
    ("who is the emir of qatar", "who", "Emir of Qatar", "", ""),
    ("who leads hamas", "who", "Hamas", "", "leads"),
    ("what did iran do", "what", "Iran", "", ""),
    ("what is the snapback", "what", "", "", "snapback"),
    (
        "which countries recognised Palestine",
        "what",
        "Palestine",
        "SUPPORT",
        "countries recognised",
    ),
    ("when did hamas leave doha", "when", "Hamas Qatar", "MOVE", "leave"),
    ("when was sinwar killed", "when", "Yahya Sinwar", "ASSAULT", "killed"),
    ("where did the talks take place", "where", "", "CONSULT", "talks"),
    ("where is hamas based", "where", "Hamas", "", "based"),
    ("how many people were killed in gaza", "how many", "Gaza Strip", "ASSAULT", "people killed"),
    ("how much aid did qatar give to gaza", "how many", "Qatar Gaza Strip", "AID", "aid give"),
    ("did iran attack qatar", "did", "Iran Qatar", "ASSAULT", "attack"),
    ("does qatar fund hamas", "did", "Qatar Hamas", "AID", "fund"),
    ("has egypt opened rafah", "did", "Egypt Rafah", "", "opened"),
    ("will the emir visit tehran", "did", "? Iran", "CONSULT", "visit"),
    ("is qatar in nato", "did", "Qatar NATO", "", ""),
    ("Qatar", "statement", "Qatar", "", ""),
    ("hamas leaving doha", "statement", "Hamas Qatar", "MOVE", "leaving"),
    ("nuclear talks iran", "statement", "Iran", "CONSULT", "nuclear talks"),
    ("iran sanctions", "statement", "Iran", "SANCTION", "sanctions"),
    (
        "free trade deal between eu and india",
        "statement",
        "European Union India",
        "AGREE",
        "free trade deal",
    ),
    ("why did qatar expel hamas", "why", "Qatar Hamas", "SANCTION", "expel"),
    ("why hasn't egypt opened rafah", "why", "Egypt Rafah", "", "opened"),
    ("how come iran recalled its ambassador", "why", "Iran", "SANCTION", "recalled ambassador"),
    ("what is the reason for the strike on qatar", "why", "Qatar", "ASSAULT", "strike"),
    ("what caused the gaza war", "why", "Gaza Strip", "ASSAULT", "war"),
    ("what led to the blockade of qatar", "why", "Qatar", "COERCE", "blockade"),
    ("reasons for the israeli strike", "why", "Israel", "ASSAULT", "strike"),
    ("who knows why hamas left", "who", "Hamas", "MOVE", "knows left"),
    ("is it true that hamas left doha", "is it true", "Hamas Qatar", "MOVE", "left"),
    (
        "is it really true that iran attacked qatar",
        "is it true",
        "Iran Qatar",
        "ASSAULT",
        "attacked",
    ),
    ("did iran really attack qatar", "is it true", "Iran Qatar", "ASSAULT", "attack"),
    (
        "can you confirm that israel killed sinwar",
        "is it true",
        "Israel Yahya Sinwar",
        "ASSAULT",
        "killed",
    ),
    ("fact check: qatar funds hamas", "is it true", "Qatar Hamas", "AID", "funds"),
    ("confirm israel killed sinwar", "is it true", "Israel Yahya Sinwar", "ASSAULT", "killed"),
    ("has it been confirmed that hamas left", "is it true", "Hamas", "MOVE", "left"),
    ("true or false: iran left the treaty", "is it true", "Iran", "AGREE MOVE", "left treaty"),
    ("is the true promise operation over", "did", "", "", "true promise operation"),
    ("who said the deal is dead", "who said", "", "AGREE", "deal dead"),
    ("who says iran has a bomb", "who said", "Iran", "ASSAULT", "bomb"),
    (
        "who claims responsibility for the attack in doha",
        "who said",
        "Qatar",
        "ASSAULT",
        "responsibility attack",
    ),
    ("according to whom did hamas leave doha", "who said", "Hamas Qatar", "MOVE", "leave"),
    ("who told hamas to leave", "who said", "Hamas", "MOVE", "leave"),
    ("what did erdogan say about hamas", "said", "Recep Tayyip Erdoğan Hamas", "", ""),
    ("what has the us said on iran", "said", "United States Iran", "", ""),
    ("what trump said about gaza", "said", "Donald Trump Gaza Strip", "", ""),
    ("how did turkey react to the strike on doha", "said", "Turkey Qatar", "ASSAULT", "strike"),
    ("how did egypt respond to israel", "said", "Egypt Israel", "", ""),
    ("statements by erdogan on gaza", "said", "Recep Tayyip Erdoğan Gaza Strip", "", ""),
    ("reactions of iran", "said", "Iran", "", ""),
    ("any comment from qatar", "said", "Qatar", "", ""),
    ("what did israel strike", "what", "Israel", "ASSAULT", "strike"),
    ("qatar vs egypt on hamas", "versus", "Qatar Egypt Hamas", "", ""),
    ("qatar vs. egypt on mediation", "versus", "Qatar Egypt", "CONSULT", "mediation"),
    ("iran versus israel on the ceasefire", "versus", "Iran Israel", "AGREE RETREAT", "ceasefire"),
    (
        "compare iran and israel on the ceasefire",
        "versus",
        "Iran Israel",
        "AGREE RETREAT",
        "ceasefire",
    ),
    ("compared to egypt, what does qatar want", "versus", "Egypt Qatar", "", "want"),
    ("where do russia and china stand on taiwan", "versus", "Russia China Taiwan", "", ""),
    (
        "positions of iran and israel on the truce",
        "versus",
        "Iran Israel",
        "AGREE RETREAT",
        "truce",
    ),
    ("how do turkey and egypt differ on gaza", "versus", "Turkey Egypt Gaza Strip", "", ""),
    ("qatar vs iran", "versus", "Qatar Iran", "", ""),
    ("how many times did iran and israel fight", "how often", "Iran Israel", "", "fight"),
    (
        "how often did netanyahu meet trump",
        "how often",
        "Benjamin Netanyahu Donald Trump",
        "CONSULT",
        "meet",
    ),
    ("how often does putin visit china", "how often", "Vladimir Putin China", "CONSULT", "visit"),
    ("how many meetings between iran and qatar", "how often", "Iran Qatar", "CONSULT", "meetings"),
    (
        "how many visits did erdogan make to qatar",
        "how often",
        "Recep Tayyip Erdoğan Qatar",
        "CONSULT",
        "visits make",
    ),
    ("how many airstrikes on syria", "how often", "Syria", "ASSAULT", "airstrikes"),
    (
        "number of meetings between trump and putin",
        "how often",
        "Donald Trump Vladimir Putin",
        "CONSULT",
        "meetings",
    ),
    ("number of hostages released", "statement", "", "CONCEDE RETREAT", "number hostages released"),
    ("when did putin last visit china", "last", "Vladimir Putin China", "CONSULT", "visit"),
    (
        "when was the last meeting between iran and the us",
        "last",
        "Iran United States",
        "CONSULT",
        "meeting",
    ),
    ("when is the latest visit of erdogan", "last", "Recep Tayyip Erdoğan", "CONSULT", "visit"),
    ("last time israel bombed syria", "last", "Israel Syria", "ASSAULT", "bombed"),
    (
        "last meeting between trump and putin",
        "last",
        "Donald Trump Vladimir Putin",
        "CONSULT",
        "meeting",
    ),
    ("latest attack on ukraine", "last", "Ukraine", "ASSAULT", "attack"),
    ("most recent summit of nato", "last", "NATO", "CONSULT", "summit"),
    ("last man standing in gaza", "statement", "Gaza Strip", "", "man standing"),
    ("is the ceasefire still holding", "still", "", "AGREE RETREAT", "ceasefire"),
    ("are hamas leaders still in doha", "still", "Hamas Qatar", "", "leaders"),
    ("does the embargo on iran still stand", "still", "Iran", "SANCTION", "embargo"),
    ("is it still true that hamas is in doha", "still", "Hamas Qatar", "", ""),
    ("has that changed", "still", "", "", ""),
    ("still true?", "still", "", "", ""),
    ("still no deal on gaza", "statement", "Gaza Strip", "AGREE", "still deal"),
    (
        "who hasn't condemned the attack on doha",
        "who has not",
        "Qatar",
        "ACCUSE ASSAULT",
        "condemned attack",
    ),
    ("who has not recognised palestine", "who has not", "Palestine", "SUPPORT", "recognised"),
    ("who did not sign the accord", "who has not", "", "AGREE", "sign accord"),
    (
        "which countries have not recognised palestine",
        "who has not",
        "Palestine",
        "SUPPORT",
        "recognised",
    ),
    ("who is yet to respond to the attack", "who has not", "", "ASSAULT", "attack"),
    ("who has never visited israel", "who has not", "Israel", "CONSULT", "visited"),
    ("who never met putin", "who has not", "Vladimir Putin", "CONSULT", "met"),
    ("not only iran attacked israel", "statement", "Iran Israel", "ASSAULT", "attacked"),
    ("what's coming up for qatar", "planned", "Qatar", "", ""),
    ("what is planned for gaza", "planned", "Gaza Strip", "", ""),
    ("what's next for hamas", "planned", "Hamas", "", ""),
    ("upcoming visits of erdogan", "planned", "Recep Tayyip Erdoğan", "CONSULT", "visits"),
    ("what does iran plan", "planned", "Iran", "", ""),
    ("what are trump's plans for gaza", "planned", "Donald Trump Gaza Strip", "", ""),
    ("plans of hamas", "planned", "Hamas", "", ""),
    ("agenda of nato", "planned", "NATO", "", ""),
    ("planned strikes on iran", "planned", "Iran", "ASSAULT", "strikes"),
    ("what is scheduled", "planned", "", "", ""),
    ("coming up in doha", "planned", "Qatar", "", ""),
    ("what came next in gaza", "what", "Gaza Strip", "", "came next"),
    ("what's new", "new", "", "", ""),
    ("whats new with qatar", "new", "Qatar", "", ""),
    ("any news on gaza", "new", "Gaza Strip", "", ""),
    ("any updates about iran", "new", "Iran", "", ""),
    ("latest on gaza", "new", "Gaza Strip", "", ""),
    ("latest news iran", "new", "Iran", "", ""),
    ("news about hamas", "new", "Hamas", "", ""),
    ("updates on the hostages", "new", "", "", "hostages"),
    ("what happened in gaza", "new", "Gaza Strip", "", ""),
    ("what has changed in iran", "new", "Iran", "", ""),
    ("what did i miss", "new", "", "", ""),
    ("catch me up on qatar", "new", "Qatar", "", ""),
    ("newspaper attacks in iran", "statement", "Iran", "ASSAULT", "newspaper attacks"),
    ("what happened between qatar and iran", "new", "Qatar Iran", "", ""),
    ("what is going on between qatar and iran", "new", "Qatar Iran", "", ""),
    ("relations between qatar and iran", "new", "Qatar Iran", "ACCUSE AGREE CONSULT", ""),
    ("what's happening between russia and ukraine", "new", "Russia Ukraine", "", ""),
    ("between qatar and iran", "statement", "Qatar Iran", "", ""),
    ("hostages released by hamas", "statement", "Hamas", "CONCEDE RETREAT", "hostages released"),
    ("who freed the hostages", "who", "", "CONCEDE RETREAT", "freed hostages"),
    ("prisoners freed by israel", "statement", "Israel", "CONCEDE RETREAT", "prisoners freed"),
    ("who was assassinated in tehran", "who", "Iran", "ASSAULT", "assassinated"),
    ("truce in gaza", "statement", "Gaza Strip", "AGREE RETREAT", "truce"),
    (
        "accord between israel and uae",
        "statement",
        "Israel United Arab Emirates",
        "AGREE",
        "accord",
    ),
    ("who withdrew from syria", "who", "Syria", "RETREAT", "withdrew"),
    ("troops withdrawn from lebanon", "statement", "Lebanon", "RETREAT", "troops withdrawn"),
    ("who deployed troops to the border", "who", "", "MOBILIZE", "deployed troops border"),
    ("who arrested the journalists", "who", "", "COERCE", "arrested journalists"),
    ("protests in iran", "statement", "Iran", "PROTEST", "protests"),
    ("riots in france", "statement", "France", "PROTEST", "riots"),
    ("who boycotted israel", "who", "Israel", "SANCTION", "boycotted"),
    ("who banned hamas", "who", "Hamas", "SANCTION", "banned"),
    ("embargo on qatar", "statement", "Qatar", "SANCTION", "embargo"),
    ("who threatened israel", "who", "Israel", "THREATEN", "threatened"),
    ("warning to iran", "statement", "Iran", "THREATEN", "warning"),
    ("who backs hamas", "who", "Hamas", "SUPPORT", "backs"),
    ("humanitarian aid to gaza", "statement", "Gaza Strip", "AID", "humanitarian aid"),
    ("who donated to unrwa", "who", "UNRWA", "AID", "donated"),
    ("who rejected the proposal", "who", "", "REJECT", "rejected proposal"),
    ("who vetoed the resolution", "who", "", "REJECT", "vetoed resolution"),
    ("who invited erdogan", "who", "Recep Tayyip Erdoğan", "REQUEST", "invited"),
    ("who mediated between israel and hamas", "who", "Israel Hamas", "CONSULT", "mediated"),
    ("who praised qatar", "who", "Qatar", "SUPPORT", "praised"),
    ("who expelled the ambassador", "who", "", "SANCTION", "expelled ambassador"),
    ("who kidnapped the soldiers", "who", "", "COERCE", "kidnapped soldiers"),
    ("who apologised to qatar", "who", "Qatar", "CONCEDE", "apologised"),
    ("who moved to turkey", "who", "Turkey", "MOVE", "moved"),
    ("who fled syria", "who", "Syria", "MOVE", "fled"),
    ("press freedom in turkey", "statement", "Turkey", "", "press freedom"),
    ("head of hamas", "statement", "Hamas", "", "head"),
    ("land for peace", "statement", "", "", "land peace"),
    ("need for calm in gaza", "statement", "Gaza Strip", "", "need calm"),
    ("the Quatar crisis", "statement", "Qatar", "", "crisis"),
    ("pezeshkian visit doha", "statement", "Masoud Pezeshkian Qatar", "CONSULT", "visit"),
    ("the emir of quatar met who?", "statement", "Emir of Qatar", "CONSULT", "met"),
    ("who released the prisoners", "who", "", "CONCEDE RETREAT", "released prisoners"),
    ("deal on the hostages", "statement", "", "AGREE", "deal hostages"),
    ("arms embargo on iran", "statement", "Iran", "SANCTION", "arms embargo"),
    ("who is backed by iran", "who", "Iran", "SUPPORT", "backed"),
    ("free elections in iraq", "statement", "Iraq", "", "free elections"),
    ("the banking crisis in lebanon", "statement", "Lebanon", "", "banking crisis"),
    ("who recalled its ambassador from israel", "who", "Israel", "SANCTION", "recalled ambassador"),
]


@pytest.mark.parametrize(("text", "kind", "named", "classes", "terms"), ROWS)
def test_questions(
    text: str, kind: str, named: str, classes: str, terms: str, actors: ActorIndex
) -> None:
    question = understand(text, actors, TODAY)
    assert question.kind == kind
    assert names(question) == named
    assert question.classes == frozenset(map(EventClass, classes.split()))
    assert " ".join(question.terms) == terms


@pytest.mark.parametrize(
    ("text", "briefed"),
    [
        ("Qatar", True),
        ("qatar and iran", True),
        ("what's new with qatar", True),
        ("who is pezeshkian", True),
        ("qatar vs iran", True),
        ("what happened between qatar and iran", True),
        ("qatar since March", True),
        ("what did qatar do", False),
        ("qatar talks", False),
        ("qatar vs egypt on hamas", False),
        ("who attacked qatar", False),
        ("why qatar", False),
        ("qatar type:accuse", False),
        ('qatar "right of return"', False),
        ("what's coming up for qatar", False),
    ],
)
def test_what_names_only_actors_is_briefed_on(text: str, briefed: bool, actors: ActorIndex) -> None:
    assert understand(text, actors, TODAY).general is briefed


@pytest.mark.parametrize(
    ("text", "publishers", "classes", "phrases", "without", "terms"),
    [
        ("qatar from:reuters", ("reuters",), "", (), (), ""),
        ("qatar from:Reuters.com,", ("reuters",), "", (), (), ""),
        ('gaza from:"Al Jazeera"', ("al jazeera",), "", (), (), ""),
        ("source:bbc by:cnn iran", ("bbc", "cnn"), "", (), (), ""),
        ("iran type:accuse", (), "ACCUSE", (), (), ""),
        ("iran type:ASSAULT", (), "ASSAULT", (), (), ""),
        ("iran type:meeting", (), "CONSULT", (), (), ""),
        ("iran -hamas", (), "", (), ("hamas",), ""),
        ("iran -hamas -israel", (), "", (), ("hamas", "israel"), ""),
        ('iran -"nuclear deal"', (), "", (), ("nuclear deal",), ""),
        ('"right of return" hamas', (), "", ("right of return",), (), "right return"),
        ("“exact words” on iran", (), "", ("exact words",), (), "exact words"),
        # near misses
        ("iran-iraq war", (), "", (), (), "war"),
        ("israel - iran talks", (), "", (), (), "talks"),
        ("from reuters about iran", (), "", (), (), "reuters"),
        ("iran: what type of deal", (), "", (), (), "type deal"),
        ("temperature of -5 in kyiv", (), "", (), (), "temperature"),
        ('the " alone iran', (), "", (), (), "alone"),
    ],
)
def test_filters(
    text: str,
    publishers: tuple[str, ...],
    classes: str,
    phrases: tuple[str, ...],
    without: tuple[str, ...],
    terms: str,
    actors: ActorIndex,
) -> None:
    question = understand(text, actors, TODAY)
    filters = question.filters
    assert (filters.publishers, filters.phrases, filters.without) == (publishers, phrases, without)
    assert filters.classes == frozenset(map(EventClass, classes.split()))
    assert " ".join(question.terms) == terms


def test_what_is_left_out_is_not_asked_about(actors: ActorIndex) -> None:
    assert names(understand("iran -hamas", actors, TODAY)) == "Iran"


def test_a_type_that_is_none_is_told_with_those_there_are(actors: ActorIndex) -> None:
    with pytest.raises(
        BadQuery, match="type:foo is not a kind of event: choose from agree, consult"
    ):
        understand("iran type:foo", actors, TODAY)


@pytest.mark.parametrize("text", ["who", "what is it", "…", "", "-"])
def test_no_question(text: str, actors: ActorIndex) -> None:
    with pytest.raises(BadQuery, match="no question"):
        understand(text, actors, TODAY)


def test_a_pasted_text_is_no_question(actors: ActorIndex) -> None:
    with pytest.raises(BadQuery, match=f"may have at most {LONGEST}"):
        understand("Qatar " * 60, actors, TODAY)


@pytest.mark.parametrize(
    "text",
    ["who attacked  Qatar since March", "what did Iran say about Qatar", "since March: Qatar"],
)
def test_names_stand_where_they_are_said_to(text: str, actors: ActorIndex) -> None:
    question = understand(text, actors, TODAY)
    assert question.named
    for one in question.named:
        assert question.text[one.start : one.end] == one.text


def test_a_nul_which_no_store_keeps_is_a_blank(actors: ActorIndex) -> None:
    assert understand("iran\x00 qatar", actors, TODAY).text == "iran qatar"


TENSES = [
    ("who is the new supreme leader of Iran", "now"),
    ("who runs venezuela now", "now"),
    ("is maduro still president", "now"),
    ("latest on the ceasefire", "now"),
    ("how many people were killed so far in gaza", "now"),
    ("did the houthis join the war yet", "now"),
    ("has iran attacked qatar", "now"),
    ("brent price now", "now"),
    ("qatar", "now"),
    ("whats new with nato", "now"),
    ("strikes launched on iran", "now"),
    ("who is the man who attacked the embassy", "now"),
    ("whos winning in sudan", "now"),
    ("is there still gas going to moldova", "now"),
    ("what was the most recent strike on qatar", "now"),
    ("where do the talks currently stand", "now"),
    ("who attacked israel", "past"),
    ("why did hamas leave doha", "past"),
    ("when was sinwar killed", "past"),
    ("what had nato promised", "past"),
    ("who won the cup", "past"),
    ("why iran's president left", "past"),
    ("what did putin say is the price of peace", "past"),
    ("will the emir visit tehran", "coming"),
    ("when is iran going to vote", "coming"),
    ("who is expected to win", "coming"),
    ("whats coming up in turkey", "coming"),
    ("what will happen in september", "coming"),
    ("who was pm of uk in 2019", "period"),
    ("iran since march", "period"),
    ("what is new in qatar this week", "period"),
]


@pytest.mark.parametrize(("text", "tense"), TENSES, ids=[text for text, _ in TENSES])
def test_what_time_a_question_is_about(text: str, tense: str, actors: ActorIndex) -> None:
    assert understand(text, actors, TODAY).tense == tense


def test_a_period_given_beside_the_text_is_what_it_is_about(actors: ActorIndex) -> None:
    march = Period(start=date(2026, 3, 1), end=date(2026, 3, 31), label="March")
    assert understand("who runs venezuela now", actors, TODAY, march).tense == "period"
