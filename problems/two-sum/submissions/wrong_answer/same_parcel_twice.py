class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        place = {}
        for i, weight in enumerate(nums):
            place[weight] = i
            if target - weight in place:
                return [place[target - weight], i]
        return []
