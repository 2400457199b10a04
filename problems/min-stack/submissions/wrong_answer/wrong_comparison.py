class MinStack:
    def __init__(self):
        self.items = []
        self.lows = []

    def push(self, value: int) -> None:
        self.items.append(value)
        if not self.lows or value < self.lows[-1]:
            self.lows.append(value)

    def pop(self) -> Optional[int]:
        if not self.items:
            return None
        value = self.items.pop()
        if self.lows and value == self.lows[-1]:
            self.lows.pop()
        return value

    def top(self) -> Optional[int]:
        return self.items[-1] if self.items else None

    def lowest(self) -> Optional[int]:
        return self.lows[-1] if self.lows else None
