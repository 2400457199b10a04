def window_maxima(nums, width):
    # Within blocks of `width`: the maximum from the block's start, and the maximum to the block's end.
    from_start, to_end = list(nums), list(nums)
    for i in range(1, len(nums)):
        if i % width:
            from_start[i] = max(from_start[i - 1], nums[i])
    for i in range(len(nums) - 2, -1, -1):
        if (i + 1) % width:
            to_end[i] = max(to_end[i + 1], nums[i])
    return [max(to_end[i], from_start[i + width - 1]) for i in range(len(nums) - width + 1)]
