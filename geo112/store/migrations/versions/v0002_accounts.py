"""Users, their sessions, the keys of machines, and the row by which a centre tries whether it can write."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of who may come in."""
    op.create_table(
        "account",
        sa.Column("user", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("user", sa.Text, sa.ForeignKey("account.user", ondelete="CASCADE"), nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("session_user", "session", ["user"])
    op.create_table(
        "machine_key",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("created_at", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("beats", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO pulse (id, beats) VALUES (1, 0)")
