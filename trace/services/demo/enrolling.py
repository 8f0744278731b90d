"""The acts of those who take part: accounts, enrolment, certificates, the department's list and its decisions."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.approvals import ApprovalKind
from ...domain.businesses import Decision
from ...domain.permissions import SYSTEM, OfficeRole, Role
from ...domain.products import Commodity
from ...domain.quantities import Unit
from ...storage.businesses import Business
from .. import accounts, businesses, certificates, clock, coverage, officers, products, sites
from ..addresses import settle_address
from ..businesses import BusinessFacts, Upload
from ..certificates import CertificateFacts
from ..products import ProductFacts
from ..sites import SiteFacts
from . import cast, papers, script
from .cast import Goods, House, Person
from .pictures import PICTURES
from .script import Paper
from .stage import Stage


@dataclass(frozen=True)
class Credentials:
    """As Flask-Security keeps them."""

    password_hash: str
    totp_secret: str | None


def open_account(stage: Stage, person: Person, own: Credentials) -> None:
    with stage.on(121):
        user = accounts.create_account(
            stage.session,
            email=person.email,
            name=person.name,
            password_hash=own.password_hash,
            totp_secret=own.totp_secret,
        )
        stage.users[person.part] = user.id
        stage.session.commit()
        if person.role == officers.ADMINISTRATOR:
            officers.appoint_administrator(stage.session, SYSTEM, person.email)
        elif person.role:
            officers.appoint(stage.session, SYSTEM, person.email, OfficeRole(person.role), person.commune)


def enrol(stage: Stage, house: House) -> None:
    with stage.on(house.days_ago, 8, 15):
        address = settle_address(commune=house.commune, province_code="01", street=house.street)
        facts = BusinessFacts(
            kind=house.kind,
            legal_name=house.name,
            tax_code=house.tax_code,
            household_number=house.household_number,
            phone=f"0900 000 0{10 + len(stage.businesses)}",
            commune_code=address.commune.code,
            street=address.street,
            former_address=address.former,
        )
        number = house.tax_code or house.household_number
        paper = papers.registration(name=house.name, number=number, address=f"{house.street}, {house.commune}")
        business = businesses.apply(
            stage.session,
            stage.actor(house.part),
            facts,
            documents=[Upload("Giấy đăng ký.pdf", paper)],
            store=stage.store,
        )
        stage.businesses[house.part] = business.id
    if house.approved:
        with stage.on(house.days_ago - 2, 14):
            businesses.decide(stage.session, stage.actor("officer"), business.id, Decision.APPROVE)
    with stage.on(house.days_ago - 2 if house.approved else house.days_ago, 15):
        _furnish(stage, house, business.id, address.commune.code)


def _furnish(stage: Stage, house: House, business_id: int, commune_code: str) -> None:
    actor = stage.actor(house.part)
    for place in house.places:
        facts = SiteFacts(
            kind=place.kind,
            name=place.name,
            code=place.code,
            commune_code=commune_code,
            area_m2=place.area_m2,
            growing_area_code=place.growing_area_code,
            gln=place.gln,
        )
        sites.register(stage.session, actor, business_id, facts)
    for goods in house.goods:
        photo = PICTURES[goods.picture]() if goods.picture else None
        products.register(stage.session, actor, business_id, _product_facts(goods), photo=photo, store=stage.store)
    if house.part == "cooperative":
        businesses.set_visibility(stage.session, actor, business_id, {"street": True, "phone": False})


def invite_staff(stage: Stage) -> None:
    with stage.on(100, 10):
        owner = stage.actor("cooperative")
        _, token = accounts.invite(stage.session, owner, stage.businesses["cooperative"], role=Role.STAFF)
        accounts.accept_invitation(stage.session, stage.actor("cooperative_staff"), token)


def import_official_list(stage: Stage) -> None:
    """Before the second farm enrols; then a person has to say that its entry is that farm."""
    known = {house.part: house for house in cast.HOUSES}
    rows = [
        (house.name, house.tax_code, f"{house.street}, {house.commune}", house.kind.label)
        for house in (known[part] for part in cast.LISTED)
    ]
    with stage.on(60, 10):
        officer = stage.actor("second_officer")
        imported, _ = coverage.import_list(
            stage.session,
            officer,
            data=papers.official_list([*rows, *cast.STRANGERS]),
            file_name="danh-sach-vi-du.xlsx",
            as_of=clock.today(),
            source="Danh sách ví dụ, không phải văn bản thật",
        )
        coverage.confirm_list(stage.session, officer, imported.id)


def certify(stage: Stage, paper: Paper) -> None:
    holder = stage.session.get_one(Business, stage.businesses[paper.house])
    facts = CertificateFacts(
        scheme=paper.scheme,
        number=paper.number,
        issuer=paper.issuer,
        valid_from=stage.today + timedelta(days=paper.since),
        valid_until=stage.today + timedelta(days=paper.until),
    )
    file = papers.certificate(
        paper.scheme,
        number=facts.number,
        issuer=facts.issuer,
        holder=holder.legal_name,
        valid_from=stage.today + timedelta(days=paper.since),
        valid_until=facts.valid_until,
    )
    with stage.on(paper.days_ago, 9, 30):
        owner = stage.actor(paper.house)
        made = certificates.submit(stage.session, owner, holder.id, facts, file=file, store=stage.store)
    with stage.on(paper.days_ago - 1, 10):
        if paper.verdict is True:
            certificates.verify(stage.session, stage.actor("officer"), made.id)
        elif paper.verdict is False:
            certificates.refuse(stage.session, stage.actor("officer"), made.id, paper.reason)


def suspend(stage: Stage) -> None:
    with stage.on(5, 15):
        businesses.decide(
            stage.session,
            stage.actor("officer"),
            stage.businesses["suspended_farm"],
            Decision.SUSPEND,
            script.SUSPENSION,
        )
    with stage.on(5, 16):
        stage.approve(ApprovalKind.SUSPENSION, stage.businesses["suspended_farm"], "Biên bản kiểm tra đầy đủ.")


def _product_facts(goods: Goods) -> ProductFacts:
    return ProductFacts(
        name=goods.name,
        name_en=goods.name_en,
        commodity=Commodity.VEGETABLES,
        gtin=goods.gtin,
        unit=Unit.KGM,
        pack_sizes=[500, 1000],
        shelf_life_days=goods.shelf_life_days,
        standards=goods.standards,
        packaging_material=goods.packaging,
    )
