"""Every setting of a centre, read once: from `geo112.toml` in its folder, then `GEO112_…`, then the command line."""

import re
import tomllib
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    SettingsConfigDict,
)

import geo112
from geo112.core.errors import SetupError

FILE_NAME = "geo112.toml"
PREFIX = "GEO112_"

# A path is text in a file; everything else must already have its own type there.
_Path = Annotated[Path, Field(strict=False)]


def installed_root() -> Path:
    """Give the folder that holds the package, with `data/` and `web/` beside it."""
    return Path(geo112.__file__).resolve().parent.parent


def perangkat_daerah_root() -> Path:
    """Give the folder of the tables that come with the program: those of any centre, and those of some."""
    return installed_root() / "data" / "perangkat_daerah"


class _Environment(EnvSettingsSource):
    """Reads the environment, where everything is text, into the type of each setting."""

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool) -> Any:  # noqa: ANN401, FBT001 - the signature of pydantic-settings
        """Read the text of one variable; raises SetupError naming it."""
        if not isinstance(value, str):
            return super().prepare_field_value(field_name, field, value, value_is_complex)
        adapter: TypeAdapter[Any] = TypeAdapter(field.annotation or str)
        try:
            return adapter.validate_python(value, strict=False)
        except ValidationError as error:
            message = f"{value!r} is no value for it: {error.errors()[0]['msg']}"
            raise SetupError(message, field=PREFIX + field_name.upper()) from None


class Settings(BaseModel):
    """How one centre runs; docs/settings.md describes each setting."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    folder: _Path
    kode: Annotated[str, Field(pattern=r"^[1-9][0-9]\.[0-9][0-9]$")]
    database: _Path = Path("centre.sqlite")

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8112
    tls_cert: _Path | None = None
    tls_key: _Path | None = None
    public_url: str | None = None

    boundaries_dir: _Path = Field(default_factory=lambda: installed_root() / "data" / "boundaries" / "build")
    boundary_sets_dir: _Path = Field(default_factory=lambda: installed_root() / "data" / "boundaries" / "sets")
    centres_csv: _Path = Field(default_factory=lambda: installed_root() / "data" / "boundaries" / "centres.csv")
    second_lines_csv: _Path = Field(
        default_factory=lambda: installed_root() / "data" / "boundaries" / "second_lines.csv"
    )
    second_line_min_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    second_line_gap_m: Annotated[float, Field(ge=0, le=1_000_000)] = 1_000.0
    cells_file: _Path = Field(default_factory=lambda: installed_root() / "data" / "cells" / "build" / "cells.geo112")
    geolocate_key_required: bool = False
    places_file: _Path = Field(default_factory=lambda: installed_root() / "data" / "places" / "places.geo112")
    perangkat_daerah_dir: _Path = Path("perangkat_daerah")
    web_dir: _Path = Field(default_factory=lambda: installed_root() / "web")
    spool_dir: _Path | None = None

    sms_gateway_url: str | None = None
    sms_gateway_key: Annotated[str | None, Field(repr=False)] = None
    sms_gateway_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "Authorization"
    sms_gateway_body: str = '{"to": "{number}", "text": "{text}"}'
    sms_gateway_type: Literal["json", "form"] = "json"
    sms_outbox_dir: _Path | None = None
    sms_outbox_form: Literal["smstools3", "gammu-smsd"] = "smstools3"

    lost_source: Annotated[str, Field(pattern=r"^([A-Za-z0-9-]+\.)+[A-Za-z0-9]+$", max_length=253)] | None = None
    lost_scope: Literal["indonesia", "own"] = "indonesia"
    lost_parent: str | None = None
    lost_parent_timeout_s: Annotated[float, Field(gt=0, le=10)] = 2.0
    lost_sip_uri: Annotated[str, Field(pattern=r"^sips?:[A-Za-z0-9._+@:;={}-]{1,200}$")] = "sip:112@{kode}.{source}"
    lost_sip_uris_csv: _Path | None = None

    decision_sure_share: Annotated[float, Field(gt=0, le=1)] = 0.9
    decision_tell_share: Annotated[float, Field(gt=0, le=1)] = 0.1
    question_wrong_share: Annotated[float, Field(ge=0, lt=0.5)] = 0.05
    boundary_accuracy_m: Annotated[float, Field(ge=0, le=10_000)] | None = None

    waiting_purge_h: Annotated[float, Field(gt=0, le=720)] = 24.0
    held_recent_min: Annotated[int, Field(ge=0, le=1440)] = 30
    held_reference_min: Annotated[int, Field(ge=30, le=1440)] = 30
    held_dereference_hosts: Annotated[str, Field(max_length=2048)] | None = None

    aml_hmac_key: SecretStr | None = None
    aml_networks: Annotated[str, Field(max_length=2048)] | None = None
    gad_orientation_factor: Annotated[int, Field(ge=1, le=2)] = 2

    simulation: bool = False
    session_idle_h: Annotated[float, Field(gt=0, le=24)] = 12.0
    session_absolute_h: Annotated[float, Field(gt=0, le=48)] = 16.0
    login_wait_max_s: Annotated[float, Field(ge=0, le=30)] = 30.0
    heartbeat_s: Annotated[float, Field(ge=0.2, le=5)] = 3.0
    poll_s: Annotated[float, Field(ge=0.05, le=2)] = 0.25
    body_max_bytes: Annotated[int, Field(ge=1024, le=1_048_576)] = 65_536

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Refuse settings that would put log-ins on the wire in the clear."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise SetupError(
                "a certificate and its key belong together", field="tls_key" if self.tls_cert else "tls_cert"
            )
        if self.public_url is not None:
            url = urlsplit(self.public_url)
            if url.scheme != "https" or not url.hostname or url.path not in ("", "/"):
                raise SetupError(
                    f"{self.public_url!r} is not an address such as https://112.example.go.id", field="public_url"
                )
        if self.tls_cert is None and not self.is_loopback:
            raise SetupError(
                f"plain HTTP is only for this machine: {self.host} needs tls_cert and tls_key", field="host"
            )
        self._check_gateway()
        self._check_lost()
        if self.decision_tell_share > self.decision_sure_share:
            raise SetupError("it is above decision_sure_share", field="decision_tell_share")
        try:
            _ = self.aml_senders
        except ValueError as error:
            raise SetupError(f"{error}: networks look like 203.0.113.0/24", field="aml_networks") from None
        return self

    def _check_gateway(self) -> None:
        """Refuse two gateways at once, and one to which numbers would travel in the clear over the open net."""
        if self.sms_gateway_url is None:
            return
        if self.sms_outbox_dir is not None:
            raise SetupError("an SMS goes to a gateway or into a folder, not both", field="sms_outbox_dir")
        url = urlsplit(self.sms_gateway_url)
        if url.scheme not in ("https", "http") or not url.hostname:
            raise SetupError("it is not an address such as https://sms.example.go.id/send", field="sms_gateway_url")
        if url.scheme == "http" and not _is_near(url.hostname):
            raise SetupError("plain HTTP is only for a gateway in the local network", field="sms_gateway_url")

    def _check_lost(self) -> None:
        """Refuse a LoST server above this one that has no name to send clients to."""
        if self.lost_parent is not None:
            url = urlsplit(self.lost_parent)
            if url.scheme not in ("https", "http") or "." not in (url.hostname or ""):
                raise SetupError("it is not an address such as https://lost.example.go.id/lost", field="lost_parent")
        if set(re.findall(r"[{][^}]*[}]?", self.lost_sip_uri)) - {"{kode}", "{source}"}:
            raise SetupError("only {kode} and {source} are filled in", field="lost_sip_uri")

    @property
    def aml_senders(self) -> tuple[IPv4Network | IPv6Network, ...] | None:
        """Networks from which ELS forms are taken; None where they are taken from anywhere."""
        if self.aml_networks is None:
            return None
        return tuple(ip_network(one.strip()) for one in self.aml_networks.split(","))

    @property
    def lost_name(self) -> str:
        """DNS name of this LoST server: as set, else of the public address, else one that only this machine has."""
        host = (urlsplit(self.public_url).hostname or "") if self.public_url else ""
        name = self.lost_source or (host if "." in host else "")
        return name or f"{self.kode.replace('.', '-')}.geo112.localhost"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the centre."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def has_tls(self) -> bool:
        """Whether browsers reach the centre over HTTPS, here or at a proxy."""
        return self.tls_cert is not None or self.public_url is not None

    @property
    def callers_url(self) -> str | None:
        """Address under which callers reach the centre; None where there is none that a browser calls secure."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        if not self.is_loopback:
            return None
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'http' if self.tls_cert is None else 'https'}://{host}:{self.port}"

    @property
    def public_host(self) -> str | None:
        """Host, with its port if unusual, of the address that browsers use."""
        return urlsplit(self.public_url).netloc if self.public_url else None


