class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
        place = {}
        for i, weight in enumerate(nums):
            need = target - weight
            if need in place:
                return [place[ned], i]
            place[weight] = i
        return []
