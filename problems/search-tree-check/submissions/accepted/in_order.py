def values(node):
    stack = []
    while stack or node:
        while node:
            stack.append(node)
            node = node.left
        node = stack.pop()
        yield node.val
        node = node.right


class Solution:
    def is_search_tree(self, root):
        last = None
        for value in values(root):
            if last is not None and value <= last:
                return False
            last = value
        return True
