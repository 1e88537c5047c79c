"""The nouns of Dragoman: frozen, validated, without behaviour.

Offsets are code points into a revision's text (or title), ``start`` inclusive and
``end`` exclusive, so that ``text[start:end] == quote``. Instants are aware UTC
datetimes; ``precision`` says how much of one is known.
"""

from __future__ import annotations

from bot.models.actors import Actor, ActorType, Alias, AliasKind, Match, Tenure
from bot.models.articles import Article, Draft, Quote, Revision, Span
from bot.models.base import EVERYWHERE, LOCAL, SEED, Field_, Model, Precision
from bot.models.care import (
    ActorChange,
    AddActor,
    AddAlias,
    Edit,
    Merge,
    Own,
    RemoveAlias,
    Split,
    TakeIn,
)
from bot.models.digests import Digest, DigestIssue, DigestStory, Hours, Often, Quiet, Times
from bot.models.facts import (
    NAMES_ONLY,
    Arrival,
    Change,
    Compared,
    EventClass,
    Evidence,
    Fact,
    FoundFact,
    Introduced,
    Mention,
    Reading,
    Status,
    is_names_only,
)
from bot.models.feedback import Feedback, Verdict
from bot.models.feeds import (
    Feed,
    FeedEntry,
    FeedProblem,
    FeedRead,
    FeedState,
    Notice,
    Seen,
)
from bot.models.findings import Finding, Level
from bot.models.home import Active, AskedBefore, Home, ReadSoFar, SetUp
from bot.models.installed import Installed
from bot.models.learnt import Learnt
from bot.models.outgoing import Outgoing, OutgoingKind
from bot.models.pages import Extracted, Wall, WebPage
from bot.models.preferences import (
    DateStyle,
    FeedsBy,
    PersonPreferences,
    PlacePreferences,
    PreferenceOf,
    Preferences,
    WorkspacePreferences,
)
from bot.models.replies import (
    Answer,
    Asker,
    Brief,
    Changes,
    DidYouMean,
    Line,
    Nothing,
    Period,
    Related,
    Reply,
    Snippet,
)
from bot.models.requests import Request, SentReply
from bot.models.told import Corrected, Correction, Shown, Tells, Turn
from bot.models.watches import Alert, Alerted, Reason, Topic, Watch

__all__ = [
    "EVERYWHERE",
    "LOCAL",
    "NAMES_ONLY",
    "SEED",
    "Active",
    "Actor",
    "ActorChange",
    "ActorType",
    "AddActor",
    "AddAlias",
    "Alert",
    "Alerted",
    "Alias",
    "AliasKind",
    "Answer",
    "Arrival",
    "Article",
    "AskedBefore",
    "Asker",
    "Brief",
    "Change",
    "Changes",
    "Compared",
    "Corrected",
    "Correction",
    "DateStyle",
    "DidYouMean",
    "Digest",
    "DigestIssue",
    "DigestStory",
    "Draft",
    "Edit",
    "EventClass",
    "Evidence",
    "Extracted",
    "Fact",
    "Feed",
    "FeedEntry",
    "FeedProblem",
    "FeedRead",
    "FeedState",
    "Feedback",
    "FeedsBy",
    "Field_",
    "Finding",
    "FoundFact",
    "Home",
    "Hours",
    "Installed",
    "Introduced",
    "Learnt",
    "Level",
    "Line",
    "Match",
    "Mention",
    "Merge",
    "Model",
    "Nothing",
    "Notice",
    "Often",
    "Outgoing",
    "OutgoingKind",
    "Own",
    "Period",
    "PersonPreferences",
    "PlacePreferences",
    "Precision",
    "PreferenceOf",
    "Preferences",
    "Quiet",
    "Quote",
    "ReadSoFar",
    "Reading",
    "Reason",
    "Related",
    "RemoveAlias",
    "Reply",
    "Request",
    "Revision",
    "Seen",
    "SentReply",
    "SetUp",
    "Shown",
    "Snippet",
    "Span",
    "Split",
    "Status",
    "TakeIn",
    "Tells",
    "Tenure",
    "Times",
    "Topic",
    "Turn",
    "Verdict",
    "Wall",
    "Watch",
    "WebPage",
    "WorkspacePreferences",
    "is_names_only",
]
