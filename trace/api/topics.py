"""One blueprint a topic, and what its routes share: pages, versions, and doing once what was asked twice."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from hashlib import sha256
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from flask import g, json, request
from flask_babel import gettext as _
from flask_smorest import Blueprint
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import (
    BadRequest,
    PreconditionFailed,
    PreconditionRequired,
    RequestEntityTooLarge,
    Unauthorized,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Response

from ..request.database import db
from ..services.idempotency import Answer, answer_once
from ..services.keys import authenticate_key
from ..storage.pages import newest_first
from .fields import File
from .schemas import Schema

View = TypeVar("View", bound=Callable[..., Any])
LARGEST_BODY = 24 * 1024 * 1024  # one file of 15 MB in base64, and its facts
LONGEST_KEY = 100
KEPT = ("Content-Type", "ETag", "Location", "Content-Disposition")


class Parser(FlaskParser):
    """Says what is wrong with any body, however odd; a misspelt filter is refused, not ignored."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": "raise"}

    def load_json(self, req: Any, schema: Any) -> Any:  # noqa: ARG002 - the parser's signature
        if req.mimetype == "multipart/form-data":
            req.get_data()  # whole, before it is taken apart: its hash may be asked for later
            facts = self._read(req.form.get("facts", "{}"))
            if not isinstance(facts, dict):
                raise BadRequest(_("Nội dung gửi lên không phải là JSON hợp lệ."))
            return {**facts, **{name: b64encode(file.read()).decode() for name, file in req.files.items()}}
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        return self._read(req.get_data())

    def _read(self, text: str | bytes) -> Any:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadRequest(_("Nội dung gửi lên không phải là JSON hợp lệ.")) from error


class Topic(Blueprint):  # type: ignore[misc]
    """Routes under /api/v1. Their callers bring a key, never a cookie."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix="/api/v1", description=description)
        self.before_request(identify)

    # Blueprint has no types; these lend a route's own to what decorates it.
    def get(self, rule: str) -> Callable[[View], View]:
        return super().get(rule)  # type: ignore[no-any-return]

    def post(self, rule: str) -> Callable[[View], View]:
        return super().post(rule)  # type: ignore[no-any-return]

    def put(self, rule: str) -> Callable[[View], View]:
        return super().put(rule)  # type: ignore[no-any-return]

    def delete(self, rule: str) -> Callable[[View], View]:
        return super().delete(rule)  # type: ignore[no-any-return]

    def arguments(self, schema: type[Schema], *, location: str = "json") -> Callable[[View], View]:
        def described(view: View) -> View:
            files = [name for name, field in schema._declared_fields.items() if isinstance(field, File)]
            parts = {name: {"type": "string", "format": "binary"} for name in files}
            facts = {"type": "string", "description": "The other members, as JSON"}
            form = {"schema": {"type": "object", "properties": {"facts": facts, **parts}}}
            says = {"requestBody": {"content": {"multipart/form-data": form}}} if files else {}
            taken: View = super(Topic, self).arguments(schema, location=location)(view)
            return Topic.doc(**says)(taken)  # type: ignore[no-any-return] # flask-smorest's decorator is untyped

        return described

    def response(self, status: int, schema: Any = None, **says: Any) -> Callable[[View], View]:
        return super().response(status, schema, **says)  # type: ignore[no-any-return]

    def add_url_rule(self, rule: str, endpoint: Any = None, view_func: Any = None, *args: Any, **options: Any) -> None:
        """Say in the OpenAPI document which scope a route needs."""
        scope = view_func.permission
        says = {"security": [{}, {"key": []}]} if scope is None else {"x-scope": scope.value}
        super().add_url_rule(rule, endpoint, self.doc(**says)(view_func), *args, **options)


class Versioned(Protocol):
    version: Any


def identify() -> None:
    """Find out whose key this is. Raises Unauthorized for one that is not, or no longer, good."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge
    g.keys_only = True
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        g.actor = authenticate_key(db.session, token.strip()) if scheme.lower() == "bearer" else None
        g.key = token.strip()
        if g.actor is None:
            raise Unauthorized


def page(
    statement: Select[Any],
    key: InstrumentedAttribute[Any],
    query: dict[str, Any],
    *,
    told: Callable[[Sequence[Any]], Sequence[Any]] = list,
) -> Any:
    """One page of ``statement``, newest first, for a schema made by ``page_of``; ``told`` makes of the rows what it shows."""
    found = newest_first(db.session, statement.order_by(None), key, after=query["after"], size=query["limit"])
    found = replace(found, items=told(found.items))
    if found.next is None:
        return found
    following = urlencode({**request.args.to_dict(), "after": found.next})
    return found, {"Link": f'<{request.base_url}?{following}>; rel="next"'}


def with_version(subject: Versioned) -> Any:
    """The answer about ``subject``, with the ETag that a change of it has to name."""
    return subject, {"ETag": f'"{subject.version}"'}


def named_version(subject: Versioned, *, required: bool = True) -> int:
    """The version that If-Match names, which must be the one that stands. Raises PreconditionRequired or -Failed."""
    if "If-Match" not in request.headers:
        if not required:
            return int(subject.version)
        raise PreconditionRequired
    if not request.if_match.contains(str(subject.version)):
        raise PreconditionFailed
    return int(subject.version)


def if_match(view: View) -> View:
    """Document that ``view`` uses ``named_version``."""
    return Topic.doc(  # type: ignore[no-any-return]
        parameters=[
            {
                "in": "header",
                "name": "If-Match",
                "required": True,
                "description": "The ETag of what is changed, as last read",
                "schema": {"type": "string", "example": '"1"'},
            }
        ]
    )(view)


def once(view: View) -> View:
    """Do what a repeated POST asks for only once: every POST is wrapped in this (docs/api.md, "Repeating a request")."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*args, **kwargs)
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            raise BadRequest(_("Idempotency-Key phải có từ 1 đến 100 ký tự ASCII in được, ví dụ một UUID."))

        def respond() -> Answer:
            response = view(*args, **kwargs)
            headers = {name: response.headers[name] for name in KEPT if name in response.headers}
            return Answer(response.status_code, headers, response.get_data())

        asked = [request.method, request.full_path, request.mimetype]
        answer, replayed = answer_once(
            db.session,
            secret=getattr(g, "key", ""),
            key=key,
            fingerprint=sha256("\n".join(asked).encode() + b"\n" + request.get_data()).hexdigest(),
            respond=respond,
        )
        response = Response(answer.body, answer.status, dict(answer.headers))
        response.headers["Idempotency-Replayed"] = "true" if replayed else "false"
        return response

    documented = Topic.doc(
        parameters=[
            {
                "in": "header",
                "name": "Idempotency-Key",
                "description": "Made by the caller, new for each thing to do; the same again gives the same answer",
                "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            }
        ]
    )(answered)
    documented.idempotent = True
    return documented  # type: ignore[no-any-return]
