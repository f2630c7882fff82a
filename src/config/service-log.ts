import { sum } from './fingerprint.ts';

/**
 * The file name for a service's output. Names may hold anything a person calls a program: what a folder cannot hold,
 * or what would leave it, is percent-encoded; different names never share a file on a case-sensitive disk.
 */
export function serviceLogName(service: string): string {
  const safe = [...service.replace(/\p{Cs}/gu, '\ufffd')]
    .map((letter) => (/[\p{L}\p{M}\p{N} ._-]/u.test(letter) ? letter : encodeURIComponent(letter)))
    .join('');
  const visible = safe.replace(/^\./, '%2E').replace(/%(?![0-9A-F]{2})/g, '%25');
  // NAME_MAX is 255 bytes, and rotation adds a time and a number.
  const bytes = new TextEncoder().encode(visible);
  if (bytes.length <= 180) return `${visible}.log`;
  return `${new TextDecoder().decode(bytes.subarray(0, 160)).replace(/\ufffd+$/, '')}-${sum(service)}.log`;
}
