"""Plant a token of its own in each of many files, and see which of them come out somewhere."""

import re
import uuid
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from .engine import Engine
from .image_search import matches_in, matches_in_images


class Planted:
    """Tokens, and where each was planted."""

    def __init__(self) -> None:
        """Choose what all tokens of this object begin with."""
        self.nonce = uuid.uuid4().hex
        self._places: list[str] = []

    def token(self, place: str) -> str:
        """Return a new token; `place` says where it is going to be."""
        self._places.append(place)
        return f"{self.nonce}{len(self._places) - 1:06d}"

    def plant(self, root: Path, paths: Iterable[str], text: str = "TOKEN='{token}'\n") -> None:
        """Write a file with a new token at each of the paths below `root`."""
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text.format(token=self.token(f"{root.name}/{path}")), encoding="utf-8")

    def in_text(self, text: str) -> set[str]:
        """Return the places whose tokens are in a text."""
        return self._named(matches_in(BytesIO(text.encode()), self._pattern()))

    def in_file(self, path: Path) -> set[str]:
        """Return the places whose tokens are in a file, such as an archive without compression."""
        with path.open("rb") as content:
            return self._named(matches_in(content, self._pattern()))

    def in_images(self, engine: Engine, images: list[str]) -> set[str]:
        """Return the places whose tokens are in any layer of images, or in their configuration or history."""
        return self._named(matches_in_images(engine, images, self._pattern()))

    def _pattern(self) -> re.Pattern[bytes]:
        return re.compile(self.nonce.encode() + rb"\d{6}")

    def _named(self, tokens: Iterable[str] | Iterator[str]) -> set[str]:
        return {self._places[int(token.removeprefix(self.nonce))] for token in tokens}
