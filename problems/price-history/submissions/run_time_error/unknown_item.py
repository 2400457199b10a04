class PriceHistory:
    def __init__(self):
        self.days = {}
        self.prices = {}

    def record(self, item: str, day: int, price: int) -> None:
        self.days.setdefault(item, []).append(day)
        self.prices.setdefault(item, []).append(price)

    def price_on(self, item: str, day: int) -> int:
        at = bisect_right(self.days[item], day)
        return self.prices[item][at - 1] if at > 0 else -1

    def changes(self, item: str, first: int, last: int) -> int:
        days = self.days[item]
        return bisect_right(days, last) - bisect_left(days, first)
