class Solution:
    def next_arrangement(self, nums: List[int]) -> None:
        cards = sorted(nums)
        for arrangement in itertools.permutations(cards):
            if list(arrangement) > nums:
                nums[:] = arrangement
                return
        nums[:] = cards
