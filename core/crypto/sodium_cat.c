/* What a Cat has in place of parts of libsodium: multiplication of Ed25519's base point without the
 * table of 30 kB that it would look up, Ed25519's scalars and BLAKE2b's compression as loops
 * (libsodium's are 27 kB of straight code), and stubs of what needs an operating system. Everything
 * else of libsodium on a Cat is its own code. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "blake2.h"
#include "private/ed25519_ref10.h"
#include "randombytes.h"
#include "utils.h"

/* Costs about twice the instructions of the table. The point comes out in other projective
 * coordinates, which is unseen from outside: what leaves libsodium is always encoded. */
void ge25519_scalarmult_base(ge25519_p3* result, const unsigned char* scalar) {
    /* SOURCE: RFC 8032, 5.1: y = 4/5, the even x. */
    static const unsigned char encoded_base[32] = {
        0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    };
    ge25519_p3 base;
    (void)ge25519_frombytes(&base, encoded_base);
    ge25519_scalarmult(result, scalar, &base);
}

/* The order of the base point, 2^252 + 27742317777372353535851937790883648493, in little-endian
 * words. SOURCE: RFC 8032, 5.1. */
static const uint32_t order[8] = {
    0x5CF5D3ED, 0x5812631A, 0xA2F79CD6, 0x14DEF9DE, 0, 0, 0, 0x10000000,
};

/* result = value mod order, bit by bit from the top: about 60,000 instructions, the same for every
 * value. */
static void reduce(unsigned char result[32], const uint32_t value[16]) {
    uint32_t rest[8] = {0};
    for (unsigned bit = 512; bit-- > 0;) {
        uint32_t carry = (value[bit / 32] >> (bit % 32)) & 1;
        for (unsigned i = 0; i < 8; ++i) {
            const uint32_t top = rest[i] >> 31;
            rest[i] = (rest[i] << 1) | carry;
            carry = top;
        }
        uint32_t less[8];
        uint32_t borrow = 0;
        for (unsigned i = 0; i < 8; ++i) {
            const uint64_t difference = (uint64_t)rest[i] - order[i] - borrow;
            less[i] = (uint32_t)difference;
            borrow = (uint32_t)(difference >> 63);
        }
        const uint32_t keep = 0 - borrow; /* all ones when rest < order */
        for (unsigned i = 0; i < 8; ++i) rest[i] = (rest[i] & keep) | (less[i] & ~keep);
    }
    memcpy(result, rest, sizeof rest); /* both machines are little-endian */
    sodium_memzero(rest, sizeof rest);
}

void sc25519_reduce(unsigned char scalar[64]) {
    uint32_t value[16];
    memcpy(value, scalar, sizeof value);
    reduce(scalar, value);
    sodium_memzero(value, sizeof value);
}

/* result = a * b + c mod order */
void sc25519_muladd(unsigned char result[32], const unsigned char a[32], const unsigned char b[32],
                    const unsigned char c[32]) {
    uint32_t left[8];
    uint32_t right[8];
    uint32_t sum[16] = {0};
    memcpy(left, a, sizeof left);
    memcpy(right, b, sizeof right);
    memcpy(sum, c, 32);
    for (unsigned i = 0; i < 8; ++i) {
        uint32_t carry = 0;
        for (unsigned j = 0; j < 16 - i; ++j) { /* the carry of c runs on past the eighth word */
            const uint64_t word = (j < 8 ? (uint64_t)left[i] * right[j] : 0) + sum[i + j] + carry;
            sum[i + j] = (uint32_t)word;
            carry = (uint32_t)(word >> 32);
        }
    }
    reduce(result, sum);
    sodium_memzero(left, sizeof left);
    sodium_memzero(right, sizeof right);
    sodium_memzero(sum, sizeof sum);
}

/* SOURCE: RFC 7693, 2.7 and 3.1. */
static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static const uint64_t initial[8] = {
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
};

static uint64_t rotated(uint64_t word, unsigned bits) {
    return (word >> bits) | (word << (64 - bits));
}

static void mix(uint64_t* v, unsigned a, unsigned b, unsigned c, unsigned d, uint64_t x,
                uint64_t y) {
    v[a] += v[b] + x;
    v[d] = rotated(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = rotated(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = rotated(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotated(v[b] ^ v[c], 63);
}

int blake2b_compress_ref(blake2b_state* state, const uint8_t block[BLAKE2B_BLOCKBYTES]) {
    uint64_t words[16];
    uint64_t v[16];
    memcpy(words, block, sizeof words); /* both machines are little-endian */
    memcpy(v, state->h, sizeof state->h);
    memcpy(v + 8, initial, sizeof initial);
    v[12] ^= state->t[0];
    v[13] ^= state->t[1];
    v[14] ^= state->f[0];
    v[15] ^= state->f[1];
    for (unsigned round = 0; round < 12; ++round) {
        const uint8_t* s = sigma[round % 10];
        for (unsigned i = 0; i < 4; ++i) /* columns */
            mix(v, i, i + 4, i + 8, i + 12, words[s[2 * i]], words[s[2 * i + 1]]);
        for (unsigned i = 0; i < 4; ++i) /* diagonals */
            mix(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12, words[s[2 * i + 8]],
                words[s[2 * i + 9]]);
    }
    for (unsigned i = 0; i < 8; ++i) state->h[i] ^= v[i] ^ v[i + 8];
    return 0;
}

void sodium_memzero(void* const memory, const size_t size) {
    volatile unsigned char* bytes = memory;
    for (size_t i = 0; i < size; ++i) bytes[i] = 0;
}

int sodium_memcmp(const void* const a, const void* const b, size_t size) {
    const volatile unsigned char* left = a;
    const volatile unsigned char* right = b;
    unsigned char difference = 0;
    for (size_t i = 0; i < size; ++i) difference |= left[i] ^ right[i];
    return difference == 0 ? 0 : -1;
}

int sodium_is_zero(const unsigned char* bytes, const size_t size) {
    volatile unsigned char any = 0;
    for (size_t i = 0; i < size; ++i) any |= bytes[i];
    return any == 0;
}

/* libsodium calls this for broken preconditions, which are ours to keep. */
void sodium_misuse(void) { __builtin_trap(); }

/* Nothing on a Cat draws randomness here (node::Booted brings it): reached only by mistake. */
void randombytes_buf(void* const memory, const size_t size) {
    (void)memory;
    (void)size;
    __builtin_trap();
}
