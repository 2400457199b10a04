class Solution:
    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
        root.left, root.right = self.mirror(root.right), self.mirror(root.left)
        return root
