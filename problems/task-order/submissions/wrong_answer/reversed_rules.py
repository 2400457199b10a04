def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    waits_for = [0] * count
    followers = [[] for _ in range(count)]
    for after, before in rules:
        followers[before].append(after)
        waits_for[after] += 1
    order = [task for task in range(count) if waits_for[task] == 0]
    for task in order:
        for after in followers[task]:
            waits_for[after] -= 1
            if waits_for[after] == 0:
                order.append(after)
    return order if len(order) == count else []
