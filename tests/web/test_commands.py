"""What an operator types."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from trace.services.keys import authenticate_key
from trace.storage.accounts import User

EMAIL = "quantri@example.com"


def run(app: Flask, session: Session, *arguments: str) -> Any:
    session.commit()
    return app.test_cli_runner().invoke(args=arguments)


def test_the_first_administrator_is_made_by_a_command(app: Flask, session: Session) -> None:
    command = ("accounts", "create-administrator", "--email", EMAIL)
    assert "at least 10 characters" in run(app, session, *command, "--password", "ngan").output
    assert run(app, session, *command, "--password", "mat khau rat dai").exit_code == 0
    user = session.scalars(select(User)).one()
    assert factories.actor(user).administrator
    assert user.confirmed_at
    assert run(app, session, *command, "--password", "mat khau rat dai").exit_code == 1


def test_keys_are_issued_by_a_command(app: Flask, session: Session) -> None:
    business = factories.make_business(session)
    officer = factories.make_officer(session)
    of_business = run(
        app, session, "keys", "issue", "--business", business.tax_code, "--scope", "business:batches:read"
    )
    assert of_business.exit_code == 0, of_business.output
    actor = authenticate_key(session, of_business.output.strip())
    assert actor
    assert list(actor.memberships) == [business.id]
    of_officer = authenticate_key(
        session, run(app, session, "keys", "issue", "--officer", officer.email).output.strip()
    )
    assert of_officer
    assert of_officer.officer


def test_a_key_for_nobody_is_refused(app: Flask, session: Session) -> None:
    assert run(app, session, "keys", "issue").exit_code == 2
    assert "no business" in run(app, session, "keys", "issue", "--business", "0101234567").output
    assert "no account" in run(app, session, "keys", "issue", "--officer", EMAIL).output
    stranger = factories.make_user(session)
    assert run(app, session, "keys", "issue", "--officer", stranger.email).exit_code == 1
