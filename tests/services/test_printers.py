"""A printer is entered once, by name; what becomes of it later changes no order."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, URL, Farm, make_farm
from trace.domain.errors import InvalidFields, NotAllowed, NotFound
from trace.domain.permissions import Role
from trace.domain.printers import Printer, PrinterLanguage, PrinterNameTaken, UnknownPrinter
from trace.labels.designs import Design
from trace.labels.formats import Format, LinkListFormat, PrinterFormat, RollFormat
from trace.labels.geometry import Offset, RollGeometry
from trace.labels.layout import LabelTooSmall
from trace.services import label_issues, printers
from trace.services.label_issues import IssueOrder
from trace.services.label_runs import common_sheet, way_of
from trace.storage.audit import AuditEntry
from trace.storage.labels import LabelIssue
from trace.storage.printers import SavedPrinter, printers_of

ROLL = RollGeometry(50, 30)
ZEBRA = PrinterFormat(ROLL, Printer(language=PrinterLanguage.ZPL, dots_per_inch=300, offset_x=1.5, scale=1.01))


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    clock.set(MORNING)
    return make_farm(session)


def save(farm: Farm, name: str = "Máy ở kho", way: Format = ZEBRA) -> SavedPrinter:
    return printers.save(farm.session, farm.owner, farm.business.id, name, way, public_url=URL)


@pytest.mark.parametrize("way", [ZEBRA, common_sheet("avery-l7651"), RollFormat(ROLL, Offset(-1, 0.5, 0.99))])
def test_a_printer_prints_as_it_was_saved(farm: Farm, way: Format) -> None:
    save(farm, "  Máy  ở kho ", way)
    found = printers.way_on(farm.session, farm.business.id, "Máy ở kho")
    assert found.calibration() == way.calibration()
    assert found.media_type == way.media_type


def test_a_name_is_given_once_in_a_business_whoever_gives_it(farm: Farm) -> None:
    save(farm)
    staff = factories.make_user(farm.session)
    factories.add_member(farm.session, farm.business, staff, Role.STAFF)
    with pytest.raises(PrinterNameTaken) as refusal:
        printers.save(
            farm.session, factories.actor(staff), farm.business.id, "Máy ở kho", RollFormat(ROLL), public_url=URL
        )
    assert refusal.value.field == "name"
    farm.session.rollback()
    other = save(farm, "Máy ở chợ")
    with pytest.raises(PrinterNameTaken):
        printers.change(farm.session, farm.owner, other.id, "Máy ở kho", ZEBRA, public_url=URL)
    farm.session.rollback()
    save(make_farm(farm.session))


@pytest.mark.parametrize(
    ("name", "way", "field"),
    [
        (" ", ZEBRA, "name"),
        ("m" * 81, ZEBRA, "name"),
        ("Nhà in", LinkListFormat(), "way"),
        ("Máy nhỏ", RollFormat(RollGeometry(15, 12)), "label_width"),
        (
            "Máy hẹp",
            PrinterFormat(RollGeometry(100, 50), Printer(language=PrinterLanguage.TSPL, width=72)),
            "label_width",
        ),
    ],
)
def test_a_printer_that_prints_no_stamp_is_not_saved(farm: Farm, name: str, way: Format, field: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        save(farm, name, way)
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_removed_or_changed_printer_leaves_old_orders_as_they_were(farm: Farm) -> None:
    batch, saved = farm.published(), save(farm)
    way = printers.way_on(farm.session, farm.business.id, "Máy ở kho")
    order = IssueOrder(count=2, way=way, design=Design.SMALL, printer="Máy ở kho")
    issue = label_issues.issue(farm.session, farm.owner, batch.id, order, keys=factories.STAMP_KEYS, public_url=URL)
    before = dict(issue.geometry)
    printers.change(farm.session, farm.owner, saved.id, "Máy ở chợ", RollFormat(RollGeometry(60, 40)), public_url=URL)
    printers.remove(farm.session, farm.owner, saved.id)
    assert farm.session.scalars(select(LabelIssue.geometry)).one() == before
    assert way_of(issue.format, issue.geometry).calibration() == ZEBRA.calibration()
    with pytest.raises(UnknownPrinter):
        printers.way_on(farm.session, farm.business.id, "Máy ở chợ")
    actions = farm.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("printers:%"))).all()
    assert actions == ["printers:save", "printers:change", "printers:remove"]


def test_the_printer_used_last_comes_first(farm: Farm, clock: Clock) -> None:
    batch = farm.published()
    for name in ("A", "B", "C"):
        save(farm, name)
    for name in ("B", "A"):
        clock.advance(hours=1)
        order = IssueOrder(count=1, way=ZEBRA, printer=name)
        label_issues.equal_labels(farm.session, farm.owner, batch.id, order, public_url=URL)
    assert [each.name for each in farm.session.scalars(printers_of(farm.business.id))] == ["A", "B", "C"]


def test_nobody_else_prints_with_it_changes_or_removes_it(farm: Farm) -> None:
    saved = save(farm)
    other = make_farm(farm.session)
    with pytest.raises(UnknownPrinter):
        printers.way_on(farm.session, other.business.id, "Máy ở kho")
    for actor, error in ((other.owner, NotFound), (factories.actor(factories.make_officer(farm.session)), NotAllowed)):
        with pytest.raises(error):
            printers.remove(farm.session, actor, saved.id)
        with pytest.raises(error):
            printers.change(farm.session, actor, saved.id, "Của tôi", ZEBRA, public_url=URL)


def test_what_fits_is_said_before_anything_is_printed(farm: Farm) -> None:
    def fitting(roll: RollGeometry) -> list[Design]:
        tried = printers.trials(farm.business, RollFormat(roll), public_url=URL)
        return [trial.design for trial in tried if trial.preview]

    assert fitting(RollGeometry(100, 50)) == list(Design)
    assert fitting(RollGeometry(35, 22)) == [Design.SMALL]
    with pytest.raises(LabelTooSmall):
        fitting(RollGeometry(12, 12))


def test_a_symbol_that_comes_out_fine_is_warned_of(farm: Farm) -> None:
    def is_fine(way: Format) -> bool:
        seen = printers.trials(farm.business, way, public_url=URL)[0].preview
        assert seen
        return seen.is_fine

    assert is_fine(RollFormat(RollGeometry(30, 25)))
    assert not is_fine(RollFormat(ROLL))
    assert not is_fine(ZEBRA), "whose dots are finer"


def test_the_command_prints_on_a_saved_printer(app: Flask, farm: Farm, tmp_path: Path) -> None:
    code, output = str(farm.published().public_code), tmp_path / "labels"
    save(farm)
    asked = ["labels", "make", "--batch", code, "--count", "3", "--output", str(output), "--printer"]
    run = app.test_cli_runner().invoke
    result = run(args=[*asked, "Máy ở kho"])
    assert result.exit_code == 0, result.output
    assert output.read_bytes().startswith(b"~DG")
    assert farm.session.scalars(select(LabelIssue.format)).one() == "zpl"
    farm.session.commit()
    assert "Không có máy in tên" in run(args=[*asked, "Máy ở chợ"]).output
