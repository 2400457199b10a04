class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        place = {}
        for i, weight in enumerate(nums):
            if place[target - weight] is not None:
                return [place[target - weight], i]
            place[weight] = i
        return []
