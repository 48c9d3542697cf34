"""The engine's random streams (src/core/random.hpp) written a second time, from the published algorithms.

SplitMix64: Steele, Lea & Flood 2014, as in https://prng.di.unimi.it/splitmix64.c
xoshiro256**: Blackman & Vigna 2018, as in https://prng.di.unimi.it/xoshiro256starstar.c
Python's floats are IEEE 754 doubles, so the distributions come out equal to the last bit.
"""

import math

MASK = (1 << 64) - 1
STREAMS = {"data": 1, "init": 2, "order": 3, "dropout": 4}


def split_mix(seed):
    """The endless sequence of SplitMix64."""
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def rotate(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


def xoshiro(state):
    """The endless sequence of xoshiro256** from a state of four words."""
    s = list(state)
    while True:
        yield (rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def take(sequence, count):
    return [next(sequence) for _ in range(count)]


# Outputs their authors' programs print: the check that the above is the published algorithm.
assert take(split_mix(1234567), 3) == [6457827717110365317, 3203168211198807973, 9817491932198370423]
assert take(xoshiro([1, 2, 3, 4]), 6) == [
    11520,
    0,
    1509978240,
    1215971899390074240,
    1216172134540287360,
    607988272756665600,
]


def stream(seed, name, part=0):
    """The raw 64-bit words of one of the engine's streams; `part` tells several sequences of one stream apart."""
    start = (seed + STREAMS[name] * 0xD1342543DE82EF95 + part * 0xAF251AF3B0F025B5) & MASK
    return xoshiro(take(split_mix(start), 4))


def uniform(words):
    return (next(words) >> 11) * 2.0**-53


def log_positive(x):
    mantissa, exponent = math.frexp(x)
    if mantissa < float.fromhex("0x1.6a09e667f3bcdp-1"):
        mantissa *= 2
        exponent -= 1
    t = (mantissa - 1) / (mantissa + 1)
    t2 = t * t
    series = 0.0
    for odd in range(23, 0, -2):
        series = series * t2 + 1.0 / odd
    return 2 * t * series + exponent * float.fromhex("0x1.62e42fefa39efp-1")


def normal(words):
    while True:
        u = 2 * uniform(words) - 1
        v = 2 * uniform(words) - 1
        s = u * u + v * v
        if 0 < s < 1:
            return u * math.sqrt(-2 * log_positive(s) / s)


def below(words, bound):
    incomplete = (1 << 64) % bound
    bits = next(words)
    while bits < incomplete:
        bits = next(words)
    return bits % bound


def permutation(words, count):
    values = list(range(count))
    for i in range(count - 1, 0, -1):
        j = below(words, i + 1)
        values[i], values[j] = values[j], values[i]
    return values
