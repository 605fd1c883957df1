"""The tasks that other services send by name."""

import socket
from decimal import ROUND_HALF_UP, Decimal

from shop_jobs.app import app

UNIT_PRICE = Decimal("4.20")
# (from this quantity on, pay this share), the largest quantity first
DISCOUNTS = [(100, Decimal("0.85")), (10, Decimal("0.95"))]


def total(quantity: int) -> Decimal:
    """The price of `quantity` pieces, less the volume discount, in whole cents."""
    share = next((share for least, share in DISCOUNTS if quantity >= least), Decimal(1))
    return (quantity * UNIT_PRICE * share).quantize(Decimal("0.01"), ROUND_HALF_UP)


@app.task(name="shop_jobs.price")
def price(quantity: int) -> dict[str, str]:
    """The total as text, since JSON has no decimals, and the machine that computed it."""
    return {"total": str(total(quantity)), "computed_by": socket.gethostname()}
