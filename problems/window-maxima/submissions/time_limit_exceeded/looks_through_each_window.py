def window_maxima(nums: List[int], width: int) -> List[int]:
    maxima = []
    for start in range(len(nums) - width + 1):
        highest = nums[start]
        for i in range(start + 1, start + width):
            if nums[i] > highest:
                highest = nums[i]
        maxima.append(highest)
    return maxima
