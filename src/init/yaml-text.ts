/** Text for a YAML file: what needs no quotes gets none, all else is a double-quoted string, which JSON's is too. */
export function scalar(text: string): string {
  // Our own loader replaces ${NAME}; `$${` is the characters themselves.
  const literal = text.replaceAll('${', () => '$${');
  return isPlain(literal) ? literal : quote(literal);
}

function isPlain(text: string): boolean {
  if (/^https?:\/\/[\w.-]+(:\d+)?\/[\w./-]*$/.test(text)) return true;
  if (/^(true|false|yes|no|on|off|null|~|y|n)$/i.test(text)) return false;
  return /^([A-Za-z_/]|~\/|\.{0,2}\/)[\w./@+-]*$/.test(text);
}

/** JSON leaves some characters as they are that YAML does not print (YAML 1.2, 5.1) or takes for line ends. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\p{Cf}\p{Cs}]/gu,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}${low(each)}`,
  );
}

/** The second half of what JavaScript keeps as two. */
function low(each: string): string {
  return each.length < 2 ? '' : `\\u${each.charCodeAt(1).toString(16).padStart(4, '0')}`;
}

/** `[a, "b c"]` */
export function list(words: readonly string[]): string {
  return `[${words.map(scalar).join(', ')}]`;
}

/** Comment lines of at most 100 columns. What is quoted from the host cannot end the comment. */
export function comment(text: string, indent = 0): readonly string[] {
  const room = 98 - indent;
  const lines: string[] = [];
  for (const word of text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => `${' '.repeat(indent)}# ${line}`);
}
