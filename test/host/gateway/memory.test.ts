import { expect, onTestFinished, test } from 'vitest';
import { gatewayMemory } from '../../../src/host/gateway/memory.ts';
import { listProcesses, readProcess } from '../../../src/host/processes.ts';
import { freePort } from '../../helpers/daemon.ts';
import { installed, placeOf, running } from './places.ts';

const MB = 1024 * 1024;

async function identityOf(pid: number) {
  const facts = await readProcess(pid);
  if (facts === undefined) throw new Error(`no process ${pid}`);
  return facts;
}

test('the memory of a gateway is that of its wrapper, its child and their workers, whichever of them is known', async () => {
  const fake = installed('clawdbot', await freePort());
  const place = await placeOf(fake);
  const { pid } = await running(fake, ['--orphan', '--leak', '120']);
  const [child] = (await listProcesses()).filter(({ ppid }) => ppid === pid);
  if (child === undefined) throw new Error('the wrapper has no child');
  // It would outlive its wrapper.
  onTestFinished(() => void process.kill(child.pid, 'SIGKILL'));
  for (const one of [await identityOf(pid), child]) {
    const memory = await gatewayMemory(place, one);
    expect(memory).toMatchObject({ processes: 2 });
    expect(memory?.memoryBytes).toBeGreaterThan((await identityOf(child.pid)).rssBytes);
    expect(memory?.memoryBytes).toBeGreaterThan(120 * MB);
  }
});

test('what started a gateway is not of it, and one that is gone has none', async () => {
  const fake = installed('openclaw', await freePort());
  const place = await placeOf(fake);
  const { pid } = await running(fake);
  const own = await identityOf(pid);
  expect(await gatewayMemory(place, own)).toMatchObject({ processes: 1 });
  expect(await gatewayMemory(place, { ...own, startToken: 'another' })).toBeUndefined();
});
