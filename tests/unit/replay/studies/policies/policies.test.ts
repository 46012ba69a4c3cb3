import { describe, expect, it } from "vitest";
import { policies } from "../../../../../server/replay/studies/policies/policies.ts";
import { POLICIES } from "../../../../../server/replay/studies/policies/policySet.ts";

const ports = { home: "unused", progress: () => undefined };

describe("the study of the policies", () => {
  it("refuses a world that there is not", async () => {
    await expect(policies.run({ worlds: "toxic,mars" }, ports)).rejects.toThrow("there is no world mars");
  });

  it("shows every policy of a world beside its published value", { timeout: 180_000 }, async () => {
    const seen: number[] = [];
    const { tables, charts, checks } = await policies.run(
      { worlds: "toxic", paths: 2, minutes: 0.5 },
      { ...ports, progress: (done, total) => seen.push(done / total) },
    );
    expect(tables.map(({ title }) => title)).toEqual(["Policies, toxic", "Where the simulators differ"]);
    expect(tables[0]?.rows).toHaveLength(POLICIES.length);
    expect(tables[0]?.rows[0]?.slice(0, 2)).toEqual(["symmetric, local mid", -2593]);
    expect(charts).toHaveLength(1);
    expect(checks.find(({ claim }) => claim.startsWith("7 the parts"))?.holds).toBe(true);
    expect(seen.at(-1)).toBe(1);
  });
});
