/**
 * What the lab's socket carries. A session begins with `hello`; with a desk in it, it trades: the lab then tells
 * every event of the desk's accounts and instruments, whose positions both sides count alike. Without one it may
 * ask for the truth and, where the venues are on the wire, order things up.
 */
import { z } from "zod";
import { instrumentKey } from "./config.ts";
import type { EngineConfig } from "./config.ts";
import type { OrderEffect } from "./effects.ts";
import type { EngineEvent, FillEvent, OpenOrderView, ShellEvent } from "./events.ts";
import { PositiveDecimal } from "./instrument.ts";
import { LabCommand } from "./labControl.ts";
import type { LabOutcome } from "./labControl.ts";

export const LAB_PROTOCOL = 1;

/** Fills in one answer: some 3 MB, well below what a frame may hold. */
export const TRUTH_FILLS_MAX = 10_000;

const Position = z.int().min(0);
const ClientId = z.string().min(1).max(64);
const Quantity = z.int().min(1);
const Instant = z.int().min(0);
const Steps = z.strictObject({ tick: PositiveDecimal, lot: PositiveDecimal });

const Request = z.union([
  z.strictObject({
    type: z.literal("place"),
    account: Position,
    instrument: Position,
    clientId: ClientId,
    side: z.enum(["buy", "sell"]),
    priceTicks: Quantity,
    sizeLots: Quantity,
    steps: Steps.optional(),
    timeInForce: z.enum(["POST_ONLY", "IOC"]),
    selfTrade: z.enum(["EXPIRE_TAKER", "EXPIRE_MAKER"]),
    requestExpiresAtUs: Instant,
  }),
  z.strictObject({
    type: z.literal("amend"),
    account: Position,
    instrument: Position,
    clientId: ClientId,
    priceTicks: Quantity,
    sizeLots: Quantity,
    steps: Steps.optional(),
    requestExpiresAtUs: Instant,
  }),
  z.strictObject({
    type: z.literal("cancel"),
    account: Position,
    instrument: Position,
    clientId: ClientId,
  }),
  z.strictObject({ type: z.literal("cancelAll"), account: Position }),
  z.strictObject({
    type: z.literal("query"),
    what: z.literal("order"),
    account: Position,
    clientId: ClientId,
    instrument: Position.optional(),
    venueOrderId: z.string().optional(),
    placedAtUs: Instant,
    fillsSinceUs: Instant.optional(),
  }),
  z.strictObject({ type: z.literal("query"), what: z.enum(["openOrders", "balances"]), account: Position }),
  z.strictObject({
    type: z.literal("query"),
    what: z.literal("fills"),
    account: Position,
    sinceUs: Instant,
  }),
]) satisfies z.ZodType<OrderEffect>;

/** Where the next page of fills begins. */
const FillsCursor = z.strictObject({ atUs: Instant, generation: z.int(), n: z.int() });
export type FillsCursor = z.infer<typeof FillsCursor>;

/** What both sides must agree on, for positions to mean the same: names in the order of the configuration. */
const DeskNames = z.strictObject({ accounts: z.array(z.string()), instruments: z.array(z.string()) });
type DeskNames = z.infer<typeof DeskNames>;

export function deskNames({
  accounts,
  instruments,
}: Pick<EngineConfig, "accounts" | "instruments">): DeskNames {
  return { accounts: accounts.map(({ account }) => account), instruments: instruments.map(instrumentKey) };
}

/** What a client may send; anything else ends the session. */
export const LabClientFrame = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    protocol: z.int(),
    token: z.string(),
    desk: DeskNames.optional(),
  }),
  z.strictObject({
    type: z.literal("request"),
    /** By the desk's clock: a request expires as long after its arrival as it would have after this. */
    sentAtUs: Instant,
    effect: Request,
  }),
  z.strictObject({
    type: z.literal("truth"),
    id: z.int(),
    account: z.string(),
    from: FillsCursor.optional(),
  }),
  z.strictObject({ type: z.literal("control"), id: z.int(), command: LabCommand }),
]);
export type LabClientFrame = z.infer<typeof LabClientFrame>;

type Untimed<E> = E extends unknown ? Omit<E, "atUs"> : never;

/** An event as the venue says it. An answer's `askedAtUs` is the `sentAtUs` of its question. */
export type LabEvent = Untimed<Exclude<EngineEvent, ShellEvent>>;

export interface TruthPage {
  readonly balances: readonly { readonly asset: string; readonly totalAtoms: bigint }[];
  readonly openOrders: readonly OpenOrderView[];
  /** Oldest first. */
  readonly fills: readonly Omit<FillEvent, "atUs" | "account">[];
  readonly next: FillsCursor | undefined;
}

export type LabServerFrame =
  | { readonly type: "welcome" }
  | {
      readonly type: "refused";
      readonly code: "TOKEN" | "PROTOCOL" | "FRAME" | "OTHER_DESK" | "REPLACED";
      readonly text: string;
    }
  | { readonly type: "events"; readonly events: readonly LabEvent[] }
  /** The recording that plays is over. */
  | { readonly type: "marketEnded" }
  | { readonly type: "truth"; readonly id: number; readonly page: TruthPage }
  | { readonly type: "controlled"; readonly id: number; readonly outcome: LabOutcome };
