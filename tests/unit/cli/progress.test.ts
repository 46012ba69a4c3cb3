import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { startProgress } from "../../../server/cli/progress.ts";

function watch(options: { total?: number; isTTY?: boolean }) {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  let atMs = 0;
  const progress = startProgress({ label: "events", total: options.total, stream, nowMs: () => atMs });
  return {
    at(ms: number, done: number): string {
      atMs = ms;
      progress.update(done);
      return String(stream.read() ?? "");
    },
    stop: () => progress.stop(),
  };
}

it("writes a line every five seconds where there is no terminal", () => {
  const { at, stop } = watch({ total: 200 });
  expect(at(4_999, 50)).toBe("");
  expect(at(5_000, 51)).toBe("51 of 200 (25 %) events after 5 s\n");
  expect(at(9_999, 99)).toBe("");
  expect(at(10_000, 100)).toBe("100 of 200 (50 %) events after 10 s\n");
  stop();
});

it("counts alone when the total is unknown", () => {
  expect(watch({}).at(5_000, 7)).toBe("7 events after 5 s\n");
});

it("shows a bar on a terminal once two seconds have passed, never before", () => {
  const { at, stop } = watch({ total: 200, isTTY: true });
  expect(at(1_999, 50)).toBe("");
  expect(at(2_000, 51)).toMatch(/\[=+-+\] 25 % {2}51\/200 events/);
  stop();
});
