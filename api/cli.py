"""Command line: `weft …`, thin."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import text

from api.settings import HOME, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.analysis import Analysis
    from api.core.db import Database


@click.group()
def weft() -> None:
    """Weft: log who you brought together, see what crosses, pull a report that holds up."""


@weft.command()
def serve() -> None:
    """Serve until INT or TERM, then finish what is under way."""
    settings = _settings()
    settings.share_metrics()  # before anything imports the metrics library
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "api.wsgi:create",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        log_level="warning",
    ).serve()


@weft.command()
def worker() -> None:
    """Run scheduled jobs until INT or TERM."""
    from api.jobs import run_worker

    run_worker(_settings())


@weft.command()
def prune() -> None:
    """Forget now what the nightly jobs would forget."""
    from api.core.db import Database
    from api.jobs import prune_everything

    settings = _settings()
    database = Database(settings.database_url)
    try:
        for what, count in prune_everything(settings, database).items():
            click.echo(f"{count:>8,}  {what}")
    finally:
        database.close()


@weft.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database and attachments into FILE, while everything goes on."""
    from api.operations.backup import back_up

    with _plainly():
        size = back_up(_settings(), file)
    click.echo(f"{file}: {size / 2**20:,.1f} MB. Keep it as carefully as the server itself.")


@weft.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Bring a backup into a new, empty database. Phones then send again what it has lost."""
    from api.operations.backup import restore as bring_back

    with _plainly():
        bring_back(_settings(), file)
    click.echo("Restored. Start server and worker: phones offer what they sent since the backup.")


@weft.command()
@click.option("--demo", is_flag=True, help="Where there is no network yet, load the demonstration.")
def migrate(*, demo: bool) -> None:
    """Bring the database to the newest schema."""
    from api.migrate import migrate as upgrade

    settings = _settings()
    upgrade(settings.database_url)
    click.echo("The database is up to date.", err=demo)
    if demo:
        _demonstrate(settings, beside_others=False)


@weft.command()
def demo() -> None:
    """Load the demonstration network, unless it is there."""
    _demonstrate(_settings(), beside_others=True)


@weft.command()
@click.argument("email")
def token(email: str) -> None:
    """Print a token for scripts, in the name of EMAIL."""
    from api.accounts.commands import issue_token

    with _transaction() as cx:
        issued = issue_token(cx, email)
    click.echo(issued)


@weft.command("collect-key")
@click.argument("email")
@click.argument("network_id", metavar="NETWORK", type=click.UUID)
@click.option("--name", default="command line", help="What to know the phone by.")
def collect_key(email: str, network_id: UUID, name: str) -> None:
    """Print what a phone with ODK Collect needs to log in NETWORK in the name of EMAIL."""
    from api.exchange.openrosa.commands import issue_collect_key

    base_url = _settings().base_url
    with _transaction() as cx:
        issued = issue_collect_key(cx, base_url, (email, name), network_id)
    click.echo(f"{issued['url']}\n\nSettings for a QR code:\n{issued['settings_qr']}")


@weft.group()
def network() -> None:
    """Networks: one place's partnership each."""


@network.command("create")
@click.argument("name")
@click.option("--admin", required=True, help="The address of its first admin.")
def create_network(name: str, admin: str) -> None:
    """Make a new, empty network called NAME; prints its id."""
    from api.accounts.commands import create_network as create

    with _transaction() as cx:
        made = create(cx, name, admin)
    click.echo(made)


@weft.command()
@click.argument("network_id", metavar="NETWORK", type=click.UUID)
@click.option("--period", required=True, help="2026, 2026Q3, 2026-07 or 2026-07-01..2026-10-01.")
@click.option("--format", "form", help="html, json and so on; as FILE is called when left out.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--audience", type=click.Choice(["funder", "public", "coordinators"]), default="funder"
)
@click.option("--language", default="en")
@click.option("--boundary", "boundaries", type=click.UUID, multiple=True, help="All when left out.")
def report(
    network_id: UUID, period: str, form: str | None, output: Path | None, **more: Any
) -> None:
    """Freeze a report of NETWORK, unless nothing changed since, and write it to FILE.

    Small counts are hidden as for funders unless another audience is named. Only the API and the
    coordinators' pages share and release it.
    """
    from api.reports import commands

    try:
        wish = commands.wish(network_id, period, commands.form_of(form, output), more)
        with _database() as database, _steps(commands.STEPS) as tell:
            made, content = commands.make_report(database, wish, tell)
        if output:
            commands.write_whole(output, content)
        else:
            click.echo(content, nl=False)
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{output or 'Report'}: {made}", err=True)


