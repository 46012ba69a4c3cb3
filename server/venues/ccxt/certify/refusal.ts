/** What a venue says to an order that it should refuse. */
import type { PlaceEffect } from "../../../contract/effects.ts";
import { answerOf } from "../gateway/instance.ts";
import { classify, isOfTime } from "../gateway/taxonomy.ts";
import { CheckError } from "./check.ts";
import { pastGateway } from "./past.ts";
import type { Trial } from "./trial.ts";

export interface Refusal {
  /** The venue's own words. */
  readonly text: string;
  readonly isDuplicate: boolean;
  readonly isForTime: boolean;
}

/** By a clock that is `behindUs` behind: what the venue says to it; a CheckError when it is taken. */
export async function refusalOf(trial: Trial, order: PlaceEffect, behindUs: number): Promise<Refusal> {
  const { exchange } = trial;
  const past = await pastGateway(trial, behindUs);
  try {
    await past.send(order);
  } catch (error) {
    const verdict = classify(exchange, error);
    const [told] = exchange.errorsOf(answerOf(error)?.body);
    const text =
      told === undefined ? (error instanceof Error ? error.message : "nothing") : `${told.code} ${told.text}`;
    if (verdict.kind === "unknown") throw new CheckError(`nobody knows what became of it: ${text}`);
    const isDuplicate =
      verdict.kind === "placed" || (verdict.kind === "refused" && verdict.reason === "DUPLICATE_ID");
    return { text, isDuplicate, isForTime: isOfTime(verdict) };
  }
  throw new CheckError("the venue took it");
}
