"""Stretches of stamps: activated by packing, voided for good, bound from a blank roll by one person only."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import STAMP_KEYS
from tests.farm import URL, Farm
from trace.domain.errors import InvalidInput, NotAllowed, NotFound
from trace.domain.labels import LabelCountImpossible, LabelsNotReady, MoreLabelsThanPacks
from trace.domain.permissions import Actor, Office, OfficeRole
from trace.domain.stamps import (
    AlreadyInRange,
    NotOfThisIssue,
    RangeKind,
    StampKeyMissing,
    StampKeys,
    StampsBound,
    StampsVoided,
)
from trace.services import batches, label_issues, stamp_ranges, stamps
from trace.services.label_issues import IssueOrder
from trace.storage.batches import Batch
from trace.storage.excesses import Excess
from trace.storage.labels import LabelIssue, StampRange, labels_made_for


def order(count: int = 100) -> IssueOrder:
    return IssueOrder(count=count)


def issued(farm: Farm, batch: Batch, count: int = 100) -> LabelIssue:
    return label_issues.issue(farm.session, farm.owner, batch.id, order(count), keys=STAMP_KEYS, public_url=URL)


def rolled(farm: Farm, count: int = 100) -> LabelIssue:
    return label_issues.issue_roll(
        farm.session, farm.owner, farm.business.id, order(count), keys=STAMP_KEYS, public_url=URL
    )


def ranges(farm: Farm, kind: RangeKind) -> list[tuple[int, int]]:
    found = farm.session.scalars(select(StampRange).where(StampRange.kind == kind).order_by(StampRange.first))
    return [(each.first, each.last) for each in found]


def serial(issue: LabelIssue, index: int) -> str:
    code, ordinal = issue.public_code or "", issue.ordinal or 0
    return STAMP_KEYS.serials(issue.key_id or "", code, ordinal, index, index + 1)[0]


def test_an_issue_of_stamps_is_one_row(farm: Farm) -> None:
    batch = farm.published()
    first, second = issued(farm, batch), issued(farm, batch)
    assert (first.ordinal, second.ordinal) == (0, 1)
    assert first.public_code == batch.public_code
    assert first.key_id == STAMP_KEYS.newest


@pytest.mark.parametrize("count", [0, -1, 1_000_000_000])
def test_an_impossible_number_of_labels_is_refused(farm: Farm, count: int) -> None:
    batch = farm.published()
    with pytest.raises(LabelCountImpossible):
        issued(farm, batch, count)
    with pytest.raises(LabelCountImpossible):
        rolled(farm, count)


def test_stamps_count_among_the_packs(farm: Farm) -> None:
    batch = farm.published()
    issued(farm, batch, 240)
    with pytest.raises(MoreLabelsThanPacks):
        issued(farm, batch, 1)
    label_issues.issue(
        farm.session, farm.owner, batch.id, order(1), keys=STAMP_KEYS, public_url=URL, excess_reason="Tem bị ướt"
    )
    assert farm.session.scalars(select(Excess.reason)).one() == "Tem bị ướt"


def test_a_draft_gets_no_stamps(farm: Farm) -> None:
    with pytest.raises(LabelsNotReady):
        issued(farm, farm.register())


def test_packing_activates_what_was_issued(farm: Farm) -> None:
    batch = farm.published()
    issue = issued(farm, batch)
    stamp_ranges.activate(farm.session, farm.owner, issue.id, 10, 19)
    farm.pack(batch)
    assert ranges(farm, RangeKind.ACTIVATED) == [(0, 9), (10, 19), (20, 99)]


def test_what_is_printed_after_packing_is_active_at_once(farm: Farm) -> None:
    batch = farm.published()
    farm.pack(batch)
    issued(farm, batch, 5)
    assert ranges(farm, RangeKind.ACTIVATED) == [(0, 4)]


def test_activating_twice_names_who_did_it_first(farm: Farm) -> None:
    issue = issued(farm, farm.published())
    stamp_ranges.activate(farm.session, farm.owner, issue.id, 0, 49)
    with pytest.raises(AlreadyInRange) as raised:
        stamp_ranges.activate(farm.session, farm.owner, issue.id, 49, 60)
    assert (raised.value.values["first"], raised.value.values["last"]) == (1, 50)
    assert raised.value.values["by"] == farm.owner.name


def test_voiding_needs_a_reason_and_happens_once(farm: Farm) -> None:
    issue = issued(farm, farm.published())
    with pytest.raises(InvalidInput, match="vì sao"):
        stamp_ranges.void(farm.session, farm.owner, issue.id, 0, 9, reason=" ")
    stamp_ranges.void(farm.session, farm.owner, issue.id, 0, 9, reason="Mất cuộn tem")
    with pytest.raises(StampsVoided):
        stamp_ranges.void(farm.session, farm.owner, issue.id, 9, 9, reason="Mất cuộn tem")
    assert ranges(farm, RangeKind.VOIDED) == [(0, 9)]


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4), (0, 100), (100, 100)])
def test_stamps_beyond_the_issue_are_refused(farm: Farm, first: int, last: int) -> None:
    issue = issued(farm, farm.published())
    with pytest.raises(NotOfThisIssue):
        stamp_ranges.void(farm.session, farm.owner, issue.id, first, last, reason="Rách")


def test_a_stretch_of_a_blank_roll_is_bound_to_a_batch_and_counts_among_its_packs(farm: Farm) -> None:
    batch, roll = farm.published(), rolled(farm, 1000)
    stamp_ranges.bind(farm.session, farm.owner, roll.id, 100, 339, batch_id=batch.id)
    assert farm.session.scalars(labels_made_for(batch.id)).one() == 240
    with pytest.raises(MoreLabelsThanPacks):
        stamp_ranges.bind(farm.session, farm.owner, roll.id, 340, 340, batch_id=batch.id)
    with pytest.raises(StampsBound, match=batch.lot):
        stamp_ranges.bind(farm.session, farm.owner, roll.id, 339, 339, batch_id=batch.id, excess_reason="Thêm gói")


def test_a_roll_of_stamps_is_only_bound_and_a_batch_s_own_only_activated(farm: Farm) -> None:
    batch = farm.published()
    issue, roll = issued(farm, batch), rolled(farm)
    with pytest.raises(NotFound):
        stamp_ranges.activate(farm.session, farm.owner, roll.id, 0, 0)
    with pytest.raises(NotFound):
        stamp_ranges.bind(farm.session, farm.owner, issue.id, 0, 0, batch_id=batch.id)


def test_a_roll_s_code_is_no_batch_s(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = farm.published()
    minted = iter([batch.public_code, "7K3M9XW2QT"])
    monkeypatch.setattr("trace.domain.public_code.mint", lambda _: next(minted))
    roll = rolled(farm)
    assert roll.public_code == "7K3M9XW2QT"
    minted = iter([roll.public_code, "8K3M9XW2QT"])
    monkeypatch.setattr("trace.domain.public_code.mint", lambda _: next(minted))
    assert farm.published().public_code == "8K3M9XW2QT"


def test_of_two_who_bind_the_same_stretch_one_wins_and_the_other_is_told(farm: Farm, engine: Engine) -> None:
    batch, roll = farm.published(), rolled(farm)
    batch_id, roll_id = batch.id, roll.id

    def bind(session: Session) -> None:
        stamp_ranges.bind(session, farm.owner, roll_id, 10, 30, batch_id=batch_id)

    outcomes = at_once(engine, farm.session, bind)
    assert set(outcomes) == {"done", StampsBound}
    assert len(outcomes) == 2
    assert ranges(farm, RangeKind.BOUND) == [(10, 30)]


def at_once(engine: Engine, session: Session, verb: Callable[[Session], None]) -> list[object]:
    session.commit()
    outcomes: list[object] = []
    start = Barrier(2)

    def run() -> None:
        with Session(engine) as own:
            start.wait()
            try:
                verb(own)
            except AlreadyInRange as error:
                outcomes.append(type(error))
            else:
                outcomes.append("done")

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_stamp_is_found_by_number_serial_or_scanned_link(farm: Farm) -> None:
    issue = issued(farm, farm.published())
    own = serial(issue, 41)
    for typed in ("42", own, own.lower(), f"{URL}/q/{issue.public_code}/{own}", f"HTTPS://X/01/0893/10/LO/21/{own}"):
        assert stamp_ranges.locate(farm.session, STAMP_KEYS, issue, typed) == 41
    other = issued(farm, farm.published(lot="LO-2"))
    for typed in ("", "0x1", serial(other, 1), f"{URL}/q/{other.public_code}/{serial(other, 1)}"):
        with pytest.raises(NotOfThisIssue):
            stamp_ranges.locate(farm.session, STAMP_KEYS, issue, typed)


def test_only_who_may_print_may_activate_void_or_bind(farm: Farm) -> None:
    issue = issued(farm, farm.published())
    for actor, error in (
        (Actor(user_id=None, name="lạ"), NotFound),
        (Actor(user_id=None, name="cán bộ", office=Office(role=OfficeRole.CITY)), NotAllowed),
    ):
        with pytest.raises(error):
            stamp_ranges.activate(farm.session, actor, issue.id, 0, 0)
        farm.session.rollback()


def test_a_key_that_stamps_need_and_the_settings_lack_is_named(farm: Farm) -> None:
    issue = issued(farm, farm.published())
    other = StampKeys(["o" * 48])
    assert stamps.missing_keys(farm.session, STAMP_KEYS) == []
    assert stamps.missing_keys(farm.session, other) == [STAMP_KEYS.newest]
    with pytest.raises(StampKeyMissing):
        other.serials(issue.key_id or "", issue.public_code or "", 0, 0, 1)


def test_a_withdrawn_batch_takes_no_stamps_from_a_roll(farm: Farm) -> None:
    batch, roll = farm.published(), rolled(farm)
    batches.withdraw(farm.session, farm.owner, batch.id, reason="Hỏng")
    with pytest.raises(LabelsNotReady):
        stamp_ranges.bind(farm.session, farm.owner, roll.id, 0, 9, batch_id=batch.id)
