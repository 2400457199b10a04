n = int(input())
pages = list(map(int, input().split()))
