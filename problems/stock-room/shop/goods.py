"""What the shop sells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Batch:
    """Some pieces of an item, bought together."""

    item: str
    pieces: int
    price: int
    day: int

    def __post_init__(self):
        if self.pieces < 1:
            raise ValueError("a batch has at least one piece")
