"""Labels for scripts and print houses: what the page does."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ..domain import public_code
from ..domain.errors import TraceError
from ..domain.permissions import Actor, Role
from ..labels.geometry import COMMON_SHEETS
from ..request.database import db
from ..request.settings import public_url
from ..services import labels as verbs
from ..services.labels import LabelFile, SheetOrder, SymbolFormat
from ..storage.batches import Batch

labels = AppGroup("labels", help="Labels of published batches.")


@labels.command("make")
@click.option("--batch", "code", required=True, help="Public code of the batch.")
@click.option("--count", default=1, show_default=True, help="How many labels; only for pdf.")
@click.option("--format", "file_format", type=click.Choice(["pdf", "png", "svg"]), default="pdf", show_default=True)
@click.option("--sheet", type=click.Choice(sorted(COMMON_SHEETS)), default="tomy-145", show_default=True)
@click.option("--start", default=1, show_default=True, help="Place of the first label on its sheet.")
@click.option("--excess-reason", default="", help="Why there are more labels than the batch has packs, if there are.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def make(code: str, count: int, file_format: str, sheet: str, start: int, excess_reason: str, output: Path) -> None:
    """Check and write one file of labels; nothing is written where a label would not scan or lead to its batch."""
    try:
        made = _make(code, count, file_format, sheet, start, excess_reason)
    except TraceError as error:
        raise click.ClickException(str(error)) from error
    output.write_bytes(made.data)
    click.echo(f"{output}: {len(made.data)} bytes, {made.media_type}")


def _make(code: str, count: int, file_format: str, sheet: str, start: int, excess_reason: str) -> LabelFile:
    batch = db.session.scalar(select(Batch).where(Batch.public_code == public_code.parse(code)))
    if batch is None:
        raise click.ClickException(f"no batch has the code {code}")
    operator = Actor(user_id=None, name="command line", memberships={batch.business_id: Role.OWNER})
    if file_format != "pdf":
        return verbs.make_symbol(
            db.session, operator, batch.id, file_format=SymbolFormat(file_format), public_url=public_url()
        )
    order = SheetOrder(geometry=COMMON_SHEETS[sheet].geometry, count=count, sheet=sheet, start_position=start)
    return verbs.make_sheet(db.session, operator, batch.id, order, excess_reason=excess_reason, public_url=public_url())


COMMANDS = [labels]
