"""Toegankelijkheid: the draft of the accessibility statement, as it stands in docs/toegankelijkheidsverklaring.md."""

from monitor.screens.statement import statement
from ui import frame

with frame.page("toegankelijkheid"):
    frame.document(statement())
