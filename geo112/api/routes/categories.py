"""What incidents are filed under, who serves them, and what is sent."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo112.api.answers import CategoriesOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import AnyRole
from geo112.api.strict import StrictRoute
from geo112.routing.duties.wire import duties_to_dict

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["categories"])


@router.get("/categories", response_model=CategoriesOut)
def categories(_who: AnyRole, centre: ThisCentre) -> JSONResponse:
    """Give the categories of the centre with their perangkat daerah and run cards, as its tables say now."""
    now = centre.duties.in_use()
    named = {"kode": centre.kode, "nama": centre.nama}
    return JSONResponse(
        {"centre": named, "problem": now.problem, "tables": dict(now.tables), **duties_to_dict(now.duties)}
    )
