"""The identity of an EPCIS event: CBV 2.0 §8.9, a hash over a canonical form that does not depend on the notation.

The form follows the text of the standard. Its reference implementation (epcis-event-hash-generator 1.9) departs
from the text where sources and destinations occur together, or either of them beside ILMD or sensor data.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from .gs1_keys import canonical_key

Json: TypeAlias = "str | int | float | bool | list[Json] | Mapping[str, Json] | None"
Order: TypeAlias = "dict[str, Order]"

_VALUE: Order = {}
_EPCS: Order = {"epc": _VALUE}
_QUANTITIES: Order = {"quantityElement": dict.fromkeys(("epcClass", "quantity", "uom"), _VALUE)}
_METADATA = "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules"
_REPORT = (
    "type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism chemicalSubstance value "
    "component stringValue booleanValue hexBinaryValue uriValue minValue maxValue meanValue sDev percRank percValue "
    "uom coordinateReferenceSystem"
)
_ORDER: Order = {
    "eventTime": _VALUE,
    "eventTimeZoneOffset": _VALUE,
    "certificationInfo": _VALUE,
    "epcList": _EPCS,
    "parentID": _VALUE,
    "inputEPCList": _EPCS,
    "childEPCs": _EPCS,
    "quantityList": _QUANTITIES,
    "childQuantityList": _QUANTITIES,
    "inputQuantityList": _QUANTITIES,
    "outputEPCList": _EPCS,
    "outputQuantityList": _QUANTITIES,
    "action": _VALUE,
    "transformationID": _VALUE,
    "bizStep": _VALUE,
    "disposition": _VALUE,
    "persistentDisposition": {"set": _VALUE, "unset": _VALUE},
    "readPoint": {"id": _VALUE},
    "bizLocation": {"id": _VALUE},
    "bizTransactionList": {"": {"type": _VALUE, "bizTransaction": _VALUE}},
    "sourceList": {"": {"type": _VALUE, "source": _VALUE}},
    "destinationList": {"": {"type": _VALUE, "destination": _VALUE}},
    "sensorElementList": {
        "sensorElement": {
            "sensorMetadata": dict.fromkeys(_METADATA.split(), _VALUE),
            "sensorReport": dict.fromkeys(_REPORT.split(), _VALUE),
        }
    },
    "ilmd": _VALUE,
}
_NO_PART_OF_IDENTITY = {"type", "eventID", "recordTime", "errorDeclaration", "@context", "comment", "rdfs:comment"}

_CBV = "https://ref.gs1.org/cbv/"
_GS1 = "https://gs1.org/voc/"
# Where a bare word stands for a term of the web vocabulary: path in the event → what precedes the word.
_BARE_WORDS = {
    "bizStep": f"{_CBV}BizStep-",
    "disposition": f"{_CBV}Disp-",
    "persistentDisposition.set": f"{_CBV}Disp-",
    "persistentDisposition.unset": f"{_CBV}Disp-",
    "bizTransactionList..type": f"{_CBV}BTT-",
    "sourceList..type": f"{_CBV}SDT-",
    "destinationList..type": f"{_CBV}SDT-",
    "sensorElementList.sensorElement.sensorReport.type": _GS1,
    "sensorElementList.sensorElement.sensorReport.exception": _GS1,
    "sensorElementList.sensorElement.sensorReport.component": f"{_CBV}Comp-",
}
_PREFIXES = {"cbv": _CBV, "gs1": _GS1, "epcis": "https://ref.gs1.org/epcis/"}
_URNS = {"bizstep": "BizStep-", "disp": "Disp-", "btt": "BTT-", "sdt": "SDT-", "er": "ER-"}
_NAMESPACES = {"cbvmda": "urn:epcglobal:cbv:mda"}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d\d?)?", re.ASCII)
_TIMES = {"eventTime", "time", "startTime", "endTime"}


def event_hash(event: Mapping[str, Json], namespaces: Mapping[str, str] = _NAMESPACES) -> str:
    """``ni:///sha-256;<64 hex>?ver=CBV2.0`` of one EPCIS 2.0 event in JSON-LD.

    ``namespaces`` gives the URI of each prefix that extension and ILMD names use. Record time, event ID and error
    declaration are no part of an event's identity.
    """
    return f"ni:///sha-256;{hashlib.sha256(canonical_form(event, namespaces).encode()).hexdigest()}?ver=CBV2.0"


def canonical_form(event: Mapping[str, Json], namespaces: Mapping[str, str] = _NAMESPACES) -> str:
    """What is hashed: the type, the standard's properties in its order, then ILMD and extensions by name."""
    content = {key: value for key, value in event.items() if key not in _NO_PART_OF_IDENTITY}
    return f"eventType={event['type']}" + _members(content, _ORDER, "", _expanded(namespaces))


