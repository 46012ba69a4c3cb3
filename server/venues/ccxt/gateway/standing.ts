/**
 * Whether the account is up for the engine. Two things keep it down beside a lost stream: a key that may withdraw,
 * until its right is gone, and a venue that refuses the account, until the desk is started again: a key is read at a
 * start. While it is halted nothing is placed; cancels and questions still leave, and fills are told.
 */
import type { GatewayContext } from "../ports.ts";

const REFUSED = "the venue refuses this account: nothing is placed until the desk is started again";
const KEY_REFUSED = "the key of this account is not traded with: nothing is placed until that right is gone";

type StandingOptions = Pick<GatewayContext, "account" | "emit" | "connection" | "log">;

export class Standing {
  readonly #options: StandingOptions;
  #isSubscribed = false;
  #isUp = false;
  #toldHalt: string | undefined;
  /** That it does not open is said once, not with every attempt. */
  #isMissed = false;
  #halts = new Set<typeof REFUSED | typeof KEY_REFUSED>();

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  get isHalted(): boolean {
    return this.#halts.size > 0;
  }

  /** The private stream is subscribed, what was missed is told, and the key was found to be good. */
  subscribed(): void {
    this.#isSubscribed = true;
    this.#isMissed = false;
    this.#halts.delete(KEY_REFUSED);
    this.#options.log("info", "the private stream is subscribed");
    this.#tell();
  }

  lost(why: string): void {
    const text = this.#isSubscribed ? "the private stream is lost" : "the private stream does not open";
    if (this.#isSubscribed || !this.#isMissed) this.#options.log("warn", text, { why });
    this.#isMissed = !this.#isSubscribed;
    this.#isSubscribed = false;
    this.#tell();
  }

  /** Keys, permissions, a blocked account. */
  refused(why: string): void {
    this.#halt(REFUSED, why);
  }

  /** The key has more rights than it may have. */
  keyRefused(why: string): void {
    this.#halt(KEY_REFUSED, why);
  }

  #halt(halt: typeof REFUSED | typeof KEY_REFUSED, why: string): void {
    if (this.#halts.has(halt)) return;
    this.#halts.add(halt);
    this.#options.log("error", halt, { why });
    this.#tell();
  }

  #tell(): void {
    const { account, emit, connection } = this.#options;
    const isUp = this.#isSubscribed && !this.isHalted;
    const [halted] = this.#halts;
    if (this.#isUp === isUp && this.#toldHalt === halted) return;
    if (this.#isUp !== isUp) connection(isUp);
    this.#isUp = isUp;
    this.#toldHalt = halted;
    emit({ type: "account", account, status: isUp ? "up" : "down", ...(halted !== undefined && { halted }) });
  }
}
