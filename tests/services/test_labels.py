"""No label leaves unless it scans and leads to its batch."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.labels.previews import drawn, left_edge
from trace.domain.batches import BusinessNotApproved
from trace.domain.businesses import BusinessStatus
from trace.domain.errors import NotAllowed, NotFound
from trace.domain.labels import LabelLeadsNowhere, LabelsNotReady, MoreLabelsThanPacks, packs_possible
from trace.domain.permissions import Actor
from trace.domain.quantities import Unit
from trace.labels.decoders import decode
from trace.labels.formats import SheetFormat
from trace.labels.geometry import COMMON_SHEETS, Offset, SheetGeometry
from trace.labels.layout import LabelTooSmall
from trace.labels.preflight import LabelDoesNotScan, page_image
from trace.services import batches, label_issues, labels
from trace.services.label_issues import IssueOrder
from trace.services.labels import SymbolFormat
from trace.storage.batches import Batch
from trace.storage.labels import LabelIssue, labels_made_for, latest_labels_of

URL = "https://trace.test"
SHEET = COMMON_SHEETS["tomy-145"].geometry


@pytest.fixture(autouse=True)
def _second_of_march(clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def owner(session: Session) -> Actor:
    person = factories.make_user(session)
    factories.make_business(session, owner=person)
    return factories.actor(person)


@pytest.fixture
def draft(session: Session, owner: Actor) -> Batch:
    """60 kg in packs of half a kilogram: 120 labels."""
    [business_id] = owner.memberships
    business = session.get_one(factories.Business, business_id)
    product = factories.make_product(session, business, pack_sizes=[500, 1000])
    return factories.make_batch(session, business, product_id=product.id, amount=60_000)


@pytest.fixture
def batch(session: Session, owner: Actor, draft: Batch) -> Batch:
    return batches.publish(session, owner, draft.id, public_url=URL)


def link(batch: Batch) -> str:
    return f"HTTPS://TRACE.TEST/Q/{batch.public_code}"


def order(count: int = 3, geometry: SheetGeometry = SHEET, **facts: Any) -> IssueOrder:
    return IssueOrder(count=count, way=SheetFormat(geometry, **facts))


def test_every_label_of_a_sheet_leads_to_the_batch(session: Session, owner: Actor, batch: Batch) -> None:
    file = label_issues.equal_labels(session, owner, batch.id, order(3, start_position=5), public_url=URL)
    assert decode(page_image(file.data)) == [link(batch)] * 3
    assert (file.name, file.media_type) == (f"tem-{batch.public_code}-3.pdf", "application/pdf")


def test_who_took_which_labels_is_written_down(session: Session, owner: Actor, batch: Batch) -> None:
    wanted = order(3, sheet="tomy-145", offset=Offset(0.5, -1.0, 1.01))
    label_issues.equal_labels(session, owner, batch.id, wanted, public_url=URL)
    labels.make_symbol(session, owner, batch.id, file_format=SymbolFormat.PNG, public_url=URL)
    assert session.scalars(labels_made_for(batch.id)).one() == 3, "a single symbol is no label on a sheet"
    latest = session.scalars(latest_labels_of(batch.business_id)).one()
    assert (latest.count, latest.made_by_name) == (3, owner.name)
    assert latest.geometry["sheet"] == "tomy-145"
    assert latest.geometry["offset"] == {"x": 0.5, "y": -1.0, "scale": 1.01}


def test_a_png_symbol_scans(session: Session, owner: Actor, batch: Batch) -> None:
    file = labels.make_symbol(session, owner, batch.id, file_format=SymbolFormat.PNG, public_url=URL)
    with Image.open(BytesIO(file.data)) as image:
        assert [found.text for found in zxingcpp.read_barcodes(image)] == [link(batch)]


def test_an_svg_symbol_states_its_true_size(session: Session, owner: Actor, batch: Batch) -> None:
    file = labels.make_symbol(session, owner, batch.id, file_format=SymbolFormat.SVG, public_url=URL)
    assert file.media_type == "image/svg+xml"
    assert b'width="16.5mm"' in file.data


def test_a_draft_has_no_labels(session: Session, owner: Actor, draft: Batch) -> None:
    with pytest.raises(LabelsNotReady):
        label_issues.equal_labels(session, owner, draft.id, order(), public_url=URL)
    with pytest.raises(LabelsNotReady):
        labels.make_symbol(session, owner, draft.id, file_format=SymbolFormat.SVG, public_url=URL)


def test_a_withdrawn_batch_gets_no_more_labels(session: Session, owner: Actor, batch: Batch) -> None:
    batches.withdraw(session, owner, batch.id, reason="Hỏng")
    with pytest.raises(LabelsNotReady):
        label_issues.equal_labels(session, owner, batch.id, order(), public_url=URL)


def test_a_suspended_business_gets_no_labels(session: Session, owner: Actor, batch: Batch) -> None:
    batch.business.status = BusinessStatus.SUSPENDED
    with pytest.raises(BusinessNotApproved):
        label_issues.equal_labels(session, owner, batch.id, order(), public_url=URL)


def test_a_link_that_leads_nowhere_is_refused(
    session: Session, owner: Actor, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trace.services.resolver.resolve", lambda *_: SimpleNamespace(batch=None))
    with pytest.raises(LabelLeadsNowhere):
        label_issues.equal_labels(session, owner, batch.id, order(), public_url=URL)
    session.rollback()
    assert session.scalars(select(LabelIssue)).all() == []


def test_a_label_cut_off_by_the_edge_of_the_paper_is_refused(session: Session, owner: Actor, batch: Batch) -> None:
    with pytest.raises(LabelDoesNotScan):
        label_issues.equal_labels(session, owner, batch.id, order(5, offset=Offset(-20, 0)), public_url=URL)
    assert session.scalars(select(LabelIssue)).all() == []


def test_a_label_too_small_for_its_words_is_refused(session: Session, owner: Actor, batch: Batch) -> None:
    with pytest.raises(LabelTooSmall):
        label_issues.equal_labels(session, owner, batch.id, order(1, SheetGeometry(15, 10, 1, 1)), public_url=URL)


def test_more_labels_than_packs_need_a_second_word(session: Session, owner: Actor, batch: Batch) -> None:
    label_issues.equal_labels(session, owner, batch.id, order(100), public_url=URL)
    with pytest.raises(MoreLabelsThanPacks) as raised:
        label_issues.equal_labels(session, owner, batch.id, order(21), public_url=URL)
    assert (raised.value.field, raised.value.values) == ("count", {"packs": 120, "made": 100, "count": 21})
    label_issues.equal_labels(session, owner, batch.id, order(20), public_url=URL)
    label_issues.equal_labels(session, owner, batch.id, order(1), excess_reason="Tem bị ướt", public_url=URL)


@pytest.mark.parametrize(
    ("amount", "sizes", "unit", "packs"),
    [
        (60_000, [1000, 500], Unit.KGM, 120),
        (999, [500], Unit.KGM, 1),
        (60_000, [], Unit.KGM, None),
        (30, [], Unit.EA, 30),
    ],
)
def test_packs_are_counted_by_the_smallest_size(amount: int, sizes: list[int], unit: Unit, packs: int | None) -> None:
    assert packs_possible(amount, sizes, unit) == packs


def test_only_those_who_belong_to_the_business_get_labels(session: Session, batch: Batch) -> None:
    for person, error in ((factories.make_officer(session), NotAllowed), (factories.make_user(session), NotFound)):
        with pytest.raises(error):
            label_issues.equal_labels(session, factories.actor(person), batch.id, order(), public_url=URL)


def test_the_preview_is_the_label_that_is_printed(session: Session, owner: Actor, batch: Batch) -> None:
    seen = label_issues.preview_equal(session, owner, batch.id, order(1, offset=Offset(2, 0)), public_url=URL)
    assert decode(drawn(seen.svg)) == [link(batch)]
    assert 'width="38.' in seen.svg, "of true size"
    unmoved = label_issues.preview_equal(session, owner, batch.id, order(1), public_url=URL)
    assert left_edge(seen.svg) - left_edge(unmoved.svg) == 16, "the offset is in sight"


def test_the_command_writes_what_the_page_gives(app: Flask, session: Session, batch: Batch, tmp_path: Path) -> None:
    code = str(batch.public_code)
    session.commit()
    output = tmp_path / "labels.pdf"
    run = app.test_cli_runner().invoke
    result = run(args=["labels", "make", "--batch", code, "--count", "2", "--output", str(output)])
    assert result.exit_code == 0, result.output
    assert decode(page_image(output.read_bytes())) == [f"HTTP://TRACE.TEST/Q/{code}"] * 2
    refused = run(args=["labels", "make", "--batch", "7K3M9XW2QT", "--output", str(tmp_path / "none.pdf")])
    assert refused.exit_code == 1
    assert not (tmp_path / "none.pdf").exists()


@pytest.mark.parametrize("file_format", ["zpl", "tspl", "escpos", "csv"])
@pytest.mark.parametrize("serials", [[], ["--serials"]])
def test_the_command_writes_for_every_printer(
    app: Flask, session: Session, batch: Batch, tmp_path: Path, file_format: str, serials: list[str]
) -> None:
    code, output = str(batch.public_code), tmp_path / "labels"
    session.commit()
    asked = ["labels", "make", "--batch", code, "--count", "3", "--format", file_format, "--output", str(output)]
    result = app.test_cli_runner().invoke(args=[*asked, *serials])
    assert result.exit_code == 0, result.output
    written = output.read_bytes()
    if file_format == "csv":
        links = [line.rsplit(",", 1)[1] for line in written.decode("utf-8-sig").splitlines()[1:]]
        assert len(set(links)) == (3 if serials else 1)
    issue = session.scalars(select(LabelIssue)).one()
    assert (issue.count, issue.format, issue.ordinal) == (3, file_format, 0 if serials else None)


def test_the_command_writes_a_sheet_of_stamps(app: Flask, session: Session, batch: Batch, tmp_path: Path) -> None:
    code, output = str(batch.public_code), tmp_path / "stamps.pdf"
    session.commit()
    asked = ["labels", "make", "--batch", code, "--count", "4", "--serials", "--sheet", "avery-l7164"]
    result = app.test_cli_runner().invoke(args=[*asked, "--output", str(output)])
    assert result.exit_code == 0, result.output
    links = decode(page_image(output.read_bytes()))
    assert len(set(links)) == 4
    assert all(link.startswith(f"HTTP://TRACE.TEST/Q/{code}/") for link in links)
