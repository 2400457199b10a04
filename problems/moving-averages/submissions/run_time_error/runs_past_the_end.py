def moving_averages(values: List[float], width: int) -> List[float]:
    averages = []
    total = sum(values[:width])
    for i in range(len(values) - width + 1):
        averages.append(total / width)
        total += values[i + width] - values[i]
    return averages
