"""Every closed set has stable values and a Vietnamese name for each member."""

import importlib
import pkgutil

import pytest

from trace import domain
from trace.domain.evidence import Evidence
from trace.domain.labelled import Labelled
from trace.domain.vocabulary import BusinessStep, BusinessTransactionType, Disposition

for module in pkgutil.iter_modules(domain.__path__):
    importlib.import_module(f"trace.domain.{module.name}")

ENUMERATIONS: list[type[Labelled]] = [
    enumeration for enumeration in Labelled.__subclasses__() if enumeration.__module__.startswith("trace.domain.")
]


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda enumeration: enumeration.__name__)
def test_members_have_their_own_names_and_are_found_by_value(enumeration: type[Labelled]) -> None:
    labels = [member.label for member in enumeration]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert all(enumeration(str(member)) is member for member in enumeration)


def test_there_are_enumerations_to_look_at() -> None:
    assert Evidence in ENUMERATIONS
    assert BusinessStep in ENUMERATIONS


def test_the_business_vocabulary_is_that_of_cbv_2() -> None:
    of_cbv = [step for step in BusinessStep if not step.is_own]
    assert (len(of_cbv), len(Disposition), len(BusinessTransactionType)) == (41, 33, 13)


def test_evidence_is_ordered_by_strength_not_by_letters() -> None:
    order = [Evidence.MISSING, Evidence.DECLARED, Evidence.DOCUMENT, Evidence.CONFIRMED, Evidence.INSPECTED]
    assert sorted(Evidence) == order
    assert max(Evidence.DECLARED, Evidence.CONFIRMED) is Evidence.CONFIRMED
    assert Evidence.MISSING <= Evidence.MISSING < Evidence.DECLARED
    assert Evidence.INSPECTED >= Evidence.CONFIRMED > Evidence.DOCUMENT
