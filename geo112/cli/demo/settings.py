"""What can be set about the demonstration: `GEO112_DEMO_PORTS=9112,9113` moves it to other ports."""

from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from geo112.core.errors import SetupError

STANDARD_PORTS = (8112, 8113)

_Port = Annotated[int, Field(ge=1, le=65535)]


def _two_ports(value: object) -> object:
    """Read `9112,9113`."""
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


class DemoSettings(BaseSettings):
    """The settings of the demonstration, from the environment."""

    model_config = SettingsConfigDict(env_prefix="GEO112_DEMO_", frozen=True, extra="ignore")

    ports: Annotated[tuple[_Port, _Port], NoDecode, BeforeValidator(_two_ports)] = STANDARD_PORTS


def read_demo_settings() -> DemoSettings:
    """Read the environment; raises SetupError naming the variable."""
    try:
        settings = DemoSettings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(f"write two ports such as 9112,9113 ({first['msg']})", field="GEO112_DEMO_PORTS") from None
    if settings.ports[0] == settings.ports[1]:
        raise SetupError("the two ports are the same", field="GEO112_DEMO_PORTS")
    return settings
