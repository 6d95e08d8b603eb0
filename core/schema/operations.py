"""What a migration step may do to the database: the `ops` it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, inspect, select, text
from sqlalchemy.sql.base import Executable

from core.errors import UpgradeError
from core.i18n.messages import _
from core.schema.apply import CHECK_LINKS, apply
from core.schema.compare import column_renames
from core.schema.export import keep_rows
from core.schema.plan import plan
from core.schema.work import online
from core.sealing import MARK, Vault, put

_TRANSACTION = re.compile(r"\s*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|START)\b", re.IGNORECASE)


class Ops:
    """Operations of one step, inside the transaction of the upgrade.

    Attributes: `dialect` is "sqlite" or "postgresql"; `phase` that of the step.
    """

    def __init__(self, connection: Connection, metadata: MetaData, phase: str, vault: Vault | None = None,
                 kept: Path | None = None) -> None:
        self._vault = vault
        self._kept = kept
        self._connection = connection
        self._metadata = metadata
        self.phase = phase
        self.dialect: str = connection.dialect.name

    def table(self, record: str) -> Table:
        """The record type's table: as declared, or in phase expand as it still is in the database."""
        name = table_name(record)
        if self.phase != "expand" and name in self._metadata.tables:
            return self._metadata.tables[name]
        if not inspect(self._connection).has_table(name):
            raise UpgradeError(_("There is no table for the record type {record}."), record=record)
        return Table(name, MetaData(), autoload_with=self._connection, resolve_fks=False)

    def ids(self, record: str, after: int = 0, limit: int | None = None) -> list[int]:
        """Ids greater than `after`, ascending, deleted and archived records included."""
        column = self.table(record).c.id
        return list(self._connection.scalars(select(column).where(column > after).order_by(column).limit(limit)))

    def execute(self, statement: str | Executable,
                params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> list[dict[str, Any]]:
        """Run SQL (with `:name` parameters) or a SQLAlchemy statement; gives the rows of a query, else nothing."""
        if isinstance(statement, str):
            if _TRANSACTION.match(statement):
                raise UpgradeError(_("A migration step may not begin or end transactions."))
            statement = text(statement)
        self._connection.info[CHECK_LINKS] = True
        result = self._connection.execute(statement, params)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def rename_field(self, record: str, old: str, new: str) -> None:
        """Rename a field's columns (a link's `_id` too), or the table of a many-to-many field; done twice is fine."""
        table = table_name(record)
        inspector = inspect(self._connection)
        tables = set(inspector.get_table_names())
        quote = self._connection.dialect.identifier_preparer.quote
        operations = online(self._connection)
        if table in tables:
            present = {facts["name"] for facts in inspector.get_columns(table)}
            for before, after in column_renames(present, old, new):
                operations.execute(f"ALTER TABLE {quote(table)} RENAME COLUMN {quote(before)} TO {quote(after)}")
        before, after = f"{table}_{old}", f"{table}_{new}"
        if before in tables and after not in tables:
            operations.execute(f"ALTER TABLE {quote(before)} RENAME TO {quote(after)}")

    def seal(self, record: str, field: str, ids: Sequence[int]) -> None:
        """Seal what stands in the clear in a field that became a `fields.Secret`; done twice is fine."""
        if self._vault is None:
            raise UpgradeError(_("Values are sealed in phase “data” only, not in “{phase}”."), phase=self.phase)
        column = self.table(record).c[field]
        rows = self._connection.execute(select(column.table.c.id, column).where(column.table.c.id.in_(ids), column.is_not(None)))
        put(self._connection, column, {key: self._vault.reseal(value) for key, value in rows.all()
                                       if not value.token.startswith(MARK)})

    def drop_column(self, record: str, field: str) -> None:
        """Drop a field's columns, in phase contract only, and only once nothing declares them any more."""
        if self.phase != "contract":
            raise UpgradeError(_("Columns are dropped in phase “contract” only, not in “{phase}”."), phase=self.phase)
        table = table_name(record)
        declared = self._metadata.tables.get(table)
        names = {field, f"{field}_id", f"{field}_type"}
        if declared is not None and names & set(declared.c.keys()):
            raise UpgradeError(_("The field {field} of {record} is still declared."), field=field, record=record)
        found = plan(self._connection, self._metadata)
        apply(self._connection, found, lambda one: one.kind == "drop_column" and one.table == table
              and one.name in names)

    def drop_table(self, record: str) -> None:
        """Drop the table of a record type that nothing declares any more, in phase contract only; done twice is fine.

        Its rows go to a file in the folder `dropped` of the data folder first.
        """
        table = table_name(record)
        if self.phase != "contract" or self._kept is None:
            raise UpgradeError(_("Tables are dropped in phase “contract” only, not in “{phase}”."), phase=self.phase)
        if table in self._metadata.tables:
            raise UpgradeError(_("The record type {record} is still declared."), record=record)
        if not inspect(self._connection).has_table(table):
            return
        keep_rows(self._connection, table, self._kept)
        cascade = "" if self.dialect == "sqlite" else " CASCADE"
        online(self._connection).execute(f"DROP TABLE {self._connection.dialect.identifier_preparer.quote(table)}{cascade}")
        apply(self._connection, plan(self._connection, self._metadata))


def table_name(record: str) -> str:
    """The table of a record type: `leads.lead` is stored in `leads_lead`."""
    return record.replace(".", "_")
