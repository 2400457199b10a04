def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    before = [[False] * count for _ in range(count)]
    for first, second in rules:
        before[second][first] = True
    waits_for = [sum(row) for row in before]
    order = [task for task in range(count) if waits_for[task] == 0]
    for task in order:
        for after in range(count):
            if before[after][task]:
                waits_for[after] -= 1
                if waits_for[after] == 0:
                    order.append(after)
    return order if len(order) == count else []
