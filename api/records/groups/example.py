"""One valid group."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "name": "Weir Street Tenants",
    "type": "residents",
    "description": "People renting along Weir Street.",
    "sections": [{"section_id": "0197b0c4-6a10-7cc3-8f00-000000000002", "share": 1.0}],
    "home_space_id": "0197b0c4-6a10-7cc3-8f00-000000000003",
    "spaces": [{"space_id": "0197b0c4-6a10-7cc3-8f00-000000000003", "stance": "valued"}],
    "active_from": "2019-05-01",
    "external_ids": ["GB-CHC-1234567"],
    "status": "active",
}
