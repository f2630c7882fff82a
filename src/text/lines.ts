import { clean } from './clean.ts';
import { type Paint, type Paper, paint } from './paper.ts';
import { wrap } from './width.ts';

/** `text` with its commands as they are typed here, cleaned and wrapped to the paper behind `indent` blanks. */
export function say(text: string, indent: number, paper: Paper, as: Paint = 'plain'): string[] {
  const room = Math.max(8, paper.width - indent);
  return wrap(clean(asTyped(text, paper), 1000), room).map((line) => ' '.repeat(indent) + paint(line, as, paper));
}

/** As `say`, cut to one line. */
export function sayOnce(text: string, indent: number, paper: Paper, as: Paint = 'plain'): string {
  return ' '.repeat(indent) + paint(clean(asTyped(text, paper), Math.max(1, paper.width - indent)), as, paper);
}

function asTyped(text: string, { typed }: Paper): string {
  return typed === undefined ? text : typed(text);
}

/** A titled block of lines with a blank line before it; nothing when there are no lines. */
export function block(title: string, lines: readonly string[], paper: Paper): string[] {
  return lines.length === 0 ? [] : ['', paint(title, 'bold', paper), ...lines];
}
