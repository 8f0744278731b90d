"""What becomes of many batches after they were packed: handled, labelled, delivered to a trader and on to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from ...domain.balance import MovementKind
from ...domain.evidence import Evidence
from ...domain.handovers import HandoverStatus
from ...storage.balance import Holding, Movement
from ...storage.chain import Event
from ...storage.handovers import Handover, HandoverStep
from ...storage.labels import LabelIssue
from .crowd import Trader
from .forms import Form, forms_of_delivery, forms_of_handling

LABELLED, DELIVERED, DELIVERED_ON, WAITING = 0.75, 0.8, 0.7, 0.01
"""Parts of those that came so far."""
FEWEST = 4000
"""Grams. Of less nothing is delivered."""
COLUMNS = {
    LabelIssue: "batch_id business_id count format geometry made_by_name at",
    Handover: "id batch_id seller_id buyer_id buyer_name buyer_phone seller_site_id buyer_site_id sent received vehicle "
    "shipped_at received_at status offered_at",
    HandoverStep: "handover_id status business_id by_name reason at",
}
PERSON = "Người ghi chép (ví dụ)"


@dataclass(frozen=True)
class Lot:
    """``left`` of it no other batch was made of; ``marks`` are those of its events, at its maker's place."""

    batch_id: int
    business_id: int
    site_id: int
    left: int
    day: str
    marks: dict[str, Any]


@dataclass(frozen=True)
class Fate:
    """``hops`` are the traders whom it was sent to, one after the other; the last has not answered yet unless ``received``."""

    labelled: bool = False
    hops: Sequence[Trader] = ()
    received: bool = False


def fate(traders: Sequence[Trader], *, packed: bool, left: int, random: Random) -> Fate:
    if not packed or random.random() >= LABELLED:
        return Fate()
    if left < FEWEST or random.random() >= DELIVERED:
        return Fate(labelled=True)
    if random.random() < WAITING:
        return Fate(labelled=True, hops=random.sample(traders, 1))
    return Fate(labelled=True, hops=random.sample(traders, 1 + (random.random() < DELIVERED_ON)), received=True)


class Journey:
    """Adds the rows of one batch's fate to ``rows``, with numbers for its events and handovers."""

    def __init__(
        self, rows: dict[type, list[Any]], lot: Lot, *, public_url: str, event_id: int, handover_id: int, number: int
    ) -> None:
        self.rows, self.lot, self.public_url = rows, lot, public_url
        self.event_id, self.handover_id, self.number = event_id, handover_id, number

    def handled(self) -> None:
        for form in forms_of_handling(self.public_url):
            self._event(form, self.lot.business_id, self.lot.site_id, None, {})

    def goes(self, fate: Fate) -> int:
        """How much of it left its maker: half, of which its next holder passes on half again."""
        lot = self.lot
        if fate.labelled:
            made = (lot.batch_id, lot.business_id, 48, "pdf", "{}", PERSON, f"{lot.day} 08:30:00.000000")
            self.rows[LabelIssue].append(made)
        seller, sent = Trader(lot.business_id, lot.site_id), lot.left // 2
        for hop, buyer in enumerate(fate.hops, start=1):
            self._delivered(hop, seller, buyer, sent, received=fate.received)
            onward = sent // 2 if hop < len(fate.hops) else 0
            if fate.received:
                self.rows[Holding].append((lot.batch_id, buyer.business_id, sent - onward, 0))
            seller, sent = buyer, onward
        return lot.left // 2 if fate.hops else 0

    def _delivered(self, hop: int, seller: Trader, buyer: Trader, sent: int, *, received: bool) -> None:
        shipping, receiving = forms_of_delivery(self.public_url, hop)
        shipped_at, received_at = (form.time % self.lot.marks for form in (shipping, receiving))
        said = {"seller": seller.business_id, "buyer": buyer.business_id, "sent": f"{sent / 1000:g}"}
        status = HandoverStatus.ACCEPTED if received else HandoverStatus.OFFERED
        self.rows[Handover].append(
            (self.handover_id, self.lot.batch_id, seller.business_id, buyer.business_id, "", "", seller.site_id,
             buyer.site_id if received else None, sent, sent if received else None, "", shipped_at,
             received_at if received else None, status.value, shipped_at)
        )  # fmt: skip
        self._step(HandoverStatus.OFFERED, seller, shipped_at)
        moved = (self.lot.batch_id, seller.business_id, MovementKind.SHIPPED.value, sent, self.event_id, shipped_at)
        self.rows[Movement].append(moved)
        self._event(shipping, seller.business_id, seller.site_id, self.handover_id, said)
        if received:
            self._step(HandoverStatus.ACCEPTED, buyer, received_at)
            self._event(receiving, buyer.business_id, buyer.site_id, self.handover_id, said)
        self.handover_id += 1

    def _step(self, status: HandoverStatus, who: Trader, at: str) -> None:
        self.rows[HandoverStep].append((self.handover_id, status.value, who.business_id, PERSON, "", at))

    def _event(self, form: Form, business_id: int, site_id: int, handover_id: int | None, said: dict[str, Any]) -> None:
        marks = {**self.lot.marks, **said, "site": site_id, "number": self.number, "handover": handover_id}
        digest, body = form.fill(marks)
        self.rows[Event].append(
            (self.event_id, self.lot.batch_id, business_id, site_id, handover_id, form.type.value, form.step.value,
             form.time % marks, "+07:00", f"{self.lot.day} 09:30:00.000000", Evidence.DECLARED.value, PERSON, digest,
             False, body)
        )  # fmt: skip
        self.event_id += 1
        self.number += 1
