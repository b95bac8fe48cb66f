"""Every setting of a centre, read once: from `geo112.toml` in its folder, then `GEO112_…`, then the command line."""

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
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
    centres_csv: _Path = Field(default_factory=lambda: installed_root() / "data" / "boundaries" / "centres.csv")
    web_dir: _Path = Field(default_factory=lambda: installed_root() / "web")
    spool_dir: _Path | None = None

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
        return self

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
    def public_host(self) -> str | None:
        """Host, with its port if unusual, of the address that browsers use."""
        return urlsplit(self.public_url).netloc if self.public_url else None


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
    names = ("database", "tls_cert", "tls_key", "boundaries_dir", "centres_csv", "web_dir", "spool_dir")
    said = {name: getattr(settings, name) for name in names}
    return {"folder": folder, **{name: folder / path for name, path in said.items() if path is not None}}
