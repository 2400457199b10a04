def moving_averages(values: List[float], width: int) -> List[float]:
    averages = []
    for start in range(len(values) - width + 1):
        total = 0.0
        for i in range(start, start + width):
            total += values[i]
        averages.append(total / width)
    return averages
