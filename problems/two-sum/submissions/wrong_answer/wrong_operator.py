class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        seen = {}
        for i, weight in enumerate(nums):
            need = target + weight
            if need in seen:
                return [seen[need], i]
            seen[weight] = i
        return []
