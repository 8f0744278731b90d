"""Files that are not what they say, sent as a browser sends them."""

import re
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.pictures import jpeg_with_position
from tests.uploads import PAGE_CALLED_PHOTO
from trace.storage.files import StoredFile

PRODUCT = {"name": "Cải ngọt", "commodity": "vegetables", "unit": "KGM"}
CERTIFICATE = {
    "scheme": "vietgap",
    "number": "VG-01",
    "issuer": "Trung tâm Chứng nhận",
    "valid_from": "01/01/2026",
    "valid_until": "31/12/2027",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
BOMB = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0\0\0\0\0"


@pytest.fixture
def home(session: Session, client: Client) -> str:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    client.sign_in(owner)
    return f"/workspace/{business.id}"


def acting_pdf(action: str) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = Dictionary(S=Name(f"/{action}"), JS=String("app.alert(1)"), F=String("cmd.exe"))
        output = BytesIO()
        pdf.save(output)
    return output.getvalue()


@pytest.mark.parametrize("data", [SVG, PAGE_CALLED_PHOTO, BOMB, b"GIF89a<script>", b"MZ"])
def test_what_is_no_photo_is_refused_whatever_its_name(
    client: Client, home: str, session: Session, data: bytes
) -> None:
    for path, facts, field in (("products", PRODUCT, "photo"), ("certificates", CERTIFICATE, "file")):
        answer = client.submit(f"{home}/{path}/new", {**facts, field: (BytesIO(data), "rau.jpg", "image/jpeg")})
        assert answer.status_code == 422, path
        assert 'class="error"' in answer.text
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


@pytest.mark.parametrize("action", ["JavaScript", "Launch"])
def test_a_paper_that_does_something_is_refused(client: Client, home: str, session: Session, action: str) -> None:
    facts = {**CERTIFICATE, "file": (BytesIO(acting_pdf(action)), "giấy.pdf")}
    assert client.submit(f"{home}/certificates/new", facts).status_code == 422
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_photo_is_drawn_anew_without_what_it_carried(client: Client, home: str) -> None:
    data = jpeg_with_position() + PAGE_CALLED_PHOTO  # an image and a page at once
    listed: Any = client.submit(f"{home}/products/new", {**PRODUCT, "photo": (BytesIO(data), "rau.html")})
    photo = re.search(r"/files/[0-9a-f]{64}-320\.webp", client.get(listed.location).text)
    assert photo
    shown = client.get(photo[0], buffered=True)
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    for carried in (b"<script", b"Exif", b"MakerOfPhones", b"secret"):
        assert carried not in shown.get_data()
