class Solution:
    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
        pass
