"""The tables of workspaces that installed Dragoman; ``migrations/`` makes them.

The last three hold tokens. Slack's library reads and writes them
(``slack_sdk.oauth.installation_store.sqlalchemy``, ``slack_sdk.oauth.state_store.sqlalchemy``),
so their names and columns are its own; its instants are UTC without saying so.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, String, Table, Text

from bot.store.instants import Utc
from bot.store.tables import metadata

installed = Table(
    "installed",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("organisation", String),
    Column("org_wide", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", String, nullable=False),
    Column("since", Utc, nullable=False),
    Column("left_at", Utc),
    Column("begun_at", Utc),
    Column("deleting", Boolean, nullable=False),
    Index(None, "organisation"),
)

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String, nullable=False),
    Column("app_id", String, nullable=False),
    Column("enterprise_id", String),
    Column("enterprise_name", Text),
    Column("team_id", String),
    Column("team_name", Text),
    Column("bot_token", Text),
    Column("bot_id", String),
    Column("bot_user_id", String),
    Column("bot_scopes", Text),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index(None, "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String, nullable=False),
    Column("app_id", String, nullable=False),
    Column("enterprise_id", String),
    Column("enterprise_name", Text),
    Column("enterprise_url", Text),
    Column("team_id", String),
    Column("team_name", Text),
    Column("bot_token", Text),
    Column("bot_id", String),
    Column("bot_user_id", String),
    Column("bot_scopes", Text),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", String, nullable=False),
    Column("user_token", Text),
    Column("user_scopes", Text),
    Column("user_refresh_token", Text),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", Text),
    Column("incoming_webhook_channel", Text),
    Column("incoming_webhook_channel_id", Text),
    Column("incoming_webhook_configuration_url", Text),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String),
    Column("installed_at", DateTime, nullable=False),
    Index(None, "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String, nullable=False),
    Column("expire_at", DateTime, nullable=False),
    Index(None, "state"),
)

TOKENS = (slack_bots, slack_installations, slack_oauth_states)
"""Kept by Slack's library; their rows go when a workspace leaves, and not with its data."""
