"""What an attachment says on the wire."""

from api.core.fields import Choice, Reference, Text, Whole
from api.core.schema import RecordSchema

OWNERS = {
    "introduction_id": "introductions",
    "meeting_id": "meetings",
    "flow_id": "flows",
    "listing_id": "listings",
}
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic")
SOUNDS = ("audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav")
MOST_BYTES = 10 * 2**20


class AttachmentSchema(RecordSchema):
    """What a file is and what it belongs to; it is seen by who sees that."""

    introduction_id = Reference("introductions", description="The introduction it belongs to.")
    meeting_id = Reference("meetings", description="The meeting it belongs to.")
    flow_id = Reference("flows", description="The flow it belongs to.")
    listing_id = Reference("listings", description="The need or offer it belongs to.")
    sha256 = Text(
        64,
        required=True,
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 of the file as you upload it, in lower-case hex.",
    )
    size = Whole(1, MOST_BYTES, required=True, description="Bytes of the file as you upload it.")
    mime = Choice(*PICTURES, *SOUNDS, required=True, description="What the file is.")
    caption = Text(280, description="Plain and short. No names.")
