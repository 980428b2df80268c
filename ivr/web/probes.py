"""For machines that watch us, under any host name: alive, and ready."""

from flask import Blueprint, Response

from ivr.errors import ThirdRingError
from ivr.web.house import house

blueprint = Blueprint("probes", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return _plain("ok\n")


@blueprint.get("/readyz")
def ready() -> Response:
    """The database can be read and is of our schema; else 503 and why."""
    try:
        house().store.check()
    except ThirdRingError as error:
        return _plain(f"{type(error).__name__}\n", 503)
    return _plain("ok\n")


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
