"""Reporting a problem in two taps, and following what becomes of it by the number alone."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from ...domain.complaints import ComplaintReason, ComplaintStatus
from ...domain.errors import InvalidInput, NotFound, TraceError
from ...domain.text import clean, clean_lines
from ...request.access import public
from ...request.database import db
from ...request.files import file_store
from ...request.language import select_language
from ...request.limits import COMPLAIN, LOOK_UP, limiter
from ...services.complaints import (
    ComplaintDetails,
    add_details,
    follow,
    may_add_details,
    new_tracking_number,
    report,
)
from ...services.resolver import resolve
from ...storage.complaints import Complaint
from .blueprint import bp
from .pages import render, translator
from .wrong_codes import wrong_code

LONGEST = 40
TONES = {
    ComplaintStatus.RECEIVED: "info",
    ComplaintStatus.REVIEWING: "info",
    ComplaintStatus.RESOLVED: "good",
    ComplaintStatus.UNFOUNDED: "muted",
}


@bp.get("/q/<code>/report")
@public
def report_problem(code: str) -> Response:
    resolution = resolve(db.session, code)
    if resolution.batch is None:
        return wrong_code(resolution)
    return _reasons(code)


@bp.post("/q/<code>/report")
@public
@limiter.limit(COMPLAIN)
def send_report(code: str) -> AnyResponse:
    """The second tap: which button was pressed is the reason."""
    resolution = resolve(db.session, code)
    if resolution.batch is None:
        return wrong_code(resolution)
    try:
        reason = ComplaintReason(request.form.get("reason", ""))
    except ValueError:
        return _reasons(code, 422)
    db.session.rollback()  # what was read so far may not turn into a write
    complaint = report(
        db.session,
        file_store(),
        code=resolution.batch.code,
        reason=reason,
        tracking_number=request.form.get("tracking_number") or None,
    )
    return redirect(url_for("public.complaint", number=complaint.tracking_number, sent=1), 303)


@bp.get("/complaints")
@public
def find_complaint() -> AnyResponse:
    number = request.args.get("number", "").strip()[:LONGEST]
    return redirect(url_for("public.complaint", number=number) if number else url_for("public.home"), 303)


@bp.get("/complaints/<number>")
@public
@limiter.limit(LOOK_UP)
def complaint(number: str) -> Response:
    try:
        return _complaint(follow(db.session, number))
    except TraceError as error:
        if isinstance(error, NotFound | InvalidInput):
            sentence = translator(select_language())(error.message, **error.values)
            return render("complaint_unknown.html", 404, sentence=sentence, number=number[:LONGEST])
        raise


@bp.post("/complaints/<number>")
@public
@limiter.limit(COMPLAIN)
def detail_complaint(number: str) -> AnyResponse:
    """Whoever reported may say more, once."""
    upload = request.files.get("photo")
    values = {"text": request.form.get("text", ""), "phone": request.form.get("phone", "")}
    try:
        details = ComplaintDetails(
            text=clean_lines(values["text"]), phone=clean(values["phone"]), photo=upload.read() if upload else b""
        )
        add_details(db.session, file_store(), tracking_number=number, details=details)
    except TraceError as error:
        db.session.rollback()
        return _complaint(follow(db.session, number), error.status, error=error, values=values)
    return redirect(url_for("public.complaint", number=number, added=1), 303)


def _reasons(code: str, status: int = 200) -> Response:
    return render(
        "report.html",
        status,
        code=code,
        reasons=list(ComplaintReason),
        tracking_number=new_tracking_number(),
        token=generate_csrf(),
    )


def _complaint(found: Complaint, status: int = 200, *, error: TraceError | None = None, values: Any = None) -> Response:
    language = select_language()
    product = found.batch.product
    return render(
        "complaint.html",
        status,
        complaint=found,
        product=(language == "en" and product.name_en) or product.name,
        tones=TONES,
        open_for_details=may_add_details(found),
        error=error and translator(language)(error.message, **error.values),
        error_field=error.field if error else None,
        values=values or {},
        sent=request.args.get("sent"),
        added=request.args.get("added"),
        token=generate_csrf(),
    )
