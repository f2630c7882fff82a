import * as v from 'valibot';
import type { Alert } from '../core/state.ts';
import type { Same } from './same.ts';

const time = v.pipe(v.number(), v.finite());

/** An entry of alert-pending.json. */
export const AlertSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  key: v.string(),
  kind: v.picklist(['opened', 'escalated', 'reminder', 'failed', 'resolved']),
  severity: v.picklist(['warning', 'critical']),
  target: v.string(),
  incident: v.string(),
  title: v.string(),
  body: v.string(),
  since: time,
  createdAt: time,
  evidence: v.array(v.string()),
  tried: v.array(v.string()),
  next: v.string(),
  doThis: v.string(),
});

true satisfies Same<v.InferOutput<typeof AlertSchema>, Alert>;
