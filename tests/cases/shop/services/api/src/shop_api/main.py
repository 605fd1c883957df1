"""The routes. Run with `uvicorn shop_api.main:app`."""

import signal
import sys
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query

from shop_api import jobs

# On SIGTERM uvicorn finishes open requests, then sends itself the signal again, to the handler that was there
# before. Under the default handler a clean stop would look like a crash: exit code 143 instead of 0.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

app = FastAPI(title="shop-api")


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answer as long as the process serves; a broker that is away is not this container's illness."""
    return {"status": "ok"}


# Not async: FastAPI runs it in its thread pool, where waiting for the worker blocks no other request.
@app.get("/price")
def price(quantity: Annotated[int, Query(ge=1, le=1_000_000)]) -> dict[str, object]:
    """The total for a quantity, computed by a worker."""
    try:
        answer = jobs.price(quantity)
    except TimeoutError as error:
        raise HTTPException(504, str(error)) from error
    except ConnectionError as error:
        raise HTTPException(503, str(error)) from error
    return {"quantity": quantity, **answer}
