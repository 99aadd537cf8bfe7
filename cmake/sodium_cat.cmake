# compot_sodium_cat: the part of libsodium that a Cat carries, built from .deps/src/libsodium. The
# host links it into one test, which compares its bytes with those of the whole library.

set(SODIUM_DIR ${COMPOT_DEPS}/src/libsodium/src/libsodium)
if(NOT EXISTS ${SODIUM_DIR}/crypto_sign/crypto_sign.c)
    message(FATAL_ERROR "libsodium's sources are not in ${SODIUM_DIR}: run tools/install.sh")
endif()

add_library(compot_sodium_cat STATIC EXCLUDE_FROM_ALL
    ${CMAKE_SOURCE_DIR}/core/crypto/curve25519_cat.c
    ${CMAKE_SOURCE_DIR}/core/crypto/sodium_cat.c
    ${SODIUM_DIR}/crypto_generichash/blake2b/ref/blake2b-ref.c
    ${SODIUM_DIR}/crypto_generichash/blake2b/ref/generichash_blake2b.c
    ${SODIUM_DIR}/crypto_generichash/crypto_generichash.c
    ${SODIUM_DIR}/crypto_hash/sha512/cp/hash_sha512_cp.c
    ${SODIUM_DIR}/crypto_scalarmult/crypto_scalarmult.c
    ${SODIUM_DIR}/crypto_scalarmult/curve25519/scalarmult_curve25519.c
    ${SODIUM_DIR}/crypto_shorthash/crypto_shorthash.c
    ${SODIUM_DIR}/crypto_shorthash/siphash24/ref/shorthash_siphash24_ref.c
    ${SODIUM_DIR}/crypto_sign/crypto_sign.c
    ${SODIUM_DIR}/crypto_sign/ed25519/ref10/keypair.c
    ${SODIUM_DIR}/crypto_sign/ed25519/ref10/open.c
    ${SODIUM_DIR}/crypto_sign/ed25519/ref10/sign.c
    ${SODIUM_DIR}/crypto_sign/ed25519/sign_ed25519.c
    ${SODIUM_DIR}/crypto_verify/sodium/verify.c)
target_include_directories(compot_sodium_cat SYSTEM
    PUBLIC ${SODIUM_DIR}/include
    PRIVATE ${SODIUM_DIR} ${SODIUM_DIR}/include/sodium ${SODIUM_DIR}/crypto_generichash/blake2b/ref)
# NDEBUG: newlib's assert() would bring printf and with it a heap. No HAVE_TI_MODE: limbs of 32 bits
# on the host too, so that its test runs the very arithmetic of the Cat. -w: not our code.
target_compile_definitions(compot_sodium_cat PRIVATE CONFIGURED=1 NDEBUG NATIVE_LITTLE_ENDIAN=1)
target_compile_options(compot_sodium_cat PRIVATE -w -ffunction-sections -fdata-sections)
target_link_options(compot_sodium_cat INTERFACE -Wl,--gc-sections)
