/** One socket of a client, as the channels see it. */
import type { WireKey } from "../ports.ts";

export type SocketSpace = "public" | "private" | "business";

/** What a client asked to be told of; echoed with all that it is told. */
export interface ChannelArg {
  readonly channel: string;
  readonly instId?: string | undefined;
  readonly instType?: string | undefined;
  readonly ccy?: string | undefined;
}

export interface Session {
  readonly connId: string;
  readonly space: SocketSpace;
  readonly key: WireKey | undefined;
  /** JSON is sent as it is. */
  send(message: object | string, kind: "feed" | "report" | "answer"): void;
}

/** The same channel twice is one subscription. */
export function argKey({ channel, instId = "", instType = "", ccy = "" }: ChannelArg): string {
  return `${channel} ${instType} ${instId} ${ccy}`;
}
