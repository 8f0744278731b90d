"""Topic ``symbols``: unique QR symbols and finished files of them, beside those who draw them one by one."""

from collections import defaultdict
from collections.abc import Callable
from statistics import median
from time import perf_counter

from trace.labels.bulk_symbols import BulkSymbols

from .databases import Databases
from .formats import FORMATS, ROLL, SHEETS, TSPL, ZPL, measure_format, take
from .qr_peers import LIBQRENCODE, PYTHON_QRCODE, Draw, peers, python_qrcode
from .report import Bar, Section, table
from .sheet_peers import DrawSymbol, sheets, with_own_widget, with_python_qrcode
from .stamp_runs import links, stamp_run

OURS = "bulk symbols"
BY_PYTHON_QRCODE, BY_WIDGET = "python-qrcode and ReportLab", "ReportLab with its own widget"
STRETCH = 4096
FEW, FEW_ON_SHEETS, MANY_ON_SHEETS = 100, 42, 21_000  # labels in a turn of a peer's, and of ours
LEAST_RATE = {SHEETS: 5_000, ZPL: 50_000, TSPL: 50_000}
TEXT = """One core, the same links, level M, turn after turn; the rate is the median turn's. Then the same labels on sheets: the peers
draw what ours say with ReportLab, label by label. Last a million unique stamps, each file taken part by part by a process of
its own, whose peak of memory is told; *first part* includes all that is asked of python-qrcode beforehand."""


def measure_symbols(databases: Databases, *, quick: bool) -> Section:  # noqa: ARG001 - all topics are asked alike
    rounds, million = (3, 50_000) if quick else (10, 1_000_000)
    symbols, labels = _symbols(rounds), _sheets(rounds)
    files = {name: measure_format(name, million) for name in FORMATS}
    figures = table(["symbols", "a second"], [[name, f"{rate:,.0f}"] for name, rate in symbols.items()])
    figures += "\n\n" + table(["unique stamps on sheets", "a second"], [[n, f"{r:,.0f}"] for n, r in labels.items()])
    figures += "\n\n" + table(
        [f"{million:,} unique stamps", "a second", "first part, s", "bytes a label", "peak, MB"],
        [
            [name, f"{one.rate:,.0f}", f"{one.first:.2f}", f"{one.bytes_a_label:.0f}", f"{one.peak:.0f}"]
            for name, one in files.items()
        ],
    )
    bars = [Bar(f"symbols ÷ {PYTHON_QRCODE}", symbols[OURS] / symbols[PYTHON_QRCODE], 100, at_least=True)]
    if LIBQRENCODE in symbols:
        bars.append(Bar(f"symbols ÷ {LIBQRENCODE}", symbols[OURS] / symbols[LIBQRENCODE], 5, at_least=True))
    bars.append(Bar(f"sheets ÷ {BY_PYTHON_QRCODE}", labels[SHEETS] / labels[BY_PYTHON_QRCODE], 40, at_least=True))
    for name, one in files.items():
        bars.append(Bar(f"{name}, first part, s", one.first, 1))
        bars.append(Bar(f"{name}, peak, MB", one.peak, 250))
    bars += [
        Bar(f"{name}, labels a second", files[name].rate, least, at_least=True) for name, least in LEAST_RATE.items()
    ]
    bars += [Bar(f"{name}, bytes a label", files[name].bytes_a_label, 400) for name in (SHEETS, ROLL)]
    missing = "" if LIBQRENCODE in symbols else f" {LIBQRENCODE} was not installed and could not be: it is missing."
    return Section("Symbols and labels", TEXT + missing, figures, bars)


def _symbols(rounds: int) -> dict[str, float]:
    bulk = BulkSymbols(stamp_run(STRETCH).sample)
    assert [list(row) for row in bulk.symbols(links(7, 8))[0].matrix] == python_qrcode(links(7, 8)[0], bulk.mask)
    contenders = {name: _one_by_one(draw) for name, draw in peers(bulk.mask).items()}
    stretches = [links(start, start + STRETCH) for start in range(0, 20 * STRETCH, STRETCH)]
    return _turns(contenders | {OURS: lambda: sum(len(bulk.matrices(stretch)) for stretch in stretches)}, rounds)


def _one_by_one(draw: Draw) -> Callable[[], int]:
    return lambda: len([draw(link) for link in links(0, FEW)])


def _sheets(rounds: int) -> dict[str, float]:
    def by(draw: DrawSymbol) -> Callable[[], int]:
        return lambda: FEW_ON_SHEETS * bool(sheets(stamp_run(FEW_ON_SHEETS), draw))

    contenders = {BY_PYTHON_QRCODE: by(with_python_qrcode), BY_WIDGET: by(with_own_widget)}
    return _turns(contenders | {SHEETS: lambda: take(SHEETS, MANY_ON_SHEETS).count}, rounds)


def _turns(contenders: dict[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """How many a second each makes, which are what a call returns."""
    rates = defaultdict(list)
    for turn in range(rounds):
        print(f"  round {turn + 1} of {rounds}", flush=True)
        for name, contender in contenders.items():
            begun = perf_counter()
            made = contender()
            rates[name].append(made / (perf_counter() - begun))
    return {name: median(rates[name]) for name in contenders}
