class PriceHistory:
    def __init__(self):
        self.notes = defaultdict(list)

    def record(self, item: str, day: int, price: int) -> None:
        self.notes[item].append((day, price))

    def price_on(self, item: str, day: int) -> int:
        from = [price for noted, price in self.notes[item] if noted <= day]
        return from[-1] if from else -1

    def changes(self, item: str, first: int, last: int) -> int:
        return sum(first <= noted <= last for noted, _ in self.notes[item])
