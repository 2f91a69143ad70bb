#include "sha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

bool sha256_has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
    bool sha = b >> 29 & 1;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
    return sha && (c >> 9 & 1) && (c >> 19 & 1); /* SSSE3, SSE 4.1 */
}

/* Four rounds, the schedule's words in `words`. The instruction takes two rounds a time. */
#define ROUNDS(group, words)                                                                    \
    do {                                                                                        \
        __m128i sum = _mm_add_epi32(                                                            \
            words, _mm_loadu_si128((const __m128i *)(sha256_constants + 4 * (group))));         \
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);                                          \
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));                 \
    } while (0)

/* The next four words of the schedule, from the sixteen before them; they replace the oldest. */
#define EXTEND(w0, w1, w2, w3)                                                                  \
    w0 = _mm_sha256msg2_epu32(                                                                  \
        _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4)), w3)

__attribute__((target("sha,sse4.1,ssse3")))
void sha256_by_instruction(uint32_t state[8], const uint8_t *at, size_t blocks) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    /* The instructions want the words as ABEF and CDGH, highest first. */
    __m128i dcba = _mm_loadu_si128((const __m128i *)state);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1), efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
    for (; blocks > 0; blocks--, at += 64) {
        __m128i abef_before = abef, cdgh_before = cdgh;
        const __m128i *from = (const __m128i *)at;
        __m128i w0 = _mm_shuffle_epi8(_mm_loadu_si128(from), swap);
        __m128i w1 = _mm_shuffle_epi8(_mm_loadu_si128(from + 1), swap);
        __m128i w2 = _mm_shuffle_epi8(_mm_loadu_si128(from + 2), swap);
        __m128i w3 = _mm_shuffle_epi8(_mm_loadu_si128(from + 3), swap);
        ROUNDS(0, w0);
        ROUNDS(1, w1);
        ROUNDS(2, w2);
        ROUNDS(3, w3);
        for (int group = 4; group < 16; group += 4) {
            EXTEND(w0, w1, w2, w3);
            ROUNDS(group, w0);
            EXTEND(w1, w2, w3, w0);
            ROUNDS(group + 1, w1);
            EXTEND(w2, w3, w0, w1);
            ROUNDS(group + 2, w2);
            EXTEND(w3, w0, w1, w2);
            ROUNDS(group + 3, w3);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#else
bool sha256_has_instructions(void) { return false; }

void sha256_by_instruction(uint32_t state[8], const uint8_t *at, size_t blocks) {
    sha256_portable(state, at, blocks);
}
#endif
