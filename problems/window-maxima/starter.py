def window_maxima(nums: List[int], width: int) -> List[int]:
    pass
