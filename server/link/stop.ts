/**
 * A person's stop, the same for button and command line: latched on disk first, then told to the engine,
 * then followed until every venue account has been asked and nothing can come after it.
 */
import type { StateScope } from "../contract/commands.ts";
import type { CommandOutcome, EngineLink, StopReceipt } from "../contract/link.ts";
import { describeScope } from "../core/risk/tradingState.ts";
import { untilConnected } from "./client.ts";
import { clearLatch, readLatch, scopeKey, writeLatch, type LatchEntry } from "./latch.ts";
import { LinkError } from "./linkError.ts";
import { readProof } from "./stopProof.ts";

/** An engine that restarts is back within seconds; requests expire within two, unknown orders are asked about for longer. */
export const STOP_WAIT_MS = 30_000;

/** As long as the contract lets them be. */
const ACTOR_MAX = 64;
const REASON_MAX = 500;

/** A link that has just been made is connected within milliseconds: only then is the engine said not to answer. */
const CONNECT_WAIT_MS = 500;

/** The same command may be taken a moment later, or by the engine that starts next. */
const NOT_FINAL: ReadonlySet<string> = new Set(["STOPPING", "OVERLOADED"]);

/** Between two attempts to reach the engine, and between two looks at what is left. */
const RETRY_MS = 100;

export interface StopInput {
  readonly home: string;
  readonly link: EngineLink;
  /** The wall clock. */
  readonly nowMs: () => number;
  readonly scope: StateScope;
  readonly state?: "KILLED" | "DISARMED";
  readonly actor: string;
  readonly reason: string;
  /** A UUID; also the id of the command, so that a repeated stop is the same stop. */
  readonly receiptId: string;
  /** Hears of every step, the last one included. */
  readonly onProgress?: (receipt: StopReceipt) => void;
  readonly waitMs?: number;
}

/**
 * Resolves with the last receipt: complete when it has no `failure` and every account in it is sealed.
 * It never rejects for want of an engine: the receipt says what is unknown and what to do.
 */
export async function stopDesk(input: StopInput): Promise<StopReceipt> {
  const { home, link, nowMs, scope, state = "KILLED", receiptId, onProgress } = input;
  // No stop fails for what was typed beside it.
  const actor = input.actor.slice(0, ACTOR_MAX) || "unnamed";
  const reason = input.reason.slice(0, REASON_MAX) || "none given";
  const requestedAtMs = nowMs();
  const endsAtMs = requestedAtMs + (input.waitMs ?? STOP_WAIT_MS);
  let receipt: StopReceipt = {
    receiptId,
    scope: describeScope(scope),
    state,
    actor,
    reason,
    requestedAtMs,
    latchedAtMs: undefined,
    acknowledgedAtMs: undefined,
    failure: undefined,
    accounts: [],
  };
  const tell = (change: Partial<StopReceipt>): StopReceipt => {
    receipt = { ...receipt, ...change };
    onProgress?.(receipt);
    return receipt;
  };

  // A disk that refuses must not keep the engine from stopping.
  const entry = { receiptId, scope, state, actor, reason, atMs: requestedAtMs };
  let unlatched = latchOnDisk(home, entry);
  tell(unlatched === undefined ? { latchedAtMs: nowMs() } : { failure: unlatched });

  await untilConnected(link, Math.min(CONNECT_WAIT_MS, endsAtMs - requestedAtMs));
  const command = { type: "setTradingState", scope, state } as const;
  for (;;) {
    const answer = await attempt(() => link.command({ commandId: receiptId, actor, reason, command }));
    if (answer instanceof LinkError) {
      const latched =
        unlatched ?? "the stop is latched on disk and holds for an engine that starts from here on";
      const failure = `no answer from the engine (${answer.message}); ${latched}. Orders may still rest at the venues: look at each venue, and run npm run desk -- status`;
      if (answer.code === "REFUSED" || nowMs() >= endsAtMs) return tell({ failure });
      if (receipt.failure !== failure) tell({ failure });
      await pause();
      continue;
    }
    if (!answer.accepted) {
      // A scope that does not exist has nothing to hold; any other no leaves the latch where it is.
      if (answer.code === "UNKNOWN_SCOPE" && unlatched === undefined)
        clearLatch(home, scopeKey(scope), receiptId);
      const failure = `${answer.code}: ${answer.text}`;
      if (!NOT_FINAL.has(answer.code) || nowMs() >= endsAtMs) return tell({ failure });
      if (receipt.failure !== failure) tell({ failure });
      await pause();
      continue;
    }
    // An arm from before the engine heard of this stop may have taken its entry for one that it armed.
    const isOnDisk = readLatch(home).entries.some((other) => scopeKey(other.scope) === scopeKey(scope));
    if (unlatched === undefined && !isOnDisk) unlatched = latchOnDisk(home, entry);
    tell({ acknowledgedAtMs: nowMs(), failure: unlatched });
    break;
  }

  for (;;) {
    const proof = await attempt(() => readProof(link, scope, receipt.accounts));
    if (!(proof instanceof LinkError)) {
      if (JSON.stringify(proof) !== JSON.stringify(receipt.accounts)) tell({ accounts: proof });
      if (proof.every((account) => account.sealedAtUs !== undefined)) return tell({ failure: unlatched });
    }
    if (nowMs() >= endsAtMs) {
      const open = receipt.accounts.filter((account) => account.sealedAtUs === undefined);
      const names = open.map(({ account }) => account).join(", ");
      const why = proof instanceof LinkError ? proof.message : `${names} is not sealed`;
      return tell({
        failure: `stopped, but not proven in time (${why}): look at the open orders there, and run npm run desk -- status`,
      });
    }
    await pause();
  }
}

/**
 * Arms through the engine; the latch of the scope is cleared only once it has accepted. Sent again with its id it
 * changes nothing, and is refused with STOPPED_SINCE where a stop came after it.
 */
export async function armDesk({
  home,
  link,
  scope,
  actor,
  reason,
  commandId,
}: {
  readonly home: string;
  readonly link: EngineLink;
  readonly scope: StateScope;
  readonly actor: string;
  readonly reason: string;
  readonly commandId: string;
}): Promise<CommandOutcome> {
  const key = scopeKey(scope);
  // A stop that is requested meanwhile writes its own entry, which is not this command's to clear.
  const latched = readLatch(home).entries.find((entry) => scopeKey(entry.scope) === key);
  const outcome = await link.command({ commandId, actor, reason, command: { type: "arm", scope } });
  // Accepted: not latched in the engine, even when the command is a repetition. NOT_LATCHED: an earlier arm was cut
  // off before it came to the file.
  if (latched !== undefined && (outcome.accepted || outcome.code === "NOT_LATCHED"))
    clearLatch(home, key, latched.receiptId);
  return outcome;
}

/** Undefined when it is there, else why not. */
function latchOnDisk(home: string, entry: LatchEntry): string | undefined {
  try {
    writeLatch(home, entry);
    return undefined;
  } catch (error) {
    return `the latch is not on disk (${messageOf(error)}): the stop may not survive a restart`;
  }
}

/** An engine that does not answer is an outcome here. */
async function attempt<A>(ask: () => Promise<A>): Promise<A | LinkError> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LinkError) return error;
    throw error;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
