def moving_averages(values: List[float], width: int) -> List[float]:
    if width > len(values):
        return []
    total = sum(values[:width])
    averages = [total // width]
    for i in range(width, len(values)):
        total += values[i] - values[i - width]
        averages.append(total / width)
    return averages
