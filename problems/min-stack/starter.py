class MinStack:
    def __init__(self):
        pass

    def push(self, value: int) -> None:
        pass

    def pop(self) -> Optional[int]:
        pass

    def top(self) -> Optional[int]:
        pass

    def lowest(self) -> Optional[int]:
        pass
