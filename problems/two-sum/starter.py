class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        pass
