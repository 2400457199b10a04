class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        place = {}
        for i, weight in enumerate(nums):
            if target - weight in place:
                return [place[target - weight], i]
            place[weight] = i
        return []
