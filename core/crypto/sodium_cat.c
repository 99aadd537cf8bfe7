/* What a Cat has in place of parts of libsodium: multiplication of Ed25519's base point without the
 * table of 30 kB that it would look up, and stubs of what needs an operating system. Everything
 * else of libsodium on a Cat is its own code. */

#include <stddef.h>

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

int sodium_is_zero(const unsigned char *bytes, const size_t size) {
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
