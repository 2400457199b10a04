class Solution:
    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
        if root is None:
            return None
        image = self.mirror(root)
        image.left, image.right = image.right, image.left
        return image
