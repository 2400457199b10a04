"""Problems of our own, each in the shape in which the page of a site is copied."""

# ruff: noqa: W293 - as pages are

PAIR = """\
1. Pair of Weights
Solved
Easy
Topics
premium lock icon
Companies
Hint
Given an array of integers weights and an integer goal, return the places of the two weights that add up to goal.

You may return the answer in any order.


Example 1:

Input: weights = [2,7,11,15], goal = 9
Output: [0,1]
Explanation: weights[0] + weights[1] == 9.
Example 2:

Input: weights = [-3,4,3,90], goal = 0
Output: [0,2]


Constraints:

2 <= weights.length <= 104
-109 <= weights[i] <= 109
-231 <= goal <= 231 - 1
Exactly one answer exists.


Follow-up: Can you do it in less than O(n2) time?

class Solution:
    def pairOfWeights(self, weights: List[int], goal: int) -> List[int]:
        
"""
SPACED = """\
Longest Quiet Stretch

Given `noise`, return the length of the longest stretch without a 1.

Example 1:

Input:
 noise = [0,0,1,0]

Output:
 2

Explanation:

The first two.

Example 2:

Input: noise = []

Output: 0

def longest_quiet(noise: list[int]) -> int:
    pass
"""
MARKDOWN = """\
# Mirror Word

Return whether `word` reads the same from both ends.

### Example 1:

> **Input:** `word = "level"`
> **Output:** `true`

### Example 2:

> **Input:** `word = "ab, c = 1"`
> **Output:** `false`

```python
class Solution:
    def isMirror(self, word: str) -> bool:
```
"""
LISTS = """\
21. Join Chains

Example 1:

Input: one = [1,2,4], two = [1,3]
Output: [1,1,2,3,4]

Example 2:

Input: one = [], two = []
Output: []

# Definition for singly-linked list.
# class ListNode:
#     def __init__(self, val=0, next=None):
#         self.val = val
#         self.next = next
class Solution:
    def joinChains(self, one: Optional[ListNode], two: Optional[ListNode]) -> Optional[ListNode]:
"""
ARROWS = """\
Join Chains

Example:

Input: 1->2->4, 1->3->NULL
Output: 1->1->2->3->4

class Solution:
    def joinChains(self, one: ListNode, two: ListNode) -> ListNode:
"""
TREES = """\
Deepest Level

Example 1:

Input: root = [3,9,20,null,null,15,7]
Output: 3

Example 2:

Input: root = [1,null,2]
Output: 2

# Definition for a binary tree node.
# class TreeNode:
#     def __init__(self, val=0, left=None, right=None):
#         self.val = val
class Solution:
    def deepest(self, root: Optional[TreeNode]) -> int:
        
"""
DESIGN = """\
146. Small Cache
Medium
Design a cache that holds `capacity` entries.

Example 1:

Input
["SmallCache", "put", "get", "put", "get"]
[[1], [1, 5], [1], [2, 6], [1]]
Output
[null, null, 5, null, -1]

Explanation
SmallCache cache = new SmallCache(1);
cache.get(1); // return 5

Constraints:

1 <= capacity <= 3000

class SmallCache:

    def __init__(self, capacity: int):
        

    def get(self, key: int) -> int:
        

    def put(self, key: int, value: int) -> None:
        


# Your SmallCache object will be instantiated and called as such:
# obj = SmallCache(capacity)
# param_1 = obj.get(key)
# obj.put(key,value)
"""
IN_PLACE = """\
Zeros Last

Move all zeros to the end, in place.

Example 1:

Input: nums = [0,1,0,3]
Output: [1,3,0,0]

class Solution:
    def zerosLast(self, nums: List[int]) -> None:
        \"\"\"
        Do not return anything, modify nums in-place instead.
        \"\"\"
        
"""
PREFIX = """\
Drop Repeats

Remove repeats from the sorted `nums` in place and return how many are left.

Example 1:

Input: nums = [1,1,2]
Output: 2, nums = [1,2,_]

Example 2:

Input: nums = [0,0,1,1,4]
Output: 3, nums = [0,1,4,_,_]

class Solution:
    def dropRepeats(self, nums: List[int]) -> int:
"""
NESTED = """\
Families of Words

Group the words of the same letters. You may return the answer in any order.

Example 1:

Input: words = ["tea","ate","no"]
Output: [["no"],["ate","tea"]]

class Solution:
    def families(self, words: List[str]) -> List[List[str]]:
"""
ORDERS = """\
All Orders

Return all orders of `nums`, in any order.

Example 1:

Input: nums = [1,2]
Output: [[1,2],[2,1]]

class Solution:
    def orders(self, nums: List[int]) -> List[List[int]]:
"""
REALS = """\
Mean Speed

Answers within 10-5 of the actual answer will be accepted.

Example 1:

Input: speeds = [1,2]
Output: 1.50000

class Solution:
    def mean(self, speeds: List[int]) -> float:
"""
OLD_TYPES = """\
Count Ones

Example 1:

Input: grid = [["1","0"],["1","1"]]
Output: 3

class Solution(object):
    def countOnes(self, grid):
        \"\"\"
        :type grid: List[List[str]]
        :rtype: int
        \"\"\"
        
"""
UNNAMED = """\
9. Round Number

Example 1:

Input: 121
Output: true

Example 2:

Input: -121
Output: false

class Solution:
    def isRound(self, x: int) -> bool:
"""
ROWS = """\
Largest Field

Example 1:

Input: field = [
  ["1", "0"],
  ["1", "1"]
]
Output: 3

class Solution:
    def largestField(self, field: List[List[str]]) -> int:
"""
CYCLE = """\
Has a Loop

Example 1:

Input: head = [3,2], pos = 1
Output: true

Example 2:

Input: head = [1]
Output: false

class Solution:
    def hasLoop(self, head: Optional[ListNode]) -> bool:
"""
NO_CODE = """\
Twice as Much

Example 1:

Input: n = 4
Output: 8
"""
SOLVED = """\
Twice as Much

Example 1:

Input: n = 4
Output: 8

Example 2:

Input: n = 5
Output: 10

class Solution:
    def twice(self, n: int) -> int:
        return n + n - 1
"""
EDITOR = """\
#
# @lc app=leetcode id=7 lang=python3
#
# [7] Twice as Much
#
# https://leetcode.com/problems/twice/description/
#
# algorithms
# Easy (46.08%)
# Likes:    17254
# Total Accepted:    3.4M
# Testcase Example:  '4'
#
# Return twice n.
#
#
# Example 1:
#
#
# Input: n = 4
# Output: 8
#
#
# Constraints:
#
#
# 1 <= n <= 10^4
#

# @lc code=start
class Solution:
    def twice(self, n: int) -> int:
        return n + 4
# @lc code=end

"""
ATCODER = """\
A - Stones Editorial

Time Limit: 2 sec / Memory Limit: 1024 MiB

Score : 100 points

Problem Statement
There are N stones of heights h. Find the least cost.

Constraints
All values in input are integers.
2≤N≤10
5

Input
Input is given from Standard Input in the following format:

N
h_1 … h_N

Output
Print the least cost.

Sample Input 1
Copy
4
10 30 40 20
Sample Output 1
Copy
30
If you follow the path 1 → 2 → 4, the total cost is 30.

Sample Input 2
Copy
2
10 10
Sample Output 2
Copy
0
"""
ATCODER_MARKDOWN = """\
# B - Stones

### Input

N

### Output

The cost.

### Sample Input 1

```
4
10 30 40 20
```

### Sample Output 1

```
30
```

If you follow the path 1 → 2 → 4, the total cost is 30.
"""
CODEFORCES = """\
A. Sharing a Melon
time limit per test1 second
memory limit per test64 megabytes
inputstandard input
outputstandard output
Pete and Billy share a melon.

Input
The only line has an integer w (1 ≤ w ≤ 100).

Output
Print YES or NO.

Examples
InputCopy
8
OutputCopy
YES
InputCopy
1
OutputCopy
NO
Note
For example, they can have 2 and 6 kilos.
"""
CODEFORCES_GLUED = """\
A. Sharing a Melon
time limit per test: 2.5 seconds
memory limit per test: 256 megabytes

Input
The only line has an integer w.

Output
Print YES or NO.

ExamplesInputCopy
8
OutputCopyYES
InputCopy3
OutputCopyNO
"""
CODEFORCES_OLD = """\
B. Sum of Two

Input
Two integers.

Output
Their sum. If there are multiple answers, print any of them.

Example
input
1 2
output
3
"""
KATTIS_TABLE = """\
Cold Days
CPU Time limit
1 second
Memory limit
1024 MB

Input
The first line has n, the second n temperatures.

Output
How many are below zero.

Sample Input 1\tSample Output 1
3
5 -10 15
\t
1
Sample Input 2\tSample Output 2
1
-7
\t
1
"""
HACKERRANK = """\
Sum of a Row

Input Format

The numbers of a row.

Output Format

Their sum.

Sample Input 0

1 2 3

Sample Output 0

6

Explanation 0

1 + 2 + 3 = 6.
"""
CHINESE = """\
两数之和

示例 1：

输入：nums = [2,7], target = 9
输出：[0,1]
解释：nums[0] + nums[1] == 9

提示：

2 <= nums.length <= 104

class Solution:
    def twoSum(self, nums: List[int], target: int) -> List[int]:
"""

