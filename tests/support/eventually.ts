import { vi } from "vitest";

/** Longer than any pause of a busy machine; vitest itself gives up after a second. */
const WITHIN_MS = 15_000;

/** Tries again and again until it does not throw, and resolves with what it returns. */
export function eventually<T>(
  check: () => T | Promise<T>,
  { timeout = WITHIN_MS, interval = 50 } = {},
): Promise<T> {
  return vi.waitFor(check, { timeout, interval });
}
