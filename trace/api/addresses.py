"""Communes in force and former ones."""

from typing import Any

from flask_babel import gettext

from ..domain.addresses import Suggestion
from ..request.access import public
from ..request.limits import LOOK_UP, limiter
from ..storage.addresses import gazetteer
from .fields import Part, Several, Text
from .schemas import Schema
from .topics import Topic

topic = Topic("Addresses", "Communes in force, found by what people write, former districts included.")


class AddressQuery(Schema):
    q = Text(longest=120, required=True, metadata={"description": "What was written so far; accents do not matter"})
    province = Text(load_default=None, metadata={"description": "Code of the province to look in first"})


class SuggestionSchema(Schema):
    commune = Text()
    commune_code = Text()
    province = Text()
    province_code = Text()
    former = Text(metadata={"description": "The abolished unit that was meant, if one was"})
    note = Text(metadata={"description": "What became of it"})


class SuggestionsSchema(Schema):
    suggestions = Several(Part(SuggestionSchema))


@topic.get("/addresses")
@public
@limiter.limit(LOOK_UP)
@topic.arguments(AddressQuery, location="query")
@topic.response(200, SuggestionsSchema)
def find_address(query: dict[str, Any]) -> dict[str, Any]:
    """Find communes by name; no key needed"""
    written, province = query["q"], query["province"]
    places = gazetteer()
    found = places.search(written, province_code=province) or places.search(written) if written else []
    return {"suggestions": [_shown(suggestion) for suggestion in found]}


def _shown(suggestion: Suggestion) -> dict[str, str]:
    commune, former, note = suggestion.commune, suggestion.former, suggestion.note
    return {
        "commune": commune.name,
        "commune_code": commune.code,
        "province": commune.province.name,
        "province_code": commune.province.code,
        "former": former.full_name if former else "",
        "note": gettext(note.message, **note.values) if note else "",
    }
