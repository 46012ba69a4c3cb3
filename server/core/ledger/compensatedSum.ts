/**
 * A running float sum that does not lose small terms (Neumaier 1974): `carry` collects what each
 * addition rounds away, so the error stays near one rounding however many terms there are.
 */
export interface CompensatedSum {
  sum: number;
  carry: number;
}

export function createSum(): CompensatedSum {
  return { sum: 0, carry: 0 };
}

export function addTo(total: CompensatedSum, term: number): void {
  const next = total.sum + term;
  total.carry += Math.abs(total.sum) >= Math.abs(term) ? total.sum - next + term : term - next + total.sum;
  total.sum = next;
}

export function valueOf(total: CompensatedSum): number {
  return total.sum + total.carry;
}
