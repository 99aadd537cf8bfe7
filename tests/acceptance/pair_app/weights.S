    .section .weights, "a"
    .global _ZN3app7weightsE
    .balign 4
_ZN3app7weightsE:
    .incbin WEIGHTS
.Lend:
    .section .rodata
    .balign 4
    .global _ZN3app12weights_sizeE
_ZN3app12weights_sizeE:
    .word .Lend - _ZN3app7weightsE
