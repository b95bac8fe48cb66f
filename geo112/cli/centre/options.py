"""Options that several commands of a centre share."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Option("--folder", help="The centre's folder.", show_default="the current one")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object per result.")]
HERE = Path()
