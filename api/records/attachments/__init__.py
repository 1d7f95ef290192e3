"""Attachments: photos and voice notes that belong to something that was logged."""

from api.core.filters import equal
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Attachment
from .rules import require_one_owner
from .schema import OWNERS, AttachmentSchema

ATTACHMENTS = RecordType(
    name="attachments",
    noun="Attachment",
    summary="Photos and voice notes. The file itself is uploaded apart, before or after.",
    model=Attachment,
    schema=AttachmentSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="created_at",
    is_ascending=True,
    filters=tuple(equal(name) for name in OWNERS),
    fixed=(*OWNERS, "sha256", "size", "mime"),
    check=require_one_owner,
    looks_at=tuple(OWNERS.values()),
    follows=tuple(OWNERS),
    most=20,
)
