import sys

pages = sorted(set(map(int, sys.stdin.read().split()[1:])))
parts = []
start = 0
for i in range(len(pages)):
    if i + 1 == len(page) or pages[i + 1] != pages[i] + 1:
        first, last = pages[start], pages[i]
        parts.append(str(first) if first == last else "%d-%d" % (first, last))
        start = i + 1
print(*parts)
