"""The demonstration: ``demo load`` tells the story, ``demo show`` says how to look at it."""

import json
from hashlib import blake2b
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security import hash_password
from sqlalchemy import select

from ..domain import crockford
from ..domain.errors import TraceError
from ..request.database import db
from ..request.settings import stamp_keys
from ..services import demo as verbs
from ..services.demo.cast import PEOPLE, Person
from ..services.demo.enrolling import Credentials
from ..services.demo.scale import load_batches
from ..services.demo.stage import Stage
from ..services.demo.story import tell
from ..services.scans import ScanWriter
from ..settings import Settings
from ..storage import migrations
from ..storage.accounts import User

demo = AppGroup("demo", help="An invented chain to look at, and crowds for trials.")


@demo.command("load")
@click.option("--scale", type=click.IntRange(min=0), default=0, help="Also make this many batches of invented growers.")
@click.option(
    "--really", is_flag=True, help="In production too, where invented businesses would stand among real ones."
)
def load(scale: int, really: bool) -> None:
    """Tell the story, once; say so and do nothing when it was told."""
    settings: Settings = current_app.extensions["trace.settings"]
    _check_current()
    if settings.production and not really:
        raise click.ClickException(
            "this is a production service: its register would hold invented businesses (--really)"
        )
    if verbs.is_loaded(db.session):
        click.echo("The story is already here.")
    elif verbs.has_begun(db.session):
        raise click.ClickException("the story was interrupted: start again from an empty database (db downgrade base)")
    else:
        _tell(settings)
        click.echo("The story is told: see `demo show`.")
    if scale:
        photos = verbs.photos(db.session)
        db.session.rollback()
        load_batches(db.engine, scale, photos=photos, public_url=settings.public_url, say=click.echo)


@demo.command("show")
def show() -> None:
    """Print accounts, batches, businesses and links as one JSON object."""
    settings: Settings = current_app.extensions["trace.settings"]
    _check_current()
    if not verbs.is_loaded(db.session):
        raise click.ClickException("the story is not here yet: run `demo load`")
    story = {"accounts": _accounts(settings), **verbs.describe(db.session, stamp_keys(), settings.public_url)}
    click.echo(json.dumps(story, ensure_ascii=False, indent=2))


def _check_current() -> None:
    with db.engine.connect() as connection:
        if migrations.current_revision(connection) != migrations.newest_revision():
            raise click.ClickException("the database is not current: run `db upgrade`")


def _tell(settings: Settings) -> None:
    totp = current_app.extensions["security"]._totp_factory

    def credentials(person: Person) -> Credentials:
        secret = totp.generate_totp_secret() if person.role else None
        return Credentials(hash_password(_password(settings, person)), secret)

    stage = Stage(
        db.session,
        store=current_app.extensions["trace.files"],
        scans=ScanWriter(db.engine, settings.device_salt, background=False),
        keys=stamp_keys(),
        public_url=settings.public_url,
    )
    try:
        tell(stage, credentials)
    except TraceError as error:
        raise click.ClickException(str(error)) from error


def _accounts(settings: Settings) -> dict[str, dict[str, Any]]:
    totp = current_app.extensions["security"]._totp_factory
    users = db.session.scalars(select(User).where(User.email.in_([person.email for person in PEOPLE])))
    secrets = {user.email: user.tf_totp_secret for user in users}
    return {
        person.part: {
            "email": person.email,
            "password": _password(settings, person),
            "totp_secret": totp.get_totp_b32_key(secrets[person.email]) if secrets.get(person.email) else None,
        }
        for person in PEOPLE
        if person.email in secrets
    }


def _password(settings: Settings, person: Person) -> str:
    """Made from the service's own secret: nobody can guess it who cannot run this command."""
    digest = blake2b(f"demo {person.email}".encode(), key=settings.secret_key.encode()[:64], digest_size=10).digest()
    return "-".join(crockford.encode(digest, 12)[start : start + 4] for start in (0, 4, 8)).lower()


COMMANDS = [demo]
