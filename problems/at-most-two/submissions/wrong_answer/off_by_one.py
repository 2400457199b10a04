class Solution:
    def squeeze(self, nums: List[int]) -> int:
        write = 0
        for value in nums:
            if write < 2 or value != nums[write - 1]:
                nums[write] = value
                write += 1
        return write
