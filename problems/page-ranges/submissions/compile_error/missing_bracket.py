import sys

pages = sorted(set(map(int, sys.stdin.read().split()[1:]))
print(*pages)
