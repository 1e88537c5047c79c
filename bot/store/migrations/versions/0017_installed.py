"""The workspaces that installed it, and the tables in which Slack's library keeps tokens."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Utc

revision = "0017"
down_revision = "0016"


def _needed(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=True) for name in names]


def _words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=True) for name in names]


def upgrade() -> None:
    op.create_table(
        "installed",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("org_wide", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("left_at", Utc(), nullable=True),
        sa.Column("begun_at", Utc(), nullable=True),
        sa.Column("deleting", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_installed")),
    )
    op.create_index(op.f("ix_installed_organisation"), "installed", ["organisation"])
    _bots()
    _installations()
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *_needed("state"),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_oauth_states")),
    )
    op.create_index(op.f("ix_slack_oauth_states_state"), "slack_oauth_states", ["state"])


def _bots() -> None:
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *_needed("client_id", "app_id"),
        *_words("enterprise_id", "team_id", "bot_id", "bot_user_id"),
        *_texts("enterprise_name", "team_name", "bot_token", "bot_scopes", "bot_refresh_token"),
        sa.Column("bot_token_expires_at", sa.DateTime(), nullable=True),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_bots")),
    )
    found = ["client_id", "enterprise_id", "team_id", "installed_at"]
    op.create_index(op.f(f"ix_slack_bots_{'_'.join(found)}"), "slack_bots", found)


def _installations() -> None:
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *_needed("client_id", "app_id", "user_id"),
        *_words("enterprise_id", "team_id", "bot_id", "bot_user_id", "token_type"),
        *_texts("enterprise_name", "enterprise_url", "team_name"),
        *_texts("bot_token", "bot_scopes", "bot_refresh_token"),
        *_texts("user_token", "user_scopes", "user_refresh_token"),
        *_texts("incoming_webhook_url", "incoming_webhook_channel"),
        *_texts("incoming_webhook_channel_id", "incoming_webhook_configuration_url"),
        sa.Column("bot_token_expires_at", sa.DateTime(), nullable=True),
        sa.Column("user_token_expires_at", sa.DateTime(), nullable=True),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_installations")),
    )
    found = ["client_id", "enterprise_id", "team_id", "user_id", "installed_at"]
    op.create_index(op.f(f"ix_slack_installations_{'_'.join(found)}"), "slack_installations", found)


def downgrade() -> None:
    op.drop_table("slack_oauth_states")
    op.drop_table("slack_installations")
    op.drop_table("slack_bots")
    op.drop_table("installed")
