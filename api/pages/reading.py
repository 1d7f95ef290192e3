"""Reading: the OpenAPI document in chapters, as a person reads it."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .shapes import Field, fields_of, resolve, say_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that can be made, and all there is to say of it."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    fields: list[Field]
    example: str
    answers: list[Answer]
    curl: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that goes into the address or a header."""

    name: str
    place: str
    shape: str
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One status that may come back; `example` is JSON, or empty."""

    status: str
    description: str
    example: str


@dataclass(slots=True)
class Chapter:
    """All operations on one subject, under the name they have in addresses."""

    name: str
    summary: str
    operations: list[Operation] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The name as a heading."""
        return self.name.replace("-", " ").capitalize()


def read_chapters(document: dict[str, Any]) -> dict[str, Chapter]:
    """Every chapter by name, in the order of the document's tags; empty ones are left out."""
    chapters = {
        tag["name"]: Chapter(tag["name"], tag.get("description", ""))
        for tag in document.get("tags", ())
    }
    for path, method, said in _operations(document):
        for tag in said.get("tags", ["other"]):
            chapter = chapters.setdefault(tag, Chapter(tag, ""))
            chapter.operations.append(_read(document, path, method, said))
    return {name: chapter for name, chapter in chapters.items() if chapter.operations}


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, with the path's own parameters put first among its own."""
    for path, item in document["paths"].items():
        for method in (m for m in METHODS if m in item):
            said = item[method]
            parameters = [*item.get("parameters", ()), *said.get("parameters", ())]
            yield (
                path,
                method.upper(),
                said | {"parameters": [resolve(document, p) for p in parameters]},
            )


def _read(document: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> Operation:
    content = resolve(document, said.get("requestBody", {})).get("content", {})
    body = content.get(JSON, {})
    example = _example(body)
    return Operation(
        name=said.get("operationId") or re.sub(r"\W+", "-", method.lower() + path),
        method=method,
        path=path,
        summary=said.get("summary", f"{method} {path}"),
        description=said.get("description", ""),
        parameters=[_parameter(document, p) for p in said["parameters"]],
        fields=list(fields_of(document, body.get("schema", {}))),
        example=_pretty(example),
        answers=_answers(document, said.get("responses", {})),
        curl=_curl(method, path, said, example),
    )


def _parameter(document: dict[str, Any], said: dict[str, Any]) -> Parameter:
    return Parameter(
        said["name"],
        said["in"],
        say_shape(document, said.get("schema", {})),
        said.get("description", ""),
        said.get("required", False),
    )


def _answers(document: dict[str, Any], responses: dict[str, Any]) -> list[Answer]:
    answers = []
    for status, said in sorted(responses.items()):
        found = resolve(document, said)
        example = _example(next(iter(found.get("content", {}).values()), {}))
        answers.append(Answer(status, found.get("description", ""), _pretty(example)))
    return answers


def _example(media: dict[str, Any]) -> Any:
    examples = media.get("examples", {})
    first = next(iter(examples.values()), {}).get("value") if examples else None
    return media.get("example", first)


def _pretty(example: Any) -> str:
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)


def _curl(method: str, path: str, said: dict[str, Any], example: Any) -> str:
    """A line to paste into a shell where WEFT, TOKEN, NETWORK and ID are set."""
    address = path.replace("{network_id}", "$NETWORK").replace("{record_id}", "$ID")
    for parameter in said["parameters"]:
        name = parameter.get("name", "")
        address = address.replace(f"{{{name}}}", f"${name.upper()}")
    lines = [f'curl -X {method} "$WEFT{address}"' if method != "GET" else f'curl "$WEFT{address}"']
    if said.get("security") != []:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if any(p.get("name") == "If-Match" for p in said["parameters"]):
        lines.append("-H 'If-Match: *'")
    if example is not None:
        lines += [f"-H 'Content-Type: {JSON}'", f"-d {shlex.quote(json.dumps(example))}"]
    return " \\\n  ".join(lines)
