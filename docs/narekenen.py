# ruff: noqa: T201
"""Three judgements worked out by hand from the figures that CBS publishes, laid beside what the software says.

Usage: ``python docs/narekenen.py [folder of the project]``. Needs Python and the project, no other package for the
sums themselves. Exit code 1 when a number or a judgement differs.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

# The numbers below stand as CBS publishes them: per area the figure, its lower and upper bound where there is one,
# and the inhabitants on 1 January of that year (table 03759ned).

# Gezondheidsmonitor 2024, table 86137NED: adults who are overweight (%), with the bounds of the 95% interval.
OVERGEWICHT_2024 = {
    "Aalten": (52.5, 48.5, 56.5, 27308),
    "Berkelland": (56.4, 52.6, 60.1, 43933),
    "Bronckhorst": (53.7, 49.8, 57.6, 36119),
    "Doetinchem": (50.6, 46.7, 54.5, 59623),
    "Oost Gelre": (51.5, 47.5, 55.5, 29969),
    "Oude IJsselstreek": (58.2, 54.8, 61.5, 39402),
    "Winterswijk": (54.2, 50.2, 58.3, 29231),
    "Montferland": (57.0, 53.1, 60.8, 36873),
}
OVERGEWICHT_2024_NEDERLAND = 50.0

# Regionale Monitor Brede Welvaart, edition 2023: registered crimes per 1,000 inhabitants in 2022.
MISDRIJVEN_2022 = {
    "Hulst": (33.0, 27533),
    "Terneuzen": (36.0, 54501),
    "Sluis": (33.0, 23141),
}

# The same edition: people of 15 and over who trust institutions (%) in 2022. Municipalities have no margin.
VERTROUWEN_2022 = {
    "Heerenveen": (55.1, 51119),
    "Ooststellingwerf": (55.3, 25680),
    "Opsterland": (61.4, 29791),
    "Smallingerland": (55.0, 55895),
    "Weststellingwerf": (60.2, 26278),
}
FRYSLAN_ONDER, FRYSLAN_BOVEN = 56.5, 61.9

# The 12 provinces in 2022: crimes, trust, inhabitants. The edition has no figure of the country for these two.
PROVINCIES_2022 = {
    "Groningen": (43.0, 57.0, 590170),
    "Fryslân": (32.0, 59.2, 654019),
    "Drenthe": (35.0, 59.2, 497743),
    "Overijssel": (39.0, 62.5, 1171910),
    "Flevoland": (40.0, 59.4, 434771),
    "Gelderland": (39.0, 61.6, 2110472),
    "Utrecht": (43.0, 65.1, 1369873),
    "Noord-Holland": (55.0, 62.3, 2909827),
    "Zuid-Holland": (51.0, 62.0, 3753944),
    "Zeeland": (36.0, 59.2, 386767),
    "Noord-Brabant": (46.0, 60.9, 2592874),
    "Limburg": (47.0, 56.4, 1118302),
}

# From which difference on it matters: a quarter of the standard deviation between the COROP regions. The page
# Methode tells it of every figure.
KLEINSTE_VERSCHIL = {"overgewicht": 1.1, "geregistreerde-misdrijven": 2.3, "vertrouwen-instituties": 0.9}


def nl(number: float, decimals: int = 2) -> str:
    """A number as it is written in Dutch: 1.234,5."""
    return f"{number:,.{decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def weighted_mean(rows: dict[str, tuple[float, int]]) -> float:
    """Print and return the mean of the figures, weighted by inhabitants: sum of figure x inhabitants / inhabitants."""
    top = people = 0.0
    for name, (figure, inhabitants) in rows.items():
        top += figure * inhabitants
        people += inhabitants
        print(f"  {name:<18} {nl(figure, 1):>5} x {nl(inhabitants, 0):>9} = {nl(figure * inhabitants, 1):>15}")
    print(f"  {'samen':<18} {'':>5}   {nl(people, 0):>9}   {nl(top, 1):>15}")
    print(f"  gemiddelde: {nl(top, 1)} / {nl(people, 0)} = {nl(top / people, 4)}")
    return top / people


def half_width(rows: dict[str, tuple[float, float, float, int]]) -> float:
    """Print and return half the 95% interval of the mean: 1.96 x the root of the sum of (share x error) squared."""
    people = sum(inhabitants for *_, inhabitants in rows.values())
    total = 0.0
    for name, (_, lower, upper, inhabitants) in rows.items():
        share, error = inhabitants / people, (upper - lower) / (2 * 1.96)
        total += (share * error) ** 2
        print(
            f"  {name:<18} aandeel {nl(share, 4)}; standaardfout ({nl(upper, 1)} - {nl(lower, 1)}) / 3,92 = "
            f"{nl(error, 3)}; kwadraat van het product {nl((share * error) ** 2, 5)}"
        )
    half = 1.96 * math.sqrt(total)
    print(f"  halve marge: 1,96 x wortel van {nl(total, 5)} = {nl(half, 4)}")
    return half


def matters(name: str, difference: float) -> bool:
    """Print and return whether a difference is as large as the smallest that matters."""
    least = KLEINSTE_VERSCHIL[name]
    enough = abs(difference) >= least
    print(f"Doet het ertoe? {nl(abs(difference))} is {'minstens' if enough else 'minder dan'} {nl(least, 1)}.")
    return enough


def overweight() -> dict[str, float | str]:
    """A survey: the interval of the region must exclude the Netherlands. Lower is better."""
    print("1. ENQUÊTE: overgewicht in de Achterhoek, 2024 (CBS-tabel 86137NED; inwoners 03759ned)\n")
    print("Gemiddelde, gewogen naar inwoners:")
    mean = weighted_mean({name: (row[0], row[3]) for name, row in OVERGEWICHT_2024.items()})
    print("Marge van 95%, uit de grenzen die CBS per gemeente geeft:")
    half = half_width(OVERGEWICHT_2024)
    lower, upper, country = mean - half, mean + half, OVERGEWICHT_2024_NEDERLAND
    print(f"De regio ligt tussen {nl(lower)} en {nl(upper)}. Nederland: {nl(country, 1)}, zoals CBS het publiceert.")
    outside = not lower <= country <= upper
    print(f"Zeker genoeg? Nederland ligt {'buiten' if outside else 'binnen'} de marge.")
    if matters("overgewicht", mean - country) and outside:
        judgement = "ongunstiger" if mean > country else "gunstiger"
    else:
        judgement = "vergelijkbaar"
    print(f"Oordeel: {judgement}; minder overgewicht is gunstiger.")
    return {"value": mean, "lower": lower, "upper": upper, "benchmark": country, "judgement": judgement}


def crimes() -> dict[str, float | str]:
    """A register: no sample, so only the size of the difference counts. Lower is better."""
    print("2. TELLING: geregistreerde misdrijven per 1.000 inwoners in Zeeuws-Vlaanderen, 2022")
    print("   (Regionale Monitor Brede Welvaart, editie 2023; inwoners 03759ned)\n")
    print("Gemiddelde, gewogen naar inwoners:")
    mean = weighted_mean(MISDRIJVEN_2022)
    print("Nederland, uit de 12 provincies die CBS geeft:")
    country = weighted_mean({name: (row[0], row[2]) for name, row in PROVINCIES_2022.items()})
    print("Zeker genoeg? Het is een telling: er is geen steekproef en dus geen marge.")
    if matters("geregistreerde-misdrijven", mean - country):
        judgement = "ongunstiger" if mean > country else "gunstiger"
    else:
        judgement = "vergelijkbaar"
    print(f"Oordeel: {judgement}; minder misdrijven is gunstiger.")
    return {"value": mean, "benchmark": country, "judgement": judgement}


def trust() -> dict[str, float | str]:
    """An estimate: the difference must exceed the margin that CBS gives for the province. Higher is better."""
    print("3. SCHATTING: vertrouwen in instituties in Zuidoost-Fryslân, 2022")
    print("   (Regionale Monitor Brede Welvaart, editie 2023; inwoners 03759ned)\n")
    print("Gemiddelde, gewogen naar inwoners:")
    mean = weighted_mean(VERTROUWEN_2022)
    print("Nederland, uit de 12 provincies die CBS geeft:")
    country = weighted_mean({name: (row[1], row[2]) for name, row in PROVINCIES_2022.items()})
    half = (FRYSLAN_BOVEN - FRYSLAN_ONDER) / 2
    difference = mean - country
    print("Per gemeente is er geen marge; daarom telt de marge van de provincie Fryslân:")
    print(f"  halve marge: ({nl(FRYSLAN_BOVEN, 1)} - {nl(FRYSLAN_ONDER, 1)}) / 2 = {nl(half)}")
    beyond = abs(difference) > half
    print(f"Zeker genoeg? Het verschil van {nl(difference)} is {'groter' if beyond else 'niet groter'} dan {nl(half)}.")
    if matters("vertrouwen-instituties", difference) and beyond:
        judgement = "indicatief gunstiger" if mean > country else "indicatief ongunstiger"
    else:
        judgement = "indicatief vergelijkbaar"
    print(f"Oordeel: {judgement}; meer vertrouwen is gunstiger, en 'indicatief' omdat het een schatting is.")
    return {"value": mean, "benchmark": country, "judgement": judgement}


def agrees(project: Path, indicator: str, region: str, year: int, by_hand: dict[str, float | str]) -> bool:
    """Lay what was worked out by hand beside what the software says; a thousandth is room for rounding."""
    command = [sys.executable, "-m", "monitor", "value", indicator, region, "--year", str(year), "--json"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        print(f"De software geeft geen antwoord: {done.stderr.strip()}")
        return False
    said, same = json.loads(done.stdout), True
    names = {"value": "waarde", "lower": "onder", "upper": "boven", "benchmark": "Nederland", "judgement": "oordeel"}
    print("\nNaast de software:")
    for key, own in by_hand.items():
        theirs = said[key]
        if isinstance(own, str):
            equal, shown, other = own == theirs, own, str(theirs)
        else:
            equal = theirs is not None and abs(own - theirs) < 0.001
            shown, other = nl(own, 3), "geen" if theirs is None else nl(theirs, 3)
        print(f"  {names[key]:<10} met de hand {shown}; software {other}: {'gelijk' if equal else 'VERSCHILT'}")
        same = same and equal
    print()
    return same


def main() -> int:
    """Work out all three; 0 when everything agrees."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    project = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    same = [
        agrees(project, "overgewicht", "achterhoek", 2024, overweight()),
        agrees(project, "geregistreerde-misdrijven", "zeeuws-vlaanderen", 2022, crimes()),
        agrees(project, "vertrouwen-instituties", "zuidoost-fryslan", 2022, trust()),
    ]
    print(f"{sum(same)} van de {len(same)} oordelen komen met de hand hetzelfde uit.")
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
