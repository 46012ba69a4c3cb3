import { expect, it } from "vitest";
import type { QueryEffect } from "../../../../server/contract/effects.ts";
import type { LabEvent } from "../../../../server/contract/labWire.ts";
import { Questions } from "../../../../server/lab/service/questions.ts";

const OPEN_ORDERS: QueryEffect = { type: "query", what: "openOrders", account: 0 };

function openOrders(askedAtUs: number, account = 0): LabEvent {
  return { type: "openOrders", account, askedAtUs, orders: [] };
}

function status(clientId: string, askedAtUs: number): LabEvent {
  return { type: "orderStatus", account: 0, clientId, askedAtUs, answer: { found: false } };
}

it("gives each answer the desk's instant of its own question", () => {
  const questions = new Questions();
  questions.asked(OPEN_ORDERS, 10, 1_010);
  questions.asked({ ...OPEN_ORDERS, account: 1 }, 10, 1_011);
  questions.asked({ type: "query", what: "order", account: 0, clientId: "a", placedAtUs: 0 }, 11, 1_012);
  questions.asked({ type: "query", what: "order", account: 0, clientId: "b", placedAtUs: 0 }, 11, 1_013);
  expect(questions.answered(openOrders(10, 1))).toMatchObject({ askedAtUs: 1_011 });
  expect(questions.answered(openOrders(10))).toMatchObject({ askedAtUs: 1_010 });
  expect(questions.answered(status("b", 11))).toMatchObject({ askedAtUs: 1_013 });
});

it("answers two questions of one instant in their order", () => {
  const questions = new Questions();
  questions.asked(OPEN_ORDERS, 10, 1_010);
  questions.asked(OPEN_ORDERS, 10, 1_020);
  expect(questions.answered(openOrders(10))).toMatchObject({ askedAtUs: 1_010 });
  expect(questions.answered(openOrders(10))).toMatchObject({ askedAtUs: 1_020 });
});

it("drops an answer that nobody of this session asked for, and keeps waiting for its own", () => {
  const questions = new Questions();
  questions.asked(OPEN_ORDERS, 20, 1_020);
  expect(questions.answered(openOrders(10))).toBeUndefined();
  expect(questions.answered(openOrders(20))).toMatchObject({ askedAtUs: 1_020 });
  expect(questions.answered(openOrders(20))).toBeUndefined();
});

it("goes on after an answer that got lost", () => {
  const questions = new Questions();
  questions.asked(OPEN_ORDERS, 10, 1_010);
  questions.asked(OPEN_ORDERS, 20, 1_020);
  expect(questions.answered(openOrders(20))).toMatchObject({ askedAtUs: 1_020 });
});

it("passes what is no answer, balances that were not asked for among it", () => {
  const questions = new Questions();
  const balances: LabEvent = { type: "balances", account: 0, balances: [] };
  expect(questions.answered(balances)).toBe(balances);
  const up: LabEvent = { type: "account", account: 0, status: "up" };
  expect(questions.answered(up)).toBe(up);
});
