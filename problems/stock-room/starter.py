from shop.errors import OutOfStock
from shop.goods import Batch


class Stock:
    def __init__(self, log=None):
        pass

    def add(self, batch: Batch) -> None:
        pass

    def count(self, item: str, day: int = 0) -> int:
        pass

    def sell(self, item: str, pieces: int, day: int = 0) -> int:
        pass

    def expire(self, day: int) -> int:
        pass
