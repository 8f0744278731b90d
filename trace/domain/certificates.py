"""Certificates and commitments, judged as of a day: a batch is covered by what was valid when it was harvested."""

from datetime import date, timedelta
from typing import Protocol

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled

LAPSE_NOTICE_DAYS = 30  # our own courtesy, not a legal period


class CertificateScheme(Labelled):
    VIETGAP = "vietgap", N_("VietGAP")
    GLOBALGAP = "globalgap", N_("GlobalG.A.P.")
    ORGANIC = "organic", N_("Hữu cơ (TCVN 11041)")
    HACCP = "haccp", N_("HACCP")
    ISO_22000 = "iso_22000", N_("ISO 22000")
    OCOP_3 = "ocop_3", N_("OCOP 3 sao")
    OCOP_4 = "ocop_4", N_("OCOP 4 sao")
    OCOP_5 = "ocop_5", N_("OCOP 5 sao")
    FOOD_SAFETY = "food_safety", N_("Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm")
    SAFE_CHAIN = "safe_chain", N_("Giấy xác nhận chuỗi cung ứng thực phẩm an toàn")
    COMMITMENT_17 = "commitment_17", N_("Bản cam kết sản xuất, kinh doanh thực phẩm an toàn (Thông tư 17/2018)")

    @property
    def is_standard(self) -> bool:
        """Names a standard that was applied (Thông tư 02/2024, item 10), rather than a rating or a licence."""
        return self in (
            CertificateScheme.VIETGAP,
            CertificateScheme.GLOBALGAP,
            CertificateScheme.ORGANIC,
            CertificateScheme.HACCP,
            CertificateScheme.ISO_22000,
        )


class CertificateStatus(Labelled):
    """What the department made of the paper; whether it is still in date is another question."""

    SUBMITTED = "submitted", N_("Chờ kiểm tra")
    VERIFIED = "verified", N_("Đã kiểm tra")
    REFUSED = "refused", N_("Không được chấp nhận")


class Standing(Labelled):
    VALID = "valid", N_("Còn hiệu lực")
    NOT_YET = "not_yet", N_("Chưa có hiệu lực")
    LAPSED = "lapsed", N_("Đã hết hạn")
    UNVERIFIED = "unverified", N_("Chưa được kiểm tra")
    REFUSED = "refused", N_("Không được chấp nhận")


class CertificateState(Labelled):
    """How a business stands with all its verified certificates, for the department's register."""

    VALID = "valid", N_("Có giấy còn hiệu lực")
    LAPSING = "lapsing", N_("Có giấy sắp hết hạn")
    LAPSED = "lapsed", N_("Chỉ còn giấy đã hết hạn")
    NONE = "none", N_("Chưa có giấy được kiểm tra")


class Certificate(Protocol):
    """What the rules read of a certificate. ``valid_until`` is its last valid day; None has no end."""

    @property
    def status(self) -> CertificateStatus: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


def standing(certificate: Certificate, on: date) -> Standing:
    """How ``certificate`` stood on that day: pass the harvest date to judge a batch, today to show it now."""
    if certificate.status is CertificateStatus.REFUSED:
        return Standing.REFUSED
    if on < certificate.valid_from:
        return Standing.NOT_YET
    if certificate.valid_until is not None and on > certificate.valid_until:
        return Standing.LAPSED
    if certificate.status is CertificateStatus.SUBMITTED:
        return Standing.UNVERIFIED
    return Standing.VALID


def lapses_within(certificate: Certificate, days: int, *, on: date) -> bool:
    """Whether it is in date on that day and will no longer be ``days`` later: time to renew it."""
    until = certificate.valid_until
    return until is not None and on <= until < on + timedelta(days=days)


class CertificateStepNotPossible(Conflict):
    """Only a paper that waits is judged, and what was judged good is renewed, not rewritten."""

    code = "certificate-step-not-possible"
    message = N_("Giấy này không còn chờ kiểm tra. Hãy tải lại trang để xem tình trạng mới nhất.")


class ValidityEndsTooEarly(InvalidInput):
    code = "validity-ends-too-early"
    message = N_("Ngày hết hạn không thể trước ngày cấp. Hãy so lại với giấy.")
