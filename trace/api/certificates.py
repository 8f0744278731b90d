"""Certificates: handed in by a business, checked by an officer."""

from typing import Any

from marshmallow.fields import Pluck

from ..domain.certificates import CertificateScheme, CertificateStatus
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, owned, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..services import certificates
from ..services.certificates import CertificateFacts
from ..storage.certificates import Certificate, certificates_of
from ..storage.register import certificates_where
from .businesses import StoredFileSchema
from .fields import Day, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Certificates", "Papers behind what a business says of itself, each checked by an officer.")


class CertificateFactsSchema(Schema):
    scheme = Member(CertificateScheme, required=True)
    number = Text(required=True)
    issuer = Text(required=True)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True, metadata={"description": "The last valid day"})
    site_ids = Several(Integer(), load_default=(), metadata={"description": "Empty: all sites"})
    product_ids = Several(Integer(), load_default=(), metadata={"description": "Empty: all products"})


class NewCertificateSchema(CertificateFactsSchema):
    file = File(required=True, metadata={"description": "PDF, or a photo of the paper"})


class RevisedCertificateSchema(CertificateFactsSchema):
    file = File(load_default=None, allow_none=True)


class IdentifierSchema(Schema):
    id = Integer()


class CertificateSchema(Schema):
    id = Integer()
    business_id = Integer()
    scheme = Member(CertificateScheme)
    number = Text()
    issuer = Text()
    valid_from = Day()
    valid_until = Day(allow_none=True)
    site_ids = Pluck(IdentifierSchema, "id", many=True, attribute="sites")
    product_ids = Pluck(IdentifierSchema, "id", many=True, attribute="products")
    status = Member(CertificateStatus)
    reason = Lines()
    checked_by_name = Text()
    checked_at = Moment(allow_none=True)
    file = Part(StoredFileSchema, allow_none=True, metadata={"description": "See /files"})
    created_at = Moment()


class QueueQuery(PageQuery):
    status = Member(CertificateStatus, load_default=None)


class VerdictSchema(Schema):
    status = Member(CertificateStatus, only=[CertificateStatus.VERIFIED, CertificateStatus.REFUSED], required=True)
    reason = Lines(load_default="", metadata={"description": "Needed for a refusal; the business reads it"})


@topic.get("/certificates")
@requires(Permission.REGISTER_READ)
@topic.arguments(QueueQuery, location="query")
@topic.response(200, page_of(CertificateSchema))
def list_all_certificates(query: dict[str, Any]) -> Any:
    """List every business's certificates, as an officer"""
    return page(
        within_office(certificates_where(status=query["status"]), Certificate.business_id), Certificate.id, query
    )


@topic.post("/certificates/<int:certificate_id>/verdict")
@requires(Permission.CERTIFICATES_VERIFY)
@once
@topic.arguments(VerdictSchema)
@topic.response(200, CertificateSchema)
def judge_certificate(data: dict[str, Any], certificate_id: int) -> Any:
    """Verify or refuse a certificate, as an officer"""
    version = named_version(existing(Certificate, certificate_id), required=False)
    if data["status"] is CertificateStatus.VERIFIED:
        return with_version(certificates.verify(db.session, current_actor(), certificate_id, version=version))
    return with_version(
        certificates.refuse(db.session, current_actor(), certificate_id, data["reason"], version=version)
    )


@topic.get("/businesses/<int:business_id>/certificates")
@requires(Permission.BUSINESS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(CertificateSchema))
def list_certificates(query: dict[str, Any], business_id: int) -> Any:
    """List the certificates of a business"""
    return page(certificates_of(business_id), Certificate.id, query)


@topic.post("/businesses/<int:business_id>/certificates")
@requires(Permission.CERTIFICATES_WRITE)
@once
@topic.arguments(NewCertificateSchema)
@topic.response(201, CertificateSchema)
def submit_certificate(data: dict[str, Any], business_id: int) -> Any:
    """Hand in a certificate with its paper"""
    file = data.pop("file")
    facts = CertificateFacts(**data)
    store = file_store()
    return with_version(certificates.submit(db.session, current_actor(), business_id, facts, file=file, store=store))


@topic.get("/businesses/<int:business_id>/certificates/<int:certificate_id>")
@requires(Permission.BUSINESS_READ)
@topic.response(200, CertificateSchema)
def show_certificate(business_id: int, certificate_id: int) -> Any:
    """Show a certificate"""
    return with_version(owned(Certificate, certificate_id, business_id))


@topic.put("/businesses/<int:business_id>/certificates/<int:certificate_id>")
@requires(Permission.CERTIFICATES_WRITE)
@if_match
@topic.arguments(RevisedCertificateSchema)
@topic.response(200, CertificateSchema)
def revise_certificate(data: dict[str, Any], business_id: int, certificate_id: int) -> Any:
    """Mend a certificate that is not verified; it waits for its check again"""
    version = named_version(owned(Certificate, certificate_id, business_id))
    file = data.pop("file")
    return with_version(
        certificates.revise(
            db.session,
            current_actor(),
            certificate_id,
            CertificateFacts(**data),
            file=file,
            store=file_store(),
            version=version,
        )
    )
