"""Settings: everything an operator can choose, read once from the environment."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """One field per environment variable; `docs/settings.md` explains each."""

    database_url: str
    var: Path
    secret: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 2
    listeners: int = 100
    mail_url: str = ""
    mail_from: str = "weft@localhost"
    public_url: str = ""
    origins: tuple[str, ...] = ()
    basemap_style: str = ""
    log_level: str = "info"
    files_url: str = ""
    files_endpoint: str = ""
    files_region: str = ""
    files_key: str = ""
    files_secret: str = ""
    files_megabytes: int = 5_000

    @property
    def outbox(self) -> Path:
        """Where mail is laid down as files while no SMTP server is set."""
        return self.var / "outbox"

    @property
    def base_url(self) -> str:
        """The address people reach this server at, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def share_metrics(self) -> None:
        """Let the server processes to come add their figures up in one folder, begun afresh."""
        folder = self.var / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read `WEFT_…` variables; ValueError names the variable that cannot be used."""
        var = Path(env.get("WEFT_VAR") or HOME / "var").resolve()
        return cls(
            database_url=_postgres(env.get("WEFT_DATABASE_URL") or _private_cluster_url(var)),
            var=var,
            secret=env.get("WEFT_SECRET") or _kept_secret(var),
            host=env.get("WEFT_HOST") or cls.host,
            port=_number(env, "WEFT_PORT", cls.port, 65535),
            workers=_number(env, "WEFT_WORKERS", cls.workers, 64),
            threads=_number(env, "WEFT_THREADS", cls.threads, 64),
            listeners=_number(env, "WEFT_LISTENERS", cls.listeners, 256, least=0),
            mail_url=env.get("WEFT_MAIL_URL") or cls.mail_url,
            mail_from=env.get("WEFT_MAIL_FROM") or cls.mail_from,
            public_url=env.get("WEFT_PUBLIC_URL") or cls.public_url,
            origins=_origins(env.get("WEFT_ORIGINS") or ""),
            basemap_style=_basemap(env.get("WEFT_BASEMAP_STYLE") or cls.basemap_style),
            log_level=(env.get("WEFT_LOG_LEVEL") or cls.log_level).lower(),
            files_url=_bucket(env.get("WEFT_FILES_URL") or cls.files_url),
            files_endpoint=env.get("WEFT_FILES_ENDPOINT") or cls.files_endpoint,
            files_region=env.get("WEFT_FILES_REGION") or cls.files_region,
            files_key=env.get("WEFT_FILES_KEY") or cls.files_key,
            files_secret=env.get("WEFT_FILES_SECRET") or cls.files_secret,
            files_megabytes=_number(env, "WEFT_FILES_MEGABYTES", cls.files_megabytes, 10**9),
        )


def _number(env: Mapping[str, str], name: str, default: int, most: int, *, least: int = 1) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        message = f"{name} must be a whole number from {least} to {most}, not {text!r}"
        raise ValueError(message)
    return int(text)


def _postgres(url: str) -> str:
    """The address as given; what stands in it is not repeated, for it may be a password."""
    if url and url.partition("://")[0] not in ("postgresql", "postgres", "postgresql+psycopg"):
        message = "WEFT_DATABASE_URL must begin with postgresql://"
        raise ValueError(message)
    return url


def _bucket(url: str) -> str:
    if url and not url.startswith("s3://"):
        message = "WEFT_FILES_URL must begin with s3://"
        raise ValueError(message)
    return url


def _origins(text: str) -> tuple[str, ...]:
    named = tuple(text.replace(",", " ").split())
    for each in named:
        scheme, _, host = each.partition("://")
        if not scheme or not host or set(host) & set("/?#*()[]$^|'\"\\"):
            message = "WEFT_ORIGINS must name addresses as https://app.example, without a path"
            raise ValueError(message)
    return named


def _basemap(url: str) -> str:
    if url and not url.startswith(("https://", "/")):
        message = "WEFT_BASEMAP_STYLE must begin with https:// or be a path on this server"
        raise ValueError(message)
    if set(url) & set(" ;,'\""):
        message = "WEFT_BASEMAP_STYLE holds a character that an address cannot"
        raise ValueError(message)
    return url


def _private_cluster_url(var: Path) -> str:
    """The address that the private cluster left behind when it was made; empty before that."""
    note = var / "database-url"
    return note.read_text().strip() if note.is_file() else ""


def _kept_secret(var: Path) -> str:
    """The secret that signs cursors: made once, kept beside the data."""
    note = var / "secret"
    if not note.is_file():
        var.mkdir(parents=True, exist_ok=True)
        fresh = note.with_name(f"secret-{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32))
        try:
            note.hardlink_to(fresh)  # atomic: of two starting processes one secret wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return note.read_text().strip()
