class PriceHistory:
    def __init__(self):
        pass

    def record(self, item: str, day: int, price: int) -> None:
        pass

    def price_on(self, item: str, day: int) -> int:
        pass

    def changes(self, item: str, first: int, last: int) -> int:
        pass
