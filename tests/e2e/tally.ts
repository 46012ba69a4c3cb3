/** Ends the run with one plain line that any CI can read, as vitest.config.ts does; an error outside a test counts. */
import type { Reporter, Suite } from "@playwright/test/reporter";

export default class Tally implements Reporter {
  #suite: Suite | undefined;
  #errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onError(): void {
    this.#errors += 1;
  }

  async onExit(): Promise<void> {
    const counts = { passed: 0, failed: this.#errors, skipped: 0 };
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      // Interrupted before its turn: it has not passed, and did not fail.
      counts[outcome === "skipped" ? "skipped" : test.ok() ? "passed" : "failed"] += 1;
    }
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
