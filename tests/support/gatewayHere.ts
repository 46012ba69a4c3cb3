import { createGateway } from "../../server/venues/ccxt/gateway/gateway.ts";
import type { FromGateway, GatewayOptions } from "../../server/venues/ccxt/ports.ts";
import type { GatewayThread } from "../../server/venues/ccxt/venue.ts";

export interface GatewayHere extends GatewayThread {
  /** Ends without a word, as a thread that is killed does. */
  die(): Promise<void>;
}

/** A gateway as it runs in a thread, in this one: messages take a turn of the loop each way. */
export function gatewayHere(clock: { nowUs(): number }): (options: GatewayOptions) => GatewayHere {
  return (options) => {
    const listeners: ((message: FromGateway) => void)[] = [];
    let isDead = false;
    const tell = (message: FromGateway): void =>
      void setImmediate(() => {
        if (!isDead) for (const listener of listeners) listener(message);
      });
    const gateway = createGateway(options, {
      nowUs: () => clock.nowUs(),
      monotonicMs: () => performance.now(),
      post: tell,
    });
    let ended: Promise<void> | undefined;
    const end = (): Promise<void> => (ended ??= gateway.close());
    void gateway.start();
    return {
      post(message) {
        setImmediate(() => {
          if (isDead) return;
          if (message.type === "close") void end().then(() => tell({ type: "closed" }));
          else gateway.hear(message);
        });
      },
      onMessage: (listener) => void listeners.push(listener),
      onExit: () => undefined,
      end,
      async die() {
        isDead = true;
        await end();
      },
    };
  };
}
