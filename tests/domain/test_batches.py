"""A batch is saved only with dates and an amount that can be."""

from datetime import date

import pytest

from trace.domain.batches import (
    AmountNotPositive,
    BatchStatus,
    BatchStepNotPossible,
    BestBeforeTooEarly,
    ProductionInFuture,
    check_batch,
    publish,
    withdraw,
)
from trace.domain.errors import InvalidFields

TODAY = date(2026, 3, 5)


def test_a_batch_of_today_that_ends_today_is_fine() -> None:
    check_batch(production_date=TODAY, best_before=TODAY, amount=1, today=TODAY)
    check_batch(production_date=TODAY, best_before=None, amount=1, today=TODAY)


def test_every_fault_is_named_at_once_at_its_field() -> None:
    with pytest.raises(InvalidFields) as caught:
        check_batch(production_date=date(2026, 3, 6), best_before=date(2026, 3, 1), amount=0, today=TODAY)
    assert [(type(error), error.field) for error in caught.value.errors] == [
        (ProductionInFuture, "production_date"),
        (BestBeforeTooEarly, "best_before"),
        (AmountNotPositive, "amount"),
    ]
    assert "06/03/2026" in str(caught.value.errors[0])


def test_a_batch_is_published_once_and_then_may_be_withdrawn() -> None:
    assert withdraw(publish(BatchStatus.DRAFT)) is BatchStatus.WITHDRAWN
    for status in (BatchStatus.PUBLISHED, BatchStatus.WITHDRAWN):
        with pytest.raises(BatchStepNotPossible):
            publish(status)
    for status in (BatchStatus.DRAFT, BatchStatus.WITHDRAWN):
        with pytest.raises(BatchStepNotPossible):
            withdraw(status)


def test_only_a_draft_is_edited() -> None:
    assert [status for status in BatchStatus if status.is_editable] == [BatchStatus.DRAFT]
