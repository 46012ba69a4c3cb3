/**
 * What can be ordered up at a lab whose venues are on the wire: money, other people's orders, changes of listings,
 * faults; and what the lab says about itself. It travels on the lab's own socket, never on a venue's port.
 */
import { z } from "zod";
import { PositiveDecimal } from "./instrument.ts";
import type { OrderStatusEvent } from "./events.ts";
import type { Side } from "./units.ts";
import { WireFault, WireFaultPlan } from "./wireFaults.ts";
import type { WireFaultKind } from "./wireFaults.ts";

/** What a venue changes about an instrument while it runs. */
export const ListingChange = z.strictObject({
  tick: PositiveDecimal.optional(),
  lot: PositiveDecimal.optional(),
  sizeMinLots: z.int().min(1).optional(),
  notionalMinQuote: PositiveDecimal.optional(),
  priceBandFrac: z.number().positive().lt(1).optional(),
  status: z.enum(["TRADING", "HALTED", "DELISTED"]).optional(),
});
export type ListingChange = z.infer<typeof ListingChange>;

/** How the market of others is played from now on; what is absent stays as it is. */
export const MarketPlay = z.strictObject({
  /** Of its own pace; 0 stops it. */
  rate: z.number().min(0).max(20).optional(),
  /** Whether anyone takes. Makers go on. */
  takers: z.boolean().optional(),
  /** Goes on from the prices of now by this one: where it is drawn by one, in a market of agents. */
  seed: z.int().optional(),
});
export type MarketPlay = z.infer<typeof MarketPlay>;

const Position = z.int().min(0);
const Quantity = z.int().min(1);
const side = z.enum(["buy", "sell"]);

/** Orders in one answer: some 3 MB. */
export const CONTROL_ORDERS_MAX = 10_000;

export const LabCommand = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("describe") }),
  /** Ended and open, newest first. */
  z.strictObject({
    do: z.literal("orders"),
    account: z.string(),
    limit: z.int().min(1).max(CONTROL_ORDERS_MAX),
  }),
  /** A negative amount leaves at once. */
  z.strictObject({
    do: z.literal("deposit"),
    account: z.string(),
    asset: z.string(),
    amount: z.string().regex(/^-?\d{1,30}(\.\d{1,18})?$/, "must be a plain decimal number such as -1.5"),
  }),
  z.strictObject({
    do: z.literal("endWithdrawal"),
    account: z.string(),
    withdrawalId: z.string(),
    status: z.enum(["DONE", "CANCELED"]),
  }),
  /** Someone else takes what rests. */
  z.strictObject({
    do: z.literal("take"),
    instrument: Position,
    side,
    sizeLots: Quantity,
    limitTicks: Quantity.optional(),
  }),
  /** Others show this much at a price, until the market of others says otherwise. */
  z.strictObject({
    do: z.literal("rest"),
    instrument: Position,
    side,
    priceTicks: Quantity,
    sizeLots: z.int().min(0),
  }),
  /** An order of the account's owner by hand, past every client. */
  z.strictObject({
    do: z.literal("place"),
    account: z.string(),
    instrument: Position,
    clientId: z.string().min(1).max(64),
    side,
    priceTicks: Quantity,
    sizeLots: Quantity,
    timeInForce: z.enum(["GTC", "IOC"]),
  }),
  z.strictObject({ do: z.literal("cancel"), account: z.string(), clientId: z.string() }),
  z.strictObject({ do: z.literal("list"), instrument: Position, change: ListingChange }),
  z.strictObject({ do: z.literal("market"), play: MarketPlay }),
  z.strictObject({ do: z.literal("fault"), venue: z.string(), fault: WireFault }),
  /** Replaces the schedule before it; without a plan nothing new goes wrong. */
  z.strictObject({ do: z.literal("schedule"), plan: WireFaultPlan.optional() }),
]);
export type LabCommand = z.infer<typeof LabCommand>;

export interface LabDescription {
  readonly venues: readonly {
    readonly venue: string;
    readonly port: number;
    readonly limits: "entry" | "lifted";
    readonly accounts: readonly string[];
    /** How many faults of each kind took effect. */
    readonly faults: Readonly<Partial<Record<WireFaultKind, number>>>;
  }[];
  readonly instruments: readonly {
    readonly instrument: number;
    readonly venue: string;
    readonly symbol: string;
    readonly tick: string;
    readonly lot: string;
    readonly status: string;
  }[];
  readonly market: "agents" | "recording" | "real";
  /** Of the desk file: with the generation it says by which seed the market began. */
  readonly seed: number;
  /** How it is played now; without a seed where it is drawn by none. */
  readonly play: { readonly rate: number; readonly takers: boolean; readonly seed?: number | undefined };
  /** Counts the lives of this lab, from 1. */
  readonly generation: number;
  readonly nowUs: number;
}

/** An order as the venue has it. */
export interface ControlOrder {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly filledLots: number;
  /** Σ price × size of its fills. */
  readonly filledTickLots: bigint;
  readonly status: Extract<OrderStatusEvent["answer"], { found: true }>["status"];
  readonly createdAtUs: number;
  readonly updatedAtUs: number;
}

export type LabOutcome =
  | { readonly ok: true; readonly description?: LabDescription; readonly orders?: readonly ControlOrder[] }
  /** Nothing has changed; the text says what to give instead. */
  | { readonly ok: false; readonly text: string };
