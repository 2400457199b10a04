class Solution:
    def edit_distance(self, source: str, target: str) -> int:
        pass
