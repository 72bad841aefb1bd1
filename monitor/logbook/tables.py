"""The tables of the log. Migrations make them; a test holds that the two agree.

An entry never changes region and is never deleted. Every edit adds a row to ``versions``; ``entries.version`` is the
number of the current one, and what two people who edit at once are told apart by.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, with its time zone on both sides; SQLite itself keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC.

        Raises:
            ValueError: a moment without a time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    # Made by the form: saving the same form twice gives one entry.
    Column("key", String(64), nullable=False, unique=True),
    Column("region", String(100), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("version >= 1", name="version"),
)

versions = Table(
    "versions",
    metadata,
    Column("entry", Integer, ForeignKey("entries.id", ondelete="RESTRICT"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("date", Date, nullable=False),
    Column("goal", Integer),
    Column("indicator", String(100)),
    Column("finding", String(100)),
    Column("tried", Text, nullable=False),
    Column("learned", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("follow_up", Text, nullable=False),
    Column("look_again", Date),
    Column("withdrawn", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    # The subject is the key of the sign-in; only the name is ever shown.
    Column("subject", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("written", Moment, nullable=False),
    Index("ix_versions_date", "date"),
)
