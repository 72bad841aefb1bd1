"""Runs migrations on the connection that monitor/logbook/database.py hands over, inside its transaction and lock."""

from alembic import context

from monitor.logbook.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things: tables are then made anew and copied.
    render_as_batch=True,
)
context.run_migrations()
