/** A word of a unit's command line (systemd.service(5), "Command lines"): quoted, and with no specifier or variable in it. */
export function unitWord(word: string): string {
  return `"${escaped(word).replaceAll('$', () => '$$')}"`;
}

/** A value of `Environment=`, where `$` means nothing (systemd.exec(5)). */
export function unitValue(value: string): string {
  return `"${escaped(value)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
}

/** The words of a command line as `unitWord` writes them; other ways to quote are not read. */
export function unitWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    (quoted ?? plain ?? '')
      .replace(/\\(.)/g, '$1')
      .replaceAll('%%', '%')
      .replaceAll('$$', () => '$'),
  );
}

export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function fromXmlText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
