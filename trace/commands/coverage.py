"""The day's figures kept for good, and checked by whoever does not trust them."""

import click
from flask.cli import AppGroup

from ..request.database import db
from ..services import snapshots
from ..storage.snapshots import Snapshot, snapshots_newest

coverage = AppGroup("coverage", help="How many businesses of the official list can really be traced.")


@coverage.command("snapshot")
def snapshot() -> None:
    """Keep today's figures; once a day, whoever asks again is told what was kept."""
    taken = snapshots.take(db.session)
    if taken is None:
        raise click.ClickException("there is no official list in force, so there is nothing to count")
    click.echo(f"{taken.day.isoformat()} {taken.hash}")


@coverage.command("check")
def check() -> None:
    """Hash and recount every snapshot again, oldest first; exit with 1 where one does not hold."""
    wrong = 0
    for each in db.session.scalars(snapshots_newest().order_by(None).order_by(Snapshot.day)).all():
        found = snapshots.check(db.session, each)
        wrong += not found.holds
        kept = "as it was written" if found.chained else "CHANGED"
        counted = "recounts to the same" if found.recounted else "RECOUNTS TO SOMETHING ELSE"
        click.echo(f"{each.day.isoformat()} {each.hash}: {kept}, {counted}")
    if wrong:
        raise click.ClickException(f"{wrong} do not hold")


COMMANDS = [coverage]
