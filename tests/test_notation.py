"""Numbers as Dutch readers write them."""

from __future__ import annotations

import math

import pytest

from monitor.definitions.models import Unit
from monitor.notation import (
    NBSP,
    UNIT_LABELS,
    UNKNOWN,
    difference,
    listing,
    number,
    parse,
    plain,
    quantity,
    rounded,
    trailing,
)
from tests.spec_table import cases, num

# In these tables a space in a result stands for a space that does not break (NBSP), and - for no value.

NUMBERS = """
    case                   | value      | decimals | text
    thousands and decimals | 1234.5     | 1        | 1.234,5
    millions               | 1234567.89 | 1        | 1.234.567,9
    no decimals            | 18044027   | 0        | 18.044.027
    below a thousand       | 999.94     | 1        | 999,9
    up to a thousand       | 999.95     | 1        | 1.000,0
    trailing zero stays    | 54         | 1        | 54,0
    half goes up           | 0.25       | 1        | 0,3
    half goes up, even too | 2.5        | 0        | 3
    half as it is written  | 1.005      | 2        | 1,01
    just below half        | 0.249      | 1        | 0,2
    half down below zero   | -0.25      | 1        | −0,3
    minus sign, no hyphen  | -1234.5    | 1        | −1.234,5
    rounded to thousands   | 335939     | -3       | 336.000
    half a thousand        | 335500     | -3       | 336.000
    just below             | 335499     | -3       | 335.000
    rounded to hundreds    | 31449.9    | -2       | 31.400
    zero                   | 0          | 1        | 0,0
    unknown                | -          | 1        | onbekend
"""


@pytest.mark.parametrize("case", cases(NUMBERS))
def test_a_number_in_dutch(case: dict[str, str]) -> None:
    assert number(num(case["value"]), int(case["decimals"])) == case["text"]


@pytest.mark.parametrize("value", [-0.04, -0.0])
def test_a_zero_has_no_minus(value: float) -> None:
    assert number(value, 1) == "0,0"
    assert plain(value, 1) == "0,0"


QUANTITIES = """
    case         | value    | unit              | decimals | text
    percentage   | 54.168   | procent           | 1        | 54,2%
    distance     | 6.824    | km                | 1        | 6,8 km
    euro         | 335938.9 | euro              | -3       | € 336.000
    rate         | 26.384   | per-1000-inwoners | 1        | 26,4
    count        | 39402    | aantal            | 0        | 39.402
    below zero   | -1500    | euro              | -2       | € −1.500
    unknown      | -        | procent           | 1        | onbekend
    unknown euro | -        | euro              | 0        | onbekend
"""


@pytest.mark.parametrize("case", cases(QUANTITIES))
def test_a_value_with_its_unit(case: dict[str, str]) -> None:
    got = quantity(num(case["value"]), case["unit"], int(case["decimals"]))  # type: ignore[arg-type]
    assert got == case["text"].replace(" ", NBSP)


def test_the_space_before_a_unit_does_not_break() -> None:
    assert NBSP == "\u00a0"
    assert quantity(6.8, "km", 1) == "6,8\u00a0km" and quantity(1000, "euro", 0) == "€\u00a01.000"


DIFFERENCES = """
    case                  | value  | unit    | decimals | text
    share, more           | 3.87   | procent | 1        | +3,9 procentpunt
    share, less           | -3.87  | procent | 1        | −3,9 procentpunt
    distance              | -0.44  | km      | 1        | −0,4 km
    euro                  | -42764 | euro    | -3       | −€ 43.000
    rate                  | 0.05   | aantal  | 1        | +0,1
    rounds to nothing     | 0.04   | procent | 1        | 0,0 procentpunt
    rounds to nothing too | -0.04  | km      | 1        | 0,0 km
    unknown               | -      | procent | 1        | onbekend
"""


@pytest.mark.parametrize("case", cases(DIFFERENCES))
def test_a_difference_has_a_sign_and_shares_differ_in_points(case: dict[str, str]) -> None:
    got = difference(num(case["value"]), case["unit"], int(case["decimals"]))  # type: ignore[arg-type]
    assert got == case["text"].replace(" ", NBSP)


PLAIN = """
    case       | value     | decimals | text
    decimals   | 1234.56   | 1        | 1234,6
    whole      | 1234567.5 | 0        | 1234568
    thousands  | 335939    | -3       | 336000
    below zero | -0.25     | 1        | -0,3
    unknown    | -         | 1        |
"""


@pytest.mark.parametrize("case", cases(PLAIN))
def test_a_number_for_a_spreadsheet(case: dict[str, str]) -> None:
    assert plain(num(case["value"]), int(case["decimals"])) == case["text"]


ROUNDED = """
    case        | value  | decimals | result
    one decimal | 54.168 | 1        | 54.2
    half        | 54.25  | 1        | 54.3
    below zero  | -54.25 | 1        | -54.3
    tens        | 55     | -1       | 60
    unknown     | -      | 1        | -
"""


@pytest.mark.parametrize("case", cases(ROUNDED))
def test_rounding_goes_half_up(case: dict[str, str]) -> None:
    assert rounded(num(case["value"]), int(case["decimals"])) == pytest.approx(num(case["result"]), nan_ok=True)


@pytest.mark.parametrize("unit", ["procent", "km", "euro", "per-1000-inwoners", "aantal"])
@pytest.mark.parametrize("value", [-1234567.8, -0.1, 0.0, 0.3, 54.2, 999.9, 1000.0, 18044027.0])
def test_what_is_written_can_be_read_back(value: float, unit: str) -> None:
    assert parse(quantity(value, unit, 1)) == value  # type: ignore[arg-type]
    assert parse(number(value, 1)) == value
    assert parse(difference(value, unit, 1)) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [UNKNOWN, "", "-", "km"])
def test_no_number_reads_as_unknown(text: str) -> None:
    assert math.isnan(parse(text))


LISTS = """
    names                         | sentence
                                  |
    Aalten                        | Aalten
    Aalten,Berkelland             | Aalten en Berkelland
    Aalten,Berkelland,Winterswijk | Aalten, Berkelland en Winterswijk
"""


@pytest.mark.parametrize("case", cases(LISTS))
def test_a_list_of_names_reads_as_a_sentence(case: dict[str, str]) -> None:
    assert listing([n for n in case["names"].split(",") if n]) == case["sentence"]


@pytest.mark.parametrize("unit", UNIT_LABELS)
def test_a_value_and_what_trails_it_say_the_whole_unit(unit: Unit) -> None:
    """'16 ha' beside 'Natuur' would be a thousandfold: what a unit is counted per always stands behind the value."""
    said = f"{quantity(16, unit, 0)} {trailing(unit)}".replace(NBSP, " ").strip()
    per = UNIT_LABELS[unit].partition("per ")
    if per[1]:
        assert said == f"16 {UNIT_LABELS[unit]}"
    else:
        assert trailing(unit) == ""
