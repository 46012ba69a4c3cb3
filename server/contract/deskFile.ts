/**
 * `desk.json` in a desk's home: what its processes start from. The supervisor writes it once per desk;
 * lab and engine read the same file, so that they agree on instruments and on time.
 */
import { z } from "zod";
import { EngineConfig } from "./config.ts";
import { VenuesFile } from "./venuesFile.ts";

export const PROFILES = ["demo", "replay", "paper", "live"] as const;
export const Profile = z.enum(PROFILES);
export type Profile = z.infer<typeof Profile>;

/** Engine time at an instant of the wall clock, and how fast it runs from there. */
export const ClockSpec = z.strictObject({
  originUs: z.int().min(0),
  wallOriginUs: z.int().min(0),
  speed: z.number().positive().max(1_000),
});
export type ClockSpec = z.infer<typeof ClockSpec>;

export const DeskFile = z
  .strictObject({
    format: z.literal(1),
    profile: Profile,
    /** `epoch` is 1 here: each run of the engine takes the next one. */
    config: EngineConfig,
    /** Absent: the wall clock. */
    clock: ClockSpec.optional(),
    lab: z.discriminatedUnion("market", [
      /** `agents` is an agent market of server/lab/drivers; absent: the demo's. */
      z.strictObject({ market: z.literal("agents"), seed: z.int(), agents: z.unknown().optional() }),
      z.strictObject({
        market: z.literal("recording"),
        directory: z.string(),
        seed: z.int(),
        fromUs: z.int(),
        toUs: z.int(),
        feedLatencyMs: z.number(),
        topSizeNotional: z.number(),
        printSizeNotional: z.number(),
      }),
      /** That of real venues, as `real` names them: a paper desk's orders are matched over it; a live desk has no lab. */
      z.strictObject({ market: z.literal("real"), seed: z.int() }),
    ]),
    /**
     * How the desk reaches its venues: the lab's in their process, or as the exchanges' own clients do; or the real ones.
     * Absent: `lab`.
     */
    venues: z.enum(["lab", "wire", "real"]).optional(),
    /** Of paper and live: what its person asked for. */
    real: VenuesFile.optional(),
    /** Of the lab's venues, as a latency profile of server/lab/world. */
    latency: z.unknown(),
    deposits: z.array(z.strictObject({ account: z.string(), asset: z.string(), amount: z.string() })),
    /** Whether a person's `start` arms the desk when nothing is latched. */
    armAtStart: z.boolean(),
    assumptions: z.array(z.string()),
  })
  .superRefine(({ venues, config }, context) => {
    // Else nothing would keep such a desk from being armed.
    if (venues === "real" && config.venues !== "live")
      context.addIssue({
        code: "custom",
        path: ["config", "venues"],
        message: 'a desk at real venues says "live" here',
      });
  });
export type DeskFile = z.infer<typeof DeskFile>;
