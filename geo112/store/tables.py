"""The tables of a centre. The log only grows; people stand apart so that they can be erased."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text

metadata = MetaData()

# The number and hash of the last event, one row: who appends locks it first, so numbers have no gap and no double.
head = Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("call_id", Text),
    Column("incident_id", Text),
    Column("body_json", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# `at` is when the person was first recorded, `received_at` when the carrier had the message.
person = Table(
    "person",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("number", Text),
    Column("imei", Text),
    Column("imsi", Text),
    Column("raw_message", Text),
    Column("received_at", Text),
    Column("external_ref", Text),
    sqlite_with_rowid=False,
)
Index("person_number", person.c.number)
Index("person_external_ref", person.c.external_ref)
