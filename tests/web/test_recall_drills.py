"""Drills on the pages of a business and of the department."""

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.world import make_world


def test_a_drill_is_run_kept_and_downloaded(client: Client, session: Session) -> None:
    world = make_world(session)
    business, code = world.business_id, world.values["code"]
    shopper = client.get(f"/q/{code}").text
    for person, room in ((world.owner, f"/workspace/{business}"), (factories.make_officer(session), "/authority")):
        client.sign_in(person)
        wrong = client.submit(f"{room}/recalls/drills", {"code": "7K3M9XW2Q"})
        assert (wrong.status_code, 'value="7K3M9XW2Q"' in wrong.text) == (422, True)
        answer = client.submit(f"{room}/recalls/drills", {"code": code})
        assert answer.status_code == 303
        page = client.get(answer.location).text
        for said in ("Phiếu điểm diễn tập", "mili giây", "Sạp bà Tư", "Chuyến hàng chưa ai nhận"):
            assert said in page
        sheet = load_workbook(BytesIO(client.get(f"{answer.location}.xlsx").data))
        assert sheet.sheetnames == ["Phiếu điểm", "Nơi giữ hàng", "Lỗ hổng"]
        assert ("Phải gọi điện", "Sạp bà Tư") in [tuple(cell.value for cell in row) for row in sheet["Lỗ hổng"]]
        assert answer.location.rsplit("/", 1)[1] in client.get(f"{room}/recalls/drills").text
    client.delete_cookie("session")
    assert client.get(f"/q/{code}").text == shopper
