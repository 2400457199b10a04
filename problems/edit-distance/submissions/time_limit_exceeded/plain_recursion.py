class Solution:
    def edit_distance(self, source: str, target: str) -> int:
        if not source or not target:
            return len(source) + len(target)
        if source[0] == target[0]:
            return self.edit_distance(source[1:], target[1:])
        return 1 + min(
            self.edit_distance(source[1:], target),
            self.edit_distance(source, target[1:]),
            self.edit_distance(source[1:], target[1:]),
        )
