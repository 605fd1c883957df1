"""`extra_sources` joined with the sources that were found or named: a list of its own, since lists replace."""

from __future__ import annotations

from collections.abc import Sequence

from generator.layers.layer import MISSING, InPlaces, Layer, Values
from generator.text.errors import KeyPath, Location
from generator.text.files import texts


def extra_sources(values: Values, layers: Sequence[Layer]) -> Layer | None:
    """Return a layer with the `sources` of a service and its `extra_sources` behind them; None without any.

    Args:
        values: What the layers fold to.
        layers: The layers of the service, lowest first.
    """
    sources, extra = values.get("sources"), texts(values, "extra_sources")
    if (
        not isinstance(sources, list)
        or "." in sources
        or not (new := [path for path in dict.fromkeys(extra) if path not in sources])
    ):
        return None
    standing = next(layer for layer in reversed(layers) if layer.value(("sources",)) is not MISSING)
    places: dict[KeyPath, Location] = {
        ("sources", index): standing.locate(("sources", index)) for index in range(len(sources))
    }
    naming = [layer for layer in layers if layer.value(("extra_sources",)) is not MISSING]
    for index, path in enumerate(new, len(sources)):
        layer = next(one for one in reversed(naming) if path in texts(one.values, "extra_sources"))
        places["sources", index] = layer.locate(("extra_sources", texts(layer.values, "extra_sources").index(path)))
    return Layer(name="derived", values={"sources": [*sources, *new]}, origin=InPlaces(places=places), follows=True)
