"""Every closed set has stable values and a Vietnamese name for each member."""

import pytest

from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessKind, BusinessStatus, Decision
from trace.domain.certificates import CertificateScheme, CertificateStatus, Standing
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.completeness import LegalItem
from trace.domain.evidence import Evidence
from trace.domain.labelled import Labelled
from trace.domain.products import Commodity
from trace.domain.quantities import Unit
from trace.domain.scans import Visitor
from trace.domain.sites import SiteKind
from trace.domain.vocabulary import BusinessStep, BusinessTransactionType, Disposition, SourceDestinationType

ENUMERATIONS: list[type[Labelled]] = [
    BatchStatus,
    BusinessKind,
    BusinessStatus,
    BusinessStep,
    BusinessTransactionType,
    CertificateScheme,
    CertificateStatus,
    Commodity,
    ComplaintReason,
    ComplaintStatus,
    Decision,
    Disposition,
    Evidence,
    LegalItem,
    SiteKind,
    SourceDestinationType,
    Standing,
    Unit,
    Visitor,
]


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda enumeration: enumeration.__name__)
def test_members_have_their_own_names_and_are_found_by_value(enumeration: type[Labelled]) -> None:
    labels = [member.label for member in enumeration]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert all(enumeration(str(member)) is member for member in enumeration)


def test_this_list_is_whole() -> None:
    assert {kind for kind in Labelled.__subclasses__() if kind.__module__.startswith("trace.domain.")} >= set(
        ENUMERATIONS
    )


def test_the_business_vocabulary_is_that_of_cbv_2() -> None:
    assert (len(BusinessStep), len(Disposition), len(BusinessTransactionType)) == (41, 33, 13)


def test_evidence_is_ordered_by_strength_not_by_letters() -> None:
    order = [Evidence.MISSING, Evidence.DECLARED, Evidence.DOCUMENT, Evidence.CONFIRMED, Evidence.INSPECTED]
    assert sorted(Evidence) == order
    assert max(Evidence.DECLARED, Evidence.CONFIRMED) is Evidence.CONFIRMED
    assert Evidence.MISSING <= Evidence.MISSING < Evidence.DECLARED
    assert Evidence.INSPECTED >= Evidence.CONFIRMED > Evidence.DOCUMENT
