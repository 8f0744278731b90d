"""The figures of the demonstration, worked out by hand from its story, and then met in every room that tells them.

Twelve names are on the official list (services/demo/cast.py: LISTED, STRANGERS). What each did is in script.py,
delivering.py, pickling.py, stamping.py and casing.py:

  Cầu Ngói, Ba Lá        never enrolled                                                                 not enrolled
  Lê Thị Bốn             enrolled under another spelling; nobody has confirmed that it is this entry    unconfirmed
  Vũ Văn Tám             suspended by the department                                                    not approved
  Ngô Văn Bảy            recorded one harvest 100 days ago and nothing since                            inactive
  Đặng Thị Chín          withdrew its only batch                                                        no batch
  Trịnh Văn Mười         published its only batch without saying where it was packed                    incomplete
  Lá Mạ                  packed its own herbs and gourds, printed no label for them                     no labels
  Nguyễn Văn Sáu         printed labels, has handed over nothing                                        no handover
  Hai Vại                labelled and delivered pickles made of what Trịnh Văn Mười never packed        broken behind
  Bãi Xanh               labelled tomatoes of its own, whose delivery was confirmed                     traceable
  Rau Nhà Mình           a shop that has confirmed the delivery of these tomatoes                       traceable
"""

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import actor
from tests.pdf_text import text_of
from tests.story import tell
from trace.domain.coverage import Progress, StageName
from trace.domain.permissions import OF_OFFICER
from trace.services import snapshots
from trace.services.keys import issue_key
from trace.storage.accounts import user_by_email
from trace.storage.plans import PlanIndicator
from trace.storage.reports import Report
from trace.storage.snapshots import Snapshot

STOPPED_AT = {
    "Rau Cầu Ngói": Progress.NOT_ENROLLED,
    "Nông sản Ba Lá": Progress.NOT_ENROLLED,
    "Lê Thị Bốn": Progress.UNCONFIRMED,
    "Vũ Văn Tám": Progress.NOT_APPROVED,
    "Ngô Văn Bảy": Progress.INACTIVE,
    "Đặng Thị Chín": Progress.NO_BATCH,
    "Trịnh Văn Mười": Progress.INCOMPLETE,
    "Lá Mạ": Progress.NO_LABELS,
    "Nguyễn Văn Sáu": Progress.NO_HANDOVER,
    "Hai Vại": Progress.BROKEN_BEHIND,
    "Bãi Xanh": Progress.TRACEABLE,
    "Rau Nhà Mình": Progress.TRACEABLE,
}
# 12 listed, 4 of them not (or not surely) enrolled and approved; then one is lost at each step but at "complete", where
# two are: the one without a batch and the one whose batch is incomplete
STAGES = dict(zip(StageName, (12, 8, 7, 5, 4, 3, 2), strict=True))
FUNNEL = (
    "12/12 · 100,0%",
    "8/12 · 66,7%",
    "7/12 · 58,3%",
    "5/12 · 41,7%",
    "4/12 · 33,3%",
    "3/12 · 25,0%",
    "2/12 · 16,7%",
)
KINDS = {
    "Hộ sản xuất, kinh doanh": (6, 4, 3, 1, 1, 0, 0),
    "Hợp tác xã": (2, 1, 1, 1, 1, 1, 1),
    "Cửa hàng, siêu thị": (1,) * 7,
}
# the co-operative and the shop hold a certificate of one safe chain
CHAINS = {"VIDU-CTP-01": (2,) * 7, "Không thuộc chuỗi nào": (10, 6, 5, 3, 2, 1, 0)}
# Phúc Thọ: Chín and Mười; Thường Tín: Tám and Bảy; Cầu Giấy: the shop
COMMUNES = {"Xã Phúc Thọ": (2, 2, 2, 0, 0, 0, 0), "Xã Thường Tín": (2, 1, 0, 0, 0, 0, 0), "Phường Cầu Giấy": (1,) * 7}
# Farm 945 + 45 + 120; co-operative 5,180 + 460 + 320 + 60 + 860 + 342; packing house 30 + 25 + 180; suspended farm 60;
# Bảy 70; Mười 90; pickles 40. Withdrawn ones are out. Traceable: the co-operative's tomatoes (860), and what went into the
# case with labels: an earlier harvest (860) and the stamped cucumbers (60)
KILOGRAMS = {"registered": 8827, "traceable": 1780}
# Of three complaints one was answered the next day; officers have only begun to look at the second. Six looks a day for six
# days, nine scans of stamps and one code that leads nowhere; a link preview is nobody. Suspicious: a voided stamp, and the
# fifth place of the copied one
OVERSIGHT = {"complaints": 3, "in_time": 1, "looks": 46, "resolved": 45, "suspicious": 2}


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return tell(app, monkeypatch)


