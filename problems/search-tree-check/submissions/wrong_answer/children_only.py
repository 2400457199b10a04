class Solution:
    def is_search_tree(self, root: Optional[TreeNode]) -> bool:
        if root is None:
            return True
        if root.left and root.left.val >= root.val:
            return False
        if root.right and root.right.val <= root.val:
            return False
        return self.is_search_tree(root.left) and self.is_search_tree(root.right)
