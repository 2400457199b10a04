class MinStack:
    def __init__(self):
        self.items = []
        self.low = None

    def push(self, value: int) -> None:
        self.items.append(value)
        if self.low is None or value < self.low:
            self.low = value

    def pop(self) -> Optional[int]:
        return self.items.pop() if self.items else None

    def top(self) -> Optional[int]:
        return self.items[-1] if self.items else None

    def lowest(self) -> Optional[int]:
        return self.low
