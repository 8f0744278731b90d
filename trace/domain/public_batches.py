"""What a shopper may see of a batch, and nothing else: the amount, the positions and the people are not in here.

The JSON document of the shopper's page has these names and this shape (docs/api.md, "Shopper's facts").
"""

from dataclasses import dataclass
from datetime import date, datetime

from .businesses import BusinessKind
from .certificates import CertificateScheme, CertificateStatus, Standing
from .completeness import Completeness
from .evidence import Evidence
from .products import Commodity
from .recalls import RecallClass
from .sites import SiteKind
from .verdicts import Verdict
from .vocabulary import BusinessStep


@dataclass(frozen=True, slots=True)
class PublicPhoto:
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PublicBusiness:
    """``street`` and ``phone`` are empty unless the business chose to show them."""

    name: str
    kind: BusinessKind
    commune: str
    street: str
    phone: str
    suspended_on: date | None


@dataclass(frozen=True, slots=True)
class PublicOrigin:
    """The place of production, no closer than its commune."""

    kind: SiteKind
    commune: str
    growing_area_code: str


@dataclass(frozen=True, slots=True)
class Correction:
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class PublicStep:
    """Something that happened, or a stage of which nothing is known: then ``evidence`` is missing and ``at`` None."""

    step: BusinessStep
    evidence: Evidence
    at: datetime | None = None
    recorded_at: datetime | None = None
    business: str = ""
    commune: str = ""
    location_code: str = ""
    lot: str = ""
    """Of the batch that it happened to, where that became part of this one: with its product."""
    product: str = ""
    made_of_others: bool = False
    passed: bool | None = None
    """What an inspection or a laboratory found."""
    laboratory: str = ""
    report: str = ""
    coldest: float | None = None
    """°C while it was stored."""
    warmest: float | None = None
    alarming: bool = False
    """Some temperature was outside of what the product is to be kept at."""
    wrong: Correction | None = None
    """When and why it was declared wrong; then it counts for nothing."""


@dataclass(frozen=True, slots=True)
class PublicDiary:
    """Of the season that a batch was harvested from: how often something was written down until then, and how many days
    before the harvest something was last used that the food must wait for; None where nothing was."""

    entries: int
    days_since_treatment: int | None


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    scheme: CertificateScheme
    number: str
    issuer: str
    status: CertificateStatus
    valid_from: date
    valid_until: date | None
    checked_on: date | None
    """When the department compared it with its issuer."""
    at_production: Standing
    today: Standing

    @property
    def counts(self) -> bool:
        """It covered the batch on the day it was produced."""
        return self.at_production is Standing.VALID


@dataclass(frozen=True, slots=True)
class PublicRecall:
    """Why the batch was taken back, what to do with it, and whom to call; its notice is at ``/recalls/<number>``."""

    number: str
    recall_class: RecallClass
    on: date
    reason: str
    instructions: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBatch:
    id: int
    code: str
    lot: str
    verdicts: tuple[Verdict, ...]
    """Gravest first."""
    product_name: str
    product_name_en: str
    brand: str
    commodity: Commodity
    gtin: str | None
    standards: tuple[str, ...]
    packaging_material: str
    photo: PublicPhoto | None
    production_date: date
    best_before: date | None
    days_left: int | None
    """0 on the last good day, negative afterwards."""
    business: PublicBusiness
    origin: PublicOrigin
    steps: tuple[PublicStep, ...]
    """Newest first, the missing stages of the commodity's chain among them; then those of what it was made of."""
    more_steps: bool
    """There were even earlier ones of what it was made of."""
    certificates: tuple[PublicCertificate, ...]
    completeness: Completeness
    published_at: datetime
    corrections: tuple[Correction, ...]
    diary: PublicDiary | None
    withdrawn_on: date | None
    withdrawn_reason: str
    under_review_on: date | None
    recall: PublicRecall | None
    """Since when the batch waits for an officer's conclusion on what its diary says."""
    commune_codes: tuple[str, ...]
    """The places of the batch, first to last, for the map."""
