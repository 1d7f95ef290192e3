"""Plain: the list page as a bare Flask view with one hand-written statement, the floor to reach."""

from __future__ import annotations

import os
from uuid import UUID

from flask import Flask, Response
from psycopg_pool import ConnectionPool

from api.core.db import APP_ROLE

OPTIONS = f"-c role={APP_ROLE} -c plan_cache_mode=force_custom_plan -c timezone=UTC -c jit=off"


def create_app() -> Flask:
    """No token, no scope by role, no ETag: only the page."""
    app = Flask(__name__)
    url = os.environ["WEFT_DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    pool = ConnectionPool(url, kwargs={"options": OPTIONS}, min_size=2, open=True)

    @app.route("/openapi.json")
    def ready() -> str:
        return "{}"

    @app.route("/networks/<uuid:network_id>/introductions")
    def page(network_id: UUID) -> Response:
        with pool.connection() as cx:
            cx.execute(f"SET LOCAL app.network_id = '{network_id}'")  # type: ignore[arg-type]
            rows = cx.execute(_PAGE, {"n": network_id}).fetchall()
        items = ",".join(row[0] for row in rows[:50])
        return Response(f'{{"items":[{items}]}}', mimetype="application/json")

    return app


_PAGE = """
SELECT json_build_object('id', r.id, 'version', r.version, 'revision', r.revision,
  'created_at', r.created_at, 'updated_at', r.updated_at, 'author_id', r.author_id,
  'audience', r.audience, 'made_at', r.made_at, 'connector_id', r.connector_id,
  'space_id', r.space_id, 'channel', r.channel, 'purpose', r.purpose,
  'known_before', r.known_before, 'status', r.status, 'parties',
  (SELECT json_agg(json_build_object('group_id', p.group_id, 'person_id', p.person_id)
    ORDER BY p.position) FROM introduction_party p
   WHERE p.network_id = %(n)s AND p.introduction_id = r.id))::text
FROM introduction r WHERE r.network_id = %(n)s AND r.deleted_at IS NULL AND r.audience = 'network'
ORDER BY r.made_at DESC, r.id DESC LIMIT 51
"""
