"""Printers on their pages, and where labels are ordered for them."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client, Clock
from tests.farm import MORNING, URL, Farm, make_farm
from trace.labels.formats import RollFormat
from trace.labels.geometry import Offset, RollGeometry
from trace.services import printers
from trace.storage.accounts import User
from trace.storage.labels import LabelIssue
from trace.storage.printers import SavedPrinter

OWN_ROLL = {"way": "tspl", "shown": "tspl", "roll": "", "label_width": "80", "label_height": "45,5", "gap": "3"}
OWN_SHEET = {
    "way": "sheet",
    "shown": "sheet",
    "sheet": "",
    "label_width": "60",
    "label_height": "40",
    "columns": "3",
    "rows": "7",
    "margin_left": "10",
    "paper_width": "210",
    "paper_height": "297",
}


@pytest.fixture
def farm(session: Session, client: Client, clock: Clock) -> Farm:
    clock.set(MORNING)
    farm = make_farm(session)
    client.sign_in(session.get_one(User, farm.owner.user_id))
    return farm


@pytest.fixture
def path(farm: Farm) -> str:
    return f"/workspace/{farm.business.id}/printers"


def saved(session: Session) -> SavedPrinter:
    session.rollback()
    return session.scalars(select(SavedPrinter)).one()


def save(client: Client, path: str, want: str = "save", **typed: str) -> Any:
    return client.submit(f"{path}/new", {"name": "Máy ở kho", **OWN_ROLL, **typed, "want": want})


def on_roll(farm: Farm, name: str, offset: Offset) -> None:
    printers.save(
        farm.session, farm.owner, farm.business.id, name, RollFormat(RollGeometry(70, 50), offset), public_url=URL
    )


def test_a_printer_is_saved_shown_changed_and_removed(client: Client, session: Session, path: str) -> None:
    assert save(client, path, scale="101,5", dots_per_inch="300").status_code == 303
    printer = saved(session)
    assert printer.paper["roll"] == {"label_width": 80, "label_height": 45.5, "gap": 3}
    assert (printer.paper["printer"]["scale"], printer.paper["printer"]["dots_per_inch"]) == (1.015, 300)
    assert "TSPL · 300 dpi · cuộn 80 × 45,5 mm · tỷ lệ 101,5%" in client.get(path).text
    page = client.get(f"{path}/{printer.id}").text
    for name, value in (("label_height", "45,5"), ("scale", "101,5"), ("gap", "3")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name
    changed = {"name": "Máy ở chợ", **OWN_SHEET, "version": "1", "want": "save"}
    assert client.submit(f"{path}/{printer.id}", changed).status_code == 303
    assert saved(session).name == "Máy ở chợ"
    late = client.submit(f"{path}/{printer.id}", {**changed, "name": "Máy ở xưởng"})
    assert late.status_code == 422, "somebody changed it meanwhile"
    assert client.submit(f"{path}/{printer.id}/removal", form=f"{path}/{printer.id}").status_code == 303
    assert "Chưa lưu máy in nào" in client.get(path).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**OWN_SHEET, "columns": "4"}, "label_width"),
        ({**OWN_SHEET, "rows": "8"}, "label_height"),
        ({**OWN_SHEET, "paper_width": ""}, "paper_width"),
        ({**OWN_SHEET, "sheet": "tomy-146"}, "sheet"),
        ({"label_width": "300"}, "label_width"),
        ({"label_width": "hẹp"}, "label_width"),
        ({"label_width": "14", "label_height": "12"}, "label_width"),
        ({"width": "72"}, "label_width"),
        ({"roll": "9 × 9"}, "roll"),
        ({"roll": "75 × 100", "width": "60"}, "roll"),
        ({"dots_per_inch": "²"}, "dots_per_inch"),
        ({"offset_x": "21"}, "offset_x"),
        ({"scale": "80"}, "scale"),
        ({"darkness": "16"}, "darkness"),
        ({"name": ""}, "name"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    client: Client, session: Session, path: str, typed: dict[str, str], field: str
) -> None:
    refused = save(client, path, **typed)
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    session.rollback()
    assert session.scalars(select(SavedPrinter)).all() == []


@pytest.mark.parametrize("way", ["sheet", "roll", "zpl", "tspl", "escpos"])
def test_every_printer_has_a_calibration_sheet_before_and_after_it_is_saved(
    client: Client, session: Session, path: str, way: str
) -> None:
    typed = {"way": way, "shown": way, "roll": "50 × 30", "sheet": "tomy-145"}
    draft = save(client, path, "calibration", **typed)
    save(client, path, **typed)
    kept = client.get(f"{path}/{saved(session).id}/calibration")
    assert draft.data == kept.data
    assert kept.headers["Content-Disposition"].startswith("attachment; filename=can-chinh-may-in.")


def test_the_page_says_which_labels_fit_and_what_comes_out_too_fine(client: Client, path: str) -> None:
    page = save(client, path, "preview", way="roll", shown="roll", label_width="30", label_height="25").text
    assert page.count("Không vừa") == 2
    assert "Máy in mờ hoặc đầu in cũ" in page


def test_labels_are_made_on_the_printer_used_last_unless_another_is_chosen(
    client: Client, session: Session, farm: Farm
) -> None:
    on_roll(farm, "Máy ở kho", Offset(1, 0))
    on_roll(farm, "Máy ở chợ", Offset(0, 2))
    batch = farm.published()
    page = f"/workspace/{farm.business.id}/batches/{batch.id}/labels"
    assert client.submit(page, {"count": "10", "printer": "Máy ở kho", "want": "file"}).mimetype == "application/pdf"
    shown = client.get(page).text
    assert re.search(r'<option selected value="Máy ở kho">', shown)
    assert "dịch 1 · 0 mm" in shown
    assert 'name="offset_x"' not in shown
    stamps = client.submit(page.replace("labels", "stamps"), {"count": "3", "printer": "Máy ở chợ", "want": "issue"})
    assert stamps.status_code == 303
    assert [each["offset"] for each in session.scalars(select(LabelIssue.geometry).order_by(LabelIssue.id))] == [
        {"x": 1, "y": 0, "scale": 1},
        {"x": 0, "y": 2, "scale": 1},
    ]


def test_another_printer_opens_its_fields_before_anything_is_printed(
    client: Client, session: Session, farm: Farm
) -> None:
    """Also without JavaScript, where they come with the answer."""
    on_roll(farm, "Máy ở kho", Offset(1, 0))
    page = f"/workspace/{farm.business.id}/batches/{farm.published().id}/stamps"
    asked = {"count": "3", "design": "small", "printer": "", "want": "issue"}
    opened = client.submit(page, asked)
    assert opened.status_code == 200
    assert re.search(r'name="offset_x"[^>]*value="1"', opened.text)
    turned = client.submit(page, {**asked, "way": "zpl", "shown": "roll"})
    assert 'name="dots_per_inch"' in turned.text
    session.rollback()
    assert session.scalars(select(LabelIssue)).all() == []
    assert client.submit(page, {**asked, **OWN_ROLL}).status_code == 303
    session.rollback()
    assert session.scalars(select(LabelIssue.geometry)).one()["roll"]["label_width"] == 80


def test_what_was_typed_to_print_is_saved_and_then_chosen(client: Client, farm: Farm, path: str) -> None:
    batch = farm.published()
    new = f"{path}/new?batch={batch.id}"
    draft = client.submit(new, {**OWN_ROLL, "want": "start"}).text
    assert re.search(r'name="label_height"[^>]*value="45,5"', draft)
    assert "Chưa lưu được" not in draft
    back = client.submit(new, {**OWN_ROLL, "name": "Máy ở kho", "want": "save"})
    assert '<option selected value="Máy ở kho">' in client.get(back.location).text


def test_a_printer_that_is_gone_or_anothers_prints_nothing(client: Client, session: Session, farm: Farm) -> None:
    on_roll(make_farm(session), "Máy của người khác", Offset())
    page = f"/workspace/{farm.business.id}/batches/{farm.published().id}/labels"
    refused = client.submit(page, {"count": "3", "printer": "Máy của người khác", "want": "file"})
    assert refused.status_code == 422
    assert "Không có máy in tên" in refused.text
    session.rollback()
    assert session.scalars(select(LabelIssue)).all() == []


def test_the_preview_has_true_size_and_says_that_the_offset_is_in_it(client: Client, farm: Farm) -> None:
    on_roll(farm, "Máy ở kho", Offset(1, 0))
    page = client.get(f"/workspace/{farm.business.id}/stamps/rolls").text
    assert "Đúng cỡ thật" in page
    assert "dời để bù cho máy in bị lệch" in page
