"""``python -m bench.formats NAME COUNT``: a file of unique stamps, taken part by part in a process of its own."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from trace.domain.printers import Printer, PrinterLanguage
from trace.labels.geometry import COMMON_SHEETS, RollGeometry
from trace.labels.runs import LabelRun
from trace.labels.sheets import roll_parts, sheet_parts
from trace.labels.tspl import tspl_parts
from trace.labels.zpl import zpl_parts

from .stamp_runs import stamp_run

SHEETS, ROLL, ZPL, TSPL = "PDF sheets", "PDF roll", "ZPL", "TSPL"
SHEET, LABELS = COMMON_SHEETS["avery-l7160"].geometry, RollGeometry(50, 30)
FORMATS: dict[str, Callable[[LabelRun], Iterator[bytes]]] = {
    SHEETS: lambda run: sheet_parts(run, SHEET),
    ROLL: lambda run: roll_parts(run, LABELS),
    ZPL: lambda run: zpl_parts(run, LABELS, Printer(language=PrinterLanguage.ZPL)),
    TSPL: lambda run: tspl_parts(run, LABELS, Printer(language=PrinterLanguage.TSPL)),
}


@dataclass(frozen=True)
class Taken:
    """``first`` is when the first part was there, after seconds; ``peak`` are megabytes of memory."""

    count: int
    first: float
    seconds: float
    size: int
    peak: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def bytes_a_label(self) -> float:
        return self.size / self.count


def measure_format(name: str, count: int) -> Taken:
    command = [sys.executable, "-m", "bench.formats", name, str(count)]
    return Taken(**json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def take(name: str, count: int) -> Taken:
    begun, first, size = perf_counter(), 0.0, 0
    for part in FORMATS[name](stamp_run(count)):
        first = first or perf_counter() - begun
        size += len(part)
    seconds = perf_counter() - begun
    return Taken(count, first, seconds, size, _peak())


def _peak() -> float:
    """Of this process, in MB. On Linux ``ru_maxrss`` begins with what the process that started it had."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024 / 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000  # bytes on macOS


if __name__ == "__main__":
    print(json.dumps(asdict(take(sys.argv[1], int(sys.argv[2])))))
