"""Answers: what a phone is told, always as OpenRosa writes it, also where something is wrong."""

from __future__ import annotations

from flask import Response
from lxml import etree
from psycopg import Error as PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from api.core.problems import Problem
from api.core.web import of_anything, of_database, of_http, of_problem

RESPONSE = "http://openrosa.org/http/response"
XML = "text/xml; charset=utf-8"


def say(message: str, status: int, nature: str = "submit_success") -> Response:
    """A sentence that the phone shows to whoever holds it."""
    root = etree.Element("OpenRosaResponse", nsmap={None: RESPONSE})
    etree.SubElement(root, "message", nature=nature).text = message
    body = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return Response(body, status, content_type=XML)


def refuse(error: Exception) -> Response:
    """The same verdict as everywhere else, in words on a phone."""
    verdict = _verdict(error)
    told = verdict.get_json()
    answer = say(told.get("detail") or told["title"], verdict.status_code, "error")
    if wait := verdict.headers.get("Retry-After"):
        answer.headers["Retry-After"] = wait
    return answer


def _verdict(error: Exception) -> Response:
    if isinstance(error, Problem):
        return of_problem(error)
    if isinstance(error, HTTPException):
        return of_http(error)
    if isinstance(error, PoolTimeoutError):
        return of_problem(Problem("busy"))
    if isinstance(error, DBAPIError):
        return of_database(error.orig)
    return of_database(error) if isinstance(error, PostgresError) else of_anything(error)
