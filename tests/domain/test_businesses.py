"""An enrolment moves only along the paths that the department and the business may take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.businesses import (
    BusinessStatus,
    Decision,
    DecisionNotPossible,
    ReasonRequired,
    decisions_from,
    transition,
)

Status = BusinessStatus


def test_the_usual_life_of_a_business() -> None:
    status = Status.DRAFT
    for decision in (Decision.APPLY, Decision.APPROVE, Decision.SUSPEND, Decision.REINSTATE, Decision.WITHDRAW):
        status = transition(status, decision, reason="Theo biên bản kiểm tra")
    assert status is Status.WITHDRAWN


def test_a_rejected_business_may_apply_again() -> None:
    rejected = transition(Status.APPLIED, Decision.REJECT, reason="Thiếu giấy đăng ký")
    assert transition(rejected, Decision.APPLY) is Status.APPLIED


@pytest.mark.parametrize("reason", ["", "  \n\u200b "])
@pytest.mark.parametrize(
    ("status", "decision"),
    [(Status.APPLIED, Decision.REJECT), (Status.APPROVED, Decision.SUSPEND), (Status.SUSPENDED, Decision.REINSTATE)],
)
def test_a_decision_against_someone_needs_a_reason(status: Status, decision: Decision, reason: str) -> None:
    with pytest.raises(ReasonRequired) as caught:
        transition(status, decision, reason)
    assert caught.value.field == "reason"


@given(st.sampled_from(Status), st.sampled_from(Decision))
def test_what_a_page_offers_is_what_is_possible(status: Status, decision: Decision) -> None:
    if decision in decisions_from(status):
        assert transition(status, decision, "vì") is not status
    else:
        with pytest.raises(DecisionNotPossible):
            transition(status, decision, "vì")


@given(st.lists(st.sampled_from(Decision)))
def test_nobody_is_approved_without_having_applied(decisions: list[Decision]) -> None:
    status, made = Status.DRAFT, set[Decision]()
    for decision in decisions:
        if decision in decisions_from(status):
            status = transition(status, decision, "vì")
            made.add(decision)
    assert not status.may_publish or {Decision.APPLY, Decision.APPROVE} <= made


def test_only_an_approved_business_publishes() -> None:
    assert [status for status in Status if status.may_publish] == [Status.APPROVED]


def test_the_business_applies_and_withdraws_and_officers_decide_the_rest() -> None:
    assert {decision for decision in Decision if not decision.is_officers} == {Decision.APPLY, Decision.WITHDRAW}
