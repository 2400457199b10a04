from bisect import bisect_left, insort

from shop.errors import OutOfStock


class Stock:
    def __init__(self, log=None):
        self.log = log
        self.rows = {}  # by item: [-day, -order, pieces, price], so that the next to sell is the last
        self.order = 0

    def add(self, batch):
        self.order += 1
        insort(self.rows.setdefault(batch.item, []), [-batch.day, -self.order, batch.pieces, batch.price])

    def count(self, item, day=0):
        return sum(row[2] for row in self.rows.get(item, []) if -row[0] >= day)

    def sell(self, item, pieces, day=0):
        if pieces < 1:
            raise ValueError(pieces)
        rows = self.rows.get(item, [])
        good = end = bisect_left(rows, [-day + 1])
        found = 0
        while good > 0 and found < pieces:
            good -= 1
            found += rows[good][2]
        if found < pieces:
            raise OutOfStock(item, pieces - found)
        cost = sum(row[2] * row[3] for row in rows[good:end])
        cost -= (found - pieces) * rows[good][3]
        if found > pieces:
            rows[good][2] = found - pieces
            good += 1
        del rows[good:end]
        if self.log:
            with open(self.log, "a", encoding="utf-8") as file:
                print(item, pieces, cost, sep="\t", file=file)
        return cost

    def expire(self, day):
        thrown = 0
        for rows in self.rows.values():
            end = bisect_left(rows, [-day + 1])
            thrown += sum(row[2] for row in rows[end:])
            del rows[end:]
        return thrown
