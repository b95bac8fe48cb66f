"""Runs the steps on the connection, and in the transaction, that `geo112.store.database` gives."""

from alembic import context

from geo112.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
