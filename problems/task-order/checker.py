def check(args, expected, got):
    count, rules = args
    if type(got) not in (list, tuple):
        return "expected a list of task numbers, not " + type(got).__name__
    if len(expected) == 0:
        return len(got) == 0 or "no order follows all rules, so the list has to be empty"
    if len(got) != count:
        return "expected all %d tasks, but the list has %d entries" % (count, len(got))
    place = {}
    for i, task in enumerate(got):
        if type(task) is not int or not 0 <= task < count:
            return "entry %d is not the number of a task" % i
        if task in place:
            return "task %d is in the list twice" % task
        place[task] = i
    for before, after in rules:
        if place[before] >= place[after]:
            return "task %d has to come before task %d" % (before, after)
    return True
