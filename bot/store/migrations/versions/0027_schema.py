"""The schema of the first release."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Utc

revision = "0027"
down_revision = None

_TYPES: dict[str, Any] = {
    "": sa.String(),
    "hash": sa.String(64),
    "iso3": sa.String(3),
    "text": sa.Text(),
    "instant": Utc(),
    "date": sa.Date(),
    "datetime": sa.DateTime(),
    "bool": sa.Boolean(),
    "int": sa.Integer(),
    "serial": sa.Integer(),
    "bigint": sa.BigInteger(),
    "count": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "float": sa.Float(),
    "bytes": sa.LargeBinary(),
}


def _table(name: str, columns: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> None:
    """Create a table, with ``columns`` as ``name:type``, and ``*`` for the primary key.

    A ``?`` marks a column that may be NULL; a column without a type is a string.
    """
    op.create_table(
        name,
        *map(_column, columns.split()),
        *parts,
        **({} if rowid else {"sqlite_with_rowid": False}),
    )


def _column(written: str) -> sa.Column[Any]:
    name, _, kind = written.rstrip("*?").partition(":")
    return sa.Column(
        name,
        _TYPES[kind],
        primary_key=written.endswith("*"),
        nullable=written.endswith("?"),
        autoincrement=kind == "serial",
    )


def _refers(columns: str, table: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns.split(), [f"{table}.{one}" for one in to.split()])


def _where(condition: str) -> dict[str, Any]:
    """Make an index partial, in both dialects."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _table(
        "actor",
        "workspace* id* type name iso3:iso3? acts_for? description:text? source:text "
        "as_of:date? merged_into?",
    )
    _table(
        "actor_change",
        "workspace* seq:int* actor op before:text? after:text? person at:instant undone:bool",
    )
    _table(
        "alerted",
        "workspace* team* place* article* story at:instant",
        sa.Index(None, "workspace", "article"),
        sa.Index(None, "workspace", "story"),
        rowid=False,
    )
    _table(
        "article",
        "workspace* id* audience identity external_id? url:text? publisher? "
        "original_source? published:instant? published_precision? first_seen:instant "
        "tombstoned_at:instant? author? modified:instant? language?",
        sa.UniqueConstraint("workspace", "audience", "identity"),
        sa.Index("ix_article_tombstoned", "workspace", **_where("tombstoned_at IS NOT NULL")),
        sa.Index(None, "workspace", "published", "id"),
        rowid=False,
    )
    _table("change", "seq:count* workspace kind key op")
    _table("corrected", "workspace* line* team* place* thread* what* at:instant", rowid=False)
    _table("counter", "name* value:count")
    _table(
        "digest",
        "workspace* id:int* team place room? person times:text actors:text quiet "
        "hush:text? paused:bool since:instant due:instant lease_until:instant? claim:int",
        sa.Index(None, "paused", "due"),
        sa.Index(None, "workspace", "team", "place", unique=True),
    )
    _table(
        "digested",
        "workspace* digest:int* article* story revision:int sources:text at:instant",
        rowid=False,
    )
    _table(
        "feed",
        "workspace* id* audience key state next_poll:instant lease_until:instant? "
        "claim:int fares:text",
        sa.UniqueConstraint("workspace", "audience", "key"),
        sa.Index(None, "state", "next_poll"),
    )
    _table("feed_notice", "workspace* id* feed said:text at:instant", rowid=False)
    _table(
        "feedback",
        "workspace* reply* person* verdict comment:text query:text told:text place at:instant",
        sa.Index(None, "at"),
        rowid=False,
    )
    _table(
        "held",
        "workspace* team* place* story* owner alert:text until:instant",
        sa.Index(None, "until"),
        rowid=False,
    )
    _table("hidden_alias", "workspace* actor* text*", rowid=False)
    _table(
        "installed",
        "workspace* organisation? org_wide:bool name:text person since:instant "
        "left_at:instant? begun_at:instant? deleting:bool",
        sa.Index(None, "organisation"),
    )
    _table("listening", "workspace* place* n:int* reads:bool person at:instant", rowid=False)
    _table("mark", "name* value:text")
    _table(
        "outgoing",
        "workspace* key* kind place thread? content:text due_at:instant owner? "
        "expires_at:instant? state not_before:instant lease_until:instant? attempts:int "
        "put_at:instant ended_at:instant? ts? error:text? tells:text?",
        sa.Index(None, "state", "workspace", "place", "not_before"),
    )
    _table(
        "pace",
        "workspace* place* free_at:instant rest_until:instant? busy_until:instant?",
        rowid=False,
    )
    _table("preference", "workspace* kind* owner* name* value:text", rowid=False)
    _table(
        "provisional",
        "workspace* id* audience name key last type role? state? source as_of:date? promoted:bool",
        sa.Index(None, "workspace", "key"),
        sa.Index(None, "workspace", "last"),
        rowid=False,
    )
    _table(
        "reply",
        "workspace* id* surface request place person ts? query:text period:text? "
        "as_of:instant fact_ids:text sent_at:instant",
        sa.UniqueConstraint("workspace", "surface", "request"),
        sa.Index(None, "workspace", "person", "sent_at"),
        sa.Index(None, "workspace", "place", "ts"),
    )
    _table(
        "request",
        "workspace* surface* key* payload:text state lease_until:instant? attempts:int "
        "received_at:instant ended_at:instant? error:text?",
        sa.Index(None, "state", "lease_until"),
    )
    _table("shingle", "workspace* hash:bigint* article* kept:int", rowid=False)
    _table(
        "slack_bots",
        "id:serial* client_id app_id enterprise_id? enterprise_name:text? team_id? "
        "team_name:text? bot_token:text? bot_id? bot_user_id? bot_scopes:text? "
        "bot_refresh_token:text? bot_token_expires_at:datetime? "
        "is_enterprise_install:bool installed_at:datetime",
        sa.Index(None, "client_id", "enterprise_id", "team_id", "installed_at"),
    )
    _table(
        "slack_installations",
        "id:serial* client_id app_id enterprise_id? enterprise_name:text? "
        "enterprise_url:text? team_id? team_name:text? bot_token:text? bot_id? "
        "bot_user_id? bot_scopes:text? bot_refresh_token:text? "
        "bot_token_expires_at:datetime? user_id user_token:text? user_scopes:text? "
        "user_refresh_token:text? user_token_expires_at:datetime? "
        "incoming_webhook_url:text? incoming_webhook_channel:text? "
        "incoming_webhook_channel_id:text? incoming_webhook_configuration_url:text? "
        "is_enterprise_install:bool token_type? installed_at:datetime",
        sa.Index(None, "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
    )
    _table("slack_oauth_states", "id:serial* state expire_at:datetime", sa.Index(None, "state"))
    _table("source_trust", "workspace* key* name level", rowid=False)
    _table(
        "tenure",
        "workspace* id* office person since:date? until:date? source:text",
        sa.Index(None, "workspace", "office", "since"),
    )
    _table(
        "told",
        "workspace* id* team place thread? ts? person query:text audiences:text tz "
        "as_of:instant at:instant looked:bool",
        sa.Index(None, "at"),
        sa.Index(None, "looked"),
        sa.Index(None, "team", "place", "ts"),
        rowid=False,
    )
    _table("trust_change", "workspace* seq:int* key name before level person at:instant")
    _table(
        "watch",
        "workspace* id:int* team place room? person typed:text topic:text least:int "
        "digest_only:bool paused:bool muted_until:instant? tz since:instant",
        sa.Index(None, "workspace", "team", "place"),
    )
    _table(
        "alias",
        "workspace* actor* text* kind* lang? source:text?",
        _refers("workspace actor", "actor", "workspace id"),
    )
    _table(
        "article_name",
        "workspace* name* audience* article",
        _refers("workspace article", "article", "workspace id"),
        rowid=False,
    )
    _table(
        "article_source",
        "workspace* article* key* n:int name",
        _refers("workspace article", "article", "workspace id"),
        rowid=False,
    )
    _table(
        "feed_entry",
        "workspace* feed* key* sha256:hash link? published:instant? published_precision? "
        "tries:int last_seen:instant",
        _refers("workspace feed", "feed", "workspace id"),
        sa.Index(None, "workspace", "link"),
        rowid=False,
    )
    _table(
        "feed_notice_sent",
        "workspace* notice* person* at:instant",
        _refers("workspace notice", "feed_notice", "workspace id"),
        rowid=False,
    )
    _table(
        "folded",
        "workspace* article* original? sources:text",
        _refers("workspace article", "article", "workspace id"),
        sa.Index(None, "workspace", "original"),
        rowid=False,
    )
    _table(
        "introduction",
        "workspace* actor* article*",
        _refers("workspace article", "article", "workspace id"),
        sa.Index(None, "workspace", "article"),
        rowid=False,
    )
    _table(
        "mention",
        "workspace* article* field* start:int* end:int* actor* alias kind",
        _refers("workspace article", "article", "workspace id"),
        sa.Index(None, "workspace", "actor", "article"),
        rowid=False,
    )
    _table(
        "near_copy",
        "workspace* article* other* share:float",
        _refers("workspace article", "article", "workspace id"),
        rowid=False,
    )
    _table(
        "revision",
        "workspace* article* n:int* sha256:hash seen_at:instant title:text text:text",
        _refers("workspace article", "article", "workspace id"),
        sa.Index(None, "seen_at"),
    )
    _table(
        "story_article",
        "workspace* article* story day:date founds:bool terms:bytes",
        _refers("workspace article", "article", "workspace id"),
        sa.Index(None, "workspace", "day"),
        sa.Index(None, "workspace", "story"),
        rowid=False,
    )
    _table(
        "told_line",
        "workspace* article* id* message* fact? revision:int quote:text",
        _refers("workspace message", "told", "workspace id"),
        sa.Index(None, "workspace", "message"),
        rowid=False,
    )
    _table(
        "withheld",
        "workspace* article*",
        _refers("workspace article", "article", "workspace id"),
        rowid=False,
    )
    _table(
        "reading",
        "workspace* article* id* revision:int reader_version gazetteer_version "
        "passages:text superseded_at:instant?",
        _refers("workspace article revision", "revision", "workspace article n"),
        sa.Index(
            "ix_reading_live",
            "workspace",
            "reader_version",
            "gazetteer_version",
            **_where("superseded_at IS NULL"),
        ),
        rowid=False,
    )
    _table(
        "thinned",
        "workspace* article* n:int* at:instant",
        _refers("workspace article n", "revision", "workspace article n"),
        rowid=False,
    )
    _table(
        "fact",
        "workspace* article* id* reading source_actor class act target_actor? status "
        "claimant? event_date:date? precision? place? happening? retired_at:instant? "
        "source_for? target_for? day:date? target_words:text? source_words:text? "
        "claimant_words:text?",
        _refers("workspace article reading", "reading", "workspace article id"),
        sa.Index(None, "workspace", "claimant", "day", "class", **_where("claimant IS NOT NULL")),
        sa.Index(None, "workspace", "happening"),
        sa.Index(None, "workspace", "place", "day", "class", **_where("place IS NOT NULL")),
        sa.Index(None, "workspace", "source_actor", "day", "class"),
        sa.Index(None, "workspace", "source_for", "target_for", "day"),
        sa.Index(None, "workspace", "target_actor", "day", "class"),
        rowid=False,
    )
    _table(
        "evidence",
        "workspace* article* fact* revision:int* field* start:int* end:int* quote:text",
        _refers("workspace article fact", "fact", "workspace article id"),
        sa.CheckConstraint('"end" > start', name="span"),
        rowid=False,
    )
    _table(
        "wrong_fact",
        "workspace* article* fact* seq:int fault hidden:bool",
        _refers("workspace article fact", "fact", "workspace article id"),
        rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        _write_statistics()


def _write_statistics() -> None:
    """Give SQLite statistics: without them it assumes that a workspace has few rows.

    It would then answer "which of these identities are stored?" by reading every article.
    https://sqlite.org/lang_analyze.html allows statistics to be written by hand.
    """
    op.execute("ANALYZE")  # creates the table
    op.execute("DELETE FROM sqlite_stat1")
    op.execute(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
        " ('article', 'article', '100000 100000 1'),"
        " ('article', 'sqlite_autoindex_article_2', '100000 100000 100000 1'),"
        " ('article', 'ix_article_workspace_published_id', '100000 100000 100 1')"
    )
    op.execute("ANALYZE sqlite_schema")  # reads them
