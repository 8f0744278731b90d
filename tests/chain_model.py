"""What a farm and a shop have of which batch, as a plain model in memory to compare the service with."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import product

from trace.domain.balance import Direction
from trace.storage.batches import Batch
from trace.storage.cases import Case
from trace.storage.chain import Event
from trace.storage.handovers import Handover


@dataclass
class Model:
    """Amounts by the id of their batch."""

    batches: list[Batch] = field(default_factory=list)
    parents: dict[int, set[int]] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    """Of each parent, for each batch that was made of others."""
    recalled: set[int] = field(default_factory=set)

    made: dict[int, int] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    """At the farm."""
    bought: dict[int, int] = field(default_factory=dict)
    """Left at the shop."""
    in_transit: list[Handover] = field(default_factory=list)
    """Oldest first."""
    lost_in_transit: Counter[int] = field(default_factory=Counter)
    removed: Counter[int] = field(default_factory=Counter)
    removals: list[tuple[Event, int]] = field(default_factory=list)
    packed: Counter[int] = field(default_factory=Counter)
    """Of what is left at the farm, in closed cases."""
    packed_at_shop: Counter[int] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)
    """Closed, at the farm."""
    shipped_cases: list[Case] = field(default_factory=list)

    def keep(self, batch: Batch, amount: int, parents: set[int]) -> None:
        self.batches.append(batch)
        self.made[batch.id] = self.left[batch.id] = amount
        self.parents[batch.id] = parents

    def forget(self, batch_id: int) -> None:
        """It never came to be: what it was made of is there again."""
        used = self.used.pop(batch_id)
        for parent in self.parents.pop(batch_id):
            self.left[parent] += used
            self.removed[parent] -= used
        self.batches = [batch for batch in self.batches if batch.id != batch_id]
        del self.made[batch_id], self.left[batch_id], self.removed[batch_id]

    def receive(self, given: Handover, received: int) -> None:
        self.in_transit.remove(given)
        self.bought[given.batch_id] = self.bought.get(given.batch_id, 0) + received
        self.lost_in_transit[given.batch_id] += given.sent - received

    def loose(self, batch_id: int) -> int:
        return self.left[batch_id] - self.packed[batch_id]

    def move(self, case: Case, *places: dict[int, int], sign: int = 1) -> None:
        """Add what is in a case to amounts by batch, or take it away."""
        for content, amounts in product(case.contents, places):
            amounts[content.batch_id] = amounts.get(content.batch_id, 0) + sign * content.amount

    def is_in_shipped_case(self, batch_id: int) -> bool:
        return any(content.batch_id == batch_id for case in self.shipped_cases for content in case.contents)

    def pick(self, place: int) -> Batch:
        return self.batches[place % len(self.batches)]

    def accounted_for(self, batch_id: int) -> int:
        places = (self.left, self.bought, self.lost_in_transit, self.removed)
        moving = sum(given.sent for given in self.in_transit if given.batch_id == batch_id)
        sent = [content for case in self.shipped_cases for content in case.contents]
        moving += sum(content.amount for content in sent if content.batch_id == batch_id)
        return sum(place.get(batch_id, 0) for place in places) + moving

    def closure(self, start: int, direction: Direction) -> set[int]:
        reached, frontier = {start}, {start}
        while frontier:
            if direction is Direction.BACK:
                following = set().union(*(self.parents[each] for each in frontier))
            else:
                following = {child for child, parents in self.parents.items() if parents & frontier}
            frontier = following - reached
            reached |= frontier
        return reached
