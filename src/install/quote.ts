/**
 * A command line of a unit (systemd.service(5), "Command lines"): every word quoted, and with no specifier or variable in it.
 * The path of the program is not searched for variables, so `$$` in it would stay two.
 */
export function unitCommand([program = '', ...words]: readonly string[]): string {
  return [unitValue(program), ...words.map((word) => `"${escaped(word).replaceAll('$', () => '$$')}"`)].join(' ');
}

/** A value of `Environment=`, where `$` means nothing (systemd.exec(5)). */
export function unitValue(value: string): string {
  return `"${escaped(value)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
}

/** The words of a command line as `unitCommand` writes them; other ways to quote are not read. */
export function unitWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain], at) => {
    const word = (quoted ?? plain ?? '').replace(/\\(.)/g, '$1').replaceAll('%%', '%');
    return at === 0 ? word : word.replaceAll('$$', () => '$');
  });
}

export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function fromXmlText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