def test_every_room_tells_the_figures_that_were_worked_out_by_hand(
    told: dict[str, Any], client: Client, session: Session
) -> None:
    officer = session.scalars(user_by_email(told["accounts"]["officer"]["email"])).one()
    _, key = issue_key(session, actor(officer), officer_id=officer.id, name="máy của Sở", scopes=OF_OFFICER)
    [snapshot] = session.scalars(select(Snapshot)).all()
    assert snapshots.check(session, snapshot).holds
    day = f"{snapshot.day:%d/%m/%Y}"
    indicator = session.scalars(
        select(PlanIndicator).where(PlanIndicator.ref == "I.4.4").order_by(PlanIndicator.id.desc())
    ).first()
    report = session.scalars(select(Report).where(Report.frozen_at.is_not(None))).one()
    assert indicator
    indicator_page = f"/authority/plans/indicators/{indicator.id}?period={report.period}"
    report_id = report.id
    client.sign_in(officer)

    def page(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def machine(path: str) -> Any:
        return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"}).get_json()

    screens(page, day, indicator_page)
    machines(machine, snapshot.day.isoformat(), snapshot.hash, indicator.plan_id, report.period)
    exports(client, day)
    frozen_report(client, report_id, day, json.dumps(machine(f"/reports/{report_id}/content")))


def screens(page: Any, day: str, indicator_page: str) -> None:
    home = page("/authority/")
    assert all(figure in home for figure in FUNNEL)
    assert "2 trên 12 cơ sở" in home
    for asked in ("", day):
        assert all(figure in page(f"/authority/coverage?day={asked}") for figure in FUNNEL)
        for by, expected in (("kind", KINDS), ("chain", CHAINS), ("commune", COMMUNES)):
            found = rows_of(page(f"/authority/coverage?by={by}&day={asked}"))
            assert expected.items() <= found.items()
        for progress in Progress:
            listed = page(f"/authority/progress?progress={progress.value}&day={asked}")
            assert {name for name in STOPPED_AT if name in listed} == names_at(progress)
    assert "8.827 kg" in page(f"/authority/coverage?day={day}")
    assert "1.780 kg" in page(f"/authority/coverage?day={day}")
    derived = page(indicator_page)
    assert "2 / 12" in derived
    assert "16,7" in derived
    assert "được đúng số này" in page(f"/authority/coverage/derivation?day={day}")


def machines(machine: Any, day: str, digest: str, plan_id: int, period: str) -> None:
    numbers = [{"name": name.value, "numerator": count, "denominator": 12} for name, count in STAGES.items()]
    headline = machine("/coverage")
    assert headline["stages"] == numbers
    assert headline["definition_version"] == 2
    kept = machine(f"/coverage/figures?day={day}")
    assert (kept["rows"][0]["stages"], kept["hash"]) == (numbers, digest)
    grams = kept["rows"][0]["kilograms"]
    assert {"registered": grams["published"], "traceable": grams["traceable"]} == KILOGRAMS
    behind = machine(f"/coverage/businesses?day={day}&limit=100")["items"]
    assert {called(each["name"]): each["progress"] for each in behind} == {
        name: progress.value for name, progress in STOPPED_AT.items()
    }
    results = machine(f"/plans/{plan_id}/results?period={period}")
    [i44] = [each for each in results["items"] if each["indicator"]["ref"] == "I.4.4"]
    assert (i44["numerator"], i44["denominator"], i44["value"], i44["progress"]) == (2, 12, "16.7", 16)
    assert results["coverage_day"] == day
    months = machine("/oversight/months")["items"]
    assert {name: sum(month[name] for month in months) for name in OVERSIGHT} == OVERSIGHT


def exports(client: Client, day: str) -> None:
    for asked in ("", day):
        for by, expected in (("kind", KINDS), ("chain", CHAINS), ("commune", COMMUNES)):
            table = client.get(f"/authority/coverage.csv?by={by}&day={asked}").get_data().decode("utf-8-sig")
            found = {row[0]: row[1:8] for row in csv.reader(io.StringIO(table), delimiter=";")}
            assert {name: list(map(str, numbers)) for name, numbers in expected.items()}.items() <= found.items()
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/authority/coverage.xlsx?day={asked}").data))
        assert [row[1:9] for row in book.active.values][1] == (*STAGES.values(), 16.7)
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/authority/exports/standings.xlsx?day={asked}").data))
        assert {called(row[1]): row[4] for row in list(book.active.values)[1:]} == {
            name: progress.label for name, progress in STOPPED_AT.items()
        }


def frozen_report(client: Client, report_id: int, day: str, content: str) -> None:
    files = {each: client.get(f"/authority/reports/{report_id}/report.{each}").data for each in ("docx", "pdf", "xlsx")}
    said = json.loads(content)["figures"]["coverage"]
    assert [(each["numerator"], each["denominator"]) for each in said["stages"]] == [(n, 12) for n in STAGES.values()]
    assert said["kilograms"] == KILOGRAMS
    communes = {row["name"]: tuple(row[stage.value] for stage in StageName) for row in said["by"]["commune"]["rows"]}
    assert COMMUNES.items() <= communes.items()
    document = Document(io.BytesIO(files["docx"]))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    words = " ".join(paragraph.text for paragraph in document.paragraphs)
    printed = text_of(files["pdf"])
    for name, count in STAGES.items():
        assert [name.label, str(count), "12"] in [row[:3] for table in tables for row in table]
        assert f"{name.label} {count} 12" in printed
    for told in (words, printed):
        assert f"Số liệu tính đến ngày {day} (đã chốt)" in told
        assert "8.827 kg" in told
        assert "1.780 kg" in told
    assert ["VIDU-CTP-01", "2", "2", "2", "2", "2"] in [row for table in tables for row in table]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert [row[1:3] for row in list(book["Các bước"].values)[1:]] == [(count, 12) for count in STAGES.values()]
    chains = {row[0]: row[1:8] for row in list(book["Chuỗi thực phẩm an toàn"].values)[1:]}
    assert chains == CHAINS


def names_at(progress: Progress) -> set[str]:
    return {name for name, stopped in STOPPED_AT.items() if stopped is progress}


def called(name: Any) -> str:
    return next(each for each in STOPPED_AT if each in str(name))


def rows_of(page: str) -> dict[str, tuple[int, ...]]:
    """The first table of a page: the words of each row's head, and its numbers."""
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL):
        head = re.sub("<[^>]*>", "", re.findall(r"<th.*?</th>", row)[0])
        found[head] = tuple(int(each) for each in re.findall(r'<td class="number">(\d+)</td>', row))
    return found
