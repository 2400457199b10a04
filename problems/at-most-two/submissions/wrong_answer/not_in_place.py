class Solution:
    def squeeze(self, nums: List[int]) -> int:
        kept = []
        for value in nums:
            if kept[-2:] != [value, value]:
                kept.append(value)
        nums = kept
        return len(nums)
