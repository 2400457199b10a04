from itertools import groupby


def main():
    input()
    pages = sorted(set(map(int, input().split())))
    words = []
    # Within a run, a page minus its position stays the same.
    for _, run in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0]):
        run = [page for _, page in run]
        words.append("-".join(map(str, run[:1] if len(run) == 1 else [run[0], run[-1]])))
    print(" ".join(words))


main()