def _is_near(host: str) -> bool:
    """Tell whether an address belongs to this machine or the local network."""
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return False


class _Named(BaseSettings, Settings):
    """The settings by the names that they have in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)


def read_settings(folder: Path, **overrides: object) -> Settings:
    """Read the settings of the centre in a folder; raises SetupError naming the setting.

    Relative paths count from the folder. The environment wins over the file, and `overrides`, which come from the
    command line, win over both.
    """
    file = folder / FILE_NAME
    try:
        said: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError(f"there is no {FILE_NAME} in {folder}: run `geo112 init KODE` there", field="folder") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(f"{file} cannot be read: {error}", field=FILE_NAME) from None
    return make_settings(folder=folder, **{**said, **_Environment(_Named)(), **overrides})


def make_settings(*, folder: Path, **said: object) -> Settings:
    """Make settings of values; raises SetupError naming the setting that is wrong."""
    try:
        settings = Settings(folder=folder, **cast("dict[str, Any]", said))
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(first["msg"], field=".".join(str(part) for part in first["loc"])) from None
    return settings.model_copy(update=_anchored(settings))


def _anchored(settings: Settings) -> dict[str, Path]:
    """Read relative paths from the centre's folder, wherever the process was started."""
    folder = settings.folder.resolve()
    names = ["database", "tls_cert", "tls_key", "boundaries_dir", "centres_csv", "cells_file", "web_dir", "spool_dir"]
    names += ["boundary_sets_dir", "places_file", "sms_outbox_dir", "lost_sip_uris_csv", "perangkat_daerah_dir"]
    said = {name: getattr(settings, name) for name in names}
    return {"folder": folder, **{name: folder / path for name, path in said.items() if path is not None}}
