"""The command line: ``python -m monitor``. Output and errors are Dutch; exit code 0 only on success."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from monitor import __version__, logs, paths, sentences
from monitor import assessment as asm
from monitor.check import check
from monitor.definitions import load
from monitor.definitions.in_force import in_force
from monitor.disk import why
from monitor.errors import MonitorError, Refused
from monitor.export import cli as export_cli
from monitor.logbook import cli as logbook_cli
from monitor.operations import cli as operations_cli
from monitor.publish import cli as publish_cli
from monitor.refresh import cli as refresh_cli
from monitor.refresh import import_cli
from monitor.snapshot import store
from monitor.statistics.change import Change

# Exit codes; ``refresh`` and ``import`` have more (monitor/refresh/cli.py).
OK, FAILED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    argparse._ = _dutch  # type: ignore[attr-defined]  # argparse passes all its texts through this
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "run"):
        parser.print_help()
        return FAILED
    try:
        logs.setup()
        return int(chosen.run(chosen))
    except MonitorError as error:
        print(f"Fout: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Afgebroken; de cijfers zijn niet veranderd.", file=sys.stderr)
    except OSError as error:
        reason, way_out = why(error)
        where = f" ({error.filename})" if error.filename else ""
        print(f"Fout: lezen of schrijven lukt niet{where}: {reason}. {way_out}", file=sys.stderr)
    return FAILED


_TEXTS = {
    "usage: ": "gebruik: ",
    "options": "opties",
    "positional arguments": "argumenten",
    "show this help message and exit": "toon deze uitleg",
    "%(prog)s: error: %(message)s\n": "Fout: %(message)s. Zie '%(prog)s --help'.\n",
    "the following arguments are required: %s": "dit ontbreekt: %s",
    "unrecognized arguments: %s": "onbekend: %s",
    "expected one argument": "vraagt een waarde",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "invalid %(type)s value: %(value)r": "%(value)r is geen geldige waarde",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r kan niet; kies uit %(choices)s",
}


def _dutch(text: str) -> str:
    return _TEXTS.get(text, text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m monitor", description="Regiomonitor Brede Welvaart: cijfers over regio’s."
    )
    parser.add_argument("--version", action="version", version=__version__, help="toon de versie")
    commands = parser.add_subparsers(title="opdrachten", metavar="OPDRACHT")

    value = commands.add_parser("value", help="de waarde van een indicator in een regio, met oordeel")
    value.add_argument("indicator", help="bijvoorbeeld overgewicht")
    value.add_argument("region", metavar="regio", help="bijvoorbeeld achterhoek")
    value.add_argument("--year", type=int, metavar="JAAR", help="standaard het laatste jaar")
    value.add_argument(
        "--benchmark",
        choices=asm.BENCHMARKS,
        default="nederland",
        help="waarmee vergelijken (standaard nederland)",
    )
    value.add_argument("--json", action="store_true", help="schrijf JSON")
    value.set_defaults(run=_value)

    checking = commands.add_parser("check", help="controleer definities, bevindingen en cijfers")
    checking.set_defaults(run=_check)

    snapshot = commands.add_parser("snapshot", help="de cijfers maken")
    parts = snapshot.add_subparsers(title="opdrachten", metavar="OPDRACHT", required=True)
    build = parts.add_parser("build", help="maak een editie uit bronbestanden")
    build.add_argument("--from", dest="source", type=Path, required=True, metavar="MAP", help="map met bronbestanden")
    build.add_argument(
        "--to", type=Path, default=None, metavar="MAP", help="waar de editie komt (standaard data/snapshot)"
    )
    build.add_argument("--edition", default="2026-11", metavar="NAAM", help="naam van de editie (standaard 2026-11)")
    build.add_argument(
        "--made", default=None, metavar="DATUM", help="dag van maken, zoals 2026-11-21 (standaard vandaag)"
    )
    build.set_defaults(run=_build)

    refresh_cli.add(commands)
    import_cli.add(commands)
    export_cli.add(commands)
    publish_cli.add(commands)
    logbook_cli.add(commands)
    operations_cli.add(commands)
    return parser


def _value(chosen: argparse.Namespace) -> int:
    snapshot = store.read(paths.snapshot_dir())
    definitions = in_force(load(), snapshot)
    indicator = definitions.indicator(chosen.indicator)
    region = definitions.region(chosen.region)
    a = asm.assess(snapshot, indicator, region, chosen.year, chosen.benchmark)
    if indicator.aggregation.kind == "geen":
        spread = asm.spread(snapshot, indicator, region, a.value.year)
        raise Refused(
            f"'{indicator.id}' wordt niet opgeteld of gemiddeld: {indicator.aggregation.reason}",
            sentences.municipal_spread(indicator, region, spread),
        )
    if chosen.json:
        table = asm.source_table(definitions, a.value)
        source = f"{table.publisher}, {table.title} ({table.id}); editie {snapshot.edition}" if table else ""
        told = {**_as_json(a, region.id, source), "trend": _trend(asm.change_of(snapshot, indicator, region.id))}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        unit = definitions.quantity(
            indicator.aggregation.weight or indicator.aggregation.denominator or "inwoners"
        ).unit
        said = (
            sentences.reading(a, region),
            sentences.margin(indicator, a.value),
            sentences.coverage(a.value, snapshot.names, unit),
        )
        print(" ".join(s for s in said if s))
        print(f"Oordeel: {a.judgement.told}; {a.judgement.reason}.")
        c = asm.change_of(snapshot, indicator, region.id)
        ends = [asm.value_of(snapshot, indicator, region.id, y).value for y in (c.first, c.last)]
        print(sentences.movement(indicator, region, c, ends[0], ends[1]))
        tension = sentences.tension(definitions.tensions(indicator.id, [region.id]))
        if tension:
            print(tension)
    return FAILED if math.isnan(a.value.value) else OK


def _as_json(a: asm.Assessment, region: str, source: str) -> dict[str, object]:
    """The contract of ``value --json``; unknown numbers are null."""

    def known(number: float) -> float | None:
        return None if math.isnan(number) else round(number, 6)

    return {
        "indicator": a.indicator.id,
        "region": region,
        "year": a.value.year,
        "value": known(a.value.value),
        "lower": known(a.value.lower),
        "upper": known(a.value.upper),
        "coverage": known(a.value.coverage),
        "missing": list(a.value.missing),
        "method": a.indicator.method,
        "unit": a.indicator.unit,
        "status": a.value.status,
        "judgement": a.judgement.word,
        "reason": a.judgement.reason,
        "benchmark": known(a.benchmark.value),
        "benchmark_name": a.benchmark.name,
        "benchmark_basis": a.benchmark.basis_text,
        "source": source,
    }


def _trend(c: Change) -> dict[str, object]:
    """What the years say, for ``value --json``: movement, test, years, slope per year and its p-value."""
    return {
        "movement": c.movement,
        "reason": c.reason,
        "test": c.test or None,
        "first": c.first or None,
        "last": c.last or None,
        "slope": None if c.slope is None else round(c.slope.value, 6),
        "p": None if c.slope is None else round(c.slope.p, 6),
    }


def _check(chosen: argparse.Namespace) -> int:
    snapshot = store.read(paths.snapshot_dir())
    report = check(in_force(load(), snapshot), snapshot, paths.own_dir())
    for what, count in report.counts:
        print(f"{count:>7}  {what}")
    for problem in report.problems:
        print(f"Fout: {problem}.", file=sys.stderr)
    for warning in report.warnings:
        print(f"Let op: eigen bevindingen: {warning}", file=sys.stderr)
    if not report.problems:
        print("In orde: definities, bevindingen en cijfers horen bij elkaar.")
    return FAILED if report.problems else OK


def _build(chosen: argparse.Namespace) -> int:
    from monitor.snapshot.build import build

    folder = chosen.to or paths.snapshot_dir()
    snapshot = build(load(), chosen.source, folder, chosen.edition, chosen.made or date.today().isoformat())
    size = sum(p.stat().st_size for p in folder.iterdir()) / 1e6
    print(f"Editie {snapshot.edition} staat in {folder}: {len(snapshot.observations)} waarnemingen, {size:.1f} MB.")
    return OK


def _leave(code: int) -> None:
    """End the process at once: threads of libraries that still start up would abort a short command at its exit."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        _leave(main())
    except SystemExit as ended:  # argparse, after its own message
        _leave(ended.code if isinstance(ended.code, int) else FAILED)
