def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    order = []
    while len(order) < count:
        for task in range(count):
            if task not in order and all(a in order for a, b in rules if b == task):
                order.append(task)
                break
        else:
            return []
    return order
