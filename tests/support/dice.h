/* Pseudorandom numbers of our own, the same everywhere (splitmix64). */
#ifndef DIVIDEND_TESTS_DICE_H
#define DIVIDEND_TESTS_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_word(struct dice *dice)
{
    uint64_t z = (dice->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline size_t dice_below(struct dice *dice, size_t n)
{
    return (size_t)(dice_word(dice) % n);
}

static inline bool dice_chance(struct dice *dice, double share)
{
    return (double)(dice_word(dice) >> 11) * 0x1p-53 < share;
}

static inline double dice_between(struct dice *dice, double low, double high)
{
    return low + (high - low) * (double)(dice_word(dice) >> 11) * 0x1p-53;
}

#endif
