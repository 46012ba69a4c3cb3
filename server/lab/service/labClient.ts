/** A client of a running lab, for whoever does not trade in it: asks one thing after the other. */
import { UserError } from "../../contract/errors.ts";
import type { LabCommand, LabOutcome } from "../../contract/labControl.ts";
import { LAB_PROTOCOL } from "../../contract/labWire.ts";
import type { FillsCursor, LabClientFrame, LabServerFrame, TruthPage } from "../../contract/labWire.ts";
import { readAddress } from "../../host/addressFile.ts";
import { frameClient } from "../../host/frameClient.ts";

const ANSWER_WITHIN_MS = 10_000;

export type AccountTruth = Omit<TruthPage, "next">;

export interface LabClient {
  /** Everything that the account ever filled, what it holds and what rests. */
  truth(account: string): Promise<AccountTruth>;
  /** Orders something up at a lab whose venues are on the wire. */
  control(command: LabCommand): Promise<LabOutcome>;
  close(): void;
}

type Question = Asked<Extract<LabClientFrame, { readonly id: number }>>;
type Asked<F> = F extends unknown ? Omit<F, "id"> : never;

/** Throws a UserError, then and at every question, when the lab does not answer. */
export async function openLabClient(home: string): Promise<LabClient> {
  const address = readAddress(home, "lab");
  if (address === undefined) throw new UserError(`no lab runs for ${home}: start it with npm start`);
  let settle: ((frame: LabServerFrame | Error) => void) | undefined;
  const client = frameClient({
    address: () => address,
    onOpen: (connection) =>
      connection.send({
        type: "hello",
        protocol: LAB_PROTOCOL,
        token: address.token,
      } satisfies LabClientFrame),
    onFrame: (frame) => settle?.(frame as LabServerFrame),
    onClose: ({ text }) => settle?.(new UserError(`the lab has ended the connection: ${text}`)),
  });
  const answer = (isOurs: (frame: LabServerFrame) => boolean): Promise<LabServerFrame> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new UserError("the lab does not answer: restart it")),
        ANSWER_WITHIN_MS,
      );
      settle = (frame) => {
        const isError = frame instanceof Error || frame.type === "refused";
        // The answer to an earlier question that we have given up.
        if (!isError && !isOurs(frame)) return;
        clearTimeout(timer);
        if (frame instanceof Error) reject(frame);
        else if (frame.type === "refused") reject(new UserError(`the lab refuses: ${frame.text}`));
        else resolve(frame);
      };
    });
  let lastId = 0;
  let last: Promise<unknown> = answer(() => true).catch((error: unknown) => {
    client.close();
    throw error;
  });
  await last;

  /** One question at a time: answers come in order, and carry no more than they must. */
  function ask(question: Question): Promise<LabServerFrame> {
    const id = ++lastId;
    const asked = last.then(() => {
      client.send({ ...question, id } satisfies LabClientFrame);
      return answer((frame) => "id" in frame && frame.id === id);
    });
    last = asked.catch(() => undefined);
    return asked;
  }

  async function page(account: string, from: FillsCursor | undefined): Promise<TruthPage> {
    const frame = await ask({ type: "truth", account, from });
    if (frame.type !== "truth") throw new Error(`invariant: ${frame.type} is no answer`);
    return frame.page;
  }

  return {
    async truth(account) {
      let { next, ...truth } = await page(account, undefined);
      while (next !== undefined) {
        const more = await page(account, next);
        truth = { ...more, fills: [...truth.fills, ...more.fills] };
        next = more.next;
      }
      const { balances, openOrders, fills } = truth;
      return { balances, openOrders, fills };
    },
    async control(command) {
      const frame = await ask({ type: "control", command });
      if (frame.type !== "controlled") throw new Error(`invariant: ${frame.type} is no answer`);
      return frame.outcome;
    },
    close: () => client.close(),
  };
}
