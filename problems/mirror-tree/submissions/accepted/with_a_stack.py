class Solution:
    def mirror(self, root: Optional[TreeNode]) -> Optional[TreeNode]:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node:
                node.left, node.right = node.right, node.left
                waiting += [node.left, node.right]
        return root
