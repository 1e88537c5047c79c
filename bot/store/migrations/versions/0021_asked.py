"""What somebody asked last is found wherever they asked."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_index(
        op.f("ix_reply_workspace_person_sent_at"), "reply", ["workspace", "person", "sent_at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_reply_workspace_person_sent_at"), table_name="reply")
