"""The visual language as data: every outlet takes its colours, sizes and shapes from here (docs/vormgeving.md)."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.statistics.judge import Outcome

INK = "#154273"
TEXT = "#1B2A3A"
MUTED = "#566472"
LINE = "#D6DCE2"
SURFACE = "#F4F6F8"
ABROAD = "#EDEFF1"
ABROAD_LINE = "#FFFFFF"
DOT, DOT_EDGE = "#B4BEC8", "#7D8893"
OTHER = "#C3CBD3"
# Around the benchmark: a difference that is too small to matter.
BAND = "#E4E9EE"
COUNTRY = "#000000"
LOCATION, LOCATION_LIGHT = "#8FA9C6", "#C7D5E5"
UNKNOWN_FILL, UNKNOWN_LINE = "#FFFFFF", "#C3CBD3"

# Light to dark, apart in grey print as well; purple carries no judgement.
SEQUENCE = ("#E6DFF0", "#C9B9DE", "#A388C6", "#7453A4", "#3E2170")
# Around the benchmark: unfavourable - equal - favourable, and for figures without a direction lower - higher. The two
# sides have another lightness, so that grey print keeps them apart as well (tests/test_accessible_colour.py).
DIVERGING = ("#C7600C", "#EFBF92", "#E3E7EB", "#7FA8D6", "#0E3F7E")
DIVERGING_NEUTRAL = ("#66717C", "#BAC2CA", "#E3E7EB", "#A486C6", "#45277A")
# Chosen regions in a trend: differ in lightness and in dash, so that grey print keeps them apart.
SERIES = (("#154273", "solid"), ("#C7600C", "dash"), ("#6F4AA0", "dot"), ("#2E7D86", "dashdot"))

# What the map of the country shows: degrees. Room on the left for names in the sea.
LON, LAT = (2.62, 7.72), (50.58, 53.72)
SANS, SERIF = "Source Sans 3", "Source Serif 4"


@dataclass(frozen=True)
class Mark:
    """Shape and colour of an outcome; never shown without its word or a legend in the same block."""

    shape: str
    colour: str
    light: str
    sign: str


MARKS: dict[Outcome, Mark] = {
    "gunstiger": Mark("up", "#17539B", "#C3D3E8", "▲"),
    "ongunstiger": Mark("down", "#C7600C", "#F6D9BE", "▼"),
    "vergelijkbaar": Mark("circle", "#848E98", "#C9D0D6", "●"),
    "hoger": Mark("diamond", "#154273", "#C7D5E5", "◆"),
    "lager": Mark("diamond", "#154273", "#C7D5E5", "◆"),
    "niet te beoordelen": Mark("hollow", "#566472", "#FFFFFF", "○"),
}
