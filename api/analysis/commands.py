"""Commands: every analysis on the command line, made from its declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
import marshmallow as ma
import msgspec

from api.core.db import set_scope
from api.core.driver import raw
from api.core.fields import Choice
from api.core.problems import Problem

from .analyses import ANALYSES
from .analysis import Question
from .answering import work_out
from .telling import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.core.db import Database

    from .analysis import Analysis

    Run = Callable[[Analysis, Mapping[str, str | None], str], None]

BOUNDARIES = ("boundary", "within")  # parameters that name one
DAY = 10  # characters of a day


def commands(run: Run) -> dict[str, click.Command]:
    """A command for each analysis; `run` gets what was typed and the form wanted."""
    return {analysis.name: _command(analysis, run) for analysis in ANALYSES}


def _command(analysis: Analysis, run: Run) -> click.Command:
    def go(form: str, **typed: str | None) -> None:
        run(analysis, typed, form)

    asked = [_option(name, field) for name, field in analysis.query().fields.items()]
    form = click.Option(["--format", "form"], type=click.Choice(FORMS), default=FORMS[0])
    help_ = f"{analysis.summary}\n\n{analysis.description}".replace("`", "")
    return click.Command(analysis.name, params=[*asked, form], callback=go, help=help_)


def _option(name: str, field: Any) -> click.Option:
    said = field.metadata.get("description", "").replace("`", "")
    default = field.load_default
    if default not in (None, ma.missing):
        said += f" Left out: {default}."
    return click.Option(
        [f"--{name.replace('_', '-')}", f"given_{name}"],
        required=field.required,
        metavar=f"[{'|'.join(field.options)}]" if isinstance(field, Choice) else "TEXT",
        help=said,
    )


def find_network(database: Database, named: str) -> UUID:
    """The network with this id or name; ValueError unless it is exactly one."""
    with database.snapshot() as cx:
        ids = [row[0] for row in raw(cx).execute(_NETWORKS).fetchall()]
        found = []
        for network_id in ids:
            set_scope(cx, network_id)
            row = raw(cx).execute(_NAME, {"network": network_id}).fetchone()
            if row and named.casefold() in (str(network_id), row[0].casefold()):
                found.append(network_id)
    return _only(found, f"network {named!r}")


def answer(
    database: Database, network: str, analysis: Analysis, typed: Mapping[str, str | None]
) -> dict[str, Any]:
    """What the server would answer to a coordinator of the network, named or by id.

    ValueError with sentences for bad input; progress goes to whoever is `listening`.
    """
    network_id = find_network(database, network)
    given = {n.removeprefix("given_"): value for n, value in typed.items() if value is not None}
    for name in {*BOUNDARIES} & {*given}:
        given[name] = str(_find_boundary(database, network_id, given[name]))
    given |= {n: f"{given[n]}T00:00:00Z" for n in ("from", "to") if len(given.get(n, "")) == DAY}
    try:
        question = Question.ask(analysis, network_id, analysis.query().load(given))
        body = work_out(database, question).body
    except ma.ValidationError as error:
        raise ValueError(_sentences(error.messages_dict)) from error
    except Problem as problem:
        raise ValueError(problem.detail or problem.title) from problem
    found: dict[str, Any] = msgspec.json.decode(body)
    return found


def _find_boundary(database: Database, network_id: UUID, named: str) -> UUID:
    """The boundary with this id or name; an id is taken at its word."""
    try:
        return UUID(named)
    except ValueError:
        pass
    with database.snapshot(network_id) as cx:
        params = {"network": network_id, "name": named}
        rows = raw(cx).execute(_BOUNDARY, params).fetchall()
    return _only([row[0] for row in rows], f"boundary {named!r}")


def _only(found: list[UUID], what: str) -> UUID:
    if len(found) == 1:
        return found[0]
    ids = ", ".join(map(str, found))
    message = (
        f"There is more than one {what}; name it by id: {ids}." if ids else (f"There is no {what}.")
    )
    raise ValueError(message)


def _sentences(messages: Mapping[str, Any]) -> str:
    return "\n".join(
        f"--{name.replace('_', '-')}: {' '.join(map(str, said))}" for name, said in messages.items()
    )


_NETWORKS = "SELECT DISTINCT network_id FROM user_network ORDER BY network_id"
_NAME = "SELECT name FROM network WHERE id = %(network)s"
_BOUNDARY = """
SELECT id FROM boundary WHERE network_id = %(network)s AND deleted_at IS NULL
  AND audience = 'network' AND lower(name) = lower(%(name)s) ORDER BY id
"""
