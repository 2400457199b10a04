"""Runs a network on all inputs of zeros and ones, which by the 0-1 principle tell whether it sorts everything."""


def evaluate(args, expected, got):
    (n,) = args
    if not isinstance(got, list) or len(got) > 200:
        return "expected a list of at most 200 comparators"
    for pair in got:
        if not isinstance(pair, list) or len(pair) != 2 or not all(type(it) is int for it in pair):
            return "expected pairs of whole numbers"
        if not all(0 <= it < n for it in pair) or pair[0] == pair[1]:
            return f"expected pairs of different numbers below {n}, not {pair}"
    unsorted = 0
    for mask in range(1 << n):
        values = [mask >> at & 1 for at in range(n)]
        for low, high in map(sorted, got):
            if values[low] > values[high]:
                values[low], values[high] = values[high], values[low]
        unsorted += values != sorted(values)
    return {"unsorted": unsorted, "comparators": len(got), "feedback": f"{unsorted} of {1 << n} inputs stay unsorted"}
