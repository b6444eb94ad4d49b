/**
 * middy's option that leaves timeouts to the runtime. Left to itself, middy answers shortly before the end while the
 * handler goes on: a zombie in a process that would be used again (S2).
 */
export const ownTimeouts = { timeoutEarlyInMillis: 0 };
