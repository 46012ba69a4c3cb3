import { describe, expect, it } from "vitest";
import {
  fillableLots,
  isFinal,
  isQuiet,
  nextStatus,
  ORDER_STATUSES,
  worstRemainingLots,
  type Order,
  type OrderStatus,
  type OrderTrigger,
} from "../../../../server/core/orders/order.ts";
import { placeOwn, readyDesk } from "../../../support/desk.ts";

const TRIGGERS = [
  "accepted",
  "rejected",
  "partialFill",
  "fullFill",
  "canceled",
  "expired",
  "amendSent",
  "amended",
  "amendRejected",
  "cancelSent",
  "cancelRejected",
  "unknown",
  "provedOpen",
  "provedAbsent",
] as const satisfies readonly OrderTrigger[];

const NAMES: { readonly [short: string]: OrderStatus } = {
  New: "PENDING_NEW",
  Open: "OPEN",
  Part: "PARTIALLY_FILLED",
  Amnd: "PENDING_AMEND",
  Cncl: "PENDING_CANCEL",
  Unkn: "UNKNOWN",
  FILL: "FILLED",
  CANC: "CANCELED",
  REJE: "REJECTED",
  EXPI: "EXPIRED",
};

/** Of an order without fills; `·` is refused. Columns as in TRIGGERS. */
const TABLE = `
      acc  rej  part full canc expi amS  amd  amR  cnS  cnR  unkn open absent
New   Open REJE Part FILL CANC EXPI ·    ·    ·    Cncl ·    Unkn Open REJE
Open  Open ·    Part FILL CANC EXPI Amnd Open ·    Cncl ·    Unkn Open ·
Part  Part ·    Part FILL CANC EXPI Amnd Open ·    Cncl ·    Unkn Open ·
Amnd  Amnd ·    Amnd FILL CANC EXPI ·    Open Open Cncl ·    Unkn Open ·
Cncl  Cncl REJE Cncl FILL CANC EXPI ·    Cncl Cncl Cncl Unkn Unkn Open ·
Unkn  Open REJE Unkn FILL CANC EXPI ·    Open Unkn Unkn Unkn Unkn Open REJE
FILL  FILL ·    ·    ·    FILL ·    ·    ·    FILL ·    FILL FILL ·    ·
CANC  CANC ·    CANC FILL CANC ·    ·    ·    CANC ·    CANC CANC ·    ·
REJE  ·    REJE REJE FILL ·    ·    ·    ·    ·    ·    REJE REJE ·    ·
EXPI  EXPI ·    EXPI FILL ·    EXPI ·    ·    EXPI ·    EXPI EXPI ·    ·
`;

const rows = TABLE.trim()
  .split("\n")
  .slice(1)
  .flatMap((line) => {
    const [from = "", ...cells] = line.split(/\s+/);
    return TRIGGERS.map((trigger, i) => ({ from: NAMES[from], trigger, to: NAMES[cells[i] ?? ""] }));
  });

describe("the next status of an order", () => {
  it("is laid down for every pair of status and trigger", () => {
    expect(rows).toHaveLength(ORDER_STATUSES.length * TRIGGERS.length);
  });

  it.each(rows)("$from, $trigger → $to", ({ from = "UNKNOWN", trigger, to }) => {
    expect(nextStatus({ status: from, filledLots: 0 }, trigger)).toBe(to);
    // With fills, resting means resting in part.
    const withFills = to === "OPEN" ? "PARTIALLY_FILLED" : to;
    expect(nextStatus({ status: from, filledLots: 1 }, trigger)).toBe(withFills);
  });

  it("ends only in FILLED, CANCELED, REJECTED and EXPIRED, and rests only in OPEN and PARTIALLY_FILLED", () => {
    expect(ORDER_STATUSES.filter(isFinal)).toEqual(["FILLED", "CANCELED", "REJECTED", "EXPIRED"]);
    expect(ORDER_STATUSES.filter(isQuiet)).toEqual(["OPEN", "PARTIALLY_FILLED"]);
  });

  it("leads from an ended order only to another end", () => {
    const exits = rows.filter(({ from, to }) => from && to && isFinal(from) && !isFinal(to));
    expect(exits).toEqual([]);
  });
});

describe("the most that an order can still fill", () => {
  const order = (change: Partial<Order>): Order => ({
    ...placeOwn(readyDesk(), { sizeLots: 10 }),
    status: "OPEN",
    ...change,
  });

  it.each([
    { name: "all of it while nothing is filled", given: {}, inPlace: 10, second: 10 },
    { name: "what is left", given: { filledLots: 4 }, inPlace: 6, second: 6 },
    { name: "all of it while UNKNOWN", given: { status: "UNKNOWN" as const }, inPlace: 10, second: 10 },
    {
      name: "both halves of an amendment, or the larger",
      given: { pendingLots: 7, status: "PENDING_AMEND" as const },
      inPlace: 10,
      second: 17,
    },
    {
      name: "the larger half when that is the new one",
      given: { pendingLots: 15 },
      inPlace: 15,
      second: 25,
    },
    {
      name: "an amendment by its total size: 4 filled before it left",
      given: { filledLots: 4, pendingLots: 10, pendingFromLots: 4 },
      inPlace: 6,
      second: 12,
    },
    {
      name: "a second order in full though the first filled 3 since it left",
      given: { filledLots: 3, pendingLots: 10, pendingFromLots: 0 },
      inPlace: 7,
      second: 17,
    },
    { name: "nothing more once canceled", given: { status: "CANCELED" as const }, inPlace: 0, second: 0 },
    {
      name: "after the end, what the venue has filled and we have not seen",
      given: { status: "CANCELED" as const, filledLots: 1, venueFilledLots: 4 },
      inPlace: 3,
      second: 3,
    },
    { name: "never less than nothing", given: { filledLots: 12 }, inPlace: 0, second: 0 },
  ])("is $name", ({ given, inPlace, second }) => {
    expect(worstRemainingLots(order(given), false)).toBe(inPlace);
    expect(worstRemainingLots(order(given), true)).toBe(second);
  });

  it("adds up, with what is filled, to what it could fill from its first lot on", () => {
    const amended = order({ filledLots: 3, pendingLots: 10, pendingFromLots: 0 });
    expect(fillableLots(amended, true)).toBe(worstRemainingLots(amended, true) + 3);
  });
});
