"""Commands for operators and scripts: ``flask --app trace …`` or ``python -m trace …``."""

import click
from flask import Flask
from flask.cli import AppGroup

from . import commands
from .request.database import db
from .storage import migrations

database = AppGroup("db", help="Bring the database to the shape that this code expects.")


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Apply all new migrations, or those up to REVISION."""
    migrations.upgrade(db.engine, revision)
    _say_where()


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Go back to REVISION; `base` drops every table."""
    migrations.downgrade(db.engine, revision)
    _say_where()


@database.command("check")
def check() -> None:
    """Exit with 1 unless the database is current and its tables match the models."""
    with db.engine.connect() as connection:
        current, newest = migrations.current_revision(connection), migrations.newest_revision()
        if current != newest:
            raise click.ClickException(f"the database is at {current}, this code needs {newest}: run `db upgrade`")
        if differences := migrations.differences(connection):
            raise click.ClickException("the models differ from the tables:\n" + "\n".join(map(str, differences)))
    _say_where()


@database.command("revision")
@click.argument("name")
def revision(name: str) -> None:
    """Write the next migration, NAME being what it does (add_recalls), from what changed in the models."""
    click.echo(migrations.write_revision(db.engine, name))


def _say_where() -> None:
    with db.engine.connect() as connection:
        click.echo(f"{db.engine.url.render_as_string()}: {migrations.current_revision(connection) or 'base'}")


def init_app(app: Flask) -> None:
    app.cli.add_command(database)
    commands.init_app(app)
