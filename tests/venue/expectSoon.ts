/** `expect.poll` for tests that run side by side: it belongs to no test, and says what it last saw. */
import { expect } from "vitest";
import { WAIT_MAX_MS } from "../support/venueRigDesk.ts";

interface Soon<T> {
  toBe(wanted: T): Promise<void>;
  toEqual(wanted: unknown): Promise<void>;
  toMatchObject(wanted: object | readonly object[]): Promise<void>;
  toMatch(wanted: RegExp): Promise<void>;
  toBeGreaterThan(wanted: number): Promise<void>;
}

/** Reads until the matcher holds. Rejects with its last complaint. */
export function expectSoon<T>(
  read: () => T | Promise<T>,
  { everyMs = 15, withinMs = WAIT_MAX_MS }: { readonly everyMs?: number; readonly withinMs?: number } = {},
): Soon<T> {
  async function hold(check: (value: T) => void): Promise<void> {
    const untilMs = performance.now() + withinMs;
    for (;;) {
      try {
        return check(await read());
      } catch (error) {
        if (performance.now() > untilMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
  return {
    toBe: (wanted) => hold((value) => expect(value).toBe(wanted)),
    toEqual: (wanted) => hold((value) => expect(value).toEqual(wanted)),
    toMatchObject: (wanted) => hold((value) => expect(value).toMatchObject(wanted)),
    toMatch: (wanted) => hold((value) => expect(value).toMatch(wanted)),
    toBeGreaterThan: (wanted) => hold((value) => expect(value).toBeGreaterThan(wanted)),
  };
}
