class Solution:
    def squeeze(self, nums: List[int]) -> int:
        for i in range(len(nums) - 2):
            if nums[i] == nums[i + 2]:
                nums.pop(i)
        return len(nums)
