class Solution:
    def level_sums(self, root: Optional[TreeNode]) -> List[int]:
        pass
