"""How Flask-Security's mails leave, and how an address is written down."""

from typing import Any

from flask import after_this_request, current_app, has_request_context, request
from flask_security import MailUtil
from werkzeug.wrappers import Response

from ..request.settings import public_url
from ..services.jobs import Jobs
from ..services.mail import Mail
from .fields import LONGEST_EMAIL


class AccountMail(MailUtil):  # type: ignore[misc]
    def send_mail(
        self, _template: str, subject: str, recipient: str, _sender: str, body: str, _html: None, **_context: Any
    ) -> None:
        """Queue the mail once the answer, and so the commit, is through."""
        jobs: Jobs = current_app.extensions["trace.jobs"]
        if has_request_context():  # links name our address, whatever host the request claimed to be for
            body = body.replace(request.host_url, f"{public_url()}/")
        mail = Mail(recipient, str(subject), body)

        def send(response: Response) -> Response:
            jobs.send_later(mail)
            return response

        if has_request_context():
            after_this_request(send)
        else:
            jobs.send_later(mail)

    def normalize(self, email: str) -> str:
        """In lower case: two people never share an address that differs by case only."""
        return str(super().normalize(_bounded(email))).lower()

    def validate(self, email: str) -> str:
        return str(super().validate(_bounded(email))).lower()


def _bounded(email: str) -> str:
    """The library reads a text in the square of its length, so of a megabyte it gets as much as it needs to refuse it."""
    return email.strip()[: LONGEST_EMAIL + 1]
