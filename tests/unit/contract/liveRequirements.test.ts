import { expect, it } from "vitest";
import { describeMissing, liveRequirementsMissing } from "../../../server/contract/liveRequirements.ts";
import { fixtureConfig } from "../../../server/bench/deskFixture.ts";
import { EngineConfig } from "../../../server/contract/config.ts";

const simulated = fixtureConfig({ venues: 2, symbols: 1 });
const live = EngineConfig.parse({ ...simulated, initialState: "DISARMED", venues: "live", hedging: "off" });
const names = live.accounts.map(({ account }) => account);

it("asks nothing of simulated venues", () => {
  expect(liveRequirementsMissing(simulated)).toEqual([]);
});

it("names what is missing for real ones, and what to do about it", () => {
  const missing = liveRequirementsMissing(live);
  expect(missing.map(({ name }) => name)).toEqual(["guard", "day reconciliation", "roles", "certificate"]);
  for (const { text, mend } of missing) expect(describeMissing(missing)).toContain(`${text}; ${mend}`);
});

it("asks for the certificates that are not there, and for no other", () => {
  const [first = "", second = ""] = names;
  const missing = liveRequirementsMissing({ ...live, certified: [first] });
  expect(missing.at(-1)).toMatchObject({
    name: "certificate",
    text: expect.stringContaining(second) as string,
  });
  expect(missing.at(-1)?.text).not.toContain(first);
  expect(liveRequirementsMissing({ ...live, certified: names }).map(({ name }) => name)).not.toContain(
    "certificate",
  );
});
