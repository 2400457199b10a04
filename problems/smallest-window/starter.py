class Solution:
    def smallest_window(self, text: str, letters: str) -> str:
        pass
