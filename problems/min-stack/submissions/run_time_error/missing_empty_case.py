class MinStack:
    def __init__(self):
        self.items = []

    def push(self, value: int) -> None:
        self.items.append(value)

    def pop(self) -> Optional[int]:
        return self.items.pop()

    def top(self) -> Optional[int]:
        return self.items[-1]

    def lowest(self) -> Optional[int]:
        return min(self.items)
