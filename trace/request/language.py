"""Which language this request is answered in: the link's, the account's, the visitor's choice, the browser's."""

from flask import g, request
from flask_babel import Babel
from flask_login import current_user

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
    for wish in (request.args.get("lang"), getattr(current_user, "locale", None), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(list(LANGUAGES), default="vi")
