"""Twin: the same duties the usual way: flask-smorest, ORM objects, marshmallow, an object a row.

It reads and writes the product's own tables, so both sides carry the same indexes and keys, and
it has the same duties: token, validation, repeats, references, revision, history, feed, ledger.
Only merging and the named outcomes are missing, so the comparison flatters it.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any
from uuid import UUID

import flask_smorest
import marshmallow as ma
from flask import Flask, request
from flask_smorest import Blueprint
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, relationship, selectinload, sessionmaker
from uuid_utils.compat import uuid7

from api.accounts.model import Device, Member
from api.core.db import APP_ROLE, sqlalchemy_url
from api.core.model import History, Network, OpLedger, SyncIndex
from api.records.groups.model import Group
from api.records.introductions.model import Introduction, IntroductionParty
from api.records.spaces.model import Space

Introduction.parties = relationship(  # type: ignore[attr-defined]
    IntroductionParty, order_by=IntroductionParty.position, cascade="all, delete-orphan"
)


class PartySchema(ma.Schema):
    """A party."""

    group_id = ma.fields.UUID(required=True)
    person_id = ma.fields.UUID(allow_none=True)


class IntroductionSchema(ma.Schema):
    """An introduction, usual fields."""

    id = ma.fields.UUID(load_default=uuid7)
    version = ma.fields.UUID(dump_only=True)
    revision = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)
    author_id = ma.fields.UUID(dump_only=True)
    audience = ma.fields.String(load_default="network")
    made_at = ma.fields.AwareDateTime(required=True)
    parties = ma.fields.List(ma.fields.Nested(PartySchema), required=True)
    connector_id = ma.fields.UUID(allow_none=True)
    space_id = ma.fields.UUID(allow_none=True)
    channel = ma.fields.String(allow_none=True)
    purpose = ma.fields.String(allow_none=True, validate=ma.validate.Length(max=280))
    known_before = ma.fields.String(load_default="unknown")
    status = ma.fields.String(load_default="made")


class BatchSchema(ma.Schema):
    """Many at once."""

    items = ma.fields.List(ma.fields.Nested(IntroductionSchema), required=True)


def create_app() -> Flask:
    """The twin's application."""
    app = Flask(__name__)
    app.config |= {
        "API_TITLE": "Twin",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.0.3",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    options = f"-c role={APP_ROLE} -c timezone=UTC -c jit=off"
    url = sqlalchemy_url(os.environ["WEFT_DATABASE_URL"])
    engine = create_engine(url, pool_size=2, connect_args={"options": options})
    flask_smorest.Api(app).register_blueprint(_blueprint(sessionmaker(engine)))
    return app


def _blueprint(sessions: Any) -> Blueprint:
    made = Blueprint("twin", __name__, url_prefix="/networks/<uuid:network_id>/introductions")

    @made.route("")
    @made.response(200, IntroductionSchema(many=True))
    @made.paginate()
    def list_introductions(pagination_parameters: Any, network_id: UUID) -> Any:
        with sessions() as session:
            _member(session, network_id)
            query = select(Introduction).where(
                Introduction.network_id == network_id,
                Introduction.deleted_at.is_(None),
                Introduction.audience == "network",
            )
            counted = select(func.count()).select_from(query.subquery())
            pagination_parameters.item_count = session.scalar(counted)
            page = (
                query.options(selectinload(Introduction.parties))  # type: ignore[attr-defined]
                .order_by(Introduction.made_at.desc(), Introduction.id.desc())
                .limit(pagination_parameters.page_size)
                .offset(pagination_parameters.first_item)
            )
            return session.scalars(page).all()

    @made.route("/batch", methods=["POST"])
    @made.arguments(BatchSchema)
    @made.response(200, IntroductionSchema(many=True))
    def add_introductions(batch: dict[str, Any], network_id: UUID) -> Any:
        with sessions(expire_on_commit=False) as session, session.begin():
            member = _member(session, network_id)
            network = session.get(Network, network_id, with_for_update=True)
            made = [_add(session, network, member, values) for values in batch["items"]]
            session.flush()
            return made

    return made


def _member(session: Session, network_id: UUID) -> Member:
    session.connection().exec_driver_sql(f"SET LOCAL app.network_id = '{network_id}'")
    token = request.headers["Authorization"].removeprefix("Bearer ")
    digest = hashlib.sha256(token.encode()).digest()
    device = session.scalars(select(Device).where(Device.token_hash == digest)).one()
    mine = select(Member).where(Member.network_id == network_id, Member.user_id == device.user_id)
    return session.scalars(mine).one()


def _add(session: Session, network: Any, member: Member, values: dict[str, Any]) -> Introduction:
    """One record the usual way: look up what must be known, add objects, flush the unit of work."""
    parties = values.pop("parties")
    op_id = uuid7()
    known = session.get(OpLedger, (network.id, op_id))
    present = session.get(Introduction, (network.id, values["id"]))
    if known or present:
        raise ma.ValidationError("sent before")
    _require(session, Space, (network.id, values.get("space_id")))
    for party in parties:
        _require(session, Group, (network.id, party["group_id"]))
    network.revision += 1
    record = Introduction(
        network_id=network.id,
        version=uuid7(),
        revision=network.revision,
        author_id=member.id,
        **values,
    )
    record.parties = [  # type: ignore[attr-defined]
        IntroductionParty(network_id=network.id, position=i, **party)
        for i, party in enumerate(parties)
    ]
    session.add_all([record, *_traces(record, op_id)])
    return record


def _require(session: Session, model: Any, key: tuple[Any, Any]) -> None:
    if session.get(model, key) is None:
        raise ma.ValidationError("no such record")


def _traces(record: Introduction, op_id: UUID) -> list[Any]:
    """History, change feed and ledger: what the product writes beside every record."""
    named = {"network_id": record.network_id, "kind": "introductions", "record_id": record.id}
    stamped = {"version": record.version, "revision": record.revision}
    return [
        History(
            **named,
            **stamped,
            author_id=record.author_id,
            audience=record.audience,
            is_gone=False,
            data=IntroductionSchema().dump(record),
        ),
        SyncIndex(**named, **stamped, audience=record.audience, is_live=True),
        OpLedger(
            **named,
            **stamped,
            op_id=op_id,
            author_id=record.author_id,
            digest=hashlib.blake2b(op_id.bytes, digest_size=16).hexdigest(),
            status="applied",
        ),
    ]
