class Solution:
    def next_arrangement(self, nums: List[int]) -> None:
        pass
