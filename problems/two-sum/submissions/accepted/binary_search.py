class Solution:
    def two_sum(self, nums, target):
        pairs = sorted((weight, i) for i, weight in enumerate(nums))
        for k, (weight, i) in enumerate(pairs):
            at = bisect_left(pairs, (target - weight, -1), k + 1)
            if at < len(pairs) and pairs[at][0] == target - weight:
                return [i, pairs[at][1]]
        return []
