"""The requests and answers about recalls and their drills."""

from ..domain.recalls import Disposal, RecallClass, RecallKind, RecallStatus, ScopeKind
from ..services.recalls import MOST_CODES
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import Amount, AmountSchema, Schema


class RecallScopeSchema(Schema):
    """Where a recall begins: by codes, by site and days of production, or by what the diary says was used."""

    kind = Member(ScopeKind, required=True)
    codes = Several(Text(), most=MOST_CODES, load_default=[])
    site_id = Integer(load_default=None, allow_none=True)
    since = Day(load_default=None, allow_none=True)
    until = Day(load_default=None, allow_none=True)
    material = Text(load_default="", metadata={"description": "As the diary names it"})
    lot = Text(load_default="", metadata={"description": "Part of what was written with the material"})
    business_id = Integer(
        load_default=None, allow_none=True, metadata={"description": "For officers: only what this business made"}
    )


class RecallFactsSchema(Schema):
    recall_class = Member(RecallClass, required=True)
    reason = Lines(required=True)
    scope = Part(RecallScopeSchema, required=True)
    phone = Text(required=True)
    product = Text(load_default="", metadata={"description": "What shoppers know it by; empty: the products' names"})
    instructions = Lines(load_default="")


class RecallConfirmationSchema(Schema):
    word = Text(required=True, metadata={"description": "thu hồi, or recall", "example": "recall"})
    seen = Integer(required=True, metadata={"description": "reach.batches, as last read"})


class RecallConclusionSchema(Schema):
    conclusion = Lines(required=True)


class FoundSchema(Schema):
    item_id = Integer(required=True)
    located = Part(AmountSchema, required=True)
    disposal = Member(Disposal, load_default=None, allow_none=True)


class RecallAnswerSchema(Schema):
    found = Several(Part(FoundSchema), load_default=[])
    note = Lines(load_default="")
    evidence = File(load_default=None, allow_none=True)


class RecallCallSchema(Schema):
    holder_id = Integer(required=True)
    note = Lines(required=True)


class RecallCaseSchema(Schema):
    id = Integer()
    number = Text(allow_none=True, metadata={"description": "Given at confirmation"})
    kind = Member(RecallKind)
    recall_class = Member(RecallClass)
    status = Member(RecallStatus)
    business_id = Integer(allow_none=True, metadata={"description": "Who proposed it; null where an officer did"})
    product = Text()
    reason = Lines()
    instructions = Lines()
    phone = Text()
    created_at = Moment()
    confirmed_at = Moment(allow_none=True)
    closed_at = Moment(allow_none=True)
    conclusion = Lines()
    batch_count = Integer()
    holder_count = Integer()


class ReachedHolderSchema(Schema):
    business_id = Integer()
    business = Text()
    batches = Integer()
    amount = Part(AmountSchema)


class ToBePhonedSchema(Schema):
    name = Text(attribute="buyer_name")
    phone = Text(attribute="buyer_phone")


class RecallReachSchema(Schema):
    """What the recall covers: as things stand, and after its confirmation what was covered then."""

    batches = Integer()
    labels = Integer()
    held = Several(Part(AmountSchema))
    on_the_way = Several(Part(AmountSchema))
    holders = Several(Part(ReachedHolderSchema))
    to_be_phoned = Several(Part(ToBePhonedSchema))


class RecallProgressSchema(Schema):
    out = Part(AmountSchema)
    located = Part(AmountSchema)


class RecallItemSchema(Schema):
    id = Integer()
    code = Text(attribute="batch.public_code")
    lot = Text(attribute="batch.lot")
    amount = Amount()
    on_the_way = Boolean()
    located = Amount(allow_none=True)
    disposal = Member(Disposal, allow_none=True)


class RecallCaseDetailsSchema(Schema):
    recall = Part(RecallCaseSchema)
    reach = Part(RecallReachSchema, allow_none=True, metadata={"description": "For who leads the case; else null"})
    progress = Several(Part(RecallProgressSchema))
    silent = Integer(metadata={"description": "Holders who have not answered"})
    items = Several(Part(RecallItemSchema), metadata={"description": "What the business must answer"})


class RemindedSchema(Schema):
    silent = Integer(metadata={"description": "So many were reminded"})


class RecallHolderSchema(Schema):
    id = Integer()
    business_id = Integer(allow_none=True)
    business = Text(attribute="business.legal_name", metadata={"description": "Absent for one who is not enrolled"})
    name = Text(metadata={"description": "Of one who is not enrolled; else empty, as the phone"})
    phone = Text()
    reminders = Integer()
    acknowledged_at = Moment(allow_none=True)
    acknowledged_by_name = Text()
    note = Lines()


class DrillFactsSchema(Schema):
    code = Text(load_default="", metadata={"description": "Of the batch to try; empty: any"})


class DrillSchema(Schema):
    id = Integer()
    at = Moment()
    by_name = Text()
    business_id = Integer(allow_none=True)
    code = Text(attribute="batch.public_code")
    lot = Text(attribute="batch.lot")
    closure_ms = Integer(attribute="result.closure_ms")
    total_ms = Integer(attribute="result.total_ms")
    batches = Integer(attribute="result.batches")
    holder_count = Integer(attribute="result.holder_count")


class DrillAmountsSchema(Schema):
    held = Part(AmountSchema)
    on_the_way = Part(AmountSchema)
    left = Part(AmountSchema, metadata={"description": "Sold, used, lost or destroyed"})


class DrillHolderSchema(Schema):
    name = Text()
    batches = Integer()
    amount = Part(AmountSchema)


class DrillDetailsSchema(Schema):
    drill = Part(DrillSchema)
    labels = Integer()
    amounts = Several(Part(DrillAmountsSchema))
    holders = Several(Part(DrillHolderSchema))
    unheld_count = Integer()
    party_count = Integer()
    unheld = Several(Text(), metadata={"description": "Lots that no holder was noted for"})
    parties = Several(Text(), metadata={"description": "Who is not enrolled and would have to be phoned"})
    deliveries_waiting = Integer()
