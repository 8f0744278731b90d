"""From an order to the file that prints: previewed, issued, written by a job, downloaded."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import count
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.factories import STAMP_KEYS
from tests.farm import MORNING, Farm, make_farm
from trace.domain.label_files import FileState
from trace.labels.decoders import decode
from trace.labels.preflight import LabelDoesNotScan, page_image
from trace.services import label_files
from trace.storage.accounts import User
from trace.storage.batches import Batch
from trace.storage.labels import LabelFile, LabelIssue

ORDER = {
    "count": "7",
    "design": "retail",
    "way": "sheet",
    "shown": "sheet",
    "sheet": "avery-l7164",
    "roll": "50 × 30",
    "dots_per_inch": "203",
}


@pytest.fixture
def farm(session: Session, client: Client, clock: Clock) -> Farm:
    clock.set(MORNING)
    farm = make_farm(session)
    client.sign_in(session.get_one(User, farm.owner.user_id))
    return farm


@pytest.fixture
def batch(farm: Farm) -> Batch:
    return farm.published()


def order(client: Client, batch: Batch, want: str = "issue", **changes: str) -> Any:
    path = f"/workspace/{batch.business_id}/batches/{batch.id}/stamps"
    asked = {**ORDER, **changes}
    return client.submit(path, {**asked, "shown": asked["way"], "want": want, "offset_x": "0", "offset_y": "0"})


def issued(session: Session) -> LabelIssue:
    session.rollback()
    return session.scalars(select(LabelIssue)).one()


def download(client: Client, issue: LabelIssue, **headers: str) -> Any:
    with client.get(f"/workspace/{issue.business_id}/stamps/{issue.id}/file", headers=headers) as answer:
        answer.get_data()
    return answer


def test_the_page_proposes_a_stamp_for_each_pack_and_shows_one_of_true_size(client: Client, batch: Batch) -> None:
    page = client.get(f"/workspace/{batch.business_id}/batches/{batch.id}/stamps").text
    assert re.search(r'name="count"[^>]*value="240"', page)
    assert "data:image/svg+xml;base64," in page


def test_every_stamp_of_a_sheet_opens_its_own_page(client: Client, session: Session, batch: Batch, farm: Farm) -> None:
    farm.pack(batch)
    answer = order(client, batch)
    assert answer.status_code == 303
    issue = issued(session)
    assert "Tải tệp tem" in client.get(answer.location).text
    links = decode(page_image(download(client, issue).data))
    assert len(set(links)) == 7
    client.delete_cookie("session")
    for link in links:
        page = client.get(
            link.removeprefix("HTTP://TRACE.TEST"), headers={"User-Agent": "Mozilla/5.0 Android Chrome/120"}
        )
        assert page.status_code == 200
        assert "Tem này được quét lần đầu" in page.text


def test_a_download_goes_on_where_it_stopped(client: Client, session: Session, batch: Batch) -> None:
    order(client, batch)
    issue = issued(session)
    whole = download(client, issue)
    rest = download(client, issue, Range="bytes=1000-", **{"If-Range": whole.headers["ETag"]})
    assert rest.status_code == 206
    assert whole.data[1000:] == rest.data


@pytest.mark.parametrize(
    ("way", "begins"),
    [("zpl", b"~DG"), ("tspl", b"SIZE 50 mm,30 mm"), ("escpos", b"\x1b"), ("csv", b"\xef\xbb\xbfindex")],
)
def test_a_printer_gets_its_own_language(
    client: Client, session: Session, batch: Batch, way: str, begins: bytes
) -> None:
    assert order(client, batch, way=way, design="small").status_code == 303
    issue = issued(session)
    assert issue.format == way
    assert download(client, issue).data.startswith(begins)


def test_a_roll_is_printed_ahead_one_stamp_a_page(client: Client, session: Session, farm: Farm) -> None:
    path = f"/workspace/{farm.business.id}/stamps/rolls"
    answer = client.submit(path, {**ORDER, "way": "roll", "shown": "roll", "design": "small", "want": "issue"})
    assert answer.status_code == 303
    issue = issued(session)
    assert issue.batch_id is None
    assert len(pypdfium2.PdfDocument(BytesIO(download(client, issue).data))) == 7
    assert "Gắn với lô hàng" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"count": "0"}, "Mỗi lần in được từ 1 đến"),
        ({"count": "1000000000"}, "Hãy nhập một số nguyên"),
        ({"count": "-5"}, "Hãy nhập một số nguyên"),
        ({"count": "241"}, "Lô này chỉ đóng được khoảng 240 gói"),
        ({"design": "gs1"}, "Mẫu tem GS1 cần mã vạch"),
        ({"way": "zpl", "shown": "zpl", "roll": "35 × 22"}, "quá nhỏ"),
        ({"offset_x": "99"}, "Độ dịch phải nằm trong khoảng"),
    ],
)
def test_what_cannot_be_printed_is_said_and_nothing_is_issued(
    client: Client, session: Session, batch: Batch, changes: dict[str, str], sentence: str
) -> None:
    path = f"/workspace/{batch.business_id}/batches/{batch.id}/stamps"
    refused = client.submit(path, {**ORDER, "want": "issue", **changes})
    assert refused.status_code == 422
    assert sentence in refused.text
    session.rollback()
    assert session.scalars(select(LabelIssue)).all() == []


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (None, "Mã QR trên tem không quét được"),
        ({0: "HTTPS://TRACE.TEST/Q/7K3M9XW2QT/518XXEF81855V702"}, "Liên kết trên tem chưa mở ra trang"),
    ],
    ids=["unreadable", "leads elsewhere"],
)
def test_a_file_that_would_not_scan_or_leads_elsewhere_is_not_handed_out(
    client: Client,
    session: Session,
    batch: Batch,
    monkeypatch: pytest.MonkeyPatch,
    read: dict[int, str] | None,
    sentence: str,
) -> None:
    looks = count()

    def check(*_: object) -> dict[int, str]:
        if not next(looks):  # the first is at the sample, before anything is issued
            return {}
        if read is None:
            raise LabelDoesNotScan
        return read

    monkeypatch.setattr("trace.labels.formats.SheetFormat.check", check)
    page = client.get(order(client, batch).location).text
    assert sentence in page
    assert session.scalars(select(LabelFile.state)).one() is FileState.FAILED
    assert download(client, issued(session)).status_code == 409


def test_without_their_key_stamps_become_no_file(
    app: Flask, client: Client, session: Session, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = order(client, batch).location
    settings = app.extensions["trace.settings"]
    monkeypatch.setattr(app.extensions["trace.jobs"], "settings", replace(settings, stamp_keys=("o" * 48,)))
    session.execute(delete(LabelFile))
    client.submit(f"{page}/file", form=page)
    assert f"Máy chủ đang thiếu khóa {STAMP_KEYS.newest}" in client.get(page).text
    assert download(client, issued(session)).status_code == 409


def test_a_file_goes_after_some_days_and_is_made_again_the_same(
    app: Flask, client: Client, session: Session, batch: Batch, clock: Clock
) -> None:
    page = order(client, batch).location
    issue = issued(session)
    first = download(client, issue).data
    clock.advance(days=8)
    label_files.forget_old(session, app.extensions["trace.settings"].labels_path)
    assert download(client, issue).status_code == 409
    client.submit(f"{page}/file", form=page)
    assert download(client, issue).data == first


def test_only_who_may_print_gets_the_file(client: Client, session: Session, batch: Batch) -> None:
    order(client, batch)
    issue = issued(session)
    client.sign_in(factories.make_officer(session))
    assert download(client, issue).status_code == 403
    client.sign_in(factories.make_user(session))
    assert download(client, issue).status_code == 404
