"""The nouns of Dragoman: frozen, validated, without behaviour.

Offsets are code points into a revision's text (or title), ``start`` inclusive and
``end`` exclusive, so that ``text[start:end] == quote``. Instants are aware UTC
datetimes; ``precision`` says how exactly one is known.
"""

from __future__ import annotations

from bot.models.actors import Actor, ActorType, Alias, AliasKind, Match, Tenure
from bot.models.articles import (
    NAMES_ONLY,
    Arrival,
    Article,
    Change,
    Compared,
    Draft,
    Evidence,
    Fact,
    FoundFact,
    Introduced,
    Mention,
    Quote,
    Reading,
    Revision,
    Span,
    is_names_only,
)
from bot.models.base import EVERYWHERE, LOCAL, SEED, Field_, Model, Precision
from bot.models.curation import (
    ActorChange,
    AddActor,
    AddAlias,
    Edit,
    Fault,
    Merge,
    Own,
    RemoveAlias,
    Split,
    TakeIn,
    WrongFact,
)
from bot.models.event_classes import MUTUAL, EventClass, Status
from bot.models.feeds import (
    Extracted,
    Feed,
    FeedEntry,
    FeedProblem,
    FeedRead,
    FeedState,
    Finding,
    Level,
    Notice,
    Seen,
    Wall,
    WebPage,
)
from bot.models.following import (
    Active,
    Alert,
    Alerted,
    AskedBefore,
    DateStyle,
    Digest,
    DigestIssue,
    DigestStory,
    Feedback,
    FeedsBy,
    Home,
    Hours,
    Learnt,
    Often,
    PersonPreferences,
    PlacePreferences,
    PreferenceOf,
    Preferences,
    Quiet,
    ReadSoFar,
    Reason,
    SetUp,
    Times,
    Topic,
    Verdict,
    Watch,
    WorkspacePreferences,
)
from bot.models.messages import (
    Corrected,
    Correction,
    Installed,
    MessageRecord,
    Outgoing,
    OutgoingKind,
    Request,
    SentReply,
    Shown,
    Turn,
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
