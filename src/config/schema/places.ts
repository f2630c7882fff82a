import { type Kind, unfit } from './option.ts';

/** A path from the root or the home folder. Relative ones are refused: relative to what, a daemon cannot know. */
export function path(wanted: string): Kind<string> {
  const needs = `${wanted} that begins with / or ~/`;
  return {
    wanted: needs,
    json: { type: 'string', pattern: '^(/|~(/|$)|\\$\\{)' },
    write: String,
    read: (raw) => {
      if (typeof raw !== 'string' || raw.length > 4096 || /\p{Cc}/u.test(raw)) return unfit(raw, needs);
      if (raw === '~' || raw.startsWith('~/') || raw.startsWith('/')) return { ok: true, value: raw };
      return unfit(raw, needs);
    },
  };
}

/** A file, relative to the home folder of the daemon (or of the config for secrets) unless it begins with / or ~/. */
export function file(wanted: string): Kind<string> {
  return {
    wanted,
    json: { type: 'string', minLength: 1 },
    write: String,
    read: (raw) =>
      typeof raw !== 'string' || raw === '' || raw.endsWith('/') || raw.length > 4096 || /\p{Cc}/u.test(raw)
        ? unfit(raw, wanted)
        : { ok: true, value: raw },
  };
}

/** A pattern for names within one folder; it may go down (`**`) and never up. */
export function pattern(): Kind<string> {
  const wanted = 'a pattern within the folder, like "*.log*"';
  return {
    wanted,
    json: { type: 'string', minLength: 1 },
    write: (value) => JSON.stringify(value),
    read: (raw) => {
      const fits =
        typeof raw === 'string' && raw !== '' && raw.length <= 1000 && !/\p{Cc}|^[/~]|(^|\/)\.\.(\/|$)/u.test(raw);
      return fits ? { ok: true, value: raw } : unfit(raw, wanted);
    },
  };
}

/** An http address. A password in it would be shown wherever the address is: it belongs into `headers`. */
export function httpUrl(): Kind<string> {
  const wanted = 'an address like http://127.0.0.1:3000/';
  return {
    wanted,
    json: { type: 'string', pattern: '^(https?://|\\$\\{)' },
    write: String,
    read: (raw) => {
      const shown = typeof raw === 'string' && raw.includes('@') ? 'no fitting address' : raw;
      if (typeof raw !== 'string' || raw.length > 2000 || /[\p{Cc} ]/u.test(raw) || !URL.canParse(raw))
        return unfit(shown, wanted);
      const url = new URL(raw);
      if (url.username !== '' || url.password !== '') {
        return {
          ok: false,
          because: 'holds a name or password; put it into headers (Authorization), where it is never shown',
        };
      }
      if (!/^https?:$/.test(url.protocol) || url.hostname === '') return unfit(raw, wanted);
      if (url.port === '0') return { ok: false, because: 'has port 0, a port from 1 to 65535 is needed' };
      return { ok: true, value: raw };
    },
  };
}

export type Address = { readonly host: string; readonly port: number };

/** `127.0.0.1:8080`, `localhost:8080`, `[::1]:8080`. */
export function address(wanted = 'host:port like 127.0.0.1:8080'): Kind<Address> {
  return {
    wanted,
    json: { type: 'string', pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^:/\\s]+):([0-9]{1,5}|\\$\\{.+\\})$' },
    write: ({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`),
    read: (raw) => {
      const match =
        typeof raw === 'string' ? /^(?:\[([0-9a-fA-F:.]+)\]|([^:/\s\p{Cc}[\]]{1,253})):(\d{1,5})$/u.exec(raw) : null;
      const host = match?.[1] ?? match?.[2];
      const port = Number(match?.[3]);
      if (host === undefined) return unfit(raw, wanted);
      if (port < 1 || port > 65_535)
        return { ok: false, because: `has port ${port}, a port from 1 to 65535 is needed`, allowed: '1 to 65535' };
      return { ok: true, value: { host, port } };
    },
  };
}

/** The browser door: loopback only. A phone comes through ssh or a VPN. */
export function loopbackAddress(): Kind<Address> {
  const any = address('a loopback address like 127.0.0.1:7717');
  return {
    ...any,
    read: (raw) => {
      const read = any.read(raw);
      if (read.ok && !isLoopback(read.value.host)) {
        return {
          ok: false,
          because: `is ${any.write(read.value)}, only loopback (127.0.0.1, ::1 or localhost) is allowed`,
          allowed: 'loopback',
        };
      }
      return read;
    },
  };
}

/** What is reached there is on this host. A wildcard as the place to connect to means the host itself (ip(7)). */
export function isThisHost(host: string): boolean {
  return isLoopback(host) || /^(0\.0\.0\.0|::|\[::\])$/.test(host);
}

/** Is this host name or address the loopback, which nobody else can reach? */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

export type StatusRange = { readonly from: number; readonly to: number };

/** `200`, `200-299` or `2xx`. */
export function statusRange(): Kind<StatusRange> {
  const wanted = 'a status like 200, 200-299 or 2xx';
  return {
    wanted,
    json: {
      type: ['integer', 'string'],
      minimum: 100,
      maximum: 599,
      pattern: '^([1-5][0-9]{2}(-[1-5][0-9]{2})?|[1-5]xx)$',
    },
    write: ({ from, to }) => (from === to ? String(from) : `${from}-${to}`),
    read: (raw) => {
      const text = String(raw).trim();
      const group = /^([1-5])xx$/i.exec(text)?.[1];
      const match = /^([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?$/.exec(group ? `${group}00-${group}99` : text);
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      return match && from <= to ? { ok: true, value: { from, to } } : unfit(raw, wanted);
    },
  };
}
