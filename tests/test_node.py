"""The suite runs real clients from npm: what they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fixtures.node import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fixtures.node import Node


def test_a_script_finds_the_packages_from_anywhere(node: Node, tmp_path: Path) -> None:
    script = tmp_path / "anywhere.mjs"
    script.write_text(
        "import { Subject } from 'rxjs';\n"
        "console.log(JSON.stringify([typeof Subject, ...process.argv.slice(2)]));\n"
    )
    assert node.run(script, "a word") == ["function", "a word"]


@pytest.mark.parametrize(
    "reach",
    [
        "await fetch('http://192.0.2.1/')",
        "new (await import('node:net')).Socket().connect(80, '192.0.2.1')",
        "(await import('node:https')).get('https://registry.invalid/')",
    ],
)
def test_a_script_reaches_nothing_but_this_machine(node: Node, tmp_path: Path, reach: str) -> None:
    script = tmp_path / "far.mjs"
    script.write_text(f"{reach};\nconsole.log('true');\n")
    with pytest.raises(AssertionError, match="only this machine is allowed"):
        node.run(script)


def test_a_conversation_goes_line_by_line(node: Node, tmp_path: Path) -> None:
    script = tmp_path / "echo.mjs"
    script.write_text(
        "import { createInterface } from 'node:readline';\n"
        "for await (const line of createInterface({ input: process.stdin })) {\n"
        "  console.log(JSON.stringify({ answer: JSON.parse(line).word }));\n"
        "}\n"
    )
    with node.talking(script) as talk:
        assert [talk.ask(word="one"), talk.ask(word="two")] == ["one", "two"]


def test_the_lock_names_no_registry() -> None:
    lock = (FOLDER / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in lock
    assert '"resolved"' not in lock


def test_clients_made_for_browsers_can_be_loaded(node: Node, tmp_path: Path) -> None:
    script = tmp_path / "browser.mjs"
    script.write_text(
        f"import '{FOLDER}/window.mjs';\n"
        "const { createInstance } = await import('@getodk/xforms-engine');\n"
        "const { synchronize } = await import('@nozbe/watermelondb/sync/index.js');\n"
        "const { Upload } = await import('tus-js-client');\n"
        "const { createRxDatabase } = await import('rxdb');\n"
        "const found = [createInstance, synchronize, Upload, createRxDatabase];\n"
        "console.log(JSON.stringify(found.map((each) => typeof each)));\n"
        "process.exit(0);\n"
    )
    assert node.run(script) == ["function"] * 4
