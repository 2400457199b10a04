NEW, OPEN, DONE = range(3)


def order_tasks(count, rules):
    followers = defaultdict(list)
    for before, after in rules:
        followers[before].append(after)
    state = [NEW] * count
    order = []
    for start in range(count):
        path = [(start, iter(followers[start]))] if state[start] == NEW else []
        while path:
            task, rest = path[-1]
            state[task] = OPEN
            for after in rest:
                if state[after] == OPEN:
                    return []
                if state[after] == NEW:
                    path.append((after, iter(followers[after])))
                    break
            else:
                state[task] = DONE
                order.append(task)
                path.pop()
    return order[::-1]