class _Analyses(click.Group):
    """One command for each analysis; they are read when somebody asks for one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        from api.analysis.commands import commands

        return list(commands(_analyse))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        from api.analysis.commands import commands

        return commands(_analyse).get(cmd_name)


@weft.group(cls=_Analyses, subcommand_metavar="ANALYSIS [OPTIONS]")
@click.argument("network")
@click.pass_context
def analyse(ctx: click.Context, network: str) -> None:
    """Print an analysis of NETWORK, by id or name, as a coordinator there would read it.

    Boundaries go by id or name, times as 2026-01-31 or in full.
    """
    ctx.obj = network


def _analyse(analysis: Analysis, typed: Mapping[str, str | None], form: str) -> None:
    from api.analysis.commands import answer
    from api.analysis.telling import tell

    with _database() as database, _progress():
        found = answer(database, click.get_current_context().obj, analysis, typed)
    click.echo(tell(found, form))


@weft.command()
@click.option("--check", is_flag=True, help="Say whether openapi.yaml is stale; exit 1 if so.")
def openapi(*, check: bool) -> None:
    """Print the API's description as YAML."""
    from api.openapi import described

    text = described()
    if not check:
        click.echo(text, nl=False)
    elif (HOME / "openapi.yaml").read_text() != text:
        click.echo("openapi.yaml is stale; run: make openapi")
        sys.exit(1)


@weft.command()
def doctor() -> None:
    """Look at what Weft needs and say what to do where something is missing."""
    from api.doctor import examine

    findings = list(examine())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_well else 'MEND'}  {finding.what}: {finding.says}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


def _demonstrate(settings: Settings, *, beside_others: bool) -> None:
    """Load the demonstration network and say who can sign in there."""
    from api.core.db import Database
    from api.exchange.demo import DEMO_NETWORK, load
    from api.operations.logs import configure

    configure(replace(settings, log_level="warning"))  # its members are no news
    database = Database(settings.database_url)
    try:
        with database.snapshot() as cx:
            others = set(cx.scalars(text("SELECT network_id FROM user_network"))) - {DEMO_NETWORK}
        if others and not beside_others:
            click.echo("There is a network already. The demonstration: weft demo")
            return
        click.echo(load(database))
    finally:
        database.close()
    _introduce(settings)


def _introduce(settings: Settings) -> None:
    from api.exchange.demo import AUTHORS
    from api.exchange.demo.loading import ADMIN, READER, address

    names = [address(name) for name in (ADMIN, *AUTHORS, READER)]
    click.echo("\n".join(["", "Demonstration accounts:", *(f"  {name}" for name in names)]))
    if not settings.mail_url:
        click.echo(f"Sign in with one of them: its code arrives as a file in {_near(settings)}/")
    click.echo(f"For scripts: .venv/bin/weft token {address('connector1')}")


def _near(settings: Settings) -> Path:
    """The outbox as seen from here, where that is shorter."""
    outbox, here = settings.outbox, Path.cwd()
    return outbox.relative_to(here) if outbox.is_relative_to(here) else outbox


def _settings() -> Settings:
    try:
        settings = Settings.from_env()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if not settings.database_url:
        message = "There is no database yet: start `make run` once, or set WEFT_DATABASE_URL."
        raise click.ClickException(message)
    return settings


@contextmanager
def _transaction() -> Iterator[Connection]:
    """One transaction of the command line; what a person did wrong becomes one sentence."""
    with _database() as database, database.transaction() as cx:
        yield cx


@contextmanager
def _database() -> Iterator[Database]:
    """The database of the command line; what a person did wrong becomes one sentence."""
    import psycopg
    from sqlalchemy.exc import OperationalError

    from api.core.db import Database
    from api.operations.logs import configure

    settings = _settings()
    configure(settings)
    database = Database(settings.database_url)
    try:
        yield database
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, psycopg.OperationalError) as error:
        message = "The database does not answer. Is `make run` going?"
        raise click.ClickException(message) from error
    finally:
        database.close()


@contextmanager
def _plainly() -> Iterator[None]:
    """What goes wrong becomes one sentence."""
    from api.core.driver import FAULTS

    try:
        yield
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except FAULTS as error:
        message = "The database refuses, or does not answer. See: weft doctor"
        raise click.ClickException(message) from error


@contextmanager
def _steps(names: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """A bar that says which of these steps is under way, where somebody watches."""
    from tqdm import tqdm

    with tqdm(total=len(names), bar_format="{bar:20} {desc}", disable=None, leave=False) as bar:

        def tell(name: str) -> None:
            bar.n = names.index(name)
            bar.set_description_str(name)

        yield tell


@contextmanager
def _progress() -> Iterator[None]:
    """A bar that says how far a long run has come, where somebody watches."""
    from tqdm import tqdm

    from api.analysis.measures.progress import listening

    shape = "{bar:20} {percentage:3.0f}% {desc}"
    with tqdm(total=1, bar_format=shape, disable=None, leave=False) as bar:

        def tell(step: str, fraction: float) -> None:
            bar.n = fraction
            bar.set_description_str(step)

        with listening(tell):
            yield


def main() -> Any:
    """Run the command line under its own name."""
    return weft(prog_name="weft")


if __name__ == "__main__":
    main()
