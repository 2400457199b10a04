class Solution:
    def reverse_groups(self, head: Optional[ListNode], size: int) -> Optional[ListNode]:
        dummy = ListNode(0, head)
        groups = 0
        while True:
            before = dummy
            for _ in range(groups * size):
                before = before.next
            last = before
            for _ in range(size):
                last = last.next
                if last is None:
                    return dummy.next
            first, rest = before.next, last.next
            node, turned = first, rest
            while node is not rest:
                node.next, turned, node = turned, node, node.next
            before.next = last
            groups += 1
