class Solution:
    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
        if root is None:
            return None
        root.left = self.mirror(root.right)
        root.right = self.mirror(root.left)
        return root
