/** What the bar says and what its buttons will do, in words; from the views alone. */
import type { StateScope } from "../../server/contract/commands.ts";
import type { LogTopicLines } from "../../server/contract/lines.ts";
import type { SystemView } from "../../server/contract/link.ts";
import type { TradingState } from "../../server/contract/tradingStates.ts";
import type { DeskView } from "../../server/contract/views.ts";
import { venueName } from "../format/names.ts";
import type { Tone } from "../ui/tag.tsx";

export interface StateChoice {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly scope: StateScope;
  readonly state: TradingState;
}

export const DESK_SCOPE: StateScope = { level: "desk" };

interface OpenCount {
  readonly orders: number;
  readonly venues: number;
}

/** Quotes that rest or are on their way, where `matches` says so. */
export function countQuotes(
  desk: DeskView | undefined,
  matches: (account: string, market: string) => boolean = () => true,
): OpenCount {
  let orders = 0;
  const venues = new Set<string>();
  for (const { market, instruments } of desk?.markets ?? [])
    for (const { account, sides } of instruments)
      for (const side of sides) {
        if (side.order === undefined || !matches(account, market)) continue;
        orders += 1;
        venues.add(account);
      }
  return { orders, venues: venues.size };
}

export function cancelWords({ orders, venues }: OpenCount): string {
  if (orders === 0) return "no orders rest; positions stay";
  const what = orders === 1 ? "1 order" : `${orders} orders`;
  return `cancel ${what} on ${venues === 1 ? "1 venue" : `${venues} venues`}; positions stay`;
}

/** The graded stops, from the whole desk down. */
export function stopChoices(desk: DeskView | undefined): readonly StateChoice[] {
  const choices: StateChoice[] = [
    {
      key: "desk KILLED",
      label: "Stop everything",
      detail: `${cancelWords(countQuotes(desk))}; latched until an operator arms it`,
      scope: DESK_SCOPE,
      state: "KILLED",
    },
    {
      key: "desk PAUSED",
      label: "Pause the desk",
      detail: `${cancelWords(countQuotes(desk))}; one command resumes`,
      scope: DESK_SCOPE,
      state: "PAUSED",
    },
    {
      key: "desk REDUCE_ONLY",
      label: "Only reduce",
      detail: "quote only what brings inventory down",
      scope: DESK_SCOPE,
      state: "REDUCE_ONLY",
    },
  ];
  for (const { account } of desk?.accounts ?? []) {
    const open = countQuotes(desk, (at) => at === account);
    choices.push({
      key: `account ${account}`,
      label: `Stop ${venueName(account)}`,
      detail: `${cancelWords(open)}; latched`,
      scope: { level: "account", account },
      state: "KILLED",
    });
  }
  for (const { market } of desk?.markets ?? []) {
    const open = countQuotes(desk, (_, of) => of === market);
    choices.push({
      key: `market ${market}`,
      label: `Pause ${market}`,
      detail: `${cancelWords(open)}; one command resumes`,
      scope: { level: "market", market },
      state: "PAUSED",
    });
  }
  return choices;
}

/** Scopes that are not ACTIVE, with the way back: arming for the latched ones, resuming for the others. */
export function lifts(desk: DeskView | undefined): readonly StateChoice[] {
  if (desk === undefined) return [];
  const scopes: { readonly name: string; readonly scope: StateScope; readonly state: TradingState }[] = [
    { name: "the desk", scope: DESK_SCOPE, state: desk.state },
    ...desk.accounts.map(({ account, state }) => ({
      name: venueName(account),
      scope: { level: "account", account } as const,
      state,
    })),
    ...desk.markets.map(({ market, state }) => ({
      name: market,
      scope: { level: "market", market } as const,
      state,
    })),
  ];
  return scopes
    .filter(({ state }) => state !== "ACTIVE")
    .map(({ name, scope, state }) => ({
      key: `lift ${name}`,
      label: isLatched(state) ? `Arm ${name}` : `Resume ${name}`,
      detail: `${name} is ${stateWord(state)} now`,
      scope,
      state,
    }));
}

export function isLatched(state: TradingState): boolean {
  return state === "DISARMED" || state === "KILLED";
}

export function stateWord(state: TradingState): string {
  return state.replace("_", " ");
}

export function stateTone(state: TradingState): Tone {
  switch (state) {
    case "ACTIVE":
      return "ok";
    case "REDUCE_ONLY":
    case "PAUSED":
      return "attention";
    case "DISARMED":
    case "KILLED":
      return "danger";
  }
}

/** Since when the desk is in its state. Undefined where no line says so: a start keeps what an earlier run was in. */
export function stateSinceUs(
  state: TradingState,
  audit: readonly LogTopicLines["audit"][] | undefined,
  system: Pick<SystemView, "epoch" | "startedAtUs"> | undefined,
): number | undefined {
  const changes = audit?.filter((line) => line.type === "tradingState") ?? [];
  const change = changes.findLast(({ scope }) => scope === "desk");
  if (change !== undefined) return change.after === state ? change.atUs : undefined;
  // A desk's first run begins so, and no line tells it.
  return state === "DISARMED" && system?.epoch === 1 ? system.startedAtUs : undefined;
}

export interface VenueLight {
  readonly account: string;
  readonly tone: Tone;
  readonly text: string;
}

/** One light per venue account: reconciled or not, and how old its youngest book is. */
export function venueLights(desk: DeskView): readonly VenueLight[] {
  return desk.accounts.map(({ account, status, state, halted, brokenBy }) => {
    const ages = desk.markets.flatMap((market) =>
      market.instruments.flatMap((one) =>
        one.account === account && one.channelAgeMs !== undefined ? [one.channelAgeMs] : [],
      ),
    );
    const age = ages.length === 0 ? undefined : Math.min(...ages);
    if (isLatched(state)) return { account, tone: "danger", text: stateWord(state) };
    if (halted !== undefined) return { account, tone: "danger", text: "halted" };
    if (status !== "READY")
      return { account, tone: "attention", text: brokenBy === undefined ? statusWord(status) : "break" };
    if (age === undefined) return { account, tone: "attention", text: "no feed" };
    if (age > FEED_SLOW_MS) return { account, tone: "attention", text: `${(age / 1_000).toFixed(1)} s` };
    return { account, tone: "ok", text: "" };
  });
}

/** Every venue of the desk says something several times a second: past this the eye should go there. */
const FEED_SLOW_MS = 1_000;

function statusWord(status: string): string {
  return status.toLowerCase().replace("_", " ");
}
