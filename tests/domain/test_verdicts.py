from datetime import date

import pytest

from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessStatus
from trace.domain.verdicts import Verdict, verdicts

TODAY = date(2026, 3, 5)


def judge(**changed: object) -> tuple[Verdict, ...]:
    facts = {
        "batch": BatchStatus.PUBLISHED,
        "business": BusinessStatus.APPROVED,
        "best_before": TODAY,
        "complete": True,
        "today": TODAY,
        **changed,
    }
    return verdicts(**facts)  # type: ignore[arg-type]


def test_a_batch_with_everything_is_complete_on_its_last_good_day() -> None:
    assert judge() == (Verdict.COMPLETE,)


def test_what_never_spoils_never_expires() -> None:
    assert judge(best_before=None) == (Verdict.COMPLETE,)


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ({"complete": False}, Verdict.INCOMPLETE),
        ({"best_before": date(2026, 3, 4)}, Verdict.EXPIRED),
        ({"business": BusinessStatus.WITHDRAWN}, Verdict.UNLISTED),
        ({"business": BusinessStatus.SUSPENDED}, Verdict.SUSPENDED),
        ({"batch": BatchStatus.WITHDRAWN}, Verdict.WITHDRAWN),
    ],
)
def test_what_is_wrong_is_said_before_what_is_right(changed: dict[str, object], first: Verdict) -> None:
    assert judge(**changed)[0] is first


def test_the_gravest_comes_first_and_nothing_is_kept_back() -> None:
    everything = judge(
        batch=BatchStatus.WITHDRAWN,
        business=BusinessStatus.SUSPENDED,
        best_before=date(2026, 3, 1),
        complete=False,
    )
    assert everything == (Verdict.WITHDRAWN, Verdict.SUSPENDED, Verdict.EXPIRED, Verdict.INCOMPLETE)


def test_only_a_complete_batch_looks_good() -> None:
    assert [verdict for verdict in Verdict if verdict.tone == "good"] == [Verdict.COMPLETE]
