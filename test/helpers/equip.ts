import { actions } from '../../actions/index.ts';
import type { Equip } from '../../src/config/sketch.ts';
import { createEquip } from '../../src/playbooks/equip.ts';
import { stockLibrary } from '../../src/playbooks/library.ts';
import { readShipped } from '../../src/playbooks/shipped.ts';

/** Playbooks as they are shipped. */
export async function shippedEquip(): Promise<Equip> {
  return createEquip(stockLibrary(await readShipped({ actions }), { readings: [], problems: [] }), actions);
}
