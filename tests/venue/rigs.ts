/**
 * Rigs for the cases of the suite: one that gentle cases share, and one of their own for those that break things. The
 * targets run side by side, each case of a target after the other.
 */
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { openLabRig } from "../support/venueRigLab.ts";
import { openWireRig } from "../support/venueRigWire.ts";
import { BTC } from "../support/venueRig.ts";
import { expectSoon } from "./expectSoon.ts";
import type { RigOptions, Target, VenueRig } from "../support/venueRig.ts";

/** A connection that fails at first is tried again, later each time. */
const OPEN_WITHIN_MS = 60_000;

export type WireTarget = Exclude<Target, "in-process">;

export async function openRig(target: Target, options: RigOptions = {}): Promise<VenueRig> {
  const rig = await (target === "in-process" ? openLabRig(options) : openWireRig(target, options));
  try {
    await expectSoon(() => rig.desk.isReady && rig.desk.hasBook(BTC), { withinMs: OPEN_WITHIN_MS }).toBe(
      true,
    );
    return rig;
  } catch (error) {
    await rig.close();
    throw error;
  }
}

/** For tests that break things: each opens its own, which ends with it. */
export function ownRigs<R extends VenueRig = VenueRig>(target: Target): (options?: RigOptions) => Promise<R> {
  let opened: VenueRig[] = [];
  afterEach(async () => {
    const rigs = opened;
    opened = [];
    await Promise.all(rigs.map((rig) => rig.close()));
  });
  return async (options) => {
    const rig = await openRig(target, options);
    opened.push(rig);
    return rig as R;
  };
}

/** One rig for all tests of a file, empty at the start of each; one that a test has spoilt is replaced. */
export function sharedRig(target: Target, options: RigOptions = {}): () => VenueRig {
  let rig: VenueRig | undefined;
  const close = async (): Promise<void> => {
    await rig?.close();
    rig = undefined;
  };
  beforeEach(async () => {
    rig ??= await openRig(target, options);
    const { desk } = rig;
    // What the case before has cut is back. Books may take longer: who needs one waits for it.
    await expectSoon(() => desk.isReady).toBe(true);
  });
  afterEach(async () => {
    if (rig === undefined) return;
    try {
      await rig.heal();
      for (const order of rig.desk.live) rig.desk.cancel(order);
      await agreed(rig);
      expect((await rig.truth()).openOrders).toEqual([]);
    } catch {
      await close();
    }
  });
  afterAll(close);
  return () => {
    if (rig === undefined) throw new Error("there is no rig");
    return rig;
  };
}

/** The engine knows what the venue knows: balances, every fill once, every order that rests and no other. */
export async function agreed(rig: VenueRig): Promise<void> {
  const { desk } = rig;
  try {
    await expectSoon(async () => desk.differences(await rig.truth())).toEqual([]);
  } catch (error) {
    throw new Error(
      ["they do not agree; the engine said", ...desk.notices.slice(-NOTICES_SHOWN)].join("\n"),
      {
        cause: error,
      },
    );
  }
}

const NOTICES_SHOWN = 12;

/** Base atoms that the account has gained since a truth before. */
export function gainedLots(before: Held, after: Held): bigint {
  return (heldBtc(after) - heldBtc(before)) / 100_000n;
}

interface Held {
  readonly balances: readonly { readonly asset: string; readonly totalAtoms: bigint }[];
}

function heldBtc({ balances }: Held): bigint {
  return balances.find(({ asset }) => asset === "BTC")?.totalAtoms ?? 0n;
}
