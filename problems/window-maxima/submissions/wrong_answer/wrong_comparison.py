def window_maxima(nums: List[int], width: int) -> List[int]:
    falling = deque()
    maxima = []
    for i, level in enumerate(nums):
        while falling and nums[falling[-1]] >= level:
            falling.pop()
        falling.append(i)
        if falling[0] <= i - width:
            falling.popleft()
        if i >= width - 1:
            maxima.append(nums[falling[0]])
    return maxima
