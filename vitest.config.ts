import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/node";

/** Ends the run with one plain line that any CI can read; an error outside a test counts as a failure. */
function tally(): Reporter {
  let line = "";
  process.once("exit", () => process.stdout.write(line));
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
      for (const module of modules) {
        counts.failed += module.errors().length;
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          counts[state === "pending" ? "skipped" : state] += 1;
        }
      }
      line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
    },
  };
}

export default defineConfig({
  test: {
    setupFiles: ["tests/support/seed.ts"],
    globalSetup: ["tests/support/postgresSetup.ts"],
    include: ["tests/**/*.test.{ts,tsx}"],
    reporters: ["default", tally()],
    // Properties and tests that start a process share two cores with everything else.
    testTimeout: 30_000,
    // Many wait for sockets and processes: one worker would leave a core idle.
    maxWorkers: 2,
  },
});
