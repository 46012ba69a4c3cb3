import { describe, expect, it } from "vitest";
import { z } from "zod";
import { glft2013 } from "../../../../server/replay/studies/glft2013.ts";

const Rows = z.array(z.object({ q: z.number(), closed: z.number(), spectral: z.number(), ode: z.number() }));
const Json = z.object({
  sigma: z.number(),
  A: z.number(),
  k: z.number(),
  gamma: z.number(),
  rows: Rows,
  others: z.array(z.object({ sigma: z.number(), A: z.number(), rows: Rows })).optional(),
});

const ports = { home: "unused", progress: () => undefined };

async function run(options: object): Promise<z.output<typeof Json>> {
  const { json } = await glft2013.run(options, ports);
  return Json.parse(json);
}

describe("the study of Guéant, Lehalle and Fernandez-Tapia", () => {
  it("agrees with the reference for both sets of the paper", async () => {
    const { checks, tables } = await glft2013.run({}, ports);
    expect(checks.every(({ holds }) => holds)).toBe(true);
    expect(tables).toHaveLength(2);
  });

  it("gives the bid at −10 to 10 in three ways", async () => {
    const { sigma, A, k, gamma, rows, others } = await run({});
    expect({ sigma, A, k, gamma }).toEqual({ sigma: 0.3, A: 0.9, k: 0.3, gamma: 0.01 });
    expect(rows.map(({ q }) => q)).toEqual(Array.from({ length: 21 }, (_, i) => i - 10));
    expect(rows[0]?.closed).toBeCloseTo(2.6342569, 7);
    expect(rows[0]?.spectral).toBeCloseTo(2.6328018, 7);
    expect(rows[20]?.closed).toBeCloseTo(3.9915735, 7);
    expect(others?.[0]?.rows[20]?.closed).toBeCloseTo(8.3177633, 7);
  });

  it("takes other parameters, alone and up to the limit, where there is no bid", async () => {
    const { sigma, rows, others } = await run({ sigma: 0.4, Q: 5 });
    expect(sigma).toBe(0.4);
    expect(rows.map(({ q }) => q)).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4]);
    expect(others).toBeUndefined();
  });

  it("refuses a horizon that would take minutes", async () => {
    await expect(run({ T: 1e9 })).rejects.toThrow("lower --T");
  });
});
