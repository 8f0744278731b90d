"""The page of one stamp: that of its batch, with what this stamp's scans say."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from ...domain.errors import InvalidInput, NotFound
from ...request.access import current_actor, public
from ...request.database import db
from ...request.language import select_language
from ...request.limits import COMPLAIN, LOOK_UP, limiter
from ...request.settings import stamp_keys
from ...services import stamps
from ...services.addresses import settle_address
from ...services.resolver import resolve_quickly
from ...services.stamps import FoundStamp
from ...storage.stamps import handled_by
from .batches import show
from .blueprint import bp
from .documents import stamp_document, wants_json
from .looks import looked, scan_writer, traits
from .pages import render, translator, vary

HANOI = "01"


@bp.get("/q/<code>/<serial>")
@bp.get("/Q/<code>/<serial>", endpoint="printed_stamp")  # as labels print it
@public
def stamp(code: str, serial: str) -> Response:
    return show_stamp(code, serial)


def show_stamp(code: str, serial: str) -> Response:
    """The scan is written before the page answers, because the next verdict depends on it."""
    found = stamps.find(db.session, stamp_keys(), code, serial)
    return _page(found) if found.row else _wrong_stamp(found)


@limiter.limit(LOOK_UP)
def _wrong_stamp(found: FoundStamp) -> Response:
    """Only wrong ones are limited, so that nobody guesses: many phones may share one address."""
    return _page(found)


def _page(found: FoundStamp) -> Response:
    resolution = resolve_quickly(db.engine, found.batch_code)
    look = looked(scan_writer(), request.environ, resolution)
    batch_id = resolution.batch.id if resolution.batch else None
    checked = stamps.check(db.session, stamp_keys(), found, look, colleague=_is_colleague(found, batch_id))
    if resolution.batch or not found.row:
        return show(resolution, checked)
    if wants_json():
        return vary(stamp_document(checked))
    return render("stamp.html", stamp=checked)


def _is_colleague(found: FoundStamp, batch_id: int | None) -> bool:
    """Whether an officer looks, or somebody of a business that made, held or holds the batch, or printed the stamp."""
    if not request.cookies or not current_user.is_authenticated:
        return False
    actor = current_actor()
    if actor.officer or (found.row and found.row.business_id in actor.memberships):
        return True
    return batch_id is not None and bool(db.session.scalar(handled_by(batch_id, actor.memberships)))


@bp.get("/q/<code>/<serial>/place")
@public
def stamp_place(code: str, serial: str) -> Response:
    return _ask_place(_existing(code, serial))


@bp.post("/q/<code>/<serial>/place")
@public
@limiter.limit(COMPLAIN)
def say_stamp_place(code: str, serial: str) -> AnyResponse:
    """In which commune the shopper is, if they like to say so: copies of one stamp turn up in many."""
    typed = request.form.get("commune", "")
    found = _existing(code, serial)
    try:
        commune = settle_address(commune=typed, province_code=HANOI).commune
    except InvalidInput as error:
        return _ask_place(found, 422, error=translator(select_language())(error.message, **error.values), typed=typed)
    db.session.rollback()  # what was read so far may not turn into a write
    device = scan_writer().device(**traits(request.environ))
    stamps.say_place(db.session, found, device, commune.code)
    return redirect(url_for("public.stamp", code=found.code, serial=found.serial), 303)


def _existing(code: str, serial: str) -> FoundStamp:
    found = stamps.find(db.session, stamp_keys(), code, serial)
    if found.row is None:
        raise NotFound
    return found


def _ask_place(found: FoundStamp, status: int = 200, **values: Any) -> Response:
    return render(
        "stamp_place.html", status, found=found, token=generate_csrf(), **{"error": "", "typed": "", **values}
    )
