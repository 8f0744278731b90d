"""Our own terms in EPCIS events, for people and, as JSON-LD, for machines."""

import json
from typing import Any

from flask import Response, render_template, request

from ...domain.terms import TERMS, Term, namespace
from ...request.access import public
from ...request.language import LANGUAGES
from ...request.settings import public_url
from ...services.wording import say
from .blueprint import bp
from .pages import vary

LINKED_DATA = "application/ld+json"


@bp.get("/voc/")
@public
def vocabulary() -> Response:
    wanted = request.accept_mimetypes.best_match(["text/html", LINKED_DATA, "application/json"], default="text/html")
    if wanted != "text/html":
        return vary(vocabulary_document())
    page = render_template("public/vocabulary.html", terms=TERMS, namespace=namespace(public_url()))
    return vary(Response(page, content_type="text/html; charset=utf-8"))


@bp.get("/voc.jsonld")
@public
def vocabulary_document() -> Response:
    document = {
        "@context": {
            "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "cbv": "https://ref.gs1.org/cbv/",
        },
        "@graph": [_resource(term) for term in TERMS],
    }
    return Response(json.dumps(document, ensure_ascii=False), content_type=LINKED_DATA)


def _resource(term: Term) -> dict[str, Any]:
    return {
        "@id": namespace(public_url()) + term.name,
        "@type": "cbv:BizStep" if term.is_step else "rdf:Property",
        "rdfs:label": _in_all_languages(term.label),
        "rdfs:comment": _in_all_languages(term.comment),
        "rdfs:isDefinedBy": {"@id": f"{public_url()}/voc/"},
    }


def _in_all_languages(sentence: str) -> list[dict[str, str]]:
    return [{"@language": language, "@value": say(sentence, language)} for language in LANGUAGES]
