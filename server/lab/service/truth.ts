/** Asks a running lab what its accounts really hold: for tests, the doctor and the recovery soak. */
import { LAB_PROTOCOL } from "../../contract/labWire.ts";
import type { FillsCursor, LabClientFrame, LabServerFrame, TruthPage } from "../../contract/labWire.ts";
import { UserError } from "../../contract/errors.ts";
import { readAddress } from "../../host/addressFile.ts";
import { frameClient } from "../../host/frameClient.ts";
import { readDeskFile } from "../../host/deskHome.ts";

const ANSWER_WITHIN_MS = 10_000;

type AccountTruth = Omit<TruthPage, "next">;

/** By account. Throws a UserError when the lab does not answer. */
export async function readLabTruth(home: string): Promise<Map<string, AccountTruth>> {
  const names = readDeskFile(home).config.accounts.map(({ account }) => account);
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
  const answer = () =>
    new Promise<LabServerFrame>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new UserError("the lab does not answer: restart it")),
        ANSWER_WITHIN_MS,
      );
      settle = (frame) => {
        clearTimeout(timer);
        if (frame instanceof Error) reject(frame);
        else if (frame.type === "refused") reject(new UserError(`the lab refuses: ${frame.text}`));
        else resolve(frame);
      };
    });
  const askPage = async (account: string, from: FillsCursor | undefined): Promise<TruthPage> => {
    client.send({ type: "truth", id: 0, account, from } satisfies LabClientFrame);
    const frame = await answer();
    if (frame.type !== "truth") throw new Error(`invariant: ${frame.type} is no answer`);
    return frame.page;
  };

  try {
    await answer();
    const truths = new Map<string, AccountTruth>();
    for (const account of names) {
      let { next, ...truth } = await askPage(account, undefined);
      while (next !== undefined) {
        const page = await askPage(account, next);
        truth = { ...page, fills: [...truth.fills, ...page.fills] };
        next = page.next;
      }
      truths.set(account, truth);
    }
    return truths;
  } finally {
    client.close();
  }
}
