"""Kinds of stored files, and for whom they are."""

import enum

from .permissions import Actor, Permission, allowed


class FileKind(enum.StrEnum):
    PHOTO = "photo"  # also paper that was photographed: kept as pictures in several widths
    DOCUMENT = "document"  # a PDF, kept as it was handed in
    SIGNATURE = "signature"  # drawn on a screen; seen only in the paper that it signs


class Audience(enum.StrEnum):
    PUBLIC = "public"
    BUSINESS = "business"  # the owning business and the department


def may_read(actor: Actor | None, audience: Audience, business_id: int | None) -> bool:
    """Whether ``actor`` (None: not signed in) may see a file of this business; one of no business is the department's."""
    if audience is Audience.PUBLIC:
        return True
    return actor is not None and allowed(actor, Permission.BUSINESS_READ, business_id)
