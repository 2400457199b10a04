class Solution:
    def squeeze(self, nums: List[int]) -> int:
        pass
