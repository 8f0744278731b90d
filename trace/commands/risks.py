"""Risk scores for scripts: what the nightly job does."""

import click
from flask.cli import AppGroup

from ..request.database import db
from ..services import risks as verbs

risks = AppGroup("risks", help="Risk scores of businesses.")


@risks.command("recount")
def recount() -> None:
    """Count the facts of every approved business now, instead of waiting for the night."""
    click.echo(f"{verbs.recount_all(db.session)} businesses counted")


COMMANDS = [risks]
