import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
/** Where this machine's Firefox is; the tests say so in their title when there is none. */
export const firefoxPath = [process.env['FIREFOX'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));
export const whyNoFirefox =
  firefoxPath === undefined ? ' (SKIPPED: no Firefox here; install firefox-esr or set FIREFOX)' : '';

/** A real Firefox, driven by its own remote protocol (Marionette): no driver has to be installed beside it. */
export type Firefox = {
  readonly open: (address: string) => Promise<void>;
  /** The value of an expression in the page, as JSON carries it. */
  readonly ask: (expression: string) => Promise<unknown>;
  readonly resize: (width: number, height: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'marionette.port': 0,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

export async function launchFirefox(): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'page-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const child = spawn(firefoxPath ?? '', ['--headless', '--no-remote', '--marionette', '--profile', profile], {
    stdio: 'ignore',
  });
  const close = async (): Promise<void> => {
    await ended(child);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const socket = connect(await portOf(join(profile, 'MarionetteActivePort')), '127.0.0.1');
    const send = conversation(socket);
    await send('WebDriver:NewSession', {});
    return {
      open: async (url) => void (await send('WebDriver:Navigate', { url })),
      ask: async (expression) =>
        answerOf(await send('WebDriver:ExecuteScript', { script: `return ${expression}`, args: [] })),
      resize: async (width, height) => void (await send('WebDriver:SetWindowRect', { width, height })),
      close: async () => {
        socket.destroy();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function portOf(file: string): Promise<number> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const port = existsSync(file) ? Number(await readFile(file, 'utf8')) : 0;
    if (port > 0) return port;
    await pause(50);
  }
  throw new Error('Firefox did not open its port');
}

/** Messages are `length:[type, id, error, result]`, in UTF-8. */
function conversation(socket: Socket): (command: string, parameters: unknown) => Promise<unknown> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let heard = Buffer.alloc(0);
  let id = 0;
  const fail = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox hung up'));
    waiting.clear();
  };
  socket.on('close', fail);
  socket.on('error', fail);
  socket.on('data', (part) => {
    heard = Buffer.concat([heard, part]);
    for (;;) {
      const colon = heard.indexOf(':');
      const end = colon + 1 + Number(heard.subarray(0, Math.max(0, colon)).toString());
      if (colon < 0 || heard.length < end) return;
      const message: unknown = JSON.parse(heard.subarray(colon + 1, end).toString());
      heard = heard.subarray(end);
      if (!Array.isArray(message)) continue; // Its greeting.
      const asked = waiting.get(Number(message[1]));
      waiting.delete(Number(message[1]));
      if (message[2] === null) asked?.resolve(message[3]);
      else asked?.reject(new Error(JSON.stringify(message[2])));
    }
  });
  return (command, parameters) =>
    new Promise((resolve, reject) => {
      id += 1;
      waiting.set(id, { resolve, reject });
      const text = JSON.stringify([0, id, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

const answerOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;

/** Ends the browser we started, and waits until it is gone. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
