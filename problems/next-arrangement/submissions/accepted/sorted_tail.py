from typing import List


class Solution:
    def next_arrangement(self, nums: List[int]) -> None:
        for i in reversed(range(len(nums) - 1)):
            larger = [value for value in nums[i + 1 :] if value > nums[i]]
            if larger:
                tail = sorted(nums[i:])
                tail.remove(min(larger))
                nums[i:] = [min(larger)] + tail
                return
        nums.sort()
