class Solution:
    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
        if root is None:
            return None
        left = self.mirror(root.left)
        right = self.mirror(root.right)
        root.left = right
        root.right = right
        return root
