/** What a simulated venue can be told to do wrong on the wire, at once or by a seeded schedule. */
import { z } from "zod";

/** Longer than any desk waits for anything: what is meant to last is ordered again. */
const Duration = z.int().min(1).max(600_000);

/** Venues and hosts are never further apart while they still talk. */
export const CLOCK_SKEW_MAX_MS = 60_000;

/** Requests: more in a row are a maintenance. */
const OVERLOADED_MAX = 1_000;

/**
 * The next request whose text contains this; absent: the next of all. Of HTTP the text is `METHOD /path`, of a socket
 * it is the message.
 */
const match = z.string().min(1).max(200).optional();

/** Which sockets: those that have carried public data, those that have carried order reports, or all. */
const of = z.enum(["feed", "report", "all"]);

const instrument = z.int().min(0);

/** What befalls one request. On a socket the last six are told as `noAnswer` is. */
const REQUEST_FAULTS = [
  /** The connection is reset before the venue acts. */
  "lostRequest",
  /** The connection is reset after the venue has acted. */
  "lostAnswer",
  /** The venue acts and says nothing; the connection stays. */
  "noAnswer",
  /** Headers and half of the body, then silence. */
  "stalledBody",
  /** Headers and half of the body, then the connection is closed. */
  "cutBody",
  "badJson",
  "emptyBody",
  /** A page of HTML from a machine in front of the venue, which has not acted. */
  "http503",
  /** The same, and it has. */
  "http504",
] as const;

export const WireFault = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(REQUEST_FAULTS), match }),
  /** The next order report comes twice, or changes places with the one behind it. */
  z.strictObject({ kind: z.enum(["duplicateEvent", "reorderedEvents"]) }),
  /** The next order report is overtaken by those behind it. */
  z.strictObject({ kind: z.literal("lateEvent"), delayMs: Duration }),
  /** Sockets stay open and say nothing: what they would have said is lost. */
  z.strictObject({ kind: z.literal("silentStream"), of, forMs: Duration }),
  z.strictObject({ kind: z.literal("disconnect"), of }),
  /** Answers to the requests that match, and the first data of sockets that are opened, take this much longer. */
  z.strictObject({ kind: z.literal("slowSnapshot"), match, delayMs: Duration, forMs: Duration }),
  z.strictObject({
    kind: z.literal("clockSkew"),
    /** > 0: the venue's clock is ahead. */
    offsetMs: z.int().min(-CLOCK_SKEW_MAX_MS).max(CLOCK_SKEW_MAX_MS),
    forMs: Duration,
  }),
  /** Questions over HTTP are answered from what was so some time ago; orders are taken as ever. */
  z.strictObject({ kind: z.literal("staleRest"), behindMs: Duration, forMs: Duration }),
  /** Lists of own trades over HTTP lag by themselves, orders and balances do not. */
  z.strictObject({ kind: z.literal("lateTrades"), behindMs: Duration, forMs: Duration }),
  /** Lists of own trades begin before the point that was asked for, as where pages overlap. */
  z.strictObject({ kind: z.literal("overlappingTrades"), forMs: Duration }),
  /** Others trade in bursts, and meanwhile all messages take longer: `moreMs` at first, and then ever less. */
  z.strictObject({
    kind: z.literal("latencyBurst"),
    moreMs: Duration,
    forMs: Duration,
    /** Of the takers, at every instrument. */
    side: z.enum(["buy", "sell"]),
  }),
  /** A ghost is a level that is gone and of which nobody is told: where there is a checksum, it is of the true book. */
  z.strictObject({ kind: z.enum(["gap", "badChecksum", "crossedBook", "ghostLevel"]), instrument }),
  /** Rate limited: every request is one too many, as the venue says it of its limits, and nobody is banned. */
  z.strictObject({ kind: z.enum(["ban", "rateLimited", "maintenance"]), forMs: Duration }),
  z.strictObject({ kind: z.enum(["partialBatch", "cancelRace", "internalError"]) }),
  /** The next cancel is refused though the order is open, and stays so. */
  z.strictObject({ kind: z.literal("refusedCancel") }),
  /** So many requests that place, change or cancel are not taken: the venue is too busy. */
  z.strictObject({ kind: z.literal("overload"), requests: z.int().min(1).max(OVERLOADED_MAX) }),
  /** The next login to a private stream is refused though its key is good; every such session ends and is void. */
  z.strictObject({ kind: z.enum(["loginRefused", "sessionExpired"]) }),
  /**
   * What the lab does and undoes after this time: an order by hand in an account that trades the instrument, far from
   * its market; a halt; a tick ten times as coarse. Where one is under way at the instrument another does nothing.
   */
  z.strictObject({ kind: z.enum(["externalOrder", "halt", "tickChange"]), instrument, forMs: Duration }),
]);
export type WireFault = z.infer<typeof WireFault>;
export type WireFaultKind = WireFault["kind"];
export type RequestFault = Extract<WireFault, { kind: (typeof REQUEST_FAULTS)[number] }>["kind"];

/**
 * What a schedule draws from. A tick change has to be named: books that count fills in ticks do not compare across one
 * that a venue tells late.
 */
export const WIRE_FAULT_KINDS = [
  ...REQUEST_FAULTS,
  "duplicateEvent",
  "reorderedEvents",
  "lateEvent",
  "silentStream",
  "disconnect",
  "slowSnapshot",
  "clockSkew",
  "staleRest",
  "lateTrades",
  "overlappingTrades",
  "latencyBurst",
  "gap",
  "badChecksum",
  "crossedBook",
  "ghostLevel",
  "ban",
  "rateLimited",
  "maintenance",
  "partialBatch",
  "cancelRace",
  "internalError",
  "refusedCancel",
  "overload",
  "loginRefused",
  "sessionExpired",
  "externalOrder",
  "halt",
] as const satisfies readonly WireFaultKind[];

/** One fault every so often, of one of these kinds, at one of the venues. */
export const WireFaultPlan = z.strictObject({
  seed: z.int(),
  everyS: z.number().min(0.1).max(86_400),
  kinds: z
    .array(z.enum([...WIRE_FAULT_KINDS, "tickChange"]))
    .min(1)
    .default([...WIRE_FAULT_KINDS]),
  /** By name; absent: all. */
  venues: z.array(z.string()).min(1).optional(),
});
export type WireFaultPlan = z.infer<typeof WireFaultPlan>;
