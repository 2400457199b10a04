def moving_averages(values: List[float], width: int) -> List[float]:
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    averages = []
    for i in range(len(values) - width):
        averages.append((sums[i + width] - sums[i]) / width)
    return averages
