class Solution:
    def merge(self, first: Optional[ListNode], second: Optional[ListNode]) -> Optional[ListNode]:
        dummy = tail = ListNode()
        while first and second:
            if first.val <= second.val:
                tail.next, first = first, first.next
            else:
                tail.next, second = second, second.next
            tail = tail.next
        tail.next = first or second
        node = dummy.next
        while node is not None:
            print("merged node with the value", node.val)
        return dummy.next
