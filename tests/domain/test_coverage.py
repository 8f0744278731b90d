"""What the headline number is made of."""

from datetime import date

import pytest

from trace.domain.coverage import (
    STOPPED,
    Coverage,
    Progress,
    StageName,
    Target,
    business_key,
    progress_of,
    stages,
    target_in_force,
)
from trace.domain.coverage_definitions import SENTENCES, Definition
from trace.domain.reach import BatchState, Reach

RULE = Definition(2, date(2020, 1, 1), 2, 12, 90, "KH 96")


def coverage(progress: dict[Progress, int]) -> Coverage:
    return Coverage(
        as_of=date(2026, 1, 1),
        source="",
        counted_on=date(2026, 3, 1),
        period_start=date(2025, 3, 1),
        definition=RULE,
        target=None,
        stages=stages(progress),
        progress=progress,
    )


def test_every_stage_holds_all_that_come_after_it() -> None:
    found = stages(dict.fromkeys(Progress, 1))
    assert [(stage.name, stage.numerator) for stage in found] == [
        (StageName.LISTED, 11),
        (StageName.ENROLLED, 8),
        (StageName.ACTIVE, 7),
        (StageName.COMPLETE, 4),
        (StageName.LABELLED, 3),
        (StageName.HANDED_OVER, 2),
        (StageName.TRACEABLE, 1),
    ]
    assert {stage.denominator for stage in found} == {11}


def test_who_is_lost_before_a_stage_is_who_reached_only_the_one_before() -> None:
    lost = [step for stage in list(StageName)[1:] for step in Progress if step in STOPPED[stage]]
    assert lost == [step for step in Progress if step is not Progress.TRACEABLE]


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ({}, (Progress.NO_BATCH, date(2026, 5, 31))),
        ({Reach.PUBLISHED: date(2026, 3, 1)}, (Progress.INCOMPLETE, date(2026, 5, 31))),
        ({Reach.COMPLETE: date(2025, 2, 28)}, (Progress.OUT_OF_PERIOD, date(2026, 5, 31))),
        ({Reach.COMPLETE: date(2025, 3, 1)}, (Progress.NO_LABELS, date(2026, 3, 2))),
        (
            {Reach.END_TO_END: date(2025, 2, 1), Reach.LABELLED: date(2025, 4, 1), Reach.COMPLETE: date(2026, 3, 1)},
            (Progress.NO_HANDOVER, date(2026, 4, 2)),
        ),
        ({Reach.END_TO_END: date(2026, 1, 1)}, (Progress.TRACEABLE, date(2026, 5, 31))),
    ],
)
def test_the_best_batch_of_the_period_counts_and_the_day_on_which_time_changes_it_is_known(
    latest: dict[Reach, date], expected: tuple[Progress, date]
) -> None:
    today = date(2026, 3, 1)
    assert progress_of(RULE, last_event_on=today, latest=latest, today=today) == expected


def test_a_business_that_recorded_nothing_for_too_long_is_not_active_whatever_it_did_before() -> None:
    def at(last_event_on: date | None) -> Progress:
        latest = {Reach.END_TO_END: date(2026, 1, 1)}
        return progress_of(RULE, last_event_on=last_event_on, latest=latest, today=date(2026, 3, 1))[0]

    assert at(date(2025, 12, 1)) is Progress.TRACEABLE
    assert at(date(2025, 11, 30)) is at(None) is Progress.INACTIVE


def test_a_batch_asks_for_every_step_before_the_next() -> None:
    names = ("published", "complete", "labelled", "handed_over", "parents_unbroken")
    for place, missing in enumerate(names):
        state = BatchState(**{name: name != missing for name in names})
        assert state.reach == place
    assert BatchState(**dict.fromkeys(names, True)).reach is Reach.END_TO_END


def test_without_a_list_there_is_no_number() -> None:
    assert coverage({}).headline is None
    assert coverage({}).largest_loss is None


def test_the_step_that_loses_most_is_named() -> None:
    found = coverage({Progress.NOT_ENROLLED: 2, Progress.NO_BATCH: 5, Progress.TRACEABLE: 1}).largest_loss
    assert found is not None
    assert (found[0].name, found[1]) == (StageName.COMPLETE, 5)


def test_nobody_is_lost_where_all_are_traceable() -> None:
    assert coverage({Progress.TRACEABLE: 3}).largest_loss is None


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 3, 2), date(2025, 3, 2)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2026, 1, 31), date(2025, 1, 31)),
    ],
)
def test_the_period_goes_back_whole_months(today: date, start: date) -> None:
    assert RULE.period_start(today) == start


def test_a_target_ends_with_its_plan() -> None:
    old, new = Target(50, date(2020, 1, 1), date(2025, 12, 31), ""), Target(100, date(2026, 1, 1), None, "")
    assert target_in_force([old, new], date(2025, 6, 1)) is old
    assert target_in_force([old, new], date(2026, 6, 1)) is new
    assert target_in_force([old], date(2026, 6, 1)) is None


def test_the_definition_says_what_it_leaves_out() -> None:
    assert any("chưa tính" in sentence for sentence in SENTENCES[1])


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("HTX DV NN Văn Đức", "Hợp tác xã dịch vụ nông nghiệp VĂN ĐỨC"),
        ("Cty TNHH Rau Sạch", "Công ty trách nhiệm hữu hạn Rau sạch"),
        ("Cơ sở Bà Hoà", "CS Bà Hòa"),
    ],
)
def test_one_name_written_two_ways_has_one_key(written: str, also: str) -> None:
    assert business_key(written) == business_key(also)
