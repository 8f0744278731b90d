"""Helping whoever has a code that leads nowhere, or only a photo of it."""

import re
from urllib.parse import urlsplit

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from ...domain.errors import N_, InvalidInput, TraceError
from ...domain.identifiers import Gtin
from ...domain.text import clean
from ...labels.photos import read_label_photo
from ...request.access import public
from ...request.database import db
from ...request.language import select_language
from ...request.limits import LOOK_UP, READ_PHOTO, limiter
from ...services.resolver import Resolution
from ...storage.labels import rolls_with
from .blueprint import bp
from .documents import wants_json, wrong_code_document
from .pages import render, translator, vary

LONGEST = 200
OURS = re.compile(r"/q/([^/?#]+)(?:/([^/?#]+))?", re.IGNORECASE)
GS1 = re.compile(r"/01/[0-9]{8,14}(?:/[^?#]*)?(?:\?.*)?$")
ROLL = N_(
    "Mã này thuộc một cuộn tem in sẵn. Mỗi tem của cuộn có số riêng: hãy quét cả ô vuông, hoặc nhập thêm số tem sau mã."
)
UNKNOWN = N_("Mã này chưa được cấp cho lô hàng nào.")


@bp.get("/q")
@public
def look_up() -> AnyResponse:
    """What was typed into the field: a code, a product's bar code number, or a whole link."""
    typed = request.args.get("code", "").strip()[:LONGEST]
    if not typed:
        return redirect(url_for("public.home"), 303)
    return redirect(_where(typed) or url_for("public.batch", code=typed.replace("/", "-")), 303)


@bp.post("/q/photo")
@public
@limiter.limit(READ_PHOTO)
def photo() -> AnyResponse:
    """A photo of a label, decoded here: goes where the label leads."""
    upload = request.files.get("photo")
    try:
        links = read_label_photo(upload.read() if upload else b"")
    except TraceError as error:
        return _again(error)
    for link in links:
        if where := _where(link):
            return redirect(where, 303)
    message = N_("Chưa đọc được mã trong ảnh. Hãy chụp gần hơn, đủ sáng, để cả ô vuông nằm trong ảnh, hoặc gõ mã.")
    if links:
        message = N_("Mã trong ảnh không phải là mã của Rõ Nguồn. Hãy chụp ô vuông có dòng mã truy xuất bên dưới.")
    return _again(InvalidInput(message))


@limiter.limit(LOOK_UP)
def wrong_code(resolution: Resolution) -> Response:
    """404, with what may have been meant. Only wrong codes are limited: many phones may share one address."""
    fault = resolution.fault
    is_roll = not fault and db.session.scalar(select(rolls_with(resolution.code).exists()))
    message = fault.message if fault else ROLL if is_roll else UNKNOWN
    sentence = translator(select_language())(message, **(fault.values if fault else {}))
    if wants_json():
        return vary(wrong_code_document(resolution, sentence))
    return render(
        "wrong_code.html", 404, resolution=resolution, sentence=sentence, typed=resolution.code, token=generate_csrf()
    )


def _again(error: TraceError) -> Response:
    sentence = translator(select_language())(error.message, **error.values)
    return render("wrong_code.html", 422, resolution=None, sentence=sentence, typed="", token=generate_csrf())


def _where(text: str) -> str | None:
    """The page of this site that a link or a bar code number names, whatever host the link has; None for all else."""
    if ours := OURS.search(text):
        return url_for("public.stamp" if ours[2] else "public.batch", code=ours[1], serial=ours[2])
    if gs1 := GS1.search(text):
        parts = urlsplit(gs1[0])
        return parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        return f"/01/{Gtin(clean(text)).value}"
    except InvalidInput:
        return None
