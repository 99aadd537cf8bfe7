/** Whether the person has asked for stillness. */
export const kStill = matchMedia('(prefers-reduced-motion: reduce)');
