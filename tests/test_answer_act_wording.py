"""How acts read, in every status."""

import pytest

from bot.answer.act_wording import act_in_words
from bot.models import Status


@pytest.mark.parametrize(
    ("act", "status", "targeted", "words"),
    [
        ("meet", Status.HAPPENED, True, "met"),
        ("meet", Status.PLANNED, True, "plans to meet"),
        ("meet", Status.POSSIBLE, True, "may meet"),
        ("hold talks", Status.HAPPENED, True, "held talks with"),
        ("hold talks", Status.DENIED, True, "did not hold talks with"),
        ("hold talks", Status.HAPPENED, False, "held talks"),
        ("visit", Status.CALLED_FOR, True, "is asked to visit"),
        ("kill person", Status.ONGOING, True, "killed"),
        ("agree", Status.HAPPENED, True, "reached an agreement with"),
        ("shoot down", Status.HAPPENED, True, "shot down aircraft of"),
        ("arrest", Status.HAPPENED, True, "arrested"),
        ("ban", Status.HAPPENED, True, "banned"),
        ("defy", Status.HAPPENED, True, "defied"),
        ("deploy forces", Status.HAPPENED, False, "deployed forces"),
        ("deploy forces", Status.HAPPENED, True, "deployed forces towards"),
        ("criticize", Status.HAPPENED, True, "criticised"),
        ("impose sanctions", Status.PLANNED, True, "plans to impose sanctions on"),
        ("step down", Status.HAPPENED, False, "stepped down"),
        ("commit to", Status.HAPPENED, True, "committed to"),
        ("deepen ties", Status.HAPPENED, True, "deepened ties with"),
        ("work together", Status.PLANNED, True, "plans to work together with"),
        ("protest", Status.HAPPENED, False, "protested"),
        ("refuse to", Status.HAPPENED, True, "refused to"),
        ("ask for", Status.POSSIBLE, True, "may ask for"),
        ("agree on", Status.HAPPENED, True, "agreed on"),
        ("agree", Status.HAPPENED, False, "agreed"),
        ("demand", Status.HAPPENED, True, "made a demand of"),
        ("demand", Status.HAPPENED, False, "demanded"),
        ("seek", Status.HAPPENED, False, "sought"),
        ("scrap", Status.HAPPENED, True, "scrapped"),
        ("strike", Status.HAPPENED, True, "struck"),
        ("back down from", Status.HAPPENED, True, "backed down from"),
        ("protest", Status.HAPPENED, True, "protested against"),
        ("accuse", Status.HAPPENED, True, "accused"),
        ("sentence people", Status.HAPPENED, True, "sentenced people of"),
        ("endorse", Status.HAPPENED, True, "endorsed"),
        ("thank", Status.PLANNED, True, "plans to thank"),
        ("offer condolences", Status.HAPPENED, True, "offered condolences to"),
        ("file a complaint against", Status.HAPPENED, True, "filed a complaint against"),
        ("express dismay", Status.HAPPENED, True, "expressed dismay at"),
        ("commute", Status.POSSIBLE, True, "may commute"),
        ("expel", Status.HAPPENED, True, "expelled"),
        ("expel diplomats", Status.HAPPENED, True, "expelled diplomats of"),
        ("raid", Status.HAPPENED, True, "raided"),
        ("travel", Status.HAPPENED, False, "travelled"),
        ("beat", Status.HAPPENED, True, "beat"),
        ("torpedo", Status.HAPPENED, True, "torpedoed"),
        ("test-fire", Status.HAPPENED, True, "did test-fire"),
    ],
)
def test_an_act_reads_as_its_status_has_it(
    act: str, status: Status, targeted: bool, words: str
) -> None:
    assert act_in_words(act, status, targeted=targeted) == words
