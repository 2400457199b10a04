import heapq
from collections import defaultdict

from shop.errors import OutOfStock


class Stock:
    def __init__(self, log=None):
        self.log = log
        self.added = 0
        self.batches = defaultdict(list)  # by item: [day, order of arrival, price, pieces], a heap

    def add(self, batch):
        self.added += 1
        heapq.heappush(self.batches[batch.item], [batch.day, self.added, batch.price, batch.pieces])

    def count(self, item, day=0):
        return sum(pieces for last, _, _, pieces in self.batches.get(item, ()) if last >= day)

    def sell(self, item, pieces, day=0):
        if pieces < 1:
            raise ValueError("at least one piece")
        heap = self.batches.get(item, [])
        bad, taken, left = [], [], pieces
        while heap and left:
            batch = heapq.heappop(heap)
            if batch[0] < day:
                bad.append(batch)
                continue
            taken.append(batch)
            left -= min(left, batch[3])
        for batch in bad:
            heapq.heappush(heap, batch)
        if left:
            raise OutOfStock(item, left)
        cost, left = 0, pieces
        for batch in taken:
            part = min(left, batch[3])
            cost += part * batch[2]
            left -= part
            batch[3] -= part
            if batch[3]:
                heapq.heappush(heap, batch)
        if self.log is not None:
            with open(self.log, "a") as file:
                file.write(f"{item}\t{pieces}\t{cost}\n")
        return cost

    def expire(self, day):
        gone = 0
        for item, heap in self.batches.items():
            gone += sum(batch[3] for batch in heap if batch[0] < day)
            self.batches[item] = [batch for batch in heap if batch[0] >= day]
            heapq.heapify(self.batches[item])
        return gone
