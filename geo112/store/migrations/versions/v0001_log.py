"""The log, its head and the people."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# RAISE stops the statement, whoever sends it: SQLite has no roles that could be denied UPDATE and DELETE.
_GUARDS = {
    "event_is_not_changed": "BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "event_is_not_removed": "BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END",
    "event_comes_next": "BEFORE INSERT ON event "
    "WHEN NOT EXISTS (SELECT 1 FROM head WHERE n = NEW.n - 1 AND hash = NEW.prev_hash) "
    "BEGIN SELECT RAISE(ABORT, 'an event comes after the last one'); END",
    "event_moves_head": "AFTER INSERT ON event BEGIN UPDATE head SET n = NEW.n, hash = NEW.hash; END",
    "head_goes_forward": "BEFORE UPDATE ON head WHEN NEW.id IS NOT OLD.id OR NEW.n <= OLD.n "
    "BEGIN SELECT RAISE(ABORT, 'the head only goes forward'); END",
    "head_is_not_removed": "BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the head is never removed'); END",
    "head_is_one": "BEFORE INSERT ON head WHEN EXISTS (SELECT 1 FROM head) "
    "BEGIN SELECT RAISE(ABORT, 'there is one head'); END",
}


def upgrade() -> None:
    """Make the tables, the guards that let the log only grow, and the head of an empty log."""
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("incident_id", sa.Text),
        sa.Column("body_json", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "person",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("imei", sa.Text),
        sa.Column("imsi", sa.Text),
        sa.Column("raw_message", sa.Text),
        sa.Column("received_at", sa.Text),
        sa.Column("external_ref", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("person_number", "person", ["number"])
    op.create_index("person_external_ref", "person", ["external_ref"])
    op.execute("INSERT INTO head (id, n, hash) VALUES (1, 0, '')")
    for name, what in _GUARDS.items():
        op.execute(f"CREATE TRIGGER {name} {what}")
