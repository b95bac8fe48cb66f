"""The files of the console, served as they are."""

import mimetypes
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.errors import NotFound

# Only these folders of web/ leave the machine: tests and notes beside them do not.
FOLDERS = ("js", "css", "vendor", "i18n", "img", "fonts")
# Not every machine's table of types knows these, and a browser believes what it is told.
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".mjs")
FRESH = {"Cache-Control": "no-cache"}


class FreshFiles(StaticFiles):
    """Files that a browser keeps, but asks about each time, so that an update shows at once."""

    async def check_config(self) -> None:
        """Be content without the folder: then there is no such file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, or 304 where the browser has it already."""
        response = await super().get_response(path, scope)
        response.headers.update(FRESH)
        return response


def pages_router(web_dir: Path) -> APIRouter:
    """Give the routes of the pages themselves."""
    router = APIRouter(route_class=StrictRoute, dependencies=[Public], include_in_schema=False)

    @router.get("/")
    def console() -> FileResponse:
        """Give the console; it asks for the log-in itself."""
        return _file(web_dir / "index.html")

    return router


def serve_files(app: FastAPI, web_dir: Path) -> None:
    """Serve what the pages need, to everybody: there is no secret in it."""
    for folder in FOLDERS:
        app.mount(f"/{folder}", FreshFiles(directory=web_dir / folder, check_dir=False), name=folder)


def _file(path: Path) -> FileResponse:
    if not path.is_file():
        raise NotFound("the console is not installed here: run make setup")
    return FileResponse(path, headers=FRESH)
