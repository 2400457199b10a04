from itertools import groupby, islice
from typing import List


class Solution:
    def squeeze(self, nums: List[int]) -> int:
        kept = [value for _, copies in groupby(nums) for value in islice(copies, 2)]
        nums[: len(kept)] = kept
        return len(kept)
