def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    followers = defaultdict(list)
    waits_for = Counter()
    for before, after in rules:
        followers[before].append(after)
        waits_for[after] += 1
    ready = [task for task in range(count) if not waits_for[task]]
    order = []
    while ready:
        task = ready.pop()
        order.append(task)
        for after in followers[task]:
            waits_for[after] -= 1
            if not waits_for[after]:
                ready.append(after)
    if len(order) < count:
        return []
