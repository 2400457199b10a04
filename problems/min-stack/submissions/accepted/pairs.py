class MinStack:
    def __init__(self):
        self.items = []

    def push(self, value: int) -> None:
        low = min(value, self.items[-1][1]) if self.items else value
        self.items.append((value, low))

    def pop(self) -> Optional[int]:
        return self.items.pop()[0] if self.items else None

    def top(self) -> Optional[int]:
        return self.items[-1][0] if self.items else None

    def lowest(self) -> Optional[int]:
        return self.items[-1][1] if self.items else None
