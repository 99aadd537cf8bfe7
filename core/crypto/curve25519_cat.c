/* libsodium's two users of the field modulo 2^255 - 19, signatures and key exchange, as one
 * translation unit: the field's arithmetic is static in a header of theirs, and a Cat has no room
 * for two copies (2.3 kB). */

/* sodium_cat.c has smaller ones; these give way. */
#define ge25519_scalarmult_base unused_scalarmult_base
#define sc25519_reduce unused_reduce
#define sc25519_muladd unused_muladd

#include "crypto_core/ed25519/ref10/ed25519_ref10.c"

#undef ge25519_scalarmult_base
#undef sc25519_reduce
#undef sc25519_muladd

void ge25519_scalarmult_base(ge25519_p3* result, const unsigned char* scalar);

#include "crypto_scalarmult/curve25519/ref10/x25519_ref10.c"
