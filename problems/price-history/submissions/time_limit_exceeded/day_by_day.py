class PriceHistory:
    def __init__(self):
        self.notes = defaultdict(dict)

    def record(self, item: str, day: int, price: int) -> None:
        self.notes[item][day] = price

    def price_on(self, item: str, day: int) -> int:
        notes = self.notes[item]
        while day > 0:
            if day in notes:
                return notes[day]
            day -= 1
        return -1

    def changes(self, item: str, first: int, last: int) -> int:
        notes = self.notes[item]
        return sum(day in notes for day in range(first, last + 1))
