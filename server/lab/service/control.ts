/** Carries out what is ordered up at the lab. Nothing here can be reached from a venue's port. */
import type { EngineConfig } from "../../contract/config.ts";
import { UserError } from "../../contract/errors.ts";
import { PositiveDecimal } from "../../contract/instrument.ts";
import type { LabCommand, LabDescription, LabOutcome, MarketPlay } from "../../contract/labControl.ts";
import type { WireFaultPlan } from "../../contract/wireFaults.ts";
import { decimalToScaled } from "../../core/decimal.ts";
import type { LabCore } from "../wire/core/venueCore.ts";
import type { VenueHost } from "../wire/host/host.ts";

export interface ControlOptions {
  readonly config: Pick<EngineConfig, "accounts" | "assets" | "instruments">;
  readonly hosts: readonly VenueHost[];
  readonly describe: () => LabDescription;
  readonly nowUs: () => number;
  /** Throws a UserError for what this market cannot do. */
  readonly play: (play: MarketPlay) => void;
  /** Throws a UserError for a plan that names no venue of the lab. */
  readonly schedule: (plan: WireFaultPlan | undefined) => void;
}

/** Throws a UserError, and changes nothing, for what cannot be done. */
type Act = (command: LabCommand) => Omit<Extract<LabOutcome, { ok: true }>, "ok">;

export function createControl(options: ControlOptions): (command: LabCommand) => LabOutcome {
  const act = createAct(options);
  return (command) => {
    try {
      return { ok: true, ...act(command) };
    } catch (error) {
      if (error instanceof UserError) return { ok: false, text: error.message };
      throw error;
    }
  };
}

function createAct({ config, hosts, describe, nowUs, play, schedule }: ControlOptions): Act {
  function accountAt(name: string): { readonly account: number; readonly core: LabCore } {
    const account = config.accounts.findIndex((terms) => terms.account === name);
    const host = hosts.find(({ core }) => core.accounts.includes(account));
    if (host === undefined) throw new UserError(`no account ${name}`);
    return { account, core: host.core };
  }

  function coreOf(instrument: number): LabCore {
    const host = hosts.find(({ core }) => core.listings.some((listing) => listing.instrument === instrument));
    if (host === undefined) throw new UserError(`no instrument ${instrument}`);
    return host.core;
  }

  function atomsOf(asset: string, amount: string): bigint {
    const spec = config.assets.find((known) => known.asset === asset);
    if (spec === undefined) throw new UserError(`no asset ${asset}`);
    if (!PositiveDecimal.safeParse(amount.replace(/^-/, "")).success)
      throw new UserError(`${amount} is nothing`);
    return decimalToScaled(amount, spec.decimals);
  }

  function placeByHand({ do: _, account: name, ...order }: Extract<LabCommand, { do: "place" }>): object {
    const { account, core } = accountAt(name);
    const never = { selfTrade: "EXPIRE_TAKER", requestExpiresAtUs: Number.MAX_SAFE_INTEGER } as const;
    const outcome = core.place(account, { ...order, ...never });
    if (!outcome.ok) throw new UserError(`the order was refused: ${outcome.reason}`);
    return {};
  }

  return (command) => {
    switch (command.do) {
      case "describe":
        return { description: describe() };
      case "orders": {
        const { account, core } = accountAt(command.account);
        return { orders: core.orders(account, { limit: command.limit }) };
      }
      case "deposit": {
        const { account, core } = accountAt(command.account);
        core.deposit(account, command.asset, atomsOf(command.asset, command.amount));
        return {};
      }
      case "endWithdrawal": {
        const { account, core } = accountAt(command.account);
        const { withdrawalId, status } = command;
        if (core.endWithdrawal(account, withdrawalId, status) === undefined)
          throw new UserError(`no withdrawal ${withdrawalId} is pending`);
        return {};
      }
      case "take": {
        const { instrument, side, sizeLots, limitTicks } = command;
        const exchangeAtUs = nowUs();
        coreOf(instrument).moveMarket({ kind: "take", instrument, exchangeAtUs, side, sizeLots, limitTicks });
        return {};
      }
      case "rest": {
        const { instrument, side, priceTicks, sizeLots } = command;
        const level = [priceTicks, sizeLots];
        const [bids, asks] = side === "buy" ? [level, []] : [[], level];
        coreOf(instrument).moveMarket({ kind: "delta", instrument, exchangeAtUs: nowUs(), bids, asks });
        return {};
      }
      case "place":
        return placeByHand(command);
      case "cancel": {
        const { account, core } = accountAt(command.account);
        const outcome = core.cancel(account, { clientId: command.clientId });
        if (!outcome.ok) throw new UserError(`the cancel was refused: ${outcome.reason}`);
        return {};
      }
      case "list":
        coreOf(command.instrument).relist(command.instrument, command.change);
        return {};
      case "market":
        play(command.play);
        return {};
      case "fault": {
        const host = hosts.find(({ core }) => core.venue === command.venue);
        if (host === undefined) throw new UserError(`no venue ${command.venue}`);
        host.fault(command.fault);
        return {};
      }
      case "schedule":
        schedule(command.plan);
        return {};
    }
  };
}
