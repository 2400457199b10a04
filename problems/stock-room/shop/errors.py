"""What can go wrong in the shop."""


class OutOfStock(Exception):
    """There are fewer good pieces of an item than were asked for."""

    def __init__(self, item, missing):
        super().__init__(f"{missing} of {item} missing")
        self.item = item
        self.missing = missing
