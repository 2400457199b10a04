from shop.errors import OutOfStock


class Stock:
    def __init__(self, log=None):
        self.log = log
        self.batches = []

    def add(self, batch):
        self.batches.append([batch.day, batch.item, batch.pieces, batch.price])
        self.batches.sort(key=lambda batch: batch[0])

    def count(self, item, day=0):
        return sum(batch[2] for batch in self.batches if batch[1] == item and batch[0] >= day)

    def sell(self, item, pieces, day=0):
        if pieces < 1:
            raise ValueError
        if self.count(item, day) < pieces:
            raise OutOfStock(item, pieces - self.count(item, day))
        cost = 0
        left = pieces
        for batch in self.batches:
            if batch[1] == item and batch[0] >= day and left:
                part = min(left, batch[2])
                cost += part * batch[3]
                batch[2] -= part
                left -= part
        if self.log:
            with open(self.log, "a") as file:
                file.write(f"{item}\t{pieces}\t{cost}\n")
        return cost

    def expire(self, day):
        gone = sum(batch[2] for batch in self.batches if batch[0] < day)
        self.batches = [batch for batch in self.batches if batch[0] >= day]
        return gone
