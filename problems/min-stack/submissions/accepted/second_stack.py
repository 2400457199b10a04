class MinStack:
    def __init__(self):
        self.items, self.lows = [], []

    def push(self, value):
        self.items.append(value)
        if not self.lows or value <= self.lows[-1]:
            self.lows.append(value)

    def pop(self):
        if not self.items:
            return None
        value = self.items.pop()
        if value == self.lows[-1]:
            self.lows.pop()
        return value

    def top(self):
        return self.items[-1] if self.items else None

    def lowest(self):
        return self.lows[-1] if self.lows else None
