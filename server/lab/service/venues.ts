/** What the lab service needs of its venues, however a desk reaches them. */
import type { LabCommand, LabOutcome } from "../../contract/labControl.ts";
import type { SimulatedExchange } from "../ports.ts";
import type { Sessions, TradingDesk } from "./sessions.ts";

export interface LabVenues {
  /** By position of the account. */
  readonly exchanges: readonly SimulatedExchange[];
  /** Fills, orders and balances of all that has happened are in the store after this. */
  persist(): void;
  /** For a desk that trades in the lab's own sessions; absent where the venues are on the wire. */
  readonly trading?: TradingDesk | undefined;
  readonly control?: ((command: LabCommand) => LabOutcome) | undefined;
  /** By name of the venue, where they are on the wire. */
  readonly ports: Readonly<Record<string, number>>;
  /** Someone trades on the wire at this moment. */
  readonly hasClients: boolean;
  /** Time begins. */
  start(sessions: Sessions): void;
  stop(): Promise<void>;
}