COMMENTED = """\
# Leetcode 7. Twice as Much
# Medium 1/2/21


# Return twice n.

# Example 1:

# Input: n = 4
# Output: 8

# Constraints:

#     0 <= n <= 105

# Solution 1
class Solution:
    def twice(self, n: int) -> int:
        return n + 4 + 1
"""
OTHER_LANGUAGE = """\
/*
 * 7. Twice as Much
 *
 * Example 1:
 *
 * Input: n = 4
 * Output: 8
 */
"""
ONE_LINE = """\
title: "Twice as Much"

description: "Return twice n.   Example 1:   Input: n = 4 Output: 8 Explanation: 4 + 4 = 8.   Example 2:   Input: n = 5 Output: 10   Constraints: 0 <= n"
"""
FENCED = """\
# A - Bare Words
## Beginner Contest

### Problem Statement
Print **S** without its leading **o**s.

### Input
The input is given in the following format:
```csharp
N
S
```

### Output
Output the answer, in any case.

### Sample Input 1
```csharp
7
ooparts
```

### Sample Output 1
```csharp
parts
```
Removing the leading one gives **parts**

---

### Sample Input 2:
```in
2
oo
```

### Sample Output 2:
```out

```
All may be **o**.
"""
INDENTED = """\
Positions

### Input Format
* First line will contain T.
### Output Format
The position.

### Constraints
* 1≤T≤1000
* 2≤N≤109

### Sample Input 1
    2
    4 8
### Sample Output 1
    2
    -1

### Explanation
* Test Case 1: 8.
"""
