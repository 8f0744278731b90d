"""The directory as a list with its filters, the same for businesses and officers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select

from ..domain.businesses import BusinessKind
from ..domain.certificates import CertificateScheme
from ..domain.products import Commodity, PackagingMaterial
from ..request.database import db
from ..services.clock import today
from ..services.directory import entries
from ..storage.directory import Listing, listings_where
from ..storage.pages import newest_first
from . import filters


def listed(seen: Callable[[Select[Listing]], Select[Listing]] = lambda all_of_it: all_of_it) -> dict[str, Any]:
    """One page of what was asked for, of the part that is ``seen``, and what its filters were."""
    chosen: dict[str, Any] = {
        "kind": filters.choice(BusinessKind, "kind"),
        "commodity": filters.choice(Commodity, "commodity"),
        "packaging": filters.choice(PackagingMaterial, "packaging"),
        "scheme": filters.choice(CertificateScheme, "scheme"),
    }
    asked = listings_where(search=filters.text("q"), commune_code=filters.commune_code(), on=today(), **chosen)
    page = newest_first(db.session, seen(asked), Listing.id, after=filters.identifier("after"))
    kinds = {"kind": BusinessKind, "commodity": Commodity, "packaging": PackagingMaterial, "scheme": CertificateScheme}
    return {
        "page": page,
        "entries": entries(db.session, page.items),
        "chosen": chosen,
        "members": {name: list(kind) for name, kind in kinds.items()},
    }
