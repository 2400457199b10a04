"""Varies molecules in SMILES by way of SELFIES (Krenn et al. 2020), in which every string is a molecule."""

from __future__ import annotations

import random

from coderefine.evolution.variations.entry import Entry, Proposal

_MOST_SYMBOLS = 120


def is_installed() -> bool:
    """Return whether the library `selfies` is installed."""
    try:
        import selfies  # noqa: F401
    except ImportError:
        return False
    return True


def mutate(parent: Entry, rng: random.Random) -> Proposal | None:
    """Replace, insert or leave out a symbol or two."""
    symbols = _symbols(parent.source)
    if symbols is None:
        return None
    alphabet = _alphabet()
    done = []
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(symbols) + 1)
        how = rng.choice(("replace", "insert", "leave out"))
        if how == "insert" or not symbols or at == len(symbols):
            symbols.insert(at, symbol := rng.choice(alphabet))
            done.append(f"{symbol} inserted")
        elif how == "replace":
            old, symbols[at] = symbols[at], rng.choice(alphabet)
            done.append(f"{old} to {symbols[at]}")
        else:
            done.append(f"{symbols.pop(at)} left out")
    return _proposal(symbols, f"molecules: {', '.join(done)}", (parent.number,))


def cross(parent: Entry, mate: Entry, rng: random.Random) -> Proposal | None:
    """Join the beginning of one molecule and the end of another."""
    one, other = _symbols(parent.source), _symbols(mate.source)
    if not one or not other:
        return None
    joined = one[: rng.randrange(1, len(one) + 1)] + other[rng.randrange(len(other)) :]
    return _proposal(joined, f"crossover: the end of {mate.number}", (parent.number, mate.number))


def _alphabet() -> list[str]:
    import selfies

    return sorted(selfies.get_semantic_robust_alphabet())  # a set, whose order differs from run to run


def _symbols(smiles: str) -> list[str] | None:
    """Return a molecule as symbols; None for text that is not a molecule."""
    import selfies

    try:
        return list(selfies.split_selfies(selfies.encoder(smiles.strip())))
    except (selfies.EncoderError, ValueError, KeyError, IndexError, RecursionError):
        return None


def _proposal(symbols: list[str], note: str, parents: tuple[int, ...]) -> Proposal | None:
    import selfies

    if len(symbols) > _MOST_SYMBOLS:
        return None
    try:
        smiles = selfies.decoder("".join(symbols))
    except (selfies.DecoderError, ValueError, KeyError, IndexError):
        return None
    return Proposal(f"{smiles}\n", note, parents) if smiles else None
