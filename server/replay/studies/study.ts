/** A study computes a claim about the models anew and shows it as numbers, tables and pictures. */
import type { TopLevelSpec } from "vega-lite";
import { z } from "zod";

export interface Study {
  /** What `desk study NAME` calls it. */
  readonly name: string;
  /** One line for the list of studies. */
  readonly summary: string;
  /** One flag of the command line per key; each has a description, and a default or `optional`. */
  readonly options: z.ZodObject;
  run(given: unknown, ports: StudyPorts): StudyResult | Promise<StudyResult>;
}

export interface StudyPorts {
  /** Where Crossdesk keeps its data; recordings of foreign folders are converted below it. */
  readonly home: string;
  /** Cheap enough for every slice of a loop; a bar appears when the work takes longer than two seconds. */
  progress(done: number, total: number, unit: string): void;
}

export interface StudyResult {
  /** What `--json` prints. */
  readonly json: object;
  readonly checks: readonly Check[];
  readonly tables: readonly Table[];
  readonly charts: readonly Chart[];
}

/** A statement that the numbers bear out or do not. */
export interface Check {
  readonly claim: string;
  readonly holds: boolean;
}

export interface Table {
  readonly title: string;
  /** Conventions and sources that the reader needs, below the table. */
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly title: string;
  /** Of the numbers in it; 3 without. */
  readonly decimals?: number;
}

/** Words, a figure, a figure with its interval, or nothing known. */
export type Cell = string | number | Interval | undefined;

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Chart {
  readonly title: string;
  /** What there is to see, for readers and for those who cannot see it. */
  readonly text: string;
  /** Vega-Lite with its data inside; colours and fonts come from the page (`chart.ts`). */
  readonly spec: TopLevelSpec;
}

/** Joins a study's options to its code: `run` gets them checked and with their defaults. */
export function defineStudy<Options extends z.ZodObject>(study: {
  readonly name: string;
  readonly summary: string;
  readonly options: Options;
  run(options: z.output<Options>, ports: StudyPorts): StudyResult | Promise<StudyResult>;
}): Study {
  const { name, summary, options } = study;
  return { name, summary, options, run: (given, ports) => study.run(options.parse(given), ports) };
}

/** A positive parameter of a model, of any size at which its formulas still have digits. */
export function modelNumber(): z.ZodNumber {
  return z.number().min(1e-9).max(1e9);
}
