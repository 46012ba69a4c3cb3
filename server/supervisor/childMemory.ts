/** How much memory the parts of a desk take before what is garbage in it is given back. */

/**
 * Of each heap: of lab, recorder, pages, and the engine, which the flags of its process hold for, too. What is alive in
 * one is 15 to 40 MB; without a limit V8 lets each grow to several times that, and takes twice 16 MB for what is new.
 * Small new spaces also make for short pauses; of one size, as what grows and shrinks by itself looks like a leak.
 * 512 MB are for large desks and long recoveries; a smaller limit makes V8 tidy up sooner, too. Garbage may make up a
 * tenth of what is old: V8 lets it be several times what is alive, which looks like growth for an hour. What is left is
 * moved together by `keepHeapsSmall`.
 */
export const HEAP_FLAGS = [
  "--min-semi-space-size=2",
  "--max-semi-space-size=2",
  "--max-old-space-size=512",
  "--heap-growing-percent=10",
] as const;

/** What is not in a JavaScript heap, likewise: one pool for all threads beside the main one's, given back early. */
export const ALLOCATOR = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "262144" } as const;
