import { ERRORS } from '../src/errors.ts';

/** docs/errors.md: every error a person can meet, from the registry. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { exit, summary }]) => `| \`${code}\` | ${exit} | ${summary} |`);
  return `# Errors

Generated from \`src/errors.ts\` by \`npm run generate\`. Do not edit.

Every error says a code, what is wrong and where, and on a line of its own what to do next. With \`--json\` it is an
object with \`code\`, \`message\` and \`hint\`. The exit status follows sysexits(3).

| code | exit | what it means |
| --- | --- | --- |
${rows.join('\n')}
`;
}
