import heapq


def walk(node):
    while node is not None:
        yield node.val
        node = node.next


class Solution:
    def merge(self, first, second):
        head = tail = None
        for value in heapq.merge(walk(first), walk(second)):
            node = ListNode(value)
            if tail is None:
                head = node
            else:
                tail.next = node
            tail = node
        return head
