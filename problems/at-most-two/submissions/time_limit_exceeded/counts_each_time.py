class Solution:
    def squeeze(self, nums: List[int]) -> int:
        kept = []
        for value in nums:
            if kept.count(value) < min(2, nums.count(value)):
                kept.append(value)
        nums[: len(kept)] = kept
        return len(kept)
