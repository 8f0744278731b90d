"""The acts with stamps: unique ones on the packs of one harvest, and a roll that was printed before it was needed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.permissions import Actor
from ...domain.stamps import StampKeys
from ...labels.formats import RollFormat
from ...labels.geometry import RollGeometry
from ...storage.batches import Batch
from ...storage.labels import LabelIssue, rolls_of, stamp_issues_of
from ...storage.sites import Site
from .. import chain, clock, label_issues, stamp_ranges, stamps
from ..addresses import settle_address
from ..label_issues import IssueOrder
from .stage import Stage
from .trading import KEY, PHONES

ON_A_ROLL = RollFormat(RollGeometry(50, 30))
PACKS, ROLL = 120, 200
BOUND = 50
"""Of the roll, the first so many."""
UNSCANNED, COPIED, TORN, LAST_TORN = 0, 40, 100, 111
"""Indexes within the issue for the harvest."""
TORN_BECAUSE = "Máy dán làm rách một đoạn tem."
COMMUNES = ("phường Cầu Giấy", "phường Hà Đông", "xã Sóc Sơn", "phường Hoàng Mai", "xã Đan Phượng")
"""Where shoppers say to have met the one stamp that somebody copied."""


def stamp(stage: Stage) -> None:
    """Stamps are printed for a harvest, become active when it is packed, are torn, and scanned by shoppers."""
    business_id, person = stage.businesses["cooperative"], stage.actor("cooperative_staff")
    batch_id = stage.batches["stamped"]
    with stage.on(2, 8, 20):
        order = IssueOrder(count=PACKS, way=ON_A_ROLL)
        made = label_issues.issue(stage.session, person, batch_id, order, keys=stage.keys, public_url=stage.public_url)
    own_packing_house = select(Site.id).where(Site.business_id == business_id, Site.code == "NSC")
    with stage.on(2, 10, 5):
        chain.record_packing(
            stage.session,
            person,
            batch_id,
            at=clock.now(),
            site_id=stage.session.scalars(own_packing_house).one(),
            packs=PACKS,
            public_url=stage.public_url,
        )
    with stage.on(2, 10, 40):
        stamp_ranges.void(stage.session, person, made.id, TORN, LAST_TORN, reason=TORN_BECAUSE)
    _print_ahead(stage, person, business_id)
    for hour, index in enumerate((3, 7, 7, TORN), start=8):
        _scan(stage, made, index, hour=hour)
    for hour, commune in enumerate(COMMUNES, start=13):
        _scan(stage, made, COPIED, hour=hour, commune=commune)


def stamp_links(session: Session, keys: StampKeys, public_url: str) -> dict[str, str]:
    """One stamp for each thing that its page may say."""
    wanted = select(Batch.id).where(Batch.client_key == f"{KEY}stamped")
    issue = session.scalars(stamp_issues_of(session.scalars(wanted).one())).one()
    roll = session.scalars(rolls_of(issue.business_id).order_by(LabelIssue.id).limit(1)).one()
    told = {
        "stamp": (issue, UNSCANNED),
        "suspicious_stamp": (issue, COPIED),
        "voided_stamp": (issue, TORN),
        "bound_stamp": (roll, 0),
        "unbound_stamp": (roll, ROLL - 1),
    }
    return {
        part: f"{public_url}/q/{each.public_code}/{_serial(keys, each, index)}" for part, (each, index) in told.items()
    }


def _print_ahead(stage: Stage, person: Actor, business_id: int) -> None:
    """Half of a blank roll goes on packs of an earlier harvest."""
    with stage.on(9, 9):
        order = IssueOrder(count=ROLL, way=ON_A_ROLL)
        roll = label_issues.issue_roll(
            stage.session, person, business_id, order, keys=stage.keys, public_url=stage.public_url
        )
    with stage.on(7, 10, 30):
        stamp_ranges.bind(stage.session, person, roll.id, 0, BOUND - 1, batch_id=stage.batches["cooperative 1"])


def _scan(stage: Stage, issue: LabelIssue, index: int, *, hour: int, commune: str = "") -> None:
    """By a shopper, each time another one, yesterday."""
    code, batch_id = issue.public_code or "", issue.batch_id
    with stage.on(1, hour, 12):
        found = stamps.find(stage.session, stage.keys, code, _serial(stage.keys, issue, index))
        stage.session.rollback()  # the writer of scans has a session of its own
        look = stage.scans.record(
            batch_id=batch_id,
            code=code,
            user_agent=PHONES[hour % len(PHONES)],
            language="vi",
            address=f"198.51.100.{hour}",  # for documentation (RFC 5737)
        )
        stamps.check(stage.session, stage.keys, found, look, colleague=False)
        if commune:
            place = settle_address(commune=commune, province_code="01").commune.code
            stamps.say_place(stage.session, found, look.device, place)


def _serial(keys: StampKeys, issue: LabelIssue, index: int) -> str:
    (serial,) = keys.serials(issue.key_id or "", issue.public_code or "", issue.ordinal or 0, index, index + 1)
    return serial
