/** A request in the words of a common client, and what the venue has to say to it. */
import { expect } from "vitest";
import type { RawRequest } from "./rawClient.ts";

/** `ID` in a request is the venue's own id of the order before, which the body may be made with, too. */
export type Row = readonly [
  what: string,
  request: RawRequest,
  status: number,
  body: object | ((id: string) => object),
];

export const get = (path: string, params: RawRequest["params"] = {}): RawRequest => ({
  method: "GET",
  path,
  params,
});
export const post = (path: string, params: RawRequest["params"] = {}): RawRequest => ({
  method: "POST",
  path,
  params,
});
export const postList = (path: string, list: readonly object[]): RawRequest => ({
  method: "POST",
  path,
  list,
});
export const remove = (path: string, params: RawRequest["params"] = {}): RawRequest => ({
  method: "DELETE",
  path,
  params,
});
export const unsigned = (request: RawRequest): RawRequest => ({ ...request, isPublic: true });

export const text: unknown = expect.any(String);
export const number: unknown = expect.any(Number);
export const some = expect.arrayContaining([expect.anything()]) as object;
