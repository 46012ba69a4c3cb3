import { expect, it } from "vitest";
import { determinant } from "../../../../server/core/linear/determinant.ts";

it.each([
  { name: "the empty matrix", matrix: [], size: 0, value: 1 },
  { name: "one element", matrix: [-3], size: 1, value: -3 },
  { name: "a matrix that needs a swap", matrix: [0, 2, 3, 4], size: 2, value: -6 },
  { name: "three by three", matrix: [2, -1, 0, 1, 3, 2, 0, 5, -4], size: 3, value: -48 },
  { name: "a singular matrix", matrix: [1, 2, 2, 4], size: 2, value: 0 },
])("the determinant of $name is $value", ({ matrix, size, value }) => {
  expect(determinant(Float64Array.from(matrix), size)).toBeCloseTo(value, 12);
});
