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

/**
 * Of every project; the run's database, which all of them may ask for, is the root's. The limits are generous: properties
 * draw many cases, others start processes, and all share two cores.
 */
const shared = {
  setupFiles: ["tests/support/seed.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
};

/** Mostly wait for venues that take their time: begun last, they would leave both cores idle at the end. */
const PATIENT = [
  "tests/venue/*.test.ts",
  "tests/simulation/wireFaults.test.ts",
  "tests/unit/venues/ccxt/certify/certify.test.ts",
];

/** Set the environment, stand-ins for modules, or what their process does at its end: each has a process of its own. */
const ALONE = [
  "tests/api/*.test.ts",
  "tests/simulation/*.test.ts",
  "tests/unit/{bench,cli,supervisor}/**/*.test.ts",
  "tests/unit/engine/certificates.test.ts",
  "tests/unit/host/{deskHome,durableFile,keyVault,logFile}.test.ts",
  "tests/unit/venues/ccxt/gateway/traps.test.ts",
];

export default defineConfig({
  test: {
    globalSetup: ["tests/support/postgresSetup.ts"],
    reporters: ["default", tally()],
    // Many wait for sockets and processes: with four workers two cores were idle for a fifth of the time.
    maxWorkers: 6,
    // Files are begun in the order of their projects' names.
    projects: [
      {
        test: {
          ...shared,
          name: "patient",
          include: PATIENT,
          // Each of their waits has a limit of its own, and says what it waited for.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          name: "alone",
          include: ALONE,
          exclude: PATIENT,
        },
      },
      // Leave nothing behind in their process: it and its modules serve many of them.
      {
        test: {
          ...shared,
          name: "together",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: [...PATIENT, ...ALONE],
          isolate: false,
        },
      },
    ],
  },
});
