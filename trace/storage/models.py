"""Every table, imported once so that the metadata and the relationships are whole."""

from . import (
    accounts,
    audit,
    balance,
    batches,
    businesses,
    certificates,
    chain,
    complaints,
    coverage,
    diary,
    diary_flags,
    files,
    labels,
    notices,
    products,
    scans,
    sites,
)
from .database import Base

__all__ = [
    "Base",
    "accounts",
    "audit",
    "balance",
    "batches",
    "businesses",
    "certificates",
    "chain",
    "complaints",
    "coverage",
    "diary",
    "diary_flags",
    "files",
    "labels",
    "notices",
    "products",
    "scans",
    "sites",
]
