class Solution:
    def is_search_tree(self, root: Optional[TreeNode]) -> bool:
        if root is None:
            return True
        if root.left and self.largest(root.left) >= root.val:
            return False
        if root.right and self.smallest(root.right) <= root.val:
            return False
        return self.is_search_tree(root.left) and self.is_search_tree(root.right)

    def largest(self, node):
        best = node.val
        for child in (node.left, node.right):
            if child and self.largest(child) > best:
                best = self.largest(child)
        return best

    def smallest(self, node):
        best = node.val
        for child in (node.left, node.right):
            if child and self.smallest(child) < best:
                best = self.smallest(child)
        return best
