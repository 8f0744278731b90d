"""Labels on the page of a batch."""

import re
from base64 import b64decode
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.labels.previews import drawn
from trace.labels.decoders import decode
from trace.labels.preflight import page_image
from trace.services import batches
from trace.storage.batches import Batch
from trace.storage.labels import LabelIssue

SHEET = {
    "way": "sheet",
    "shown": "sheet",
    "sheet": "tomy-145",
    "count": "3",
    "start_position": "1",
    "offset_x": "0",
    "offset_y": "0",
}

OWN_SHEET = {
    "label_width": "60",
    "label_height": "40",
    "columns": "2",
    "rows": "5",
    "paper_width": "210",
    "paper_height": "297",
}


@pytest.fixture
def batch(session: Session, client: Client) -> Any:
    """120 kg in packs of half a kilogram: 240 labels."""
    owner = factories.make_user(session)
    client.sign_in(owner)
    draft = factories.make_batch(session, factories.make_business(session, owner=owner))
    return batches.publish(session, factories.actor(owner), draft.id, public_url="http://trace.test")


@pytest.fixture
def path(batch: Batch) -> str:
    return f"/workspace/{batch.business_id}/batches/{batch.id}/labels"


def wanted(client: Client, path: str, want: str, **changes: str) -> Any:
    return client.submit(path, {**SHEET, **changes, "want": want})


def preview(page: str) -> Image.Image:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert found
    return drawn(b64decode(found[1]).decode())


def test_the_page_proposes_a_label_for_each_pack_and_shows_it(client: Client, path: str, batch: Batch) -> None:
    page = client.get(path).text
    assert re.search(r'name="count"[^>]*value="240"', page)
    assert decode(preview(page)) == [f"HTTP://TRACE.TEST/Q/{batch.public_code}"]


def test_sizes_are_written_with_the_decimal_mark_of_the_reader(client: Client, path: str) -> None:
    assert "38,1 × 21,2 mm" in client.get(path).text
    assert "38.1 × 21.2 mm" in client.get(f"{path}?lang=en").text


def test_a_sheet_of_labels_is_handed_out_as_pdf(client: Client, path: str, batch: Batch) -> None:
    answer = wanted(client, path, "file")
    assert answer.mimetype == "application/pdf"
    assert f"filename=tem-{batch.public_code}-3.pdf" in answer.headers["Content-Disposition"]
    assert decode(page_image(answer.data)) == [f"HTTP://TRACE.TEST/Q/{batch.public_code}"] * 3


@pytest.mark.parametrize(("want", "start"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("calibration", b"%PDF")])
def test_a_symbol_and_the_calibration_sheet_are_files_too(client: Client, path: str, want: str, start: bytes) -> None:
    answer = wanted(client, path, want)
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_calibration_sheet_and_a_preview_are_no_labels(client: Client, path: str, session: Session) -> None:
    wanted(client, path, "calibration")
    page = wanted(client, path, "preview", start_position="7").text
    assert 'data-position="7" class="used"' in page
    assert 'data-position="6" class="used"' not in page
    assert session.scalar(select(func.count()).select_from(LabelIssue)) == 0


def test_the_offset_and_the_paper_are_remembered(client: Client, path: str) -> None:
    own = {**OWN_SHEET, "sheet": "", "label_width": "70", "margin_left": "10,5", "offset_x": "-1,25"}
    assert wanted(client, path, "file", **own).mimetype == "application/pdf"
    page = client.get(path).text
    for name, value in (("label_width", "70"), ("margin_left", "10,5"), ("offset_x", "-1,25"), ("columns", "2")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name


def test_more_labels_than_packs_need_a_second_word(client: Client, path: str) -> None:
    answer = wanted(client, path, "file", count="241")
    assert answer.status_code == 422
    assert 'name="excess_reason"' in answer.text
    assert wanted(client, path, "file", count="241", excess_reason="Tem ướt").mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("count", ""),
        ("count", "0"),
        ("count", "nhiều"),
        ("start_position", "66"),
        ("offset_x", "21"),
        ("offset_y", "một"),
        ("label_width", "5"),
        ("label_width", "300"),
        ("label_height", ""),
        ("columns", "999"),
    ],
)
def test_what_cannot_be_printed_is_answered_at_its_field(client: Client, path: str, field: str, typed: str) -> None:
    sheet = "" if field in ("label_width", "label_height", "columns") else "tomy-145"
    own = {**OWN_SHEET, field: typed}
    answer = wanted(client, path, "file", **{"sheet": sheet, **own})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_draft_gets_no_labels_and_the_reason(client: Client, path: str, session: Session, batch: Batch) -> None:
    draft = factories.make_batch(session, batch.business)
    page = client.get(f"/workspace/{batch.business_id}/batches/{draft.id}/labels")
    assert page.status_code == 200
    assert 'class="notice warn"' in page.text
    refused = client.submit(f"/workspace/{batch.business_id}/batches/{draft.id}/labels", SHEET, form=path)
    assert refused.status_code == 409
