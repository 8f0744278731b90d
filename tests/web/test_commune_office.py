"""An officer of one commune opens everything the department has, and reads nothing of a business of another commune."""

import io
import re
import zipfile
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from tests.client import Client
from tests.crawl import addresses
from tests.pdf_text import text_of
from tests.world import make_world
from trace.domain.permissions import OF_OFFICE, OfficeRole
from trace.services import keys
from trace.services.export_tables import Table
from trace.storage.accounts import Membership, User
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.certificates import Certificate
from trace.storage.complaints import Complaint
from trace.storage.sites import Site

HERE, ELSEWHERE = "00070", "00004"
CITY_WIDE = {
    "Directory.list_directory": "what businesses chose to show to all who are signed in",
    "Green points.list_standing_points": "shoppers find the points on a public map",
    "Recalls.list_recalls": "everybody is warned of what is taken back",
}
"""What an officer of a commune reads of the whole city, and why."""


@pytest.mark.parametrize(
    ("under", "questions"),
    [
        ("/authority/", ["business={business}", "commune={commune}"]),
        ("/api/v1/", ["business_id={business}", "commune_code={commune}"]),
    ],
)
def test_nothing_of_another_commune_is_read(
    app: Flask, client: Client, session: Session, under: str, questions: list[str]
) -> None:
    world, other = make_world(session, commune_code=HERE), make_world(session, commune_code=ELSEWHERE)
    secret = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, said_elsewhere(session)))})(?!\w)")
    officer = factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code=HERE)
    acting, scopes = factories.actor(officer), OF_OFFICE[OfficeRole.COMMUNE]
    _, token = keys.issue_key(session, acting, name="máy", scopes=scopes, officer_id=officer.id)
    client.sign_in(officer)
    headers = {"Authorization": f"Bearer {token}"} if under.startswith("/api/") else {}
    told: dict[str, set[str]] = {}
    opened = 0
    asked = [
        (rule.endpoint, path, [] if rule.arguments else questions)
        for rule, path in addresses(app, world, "GET", under=under)
    ]
    if under == "/authority/":
        asked += [(f"exports of {table}", f"/authority/exports/{table}.csv", questions) for table in Table]
    for name, path, filters in asked:
        for question in ["", *filters] if name not in CITY_WIDE else ():
            query = question.format(business=other.business_id, commune=ELSEWHERE)
            with client.get(f"{path}?{query}", headers=headers) as answer:
                opened += answer.status_code == 200
                if found := secret.findall(text(answer)):
                    told.setdefault(f"{name} {question}", set()).update(found)
    assert opened > 50, "the officer got hardly anywhere"
    assert not told


def said_elsewhere(session: Session) -> list[str]:
    """Names and codes of the businesses there, and of what is theirs."""
    there = select(Business.id).where(Business.commune_code == ELSEWHERE)
    columns = (
        (Business.legal_name, Business.id),
        (Business.tax_code, Business.id),
        (Batch.public_code, Batch.business_id),
        (Batch.lot, Batch.business_id),
        (Site.name, Site.business_id),
        (Certificate.number, Certificate.business_id),
        (Complaint.tracking_number, Complaint.business_id),
    )
    said = [each for column, owner in columns for each in session.scalars(select(column).where(owner.in_(there)))]
    people = select(User.name).join(Membership).where(Membership.business_id.in_(there))
    return [each for each in [*said, *session.scalars(people)] if each]


def text(answer: TestResponse) -> str:
    data = answer.get_data()
    if answer.mimetype == "application/pdf":
        return text_of(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            data = b" ".join(parts.read(name) for name in parts.namelist() if name.endswith(".xml"))
    return unescape(data.decode("utf-8", "replace"))
