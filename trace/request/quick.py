"""A short way through Flask for pages that everyone opens and that know no account.

Extensions hang work on every request: they load the visitor's account, open the session, look for limits. A view
marked ``quick`` skips all of it when it is read; what it needs instead, it does itself.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, request, session
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.wrappers import Response

from ..storage.database import intend

View = TypeVar("View", bound=Callable[..., Any])


def quick(view: View) -> View:
    """Let a view take the short way: no hook runs before it, and only ``Application.always`` after it."""
    view.quick = True  # type: ignore[attr-defined]
    return view


class Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()  # what the library also returns, after it has made a signer to read nothing
        return super().open_session(app, request)


class Json(DefaultJSONProvider):
    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Raises ValueError, also for a text nested deeper than Python can follow: the form library reads bodies as JSON."""
        try:
            return super().loads(s, **options)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class Application(Flask):
    """Flask, with the short way."""

    session_interface = Sessions()
    json_provider_class = Json

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always: list[Callable[[Response], Response]] = []
        """What happens to every response, also on the short way."""

    def preprocess_request(self) -> Any:
        if not self._is_quick():
            return super().preprocess_request()
        intend(reads=True)
        return None

    def process_response(self, response: Any) -> Any:
        if not self._is_quick() or session.modified:
            return super().process_response(response)
        for finish in self.always:
            response = finish(response)
        return response

    def _is_quick(self) -> bool:
        view = self.view_functions.get(request.endpoint or "")
        return request.method == "GET" and hasattr(view, "quick")
