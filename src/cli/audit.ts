import { existsSync } from 'node:fs';
import { ERRORS } from '../errors.ts';
import { verifyAudit } from '../store/audit-verify.ts';
import { pathsOf } from '../store/home.ts';
import { clean } from '../text/clean.ts';
import type { Context } from './context.ts';

/** `audit verify`, also without the word. Ends with 73 (AUDIT_DAMAGED) when the chain is broken. */
export async function run(context: Context): Promise<number> {
  const { audit } = pathsOf(context.home);
  if (!existsSync(audit)) {
    if (context.json) context.outJson({ ok: true, lines: 0 });
    else context.out('There is no audit yet: nothing was done.\n');
    return 0;
  }
  const report = await verifyAudit(audit);
  if (context.json) context.outJson(report);
  else if (report.firstBad === undefined) {
    const from = report.firstSeq !== undefined && report.firstSeq > 1 ? `, from number ${report.firstSeq} on` : '';
    context.out(`The audit is whole: ${report.lines} lines${from}, each naming the one before.\n`);
    context.out(
      'This shows corruption and careless edits. It cannot show that an owner of this account wrote it all anew.\n',
    );
  } else {
    const { file, line, why } = report.firstBad;
    context.out(
      `AUDIT_DAMAGED ${clean(file)}:${line} ${clean(why)}\nnext: what stands before line ${line} is unharmed; compare the rest with a backup.\n`,
    );
  }
  return report.ok ? 0 : ERRORS.AUDIT_DAMAGED.exit;
}
