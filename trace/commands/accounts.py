"""The first administrator, keys for machines, and the process that sends mail."""

from collections.abc import Callable
from typing import TypeVar

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_security import hash_password
from sqlalchemy import select

from ..domain.errors import TraceError
from ..domain.permissions import OF_BUSINESS, OF_OFFICE, OF_OFFICER, SYSTEM, Actor, OfficeRole, Permission
from ..domain.permissions import Role as BusinessRole
from ..request.database import db
from ..services import accounts as verbs
from ..services import keys as key_verbs
from ..services import officers
from ..services.jobs import Jobs
from ..storage.accounts import User, user_by_email
from ..storage.businesses import Business

MINIMUM_PASSWORD = 10

Result = TypeVar("Result")

accounts = AppGroup("accounts", help="People and their roles on the platform.")
keys = AppGroup("keys", help="API keys.")


@accounts.command("create-administrator")
@click.option("--email", required=True)
@click.option("--password", help="Asked for when a new account is made and this is left out.")
def create_administrator(email: str, password: str | None) -> None:
    """Make an account that appoints officers, or give an existing one that right."""
    security = current_app.extensions["security"]
    try:
        address = security.mail_util.validate(email)
    except ValueError as error:
        raise click.ClickException(f"{email}: not an e-mail address") from error
    if _find(address) is None:
        password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if len(password) < MINIMUM_PASSWORD:
            raise click.ClickException(f"the password must have at least {MINIMUM_PASSWORD} characters")
        verbs.create_account(db.session, email=address, password_hash=hash_password(password))
    _attempt(lambda: officers.appoint_administrator(db.session, SYSTEM, address))
    click.echo(f"{address} is an administrator; the first sign-in sets up the second factor.")


@accounts.command("appoint")
@click.option("--email", required=True, help="Of an existing account.")
@click.option("--office", required=True, type=click.Choice([role.value for role in OfficeRole]))
@click.option("--commune", default="", help="Name of the commune, for an officer of one.")
def appoint(email: str, office: str, commune: str) -> None:
    """Make somebody an officer of the department, instead of what they were."""
    role = OfficeRole(office)
    _attempt(lambda: officers.appoint(db.session, SYSTEM, email, role, commune))
    click.echo(f"{email} has the office: {office}.")


@keys.command("issue")
@click.option("--business", "tax_code", help="Tax code of the business that the key acts for.")
@click.option("--officer", "email", help="E-mail of the officer that the key acts for.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([scope.value for scope in sorted(OF_BUSINESS | OF_OFFICER)])
)
@click.option("--name", default="command line", show_default=True)
def issue(tax_code: str | None, email: str | None, scopes: tuple[str, ...], name: str) -> None:
    """Print a new API key, which cannot be shown again. An officer's key without --scope may do all an officer may."""
    if bool(tax_code) == bool(email):
        raise click.UsageError("give either --business or --officer")
    wanted = [Permission(scope) for scope in scopes]
    if tax_code:
        business = db.session.scalar(select(Business).where(Business.tax_code == tax_code))
        if business is None:
            raise click.ClickException(f"no business has the tax code {tax_code}")
        actor = Actor(user_id=None, name="command line", memberships={business.id: BusinessRole.OWNER})
        issued = _attempt(
            lambda: key_verbs.issue_key(db.session, actor, name=name, scopes=wanted, business_id=business.id)
        )
    else:
        officer = _find((email or "").strip().lower())
        if officer is None:
            raise click.ClickException(f"no account has the address {email}")
        issued = _attempt(
            lambda: key_verbs.issue_key(
                db.session, SYSTEM, name=name, scopes=wanted or _of_office(officer), officer_id=officer.id
            )
        )
    click.echo(issued[1])


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Send mail and do what recurs, until stopped. Run one beside the server."""
    queue: Jobs = current_app.extensions["trace.jobs"]
    queue.run()


def _attempt(verb: Callable[[], Result]) -> Result:
    try:
        return verb()
    except TraceError as error:
        raise click.ClickException(str(error)) from error


def _of_office(officer: User) -> frozenset[Permission]:
    return OF_OFFICE[officer.office] if officer.office else OF_OFFICER


def _find(email: str) -> User | None:
    return db.session.scalar(user_by_email(email))


COMMANDS = [accounts, keys, jobs]
