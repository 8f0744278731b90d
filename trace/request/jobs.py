"""What a request leaves to be done after its answer."""

from typing import TypeVar

from flask import after_this_request, current_app

from ..services.jobs import Jobs
from .database import db

Response = TypeVar("Response")


def write_labels_after(issue_id: int) -> None:
    """Begin the file of an issue of stamps, once everything that this request changed is committed."""
    jobs: Jobs = current_app.extensions["trace.jobs"]

    @after_this_request
    def begin(response: Response) -> Response:
        db.session.rollback()  # the job has a connection of its own
        jobs.write_labels_soon(issue_id)
        return response
