"""What a space says on the wire."""

from api.core.fields import Choice, Flag, Geometry, Reference, Text
from api.core.schema import RecordSchema

TYPES = (
    "community_centre",
    "library",
    "place_of_worship",
    "school",
    "cafe",
    "shop",
    "park",
    "garden",
    "sports",
    "health",
    "workplace",
    "outdoor",
    "online",
    "home",
    "other",
)
STATUSES = ("proposed", "active", "retired")


class SpaceSchema(RecordSchema):
    """A place: where, whose, for whom. `never_map` keeps it out of every output."""

    name = Text(120, least=1, description="What people call it. Empty for a home.")
    type = Choice(*TYPES, required=True, description="What sort of place it is.")
    geometry = Geometry(description="GeoJSON Point or Polygon, EPSG:4326. Empty for a home.")
    address = Text(200, description="As one would write it on an envelope.")
    steward_group_id = Reference("groups", description="The group that looks after it.")
    open_to = Choice(
        "everyone", "members", "invited", default="everyone", description="Who may come in."
    )
    step_free = Flag(description="Whether one can get in without a step; null when unknown.")
    opening_hours = Text(200, description="OpenStreetMap syntax, such as `Mo-Fr 09:00-17:00`.")
    never_map = Flag(default=False, description="A refuge or the like: in no map, list or count.")
    status = Choice(
        *STATUSES, default="active", description="Connectors propose; coordinators accept."
    )
