def moving_averages(values: List[float], width: int) -> List[float]:
    pass
