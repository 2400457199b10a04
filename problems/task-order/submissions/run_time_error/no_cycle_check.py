def order_tasks(count: int, rules: List[List[int]]) -> List[int]:
    earlier = defaultdict(list)
    for before, after in rules:
        earlier[after].append(before)
    order = {}

    def do(task):
        for before in earlier[task]:
            if before not in order:
                do(before)
        order[task] = True

    for task in range(count):
        do(task)
    return list(order)
