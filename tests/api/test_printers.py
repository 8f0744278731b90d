"""Printers by machine, and labels ordered for them by name."""

from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch
from trace.storage.businesses import Business

ZEBRA = {
    "name": "Máy ở kho",
    "way": "zpl",
    "roll": {"label_width": 50, "label_height": 30},
    "offset": {"x": 1.5, "scale": 1.01},
    "dots_per_inch": 300,
    "darkness": 20,
}


def test_a_printer_is_saved_changed_calibrated_and_removed(machine: Machine, business: Business) -> None:
    path = f"/businesses/{business.id}/printers"
    made = machine("POST", path, ZEBRA)
    assert made.status_code == 201, made.text
    assert made.json["offset"] == {"x": 1.5, "y": 0.0, "scale": 1.01}
    assert (made.json["roll"]["gap"], made.json["dots_per_inch"], made.json["darkness"]) == (2.0, 300, 20)
    assert machine("POST", path, ZEBRA).json["code"] == "printer-name-taken"
    assert [each["name"] for each in machine("GET", path).json["items"]] == ["Máy ở kho"]
    one = f"{path}/{made.json['id']}"
    assert machine("GET", f"{one}/calibration").get_data().startswith(b"~DG")
    sheet = {"name": "Máy ở kho", "way": "sheet", "sheet": "avery-l7651"}
    changed = machine("PUT", one, sheet, if_match=made.headers["ETag"])
    assert (changed.json["sheet"], changed.json["geometry"]["columns"]) == ("avery-l7651", 5)
    assert machine("PUT", one, sheet, if_match=made.headers["ETag"]).status_code == 412
    assert machine("DELETE", one, if_match=changed.headers["ETag"]).status_code == 204
    assert machine("GET", one).status_code == 404


def test_labels_and_stamps_are_ordered_for_a_printer_by_its_name(
    machine: Machine, business: Business, session: Session
) -> None:
    machine("POST", f"/businesses/{business.id}/printers", ZEBRA)
    batch = f"/businesses/{business.id}/batches/{make_batch(session, business).id}"
    machine("POST", f"{batch}/publication")
    order = {"count": 3, "printer": "Máy ở kho"}
    assert machine("POST", f"{batch}/labels/file", order).get_data().startswith(b"~DG")
    assert machine("POST", f"{batch}/stamps", {**order, "design": "small"}).json["format"] == "zpl"
    unknown = machine("POST", f"{batch}/labels/file", {"count": 3, "printer": "Máy của ai"})
    assert (unknown.status_code, unknown.json["code"]) == (422, "unknown-printer")
    assert machine("POST", f"{batch}/labels/file", {"count": 3}).status_code == 422
