class Solution:
    def squeeze(self, nums: List[int]) -> int:
        last, copies, write = nums[0], 0, 0
        for value in nums:
            copies = copies + 1 if value == last else 1
            last = value
            if copies <= 2:
                nums[write] = value
                write += 1
        return write
