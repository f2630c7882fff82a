/** How many random cases a property is tried with: a few here; `npm run test:long` sets PROPERTY_RUNS to many. */
export function runs(few: number): number {
  return Number(process.env['PROPERTY_RUNS'] ?? few);
}
