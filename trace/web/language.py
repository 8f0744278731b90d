"""A language chosen by a link stays chosen in this browser."""

from flask import Flask, request
from werkzeug.wrappers import Response

from ..request.language import COOKIE, LANGUAGES

A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    @app.after_request
    def keep_language(response: Response) -> Response:
        wish = request.args.get("lang")
        if wish in LANGUAGES and request.cookies.get(COOKIE) != wish:
            response.set_cookie(COOKIE, wish, max_age=A_YEAR, httponly=True, secure=request.is_secure, samesite="Lax")
        return response
