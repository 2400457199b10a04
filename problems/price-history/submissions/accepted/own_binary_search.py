from typing import Dict, List, Tuple


class PriceHistory:
    def __init__(self) -> None:
        self.notes: Dict[str, List[Tuple[int, int]]] = {}

    def record(self, item: str, day: int, price: int) -> None:
        self.notes.setdefault(item, []).append((day, price))

    def price_on(self, item: str, day: int) -> int:
        count = self._count_until(item, day)
        return self.notes[item][count - 1][1] if count else -1

    def changes(self, item: str, first: int, last: int) -> int:
        return self._count_until(item, last) - self._count_until(item, first - 1)

    def _count_until(self, item: str, day: int) -> int:
        notes = self.notes.get(item, [])
        low, high = 0, len(notes)
        while low < high:
            middle = (low + high) // 2
            if notes[middle][0] <= day:
                low = middle + 1
            else:
                high = middle
        return low
