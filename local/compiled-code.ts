/**
 * Where compiled code is kept between starts, beside the code itself: whoever may write there may change that too. What
 * finds it starts in half the time. Where nothing can be written, everything is compiled at each start, as ever.
 */
import { fileURLToPath } from 'node:url';

export const compiledCode = process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('../node_modules/.cache/throughline', import.meta.url));
