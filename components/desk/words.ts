/** What the Desk page says about quotes and locks; from the views alone. */
import type {
  AccountView,
  DeskView,
  InstrumentView,
  MarketView,
  SideView,
} from "../../server/contract/views.ts";
import { orderStatusWord, SIDE_QUOTE, venueName } from "../format/names.ts";
import { formatBps, formatPrice, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { isLatched, stateWord } from "../bar/words.ts";
import type { InstrumentShape } from "../session/shape.tsx";
import { isStaleAge } from "../ui/age.tsx";
import type { Tone } from "../ui/tag.tsx";

/** A side as its cell shows it: the order there is, or why there is none. */
export type SideWords =
  | {
      readonly kind: "order";
      readonly price: number;
      readonly sizeBase: number;
      /** From the mid of others at the same venue, in the same currency. */
      readonly distanceBps: number | undefined;
      readonly word: string;
      readonly tone: Tone;
    }
  | {
      readonly kind: "off";
      readonly code: string;
      readonly title: string;
      readonly sinceUs: number | undefined;
      readonly tone: Tone;
    };

export function sideWords(side: SideView, { bid, ask }: InstrumentView): SideWords {
  const { order, reason } = side;
  if (order === undefined) {
    if (reason === undefined)
      return {
        kind: "off",
        code: "NO ORDER",
        title: "a quote is about to be placed",
        sinceUs: undefined,
        tone: "quiet",
      };
    return {
      kind: "off",
      code: reason.code,
      title: `${reason.text}; lifts: ${reason.releases}`,
      sinceUs: reason.sinceUs,
      tone: reason.code === "NOT_QUOTED" ? "quiet" : reason.code === "KILLED" ? "danger" : "attention",
    };
  }
  const mid = bid === undefined || ask === undefined ? undefined : (bid + ask) / 2;
  const isUnknown = order.status === "UNKNOWN";
  return {
    kind: "order",
    price: order.price,
    sizeBase: order.remainingBase,
    distanceBps: mid === undefined ? undefined : (Math.abs(order.price - mid) / mid) * 1e4,
    word: reason === undefined ? orderStatusWord(order.status) : reason.code,
    tone: isUnknown || reason !== undefined ? "attention" : "quiet",
  };
}

/** All that a side's cell shows, as one sentence: the name of its button. `atUs` is the engine's now. */
export function sideLabel(
  side: SideView,
  instrument: InstrumentView,
  definition: InstrumentShape | undefined,
  atUs: number,
): string {
  const { account, symbol, channelAgeMs } = instrument;
  const words = sideWords(side, instrument);
  const said =
    words.kind === "order"
      ? [
          formatPrice(words.price, definition?.tick),
          words.word,
          `${formatShortSize(words.sizeBase, definition?.lot)} ${definition?.base ?? ""}`.trimEnd(),
          ...(words.distanceBps === undefined
            ? []
            : [`${formatBps(words.distanceBps)} from the mid of others`]),
        ]
      : [
          `${words.code}: ${words.title}`,
          ...(words.sinceUs === undefined ? [] : [`for ${formatAgeMs((atUs - words.sinceUs) / 1_000)}`]),
        ];
  const silence = channelAgeMs === undefined ? ["no feed"] : [`silent for ${formatAgeMs(channelAgeMs)}`];
  const all = [...said, ...(isStaleAge(channelAgeMs) ? silence : [])].join(", ");
  return `${venueName(account)} ${symbol} ${SIDE_QUOTE[side.side]}: ${all}. Explain.`;
}

export interface Lock {
  readonly key: string;
  readonly tone: Tone;
  readonly what: string;
  readonly sinceUs: number | undefined;
  readonly lifts: string;
}

/** Everything that keeps the desk from quoting as it would, widest scope first and always in the same order. */
export function locksOf(desk: DeskView): readonly Lock[] {
  const locks: Lock[] = [];
  if (desk.state !== "ACTIVE") locks.push(stateLock("the desk", "desk", desk.state));
  for (const account of desk.accounts) locks.push(...accountLocks(account));
  for (const market of desk.markets) {
    if (market.state !== "ACTIVE")
      locks.push(stateLock(market.market, `market ${market.market}`, market.state));
    // What the desk's own state turns off is said once, above.
    if (desk.state === "ACTIVE" || desk.state === "REDUCE_ONLY")
      locks.push(...sideLocks(market, desk.accounts));
  }
  return locks;
}

function stateLock(name: string, key: string, state: DeskView["state"]): Lock {
  return {
    key,
    tone: isLatched(state) ? "danger" : "attention",
    what: `${name} is ${stateWord(state)}`,
    sinceUs: undefined,
    lifts: isLatched(state) ? "an operator arming it" : "an operator resuming it",
  };
}

function accountLocks(view: AccountView): readonly Lock[] {
  const { account, status, halted, brokenBy, state } = view;
  const locks: Lock[] = [];
  if (state !== "ACTIVE") locks.push(stateLock(venueName(account), `account ${account}`, state));
  const why = halted ?? brokenBy;
  if (status !== "READY")
    locks.push({
      key: `status ${account}`,
      tone: halted === undefined ? "attention" : "danger",
      what: `${venueName(account)} is ${status.replace("_", " ")}${why === undefined ? "" : `: ${why}`}`,
      sinceUs: undefined,
      lifts: liftsOf(view),
    });
  return locks;
}

function liftsOf({ halted, brokenBy }: AccountView): string {
  if (halted !== undefined) return "the end of that halt";
  return brokenBy === undefined ? "a completed reconciliation" : "balances that agree";
}

/** One line per instrument and reason: both sides off for one reason are one lock. */
function sideLocks(market: MarketView, accounts: readonly AccountView[]): readonly Lock[] {
  const locks: Lock[] = [];
  for (const instrument of market.instruments) {
    if (!instrument.quoted) continue;
    const status = accounts.find(({ account }) => account === instrument.account)?.status;
    const off = instrument.sides.filter(({ reason }) => reason !== undefined);
    for (const code of new Set(off.map(({ reason }) => reason?.code))) {
      const sides = off.filter(({ reason }) => reason?.code === code);
      const reason = sides[0]?.reason;
      if (reason === undefined || (code === "VENUE_NOT_READY" && status !== "READY")) continue;
      const which = sides.map(({ side }) => SIDE_QUOTE[side]).join(" + ");
      locks.push({
        key: `${instrument.account} ${instrument.symbol} ${reason.code}`,
        tone: reason.code === "KILLED" ? "danger" : "attention",
        what: `${venueName(instrument.account)} ${instrument.symbol} ${which}: ${reason.text}`,
        sinceUs: Math.min(...sides.map((side) => side.reason?.sinceUs ?? Infinity)),
        lifts: reason.releases,
      });
    }
  }
  return locks;
}
