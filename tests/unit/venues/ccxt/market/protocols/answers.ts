/** ccxt's implicit methods, answered here. */
import type { CcxtInstance } from "../../../../../../server/venues/ccxt/gateway/ccxt.ts";

export function answering(endpoint: string, answer: unknown): CcxtInstance {
  const call = (params: unknown): Promise<unknown> =>
    Promise.resolve().then(() =>
      typeof answer === "function" ? (answer as (params: unknown) => unknown)(params) : answer,
    );
  return { [endpoint]: call } as unknown as CcxtInstance;
}

export function failing(endpoint: string): CcxtInstance {
  return { [endpoint]: () => Promise.reject(new Error("the venue is down")) } as unknown as CcxtInstance;
}
