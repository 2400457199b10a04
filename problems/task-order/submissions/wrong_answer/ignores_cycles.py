def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    waits_for = [0] * count
    followers = [[] for _ in range(count)]
    for before, after in rules:
        followers[before].append(after)
        waits_for[after] += 1
    queue = deque(task for task in range(count) if waits_for[task] == 0)
    order = []
    while queue:
        task = queue.popleft()
        order.append(task)
        for after in followers[task]:
            waits_for[after] -= 1
            if waits_for[after] == 0:
                queue.append(after)
    return order
