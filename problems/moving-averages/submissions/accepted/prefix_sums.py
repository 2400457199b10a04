from itertools import accumulate


def moving_averages(values, width):
    sums = [0.0] + list(accumulate(values))
    return [(after - before) / width for before, after in zip(sums, sums[width:])]
