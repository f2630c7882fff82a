import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { GatewayPlace } from '../../../src/core/gateway.ts';
import { findGateway } from '../../../src/host/gateway/find-gateway.ts';
import { type FakeGateway, installGateway } from '../../fixtures/gateway/install.ts';
import { type Running, startProgram } from '../../fixtures/start.ts';

/** A folder that is gone when the test has ended. */
export function room(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-gateway-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A gateway that is laid out in a folder of its own and does not run yet. */
export function installed(brand: FakeGateway['brand'], port = 0): FakeGateway & { readonly home: string } {
  const home = room();
  return { ...installGateway(home, brand, port), home };
}

/** Runs it until the test ends. `port 0` in its config lets it take any. */
export async function running(fake: FakeGateway, flags: readonly string[] = [], ready = true): Promise<Running> {
  const env = { ...process.env, ...fake.env };
  const one = await startProgram(process.execPath, [fake.entry, 'gateway', ...flags], { env, ready });
  onTestFinished(one.stop);
  return one;
}

export async function placeOf(fake: FakeGateway & { readonly home: string }): Promise<GatewayPlace> {
  const place = await findGateway({ env: fake.env, homeFolder: fake.home });
  if (place === undefined) throw new Error('no gateway was found');
  return place;
}