def _expanded(namespaces: Mapping[str, str]) -> dict[str, str]:
    return {**_NAMESPACES, **namespaces}


def _members(members: Mapping[str, Json], order: Order, path: str, namespaces: Mapping[str, str]) -> str:
    known = [
        _property(key, members[key], children, f"{path}.{key}" if path else key, namespaces)
        for key, children in order.items()
        if key in members
    ]
    others = (
        _property(_full(key, namespaces), value, _VALUE, "?", namespaces)
        for key, value in members.items()
        if key not in order
    )
    return "".join(known) + "".join(sorted(others))


def _property(key: str, value: Json, order: Order, path: str, namespaces: Mapping[str, str]) -> str:
    """``key`` with all its values, sorted. A list that names its elements appears once, before them."""
    element = next(iter(order), None) if isinstance(value, list) else None
    if element is not None and _is_list_name(key):
        children = order[element]
        texts = (_single(element, item, children, f"{path}.{element}", namespaces) for item in _each(value))
        joined = "".join(sorted(texts))
        return key + joined if joined else ""
    return "".join(sorted(_single(key, item, order, path, namespaces) for item in _each(value)))


def _is_list_name(key: str) -> bool:
    return key.endswith("List") or key == "childEPCs"


def _single(key: str, value: Json, order: Order, path: str, namespaces: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        inner = _members(value, order, path, namespaces)
        return key + inner if inner else ""
    text = _canonical_value(value, path)
    return f"{key}={text}" if text else ""


def _each(value: Json) -> Iterable[Json]:
    return value if isinstance(value, list) else [value]


def _full(key: str, namespaces: Mapping[str, str]) -> str:
    prefix, colon, name = key.partition(":")
    return f"{{{namespaces[prefix]}}}{name}" if colon and prefix in namespaces else key


def _canonical_value(value: Json, path: str) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    if path.rpartition(".")[2] in _TIMES:
        return _canonical_time(text)
    if _NUMBER.fullmatch(text):
        return _canonical_number(text)
    return canonical_key(_web_uri(text, _BARE_WORDS.get(path, "")))


def _canonical_time(text: str) -> str:
    """UTC to the nearest millisecond, with a Z."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    thousandths = round(moment.microsecond, -3)
    moment = moment.replace(microsecond=0) + timedelta(microseconds=thousandths)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _canonical_number(text: str) -> str:
    """No plus, exponent or needless zeros."""
    number = f"{Decimal(text):f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return "0" if number in ("-0", "") else number


def _web_uri(text: str, before_bare_word: str) -> str:
    """The web vocabulary's URI for a CBV URN, a compact URI or a bare word; other text as it is."""
    if match := re.fullmatch(r"urn:epcglobal:cbv:(bizstep|disp|btt|sdt|er):(.+)", text):
        return f"{_CBV}{_URNS[match[1]]}{match[2]}"
    prefix, colon, name = text.partition(":")
    if not colon:
        return before_bare_word + text
    return _PREFIXES[prefix] + name if prefix in _PREFIXES else text
