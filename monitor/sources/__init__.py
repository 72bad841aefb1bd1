"""One module per publisher and form; each returns figures in one shape (see ``shape``)."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from monitor.definitions import Definitions, SourceTable
from monitor.errors import SourceInvalid
from monitor.sources.cbs_files import AreasReader, KwbReader, SeriesReader, StatlineReader
from monitor.sources.cbs_odata import ODataReader
from monitor.sources.eurostat import EurostatReader
from monitor.sources.rmbw import RmbwReader
from monitor.sources.shape import Reader


class Library:
    """The source tables below one folder, each opened once.

    Args:
        root: folder as given to ``snapshot build --from``.
    """

    def __init__(self, definitions: Definitions, root: Path) -> None:
        self.definitions = definitions
        self.root = root
        self._open: dict[str, Reader] = {}

    def reader(self, table_id: str) -> Reader:
        """Open a table.

        Raises:
            SourceInvalid: the file is not there or cannot be read.
        """
        if table_id not in self._open:
            self._open[table_id] = self._make(self.definitions.table(table_id))
        return self._open[table_id]

    def areas(self) -> AreasReader:
        """The list of areas."""
        reader = self.reader("GEBIEDEN")
        assert isinstance(reader, AreasReader)
        return reader

    def paths(self, table: SourceTable) -> list[Path]:
        """The files of a table."""
        return [self.root / f for f in (table.file, table.extra_file) if f]

    def _make(self, table: SourceTable) -> Reader:
        if not table.file:
            raise SourceInvalid(
                f"Van tabel {table.id} is er geen bestand; zij wordt alleen opgehaald.",
                "Haal haar op met 'python -m monitor refresh'.",
            )
        for path in self.paths(table):
            if not path.is_file():
                raise SourceInvalid(
                    f"Bestand {table.file} van tabel {table.id} ontbreekt in {self.root}.",
                    "Geef met --from de map met de bronbestanden op.",
                )
        if table.reader == "odata":
            header = pd.read_csv(self.root / table.file, nrows=0).columns
            # A topic ends on its number; everything else is a code, also where it looks like a number.
            codes = dict.fromkeys((c for c in header if not re.search(r"_\d+$", c)), str)
            return ODataReader(table, pd.read_csv(self.root / table.file, dtype=codes))
        if table.reader == "rmbw":
            return RmbwReader(table, self.root)
        if table.reader == "kwb":
            return KwbReader(table, self.root)
        if table.reader == "statline":
            return StatlineReader(table, self.root, self.areas().names(int(table.year or 0)))
        if table.reader == "gebieden":
            return AreasReader(table, self.root)
        if table.reader == "eurostat":
            return EurostatReader(table, self.root)
        return SeriesReader(table, self.root)
