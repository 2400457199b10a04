class Solution:
    def merge(self, first: Optional[ListNode], second: Optional[ListNode]) -> Optional[ListNode]:
        dummy = ListNode()
        while first or second:
            if second is None or (first is not None and first.val <= second.val):
                value, first = first.val, first.next
            else:
                value, second = second.val, second.next
            last = dummy
            while last.next is not None:
                last = last.next
            last.next = ListNode(value)
        return dummy.next
