class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        seen = set()
        for weight in nums:
            if target - weight in seen:
                return [target - weight, weight]
            seen.add(weight)
        return []
