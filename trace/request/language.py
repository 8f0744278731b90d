"""Which language this request is answered in: the link's, the one last chosen by a link
in this browser, the account's, the browser's."""

from functools import lru_cache

from flask import g, request
from flask_babel import Babel
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "lang"

babel = Babel()


def select_language() -> str:
    chosen: str | None = getattr(g, "language", None)
    if chosen is None:
        chosen = g.language = _choose()
    return chosen


def _choose() -> str:
    if not request:
        return "vi"
    environ = request.environ
    if "HTTP_COOKIE" in environ or environ.get("QUERY_STRING"):
        # without a cookie nobody is signed in, and to ask would open the session
        account = current_user if request.cookies else None
        for wish in (request.args.get("lang"), request.cookies.get(COOKIE), getattr(account, "locale", None)):
            if wish in LANGUAGES:
                return str(wish)
    return of_browser(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=1024)
def of_browser(accepted: str) -> str:
    """The best of ours by an ``Accept-Language`` header."""
    return parse_accept_header(accepted[:200], LanguageAccept).best_match(list(LANGUAGES), default="vi")
