"""What a test holds in its hands: a visitor, and the time."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from trace.storage.accounts import User
from trace.storage.database import intend

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Client(FlaskClient):
    """Calls the application in this thread. ``before_request`` lets go of what the test's own session holds."""

    before_request: Callable[[], None] = staticmethod(lambda: None)

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.before_request()
        try:
            return super().open(*args, **kwargs)
        finally:
            intend(reads=False)  # the request set this for the thread, which is also the test's

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, form: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Open the page ``form`` (default: ``path``) as a person would, then post to ``path`` with its token."""
        token = TOKEN.search(self.get(form or path).text)
        assert token, f"no form on {form or path}"
        return self.post(path, data={"csrf_token": token[1], **(data or {})}, **kwargs)

    def sign_in(self, user: User) -> None:
        """As the sign-in page would, just now; whoever was signed in before is not any more."""
        sign_in = user.new_session()
        self.before_request()
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie.update(_user_id=sign_in, _fresh=True, fs_cc="set", fs_paa=time.time())


class Clock:
    """Stands in for ``datetime`` in ``services/clock.py``; runs with the real clock until it is set."""

    def __init__(self) -> None:
        self._set: datetime | None = None

    def now(self, zone: tzinfo = UTC) -> datetime:
        return (self._set or datetime.now(UTC)).astimezone(zone)

    def set(self, time: datetime) -> None:
        assert time.tzinfo, "say in which time zone"
        self._set = time

    def advance(self, **amount: float) -> None:
        """As ``timedelta``: ``clock.advance(minutes=10)``."""
        self._set = self.now() + timedelta(**amount)
