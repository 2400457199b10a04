def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    pass
