/** From the options of a study (zod) to flags of the command line, and from their text to checked values. */
import { InvalidArgumentError, type Command } from "commander";
import { z } from "zod";
import type { Study } from "../replay/studies/study.ts";

/** One flag per option: `halfLifeS` becomes `--half-life-s`, `A` becomes `--A`. */
export function addStudyFlags(command: Command, { options }: Study): void {
  for (const [key, schema] of Object.entries(options.shape)) {
    const help = describe(schema);
    if (accepts(schema, true)) command.option(flagOf(key), help);
    else if (accepts(schema, [""]))
      command.option(`${flagOf(key)} <value>`, help, (text: string, before: unknown) =>
        Array.isArray(before) ? [...(before as string[]), text] : [text],
      );
    else command.option(`${flagOf(key)} <value>`, help, (text: string) => parseText(schema, text));
  }
}

export function flagOf(key: string): string {
  const words = key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${words}`;
}

/** A value as it would be typed. */
export function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Words stay words where the option takes words: a folder may be called 2024. */
function parseText(schema: z.core.$ZodType, text: string): unknown {
  const asText = z.safeParse(schema, text);
  if (asText.success) return asText.data;
  const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
  const parsed = number === undefined ? asText : z.safeParse(schema, number);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues.map((issue) => issue.message).join("; "));
}

function describe(schema: z.core.$ZodType): string {
  const words = z.globalRegistry.get(schema)?.description ?? "";
  const byDefault = z.safeParse(schema, undefined);
  if (!byDefault.success || byDefault.data === undefined || byDefault.data === false) return words;
  return `${words} (default: ${wordsOf(byDefault.data)})`;
}

function accepts(schema: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}
