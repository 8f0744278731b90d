"""Following batches, and how far each may see."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import MORNING, URL, Farm
from trace.domain.balance import Direction
from trace.domain.batches import BatchStatus
from trace.domain.errors import NotFound
from trace.domain.permissions import Actor, Permission
from trace.domain.public_code import InvalidPublicCode
from trace.services import balance, trace
from trace.services.balance import TransformationFacts
from trace.storage.balance import Holding, Link
from trace.storage.batches import Batch
from trace.storage.chain import Event
from trace.storage.questions import Question


def make(farm: Farm, *parents: Batch) -> Batch:
    facts = TransformationFacts(
        inputs=[(parent.id, 1000) for parent in parents],
        product_id=farm.product.id,
        site_id=farm.site.id,
        amount=1000 * len(parents),
        at=MORNING,
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def follow(
    farm: Farm, actor: Actor | None, batch: Batch, direction: Direction
) -> tuple[set[str], set[tuple[str, str]]]:
    found = trace.follow(farm.session, actor, batch.public_code or "", direction)
    codes_of = {batch.id: batch.code for batch in found.batches.values()}
    return set(codes_of.values()), {(codes_of[link.parent_id], codes_of[link.child_id]) for link in found.links}


def codes(*batches: Batch) -> set[str]:
    return {batch.public_code or "" for batch in batches}


def give(farm: Farm, batch: Batch) -> None:
    """As if another business had made it and no longer held it."""
    other = factories.make_business(farm.session)
    farm.session.query(Holding).filter_by(batch_id=batch.id).update({"business_id": other.id})
    batch.business_id = other.id
    farm.session.commit()


def test_a_batch_is_followed_through_every_branch_once(farm: Farm) -> None:
    field = farm.published()
    left, right = make(farm, field), make(farm, field)
    both = make(farm, left, right)
    unrelated = make(farm, farm.published())
    assert follow(farm, farm.owner, field, Direction.FORWARD) == (
        codes(field, left, right, both),
        {(a.public_code, b.public_code) for a, b in [(field, left), (field, right), (left, both), (right, both)]},
    )
    back, links = follow(farm, farm.owner, both, Direction.BACK)
    assert (back, len(links)) == (codes(field, left, right, both), 4)
    assert follow(farm, farm.owner, unrelated, Direction.FORWARD)[0] == codes(unrelated)


def test_a_business_sees_its_own_part_and_one_step_further(farm: Farm) -> None:
    chain = [farm.published()]
    for _ in range(4):
        chain.append(make(farm, chain[-1]))
    for sold in chain[2:]:
        give(farm, sold)
    seen, links = follow(farm, farm.owner, chain[0], Direction.FORWARD)
    assert (seen, len(links)) == (codes(*chain[:3]), 2)
    officer = factories.actor(factories.make_officer(farm.session))
    seen, links = follow(farm, officer, chain[0], Direction.FORWARD)
    assert (seen, len(links)) == (codes(*chain), 4)


@pytest.mark.parametrize("direction", Direction)
def test_others_see_no_more_than_shoppers(farm: Farm, direction: Direction) -> None:
    field = farm.published()
    made = make(farm, make(farm, field))
    start = field if direction is Direction.FORWARD else made
    stranger = factories.make_user(farm.session)
    factories.make_business(farm.session, owner=stranger)
    unable = Actor(
        user_id=None, name="máy", memberships=farm.owner.memberships, scopes=frozenset({Permission.BUSINESS_READ})
    )
    for actor in (None, factories.actor(stranger), unable):
        assert follow(farm, actor, start, direction) == (codes(start), set())


def test_a_code_that_was_never_given_out_leads_nowhere(farm: Farm) -> None:
    with pytest.raises(InvalidPublicCode):
        trace.follow(farm.session, farm.owner, "KHONG-PHAI", Direction.BACK)
    with pytest.raises(NotFound):
        trace.follow(farm.session, farm.owner, "0000000000", Direction.BACK)


def test_ten_thousand_descendants_are_found_by_two_questions(farm: Farm) -> None:
    field = farm.published()
    _spread(farm.session, field, 10_000)
    with patch.object(Question, "ask", autospec=True, side_effect=Question.ask) as asked:
        found = trace.follow(farm.session, farm.owner, field.public_code or "", Direction.FORWARD)
    assert (len(found.batches), len(found.links)) == (10_001, 10_000)
    assert asked.call_count == 2


def _spread(session: Session, root: Batch, count: int) -> None:
    """A tree below ``root`` in which every batch has at most three children, all held by its maker."""
    first = root.id + 1
    at = datetime(2026, 3, 2, tzinfo=UTC)
    event_id = session.scalars(select(Event.id).where(Event.batch_id == root.id)).one()
    shared = {
        "business_id": root.business_id,
        "product_id": root.product_id,
        "site_id": root.site_id,
        "amount": 1,
        "production_date": root.production_date,
        "status": BatchStatus.PUBLISHED,
        "created_at": at,
    }
    ids = range(first, first + count)
    session.execute(
        insert(Batch), [{**shared, "id": each, "lot": f"T{each}", "public_code": f"T{each:09}"} for each in ids]
    )
    session.execute(
        insert(Link),
        [
            {"parent_id": root.id + (each - first) // 3, "child_id": each, "amount": 1, "event_id": event_id}
            for each in ids
        ],
    )
    session.execute(insert(Holding), [{"batch_id": each, "business_id": root.business_id, "amount": 1} for each in ids])
    session.commit()
