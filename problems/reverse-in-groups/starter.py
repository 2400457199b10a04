class Solution:
    def reverse_groups(self, head: Optional[ListNode], size: int) -> Optional[ListNode]:
        pass
