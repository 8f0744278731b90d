"""Labels for scripts and print houses: what the page does."""

from dataclasses import replace
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ..domain import public_code
from ..domain.errors import TraceError
from ..domain.permissions import Actor, Role
from ..domain.printers import Way
from ..labels.designs import Design
from ..labels.formats import Format, SheetFormat
from ..labels.geometry import COMMON_SHEETS, RollGeometry
from ..request.database import db
from ..request.settings import public_url, settings, stamp_keys
from ..services import label_files, label_issues, printers
from ..services import labels as verbs
from ..services.label_issues import IssueOrder
from ..services.label_runs import chosen_way, common_sheet
from ..services.labels import SymbolFormat
from ..storage.batches import Batch

FORMATS = ["pdf", "png", "svg", "zpl", "tspl", "escpos", "csv"]
labels = AppGroup("labels", help="Labels of published batches.")


@labels.command("make")
@click.option("--batch", "code", required=True, help="Public code of the batch.")
@click.option("--count", default=1, show_default=True, help="How many labels; not for png and svg.")
@click.option("--serials", is_flag=True, help="Each label a stamp with a serial of its own.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("--printer", default="", help="Name of a saved one: its format, paper and offset count.")
@click.option("--sheet", type=click.Choice(sorted(COMMON_SHEETS)), default="tomy-145", show_default=True)
@click.option("--roll", nargs=2, type=float, help="Width and height in mm of a label on a roll; pdf: a page for each.")
@click.option("--dpi", default=203, show_default=True, help="Of a label printer: 203, 300 or 600.")
@click.option(
    "--design", type=click.Choice([each.value for each in Design]), default=Design.RETAIL.value, show_default=True
)
@click.option(
    "--start", default=1, show_default=True, help="Place of the first label on its sheet; not with --serials."
)
@click.option("--excess-reason", default="", help="Why there are more labels than the batch has packs, if there are.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def make(
    code: str,
    count: int,
    serials: bool,
    file_format: str,
    printer: str,
    sheet: str,
    roll: tuple[float, float] | None,
    dpi: int,
    design: str,
    start: int,
    excess_reason: str,
    output: Path,
) -> None:
    """Check and write one file of labels; nothing is written where a label would not scan or lead to its batch."""
    batch = db.session.scalar(select(Batch).where(Batch.public_code == _parsed(code)))
    if batch is None:
        raise click.ClickException(f"no batch has the code {code}")
    actor = Actor(user_id=None, name="command line", memberships={batch.business_id: Role.OWNER})
    way: Format
    try:
        if file_format in set(SymbolFormat) and not printer:
            symbol = SymbolFormat(file_format)
            made = verbs.make_symbol(db.session, actor, batch.id, file_format=symbol, public_url=public_url())
            output.write_bytes(made.data)
        else:
            if printer:
                way = printers.way_on(db.session, batch.business_id, printer)
            else:
                kind = Way(file_format) if file_format != "pdf" else Way.ROLL if roll else Way.SHEET
                own_roll = RollGeometry(*roll) if roll else None
                way = chosen_way(kind, sheet=common_sheet(sheet), roll=own_roll, dots_per_inch=dpi)
            if isinstance(way, SheetFormat) and not serials:
                way = replace(way, start_position=start)
            order = IssueOrder(count=count, way=way, design=Design(design), printer=printer)
            _write(output, actor, batch.id, order, excess_reason, serials=serials)
    except TraceError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{output}: {output.stat().st_size} bytes, {printer or file_format}")


def _write(output: Path, actor: Actor, batch_id: int, order: IssueOrder, excess_reason: str, *, serials: bool) -> None:
    if not serials:
        made = label_issues.equal_labels(
            db.session, actor, batch_id, order, public_url=public_url(), excess_reason=excess_reason
        )
        output.write_bytes(made.data)
        return
    issue = label_issues.issue(
        db.session,
        actor,
        batch_id,
        order,
        keys=stamp_keys(),
        public_url=public_url(),
        excess_reason=excess_reason,
    )
    label_files.make(db.session, settings(), issue, output)


def _parsed(code: str) -> str:
    try:
        return public_code.parse(code)
    except TraceError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = [labels]
