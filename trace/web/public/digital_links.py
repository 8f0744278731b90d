"""GS1 Digital Links, which name a batch by what its bar code says."""

import re
from urllib.parse import quote

from flask import Response, request

from ...domain.digital_link import InvalidDigitalLink, parse_digital_link
from ...domain.stamps import is_serial
from ...request.access import public
from ...request.database import db
from ...request.language import select_language
from ...request.settings import stamp_keys
from ...services.resolver import Resolution, batches_of_link
from .batches import look_up_batch
from .blueprint import bp
from .documents import choice_document, wants_json
from .looks import looked, scan_writer
from .pages import render, vary
from .stamps import show_stamp

LINK = re.compile(r"([^/]+)(?:/22/(.+?))?(?:/10/(.+?))?(?:/21/(.+))?")


@bp.get("/01/<path:rest>")
@public
def digital_link(rest: str) -> Response:
    """A GS1 Digital Link of class, lot or instance level; several businesses may have a batch that it names."""
    link = parse_digital_link(_encoded(rest), request.query_string.decode("latin-1"))
    found = batches_of_link(db.session, link)
    codes = [row.public_code for row in found]
    serial = link.serial if link.serial and is_serial(link.serial) else ""
    if mine := [code for code in codes if serial and stamp_keys().knows(code, serial)]:
        return show_stamp(mine[0], serial)  # a serial says of which batch it is, even where the lot does not
    if link.lot and len(codes) == 1:
        return show_stamp(codes[0], serial) if serial else look_up_batch(codes[0])
    looked(scan_writer(), request.environ, Resolution(link.path, None))
    if wants_json():
        return vary(choice_document(link, codes))
    return render("choice.html", 200 if found else 404, link=link, batches=found, english=select_language() == "en")


def _encoded(rest: str) -> str:
    """The path of a GS1 link with its values encoded again: a server hands it over decoded, slashes in a lot and all."""
    parts = LINK.fullmatch(rest)
    if parts is None:
        raise InvalidDigitalLink
    found = {
        identifier: value for identifier, value in zip(("01", "22", "10", "21"), parts.groups(), strict=True) if value
    }
    return "".join(f"/{identifier}/{quote(value, safe='')}" for identifier, value in found.items())
