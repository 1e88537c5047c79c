"""Who takes, holds or leaves an office by a single sentence: each row beside near misses."""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Status
from bot.read.posts import post_of
from bot.read.succession import office_reports
from bot.text.english import means

PERU, IRAN = "office:president-of-peru", "office:supreme-leader-of-iran"
JAPAN, POPE = "office:prime-minister-of-japan", "office:pope-of-the-holy-see"


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def read(sentence: str, office: str, index: ActorIndex) -> str:
    """What is told of changes, and of who holds it where nothing else is told."""
    post = post_of(index, office)
    assert post is not None
    told = office_reports(sentence, post, index)
    told = [one for one in told if one.kind != "holds"] or told
    return "; ".join(
        f"{one.kind} {one.name or '-'}"
        + ("" if one.status is Status.HAPPENED else f" {one.status.value}")
        for one in told
    )


ROWS = [
    # taken
    ("Ada Orlok is sworn in as President of Peru.", "takes Ada Orlok"),
    ("Ada Orlok is sworn-in as the 60th president of Peru.", "takes Ada Orlok"),
    ("Ada Orlok is sworn as President of Peru.", "takes Ada Orlok"),
    ("Peru's parliament elects Ada Orlok as president.", "takes Ada Orlok"),
    ("Peru swears in Ada Orlok as its new president.", "takes Ada Orlok"),
    ("Ada Orlok, 61, becomes Peru's first female president.", "takes Ada Orlok"),
    ("Ada Orlok takes office as Peru's president.", "takes Ada Orlok"),
    ("Ada Orlok assumes the presidency of Peru.", "takes Ada Orlok"),
    ("Ada Orlok named president of Peru", "takes Ada Orlok"),
    ("Ada Orlok succeeds President Bela Zembla of Peru.", "takes Ada Orlok"),
    ("Peru's Congress appoints former judge Ada Orlok to be acting president.", "takes Ada Orlok"),
    ("Ada Orlok replaces Bela Zembla as president of Peru.", "takes Ada Orlok"),
    ("Ada Orlok of the opposition Reform Party is appointed president of Peru.", "takes Ada Orlok"),
    ("Ada Orlok assumes the office of President of Peru.", "takes Ada Orlok"),
    ("Ada Orlok takes the oath of office as president of Peru.", "takes Ada Orlok"),
    ("The Congress of Peru selects Ada Orlok as the new president.", "takes Ada Orlok"),
    ("Ada Orlok becomes the youngest and first openly gay president of Peru.", "takes Ada Orlok"),
    ("The vice president of Peru, Ada Orlok, becomes acting president.", "takes Ada Orlok"),
    ("Ada Orlok is named by Prime Minister Bela Zembla as president of Peru.", "takes Ada Orlok"),
    ("In Peru, Ada Orlok succeeds him as president.", "takes Ada Orlok"),
    ("Ada Orlok is elected by the Ruritan Assembly as Peru's president.", "takes Ada Orlok"),
    ("Ada Orlok is sworn into office as the president of Peru.", "takes Ada Orlok"),
    ("Ada Orlok is sworn in for a third six-year term as President of Peru.", "takes Ada Orlok"),
    ("Ada Orlok is inaugurated as the first left-wing president of Peru.", "takes Ada Orlok"),
    ("Ada Orlok is elected as President of Peru for a second term.", "takes Ada Orlok"),
    ("Ada Orlok wins the runoff, and becomes president of Peru.", "takes Ada Orlok"),
    ("Peru's Congress appoints a new president, Ada Orlok.", "takes Ada Orlok"),
    ("Minister of Labour Ada Orlok is named as the president of Peru.", "takes Ada Orlok"),
    ("Peru's president Ada Orlok follows Bela Zembla, who was ousted.", "leaves Bela Zembla"),
    # held
    ("Peruvian President Ada Orlok visited Cusco.", "holds Ada Orlok"),
    ("Ada Orlok, the president of Peru, said no.", "holds Ada Orlok"),
    ("Peru's president, Ada Orlok, said no.", "holds Ada Orlok"),
    ("Peru's acting president General Ada Orlok said no.", "holds Ada Orlok"),
    # left
    ("Peru's president resigned on Monday.", "leaves -"),
    ("President Ada Orlok of Peru resigns amid protests.", "leaves Ada Orlok"),
    ("Ada Orlok steps down as president of Peru.", "leaves Ada Orlok"),
    ("Congress removes Peruvian President Ada Orlok from office.", "leaves Ada Orlok"),
    ("Officers depose Peruvian President Ada Orlok.", "leaves Ada Orlok"),
    ("Peru's President Ada Orlok ousted in a coup", "leaves Ada Orlok"),
    ("President Ada Orlok of Peru has died of cancer.", "leaves Ada Orlok"),
    ("The death of Peruvian President Ada Orlok shocked many.", "leaves Ada Orlok"),
    ("Peru accepts President Orlok's resignation.", "leaves Orlok"),
    ("Peru's president Ada Orlok tenders her resignation.", "leaves Ada Orlok"),
    ("Peru's former president, Bela Zembla, was sentenced.", "leaves Bela Zembla"),
    ("Supporters of the ousted Peruvian president Bela Zembla met.", "leaves Bela Zembla"),
    # not yet, or not at all
    ("Ada Orlok will be sworn in as President of Peru in July.", "takes Ada Orlok planned"),
    ("Protesters call on President Ada Orlok of Peru to resign.", "leaves Ada Orlok planned"),
    ("Congress plans to remove Peruvian President Ada Orlok.", "leaves Ada Orlok planned"),
    ("Ada Orlok denied that she had resigned as president of Peru.", "leaves Ada Orlok denied"),
    ("Rebels claim to have killed Peruvian President Ada Orlok.", "leaves Ada Orlok denied"),
    ("Reports that Ada Orlok resigned as Peru's president are false.", "leaves Ada Orlok denied"),
    ("If Ada Orlok resigns as president of Peru, Congress votes.", "leaves Ada Orlok possible"),
    ("Ada Orlok refuses to resign as president of Peru.", ""),
    ("Ada Orlok is expected to become Peru's next president.", ""),
    ("Peru's president-elect Ada Orlok met voters.", ""),
    ("Peru's candidate for president Ada Orlok met voters.", ""),
    ("An assassination attempt on Peruvian President Ada Orlok failed.", "holds Ada Orlok"),
    ("A survey shows support for the resignation of Peruvian President Ada Orlok.",
     "leaves Ada Orlok possible"),
    ("An adviser to Peruvian President Ada Orlok quits.", "holds Ada Orlok"),
    ("Ada Orlok resigns from the board before she is sworn in as Peru's president.", ""),
    ("Peruvian President Ada Orlok resigned from a football club.", "holds Ada Orlok"),
    ("A court dismisses Peruvian President Ada Orlok's appeal.", "holds Ada Orlok"),
    ("Peruvian President Ada Orlok dismissed her interior minister.", "holds Ada Orlok"),
    ("Peru's president fires Prime Minister Bela Zembla.", ""),
    # other offices
    ("Peruvian Vice President Ada Orlok resigned.", ""),
    ("Ada Orlok is sworn in as vice president of Peru.", ""),
    ("Ada Orlok became president of Bolivia after Peru's defeat.", ""),
    ("Ada Orlok is elected president of the Congress of Peru.", ""),
    ("Ada Orlok becomes the leader of the party of Peru's president.", ""),
    ("Ada Orlok takes over an airline from the president of Peru.", ""),
    ("Ada Orlok is elected president of the Peruvian Congress.", ""),
    ("Ada Orlok is named president of Peru's football league.", ""),
    ("Peru's party president Ada Orlok resigned.", ""),
    ("Peru names Ada Orlok Attorney President-General.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_what_a_sentence_tells_of_an_office(
    sentence: str, expected: str, index: ActorIndex
) -> None:
    assert read(sentence, PERU, index) == expected


def test_titles_of_other_kinds(index: ActorIndex) -> None:
    killed = "Iran's Supreme Leader Ali Khamenei was killed in an airstrike."
    assert read(killed, IRAN, index) == "leaves Ali Khamenei"
    named = "The Assembly of Experts named Bela Orlok as the new Supreme Leader of Iran."
    assert read(named, IRAN, index) == "takes Bela Orlok"
    assert read("Japan's premier Sanae Takaichi quit.", JAPAN, index) == "leaves Sanae Takaichi"
    assert read("Pope Bela dies at the age of 88.", POPE, index) == "leaves Bela"
    assert read(named, PERU, index) == ""


def test_a_sentence_without_its_state_says_so(index: ActorIndex) -> None:
    post = post_of(index, PERU)
    assert post is not None
    (told,) = office_reports("Ada Orlok is sworn in as president.", post, index)
    assert (told.kind, told.certain, told.verb) == ("takes", False, "swear_in")
    (told,) = office_reports("Ada Orlok is sworn in as president of Peru.", post, index)
    assert told.certain


def test_where_names_stand(index: ActorIndex) -> None:
    post = post_of(index, PERU)
    assert post is not None
    sentence = "Peru's president, Ada Orlok's rival said, is President Bela Zembla’s friend."
    for told in office_reports(sentence, post, index):
        assert sentence[told.start : told.end] == told.name


@pytest.mark.parametrize(
    ("verb", "one", "other", "meant"),
    [
        ("sack", "remove", "unseat", True),
        ("overthrow", "remove", "unseat", True),
        ("extract", "remove", "unseat", False),
        ("murder", "kill", "assassinate", True),
        ("wound", "kill", "assassinate", False),
        ("abdicate", "resign", "step_down", True),
        ("crown", "install", "invest", True),
        ("zorp", "remove", "unseat", False),
    ],
)
def test_what_a_verb_means_in_one_sense(verb: str, one: str, other: str, *, meant: bool) -> None:
    assert means(verb, one, other) is meant
