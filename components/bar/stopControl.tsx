"use client";

import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { StateScope } from "../../server/contract/commands.ts";
import type { StopReceipt } from "../../server/contract/link.ts";
import { errorCode, useTRPCClient } from "../session/api.tsx";
import { refusalText } from "../session/queryState.ts";
import { isLatched, type StateChoice } from "./words.ts";
import { toast } from "../ui/toast.tsx";

/** A stop is under a second in the normal case: each step of it should be seen. */
const RECEIPT_POLL_MS = 200;

/** A press is answered within half a second. */
const FIRST_RECEIPT_MAX_MS = 5_000;

const LOST_RECEIPT =
  "The web server was restarted and has lost this receipt. The latch on disk holds: state and venues in the bar say what is true now.";

type OpenState = "ACTIVE" | "REDUCE_ONLY" | "PAUSED";

/** The stop that this browser asked for last, until a person closes it. */
export interface ShownStop {
  readonly receiptId: string;
  readonly sentAtMs: number;
  readonly receipt: StopReceipt | undefined;
  /** The request itself got no answer: nothing is known of what it did. */
  readonly failure: string | undefined;
}

interface StopControl {
  readonly shown: ShownStop | undefined;
  readonly act: (choice: StateChoice) => void;
  readonly dismiss: () => void;
  /** Arms or resumes; resolves with the refusal's text, or undefined when it was accepted. */
  readonly lift: (choice: StateChoice, reason: string) => Promise<string | undefined>;
}

const StopContext = createContext<StopControl | undefined>(undefined);

export function useStopControl(): StopControl {
  const control = useContext(StopContext);
  if (control === undefined) throw new Error("useStopControl outside of StopProvider");
  return control;
}

export function StopProvider({ children }: { readonly children: ReactNode }) {
  const client = useTRPCClient();
  const [shown, setShown] = useState<ShownStop>();
  const poll = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(poll.current), []);

  /** Changes the receipt on screen, unless a later stop or a person has replaced it. */
  const change = useCallback((receiptId: string, next: Partial<ShownStop>) => {
    setShown((now) => (now?.receiptId === receiptId ? { ...now, ...next } : now));
  }, []);

  const follow = useCallback(
    (receiptId: string, sentAtMs: number) => {
      clearTimeout(poll.current);
      poll.current = setTimeout(() => {
        client.killSwitch.receipt.query({ receiptId }).then(
          (receipt) => {
            change(receiptId, { receipt, failure: undefined });
            if (!isComplete(receipt)) follow(receiptId, sentAtMs);
          },
          (error: unknown) => {
            // The request itself may still be on its way; later, a server that does not know it was restarted.
            if (errorCode(error) === "NOT_FOUND" && Date.now() - sentAtMs > FIRST_RECEIPT_MAX_MS) {
              change(receiptId, { failure: LOST_RECEIPT });
              return;
            }
            follow(receiptId, sentAtMs);
          },
        );
      }, RECEIPT_POLL_MS);
    },
    [client, change],
  );

  const stop = useCallback(
    (scope: StateScope, state: "KILLED" | "DISARMED") => {
      const receiptId = crypto.randomUUID();
      setShown({ receiptId, sentAtMs: Date.now(), receipt: undefined, failure: undefined });
      follow(receiptId, Date.now());
      client.killSwitch.stop.mutate({ commandId: receiptId, reason: REASON, scope, state }).then(
        (receipt) => {
          change(receiptId, { receipt, failure: undefined });
          if (isComplete(receipt)) clearTimeout(poll.current);
        },
        (error: unknown) => change(receiptId, { failure: refusalText(error) }),
      );
    },
    [client, change, follow],
  );

  const setState = useCallback(
    async (scope: StateScope, state: OpenState, reason: string): Promise<string | undefined> => {
      try {
        await client.venues.setState.mutate({ commandId: crypto.randomUUID(), reason, scope, state });
        return undefined;
      } catch (error) {
        return refusalText(error);
      }
    },
    [client],
  );

  const act = useCallback(
    (choice: StateChoice) => {
      const { scope, state } = choice;
      if (state === "KILLED" || state === "DISARMED") {
        stop(scope, state);
        return;
      }
      void setState(scope, state, REASON).then((refusal) =>
        refusal === undefined
          ? toast("ok", `${choice.label}: the engine confirmed.`)
          : toast("danger", `${choice.label}: not done. ${refusal}`),
      );
    },
    [stop, setState],
  );

  const lift = useCallback(
    async (choice: StateChoice, reason: string): Promise<string | undefined> => {
      if (!isLatched(choice.state)) return setState(choice.scope, "ACTIVE", reason);
      try {
        await client.killSwitch.arm.mutate({ commandId: crypto.randomUUID(), reason, scope: choice.scope });
        return undefined;
      } catch (error) {
        return refusalText(error);
      }
    },
    [client, setState],
  );

  const dismiss = useCallback(() => {
    clearTimeout(poll.current);
    setShown(undefined);
  }, []);

  return <StopContext value={{ shown, act, dismiss, lift }}>{children}</StopContext>;
}

/** The button asks for no words: what matters then is time. */
const REASON = "from the bar";

/** Nothing more will change: refused for good, or every account is sealed. */
export function isComplete(receipt: StopReceipt): boolean {
  return (
    receipt.acknowledgedAtMs !== undefined &&
    receipt.accounts.length > 0 &&
    receipt.accounts.every((account) => account.sealedAtUs !== undefined)
  );
}
