import { afterEach, describe, expect, it, vi } from "vitest";
import {
  formatAgeMs,
  formatDurationMs,
  formatInstantUs,
  formatLocalTimeUs,
  formatPreciseTimeUs,
  formatTimeUs,
} from "../../../../components/format/time.ts";

const AT_US = Date.UTC(2026, 10, 22, 14, 22, 6, 120) * 1_000;

afterEach(() => vi.unstubAllEnvs());

describe("times", () => {
  it("are in UTC", () => {
    expect(formatTimeUs(AT_US)).toBe("14:22:06");
    expect(formatPreciseTimeUs(AT_US)).toBe("14:22:06.120");
    expect(formatInstantUs(AT_US)).toBe("2026-11-22 14:22:06");
  });

  it("are in the time of this place where that is asked for", () => {
    vi.stubEnv("TZ", "Asia/Kolkata");
    expect(formatLocalTimeUs(AT_US)).toBe("19:52:06");
    expect(formatTimeUs(AT_US)).toBe("14:22:06");
  });

  it.each([
    [0, "0 ms"],
    [94, "94 ms"],
    [96, "0.1 s"],
    [344, "0.3 s"],
    [1_240, "1.2 s"],
    [9_949, "9.9 s"],
    [9_951, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [3_720_000, "1 h 2 min"],
    [90_000_000, "1 d 1 h"],
    [-5, "0 ms"],
  ])("shows an age of %d ms as %s", (ageMs, text) => {
    expect(formatAgeMs(ageMs)).toBe(text);
  });

  it("shows a running time beyond a day in hours", () => {
    expect(formatDurationMs(8_047_000)).toBe("02:14:07");
    expect(formatDurationMs(100 * 3_600_000)).toBe("100:00:00");
  });

  it("shows a dash for what is missing", () => {
    expect(formatTimeUs(undefined)).toBe("—");
    expect(formatAgeMs(undefined)).toBe("—");
    expect(formatDurationMs(undefined)).toBe("—");
  });
});
