/** Local wall time for people, 24-hour: "13:17", or "13:17:04" where seconds matter. `at` is ms since 1970. */
export function clockTime(at: number, withSeconds = false): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
