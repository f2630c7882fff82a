/** As the beginning of a sentence; the name of a unit, a file or a command stays as it is written. */
export function capital(text: string): string {
  return /^[a-z]+(?=[\s,;:]|$)/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}
