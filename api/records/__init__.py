"""Kinds: every sort of record, in the order in which they may refer to one another."""

from api.core.record import KINDS, RecordType

from .attachments import ATTACHMENTS
from .boundaries import BOUNDARIES
from .flows import FLOWS
from .follow_ups import FOLLOW_UPS
from .groups import GROUPS
from .introductions import INTRODUCTIONS
from .listings import LISTINGS
from .meetings import MEETINGS
from .people import PEOPLE
from .quiet_weeks import QUIET_WEEKS
from .sections import SECTIONS
from .spaces import SPACES

RECORD_TYPES: tuple[RecordType, ...] = (
    BOUNDARIES,
    SECTIONS,
    SPACES,
    GROUPS,
    PEOPLE,
    INTRODUCTIONS,
    FOLLOW_UPS,
    MEETINGS,
    LISTINGS,
    FLOWS,
    QUIET_WEEKS,
    ATTACHMENTS,
)

KINDS.update({kind.name: kind for kind in RECORD_TYPES})
