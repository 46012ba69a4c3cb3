/** What every browser test has: a desk that quotes, a browser that is signed in, and no error on its console. */
import { test as base, expect, type BrowserContext } from "@playwright/test";
import { deskOf, signInUrl, type TestDesk } from "../support/e2eDesk.ts";
import { ensureQuoting } from "../support/e2eTruth.ts";
import { keepSession } from "./session.ts";

export interface Options {
  /** What a browser itself writes to the console when a test cuts it off. */
  readonly expectedErrors: RegExp | undefined;
}

interface Fixtures {
  readonly desk: TestDesk;
}

/** Of a request that nobody answers, or that a server answers with an error. */
export const NETWORK_ERRORS =
  /^Failed to load resource: (net::ERR_|the server responded with a status of 5\d\d)/;

export const test = base.extend<Options & Fixtures>({
  expectedErrors: [undefined, { option: true }],

  desk: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from the pattern
    async ({}, use, { project }) => {
      const desk = await deskOf(project.name);
      await ensureQuoting(desk.home);
      await use(desk);
    },
    { auto: true },
  ],

  baseURL: async ({ desk }, use) => use(desk.origin),

  context: async ({ context, desk, expectedErrors }, use) => {
    await keepSession(context, signInUrl(desk));
    const errors = collectErrors(context);
    await use(context);
    expect(
      errors.filter((text) => expectedErrors?.test(text) !== true),
      "errors on the console",
    ).toEqual([]);
  },
});

export { expect };

export function collectErrors(context: BrowserContext): readonly string[] {
  const errors: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => void errors.push(error.error().stack ?? error.error().message));
  return errors;
}
